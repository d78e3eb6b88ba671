-- Following responses up. Times are UTC epoch microseconds.

-- +goose Up
-- What came before counts as read: nobody wants to begin with a million unread ones.
ALTER TABLE responses ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
ALTER TABLE responses ADD COLUMN assignee_id INTEGER NOT NULL DEFAULT 0; -- 0: nobody
ALTER TABLE responses ADD COLUMN unread BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX responses_status ON responses (status, received_at, id, test);
CREATE INDEX responses_flow_status ON responses (flow_id, status, received_at, id, test);
CREATE INDEX responses_assignee ON responses (assignee_id, received_at, id, flow_id, test);
CREATE INDEX responses_unread ON responses (received_at, id, test) WHERE unread;
CREATE INDEX responses_flow_unread ON responses (flow_id, received_at, id, test) WHERE unread;

-- Statuses that administrators name, beside new, in-progress and done.
CREATE TABLE triage_statuses (
    key        TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    closed     BOOLEAN NOT NULL DEFAULT FALSE, -- nothing is left to do
    removed_at INTEGER NOT NULL DEFAULT 0      -- it is not offered any more
) WITHOUT ROWID;

CREATE TABLE tags (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    folded     TEXT    NOT NULL UNIQUE, -- without case and accents
    created_at INTEGER NOT NULL
);
CREATE TABLE response_tags (
    tag_id      INTEGER NOT NULL,
    received_at INTEGER NOT NULL, -- of the response
    response_id INTEGER NOT NULL,
    PRIMARY KEY (tag_id, received_at, response_id)
) WITHOUT ROWID;
CREATE INDEX response_tags_response ON response_tags (response_id, tag_id);

-- One change by a person, of one response or of many.
CREATE TABLE triage_acts (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    state        TEXT    NOT NULL DEFAULT 'done' CHECK (state IN ('running', 'done', 'undoing', 'undone')),
    what         TEXT    NOT NULL,
    value        TEXT    NOT NULL, -- what it is now
    user_id      INTEGER NOT NULL,
    name         TEXT    NOT NULL, -- of who did it
    at           INTEGER NOT NULL,
    bulk         BOOLEAN NOT NULL DEFAULT FALSE,
    filter       TEXT    NOT NULL DEFAULT '', -- JSON, while it runs
    next_at      INTEGER NOT NULL DEFAULT 0,  -- how far it came
    next_id      INTEGER NOT NULL DEFAULT 0,
    total        INTEGER NOT NULL DEFAULT 0,
    undone_at    INTEGER NOT NULL DEFAULT 0,
    undone_by    TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX triage_acts_running ON triage_acts (id) WHERE state IN ('running', 'undoing');
CREATE INDEX triage_acts_bulk ON triage_acts (id) WHERE bulk;
-- The responses that an act changed, and what each had before.
CREATE TABLE triage_changes (
    act_id      INTEGER NOT NULL,
    response_id INTEGER NOT NULL,
    was         TEXT    NOT NULL,
    PRIMARY KEY (act_id, response_id)
) WITHOUT ROWID;
CREATE INDEX triage_changes_response ON triage_changes (response_id, act_id);

CREATE TABLE response_notes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    response_id INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    name        TEXT    NOT NULL, -- of who wrote it
    at          INTEGER NOT NULL,
    text        TEXT    NOT NULL,
    removed_at  INTEGER NOT NULL DEFAULT 0,
    removed_by  TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX response_notes_response ON response_notes (response_id, id);
-- Who was named in a note.
CREATE TABLE mentions (
    user_id     INTEGER NOT NULL,
    note_id     INTEGER NOT NULL,
    response_id INTEGER NOT NULL,
    received_at INTEGER NOT NULL, -- of the response
    seen_at     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, note_id)
) WITHOUT ROWID;
CREATE INDEX mentions_note ON mentions (note_id);
CREATE INDEX mentions_unseen ON mentions (user_id, response_id) WHERE seen_at = 0;

-- Who looked at a response.
CREATE TABLE response_looks (
    response_id INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (response_id, user_id)
) WITHOUT ROWID;
