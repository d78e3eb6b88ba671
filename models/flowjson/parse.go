package flowjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// maxScreens bounds what is read; Meta takes 100.
const maxScreens = 200

// A reader is one Parse.
type reader struct {
	root  *node
	flow  *Flow
	pages []*page
	problems
}

// Parse reads a Flow JSON of at most 10 MiB. The flow is nil only when raw is not a JSON object with a
// list of screens; every fault is a Problem with its place. Problems of severity Error are those that
// Meta refuses to publish. At most 500 problems are told.
func Parse(raw []byte) (*Flow, []Problem) {
	var found []Problem
	r := &reader{problems: problems{all: &found}}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if r.open(raw) {
		r.read()
		r.check()
		r.findUnknown()
		r.findLines(raw)
	}
	return r.flow, found
}

// open decodes the document and tells what makes it unreadable.
func (r *reader) open(raw []byte) bool {
	if len(raw) > maxBytes {
		r.fail("INVALID_FLOW_JSON", "", "The file is larger than 10 MB, which is the most that WhatsApp takes; make its images smaller.")
		return false
	}
	root, err := decode(raw)
	if err != nil {
		r.fail("INVALID_FLOW_JSON", "", "This is not valid JSON%s; paste the whole Flow JSON.", where(raw, err))
		return false
	}
	screens := root.get("screens")
	switch {
	case !root.is(isObject):
		r.fail("INVALID_FLOW_JSON", "", "A Flow JSON is an object that begins with { and has a list of screens.")
	case screens == nil:
		r.fail("MISSING_REQUIRED_PROPERTY", "", "There is no list of screens; paste the whole Flow JSON.")
	case !screens.is(isArray):
		r.fail("INVALID_PROPERTY_TYPE", "/screens", "Make screens a list; it is %s.", screens.shape.word())
	default:
		r.root = root
	}
	return r.root != nil
}

// where says at which line a document stops being JSON.
func where(raw []byte, err error) string {
	if errors.Is(err, errDepth) || errors.Is(err, errNodes) || errors.Is(err, errTail) {
		return " that can be read: " + err.Error()
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Offset >= 0 && syntax.Offset <= int64(len(raw)) {
		return " at line " + strconv.Itoa(1+bytes.Count(raw[:syntax.Offset], []byte("\n")))
	}
	return ": it ends too early"
}

func (r *reader) read() {
	r.flow = &Flow{
		Version:        r.root.get("version").str(),
		DataAPIVersion: r.root.get("data_api_version").str(),
		RoutingModel:   readRoutes(r.root.get("routing_model")),
	}
	for i, n := range r.root.get("screens").list() {
		if !n.is(isObject) || len(r.pages) == maxScreens {
			continue
		}
		p := readPage(r.flow, n, index("/screens", i))
		r.pages = append(r.pages, p)
		r.flow.Screens = append(r.flow.Screens, p.Screen)
	}
	for _, s := range r.flow.Screens {
		s.sent = s.merge()
	}
}
