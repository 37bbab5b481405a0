package measure

import (
	"encoding/json"
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
	// Notes and Queries are those of the last answer.
	Notes   []connectors.MeasureNote `json:"notes,omitzero"`
	Queries []connectors.AskedQuery  `json:"queries,omitzero"`
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

// take notes that a window of the plan is measured.
func (p Progress) take(w evenkeel.Window, a connectors.Answer) Progress {
	if p.Through.IsZero() {
		p.From, p.Through = w.From, w.To
	}
	p.From, p.Through = earliest(p.From, w.From), latest(p.Through, w.To)
	p.Notes, p.Queries = a.Notes, a.Queries
	return p
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
