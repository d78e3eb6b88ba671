package flowjson

import (
	"slices"
	"strings"
)

// An Unknown is a part of a document that is not known here: newer than this program, or misspelt. It is kept as it is
// and hinders nothing.
type Unknown struct {
	Screen string // id, when inside one
	Path   string // JSON pointer
	Line   int    // from 1
	What   string // "component", "key", "action" or "type"
	Name   string // as written; hostile until escaped
	Of     string // what a key or a type belongs to: "Dropdown plan"; empty for the flow itself
}

// maxUnknown bounds what a hostile document makes us remember and show.
const maxUnknown = 200

// findUnknown lists what is not known here, in the order of the document.
func (r *reader) findUnknown() {
	r.strange(r.root, Unknown{}, topKeys)
	for _, p := range r.pages {
		at := Unknown{Screen: p.ID, Path: p.path, Of: "screen " + p.ID}
		r.strange(p.node, at, screenKeys)
		for _, k := range p.Data {
			if k.Type != "" && !slices.Contains(dataTypes, k.Type) {
				r.unknown(Unknown{p.ID, below(below(p.path, "data"), k.Name), 0, "type", k.Type, "data key " + k.Name})
			}
		}
		for _, c := range p.parts {
			r.strangePart(p, c)
		}
	}
}

func (r *reader) strangePart(p *page, c part) {
	keys, known := propertyKeys[c.typ]
	if !known {
		if c.typ != "" {
			r.unknown(Unknown{p.ID, c.path, 0, "component", c.typ, c.name})
		}
		return
	}
	r.strange(c.node, Unknown{Screen: p.ID, Path: c.path, Of: c.title()}, strings.Fields(keys+" type visible"))
	if name := c.node.get("input-type").str(); name != "" && inputTypes[name] == "" && static(name) {
		r.unknown(Unknown{p.ID, below(c.path, "input-type"), 0, "type", name, c.title()})
	}
	for _, a := range p.actions(c) {
		if name := a.name(); a.path != "" && name != "" && !slices.Contains(actionNames, name) {
			r.unknown(Unknown{p.ID, a.path, 0, "action", name, c.title()})
		}
	}
}

// strange notes the keys of an object that are not among those known.
func (r *reader) strange(n *node, at Unknown, known []string) {
	if !n.is(isObject) {
		return
	}
	for _, key := range n.keys {
		if !slices.Contains(known, key) {
			r.unknown(Unknown{at.Screen, below(at.Path, key), 0, "key", key, at.Of})
		}
	}
}

func (r *reader) unknown(u Unknown) {
	if len(r.flow.Unknown) < maxUnknown {
		u.Name, u.Of = cut(u.Name, 80), cut(u.Of, 80)
		r.flow.Unknown = append(r.flow.Unknown, u)
	}
}

const (
	choiceKeys = "name label description data-source required enabled on-select-action on-unselect-action init-value error-message media-size"
	dateKeys   = "name label min-date max-date unavailable-dates helper-text enabled required on-select-action init-value error-message"
	uploadKeys = "name label description max-file-size-kb enabled required error-message"
)

// propertyKeys are the properties of each component up to the newest version known here, beside type and visible.
var propertyKeys = map[string]string{
	"TextHeading": "text", "TextSubheading": "text", "RichText": "text",
	"TextBody":          "text font-weight strikethrough markdown",
	"TextCaption":       "text font-weight strikethrough markdown",
	"TextInput":         "name label label-variant input-type pattern required min-chars max-chars helper-text enabled init-value error-message",
	"TextArea":          "name label label-variant required max-length helper-text enabled init-value error-message",
	"CheckboxGroup":     choiceKeys + " min-selected-items max-selected-items",
	"RadioButtonsGroup": choiceKeys,
	"ChipsSelector":     choiceKeys + " min-selected-items max-selected-items",
	"Dropdown":          choiceKeys,
	"OptIn":             "name label required on-click-action on-select-action on-unselect-action init-value error-message",
	"DatePicker":        dateKeys,
	"CalendarPicker":    dateKeys + " title description mode include-days min-days max-days",
	"PhotoPicker":       uploadKeys + " photo-source min-uploaded-photos max-uploaded-photos",
	"DocumentPicker":    uploadKeys + " allowed-mime-types min-uploaded-documents max-uploaded-documents",
	"NavigationList":    "name label description list-items media-size on-click-action",
	"Footer":            "label left-caption center-caption right-caption enabled on-click-action",
	"EmbeddedLink":      "text on-click-action",
	"Image":             "src width height scale-type aspect-ratio alt-text",
	"ImageCarousel":     "images aspect-ratio scale-type",
	"If":                "condition then else",
	"Switch":            "value cases",
	"Form":              "name children init-values error-messages",
}
