-- Where requests of ours may go beside public addresses over https. Times are UTC epoch microseconds.

-- +goose Up
CREATE TABLE allowed_hosts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    host       TEXT    NOT NULL UNIQUE, -- host:port
    note       TEXT    NOT NULL DEFAULT '',
    author     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
