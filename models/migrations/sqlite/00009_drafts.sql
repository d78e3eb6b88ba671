-- What several people do to one draft: its edits, who has it open, what was restored. Times are UTC epoch microseconds.

-- +goose Up
CREATE TABLE draft_edits (
    flow_id  INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    edit     INTEGER NOT NULL, -- flows.rule_edits after it
    act      TEXT    NOT NULL CHECK (act IN ('start', 'save', 'restore', 'undo', 'redo')),
    before   INTEGER NOT NULL, -- of what is not an undo or redo: the edit whose document it changed; -1: none
    shows    INTEGER NOT NULL, -- the edit whose document this one has: itself, or what undo and redo led to
    tip      INTEGER NOT NULL, -- the newest edit that redo can lead to
    document BLOB    NOT NULL, -- as in rule_sets, packed by gzip
    restored INTEGER NOT NULL DEFAULT 0, -- rule_sets.restored_from at that edit
    user_id  INTEGER NOT NULL DEFAULT 0,
    author   TEXT    NOT NULL DEFAULT '',
    said     TEXT    NOT NULL DEFAULT '', -- what it did, in words
    at       INTEGER NOT NULL,
    PRIMARY KEY (flow_id, edit)
);

CREATE TABLE presences (
    flow_id INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    screen  TEXT    NOT NULL DEFAULT '', -- whose rule is open; empty: all rules
    rule    TEXT    NOT NULL DEFAULT '',
    doing   TEXT    NOT NULL DEFAULT '', -- the same in words
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (flow_id, user_id)
);

ALTER TABLE rule_sets ADD COLUMN restored_from INTEGER NOT NULL DEFAULT 0; -- the version whose rules it began with
