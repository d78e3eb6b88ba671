package models_test

import (
	"strconv"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// An alert a minute for three hours, to one who wants at most five messages an hour.
func TestBeyondTheLimitsOneMessageAnHourTellsAll(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("crew", func(r *models.Receiver) { r.Hourly, r.Daily = 5, 7 })
	begin, posts, tells := db.Now(), []int{}, 0
	for i := range 180 {
		db.NewAlert(strconv.Itoa(1000+i), alert.EndpointErrorRate, 10)
		db.Advance(time.Minute)
		for db.Gather() > 0 {
			c, ok := db.ClaimNext(r.ID)
			if !ok {
				t.Fatal("nothing to claim")
			}
			posts, tells = append(posts, int(db.Now().Sub(begin)/time.Minute)), tells+len(c.Tells)
			db.SettleAs(c, models.PostTaken)
		}
	}
	inHour := func(h int) (n int) {
		for _, at := range posts {
			if at > h*60 && at <= (h+1)*60 {
				n++
			}
		}
		return n
	}
	if inHour(0) != 5 || len(posts) > 5+1+2 || inHour(1) > 2 || inHour(2) > 2 {
		t.Errorf("posts at minutes %v; want five in the first hour, then about one an hour", posts)
	}
	db.Advance(time.Hour)
	if db.Gather() != 1 {
		t.Fatal("the rest is not told an hour later")
	}
	c, _ := db.ClaimNext(r.ID)
	if tells += len(c.Tells); tells != 180 {
		t.Errorf("told %d of 180 alerts", tells)
	}
}

func TestTheNextPostWaitsOnlyBeyondTheLimits(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	ago := func(minutes ...int) (all []models.Time) {
		for _, m := range minutes {
			all = append(all, models.Time{Time: now.Add(-time.Duration(m) * time.Minute)})
		}
		return all
	}
	for _, tt := range []struct {
		name          string
		made          []models.Time
		hourly, daily int
		want          time.Duration
	}{
		{"nothing yet", nil, 1, 1, 0},
		{"fewer than allowed", ago(50, 40, 30, 5), 5, 15, 0},
		{"an hour's are used up", ago(50, 40, 30, 20, 10), 5, 15, 50 * time.Minute},
		{"one of them is an hour old", ago(60, 40, 30, 20, 10), 5, 15, 0},
		{"a day's are used up", ago(600, 500, 400, 20), 5, 4, 40 * time.Minute},
		{"a day's are used up and an hour has passed", ago(600, 500, 400, 90), 5, 4, -30 * time.Minute},
	} {
		if got := models.NextPost(now, tt.made, tt.hourly, tt.daily).Sub(now); got != tt.want {
			t.Errorf("%s: NextPost = now + %v; want %v", tt.name, got, tt.want)
		}
	}
}

func TestWhatComesInQuietHoursWaitsForThem(t *testing.T) {
	db := modelstest.Open(t)
	day := models.Hours{Days: []int{1, 2, 3, 4, 5}, From: 8 * 60, To: 18 * 60, Zone: "Europe/Lisbon"}
	quiet, _ := db.NewReceiver("quiet", func(r *models.Receiver) { r.Hours = day })
	urgent, _ := db.NewReceiver("urgent", func(r *models.Receiver) { r.Hours, r.Urgent = day, true })
	// The night from Friday to Saturday in Lisbon.
	db.Advance(time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC).Sub(db.Now()))
	db.NewAlert("1", alert.EndpointErrorRate, 5)
	db.NewAlert("2", alert.EndpointErrorRate, 50)
	db.Advance(time.Minute)
	if n := db.Gather(); n != 1 {
		t.Fatalf("GatherPosts at night = %d; want one", n)
	}
	if c, ok := db.ClaimNext(urgent.ID); !ok || len(c.Tells) != 1 || c.Tells[0].Severity != 3 {
		t.Errorf("at night %+v was sent; want the one of high severity", c.Tells)
	} else {
		db.SettleAs(c, models.PostTaken)
	}
	db.Advance(time.Date(2026, 11, 23, 7, 59, 0, 0, time.UTC).Sub(db.Now()))
	if n := db.Gather(); n != 0 {
		t.Errorf("GatherPosts before eight on Monday = %d; want none", n)
	}
	db.Advance(time.Minute)
	if n := db.Gather(); n != 2 {
		t.Errorf("GatherPosts at eight = %d; want both", n)
	}
	if c, ok := db.ClaimNext(quiet.ID); !ok || len(c.Tells) != 2 {
		t.Errorf("at eight %+v was sent; want both in one", c.Tells)
	}
}

