package main

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// newcomerPatience is how long a connection that has asked nothing yet may take
// to do so when the server stops.
const newcomerPatience = time.Second

// newcomers are connections that have asked nothing yet. Browsers keep some in
// reserve, and a server that stops would wait five seconds for them.
type newcomers struct {
	mu   sync.Mutex
	held map[net.Conn]bool
}

func newNewcomers() *newcomers { return &newcomers{held: map[net.Conn]bool{}} }

// note follows a connection; it is an http.Server's ConnState.
func (n *newcomers) note(c net.Conn, state http.ConnState) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if state == http.StateNew {
		n.held[c] = true
		return
	}
	delete(n.held, c)
}

// close ends those that still have asked nothing.
func (n *newcomers) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.held {
		_ = c.Close() // Its reader notices, and the server lets go of it.
	}
}
