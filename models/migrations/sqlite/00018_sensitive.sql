-- Answers that are hidden until somebody reveals them and says why. Times are UTC epoch microseconds.

-- +goose Up
CREATE TABLE sensitive_answers (
    flow_id  INTEGER NOT NULL,
    key      TEXT    NOT NULL,               -- with dots where it is inside of another
    declared BOOLEAN NOT NULL DEFAULT FALSE, -- by the newest Flow JSON that has it
    secret   BOOLEAN NOT NULL DEFAULT FALSE, -- declared, and a password or passcode
    follows  BOOLEAN NOT NULL DEFAULT FALSE, -- it repeats one that is marked
    marked   BOOLEAN NOT NULL DEFAULT FALSE, -- by hand
    PRIMARY KEY (flow_id, key)
) WITHOUT ROWID;

-- What of a flow was read for that, and how far the search texts of its responses are made anew since it changed.
CREATE TABLE sensitive_flows (
    flow_id      INTEGER PRIMARY KEY, -- 0: responses without a flow
    json_version INTEGER NOT NULL DEFAULT 0,
    hiding       BOOLEAN NOT NULL DEFAULT FALSE, -- until the end words do not find its responses
    next_id      INTEGER NOT NULL DEFAULT 0,     -- the last response that was made anew
    last_id      INTEGER NOT NULL DEFAULT 0      -- the newest when it changed
);
CREATE INDEX sensitive_flows_open ON sensitive_flows (flow_id) WHERE last_id > next_id;

-- Who saw hidden answers, and why.
CREATE TABLE reveals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    response_id INTEGER NOT NULL DEFAULT 0, -- of these three one is not 0
    visit_id    INTEGER NOT NULL DEFAULT 0,
    delivery_id INTEGER NOT NULL DEFAULT 0,
    user_id     INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    keys        TEXT    NOT NULL DEFAULT '[]' -- JSON: which answers
);
CREATE INDEX reveals_response ON reveals (response_id, id) WHERE response_id > 0;
CREATE INDEX reveals_visit ON reveals (visit_id, id) WHERE visit_id > 0;
CREATE INDEX reveals_delivery ON reveals (delivery_id, id) WHERE delivery_id > 0;
