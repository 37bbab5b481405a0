package evenkeel

import "time"

// Window is a half-open span of time, [From, To).
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Contains says whether t lies in the window. The zero time lies in none.
func (w Window) Contains(t time.Time) bool {
	return !t.IsZero() && !t.Before(w.From) && t.Before(w.To)
}

// Days is the length in days of 24 hours; 0 or less for an empty window.
func (w Window) Days() float64 { return w.To.Sub(w.From).Hours() / 24 }

// Previous is the window of equal length that ends where w begins.
func (w Window) Previous() Window { return Window{From: w.From.Add(-w.To.Sub(w.From)), To: w.From} }
