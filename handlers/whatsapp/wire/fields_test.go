package wire_test

import (
	"fmt"
	"slices"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

func TestFieldsNameWhatABodyTellsOf(t *testing.T) {
	for body, want := range map[string][]string{
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{}},{"field":"flows","value":{}}]},{"changes":[{"field":"messages","value":{}}]}]}`: {"messages", "flows"},
		`{"entry":[{"id":"1","changes":[{"field":"a_new_field","value":5},{"value":{}},7]},null]}`:                                                                                           {"a_new_field"},
		`{"contacts":[],"messages":[{"id":"1"}]}`:                             {"messages"},
		`{"statuses":[{"id":"1"}]}`:                                           {"messages"},
		`{"field":"flows","value":{"event":"FLOW_STATUS_CHANGE"}}`:            {"flows"},
		`{"event":"channel_running","data":{"id":"1"}}`:                       {"channel_running"},
		`{"event":"ENDPOINT_LATENCY","data":{"flow_id":"1"}}`:                 {"ENDPOINT_LATENCY", "flows"},
		`{"type":"whatsapp.flow.status_change","flowChanges":{"flowId":"1"}}`: {"flows"},
		`{"hello":"world"}`:                                                   nil, `[]`: nil, `not JSON`: nil, ``: nil, `{"entry":{}}`: nil, `{"entry":[{"changes":{}}]}`: nil,
	} {
		if got := wire.Fields([]byte(body)); !slices.Equal(got, want) {
			t.Errorf("Fields(%s) = %q; want %q", body, got, want)
		}
	}
	many := `{"entry":[{"changes":[`
	for i := range 500 {
		many += fmt.Sprintf(`{"field":"f%d"},`, i)
	}
	if got := wire.Fields([]byte(many + `{"field":"last"}]}]}`)); len(got) != 100 {
		t.Errorf("Fields of 501 fields = %d; want 100", len(got))
	}
}
