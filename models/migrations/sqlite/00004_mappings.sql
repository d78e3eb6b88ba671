-- How responses that no flow was found for find one. Times are UTC epoch microseconds, 0 = never.

-- +goose Up
-- What people said once for all: responses with such a token, to that number of ours, or of that customer belong to a flow.
-- A mapping that was removed stays as a row, because responses say that they were found by it.
CREATE TABLE mappings (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('token', 'contact', 'number')),
    value      TEXT NOT NULL, -- a pattern with *, a contact's id, or a number of ours or its id
    flow_id    INTEGER NOT NULL,
    user_id    INTEGER NOT NULL DEFAULT 0,
    name       TEXT NOT NULL DEFAULT '',
    at         INTEGER NOT NULL,
    removed_at INTEGER NOT NULL DEFAULT 0,
    removed_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX mappings_live ON mappings (kind, value) WHERE removed_at = 0;

-- What people assigned by hand: one response, or all that are like it. alike and value say what that means.
CREATE TABLE assignments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    state      TEXT NOT NULL CHECK (state IN ('running', 'done', 'undoing', 'undone')),
    flow_id    INTEGER NOT NULL,
    alike      TEXT NOT NULL CHECK (alike IN ('one', 'keys', 'token', 'contact', 'number')),
    value      TEXT NOT NULL DEFAULT '',
    total      INTEGER NOT NULL DEFAULT 0, -- responses that were assigned so far
    next_id    INTEGER NOT NULL DEFAULT 0, -- the last response that was looked at
    last_id    INTEGER NOT NULL DEFAULT 0, -- the newest response at the start
    mapping_id INTEGER NOT NULL DEFAULT 0, -- that was made with it
    user_id    INTEGER NOT NULL DEFAULT 0,
    name       TEXT NOT NULL DEFAULT '',
    at         INTEGER NOT NULL,
    undone_at  INTEGER NOT NULL DEFAULT 0,
    undone_by  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX assignments_running ON assignments (id) WHERE state IN ('running', 'undoing');

-- What people settled without understanding it, and why.
CREATE TABLE dismissals (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL CHECK (kind IN ('response', 'delivery')),
    of_id   INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    user_id INTEGER NOT NULL DEFAULT 0,
    name    TEXT NOT NULL DEFAULT '',
    at      INTEGER NOT NULL
);
CREATE INDEX dismissals_of ON dismissals (kind, of_id, id);

ALTER TABLE responses ADD COLUMN attributed_by INTEGER NOT NULL DEFAULT 0; -- the mapping, or for hand the assignment
ALTER TABLE responses ADD COLUMN dismissal_id INTEGER NOT NULL DEFAULT 0;  -- 0: not dismissed
CREATE INDEX responses_person ON responses (state, id) WHERE state IN ('unmatched', 'unreadable');
-- Those for which an echo or a flow that comes later may be better evidence.
CREATE INDEX responses_weak ON responses (id) WHERE attribution IN ('context', 'param', 'mapping');
CREATE INDEX responses_context ON responses (context_id)
    WHERE context_id <> '' AND length(context_id) <= 500 AND attribution IN ('', 'param', 'mapping');
CREATE INDEX responses_attributed ON responses (attribution, attributed_by) WHERE attributed_by > 0;
