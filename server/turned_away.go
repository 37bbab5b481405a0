package server

import (
	"sync"
	"time"
)

// turnedAway counts requests to connections that were not taken in. They leave
// no trace in the store, so that a stranger cannot fill it; this says since the
// start of the process why nothing comes. It is safe for concurrent use; the
// zero value is ready.
type turnedAway struct {
	mu   sync.Mutex
	held map[string]TurnedAwayView
}

// note counts a request. Only known connections are noted, so it stays small.
func (t *turnedAway) note(connection, reason string, at time.Time) {
	if connection == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.held = map[string]TurnedAwayView{}
	}
	t.held[connection] = TurnedAwayView{Count: t.held[connection].Count + 1, LastAt: at.UTC(), Reason: reason}
}

// of is what was turned away of a connection; nil without any.
func (t *turnedAway) of(connection string) *TurnedAwayView {
	t.mu.Lock()
	defer t.mu.Unlock()
	if held, ok := t.held[connection]; ok {
		return &held
	}
	return nil
}
