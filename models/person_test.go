package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// becomes says that a customer is called otherwise.
func becomes(was, is models.InContact, n int) func(d *models.Decoded) {
	return func(d *models.Decoded) { d.People = []models.InPerson{{Was: was, Is: is, At: minute(n)}} }
}

// moving is what is heard of one customer who changes the number and the business-scoped id twice, and of a stranger who
// gets the first number afterwards.
func moving() []func(d *models.Decoded) {
	phone := func(p string) models.InContact { return models.InContact{Phone: p} }
	user := func(u string) models.InContact { return models.InContact{UserID: u} }
	return []func(d *models.Decoded){
		says("m1", models.InContact{Phone: "100", UserID: "US.1", Name: "Ana"}, 1),
		becomes(phone("100"), phone("200"), 2),
		becomes(models.InContact{Phone: "200", UserID: "US.1"}, user("US.2"), 3),
		says("m2", models.InContact{Phone: "200", UserID: "US.2", Name: "Ana"}, 4),
		becomes(user("US.2"), models.InContact{Phone: "300", UserID: "US.3"}, 5),
		says("m3", models.InContact{Phone: "300", UserID: "US.3", Name: "Ana María"}, 6),
		isSent("o1", phone("100"), 1),
	}
}

const peopleNow = `SELECT m.wamid || ' ' || c.phone || ' ' || c.user_id || ' ' || c.name FROM messages m JOIN contacts c ON c.id = m.contact_id ORDER BY m.wamid`

func TestACustomerWhoChangesNumberAndIDStaysOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const want = "m1 300 US.3 Ana María m2 300 US.3 Ana María m3 300 US.3 Ana María o1 300 US.3 Ana María"
	for name, url := range modelstest.Stores(t) {
		base := modelstest.OpenAt(t, url)
		for n := range 24 {
			order := random.Perm(len(moving()))
			order = append(order, order[random.IntN(len(order))], order[0])
			if n == 0 {
				order = []int{0, 1, 2, 3, 4, 5, 6}
			}
			db := base
			wipe(t, db)
			var ds []models.Decoded
			for i, k := range order {
				ds = append(ds, toBeApplied(db, 1000*n+i, moving()[k]))
			}
			if n%2 == 0 { // all in one transaction, else each in its own
				applyNow(t, db, ds...)
			} else {
				for _, d := range ds {
					applyNow(t, db, d)
				}
			}
			got := strings.Join(lines(t, db, peopleNow), " ")
			if got != want || count(t, db, `SELECT count(*) FROM contacts`) != 1 {
				t.Fatalf("%s: order %v ends in %q, %d contacts; want %q, one", name, order, got, count(t, db, `SELECT count(*) FROM contacts`), want)
			}
		}
	}
}

// wipe forgets what deliveries brought.
func wipe(t *testing.T, db *modelstest.DB) {
	t.Helper()
	p := modelstest.SQL(t, db.URL)
	defer p.Close()
	for _, table := range []string{"messages", "statuses", "contacts", "former_ids", "deliveries", "delivery_keys"} {
		if _, err := p.Exec("DELETE FROM " + table); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANumberThatSomebodyElseGetsIsSomebodyElse(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		phone := func(p, name string) models.InContact { return models.InContact{Phone: p, Name: name} }
		for n, change := range []func(d *models.Decoded){
			says("m1", phone("100", "Ana"), 1), becomes(phone("100", ""), phone("200", ""), 2), says("m2", phone("100", "Bo"), 9), says("m3", phone("100", "Ana"), 2),
			says("m4", phone("200", "Ana"), 10),
		} {
			applyNow(t, db, toBeApplied(db, n, change))
		}
		want := []string{"m1 200  Ana", "m2 100  Bo", "m3 200  Ana", "m4 200  Ana"}
		if got := lines(t, db, peopleNow); !slices.Equal(got, want) {
			t.Errorf("%s: messages are of %q; want %q", name, got, want)
		}
	}
}

func TestTheAddressBookNamesWhoHasNoProfileName(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		db.NewFlow("claim")
		db.NewResponse().Token("claim.1").Contact("100", "").Save()
		shown := func() string {
			t.Helper()
			found, err := db.Responses(t.Context(), models.ResponseFilter{Text: "dentist"})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, r := range found.Rows {
				all = append(all, r.Contact.Name)
			}
			return fmt.Sprint(all)
		}
		for n, c := range []struct {
			saved string
			at    int
			want  string
		}{{"Ana the dentist", 5, "[Ana the dentist]"}, {"Ana the older dentist", 4, "[Ana the dentist]"}, {"", 7, "[]"}, {"Ana the dentist", 6, "[]"}} {
			applyNow(t, db, toBeApplied(db, n, func(d *models.Decoded) {
				d.People = []models.InPerson{{Was: models.InContact{Phone: "+100"}, Saved: &c.saved, At: minute(c.at)}}
			}))
			if got := shown(); got != c.want {
				t.Errorf("%s: after the name %q of minute %d: %s; want %s", name, c.saved, c.at, got, c.want)
			}
		}
	}
}
