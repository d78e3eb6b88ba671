-- What platforms sent and what it says. Times are UTC epoch microseconds, 0 = never. No row here points to a
-- flow by a foreign key: what arrived stays, whatever becomes of the flow.

-- +goose Up
CREATE TABLE probes (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
);

CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT    NOT NULL,
    received_at  INTEGER NOT NULL,
    sha256       BLOB    NOT NULL,
    signature    TEXT    NOT NULL DEFAULT '',
    content_type TEXT    NOT NULL DEFAULT '',
    state        TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'unmatched', 'failed')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER NOT NULL DEFAULT 0,
    reason       TEXT    NOT NULL DEFAULT '',
    whole        BOOLEAN NOT NULL DEFAULT FALSE, -- the body as a whole needs a person, not one of its parts
    kinds        TEXT    NOT NULL DEFAULT '',
    seen         INTEGER NOT NULL DEFAULT 1,
    test         BOOLEAN NOT NULL DEFAULT FALSE,
    replayed     INTEGER NOT NULL DEFAULT 0, -- how often it was put back to be decoded again
    replay_id    INTEGER NOT NULL DEFAULT 0, -- the last time
    body         BLOB    NOT NULL -- last: it may be megabytes
);
CREATE INDEX deliveries_received ON deliveries (received_at);
CREATE INDEX deliveries_pending ON deliveries (next_at, id) WHERE state = 'pending';
CREATE INDEX deliveries_person ON deliveries (id) WHERE state IN ('unmatched', 'failed');

-- Who let deliveries be decoded again, and how far that is.
CREATE TABLE replays (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    state       TEXT    NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    filter      TEXT    NOT NULL DEFAULT '', -- JSON; '' when they were named one by one
    total       INTEGER NOT NULL,            -- counted at the start
    done        INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL DEFAULT 0,  -- place of the last one that was looked at: received_at and id
    next_id     INTEGER NOT NULL DEFAULT 0,
    last_at     INTEGER NOT NULL DEFAULT 0,  -- place of the newest one at the start
    last_id     INTEGER NOT NULL DEFAULT 0,
    user_id     INTEGER NOT NULL DEFAULT 0,
    name        TEXT    NOT NULL DEFAULT '',
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX replays_running ON replays (state) WHERE state = 'running';

-- Bodies of the last 14 days, against repeats.
CREATE TABLE delivery_keys (
    sha256      BLOB    NOT NULL,
    source      TEXT    NOT NULL,
    delivery_id INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (sha256, source)
) WITHOUT ROWID;
CREATE INDEX delivery_keys_at ON delivery_keys (at);

CREATE TABLE contacts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    phone       TEXT    NOT NULL DEFAULT '', -- digits
    user_id     TEXT    NOT NULL DEFAULT '', -- business-scoped
    name        TEXT    NOT NULL DEFAULT '',
    username    TEXT    NOT NULL DEFAULT '',
    search      TEXT    NOT NULL DEFAULT '', -- folded: name and username without digits, for those who may see no number
    phone_at    INTEGER NOT NULL DEFAULT 0, -- time of the newest notice that said so, likewise below
    name_at     INTEGER NOT NULL DEFAULT 0,
    username_at INTEGER NOT NULL DEFAULT 0
);
-- Every three characters of search, so that a word's part is found: candidates, which LIKE then holds against search.
CREATE VIRTUAL TABLE contacts_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER contacts_search_insert AFTER INSERT ON contacts
BEGIN INSERT INTO contacts_search (rowid, search) VALUES (new.id, new.search); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contacts_search_update AFTER UPDATE OF search ON contacts WHEN new.search <> old.search
BEGIN INSERT OR REPLACE INTO contacts_search (rowid, search) VALUES (new.id, new.search); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contacts_search_delete AFTER DELETE ON contacts
BEGIN DELETE FROM contacts_search WHERE rowid = old.id; END;
-- +goose StatementEnd
CREATE UNIQUE INDEX contacts_user ON contacts (user_id) WHERE user_id <> '';
CREATE UNIQUE INDEX contacts_phone_only ON contacts (phone) WHERE user_id = '';
CREATE INDEX contacts_phone ON contacts (phone) WHERE phone <> '';

