package whatsapp

import "time"

// crewIdle is how long a goroutine of a crew waits for more work.
const crewIdle = time.Second

// A crew does work on goroutines of its own that serve again: their stacks have grown to what the work needs, which
// would else be done for each request anew.
type crew chan func()

// do begins work; it never waits.
func (c crew) do(work func()) {
	select {
	case c <- work: // somebody is idle
	default:
		go c.serve(work)
	}
}

func (c crew) serve(work func()) {
	idle := time.NewTimer(crewIdle)
	defer idle.Stop()
	for {
		work()
		work = nil // it may hold a customer's words
		idle.Reset(crewIdle)
		select {
		case work = <-c:
		case <-idle.C:
			return
		}
	}
}
