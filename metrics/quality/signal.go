package quality

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Signal is something that is to be known of every application.
type Signal string

// SignalOwnership is whether a group answers for the application. All other
// signals are named after the kind of fact they consist of.
const SignalOwnership Signal = "ownership"

// Signals lists the signals in the order of the matrix.
func Signals() []Signal {
	return []Signal{
		Signal(evenkeel.KindDeployment), Signal(evenkeel.KindChange), Signal(evenkeel.KindCommit), Signal(evenkeel.KindIncident),
		Signal(evenkeel.KindBuild), Signal(evenkeel.KindArtifact), Signal(evenkeel.KindWorkItem), Signal(evenkeel.KindFlagChange),
		Signal(evenkeel.KindEvidence), Signal(evenkeel.KindMeasurement), SignalOwnership,
	}
}

// Kind is the kind of fact of a signal; empty for ownership.
func (s Signal) Kind() evenkeel.Kind {
	if s == SignalOwnership {
		return ""
	}
	return evenkeel.Kind(s)
}

// Always says that the signal is expected of every application: without it no
// figure can be told.
func (s Signal) Always() bool {
	switch s {
	case Signal(evenkeel.KindDeployment), Signal(evenkeel.KindChange), Signal(evenkeel.KindCommit), Signal(evenkeel.KindIncident), SignalOwnership:
		return true
	}
	return false
}

// Sporadic says that an application may be silent for long without anything
// being wrong: what is judged is whether the signal comes from anywhere.
func (s Signal) Sporadic() bool {
	switch s {
	case Signal(evenkeel.KindIncident), Signal(evenkeel.KindWorkItem), Signal(evenkeel.KindFlagChange), Signal(evenkeel.KindEvidence):
		return true
	}
	return false
}

// State is how a signal of an application does.
type State string

// The states.
const (
	Flowing     State = "flowing"
	Stale       State = "stale"
	Never       State = "never"
	NotExpected State = "not_expected"
)

// States lists the states in the order of the documentation.
func States() []State { return []State{Flowing, Stale, Never, NotExpected} }

// Reason says in a code why a signal is in its state.
type Reason string

// The reasons.
const (
	// Flowing.
	WithinInterval Reason = "within_interval" // The last fact is no older than is usual.
	FewFacts       Reason = "few_facts"       // Too few to know an interval; there was one lately.
	ComesElsewhere Reason = "comes_elsewhere" // Sporadic: silent here, but it comes for others.
	Owned          Reason = "owned"           // A group answers for the application.
	// Stale.
	LongerThanUsual Reason = "longer_than_usual" // The silence exceeds the limit.
	NoneLately      Reason = "none_lately"       // Too few to know an interval; none in 90 days.
	SilentForAll    Reason = "silent_for_all"    // Sporadic: it comes from nowhere any more.
	InFuture        Reason = "in_future"         // Its last fact lies in the future, and there was none lately.
	// Never.
	NoFact   Reason = "no_fact"
	NotOwned Reason = "not_owned"
	// Not expected.
	NobodySends Reason = "nobody_sends" // No application has it.
	FewSend     Reason = "few_send"     // At most half of the applications have it.
)

// Seen is what is known of a signal: of one application, or of all.
type Seen struct {
	// LastAt is the last fact's own instant; zero if there is none.
	LastAt time.Time
	// Days are those of the history, ascending.
	Days []evenkeel.DayCount
	// Ahead says that LastAt lies in the future.
	Ahead bool
	// Uncounted says that facts of the signal are not counted by day.
	Uncounted bool
}

// Around is what is known of a signal beyond one application.
type Around struct {
	// Have is how many of Of applications have the signal.
	Have, Of int
	// All is the signal of the workspace.
	All Seen
}

// Cell is one signal of one application.
type Cell struct {
	Signal Signal
	State  State
	Reason Reason
	// LastAt is zero where nothing is known.
	LastAt time.Time
	// Recent counts the facts of the last 90 days; nil where they are not
	// counted.
	Recent *int
	// Silence is by what the state was judged: the application's own, or for
	// ComesElsewhere and SilentForAll that of the workspace.
	Silence Silence
	Around  Around
}

// Judge decides the state of a signal that consists of facts.
func Judge(s Signal, seen Seen, around Around, now time.Time) Cell {
	c := Cell{Signal: s, LastAt: seen.LastAt, Around: around}
	if !seen.Uncounted {
		recent := total(since(seen.Days, evenkeel.DayOf(now)-RecentDays+1))
		c.Recent = &recent
	}
	switch {
	case seen.Ahead:
		c.State, c.Reason = Stale, InFuture
	case seen.LastAt.IsZero():
		c.State, c.Reason = absent(s, around)
	default:
		c.Silence = SilenceOf(seen.Days, seen.LastAt, now)
		c.State, c.Reason = present(c.Silence)
		if c.State == Stale && s.Sporadic() {
			c.Silence = SilenceOf(around.All.Days, around.All.LastAt, now)
			c.State, c.Reason = anywhere(c.Silence)
		}
	}
	return c
}

func absent(s Signal, around Around) (State, Reason) {
	switch {
	case s.Always() || 2*around.Have > around.Of:
		return Never, NoFact
	case around.Have == 0:
		return NotExpected, NobodySends
	}
	return NotExpected, FewSend
}

func present(s Silence) (State, Reason) {
	switch {
	case s.TooLong:
		return Stale, LongerThanUsual
	case s.Known:
		return Flowing, WithinInterval
	case s.For > RecentDays*24*time.Hour:
		return Stale, NoneLately
	}
	return Flowing, FewFacts
}

// anywhere judges a sporadic signal by the silence of the workspace.
func anywhere(s Silence) (State, Reason) {
	if state, _ := present(s); state == Stale {
		return Stale, SilentForAll
	}
	return Flowing, ComesElsewhere
}

// Ownership decides the state of ownership.
func Ownership(owned bool) Cell {
	if owned {
		return Cell{Signal: SignalOwnership, State: Flowing, Reason: Owned}
	}
	return Cell{Signal: SignalOwnership, State: Never, Reason: NotOwned}
}
