-- Every state of a list of options stays as a version. Times are UTC epoch microseconds.

-- +goose Up
ALTER TABLE lists ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- of list_versions: what rules read

CREATE TABLE list_versions (
    name    TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    columns TEXT COLLATE "C" NOT NULL, -- JSON: rules.Column
    rows    TEXT COLLATE "C" NOT NULL, -- JSON: rules.Row, in the kept order
    size    BIGINT NOT NULL, -- rows, switched-off ones included
    did     TEXT COLLATE "C" NOT NULL, -- how it came about: edited, uploaded, restored, renamed, deleted, aside
    note    TEXT COLLATE "C" NOT NULL DEFAULT '',
    author  TEXT COLLATE "C" NOT NULL DEFAULT '',
    at      BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);

INSERT INTO list_versions (name, version, columns, rows, size, did, author, at)
    SELECT name, 1, columns, rows, size, 'uploaded', author, updated_at FROM lists;
UPDATE lists SET version = 1;
