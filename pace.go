package evenkeel

import "time"

// ArrivalStep is how finely arrivals are counted. The days of every time zone
// begin at a whole step.
const ArrivalStep = 15 * time.Minute

// ConnectionPace says how deliveries came through a connection in a window.
// The zero value is that of a connection through which nothing came.
type ConnectionPace struct {
	// Arrivals count deliveries by ArrivalStep, oldest first; steps in which
	// none came are left out.
	Arrivals []ArrivalCount
	// Unclaimed counts deliveries with a fact that belongs to no application.
	Unclaimed int
	// Lags are how long after what they tell of deliveries came, newest first.
	// Only what was new counts, and only what happened after the connection was
	// made; a source that does not say when things happened has none. One below
	// zero is of a source whose clock is ahead.
	Lags []time.Duration
}

// ArrivalCount is how many deliveries came in the step that begins at At.
type ArrivalCount struct {
	At time.Time
	N  int
}
