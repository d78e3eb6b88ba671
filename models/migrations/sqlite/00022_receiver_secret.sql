-- The signing secret of a web hook before the newest one signs beside it for a while. Times are UTC epoch microseconds.

-- +goose Up
ALTER TABLE receivers ADD COLUMN sealed_secret_previous TEXT NOT NULL DEFAULT '';
ALTER TABLE receivers ADD COLUMN previous_until INTEGER NOT NULL DEFAULT 0;
