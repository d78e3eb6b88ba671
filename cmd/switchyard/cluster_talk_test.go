package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// converse holds one conversation after the other, each step with the next process, and tells of its end as a webhook.
func (l *load) converse(ctx context.Context, talker int) {
	for n := 0; ctx.Err() == nil && !l.halt.Load(); n++ {
		token := fmt.Sprintf("talk.%d-%d", talker, n)
		for i, screen := range []string{"", "ONE", "TWO", "THREE"} {
			l.step(ctx, token, i, screen, n+i)
			time.Sleep(pause)
		}
		l.deliver(ctx, webhookBody(inbound(n, completion(n, talkWAMID(token), token))), n)
		l.mu.Lock()
		l.talks = append(l.talks, token)
		l.mu.Unlock()
	}
}

// step asks until there is an answer, as a phone does.
func (l *load) step(ctx context.Context, token string, i int, screen string, first int) {
	mark := fmt.Sprintf("%s/%d", token, i)
	action := "data_exchange"
	if screen == "" {
		action = "INIT"
	}
	body := mustJSON(obj{"version": "3.0", "action": action, "screen": screen, "flow_token": token, "data": obj{"mark": mark}})
	for try := first; ctx.Err() == nil; try++ {
		p, began := l.c.procs[try%len(l.c.procs)], time.Now()
		status, answer := ask(ctx, http.MethodPost, p.url("/flow-endpoint/talk"), body, http.Header{"Content-Type": {"application/json"}})
		var got struct{ Screen string }
		if status == http.StatusOK && json.Unmarshal(answer, &got) == nil && got.Screen == []string{"ONE", "TWO", "THREE", "SUCCESS"}[i] {
			l.mu.Lock()
			l.steps = append(l.steps, answered{mark, token, p, time.Now(), time.Since(began)})
			l.mu.Unlock()
			return
		}
		l.retry()
	}
}
