package models

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchyard/models/filter"
)

// benchSizes are the sizes of lists that are measured: SWITCHYARD_BENCH_RESPONSES, or few. Growth shows against the first.
func benchSizes(tb testing.TB) []int {
	tb.Helper()
	n, err := strconv.Atoi(os.Getenv("SWITCHYARD_BENCH_RESPONSES"))
	if err != nil {
		n = 20_000
	}
	return slices.Compact([]int{min(10_000, n), n})
}

// benchStart is when the newest of them came.
var benchStart = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// benchEngines are databases by engine with n responses: the ones that SWITCHYARD_BENCH_DATABASES names with blanks between
// them, which stay and are used again, for the largest n, or new ones.
func benchEngines(tb testing.TB, n int) map[string]*DB {
	tb.Helper()
	kept := strings.Fields(os.Getenv("SWITCHYARD_BENCH_DATABASES"))
	if sizes := benchSizes(tb); len(kept) == 0 || n < sizes[len(sizes)-1] {
		dbs := openEngines(tb)
		for _, db := range dbs {
			loadBench(tb, db, n)
		}
		return dbs
	}
	dbs := map[string]*DB{}
	for _, url := range kept {
		db := openFor(tb, url)
		if all, err := db.TallyExport(tb.Context(), ResponseFilter{}); err != nil || all.N < n {
			loadBench(tb, db, n)
		}
		dbs[map[bool]string{true: "postgres", false: "sqlite"}[db.Shared()]] = db
	}
	return dbs
}

