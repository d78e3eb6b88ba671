package models_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// large is a delivery of n messages with long texts, twice as many statuses and one response that nobody can match.
func large(db *modelstest.DB, n int) models.Decoded {
	return toBeApplied(db, n, func(d *models.Decoded) {
		text := fmt.Appendf(nil, `{"text":{"body":"%s"}}`, strings.Repeat("x", 3000))
		for i := range n {
			who := models.InContact{Phone: fmt.Sprint(100_000 + i%100)}
			d.Messages = append(d.Messages, models.InMessage{WAMID: fmt.Sprintf("in%d.%d", n, i), Type: "text", Contact: who, At: minute(1), Body: text})
			for _, state := range []string{"sent", "read"} {
				d.Statuses = append(d.Statuses, models.InStatus{WAMID: fmt.Sprintf("out%d.%d", n, i), State: state, Contact: who, At: minute(1)})
			}
		}
		d.Messages = append(d.Messages, models.InMessage{WAMID: "response", Type: "interactive", At: minute(1), Flow: &models.InResponse{Raw: "{}", Answers: map[string]any{}}})
		d.Others = []models.InOther{{Key: "o", Field: "history"}}
	})
}

func TestALargeDeliveryIsAppliedPieceByPieceAndMarkedOnce(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		d := large(db, 1500)
		for range 2 {
			applyNow(t, db, d)
			got := fmt.Sprint(count(t, db, `SELECT count(*) FROM messages WHERE type = 'text'`), count(t, db, `SELECT count(*) FROM messages WHERE status = 'read'`),
				count(t, db, `SELECT count(*) FROM statuses`), count(t, db, `SELECT count(*) FROM contacts`), lines(t, db, `SELECT state || ' ' || kinds FROM deliveries`))
			if want := "1500 1500 3000 100 [unmatched text response status history]"; got != want {
				t.Errorf("%s: %s; want %s", name, got, want)
			}
		}
	}
}

func TestALargeDeliveryWithABadPartIsPutBackWhole(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		raw := modelstest.SQL(t, url)
		bad := `ALTER TABLE statuses ADD CONSTRAINT hostile CHECK (wamid <> 'out1200.1100')`
		if strings.HasPrefix(url, "sqlite") {
			bad = `CREATE TRIGGER hostile BEFORE INSERT ON statuses WHEN new.wamid = 'out1200.1100' BEGIN SELECT RAISE(ABORT, 'hostile'); END`
		}
		if _, err := raw.Exec(bad); err != nil {
			t.Fatal(err)
		}
		raw.Close()
		applyNow(t, db, large(db, 1200), toBeApplied(db, 5, says("beside", models.InContact{Phone: "7"}, 1)))
		if got := fmt.Sprint(lines(t, db, `SELECT state || ' ' || attempts FROM deliveries ORDER BY 1`)); got != "[done 0 pending 1]" {
			t.Errorf("%s: deliveries are %s; want the large one put back, the other done", name, got)
		}
	}
}

// A 3 MB body of 1,000 updates is one transaction. What is needed for it beside the body is a small multiple of the body.
func TestABodyOfThreeMegabytesNeedsAFewTimesItsSize(t *testing.T) {
	db := modelstest.Open(t)
	d := large(db, 333) // with two statuses each
	size := 0
	for i := range 333 {
		d.Messages[i].Body = fmt.Appendf(nil, `{"text":{"body":"%s"}}`, strings.Repeat("x", 9400))
		size += len(d.Messages[i].Body)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	applyNow(t, db, d)
	runtime.ReadMemStats(&after)
	if used := int(after.TotalAlloc - before.TotalAlloc); used > 12*size {
		t.Errorf("%d updates with %d KiB of text took %d KiB; want at most twelve times that", len(d.Messages)+len(d.Statuses), size>>10, used>>10)
	}
}
