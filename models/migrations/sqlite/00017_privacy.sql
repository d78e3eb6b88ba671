-- What is left of people who were erased. Times are UTC epoch microseconds, 0 = never.

-- +goose Up
-- The receipts. None says who it was.
CREATE TABLE erasures (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    state         TEXT    NOT NULL CHECK (state IN ('running', 'done')),
    sealed_person TEXT    NOT NULL DEFAULT '', -- JSON: who, while it runs
    blank_response INTEGER NOT NULL DEFAULT 0, -- the last response that was overwritten, and the last message
    blank_message INTEGER NOT NULL DEFAULT 0,
    next_id       INTEGER NOT NULL DEFAULT 0,  -- the last delivery whose body was read through
    last_id       INTEGER NOT NULL,            -- the newest at the start
    removed       TEXT    NOT NULL DEFAULT '{}', -- JSON: how many of what
    user_id       INTEGER NOT NULL DEFAULT 0,
    name          TEXT    NOT NULL DEFAULT '', -- of who asked for it
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX erasures_running ON erasures (id) WHERE state = 'running';

-- By what is known what comes late of somebody who was erased: HMACs, of which nobody learns a number.
CREATE TABLE erased_marks (
    mark BLOB    PRIMARY KEY,
    at   INTEGER NOT NULL -- what is not newer does not come back
) WITHOUT ROWID;
