package web

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// A storm of alerts does not make a message that the chat service refuses for its length.
func TestAMessageToAChatEndsWhereTheServiceDoes(t *testing.T) {
	db := modelstest.Open(t)
	chat := newReceiver(t, db, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"id":"1"}`) })
	n := newNotifier(t, db, chat.address)
	threshold, figure := 7000.0, 8000.0
	c := models.PostClaim{Receiver: models.Receiver{Name: "crew", Channel: models.Chat}, Address: "ntfy://" + chat.address + "/alerts?scheme=http"}
	for i := range 40 {
		c.Tells = append(c.Tells, models.Notification{AlertID: int64(i + 1), Severity: 3, Fact: models.Fact{Moment: models.Began, Kind: alert.EndpointLatency,
			Flow: strings.Repeat("<ä>", 30), Since: db.Time(), At: db.Time(), Threshold: &threshold, Figure: &figure}})
	}
	if r := n.send(t.Context(), c); r.End != models.PostTaken {
		t.Fatalf("send = %+v; want it taken", r)
	}
	got := string(chat.arrived()[0].body)
	if len(got) > 3800 || len(got) < 3000 || strings.Count(got, "/alerts/")+strings.Count(got, "And ") < 5 || !strings.HasSuffix(strings.TrimSpace(got), "more alerts: https://flows.example/alerts") {
		t.Errorf("%d bytes arrived; want at most 3800 with the others counted\n%s", len(got), got)
	}
}
