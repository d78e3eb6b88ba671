-- What customers attached in flows: pictures and documents. The files lie in the store (SWITCHYARD_FILES), sealed.

-- +goose Up
CREATE TABLE files (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL UNIQUE, -- what it is one of: the same file of a visit and of its response is one
    flow_id     INTEGER NOT NULL DEFAULT 0,
    visit_id    INTEGER NOT NULL DEFAULT 0, -- 0: none
    response_id INTEGER NOT NULL DEFAULT 0, -- 0: none
    screen      TEXT    NOT NULL DEFAULT '', -- '' of a response
    field       TEXT    NOT NULL,
    place       INTEGER NOT NULL DEFAULT 0, -- in the field's list
    cdn_id      TEXT    NOT NULL DEFAULT '', -- its id in a request to the endpoint
    meta_id     TEXT    NOT NULL DEFAULT '', -- its id in a completed flow, for the Graph API
    sealed_name TEXT    NOT NULL DEFAULT '', -- as the phone said it
    declared    TEXT    NOT NULL DEFAULT '', -- type, as the phone said it
    type        TEXT    NOT NULL DEFAULT '', -- as its first bytes say
    size        INTEGER NOT NULL DEFAULT 0, -- bytes
    sha256      BLOB, -- of the file; before it is stored what was announced
    object      TEXT    NOT NULL UNIQUE, -- its name in the store
    picture     BOOLEAN NOT NULL DEFAULT FALSE, -- pictures that we made of it lie in the store too
    state       TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'stored', 'failed', 'gone', 'removed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     INTEGER NOT NULL DEFAULT 0,
    until_at    INTEGER NOT NULL, -- when WhatsApp's copy goes
    reason      TEXT    NOT NULL DEFAULT '', -- why it is not there
    sealed_source TEXT    NOT NULL DEFAULT '', -- address and keys; '' when they are needed no more
    test        BOOLEAN NOT NULL DEFAULT FALSE,
    at          INTEGER NOT NULL, -- when we heard of it
    stored_at   INTEGER NOT NULL DEFAULT 0,
    removed_at  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX files_due ON files (next_at, id) WHERE state = 'pending';
CREATE INDEX files_lost ON files (id) WHERE state IN ('failed', 'gone');
CREATE INDEX files_kept ON files (at, id) WHERE state = 'stored';
CREATE INDEX files_secret ON files (until_at, id) WHERE sealed_source <> '';
CREATE INDEX files_visit ON files (visit_id) WHERE visit_id > 0;
CREATE INDEX files_response ON files (response_id) WHERE response_id > 0;