CREATE TABLE messages (
    id           INTEGER PRIMARY KEY,
    wamid        TEXT    NOT NULL UNIQUE,
    direction    TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    delivery_id  INTEGER NOT NULL,
    account      TEXT    NOT NULL DEFAULT '',
    phone_id     TEXT    NOT NULL DEFAULT '',
    phone_number TEXT    NOT NULL DEFAULT '', -- ours
    contact_id   INTEGER NOT NULL DEFAULT 0,
    type         TEXT    NOT NULL DEFAULT '', -- '' of a message that only its statuses told of
    context_id   TEXT    NOT NULL DEFAULT '',
    sent_at      INTEGER NOT NULL DEFAULT 0,
    received_at  INTEGER NOT NULL,
    status       TEXT    NOT NULL DEFAULT '',
    status_at    INTEGER NOT NULL DEFAULT 0,
    body         TEXT    NOT NULL DEFAULT '' -- JSON
);
CREATE INDEX messages_contact ON messages (contact_id, id);

CREATE TABLE statuses (
    id          INTEGER PRIMARY KEY,
    wamid       TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    delivery_id INTEGER NOT NULL,
    errors      TEXT    NOT NULL DEFAULT '', -- JSON
    pricing     TEXT    NOT NULL DEFAULT '', -- JSON
    conversation TEXT    NOT NULL DEFAULT '', -- JSON
    UNIQUE (wamid, state)
);

CREATE TABLE responses (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    wamid        TEXT    NOT NULL UNIQUE,
    delivery_id  INTEGER NOT NULL,
    flow_id      INTEGER NOT NULL DEFAULT 0, -- 0: unmatched
    attribution  TEXT    NOT NULL DEFAULT '',
    state        TEXT    NOT NULL CHECK (state IN ('complete', 'unreadable', 'unmatched')),
    token        TEXT    NOT NULL DEFAULT '',
    context_id   TEXT    NOT NULL DEFAULT '',
    contact_id   INTEGER NOT NULL DEFAULT 0,
    phone_number TEXT    NOT NULL DEFAULT '', -- ours
    sent_at      INTEGER NOT NULL DEFAULT 0,
    received_at  INTEGER NOT NULL,
    reason       TEXT    NOT NULL DEFAULT '',
    visit_id     INTEGER NOT NULL DEFAULT 0,
    test         BOOLEAN NOT NULL DEFAULT FALSE,
    answers      TEXT    NOT NULL DEFAULT '', -- JSON object; '' when unreadable
    search       TEXT    NOT NULL DEFAULT '', -- folded: contact, token, answers
    raw          TEXT    NOT NULL DEFAULT ''
);
-- id stands before test so that (received_at, id) is the order of the index: lists are paged by that key.
CREATE INDEX responses_received ON responses (received_at, id, test);
CREATE INDEX responses_flow ON responses (flow_id, received_at, id, test);
CREATE INDEX responses_state ON responses (state, received_at, id, test);
CREATE VIRTUAL TABLE responses_search USING fts5 (search, content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'none');
-- +goose StatementBegin
CREATE TRIGGER responses_search_insert AFTER INSERT ON responses
BEGIN INSERT INTO responses_search (rowid, search) VALUES (new.id, new.search); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER responses_search_update AFTER UPDATE OF search ON responses WHEN new.search <> old.search
BEGIN INSERT OR REPLACE INTO responses_search (rowid, search) VALUES (new.id, new.search); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER responses_search_delete AFTER DELETE ON responses
BEGIN DELETE FROM responses_search WHERE rowid = old.id; END;
-- +goose StatementEnd
CREATE INDEX responses_contact ON responses (contact_id);
CREATE INDEX responses_delivery ON responses (delivery_id);

-- One row per plain value: parts of an object by a key with dots ("period.start-date"), items of a list by n.
CREATE TABLE answers (
    response_id INTEGER NOT NULL,
    flow_id     INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    n           INTEGER NOT NULL DEFAULT 0,
    text        TEXT    NOT NULL, -- its beginning: responses.answers holds it whole
    number      REAL,             -- NULL when it is no number
    received_at INTEGER NOT NULL, -- of the response
    PRIMARY KEY (response_id, key, n)
) WITHOUT ROWID;
CREATE INDEX answers_text ON answers (flow_id, key, text);
CREATE INDEX answers_number ON answers (flow_id, key, number) WHERE number IS NOT NULL;