func TestOnePostAtATimeSoThatNewsStayInOrder(t *testing.T) {
	db, r := told(t)
	c, _ := db.ClaimNext(r.ID)
	db.SettleAs(c, models.PostFailed)
	for _, id := range []string{"2", "3"} {
		db.NewAlert(id, alert.EndpointErrorRate, 10)
		db.Advance(time.Minute)
		if n := db.Gather(); n != 0 {
			t.Fatalf("made %d posts while one before is tried", n)
		}
	}
	c, ok := db.ClaimNext(r.ID)
	if !ok {
		t.Fatal("the first is not due")
	}
	db.SettleAs(c, models.PostTaken)
	if n := db.Gather(); n != 1 {
		t.Fatalf("made %d posts after it was taken; want one", n)
	}
	if c, ok := db.ClaimNext(r.ID); !ok || len(c.Tells) != 2 {
		t.Errorf("then %d are told; want both", len(c.Tells))
	}
}

func TestTwoServersMakeOnePostOfWhatWaits(t *testing.T) {
	db := modelstest.Open(t)
	db.NewReceiver("crew")
	beside := modelstest.OpenAt(t, db.URL, func(o *models.Options) { o.Now = db.Now })
	for i := range 10 {
		db.NewAlert(strconv.Itoa(i+1), alert.EndpointErrorRate, 10)
	}
	db.Advance(time.Minute)
	made := make(chan int)
	for _, d := range []*modelstest.DB{db, beside} {
		go func() {
			n, err := d.GatherPosts(t.Context())
			if err != nil {
				t.Error(err)
			}
			made <- n
		}()
	}
	if n := <-made + <-made; n != 1 {
		t.Errorf("two servers made %d posts; want one", n)
	}
	if n := count(t, db, "SELECT count(*) FROM notifications WHERE post_id = 1"); n != 10 {
		t.Errorf("%d of 10 are in it", n)
	}
}

func TestHoursOpenAndCloseByTheirZone(t *testing.T) {
	night := models.Hours{Days: []int{5}, From: 22 * 60, To: 6 * 60, Zone: "America/Sao_Paulo"} // Friday night
	day := models.Hours{From: 9 * 60, To: 17 * 60, Zone: "Europe/Berlin"}
	for _, tt := range []struct {
		hours models.Hours
		at    string
		want  bool
	}{
		{models.Hours{Zone: "UTC"}, "2026-11-20T03:00:00Z", true},
		{models.Hours{Days: []int{6, 7}, Zone: "UTC"}, "2026-11-20T23:59:59Z", false},
		{models.Hours{Days: []int{6, 7}, Zone: "UTC"}, "2026-11-21T00:00:00Z", true},
		{day, "2026-07-01T06:59:00Z", false}, {day, "2026-07-01T07:00:00Z", true}, // summer time
		{day, "2026-12-01T07:59:00Z", false}, {day, "2026-12-01T08:00:00Z", true}, {day, "2026-12-01T16:00:00Z", false},
		{night, "2026-11-21T00:59:00Z", false}, {night, "2026-11-21T01:00:00Z", true}, // 22:00 on Friday
		{night, "2026-11-21T08:59:00Z", true}, {night, "2026-11-21T09:00:00Z", false}, // 06:00 on Saturday
		{night, "2026-11-20T08:00:00Z", false}, {night, "2026-11-22T01:30:00Z", false}, // the nights before and after
		{models.Hours{From: 60, To: 120, Zone: "Nowhere/City"}, "2026-11-20T01:30:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.hours.Open(at); got != tt.want {
			t.Errorf("%+v.Open(%s) = %t; want %t", tt.hours, tt.at, got, tt.want)
		}
	}
}

// An alert that gets high at night is told then, with its beginning, which would be wrong in the morning.
func TestWhatIsOlderOfAnAlertGoesWithWhatIsNewer(t *testing.T) {
	db := modelstest.Open(t)
	r, _ := db.NewReceiver("urgent", func(r *models.Receiver) {
		r.Hours, r.Urgent = models.Hours{From: 8 * 60, To: 18 * 60, Zone: "UTC"}, true
	})
	db.Advance(time.Date(2026, 11, 20, 22, 0, 0, 0, time.UTC).Sub(db.Now()))
	db.NewAlert("1", alert.EndpointErrorRate, 5)
	other := db.NewAlert("2", alert.EndpointErrorRate, 5)
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "ACTIVATED", 50, db.Time())
	db.Advance(time.Minute)
	db.Gather()
	c, _ := db.ClaimNext(r.ID)
	if len(c.Tells) != 2 || c.Tells[0].Fact.Moment != models.Began || c.Tells[1].Fact.Moment != models.Worse {
		t.Fatalf("at night %+v was sent; want the beginning and the worsening", c.Tells)
	}
	db.SettleAs(c, models.PostTaken)
	db.Advance(12 * time.Hour)
	db.Gather()
	if c, _ = db.ClaimNext(r.ID); len(c.Tells) != 1 || c.Tells[0].AlertID != other.ID {
		t.Errorf("in the morning %+v was sent; want the other alert alone", c.Tells)
	}
}