// loadBench loads n responses of two months and of 12 answers, two of three in flow 1.
func loadBench(tb testing.TB, db *DB, n int) {
	tb.Helper()
	contacts := make([]Contact, 5000)
	for i := range contacts {
		contacts[i] = searchedContact(i)
		contacts[i].Phone = fmt.Sprint(5511900000000 + i)
	}
	if err := db.LoadContacts(tb.Context(), contacts); err != nil {
		tb.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	step := 60 * 24 * time.Hour / time.Duration(n)
	begin := time.Now()
	err := db.LoadResponses(tb.Context(), n, func(yield func(Response) bool) {
		for i := range n {
			r := Response{WAMID: fmt.Sprint("wamid.", i), FlowID: 1 + int64(random.IntN(3)/2), State: Complete, Token: fmt.Sprint("claim.", i), Contact: contacts[random.IntN(len(contacts))],
				ReceivedAt: at(benchStart.Add(-step * time.Duration(n-i))), Answers: benchAnswers(random, i),
				Status: []string{StatusDone, StatusDone, "called"}[random.IntN(3)], AssigneeID: int64(random.IntN(4)), Unread: i%5000 == 3}
			if i > n-n/100 {
				r.Status, r.AssigneeID = StatusNew, 0
			}
			if !yield(r) {
				return
			}
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Logf("loaded %d responses: %.0f in a second", n, float64(n)/time.Since(begin).Seconds())
}

// benchAnswers has values of every frequency, among them a pair that never occurs together.
func benchAnswers(random *rand.Rand, i int) map[string]any {
	plan := random.IntN(3)
	a := map[string]any{
		"plan": []string{"gold", "silver", "bronze"}[plan], "tier": fmt.Sprint("t", plan), "amount": json.Number(strconv.Itoa(random.IntN(1000))),
		"age": strconv.Itoa(18 + random.IntN(70)), "city": fmt.Sprint("city", int(random.ExpFloat64()*12)), "terms": random.IntN(10) > 0,
		"tags": []any{fmt.Sprint("tag", random.IntN(9)), fmt.Sprint("tag", random.IntN(9))}, "email": fmt.Sprintf("s%d@example.com", i),
		"date": benchStart.AddDate(0, 0, random.IntN(90)).Format(time.DateOnly), "rating": json.Number(strconv.Itoa(1 + random.IntN(5))),
		"notes": "after work, please — “late” is fine",
	}
	if i%1000 == 7 {
		a["transport"] = "helicopter"
	}
	return a
}

// benchFilters are what people ask of a list, and what they should not.
func benchFilters() map[string]ResponseFilter {
	week := benchStart.AddDate(0, 0, -7)
	where := func(text string) filter.Condition {
		c, err := filter.Parse(text)
		if err != nil {
			panic(err)
		}
		return c
	}
	return map[string]ResponseFilter{
		"all": {}, "flow": {FlowID: 1}, "deep": {FlowID: 1, Before: -1}, "dates": {FlowID: 1, From: week},
		"one/often": {FlowID: 1, Where: where("plan~is~gold")}, "one/rare": {FlowID: 1, Where: where("city~is~city80")},
		"one/absent": {FlowID: 1, Where: where("city~is~atlantis")}, "one/number": {FlowID: 1, Where: where("amount~gt~990")},
		"one/contains":   {FlowID: 1, Where: where("notes~contains~work")},
		"three/often":    {FlowID: 1, From: week, Where: where("all(plan~is~gold,amount~gt~500,terms~yes)")},
		"three/usual":    {FlowID: 1, From: week, Where: where("all(plan~one_of~gold~silver,amount~between~200~400,city~is~city3)")},
		"three/rare":     {FlowID: 1, From: week, Where: where("all(plan~is~gold,amount~gt~950,age~lt~20)")},
		"three/no dates": {FlowID: 1, Where: where("all(amount~gt~950,age~lt~21,city~is~city9)")},
		"three/numbers":  {FlowID: 1, From: benchStart.AddDate(0, -1, 0), Where: where("all(amount~gt~900,age~lt~25,date~before~2026-12-01)")},
		"three/together": {FlowID: 1, From: week, Where: where("all(plan~is~gold,tier~is~t1,terms~yes)")},
		"three/groups":   {FlowID: 1, From: week, Where: where("all(any(plan~is~gold,amount~gt~900),none(city~is~city1,terms~no),tags~has_all~tag1~tag2)")},
		"search":         {Text: "helicopter"}, "search/flow": {FlowID: 1, Text: "helicopter"}, "search/often": {Text: "gold"}, "search/absent": {Text: "zeppelin"},
		"search/filtered": {FlowID: 1, Text: "helicopter", Where: where("plan~is~gold")},
		"follow/new":      {Follow: FollowUp{Statuses: []string{StatusNew}}}, "follow/done": {FlowID: 1, Follow: FollowUp{Statuses: []string{StatusDone}}},
		"follow/mine":   {Follow: FollowUp{Assignees: []int64{2}, Statuses: []string{StatusNew, StatusInProgress}}}, // none
		"follow/unread": {FlowID: 1, Follow: FollowUp{Unread: true}}, "follow/unread done": {FlowID: 1, Follow: FollowUp{Unread: true, Statuses: []string{StatusDone}}},
		"follow/nobody": {FlowID: 1, From: week, Follow: FollowUp{Assignees: []int64{0}}, Where: where("city~is~city3")},
		"sort/number":   {FlowID: 1, Sort: Sort{Key: "amount", Number: true, Descending: true}}, "sort/text": {FlowID: 1, Sort: Sort{Key: "plan"}},
		"sort/deep":     {FlowID: 1, Sort: Sort{Key: "city"}, Before: -1},
		"sort/filtered": {FlowID: 1, From: week, Where: where("all(plan~is~gold,city~is~city3)"), Sort: Sort{Key: "amount", Number: true}},
	}
}

// BenchmarkFind is what a page of the list costs the database: its rows, and their count. p95 is in ms.
func BenchmarkFind(b *testing.B) {
	for _, n := range benchSizes(b) {
		for engine, db := range benchEngines(b, n) {
			for name, f := range benchFilters() {
				if f.Before < 0 { // from the middle
					f.Before = int64(n / 2)
				}
				b.Run(fmt.Sprintf("%s/n=%d/%s", name, n, engine), func(b *testing.B) { find(b, db, f) })
			}
		}
	}
}

func find(b *testing.B, db *DB, f ResponseFilter) {
	var took []time.Duration
	for b.Loop() {
		begin := time.Now()
		if _, _, err := db.FindResponses(b.Context(), f); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
