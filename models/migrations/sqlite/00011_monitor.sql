-- What our own monitor counts, at which figures it speaks and what it said; and what people do with alerts beside
-- acknowledging them. Times are UTC epoch microseconds.

-- +goose Up

-- What a flow's endpoint did in a minute, an hour and a day; each request is in all three.
CREATE TABLE tallies (
    flow_id   INTEGER NOT NULL,
    span      INTEGER NOT NULL, -- seconds: 60, 3600 or 86400
    at        INTEGER NOT NULL, -- its beginning
    answered  INTEGER NOT NULL,
    fallbacks INTEGER NOT NULL,
    late      INTEGER NOT NULL,
    notices   INTEGER NOT NULL,
    busy      INTEGER NOT NULL,
    unready   INTEGER NOT NULL,
    unopened  INTEGER NOT NULL,
    refused   INTEGER NOT NULL,
    pings     INTEGER NOT NULL,
    latency   BLOB    NOT NULL, -- histogram of the answered
    PRIMARY KEY (flow_id, span, at)
) WITHOUT ROWID;

-- The limits of flows that have their own.
CREATE TABLE limits (
    flow_id         INTEGER PRIMARY KEY,
    latency         REAL    NOT NULL, -- p90, ms
    endpoint_errors REAL    NOT NULL, -- percent
    client_errors   REAL    NOT NULL,
    availability    REAL    NOT NULL,
    requests        INTEGER NOT NULL, -- fewest that tell anything
    updated_at      INTEGER NOT NULL
);

-- The thresholds that our own monitor says are exceeded.
CREATE TABLE watches (
    flow_id    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    meta_id    TEXT    NOT NULL, -- by which its alert goes
    thresholds TEXT    NOT NULL, -- JSON, mildest first
    PRIMARY KEY (flow_id, kind, meta_id)
) WITHOUT ROWID;

ALTER TABLE alerts ADD COLUMN snoozed_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN assigned_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN assigned_name TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN closed_name TEXT NOT NULL DEFAULT ''; -- who resolved it by hand
ALTER TABLE alerts ADD COLUMN closed_note TEXT NOT NULL DEFAULT '';

CREATE TABLE alert_acts_next (
    id       INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL,
    meta_id  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    verb     TEXT    NOT NULL CHECK (verb IN ('acknowledge', 'unacknowledge', 'snooze', 'resolve', 'assign', 'comment', 'undo')),
    user_id  INTEGER NOT NULL,
    name     TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    at       INTEGER NOT NULL,
    until_at INTEGER NOT NULL DEFAULT 0,  -- of snooze
    to_id    INTEGER NOT NULL DEFAULT 0,  -- of assign: a user
    to_name  TEXT    NOT NULL DEFAULT '',
    of_id    INTEGER NOT NULL DEFAULT 0,  -- of undo: an act
    on_key   TEXT    NOT NULL DEFAULT ''  -- of comment: an event of the alert
);
INSERT INTO alert_acts_next (id, alert_id, meta_id, kind, verb, user_id, name, note, at)
    SELECT id, alert_id, meta_id, kind, verb, user_id, name, note, at FROM alert_acts;
DROP TABLE alert_acts;
ALTER TABLE alert_acts_next RENAME TO alert_acts;
CREATE INDEX alert_acts_meta ON alert_acts (meta_id, kind);
