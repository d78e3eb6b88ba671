-- Visits are looked for by outcome, last screen, time and whether something went wrong; a flow's day is measured by its steps.

-- +goose Up
ALTER TABLE visits ADD COLUMN faulty BOOLEAN NOT NULL DEFAULT FALSE; -- one of its steps is
UPDATE visits SET faulty = TRUE WHERE id IN (SELECT visit_id FROM steps WHERE faulty AND visit_id > 0);
UPDATE visits SET screen = substr(screen, 1, 200) WHERE length(screen) > 200; -- names that an index can hold

-- (started_at, id) is the order of every list and stands together in each index. What follows it is there so that a rare
-- combination is looked for in the index alone.
DROP INDEX visits_flow;
DROP INDEX visits_started;
DROP INDEX visits_newest;
CREATE INDEX visits_started ON visits (started_at, id, test);
CREATE INDEX visits_flow ON visits (flow_id, started_at, id, outcome, test);
CREATE INDEX visits_outcome ON visits (outcome, started_at, id, flow_id, test);
CREATE INDEX visits_screen ON visits (flow_id, screen, started_at, id, outcome, last_at, test);
CREATE INDEX visits_faulty ON visits (started_at, id, flow_id, outcome, screen, test) WHERE faulty;

CREATE INDEX responses_visit ON responses (visit_id) WHERE visit_id > 0;

DROP INDEX steps_rule;
CREATE INDEX steps_flow ON steps (flow_id, at, rule_id, micros, test);
