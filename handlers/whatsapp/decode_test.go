package whatsapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

func fixture(t testing.TB, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said sums up a Decoded in a line.
func said(d models.Decoded) string {
	var parts []string
	for _, m := range d.Messages {
		part := m.Type
		if m.Flow != nil {
			part = "response"
			if m.Flow.Reason != "" {
				part = "unreadable response"
			}
			part += fmt.Sprintf("(%s)", m.Flow.Token)
		}
		parts = append(parts, part)
	}
	for _, s := range d.Statuses {
		parts = append(parts, "status "+s.State)
	}
	for _, f := range d.Flows {
		parts = append(parts, strings.TrimSpace(f.MetaID+" "+f.Event+" "+f.State+f.NewStatus))
	}
	for _, o := range d.Others {
		parts = append(parts, o.Field)
	}
	if d.Reason != "" {
		parts = append(parts, "! "+d.Reason)
	}
	return strings.Join(parts, ", ")
}

func TestEveryFixtureDecodesToWhatItSays(t *testing.T) {
	want := map[string]string{
		"alert-client-error-rate-activated.json":               "691244242662581 CLIENT_ERROR_RATE ACTIVATED",
		"alert-endpoint-availability-activated-no-figure.json": "12345678 ENDPOINT_AVAILABILITY ACTIVATED",
		"alert-endpoint-availability-activated.json":           "12345678 ENDPOINT_AVAILABILITY ACTIVATED",
		"alert-endpoint-availability-deactivated.json":         "12345678 ENDPOINT_AVAILABILITY DEACTIVATED",
		"alert-endpoint-error-rate-50-activated.json":          "691244242662581 ENDPOINT_ERROR_RATE ACTIVATED",
		"alert-endpoint-error-rate-activated.json":             "691244242662581 ENDPOINT_ERROR_RATE ACTIVATED",
		"alert-endpoint-error-rate-deactivated.json":           "691244242662581 ENDPOINT_ERROR_RATE DEACTIVATED",
		"alert-endpoint-latency-activated.json":                "691244242662581 ENDPOINT_LATENCY ACTIVATED",
		"alert-endpoint-latency-deactivated.json":              "691244242662581 ENDPOINT_LATENCY DEACTIVATED",
		"flow-status-created-warning.json":                     "6627390910605886 FLOW_STATUS_CHANGE DRAFT",
		"flow-status-created.json":                             "6627390910605886 FLOW_STATUS_CHANGE DRAFT",
		"flow-status-published.json":                           "6627390910605886 FLOW_STATUS_CHANGE PUBLISHED",
		"flow-version-expiry-warning.json":                     "6627390910605886 FLOW_VERSION_EXPIRY_WARNING",
		"flow-response-bad-json.json":                          "unreadable response()",
		"flow-response-no-token.json":                          "response()",
		"not-json.txt":                                         "! the body is not JSON",
		"on-premise-text.json":                                 "text",
		"status-delivered.json":                                "status delivered",
		"status-failed.json":                                   "status failed",
		"status-read.json":                                     "status read",
		"status-sent.json":                                     "status sent",
		"template-status.json":                                 "message_template_status_update",
		"text.json":                                            "text",
		"value-errors.json":                                    "messages.errors",
	}
	files, err := os.ReadDir("testdata/webhooks")
	if err != nil || len(files) < len(want) {
		t.Fatalf("ReadDir = %d files, %v; want at least %d", len(files), err, len(want))
	}
	for _, f := range files {
		events, err := wire.ParseWebhook(fixture(t, "webhooks", f.Name()), wire.Meta)
		d := decoded(models.Delivery{ID: 7}, events, err)
		if got := said(d); got != want[f.Name()] && want[f.Name()] != "" || got == "" || d.ID != 7 {
			t.Errorf("%s says %q (id %d); want %q (id 7)", f.Name(), got, d.ID, want[f.Name()])
		}
	}
}

func TestDecodedKeepsWhenADeliveryCame(t *testing.T) {
	came := at(time.Unix(1760000000, 0))
	for _, err := range []error{nil, errors.New("the body is not JSON")} {
		if d := decoded(models.Delivery{ID: 3, ReceivedAt: came}, wire.Events{}, err); d.ReceivedAt != came {
			t.Errorf("decoded with error %v came at %v; want %v", err, d.ReceivedAt, came)
		}
	}
}

func TestDecodedKeepsEveryFieldOfAMessage(t *testing.T) {
	at := time.Unix(1760000000, 0)
	reply := &wire.FlowReply{Raw: `{"a":1,"flow_token":"x.y"}`, Token: "x.y",
		Answers: map[string]any{"a": json.Number("1"), "flow_token": "x.y"}}
	d := decoded(models.Delivery{ID: 3}, wire.Events{Messages: []wire.Message{{
		Out: true, ID: "wamid.1", Account: "A", PhoneID: "P", PhoneNumber: "+1", From: "55", FromUser: "BR.1", Name: "Ada", Username: "ada",
		Type: "interactive", At: at, ContextID: "wamid.0", Raw: json.RawMessage(`{}`), Flow: reply,
	}}}, nil)
	want := models.InMessage{
		Out: true, WAMID: "wamid.1", Account: "A", PhoneID: "P", PhoneNumber: "+1", Type: "interactive", ContextID: "wamid.0",
		Contact: models.InContact{Phone: "55", UserID: "BR.1", Name: "Ada", Username: "ada"},
		At:      models.Time{Time: at}, Body: []byte(`{}`),
		Flow: &models.InResponse{Raw: reply.Raw, Token: "x.y", Answers: map[string]any{"a": json.Number("1")}},
	}
	if got := d.Messages[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("decoded message = %+v; want %+v", got, want)
	}
	if reply.Answers["flow_token"] != "x.y" {
		t.Error("decoded changed the event that it was given")
	}
}

func TestDecodedKeepsEveryFieldOfStatusesAndOthers(t *testing.T) {
	at := time.Unix(1760000000, 0)
	d := decoded(models.Delivery{ID: 3}, wire.Events{
		Statuses: []wire.Status{
			{MessageID: "wamid.1", Account: "A", PhoneID: "P", Recipient: "55", RecipientUser: "BR.1", State: "failed", At: at,
				Errors: []wire.Fault{{Code: 1}}, Raw: json.RawMessage(`{"errors":[{"code":1,"new":true}]}`)},
			{MessageID: "wamid.2", State: "sent", Pricing: json.RawMessage(`{"p":1}`), Conversation: json.RawMessage(`{"c":1}`), Raw: json.RawMessage(`{}`)},
		},
		Others: []wire.Other{{Key: "k", Account: "A", Field: "security", At: at,
			Said: wire.Said{Kind: wire.OfNumber, Subject: "s", Channel: "c", Summary: "It changed."}, Raw: json.RawMessage(`[]`)}},
	}, nil)
	want := []models.InStatus{
		{WAMID: "wamid.1", Account: "A", PhoneID: "P", Contact: models.InContact{Phone: "55", UserID: "BR.1"}, State: "failed",
			At: models.Time{Time: at}, Errors: []byte(`[{"code":1,"new":true}]`)},
		{WAMID: "wamid.2", State: "sent", Pricing: []byte(`{"p":1}`), Conversation: []byte(`{"c":1}`)},
	}
	if !reflect.DeepEqual(d.Statuses, want) {
		t.Errorf("decoded statuses = %+v; want %+v", d.Statuses, want)
	}
	other := models.InOther{Key: "k", Account: "A", Field: "security", At: models.Time{Time: at},
		Kind: "number", Subject: "s", Channel: "c", Summary: "It changed.", Body: []byte(`[]`)}
	if len(d.Others) != 1 || !reflect.DeepEqual(d.Others[0], other) {
		t.Errorf("decoded others = %+v; want %+v", d.Others, other)
	}
}

func TestDecodedKeepsEveryFigureOfAFlowEvent(t *testing.T) {
	n := func(f float64) *float64 { return &f }
	e := wire.FlowEvent{Key: "k", Account: "A", FlowID: "69", Event: "E", At: time.Unix(9, 0), Message: "m", Warning: "w",
		OldStatus: "DRAFT", NewStatus: "PUBLISHED", State: "ACTIVATED", Threshold: n(10), ErrorRate: n(14.28), P50: n(500), P90: n(8000),
		Requests: n(34), Available: n(75), Errors: []wire.ErrorCount{{Type: "TIMEOUT", Count: n(2), Rate: n(66.66)}}, Raw: json.RawMessage(`{}`)}
	got := decoded(models.Delivery{ID: 3}, wire.Events{Flows: []wire.FlowEvent{e}}, nil).Flows[0]
	want := models.InFlowEvent{Key: "k", Account: "A", MetaID: "69", Event: "E", At: models.Time{Time: e.At}, Message: "m", Warning: "w",
		OldStatus: "DRAFT", NewStatus: "PUBLISHED", State: "ACTIVATED", Threshold: n(10), ErrorRate: n(14.28), P50: n(500), P90: n(8000),
		Requests: n(34), Available: n(75), Errors: []models.AlertError{{Type: "TIMEOUT", Count: n(2), Rate: n(66.66)}}, Body: []byte(`{}`)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("decoded flow event = %+v; want %+v", got, want)
	}
	// A field that is added to the event must be added to the mapping, or to this list.
	if fields := reflect.TypeFor[wire.FlowEvent]().NumField(); fields != reflect.TypeFor[models.InFlowEvent]().NumField() {
		t.Errorf("a flow event has %d fields; the mapping knows others", fields)
	}
}

func TestABodyThatCannotBeReadNeedsAPerson(t *testing.T) {
	got := decoded(models.Delivery{ID: 3}, wire.Events{}, errors.New("the body is not JSON"))
	if got.ID != 3 || got.Reason != "the body is not JSON" || slices.ContainsFunc(got.Messages, func(models.InMessage) bool { return true }) {
		t.Errorf("decoded = %+v; want the reason alone", got)
	}
}
