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
	Version  string         `json:"version"` // of the data API; "" = "3.0"
	Steps    []Step         `json:"steps"`
	Contact  Contact        `json:"contact"`  // who completes the flow
	Complete map[string]any `json:"complete"` // when given, the flow's completion is told to the webhook with these answers
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
}

// A Contact is a customer.
type Contact struct {
	ID   string `json:"wa_id"` // "" = a number that nobody has
	Name string `json:"name"`
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
