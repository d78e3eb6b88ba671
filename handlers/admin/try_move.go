package admin

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/views"
)

// What a move is.
const (
	moveOpen   = "open"   // asks the opening, or with a screen: the message opens that one itself
	moveSend   = "send"   // submits a screen
	moveBack   = "back"   // goes back from a screen, which asks
	moveReturn = "return" // goes back from a screen, which the phone does by itself
	moveGo     = "go"     // the phone goes to a screen by itself
)

// actionOf is the action of the payloads that a move carries out.
var actionOf = map[string]string{moveSend: "data_exchange", moveGo: "navigate"}

// A tryMove is one thing that the customer did, as the form carries it.
type tryMove struct {
	Do      string         `json:"do"`
	Screen  string         `json:"screen,omitempty"`
	Data    map[string]any `json:"data,omitempty"`    // sent with it, or handed to the screen
	Entered map[string]any `json:"entered,omitempty"` // on the screen before, by the name of the control
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
		case moveOpen, moveSend, moveBack, moveReturn, moveGo:
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
	i, err := strconv.Atoi(n)
	if err != nil {
		i = -1
	}
	m := tryMove{Do: name, Screen: t.run.Screen}
	switch at := t.run.At(); {
	case len(t.moves) >= mostMoves || t.run.Ended:
		return nil
	case name == moveOpen && len(t.moves) == 0:
		if m.Screen = form.Get("screen"); m.Screen != "" && t.json.Screen(m.Screen) == nil {
			return formErrors{{ID: "screen", Message: "Choose a screen of the list."}}
		}
		m.Data = examples(t.json.Screen(m.Screen))
	case at == nil:
		return nil
	case name == moveBack && len(t.run.Stack) > 1:
		if !at.RefreshOnBack {
			m.Do = moveReturn
		}
	case i < 0 || i >= len(at.Payloads) || at.Payloads[i].Action != actionOf[name]:
		return nil
	default:
		var errs formErrors
		if m.Entered, errs = t.entries(at, form); len(errs) > 0 {
			t.typed = form
			return errs
		}
		m.Data = t.payload(at, at.Payloads[i], m.Entered)
		if name == moveGo {
			m.Screen = at.Payloads[i].Next
		}
	}
	t.moves = append(t.moves, m)
	t.page.Steps = append(t.page.Steps, t.step(len(t.moves)-1, m))
	return nil
}

// asked are the payloads of the screen that the customer sees, as buttons: those of the footer first, which Enter presses.
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
	footer := func(b views.TryButton) int {
		if strings.HasPrefix(b.Hint, "Footer") {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(buttons, func(a, b views.TryButton) int { return footer(a) - footer(b) })
	return buttons
}
