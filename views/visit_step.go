package views

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/flowjson"
)

// A StepView is one request of a visit, as the role may see it.
type StepView struct {
	models.Step
	State   string // draws the mark, as Badge does
	Title   string
	Waited  time.Duration // since the request before
	Rule    string        // "" when none decided
	RuleURL string        // "" when it is not there any more, or the role may not open it
	Version string
	Faults  []string
	Means   *alert.Meaning // of an error notification; nil when it is not known
	Told    string         // the message that the customer got
	Entered []AnswerView
	More    int // entered values that are not shown
	Unseen  bool
	Sent    RawText
}

// A StepReader reads the steps of one visit.
type StepReader struct {
	Flow      *flowjson.Flow // may be nil
	Slug      string
	Answers   Answers           // how values are read and masked
	Published int               // version of the rules that run now; 0 = none
	Rules     map[string]string // place of each rule that runs, by id
	Can       Can
}

// maxEntered is how many values of one request a page shows.
const maxEntered = 50

// Steps reads them in their order.
func (r StepReader) Steps(steps []models.Step) []StepView {
	out := make([]StepView, len(steps))
	for i, s := range steps {
		out[i] = r.step(s)
		if i > 0 {
			out[i].Waited = max(0, s.At.Sub(steps[i-1].At.Time))
		}
	}
	return out
}

func (r StepReader) step(s models.Step) StepView {
	v := StepView{Step: s, State: stepState(s), Title: stepTitle(s, r.screen), Rule: s.Rule, Version: r.version(s), RuleURL: r.ruleURL(s), Unseen: r.unseen()}
	for _, f := range s.Faults {
		v.Faults = append(v.Faults, r.Answers.maskText(f))
		if m, ok := alert.Known(keyOfNotice(f)); ok && s.Kind == stepNotice {
			v.Means = &m
		}
	}
	if v.Unseen {
		return v
	}
	v.Entered, v.More = r.entered(s)
	v.Sent, v.Told = r.sent(s)
	return v
}

// stepFacts is what is known of a request beside its rule: "(version 2) · 12 ms".
func stepFacts(s StepView) string {
	facts := Milliseconds(time.Duration(s.Micros) * time.Microsecond)
	if s.Status != http.StatusOK {
		facts += " · status " + strconv.Itoa(s.Status)
	}
	switch {
	case s.Rule == "":
		return facts
	case s.Version == "":
		return "· " + facts
	}
	return "(" + s.Version + ") · " + facts
}

// screen names one; a name that no screen has may be anything that a phone sent.
func (r StepReader) screen(id string) string {
	return shorten(r.Answers.maskText(ScreenName(r.Flow, id)), maxName)
}

// unseen tells whether nothing is shown of what was said: a sensitive value travels through rules into other screens and
// texts, where nobody finds it again.
func (r StepReader) unseen() bool {
	return r.Answers.Mask && r.Flow == nil || !r.Answers.Revealed && r.Answers.Hidden.Sealed()
}

func (r StepReader) version(s models.Step) string {
	switch {
	case s.RuleVersion == 0:
		return ""
	case s.RuleVersion == r.Published:
		return "version " + strconv.Itoa(s.RuleVersion)
	}
	return "version " + strconv.Itoa(s.RuleVersion) + ", not the one that runs now"
}

func (r StepReader) ruleURL(s models.Step) string {
	place, runs := r.Rules[s.RuleID]
	switch {
	case !runs:
		return ""
	case r.Can.Operator:
		return RuleURL(r.Slug, place, s.RuleID)
	}
	return RulesURL(r.Slug) + "#screen-" + place
}

// entered is what the phone submitted, in the flow's order.
func (r StepReader) entered(s models.Step) (values []AnswerView, more int) {
	data := objectIn(s.Data)
	if s.Kind == stepNotice {
		return nil, 0
	}
	columns := r.Answers.Columns(slices.Collect(maps.Keys(data)))
	for _, col := range columns[:min(len(columns), maxEntered)] {
		values = append(values, r.Answers.View(col.Key, data[col.Key]))
	}
	return values, len(columns) - len(values)
}

// sent is the answer, and the message in it that the customer reads.
func (r StepReader) sent(s models.Step) (raw RawText, told string) {
	answer := objectIn(s.Answer)
	if answer == nil {
		return RawText{}, ""
	}
	data, _ := answer["data"].(map[string]any)
	told, _ = data["error_message"].(string)
	if text, ok := answer["error_msg"].(string); ok {
		told = text
	}
	var pretty bytes.Buffer
	if json.Indent(&pretty, []byte(r.Answers.masking(s.Answer, answer)), "", "  ") != nil {
		return RawText{}, ""
	}
	return RawOf(pretty.String()), shorten(r.Answers.maskText(told), maxAnswer)
}

// masking is JSON as the role may see it: as it came, else written anew.
func (a Answers) masking(raw []byte, o map[string]any) string {
	if !a.Mask && !a.hidesAny() {
		return string(raw)
	}
	return jsonText(a.maskedObject("", o))
}

// objectIn reads a JSON object with its numbers as they are written; nil when it is none.
func objectIn(raw []byte) (o map[string]any) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&o) != nil {
		return nil
	}
	return o
}
