package budgets

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// Book is where all service levels of a workspace stand at an instant. It does
// not change.
type Book struct {
	// Revision is what is known, At the instant.
	Revision int64
	At       time.Time
	// Levels are by id.
	Levels []*Level
	// standing are the alerts that the history says last; nil where it is not asked,
	// of the past and of what is only tried.
	standing alerts
}

// Level finds a service level by its id.
func (b *Book) Level(id string) (*Level, error) {
	k, ok := slices.BinarySearchFunc(b.Levels, id, func(l *Level, id string) int { return cmp.Compare(l.ID, id) })
	if !ok {
		return nil, fmt.Errorf("service level %q: %w", id, evenkeel.ErrNotFound)
	}
	return b.Levels[k], nil
}

// dropProblems takes the budgets of levels that turned out not to be assessable.
func (b *Book) dropProblems() {
	for _, level := range b.Levels {
		if level.Problem != "" {
			level.Budgets = nil
		}
	}
}

// warn remarks on levels that spoil each other's series, which came in by
// different ways.
func (b *Book) warn() {
	readers := openslo.Readers{}
	for _, level := range b.Levels {
		if level.Problem == "" {
			readers.Add(level.Definition)
		}
	}
	for _, level := range b.Levels {
		if lint, spoiled := readers.Spoiled(level.Definition); level.Problem == "" && spoiled {
			level.Remarks = append(slices.Clip(level.Remarks), lint)
		}
	}
}

// Level is a service level of a book.
type Level struct {
	evenkeel.ServiceLevel
	Definition slo.Definition
	// Remarks are those on its document.
	Remarks []openslo.Lint
	// Problem says why the document cannot be evaluated; the level then has no
	// budgets.
	Problem string
	// Corrections are those that hold.
	Corrections []slo.Correction
	// Budgets are one for each objective of each series; an objective that was
	// never measured has one without a series.
	Budgets []*Budget
	// Composite is where the objectives stand as one; nil for levels that are no
	// composite, and for those of which a member is measured by several series.
	Composite *slo.Assessment
}

// newLevel reads the document of a service level.
func newLevel(l evenkeel.ServiceLevel) *Level {
	level := &Level{ServiceLevel: l}
	set := openslo.Read(openslo.File{Name: l.ID, Text: []byte(l.Document)})
	level.Remarks = set.Lints
	switch err := set.Err(); {
	case err != nil:
		level.Problem = err.Error()
	case len(set.Definitions) != 1:
		level.Problem = "the document holds no SLO, or several"
	default:
		level.Definition = set.Definitions[0]
	}
	return level
}

// correct is the level with the corrections that hold at an instant.
func (l *Level) correct(list []evenkeel.Correction, at time.Time) *Level {
	one := *l
	one.Corrections, one.Budgets, one.Composite = nil, nil, nil
	for _, c := range list {
		if c.Holds(at) {
			one.Corrections = append(one.Corrections, slo.Correction{
				ID: c.ID, From: c.From, To: c.To, Mode: slo.CorrectionMode(c.Mode), Reason: c.Reason, Author: c.Author, At: c.At,
			})
		}
	}
	return &one
}

// margin is how much is read before a window: that of baselines before the
// first change in it, and of the longest lookback.
const margin = 3 * 24 * time.Hour

// span is what has to be known of a level at an instant. It begins with a day,
// which counted slices divide.
func (l *Level) span(at time.Time) evenkeel.Window {
	from := l.Definition.Window.At(at).From
	if reach := at.Add(-margin); reach.Before(from) {
		from = reach
	}
	return evenkeel.Window{From: from.UTC().Truncate(24 * time.Hour), To: at}
}

// compose puts the objectives of a composite together, where each is measured
// by one series or by incidents, once the tallies of all are known.
func (l *Level) compose(known map[*Budget]slo.Tallies, at time.Time) {
	if l.Definition.Composite == "" || len(l.Budgets) != len(l.Definition.Objectives) {
		return
	}
	var members []slo.Tallies
	for _, b := range l.Budgets {
		if known[b] == nil {
			return
		}
		members = append(members, known[b])
	}
	a, err := slo.AssessComposite(l.Definition, members, at)
	if err != nil {
		l.Problem = err.Error()
		return
	}
	l.Composite = &a
}

// Budget is one objective over one series.
type Budget struct {
	Objective slo.Objective
	// Environment and Labels tell the budgets of an objective apart. Labels are
	// in braces; empty without.
	Environment, Labels string
	// Series is what is measured; its id is empty if nothing ever was, and for a
	// budget that is measured by incidents.
	Series evenkeel.SeriesInfo
	// Others are series of the same name that other sources measure, and which
	// are not counted.
	Others []evenkeel.SeriesInfo
	// Contractual is where it stands with corrections, Experienced without;
	// both are the same where there are none.
	Contractual, Experienced slo.Assessment
	// Until is how many more bad events raise a page; nil if none would.
	Until *float64

	level *Level
	// definition is the level's, as the series is to be read.
	definition slo.Definition
	// cohorts are series of the same name with one label more: that of a version
	// or a variant.
	cohorts []cohort
	// outages are what it is measured by; nil for one that has a series.
	outages *outages
}

// cohort is a series of what users of one version or variant met.
type cohort struct {
	named
	dimension string
}

// Level is the service level that the budget is of.
func (b *Budget) Level() *Level { return b.level }

// Counter says that the series is of readings of counters.
func (b *Budget) Counter() bool { return b.Objective.In(b.definition).Counter }

// corrected are tallies with the corrections of the level.
func (b *Budget) corrected(t slo.Tallies) slo.Tallies {
	return slo.Corrected(t, b.definition, b.Objective, b.level.Corrections)
}

// assess says where the budget stands at the instant of a book, or notes why that
// cannot be said as the problem of its level.
func (b *Budget) assess(measured slo.Tallies, book *Book) {
	d, at := b.definition, book.At
	assess := slo.Assess
	if book.standing != nil {
		assess = func(d slo.Definition, o slo.Objective, t slo.Tallies, at time.Time) (slo.Assessment, error) {
			return slo.AssessKnowing(d, o, t, at, book.standing.of(b))
		}
	}
	experienced, err := assess(d, b.Objective, measured, at)
	contractual := experienced
	if err == nil && len(b.level.Corrections) > 0 {
		contractual, err = assess(d, b.Objective, b.corrected(measured), at)
	}
	if err != nil {
		b.level.Problem = err.Error()
		return
	}
	if b.outages != nil && b.outages.why != "" && experienced.Status == slo.StatusNoData {
		experienced.Reason, contractual.Reason = b.outages.why, b.outages.why
	}
	b.Contractual, b.Experienced, b.Until = contractual, experienced, contractual.EventsUntilPage(d, b.Objective)
}
