package admin

import (
	"strconv"
	"strings"
	"time"

	"switchyard/models"
)

const longestPeriod = 366 // days

// readPeriod reads "7d", the last so many days in a zone with today as one of them. Dates that are said win over it.
func (f *found) readPeriod(text string, now time.Time, zone *time.Location) {
	if text == "" || f.query.From != "" || f.query.To != "" {
		return
	}
	days, ok := strings.CutSuffix(text, "d")
	n, err := strconv.Atoi(days)
	if !ok || err != nil || n < 1 || n > longestPeriod {
		f.wrong("from", "There is no period “"+text+"”. Enter dates, or choose one of the periods.")
		return
	}
	y, m, d := now.In(zone).Date()
	f.query.Days, f.filter.From = n, models.StartOfDay(y, m, d-n+1, zone)
}
