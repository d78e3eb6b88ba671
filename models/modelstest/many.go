package modelstest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// Many is how many responses a benchmark is to be over: SWITCHYARD_BENCH_RESPONSES, or few.
func Many(tb testing.TB) int {
	tb.Helper()
	if n, err := strconv.Atoi(os.Getenv("SWITCHYARD_BENCH_RESPONSES")); err == nil {
		return n
	}
	return 20_000
}

// ManyURLs are databases by the name of their engine for benchmarks over many responses: those that SWITCHYARD_BENCH_DATABASES
// names with blanks between them, which stay and are used again, or new ones of Stores.
func ManyURLs(tb testing.TB) map[string]string {
	tb.Helper()
	kept := strings.Fields(os.Getenv("SWITCHYARD_BENCH_DATABASES"))
	if len(kept) == 0 {
		return Stores(tb)
	}
	all := map[string]string{}
	for _, url := range kept {
		engine, _, _ := strings.Cut(url, ":")
		all[strings.TrimSuffix(engine, "ql")] = url
	}
	return all
}

// LoadMany makes the flow "claim" with n responses of 12 answers in two months, unless there are as many.
func LoadMany(tb testing.TB, db *models.DB, n int) {
	tb.Helper()
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	there, err := db.TallyExport(ctx, models.ResponseFilter{})
	must(err)
	if there.N >= n {
		return
	}
	flow, err := db.CreateFlow(ctx, models.Flow{Slug: "claim", Name: "Claim"}, models.By{})
	must(err)
	contacts := make([]models.Contact, 5000)
	for i := range contacts {
		contacts[i] = models.Contact{Phone: fmt.Sprint(447700000000 + i), Name: []string{"Ada Lovelace", "João Souza", "Zoë Müller", "Grace Hopper", "Ngọc Nguyễn"}[i%5]}
	}
	must(db.LoadContacts(ctx, contacts))
	random, begin := rand.New(rand.NewPCG(1, uint64(n))), time.Now()
	end, step := models.Time{Time: begin.Truncate(time.Second)}, 60*24*time.Hour/time.Duration(n)
	must(db.LoadResponses(ctx, n, func(yield func(models.Response) bool) {
		for i := range n {
			at := models.Time{Time: end.Add(-step * time.Duration(n-i))}
			r := models.Response{WAMID: fmt.Sprintf("wamid.HBgM%016X", random.Uint64()), FlowID: flow.ID, State: models.Complete, Token: fmt.Sprint("claim.", i),
				ContextID: fmt.Sprintf("wamid.HBgM%016X", random.Uint64()), Contact: contacts[random.IntN(len(contacts))], SentAt: at, ReceivedAt: at, Answers: manyAnswers(random, i)}
			if !yield(r) {
				return
			}
		}
	}))
	tb.Logf("loaded %d responses: %.0f in a second", n, float64(n)/time.Since(begin).Seconds())
}

// manyAnswers are twelve, of the kinds that forms have.
func manyAnswers(random *rand.Rand, i int) map[string]any {
	return map[string]any{
		"department": []string{"dental", "surgery", "eye"}[random.IntN(3)], "date": fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)), "time": "10:30",
		"email": fmt.Sprintf("s%d@example.com", i), "terms": random.IntN(10) > 0, "symptoms": []any{"0_pain", "2_swelling"}, "notes": "after work, please — “late” is fine",
		"age": strconv.Itoa(18 + random.IntN(70)), "country": "BR", "city": "São Paulo " + strconv.Itoa(int(random.ExpFloat64()*12)),
		"plan": []string{"gold", "silver", "bronze"}[random.IntN(3)], "amount": json.Number(strconv.Itoa(random.IntN(1000))),
	}
}
