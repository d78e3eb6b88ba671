-- Who hears of alerts, and what they were told. Times are UTC epoch microseconds, 0 = never.

-- +goose Up
CREATE TABLE receivers (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    uid             TEXT    NOT NULL UNIQUE, -- random: the beginning of the ids of its posts
    name            TEXT    NOT NULL,
    channel         TEXT    NOT NULL CHECK (channel IN ('email', 'webhook', 'chat')),
    place           TEXT    NOT NULL,            -- where it is, for people: never a secret
    sealed_address  TEXT    NOT NULL DEFAULT '', -- addresses, a URL, or a service's URL with its token
    sealed_secret   TEXT    NOT NULL DEFAULT '', -- that signs web hooks
    secret_at       INTEGER NOT NULL DEFAULT 0,
    off             BOOLEAN NOT NULL DEFAULT FALSE,
    off_reason      TEXT    NOT NULL DEFAULT '', -- '' when a person switched it off
    since           INTEGER NOT NULL,            -- it was made, or switched on last
    moments         TEXT    NOT NULL,            -- JSON: began, worse, forgotten, over
    kinds           TEXT    NOT NULL DEFAULT '[]', -- JSON; [] is every one
    flows           TEXT    NOT NULL DEFAULT '[]', -- JSON: ids; [] is every one
    severity        INTEGER NOT NULL,            -- from which on
    forgotten       INTEGER NOT NULL,            -- minutes without acknowledgement
    days            TEXT    NOT NULL DEFAULT '[]', -- JSON: 1 is Monday, 7 Sunday; [] is every one
    from_minute     INTEGER NOT NULL DEFAULT 0,  -- of the day; as to_minute: all day
    to_minute       INTEGER NOT NULL DEFAULT 0,
    timezone        TEXT    NOT NULL,
    urgent          BOOLEAN NOT NULL DEFAULT FALSE, -- high severity at any hour
    hourly          INTEGER NOT NULL,            -- posts, at most
    daily           INTEGER NOT NULL,
    last_success_at INTEGER NOT NULL DEFAULT 0,
    last_failure_at INTEGER NOT NULL DEFAULT 0,
    failure         TEXT    NOT NULL DEFAULT '', -- the last one's reason
    failures        INTEGER NOT NULL DEFAULT 0,  -- since the last success
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER NOT NULL DEFAULT 0   -- its posts go a while later, with it
);
CREATE UNIQUE INDEX receivers_name ON receivers (name) WHERE deleted_at = 0;

-- One thing that one receiver is to hear.
CREATE TABLE notifications (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver_id INTEGER NOT NULL,
    alert_id    INTEGER NOT NULL, -- at that time
    key         TEXT    NOT NULL, -- of the moment: nobody hears it twice
    severity    INTEGER NOT NULL,
    fact        TEXT    NOT NULL, -- JSON: as it was then
    made_at     INTEGER NOT NULL,
    post_id     INTEGER NOT NULL DEFAULT 0 -- 0: not gathered yet
);
CREATE UNIQUE INDEX notifications_key ON notifications (receiver_id, key);
CREATE INDEX notifications_waiting ON notifications (receiver_id, id) WHERE post_id = 0;
CREATE INDEX notifications_post ON notifications (post_id, id);
CREATE INDEX notifications_alert ON notifications (alert_id);

-- One message to one receiver, with what was gathered for it.
CREATE TABLE posts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver_id INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
    made_at     INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0, -- tries begun
    next_at     INTEGER NOT NULL,           -- waiting: not before; of a try under way, when it is given up
    first_at    INTEGER NOT NULL DEFAULT 0, -- the first try
    last_at     INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER NOT NULL DEFAULT 0, -- of HTTP or SMTP, 0 without an answer
    last_error  TEXT    NOT NULL DEFAULT '',
    ended_at    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX posts_receiver ON posts (receiver_id, id);
CREATE INDEX posts_made ON posts (receiver_id, made_at);
CREATE INDEX posts_due ON posts (next_at, id) WHERE state = 'waiting';
