package views

import (
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelAnomaly is something that looks wrong with what was measured.
type LevelAnomaly struct {
	Kind    string     `json:"kind" enum:"good_gt_total,unusable,duplicate_source,behind,reset,long_gap,born"`
	Fields  []string   `json:"fields" nullable:"false" enum:"good,bad,total,value" doc:"The parts of the measurement that are wrong; empty where it is the series as a whole"`
	Text    string     `json:"text" doc:"What is wrong, and what was made of it"`
	Fix     string     `json:"fix" doc:"How to mend it"`
	Count   int64      `json:"count" doc:"Slices; of duplicate_source and behind, series"`
	From    *time.Time `json:"from" doc:"When it was first so in the window; null where that is not of one time"`
	To      *time.Time `json:"to" doc:"When it was last so; of behind, the end of the last slice"`
	Sources []string   `json:"sources" nullable:"false" doc:"Of duplicate_source, those that are not counted"`
}

// see notes a slice and the fields that are wrong in it.
func (a *LevelAnomaly) see(at time.Time, fields ...string) {
	if a.From == nil || at.Before(*a.From) {
		a.From = &at
	}
	if a.To == nil || at.After(*a.To) {
		a.To = &at
	}
	for _, field := range fields {
		if !slices.Contains(a.Fields, field) {
			a.Fields = append(a.Fields, field)
		}
	}
	slices.Sort(a.Fields)
}

// newAnomaly is an anomaly of a kind, of which nothing was seen yet.
func newAnomaly(kind string) LevelAnomaly {
	text := map[string][2]string{
		"good_gt_total":    {"slices had more good or bad events than there were at all; the total was taken to be as large", "count parts and total by the same filter, at the same instants"},
		"unusable":         {"slices were left out because a number was negative, not a number or no share of 0 to 1", "correct what measures: amounts are 0 or more, shares are 0 to 1"},
		"duplicate_source": {"other sources measure a series of the same name; only the one that was measured last counts", "let one of them measure, or give them series of their own"},
		"behind":           {"measuring is behind", "see why the source no longer measures, or state a longer evenkeel.dev/ingestion-delay"},
		"reset":            {"counters went back; what they had counted between their last reading and their reset is not known", "none is needed after a restart; read them more often to lose less"},
		"long_gap":         {"counters were not read for long; what they counted meanwhile is laid to the slice after", "see why they were not read"},
		"born":             {"counters were first read later than the series, and taken to have begun at 0", "let them begin at 0 when the program starts"},
	}[kind]
	return LevelAnomaly{Kind: kind, Fields: []string{}, Text: text[0], Fix: text[1], Sources: []string{}}
}

// anomaliesOf is what looks wrong with what was measured for a service level:
// what its tallies count, and where it was seen.
func anomaliesOf(l *budgets.Level, e LevelEvidence) []LevelAnomaly {
	overfull, unusable, twice := newAnomaly("good_gt_total"), newAnomaly("unusable"), newAnomaly("duplicate_source")
	for _, b := range l.Budgets {
		t := b.Experienced.Tally
		overfull.Count += t.Overfull
		unusable.Count += t.Unusable
		twice.Count += int64(len(b.Others))
		for _, other := range b.Others {
			if !slices.Contains(twice.Sources, other.Source) {
				twice.Sources = append(twice.Sources, other.Source)
			}
		}
	}
	for _, odd := range e.Odd {
		if odd.Kind == slo.Overfull {
			overfull.see(odd.At, odd.Field)
		} else {
			unusable.see(odd.At, odd.Field)
		}
	}
	return append(thoseSeen(overfull, unusable, twice), e.Anomalies...)
}

// thoseSeen are those of which something was seen.
func thoseSeen(list ...LevelAnomaly) []LevelAnomaly {
	found := []LevelAnomaly{}
	for _, a := range list {
		if a.Count > 0 {
			found = append(found, a)
		}
	}
	return found
}

// CountingAnomalies are what became of readings of counters in a window.
func CountingAnomalies(list []slo.Amounts, window evenkeel.Window) []LevelAnomaly {
	reset, gap, born := newAnomaly("reset"), newAnomaly("long_gap"), newAnomaly("born")
	see := func(a *LevelAnomaly, at time.Time, fields ...string) {
		if window.Contains(at) {
			a.Count++
			a.see(at, fields...)
		}
	}
	for _, amounts := range list {
		for _, e := range amounts.Resets {
			see(&reset, e.At, e.Fields...)
		}
		for _, g := range amounts.Gaps {
			see(&gap, g.To)
		}
		for _, e := range amounts.Born {
			see(&born, e.At, e.Fields...)
		}
	}
	return thoseSeen(reset, gap, born)
}

// BehindAnomaly says that series have not been measured for longer than they
// should; n counts them, and last is the end of the oldest last slice.
func BehindAnomaly(n int64, last time.Time) LevelAnomaly {
	a := newAnomaly("behind")
	a.Text += ": the last slice ended at " + last.UTC().Format(time.RFC3339)
	a.Count, a.To = n, &last
	return a
}
