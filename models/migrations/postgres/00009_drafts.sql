-- What several people do to one draft: its edits, who has it open, what was restored. Times are UTC epoch microseconds.

-- +goose Up
CREATE TABLE draft_edits (
    flow_id  BIGINT NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    edit     BIGINT NOT NULL, -- flows.rule_edits after it
    act      TEXT COLLATE "C" NOT NULL CHECK (act IN ('start', 'save', 'restore', 'undo', 'redo')),
    before   BIGINT NOT NULL, -- of what is not an undo or redo: the edit whose document it changed; -1: none
    shows    BIGINT NOT NULL, -- the edit whose document this one has: itself, or what undo and redo led to
    tip      BIGINT NOT NULL, -- the newest edit that redo can lead to
    document BYTEA NOT NULL, -- as in rule_sets, packed by gzip
    restored BIGINT NOT NULL DEFAULT 0, -- rule_sets.restored_from at that edit
    user_id  BIGINT NOT NULL DEFAULT 0,
    author   TEXT COLLATE "C" NOT NULL DEFAULT '',
    said     TEXT COLLATE "C" NOT NULL DEFAULT '', -- what it did, in words
    at       BIGINT NOT NULL,
    PRIMARY KEY (flow_id, edit)
);

CREATE TABLE presences (
    flow_id BIGINT NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    screen  TEXT COLLATE "C" NOT NULL DEFAULT '', -- whose rule is open; empty: all rules
    rule    TEXT COLLATE "C" NOT NULL DEFAULT '',
    doing   TEXT COLLATE "C" NOT NULL DEFAULT '', -- the same in words
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (flow_id, user_id)
);

ALTER TABLE rule_sets ADD COLUMN restored_from BIGINT NOT NULL DEFAULT 0; -- the version whose rules it began with
