-- Other systems that get raw bodies. Times are UTC epoch microseconds, 0 = never. No forward points to its delivery by a
-- foreign key: what was passed on is known after the body has gone.

-- +goose Up
CREATE TABLE targets (
    id                     INTEGER PRIMARY KEY AUTOINCREMENT,
    uid                    TEXT    NOT NULL UNIQUE, -- random: the beginning of its webhook ids
    name                   TEXT    NOT NULL,
    url                    TEXT    NOT NULL,
    off                    BOOLEAN NOT NULL DEFAULT FALSE,
    off_reason             TEXT    NOT NULL DEFAULT '', -- '' when a person switched it off
    fields                 TEXT    NOT NULL DEFAULT '[]', -- JSON; [] is every one
    flows                  TEXT    NOT NULL DEFAULT '[]', -- JSON: ids; [] is every one
    tests                  BOOLEAN NOT NULL DEFAULT FALSE,
    timeout_seconds        INTEGER NOT NULL,
    since                  INTEGER NOT NULL, -- what came before is not for it
    sealed_secret          TEXT    NOT NULL DEFAULT '',
    sealed_secret_previous TEXT    NOT NULL DEFAULT '',
    secret_at              INTEGER NOT NULL,
    previous_until         INTEGER NOT NULL DEFAULT 0, -- the previous secret signs too until then
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL,
    deleted_at             INTEGER NOT NULL DEFAULT 0  -- its forwards go in small steps, then it goes
);
CREATE UNIQUE INDEX targets_name ON targets (name) WHERE deleted_at = 0;

-- How it goes with a target, and when it is tried again while it fails.
CREATE TABLE target_health (
    target_id       INTEGER PRIMARY KEY,
    last_success_at INTEGER NOT NULL DEFAULT 0,
    last_failure_at INTEGER NOT NULL DEFAULT 0,
    failure         TEXT    NOT NULL DEFAULT '', -- the last one's reason
    failures        INTEGER NOT NULL DEFAULT 0,  -- since the last success
    paused_until    INTEGER NOT NULL DEFAULT 0
);

-- Tries of the last days, counted by five minutes and by how long they took.
CREATE TABLE target_tries (
    target_id INTEGER NOT NULL,
    at        INTEGER NOT NULL, -- begin of the five minutes
    ok        BOOLEAN NOT NULL,
    bucket    INTEGER NOT NULL, -- of the duration
    n         INTEGER NOT NULL,
    PRIMARY KEY (target_id, at, ok, bucket)
);

CREATE TABLE forwards (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    target_id   INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    received_at INTEGER NOT NULL, -- of the delivery
    state       TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
    attempts    INTEGER NOT NULL DEFAULT 0, -- tries begun
    next_at     INTEGER NOT NULL,           -- waiting: not before; of a try under way, when it is given up
    first_at    INTEGER NOT NULL DEFAULT 0, -- the first try
    last_at     INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER NOT NULL DEFAULT 0, -- HTTP status, 0 without an answer
    last_error  TEXT    NOT NULL DEFAULT '',
    ended_at    INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX forwards_delivery ON forwards (delivery_id, target_id);
CREATE INDEX forwards_received ON forwards (received_at, id);
CREATE INDEX forwards_target ON forwards (target_id, received_at, id);
CREATE INDEX forwards_due ON forwards (target_id, next_at, id) WHERE state = 'waiting';
CREATE INDEX forwards_waiting ON forwards (received_at, id, target_id) WHERE state = 'waiting';
CREATE INDEX forwards_dead ON forwards (received_at, id, target_id) WHERE state = 'dead';
