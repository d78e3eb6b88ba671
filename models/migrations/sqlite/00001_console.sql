-- What people set up and what the endpoint holds in memory. Times are UTC epoch microseconds, 0 = never;
-- columns named sealed_… hold text sealed with the master key, '' = none.

-- +goose Up
CREATE TABLE revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n  INTEGER NOT NULL
);
INSERT INTO revision (id, n) VALUES (1, 1);

CREATE TABLE master_check (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    kid        TEXT    NOT NULL,
    sealed     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE settings (
    name       TEXT    PRIMARY KEY,
    value      TEXT    NOT NULL DEFAULT '',
    sealed     TEXT    NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL
);

CREATE TABLE flows (
    id                         INTEGER PRIMARY KEY AUTOINCREMENT,
    slug                       TEXT    NOT NULL UNIQUE,
    name                       TEXT    NOT NULL,
    meta_id                    TEXT    NOT NULL DEFAULT '',
    mode                       TEXT    NOT NULL CHECK (mode IN ('encrypted', 'plain')),
    status                     TEXT    NOT NULL DEFAULT '',
    token_once                 BOOLEAN NOT NULL DEFAULT FALSE,
    keep_version               BOOLEAN NOT NULL DEFAULT FALSE, -- a visit stays on the rules of its first step
    check_signature            BOOLEAN NOT NULL DEFAULT TRUE,
    fallback_screen            TEXT    NOT NULL DEFAULT '',
    fallback_message           TEXT    NOT NULL DEFAULT '',
    rule_edits                 INTEGER NOT NULL DEFAULT 0, -- changes of drafts so far
    sealed_secret              TEXT    NOT NULL DEFAULT '',
    sealed_app_secret          TEXT    NOT NULL DEFAULT '',
    sealed_app_secret_previous TEXT    NOT NULL DEFAULT '',
    created_at                 INTEGER NOT NULL,
    updated_at                 INTEGER NOT NULL
);
CREATE UNIQUE INDEX flows_meta_id ON flows (meta_id) WHERE meta_id <> '';

CREATE TABLE flow_aliases (
    slug       TEXT    PRIMARY KEY,
    flow_id    INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
);
CREATE INDEX flow_aliases_flow ON flow_aliases (flow_id);

CREATE TABLE flow_jsons (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id    INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    raw        BLOB    NOT NULL,
    author     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (flow_id, version)
);

CREATE TABLE rule_sets (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id      INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
    document     BLOB    NOT NULL,
    edit         INTEGER NOT NULL,
    note         TEXT    NOT NULL DEFAULT '',
    author       TEXT    NOT NULL DEFAULT '',
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    published_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (flow_id, version)
);
CREATE UNIQUE INDEX rule_sets_one_draft ON rule_sets (flow_id) WHERE state = 'draft';
CREATE UNIQUE INDEX rule_sets_one_published ON rule_sets (flow_id) WHERE state = 'published';

CREATE TABLE lists (
    name       TEXT    PRIMARY KEY,
    columns    TEXT    NOT NULL, -- JSON: rules.Column
    rows       TEXT    NOT NULL, -- JSON: rules.Row, in the kept order
    size       INTEGER NOT NULL, -- rows, switched-off ones included
    author     TEXT    NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL
);

CREATE TABLE keys (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint    TEXT    NOT NULL UNIQUE,
    public_pem     TEXT    NOT NULL,
    sealed_private TEXT    NOT NULL,
    author         TEXT    NOT NULL DEFAULT '',
    created_at     INTEGER NOT NULL,
    retire_at      INTEGER NOT NULL DEFAULT 0,
    first_used_at  INTEGER NOT NULL DEFAULT 0,
    last_used_at   INTEGER NOT NULL DEFAULT 0,
    uses           INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE visits (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id      INTEGER NOT NULL,
    token        TEXT    NOT NULL,
    run          INTEGER NOT NULL,
    test         BOOLEAN NOT NULL DEFAULT FALSE,
    rule_version INTEGER NOT NULL DEFAULT 0,
    started_at   INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('open', 'finished', 'expired')),
    screen       TEXT    NOT NULL DEFAULT '',
    trail        TEXT    NOT NULL DEFAULT '[]', -- JSON
    answers      TEXT    NOT NULL DEFAULT '{}', -- JSON, by screen
    sent         TEXT    NOT NULL DEFAULT '{}', -- JSON, by screen
    steps        INTEGER NOT NULL DEFAULT 0,
    last_hash    TEXT    NOT NULL DEFAULT '',
    last_answer  BLOB,
    last_status  INTEGER NOT NULL DEFAULT 0,
    last_version INTEGER NOT NULL DEFAULT 0, -- of the rules that gave the last answer
    UNIQUE (flow_id, token, run)
);
CREATE INDEX visits_token ON visits (token);
CREATE INDEX visits_flow ON visits (flow_id, started_at, test);
CREATE INDEX visits_started ON visits (started_at, test);
CREATE INDEX visits_newest ON visits (flow_id, id);

CREATE TABLE steps (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    flow_id      INTEGER NOT NULL,
    visit_id     INTEGER NOT NULL DEFAULT 0, -- 0: a request without a usable token
    at           INTEGER NOT NULL,
    action       TEXT    NOT NULL DEFAULT '',
    screen       TEXT    NOT NULL DEFAULT '',
    next_screen  TEXT    NOT NULL DEFAULT '',
    kind         TEXT    NOT NULL DEFAULT '',
    rule_id      TEXT    NOT NULL DEFAULT '',
    rule         TEXT    NOT NULL DEFAULT '',
    rule_version INTEGER NOT NULL DEFAULT 0,
    micros       INTEGER NOT NULL DEFAULT 0,
    status       INTEGER NOT NULL DEFAULT 0,
    faults       TEXT    NOT NULL DEFAULT '[]', -- JSON
    faulty       BOOLEAN NOT NULL DEFAULT FALSE,    -- has faults or is an error notification
    data         BLOB,
    answer       BLOB,
    test         BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX steps_visit ON steps (visit_id, id) WHERE visit_id > 0;
CREATE INDEX steps_faulty ON steps (flow_id, id) WHERE faulty;
CREATE INDEX steps_tokenless ON steps (flow_id, at) WHERE visit_id = 0;
CREATE INDEX steps_rule ON steps (flow_id, at, rule_id) WHERE rule_id <> '';

CREATE TABLE users (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    email        TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL DEFAULT '',
    role         TEXT    NOT NULL CHECK (role IN ('viewer', 'support', 'operator', 'admin')),
    zone         TEXT    NOT NULL DEFAULT '',
    password     TEXT    NOT NULL, -- argon2id, in its own encoded form
    must_change  BOOLEAN NOT NULL DEFAULT FALSE,
    disabled_at  INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
    id         TEXT    PRIMARY KEY, -- sha256 of the cookie's token, hex
    user_id    INTEGER NOT NULL,    -- 0: nobody yet
    data       TEXT    NOT NULL DEFAULT '{}',
    user_agent TEXT    NOT NULL DEFAULT '',
    ip         TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    idle_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_ends ON sessions (ends_at);

CREATE TABLE setup_token (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    hash    TEXT    NOT NULL,
    ends_at INTEGER NOT NULL
);

-- Failed sign-ins. Names are hashes: what people type there may be a password.
CREATE TABLE account_throttles (
    account  TEXT    PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
);
CREATE INDEX account_throttles_last ON account_throttles (last_at);
CREATE TABLE address_failures (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT    NOT NULL,
    at      INTEGER NOT NULL
);
CREATE INDEX address_failures_address ON address_failures (address, at);
CREATE INDEX address_failures_at ON address_failures (at);

CREATE TABLE marks (
    name   TEXT    PRIMARY KEY,
    at     INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    detail TEXT    NOT NULL DEFAULT ''
);

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    actor  TEXT    NOT NULL, -- "user 12", or the name of a command
    ip     TEXT    NOT NULL DEFAULT '',
    action TEXT    NOT NULL,
    object TEXT    NOT NULL DEFAULT '',
    detail TEXT    NOT NULL DEFAULT '{}',
    prev   BLOB    NOT NULL, -- mac of the row before
    mac    BLOB    NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
