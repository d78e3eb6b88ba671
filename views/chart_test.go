package views_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"switchyard/views"
)

func thirtyDays() views.Chart {
	c := views.Chart{ID: "days", Title: "Responses per day"}
	for i := range 30 {
		c.Points = append(c.Points, views.Point{Label: fmt.Sprintf("%d Nov", i+1), Value: float64((i * 37) % 1300)})
	}
	return c
}

func TestTableBelowAChartHasTheFiguresOfItsBars(t *testing.T) {
	doc := page(t, views.BarChart(thirtyDays()))
	var bars, rows []string
	doc.Find(".plot-bar title").Each(func(_ int, s *goquery.Selection) { bars = append(bars, s.Text()) })
	doc.Find("tbody tr").Each(func(_ int, s *goquery.Selection) {
		rows = append(rows, s.Find("th").Text()+": "+s.Find("td").Text())
	})
	if len(bars) != 30 || strings.Join(bars, "|") != strings.Join(rows, "|") {
		t.Errorf("bars %q; rows %q; want the same 30", bars, rows)
	}
	if rows[29] != "30 Nov: 1,073" {
		t.Errorf("last row = %q; want 30 Nov: 1,073", rows[29])
	}
}

func TestHeightsOfBarsAreInProportion(t *testing.T) {
	c := views.Chart{ID: "c", Title: "t", Points: []views.Point{{"a", 10}, {"b", 5}, {"c", 0}}}
	var h []float64
	page(t, views.BarChart(c)).Find(".plot-bar").Each(func(_ int, s *goquery.Selection) {
		v, err := strconv.ParseFloat(s.AttrOr("height", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		h = append(h, v)
	})
	if len(h) != 3 || h[2] != 0 || math.Abs(h[0]-2*h[1]) > .11 || h[0] < 100 {
		t.Errorf("heights %v; want a full, a half and none", h)
	}
}

func TestGapsStayGaps(t *testing.T) {
	c := views.Chart{ID: "c", Title: "Latency", Unit: " ms", Points: []views.Point{{"1", 10}, {"2", math.NaN()}, {"3", 12.345}, {"4", 13}}}
	doc := page(t, views.LineChart(c))
	if d := doc.Find(".plot-line").AttrOr("d", ""); strings.Count(d, "M") != 2 || strings.Contains(d, "NaN") {
		t.Errorf("line = %q; want two strokes without NaN", d)
	}
	if got := doc.Find("tbody tr:nth-child(2) td").Text(); got != "no data" {
		t.Errorf("the gap's row says %q; want no data", got)
	}
	if got := doc.Find("desc").Text(); got != "3 values from 1 to 4. Lowest 10 ms, highest 13 ms at 4." {
		t.Errorf("desc = %q", got)
	}
}

func TestChartsWithoutFiguresSaySo(t *testing.T) {
	for name, points := range map[string][]views.Point{"none": nil, "only gaps": {{"a", math.NaN()}}, "only zero": {{"a", 0}}} {
		for _, c := range []views.Chart{{ID: "c", Title: "t", Points: points}} {
			html := render(t, views.LineChart(c)) + render(t, views.BarChart(c))
			if strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
				t.Errorf("%s: %s", name, html)
			}
		}
	}
	if got := page(t, views.BarChart(views.Chart{ID: "c"})).Text(); !strings.Contains(got, "No data yet") {
		t.Errorf("chart without points says %q", got)
	}
}

func TestThresholdAndMarksAreInsideTheDrawing(t *testing.T) {
	c := views.Chart{ID: "c", Title: "t", Points: []views.Point{{"a", 1}, {"b", 2}}, Threshold: 50, ThresholdLabel: "Limit", Marks: []views.Mark{{1, "Activated"}}}
	doc := page(t, views.LineChart(c))
	y, err := strconv.ParseFloat(doc.Find(".plot-threshold").AttrOr("y1", ""), 64)
	if err != nil || y < 14 || y > 176 {
		t.Errorf("threshold at %v, %v; want between 14 and 176", y, err)
	}
	if x := doc.Find(".plot-mark line").AttrOr("x1", ""); x != "75.00%" {
		t.Errorf("mark of the second of two points at %q; want 75.00%%", x)
	}
}

func FuzzChartsDrawOnlyFiniteNumbers(f *testing.F) {
	f.Add(1.0, 2.0, 3.0)
	f.Add(-1.0, math.Inf(1), math.NaN())
	f.Add(1e300, 1e-300, 0.0)
	f.Fuzz(func(t *testing.T, a, b, threshold float64) {
		c := views.Chart{ID: "c", Title: "t", Points: []views.Point{{"a", a}, {"b", b}}, Threshold: threshold}
		doc := page(t, views.LineChart(c))
		doc.Find("rect, line, path, text").Each(func(_ int, s *goquery.Selection) {
			for _, name := range []string{"x", "y", "x1", "y1", "height", "width", "d"} {
				if v := s.AttrOr(name, ""); strings.Contains(v, "NaN") || strings.Contains(v, "Inf") {
					t.Errorf("%v, %v, %v: %s = %q", a, b, threshold, name, v)
				}
			}
		})
	})
}

func TestCountsHaveWholeTicks(t *testing.T) {
	for top, want := range map[float64]string{0: "0 1", 1: "0 1", 2: "0 1 2", 3: "0 1 2 3", 9: "0 5 10", 10: "0 5 10", 100: "0 25 50 75 100"} {
		var got []string
		c := views.Chart{ID: "c", Title: "t", Whole: true, Points: []views.Point{{"a", top}, {"b", 0}}}
		page(t, views.BarChart(c)).Find("svg").First().Find("text").Each(func(_ int, s *goquery.Selection) { got = append(got, s.Text()) })
		if strings.Join(got, " ") != want {
			t.Errorf("ticks up to %v = %q; want %s", top, got, want)
		}
	}
}
