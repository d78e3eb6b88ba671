package web_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// evil are texts that customers and colleagues may enter: for a browser, a spreadsheet, a template, or to spoil a page.
var evil = []string{
	`<script>window.evil=1</script>`, `"><img src=x onerror="window.evil=1">`, `' onmouseover='window.evil=1' x='`, `=HYPERLINK("http://x.example","open")`, " \t@SUM(1+1)*cmd|'/C calc'!A0",
	"\u202Egpj.exe", "nul\x00byte", strings.Repeat("W", 10_000), "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301", "line\r\nbreak\n\n\nend", `{{constructor.constructor("window.evil=1")()}} ${evil}`,
	`</textarea></title></style><svg/onload=window.evil=1>`, `javascript:window.evil=1`, `%3Cscript%3E &lt;b&gt; &amp;`, `",;` + "\t" + `"`,
}

// cut is a text in so many characters, on one line, for names that have a limit.
func cut(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(strings.ReplaceAll(s, "\x00", "")), " "))
	return strings.TrimSpace(string(r[:min(len(r), n)]))
}

// evilFlow is a Flow JSON whose words are all such texts: a field and an option for each.
func evilFlow(t *testing.T) []byte {
	t.Helper()
	type o map[string]any
	var options []o
	children := []o{}
	for i, text := range evil {
		options = append(options, o{"id": fmt.Sprint("o", i), "title": text})
		children = append(children, o{"type": "TextInput", "name": fmt.Sprint("f", i), "label": text, "required": false})
	}
	payload := o{"choice": "${form.choice}"}
	for i := range evil {
		payload[fmt.Sprint("f", i)] = fmt.Sprintf("${form.f%d}", i)
	}
	children = append(children, o{"type": "CheckboxGroup", "name": "choice", "label": evil[1], "data-source": options},
		o{"type": "Footer", "label": "Send", "on-click-action": o{"name": "complete", "payload": payload}})
	raw, err := json.Marshal(o{"version": "7.1", "screens": []o{{"id": "EVIL", "title": evil[0], "terminal": true, "layout": o{"type": "SingleColumnLayout", "children": []o{{"type": "Form", "name": "form", "children": children}}}}}})
	must(t, err)
	return raw
}

// spoil makes a site where every word that somebody else wrote is such a text. The responses are newest last.
func spoil(t *testing.T) (*site, models.Flow) {
	t.Helper()
	s := openSite(t).addUsers(t)
	ctx, db := t.Context(), s.DB()
	f, err := db.CreateFlow(ctx, models.Flow{Slug: "evil", Name: cut(evil[1], 100), Mode: models.Encrypted}, tester)
	must(t, err)
	_, err = db.SaveFlowJSON(ctx, f.ID, evilFlow(t), tester)
	must(t, err)
	by := models.By{UserID: 3, Name: evil[1]}
	must(t, db.AddTriageStatus(ctx, models.TriageStatus{Name: cut(evil[0], 40)}, by))
	statuses, err := db.TriageStatuses(ctx)
	must(t, err)
	own := statuses[slices.IndexFunc(statuses, func(s models.TriageStatus) bool { return s.Name == cut(evil[0], 40) })]
	for i, text := range evil {
		answers := map[string]any{"flow_token": fmt.Sprint("evil.", i), text: text, "choice": []string{"o0", "o" + fmt.Sprint(i), text},
			"photo": []any{map[string]any{"id": 7000 + i, "file_name": text + ".jpg", "mime_type": "image/jpeg", "sha256": "x"}}}
		for j := range evil {
			answers[fmt.Sprint("f", j)] = text
		}
		if got := s.deliver(t, reply(fmt.Sprint("EVIL", i), fmt.Sprint(5511987653100+i), text, answers)); got.status != 200 {
			t.Fatalf("deliver %.40q = %d %s", text, got.status, got.body)
		}
		s.decoded(t)
		id := s.newest(t).ID
		_, _, err := db.AddNote(ctx, id, cut(text, 2000), by)
		must(t, err)
		_, err = db.Triage(ctx, []int64{id}, models.TriageChange{What: models.AddTag, Value: cut(strings.ReplaceAll(text, ",", " "), 40)}, by)
		must(t, err)
		_, err = db.Triage(ctx, []int64{id}, models.TriageChange{What: models.SetStatus, Value: own.Key}, by)
		must(t, err)
		_, err = db.AddResponseView(ctx, models.ResponseView{Name: cut(text, 60), Query: "flow=evil&tag=" + fmt.Sprint(i), Shared: true}, by)
		must(t, err)
	}
	must(t, db.Note(ctx, []models.Mark{{Name: models.MarkBadSignature, At: models.Time{Time: time.Now()}, Count: 1, Detail: evil[0]}}))
	return s, f
}