CREATE TABLE flow_events (
    id          INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL UNIQUE,
    meta_id     TEXT    NOT NULL,
    account     TEXT    NOT NULL DEFAULT '',
    event       TEXT    NOT NULL,
    old_status  TEXT    NOT NULL DEFAULT '',
    new_status  TEXT    NOT NULL DEFAULT '',
    message     TEXT    NOT NULL DEFAULT '',
    warning     TEXT    NOT NULL DEFAULT '',
    at          INTEGER NOT NULL, -- its own time, else its arrival
    arrived_at  INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    delivery_id INTEGER NOT NULL,
    body        TEXT    NOT NULL DEFAULT '' -- JSON
);
CREATE INDEX flow_events_meta ON flow_events (meta_id, at);

CREATE TABLE alerts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL UNIQUE, -- of its first ACTIVATED event
    meta_id     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('active', 'acknowledged', 'resolved')),
    severity    INTEGER NOT NULL,
    thresholds  TEXT    NOT NULL DEFAULT '[]', -- JSON
    since_at    INTEGER NOT NULL,
    resolved_at INTEGER NOT NULL DEFAULT 0,
    reopened_at INTEGER NOT NULL DEFAULT 0,
    last_event  INTEGER NOT NULL, -- id of its newest event
    ack_by      INTEGER NOT NULL DEFAULT 0,
    ack_name    TEXT    NOT NULL DEFAULT '',
    ack_at      INTEGER NOT NULL DEFAULT 0,
    ack_note    TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX alerts_status ON alerts (status, since_at, id);
CREATE INDEX alerts_since ON alerts (since_at, id);
CREATE INDEX alerts_meta ON alerts (meta_id, kind);

CREATE TABLE alert_events (
    id          INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL UNIQUE,
    meta_id     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    alert_id    INTEGER NOT NULL DEFAULT 0, -- 0: a DEACTIVATED with nothing open
    place       INTEGER NOT NULL DEFAULT 0, -- in its alert's timeline
    delivery_id INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    activated   BOOLEAN NOT NULL,
    at          INTEGER NOT NULL,
    arrived_at  INTEGER NOT NULL,
    threshold   REAL,
    error_rate  REAL,
    p50         REAL,
    p90         REAL,
    requests    REAL,
    available   REAL,
    errors      TEXT    NOT NULL DEFAULT '[]', -- JSON
    message     TEXT    NOT NULL DEFAULT '',
    body        TEXT    NOT NULL DEFAULT '' -- JSON
);
CREATE INDEX alert_events_meta ON alert_events (meta_id, kind);
CREATE INDEX alert_events_alert ON alert_events (alert_id, place);

-- What people did; alert_id is the stretch that holds the time of the act.
CREATE TABLE alert_acts (
    id       INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL,
    meta_id  TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    verb     TEXT    NOT NULL CHECK (verb IN ('acknowledge', 'unacknowledge')),
    user_id  INTEGER NOT NULL,
    name     TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    at       INTEGER NOT NULL
);
CREATE INDEX alert_acts_meta ON alert_acts (meta_id, kind);

CREATE TABLE account_events (
    id          INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL UNIQUE,
    account     TEXT    NOT NULL DEFAULT '',
    field       TEXT    NOT NULL,
    kind        TEXT    NOT NULL DEFAULT 'other',
    subject     TEXT    NOT NULL DEFAULT '', -- a template, a number of ours, …
    channel     TEXT    NOT NULL DEFAULT '', -- 360dialog's channel, else our number, else the account
    summary     TEXT    NOT NULL DEFAULT '',
    search      TEXT    NOT NULL DEFAULT '', -- folded: the texts above
    at          INTEGER NOT NULL,
    arrived_at  INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    delivery_id INTEGER NOT NULL,
    body        TEXT    NOT NULL DEFAULT '' -- JSON
);
CREATE INDEX account_events_at ON account_events (at, id);
CREATE INDEX account_events_kind ON account_events (kind, at, id);
CREATE INDEX account_events_channel ON account_events (channel, at, id);

-- Where a copy into this database stands (switchyard copy). While it has rows nothing else opens the database.
CREATE TABLE copying (
    name   TEXT    PRIMARY KEY,    -- a table that is copied
    source TEXT    NOT NULL,       -- fingerprint of the database that it comes from
    key    BLOB,                   -- of the last row that was copied; NULL: none yet
    rows   INTEGER NOT NULL DEFAULT 0,
    mended INTEGER NOT NULL DEFAULT 0 -- texts that were no UTF-8 and had to become it
);
