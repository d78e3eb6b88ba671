-- What leaves as a file: who exported what, links for scripts, and exports by the clock. Times are UTC epoch microseconds.

-- +goose Up
CREATE TABLE exports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL, -- in whose right it was made
    author      TEXT    NOT NULL DEFAULT '',
    link_id     INTEGER NOT NULL DEFAULT 0, -- 0: a person did it, or a schedule
    schedule_id INTEGER NOT NULL DEFAULT 0,
    plan        TEXT    NOT NULL, -- JSON
    file        TEXT    NOT NULL DEFAULT '', -- its name
    state       TEXT    NOT NULL, -- ready, running, done, cancelled, failed
    reason      TEXT    NOT NULL DEFAULT '', -- why it failed, a sentence
    total       INTEGER NOT NULL DEFAULT 0, -- counted at the start
    more        BOOLEAN NOT NULL DEFAULT FALSE, -- there are more than that
    written     INTEGER NOT NULL DEFAULT 0, -- rows so far
    created_at  INTEGER NOT NULL,
    started_at  INTEGER NOT NULL DEFAULT 0,
    seen_at     INTEGER NOT NULL DEFAULT 0, -- whoever writes it was alive
    ended_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX exports_user ON exports (user_id, id);
CREATE INDEX exports_schedule ON exports (schedule_id, id) WHERE schedule_id > 0;
CREATE INDEX exports_open ON exports (id) WHERE ended_at = 0;

-- Addresses from which a script fetches an export anew, with a token of which only the hash is here.
CREATE TABLE export_links (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL, -- in whose right it is
    author     TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL,
    plan       TEXT    NOT NULL, -- JSON
    token      BLOB    NOT NULL, -- SHA-256
    uses       INTEGER NOT NULL DEFAULT 0,
    used_at    INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX export_links_user ON export_links (user_id);

CREATE TABLE export_schedules (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL, -- in whose right it is
    author     TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL,
    plan       TEXT    NOT NULL, -- JSON
    span       TEXT    NOT NULL, -- which rows: all, or those of the day, week or month before
    every      TEXT    NOT NULL, -- day, week, month
    weekday    INTEGER NOT NULL DEFAULT 0, -- of week: 0 is Sunday
    minute     INTEGER NOT NULL DEFAULT 0, -- of the day, in the zone of the plan
    target_id  INTEGER NOT NULL DEFAULT 0, -- 0: into the folder
    keep       INTEGER NOT NULL DEFAULT 0, -- files in the folder; 0: all
    off        BOOLEAN NOT NULL DEFAULT FALSE,
    next_at    INTEGER NOT NULL,
    due_at     INTEGER NOT NULL, -- which run that is: next_at of its first try
    attempts   INTEGER NOT NULL DEFAULT 0,
    claimed_until INTEGER NOT NULL DEFAULT 0, -- until when nobody else runs it
    created_at INTEGER NOT NULL
);
CREATE INDEX export_schedules_next ON export_schedules (next_at) WHERE NOT off;
