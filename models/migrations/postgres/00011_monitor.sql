-- What our own monitor counts, at which figures it speaks and what it said; and what people do with alerts beside
-- acknowledging them. Times are UTC epoch microseconds.

-- +goose Up

-- What a flow's endpoint did in a minute, an hour and a day; each request is in all three.
CREATE TABLE tallies (
    flow_id   BIGINT NOT NULL,
    span      BIGINT NOT NULL, -- seconds: 60, 3600 or 86400
    at        BIGINT NOT NULL, -- its beginning
    answered  BIGINT NOT NULL,
    fallbacks BIGINT NOT NULL,
    late      BIGINT NOT NULL,
    notices   BIGINT NOT NULL,
    busy      BIGINT NOT NULL,
    unready   BIGINT NOT NULL,
    unopened  BIGINT NOT NULL,
    refused   BIGINT NOT NULL,
    pings     BIGINT NOT NULL,
    latency   BYTEA  NOT NULL, -- histogram of the answered
    PRIMARY KEY (flow_id, span, at)
);

-- The limits of flows that have their own.
CREATE TABLE limits (
    flow_id         BIGINT PRIMARY KEY,
    latency         DOUBLE PRECISION NOT NULL, -- p90, ms
    endpoint_errors DOUBLE PRECISION NOT NULL, -- percent
    client_errors   DOUBLE PRECISION NOT NULL,
    availability    DOUBLE PRECISION NOT NULL,
    requests        BIGINT NOT NULL,           -- fewest that tell anything
    updated_at      BIGINT NOT NULL
);

-- The thresholds that our own monitor says are exceeded.
CREATE TABLE watches (
    flow_id    BIGINT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    meta_id    TEXT COLLATE "C" NOT NULL, -- by which its alert goes
    thresholds TEXT COLLATE "C" NOT NULL, -- JSON, mildest first
    PRIMARY KEY (flow_id, kind, meta_id)
);

ALTER TABLE alerts ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN assigned_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE alerts ADD COLUMN assigned_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN closed_name TEXT COLLATE "C" NOT NULL DEFAULT ''; -- who resolved it by hand
ALTER TABLE alerts ADD COLUMN closed_note TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE alert_acts DROP CONSTRAINT alert_acts_verb_check;
ALTER TABLE alert_acts ADD CONSTRAINT alert_acts_verb_check CHECK (verb IN ('acknowledge', 'unacknowledge', 'snooze', 'resolve', 'assign', 'comment', 'undo'));
ALTER TABLE alert_acts ADD COLUMN until_at BIGINT NOT NULL DEFAULT 0;               -- of snooze
ALTER TABLE alert_acts ADD COLUMN to_id BIGINT NOT NULL DEFAULT 0;                  -- of assign: a user
ALTER TABLE alert_acts ADD COLUMN to_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE alert_acts ADD COLUMN of_id BIGINT NOT NULL DEFAULT 0;                  -- of undo: an act
ALTER TABLE alert_acts ADD COLUMN on_key TEXT COLLATE "C" NOT NULL DEFAULT '';      -- of comment: an event of the alert
