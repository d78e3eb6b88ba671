-- How people look at responses. Times are UTC epoch microseconds.

-- +goose Up
-- Filters by an answer read the newest first of one text, and lists sorted by an answer read it in its order.
DROP INDEX answers_text;
DROP INDEX answers_number;
CREATE INDEX answers_text ON answers (flow_id, key, text, received_at, response_id, n);
CREATE INDEX answers_number ON answers (flow_id, key, number, received_at, response_id, n) WHERE number IS NOT NULL;

-- The columns of a person's table of one flow, or of all (0).
CREATE TABLE response_tables (
    user_id    INTEGER NOT NULL,
    flow_id    INTEGER NOT NULL,
    columns    TEXT    NOT NULL, -- JSON
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, flow_id)
);

-- Filters of the list of responses that people keep under a name.
CREATE TABLE response_views (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL, -- whose it is
    author     TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL,
    query      TEXT    NOT NULL, -- of its address
    shared     BOOLEAN NOT NULL DEFAULT FALSE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX response_views_user ON response_views (user_id);
CREATE INDEX response_views_shared ON response_views (id) WHERE shared;
