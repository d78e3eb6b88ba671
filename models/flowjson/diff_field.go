package flowjson

import "strconv"

// fields compares the inputs of a screen, by their names.
func (d *differ) fields(before, after *Screen) {
	on := " on " + d.name(after.ID)
	for i := range after.Fields {
		f := &after.Fields[i]
		if before.Field(f.Name) == nil {
			d.add(Added, PartField, f.Name, "The field %s%s is new: %s.", f.words(), on, f.Component)
		} else if after.Field(f.Name) == f { // of two with one name the first counts
			d.field(before.Field(f.Name), f, "The field "+f.words()+on)
		}
	}
	for i := range before.Fields {
		if f := &before.Fields[i]; after.Field(f.Name) == nil {
			d.add(Removed, PartField, f.Name, "The field %s%s is gone.", f.words(), on)
		}
	}
}

// words names a field for people.
func (f *Field) words() string {
	if f.Label == f.Name {
		return quoted(f.Name)
	}
	return quoted(f.Label) + " (" + cut(f.Name, 80) + ")"
}

func (d *differ) field(before, after *Field, what string) {
	name := after.Name
	d.value(PartField, name, what+": its label", before.Label, after.Label)
	d.value(PartField, name, what+": its component", before.Component, after.Component)
	if before.Component == after.Component {
		d.value(PartField, name, what+": its input type", before.InputType, after.InputType)
		if before.InputType == after.InputType {
			d.value(PartField, name, what+": its kind", string(before.Kind), string(after.Kind))
		}
	}
	if before.Required != after.Required {
		d.add(Changed, PartField, name, "%s is %s required.", what, map[bool]string{true: "now", false: "no longer"}[after.Required])
	}
	if before.Sensitive != after.Sensitive {
		d.add(Changed, PartField, name, "%s is %s sensitive.", what, map[bool]string{true: "now", false: "no longer"}[after.Sensitive])
	}
	d.value(PartField, name, what+": the data key of its options", before.OptionsKey, after.OptionsKey)
	d.options(before, after, what)
}

func (d *differ) options(before, after *Field, what string) {
	old, now := optionsByID(before.Options), optionsByID(after.Options)
	for _, o := range after.Options {
		was, known := old[o.ID]
		if !known {
			d.add(Added, PartOption, after.Name, "%s: the option %s is new.", what, o.words())
			continue
		}
		d.value(PartOption, after.Name, what+": the title of option "+quoted(o.ID), was.Title, o.Title)
		d.value(PartOption, after.Name, what+": the description of option "+quoted(o.ID), was.Description, o.Description)
	}
	for _, o := range before.Options {
		if _, known := now[o.ID]; !known {
			d.add(Removed, PartOption, after.Name, "%s: the option %s is gone.", what, o.words())
		}
	}
}

func (o Option) words() string {
	if o.Title == "" || o.Title == o.ID {
		return quoted(o.ID)
	}
	return quoted(o.Title) + " (" + cut(o.ID, 80) + ")"
}

func optionsByID(options []Option) map[string]Option {
	m := make(map[string]Option, len(options))
	for _, o := range options {
		m[o.ID] = o
	}
	return m
}

// From says where the value of a payload's key comes from, in words: "field plan", "data key prices",
// "field plan of screen A", `always "date_selected"`, "an expression".
func (k PayloadKey) From() string {
	of := ""
	if k.Screen != "" {
		of = " of screen " + cut(k.Screen, 80)
	}
	switch {
	case k.Field != "":
		return "field " + cut(k.Field, 80) + of
	case k.DataKey != "":
		return "data key " + cut(k.DataKey, 80) + of
	case k.Constant != nil:
		return "always " + cut(string(k.Constant), 80)
	}
	return "an expression"
}

// maxProps bounds how many properties TypeWords names.
const maxProps = 20

// TypeWords is the type of a data key as people write it: "text", "list of {id text, title text}".
func (k *DataKey) TypeWords() string {
	return (&Schema{k.Type, k.Items, k.Props, k.order}).words(3)
}

func (s *Schema) words(depth int) string {
	if s == nil || depth == 0 {
		return "anything"
	}
	switch s.Type {
	case "string":
		return "text"
	case "boolean":
		return "yes or no"
	case "array":
		return "list of " + s.Items.words(depth-1)
	case "object":
		text := "{"
		for i, name := range s.order {
			if i > 0 {
				text += ", "
			}
			if i == maxProps {
				text += "and " + strconv.Itoa(len(s.order)-i) + " more"
				break
			}
			text += cut(name, 40) + " " + s.Props[name].words(depth-1)
		}
		return text + "}"
	case "":
		return "no type"
	}
	return cut(s.Type, 40)
}
