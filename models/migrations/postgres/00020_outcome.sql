-- Responses are looked for by the outcome of the rule that led to their end.

-- +goose Up
ALTER TABLE visits ADD COLUMN routed TEXT COLLATE "C" NOT NULL DEFAULT '';     -- "go:SCREEN", "finish:RULE": what the last rule did that led on
ALTER TABLE responses ADD COLUMN outcome TEXT COLLATE "C" NOT NULL DEFAULT ''; -- of the visit
CREATE INDEX responses_outcome ON responses (flow_id, outcome, received_at, id, test);

-- Visits that were there before learn it afterwards, from this one down.
INSERT INTO settings (name, value, updated_at) SELECT 'outcomes_from', CAST(id AS TEXT), 0 FROM visits ORDER BY id DESC LIMIT 1;
