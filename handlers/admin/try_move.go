package admin

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/views"
)

// What a move is.
const (
	moveOpen = "open" // asks the opening, or with a screen: the message opens that one itself
	moveSend = "send" // submits a screen
	moveBack = "back" // goes back from a screen, which asks
	moveGo   = "go"   // the phone goes to a screen by itself
)

// A tryMove is one thing that the customer did, as the form carries it.
type tryMove struct {
	Do     string         `json:"do"`
	Screen string         `json:"screen,omitempty"`
	Data   map[string]any `json:"data,omitempty"`
}

var errMoves = &models.Invalid{Message: "This try cannot be read any more. Begin anew."}

// readMoves reads the moves that a form carries; "" are none.
func readMoves(text string) (moves []tryMove, err error) {
	if text == "" {
		return nil, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&moves) != nil || len(moves) > mostMoves {
		return nil, errMoves
	}
	for i, m := range moves {
		switch m.Do {
		case moveOpen, moveSend, moveBack, moveGo:
		default:
			return nil, errMoves
		}
		if m.Do == moveSend && m.Data == nil {
			moves[i].Data = map[string]any{}
		}
	}
	return moves, nil
}

// move does what a button says, after the moves that were made.
func (t *tryRun) move(do string, form url.Values) formErrors {
	if n, ok := cut(do, len(t.moves)); ok {
		t.play(n)
		return nil
	}
	name, n, _ := strings.Cut(do, "-")
	i, _ := strconv.Atoi(n)
	m := tryMove{Do: name, Screen: t.run.Screen}
	switch at := t.run.At(); {
	case len(t.moves) >= mostMoves || t.run.Ended:
		return nil
	case name == moveOpen && len(t.moves) == 0:
		if m.Screen = form.Get("screen"); m.Screen != "" && t.json.Screen(m.Screen) == nil {
			return formErrors{{ID: "screen", Message: "Choose a screen of the list."}}
		}
	case at == nil || n != "" && (i < 0 || i >= len(at.Payloads)):
		return nil
	case name == moveSend:
		var errs formErrors
		if m.Data, errs = t.submitted(at, at.Payloads[i], form); len(errs) > 0 {
			t.typed = form
			return errs
		}
	case name == moveGo:
		m.Screen = at.Payloads[i].Next
	case name != moveBack:
		return nil
	}
	t.moves = append(t.moves, m)
	t.page.Steps = append(t.page.Steps, t.step(len(t.moves)-1, m))
	return nil
}

// asked are the payloads of the screen that the customer sees, as buttons.
func (t *tryRun) asked() (buttons []views.TryButton) {
	at := t.run.At()
	if at == nil {
		return nil
	}
	for i, p := range at.Payloads {
		b := views.TryButton{Label: p.Label, Hint: p.Component, Next: p.Next}
		switch p.Action {
		case "data_exchange":
			b.Do = moveSend + "-" + strconv.Itoa(i)
		case "navigate":
			b.Do = moveGo + "-" + strconv.Itoa(i)
		case "complete":
			b.Completes = true
		}
		buttons = append(buttons, b)
	}
	return buttons
}
