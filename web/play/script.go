package play

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A Script is one customer's run through a flow.
type Script struct {
	Flow     string         `json:"flow"`    // slug of the flow; "" = the one that the address names
	Plain    bool           `json:"plain"`   // the flow speaks plain JSON, whatever key there is
	Version  string         `json:"version"` // of the data API; "" = "3.0"
	Steps    []Step         `json:"steps"`
	Contact  Contact        `json:"contact"`  // who completes the flow
	Complete map[string]any `json:"complete"` // when given, the flow's completion is told to the webhook with these answers

	name string // of its file, when it is one of several
}

// A Step is one request and what should come back.
type Step struct {
	Action string         `json:"action"` // "" = data_exchange
	Screen string         `json:"screen"` // "" = the screen shown last
	Data   map[string]any `json:"data"`
	Expect Expect         `json:"expect"`
}

// An Expect says what an answer must be; what it leaves out may be anything.
type Expect struct {
	Status int     `json:"status"` // 0 = 200
	Screen string  `json:"screen"`
	Error  *string `json:"error"` // error_message of a screen, error_msg of a 427; "" = there must be none
	// Data names keys of the answer's data, or of the params with which the flow is finished, and the value of each; null =
	// it must not be there.
	Data map[string]any `json:"data"`
}

// A Contact is a customer.
type Contact struct {
	ID   string `json:"wa_id"` // "" = a number that nobody has
	Name string `json:"name"`
}

// readScripts reads a file, or the files of a folder in the order of their names.
func readScripts(path string) ([]Script, error) {
	files, err := readFiles(path)
	if err != nil {
		return nil, fmt.Errorf("read the script: %w", err)
	}
	var scripts []Script
	for _, f := range files {
		s, err := ParseScript(f.text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if len(files) > 1 {
			s.name = f.name
		}
		scripts = append(scripts, s)
	}
	return scripts, nil
}

// ParseScript reads a script; an unknown key is an error, because a misspelt expectation would expect nothing.
func ParseScript(text []byte) (Script, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	d.UseNumber()
	var s Script
	if err := d.Decode(&s); err != nil {
		return Script{}, fmt.Errorf("read the script: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Script{}, errors.New("read the script: there is more text after its end")
	}
	if len(s.Steps) == 0 && s.Complete == nil {
		return Script{}, errors.New("read the script: it has neither steps nor complete")
	}
	return s, nil
}

// fault says where in the script something went wrong; nil stays nil.
func (s Script) fault(place string, err error) error {
	switch {
	case err == nil:
		return nil
	case s.name != "":
		place = s.name + ", " + place
	}
	return fmt.Errorf("%s: %w", place, err)
}
