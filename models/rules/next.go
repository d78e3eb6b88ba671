package rules

import "switchyard/models/flowjson"

// Next decides. It cannot fail: whatever cannot be computed is filled and told in Faults.
func (s *Set) Next(in Request, v Visit, fb Fallback) Decision { panic("contract") }

// Explain decides like Next and tells how every rule up to the deciding one fared.
func (s *Set) Explain(in Request, v Visit, fb Fallback) Decision { panic("contract") }

// Unruled decides for a flow of which nothing is published: the screen named, else the fallback screen,
// else the entry screen, with typed empties and the fallback text, fault recorded. ok is false without a flow.
func Unruled(flow *flowjson.Flow, in Request, fb Fallback) (d Decision, ok bool) { panic("contract") }
