package web_test

import (
	"fmt"
	"testing"
)

func TestBrowserFollowsDeliveriesUntilItIsPaused(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	send := func(n int) {
		t.Helper()
		s.deliver(t, fmt.Appendf(nil, `{"unknown":%d}`, n))
		s.decoded(t)
	}
	send(1)
	b := signedIn(t, s, "support")
	b.open("/deliveries?state=unmatched")
	b.until("the first row", `document.querySelectorAll(".delivery-row").length === 1`)
	send(2)
	b.until("the second row by itself", `document.querySelectorAll(".delivery-row").length === 2`)
	b.click("Pause")
	send(3)
	b.until("what came is counted", `document.querySelector("#tail-count").textContent.trim() === "1 new"`)
	b.until("the rows stand still", `document.querySelectorAll(".delivery-row").length === 2`)
	b.click("Pause")
	b.until("the third row", `document.querySelectorAll(".delivery-row").length === 3`)
	ask[any](b, `document.querySelector(".delivery-row:last-child input").click(), 1`)
	send(4)
	b.until("rows that are selected stand still", `document.querySelector("#tail-count").textContent.trim() === "1 new"`)
	b.leave("Replay selected")
	b.sees("The delivery is decoded again.")
	b.at("/deliveries?state=unmatched")
}
