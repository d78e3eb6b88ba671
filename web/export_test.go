package web_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/web"
)

func TestExportIsNotedInTheAuditLogBeforeAByteIsWritten(t *testing.T) {
	db := modelstest.Open(t)
	var b bytes.Buffer
	if err := web.Export(t.Context(), db.DB, &b, web.ExportOptions{What: web.ExportedResponses, Format: web.CSV}); err != nil {
		t.Fatalf("Export = %v", err)
	}
	rows, err := db.AuditRows(t.Context(), 0, 1)
	if err != nil || len(rows) != 1 || rows[0].Action != "export.responses" {
		t.Errorf("AuditRows = %v, %v; want the export", rows, err)
	}
	b.Reset()
	err = web.Export(t.Context(), db.DB, &b, web.ExportOptions{What: web.ExportedAlerts, Flow: "none", Format: web.CSV})
	if !errors.Is(err, models.ErrNotFound) || b.Len() > 0 {
		t.Errorf("Export of a flow that there is not = %v after %d bytes; want ErrNotFound before the first", err, b.Len())
	}
}

func TestSettleDecodesAllThatIsDue(t *testing.T) {
	db := modelstest.Open(t)
	body, err := os.ReadFile("../handlers/whatsapp/testdata/webhooks/flow-response.json")
	if err != nil {
		t.Fatal(err)
	}
	var ds []models.Delivery
	for range 600 { // more than a batch, each another message
		ds = append(ds, models.Delivery{Source: "meta", Body: bytes.Replace(body, []byte("wamid.HBgLMTYzMTU1NTgxNTEVAgASGB"), []byte("wamid."+strings.Repeat("x", len(ds)+1)), 1)})
	}
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	if err := web.Settle(t.Context(), db.DB); err != nil {
		t.Fatalf("Settle = %v", err)
	}
	counts, _, err := db.DeliveryCounts(t.Context())
	if err != nil || counts[models.Pending] != 0 || counts[models.Unmatched] != 600 {
		t.Errorf("DeliveryCounts = %v, %v; want 600 unmatched and none pending", counts, err)
	}
}
