package web

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"
	"unicode/utf8"

	"switchyard/models"
)

// RawBodies is the format of bodies alone, a line feed after each.
const RawBodies ExportFormat = "raw"

// A DeliveryExport says what ExportDeliveries writes.
type DeliveryExport struct {
	Filter models.DeliveryFilter
	Format ExportFormat   // JSONLines or RawBodies
	Zone   *time.Location // of the times; nil is UTC
}

// A deliveryLine is a delivery as a line of JSON. A body that is no text is in BodyBase64.
type deliveryLine struct {
	ID          int64                `json:"id"`
	Source      string               `json:"source"`
	ReceivedAt  time.Time            `json:"received_at"`
	State       models.DeliveryState `json:"state"`
	Reason      string               `json:"reason,omitempty"`
	Kinds       string               `json:"kinds"`
	Attempts    int                  `json:"attempts"`
	Seen        int                  `json:"seen"`
	Replayed    int                  `json:"replayed"`
	Test        bool                 `json:"test"`
	Signature   string               `json:"signature"`
	ContentType string               `json:"content_type"`
	SHA256      string               `json:"sha256"`
	Body        *string              `json:"body,omitempty"`
	BodyBase64  []byte               `json:"body_base64,omitempty"`
}

// ExportDeliveries writes deliveries to w as they are read, oldest first, and notes it in the audit log.
func ExportDeliveries(ctx context.Context, db *models.DB, w io.Writer, o DeliveryExport) error {
	f := o.Filter
	detail := map[string]any{"state": f.State, "source": f.Source, "kind": f.Kind, "from": f.From, "to": f.To, "format": o.Format}
	if err := db.Audit(ctx, models.By{Name: "switchyard export"}, "export.deliveries", "deliveries", detail); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for d, err := range db.EachDelivery(ctx, f) {
		if err != nil {
			return err
		}
		if o.Format == RawBodies {
			_, err = out.Write(append(d.Body, '\n'))
		} else {
			err = lines.Encode(lineOf(d, o.Zone))
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

func lineOf(d models.Delivery, zone *time.Location) deliveryLine {
	if zone == nil {
		zone = time.UTC
	}
	line := deliveryLine{ID: d.ID, Source: d.Source, ReceivedAt: d.ReceivedAt.In(zone), State: d.State, Reason: d.Reason, Kinds: d.Kinds,
		Attempts: d.Attempts, Seen: d.Seen, Replayed: d.Replayed, Test: d.Test, Signature: d.Signature, ContentType: d.ContentType, SHA256: hex.EncodeToString(d.SHA256)}
	if utf8.Valid(d.Body) {
		text := string(d.Body)
		line.Body = &text
	} else {
		line.BodyBase64 = d.Body
	}
	return line
}
