-- How long each flow keeps what customers left in it. Times are UTC epoch microseconds, 0 = never.

-- +goose Up
CREATE TABLE retentions (
    flow_id    INTEGER PRIMARY KEY,
    days       INTEGER NOT NULL,            -- 0: for ever
    next_at    INTEGER NOT NULL,            -- the next run
    user_id    INTEGER NOT NULL DEFAULT 0,  -- who set it last
    name       TEXT    NOT NULL DEFAULT '',
    changed_at INTEGER NOT NULL
);

CREATE TABLE retention_runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id    INTEGER NOT NULL,
    days       INTEGER NOT NULL,
    before_at  INTEGER NOT NULL,            -- what is older goes
    state      TEXT    NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped')),
    removed    TEXT    NOT NULL DEFAULT '{}', -- JSON: how many of what
    started_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX retention_runs_flow ON retention_runs (flow_id, id);
CREATE INDEX retention_runs_running ON retention_runs (flow_id) WHERE state = 'running';

-- Messages whose responses were removed, as HMACs: replays and late redeliveries do not bring them back.
CREATE TABLE removed_marks (
    mark        BLOB    PRIMARY KEY,
    at          INTEGER NOT NULL,
    received_at INTEGER NOT NULL -- of the response
) WITHOUT ROWID;
CREATE INDEX removed_marks_at ON removed_marks (at);

-- Files of requests without a usable token.
CREATE INDEX files_loose ON files (flow_id, at) WHERE visit_id = 0 AND response_id = 0;

-- Files that exports by the clock put into the folder.
CREATE TABLE export_files (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id INTEGER NOT NULL,
    name        TEXT    NOT NULL UNIQUE,
    flow_id     INTEGER NOT NULL,           -- 0: of all flows
    from_at     INTEGER NOT NULL DEFAULT 0, -- received since then; 0: since ever
    to_at       INTEGER NOT NULL,           -- and before
    written_at  INTEGER NOT NULL
);

ALTER TABLE erasures ADD COLUMN files_at INTEGER NOT NULL DEFAULT 0; -- the person was taken out of those files
