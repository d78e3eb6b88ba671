package demo

import (
	"context"
	"errors"
	"time"

	"switchyard/models"
)

// alerts plans every moment of every story.
func (f *filling) alerts(context.Context, *Filled) error {
	for _, s := range f.stories {
		for _, m := range s.moments {
			when := f.ago(s.began - m.after)
			f.plan(when.Add(gathered), f.tellPeople)
			f.plan(when, func(ctx context.Context) error {
				if m.ack != "" {
					return f.acknowledge(ctx, s, m)
				}
				var g gathering
				f.deliver(&g, notice(s, m, when), when)
				return f.keep(ctx, g)
			})
		}
	}
	return nil
}

// acknowledge is what a person does on the alert's page.
func (f *filling) acknowledge(ctx context.Context, s story, m moment) error {
	rows, _, err := f.db.Alerts(ctx, models.AlertFilter{MetaID: s.metaID, Limit: 20})
	if err != nil {
		return err
	}
	for _, a := range rows {
		if string(a.Kind) == s.kind {
			_, err := f.db.AcknowledgeAlert(ctx, a.ID, m.note, f.staff[m.ack])
			return err
		}
	}
	return errors.New("there is no such alert to acknowledge")
}

var errorTypes = map[string][]string{
	clientErrors:   {"INVALID_SCREEN_TRANSITION", "PAYLOAD_SCHEMA_ERROR"},
	endpointErrors: {"TIMEOUT", "UNEXPECTED_HTTP_STATUS_CODE"},
}

// notice is the body of an alert's event.
func notice(s story, m moment, when time.Time) []byte {
	v := object{"event": s.kind, "flow_id": s.metaID, "threshold": m.threshold, "alert_state": "ACTIVATED", "message": reached[s.kind]}
	if m.recovered {
		v["alert_state"], v["message"] = "DEACTIVATED", "The flow has recovered."
	}
	switch s.kind {
	case latency:
		v["p90_latency"], v["p50_latency"], v["requests_count"] = m.figure, m.figure/4, 34+int(m.after/minute)
	case availability:
		if !m.noFigure {
			v["availability"] = m.figure
		}
	default:
		v["error_rate"] = m.figure
		if !m.recovered {
			types := errorTypes[s.kind]
			v["errors"] = []object{{"error_type": types[0], "error_rate": 66.66, "error_count": 8}, {"error_type": types[1], "error_rate": 33.33, "error_count": 4}}
		}
	}
	return body("flows", when, v)
}

var reached = map[string]string{
	clientErrors:   "The flow client request error rate has reached the threshold in the last 60 minutes. A higher error rate will make it harder for users to complete the flow.",
	endpointErrors: "The flow endpoint request error rate has reached the threshold in the last 30 minutes. A higher error rate will make it harder for users to complete the flow.",
	latency:        "Flow endpoint latency has reached the p90 threshold in the last 30 minutes. High latency will increase the loading time between screens in the flow.",
	availability:   "The flow endpoint availability has breached the 90% threshold in the last 10 minutes. Users will be unable to open or use the flow.",
}
