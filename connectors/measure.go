package connectors

import (
	"context"
	"encoding/json"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Looker asks a vendor who we are and what we may.
type Looker interface {
	// Look asks who we are, what we may, and which streams there are. An error
	// that wraps [ErrRefused] says that the vendor does not accept the
	// credentials.
	Look(ctx context.Context) (evenkeel.Access, error)
}

// Measurer asks a monitoring system for what a service was, slice by slice. It
// is safe for concurrent use.
type Measurer interface {
	Looker
	// Measure asks for the slices of a window. All that an indicator needs is
	// asked at the same instants. An error that wraps [evenkeel.ErrInvalid] names
	// the field of the definition that has to be mended.
	Measure(ctx context.Context, q Question) (Answer, error)
	// Terms are how the system may be asked.
	Terms() Terms
}

// Terms are how a monitoring system may be asked.
type Terms struct {
	// Delay is how long measurements may take to arrive: younger slices are not
	// asked for.
	Delay time.Duration
	// Points is the longest window of one question, in slices.
	Points int
	// Address is where the system is, by which documents may name it.
	Address string
}

// Question is what is to be measured.
type Question struct {
	Indicator slo.Indicator
	// GroupBy are labels of which every combination is a series of its own.
	GroupBy []string
	// Slice is the length of a slice, and the window holds whole ones.
	Slice  time.Duration
	Window evenkeel.Window
}

// slices is how many slices are asked for.
func (q Question) slices() int { return int(q.Window.To.Sub(q.Window.From) / q.Slice) }

// Answer is what was measured.
type Answer struct {
	Series []MeasuredSeries
	// Notes are what is odd about it.
	Notes []MeasureNote
	// Queries are what was asked, with links to the graphs.
	Queries []AskedQuery
}

// MeasuredSeries is the slices of one combination of labels, by time. What was
// not measured is not among them.
type MeasuredSeries struct {
	// Labels are those of the question's GroupBy; nil without.
	Labels map[string]string
	Slices []evenkeel.Slice
}

// NoteKind is what is odd about an answer.
type NoteKind string

// The kinds of notes.
const (
	// NoteAbsent is a part that is absent in slices that have the other.
	NoteAbsent NoteKind = "absent"
	// NoteUnusable is a value that cannot be: NaN, infinite, an amount below 0.
	NoteUnusable NoteKind = "unusable"
	// NotePartial is an answer that the system calls incomplete.
	NotePartial NoteKind = "partial"
	// NoteRetention is a system that does not keep as much as the window has.
	NoteRetention NoteKind = "retention"
	// NoteDropped is labels that are in the answer and not in GroupBy.
	NoteDropped NoteKind = "dropped labels"
	// NoteSuspect is a query that probably does not measure what it should.
	NoteSuspect NoteKind = "suspect"
)

// MeasureNote is one thing that is odd about an answer.
type MeasureNote struct {
	Kind NoteKind `json:"kind"`
	// Field is that of the indicator, "good"; empty is the answer as a whole.
	Field string `json:"field,omitzero"`
	// Text is a sentence with the way to mend it.
	Text string `json:"text"`
	// N counts the slices concerned; 0 where it is not of slices.
	N int `json:"n,omitzero"`
}

// AskedQuery is one query as it was asked.
type AskedQuery struct {
	Field string `json:"field"`
	Query string `json:"query"`
	// URL shows it as a graph; empty where the system has no such address.
	URL string `json:"url,omitzero"`
}

// Asker makes what asks a vendor, records or measurements; nil where the
// settings name no interface to ask, or the source is never asked.
func (s Source) Asker(settings json.RawMessage, o Outside) (Looker, error) {
	switch {
	case s.Pull != nil:
		puller, err := s.Pull(settings, o)
		if err != nil || puller == nil {
			return nil, err
		}
		return puller, nil
	case s.Measure != nil:
		measurer, err := s.Measure(settings, o)
		if err != nil || measurer == nil {
			return nil, err
		}
		return measurer, nil
	}
	return nil, nil
}
