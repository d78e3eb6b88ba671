-- What chat history, the address book of the WhatsApp Business app and changes of number say of customers; and the order in
-- which messages and account events grow old.

-- +goose Up
ALTER TABLE contacts ADD COLUMN saved_name TEXT NOT NULL DEFAULT ''; -- in the business's address book; '' when removed from it
ALTER TABLE contacts ADD COLUMN saved_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN user_at INTEGER NOT NULL DEFAULT 0; -- when the business-scoped id became this one; 0: never another

-- Numbers and business-scoped ids that a customer had before, and until when.
CREATE TABLE former_ids (
    kind       TEXT    NOT NULL CHECK (kind IN ('phone', 'user')),
    value      TEXT    NOT NULL,
    until_at   INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (kind, value, until_at)
) WITHOUT ROWID;
CREATE INDEX former_ids_contact ON former_ids (contact_id);

ALTER TABLE messages ADD COLUMN history BOOLEAN NOT NULL DEFAULT FALSE; -- told by the chat history alone
CREATE INDEX messages_received ON messages (received_at, id);
CREATE INDEX account_events_arrived ON account_events (arrived_at, id);
