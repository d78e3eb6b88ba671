package rules

import (
	"encoding/json"
	"errors"
)

// ParseCondition reads one condition as strictly as Parse reads it inside a document.
func ParseCondition(raw []byte) (Condition, error) {
	if !json.Valid(raw) {
		return Condition{}, errors.New("the condition is not JSON")
	}
	doc := append([]byte(`{"switchyard":1,"screens":{},"opening":{"otherwise":{"expire":{}},"rules":[{"id":"c","then":{"expire":{}},"when":`), raw...)
	d, problems := Parse(append(doc, "}]}}"...), func() string { return "c" })
	for _, p := range problems {
		if p.Severity == Error {
			return Condition{}, errors.New(p.Message)
		}
	}
	return d.Opening.Rules[0].When, nil
}
