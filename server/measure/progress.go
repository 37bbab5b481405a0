package measure

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// Progress is what is measured of a task: all slices of [From, Through). It is
// the cursor of the task's stream.
type Progress struct {
	From    time.Time `json:"from,omitzero"`
	Through time.Time `json:"through,omitzero"`
	// Digest tells when a document has changed what is asked.
	Digest string `json:"digest,omitzero"`
	// Delay is how long measurements take to arrive.
	Delay time.Duration `json:"delay,omitzero"`
	// Notes and Queries are those of the last answer of what is newest.
	Notes   []connectors.MeasureNote `json:"notes,omitzero"`
	Queries []connectors.AskedQuery  `json:"queries,omitzero"`
	// Gone is what the system did not keep any more when it was asked.
	Gone *Gone `json:"gone,omitzero"`
}

// Gone is a past that nobody can measure any more.
type Gone struct {
	// Until is its end.
	Until time.Time `json:"until"`
	// Note tells it, with the slices of the window that are in it.
	Note connectors.MeasureNote `json:"note"`
}

const (
	// recheck is how far back is asked again, for measurements that come late.
	recheck = 15 * time.Minute
	// lookback is what is measured at least, however young a window is: alerts
	// look as far.
	lookback = 3 * 24 * time.Hour
	// maxPieces is how many questions one run asks.
	maxPieces = 40
)

// progressOf reads a cursor; a task whose document asks for something else than
// before is measured anew.
func progressOf(cursor json.RawMessage, t Task) (p Progress, err error) {
	if len(cursor) > 0 {
		err = json.Unmarshal(cursor, &p)
	}
	if digest := t.digest(); p.Digest != digest {
		p = Progress{Digest: digest}
	}
	return p, err
}

// floor is the beginning of the slice of an instant, counted from 1970.
func floor(t time.Time, slice time.Duration) time.Time {
	return time.Unix(0, t.UnixNano()-t.UnixNano()%int64(slice)).UTC()
}

// target is from where on a task is to be measured.
func target(t Task, now time.Time) time.Time {
	from := t.Definition.Window.At(now).From
	if early := now.Add(-lookback); early.Before(from) {
		from = early
	}
	return floor(from, t.Definition.Slice)
}

// delay is how long measurements of a task take to arrive: as its document says,
// else as its connection does.
func (t Task) delay(terms connectors.Terms) time.Duration {
	if t.Definition.Delay > 0 {
		return t.Definition.Delay
	}
	return terms.Delay
}

// end is up to where a task can be measured.
func end(t Task, terms connectors.Terms, now time.Time) time.Time {
	return floor(now.Add(-t.delay(terms)), t.Definition.Slice)
}

// plan is what to ask for in one run: first what is new, oldest first, with what
// may have come late; then the past, newest first.
func (p Progress) plan(t Task, terms connectors.Terms, now time.Time) (windows []evenkeel.Window) {
	slice, from, to := t.Definition.Slice, target(t, now), end(t, terms, now)
	piece := time.Duration(max(terms.Points, 1)) * slice
	if p.Through.IsZero() {
		windows = appendBack(nil, from, to, piece)
	} else {
		for at := latest(floor(p.Through.Add(-max(recheck, slice)), slice), p.From); at.Before(to); at = at.Add(piece) {
			windows = append(windows, evenkeel.Window{From: at, To: earliest(at.Add(piece), to)})
		}
		windows = appendBack(windows, from, p.From, piece)
	}
	return windows[:min(len(windows), maxPieces)]
}

// appendBack appends pieces from the newest to the oldest.
func appendBack(list []evenkeel.Window, from, to time.Time, piece time.Duration) []evenkeel.Window {
	for to.After(from) {
		at := latest(to.Add(-piece), from)
		list = append(list, evenkeel.Window{From: at, To: to})
		to = at
	}
	return list
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// take notes that a window of the plan is measured. What is odd about the newest
// slices is told anew with each answer, what was not kept for as long as the
// window of the task reaches back to it.
func (p Progress) take(t Task, w evenkeel.Window, a connectors.Answer, now time.Time) Progress {
	if p.Through.IsZero() {
		p.From, p.Through = w.From, w.To
	}
	p.From, p.Through = earliest(p.From, w.From), latest(p.Through, w.To)
	newest := !w.To.Before(p.Through)
	if newest {
		p.Notes, p.Queries = nil, a.Queries
	}
	for _, n := range a.Notes {
		switch {
		case n.Kind == connectors.NoteRetention:
			p.Gone = p.Gone.with(w.From.Add(time.Duration(n.N)*t.Definition.Slice), n)
		case newest:
			p.Notes = append(p.Notes, n)
		}
	}
	p.Gone = p.Gone.since(target(t, now), t.Definition.Slice)
	return p
}

// with is what is gone until the later end, in the words of the last note: the
// past is asked for from its end, so that is the one of the whole window.
func (g *Gone) with(until time.Time, n connectors.MeasureNote) *Gone {
	if g != nil {
		until = latest(g.Until, until)
	}
	return &Gone{until, n}
}

// since is what is gone of the slices from an instant on; nil if none is.
func (g *Gone) since(from time.Time, slice time.Duration) *Gone {
	if g == nil || !g.Until.After(from) {
		return nil
	}
	n := g.Note
	n.N = int(g.Until.Sub(from) / slice)
	return &Gone{g.Until, n}
}

// odd is all that is odd about what was measured.
func (p Progress) odd() []connectors.MeasureNote {
	if p.Gone == nil {
		return p.Notes
	}
	return append(slices.Clone(p.Notes), p.Gone.Note)
}

// counts are how many slices are measured of those that are to be, and whether
// that is all.
func (p Progress) counts(t Task, terms connectors.Terms, now time.Time) (done, total int, complete bool) {
	from, to := target(t, now), end(t, terms, now)
	total = int(to.Sub(from) / t.Definition.Slice)
	if p.Through.IsZero() {
		return 0, total, total == 0
	}
	done = int(earliest(p.Through, to).Sub(latest(p.From, from)) / t.Definition.Slice)
	return max(done, 0), total, done >= total
}
