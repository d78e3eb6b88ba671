-- Every state of a list of options stays as a version. Times are UTC epoch microseconds.

-- +goose Up
ALTER TABLE lists ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- of list_versions: what rules read

CREATE TABLE list_versions (
    name    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    columns TEXT    NOT NULL, -- JSON: rules.Column
    rows    TEXT    NOT NULL, -- JSON: rules.Row, in the kept order
    size    INTEGER NOT NULL, -- rows, switched-off ones included
    did     TEXT    NOT NULL, -- how it came about: edited, uploaded, restored, renamed, deleted, aside
    note    TEXT    NOT NULL DEFAULT '',
    author  TEXT    NOT NULL DEFAULT '',
    at      INTEGER NOT NULL,
    PRIMARY KEY (name, version)
);

INSERT INTO list_versions (name, version, columns, rows, size, did, author, at)
    SELECT name, 1, columns, rows, size, 'uploaded', author, updated_at FROM lists;
UPDATE lists SET version = 1;
