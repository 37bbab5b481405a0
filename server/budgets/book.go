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
			level.Budgets, level.Composite = nil, nil
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
	// Composite is all objectives as one, with no name; nil for levels that are no
	// composite. Where it cannot be put together it has no data, and says why.
	Composite *Budget
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

// span is what has to be known of a level at an instant. It begins with a day,
// which counted slices divide.
func (l *Level) span(at time.Time) evenkeel.Window {
	return evenkeel.Window{From: l.Definition.Since(at).UTC().Truncate(24 * time.Hour), To: at}
}

// begin is the level with its budgets, before anything is known of them.
func (l *Level) begin(list []*Budget) {
	if l.Budgets = list; l.Definition.Composite != "" {
		l.Composite = &Budget{definition: l.Definition, Environment: l.Definition.Environment, level: l, members: list}
	}
}

// compose puts the objectives of a composite together once the tallies of all are
// known.
func (l *Level) compose(known map[*Budget]slo.Tallies, book *Book) {
	c := l.Composite
	if c == nil || slices.ContainsFunc(l.Budgets, func(b *Budget) bool { return known[b] == nil }) {
		return
	}
	if several := c.several(); several.Text != "" {
		c.Contractual = slo.Assessment{Status: slo.StatusNoData, Reason: several}
		return
	}
	a, err := c.together(known, book)
	if err != nil {
		l.Problem = err.Error()
		return
	}
	c.Contractual, c.Experienced = a, a
}

// together assesses a composite.
func (b *Budget) together(known map[*Budget]slo.Tallies, book *Book) (slo.Assessment, error) {
	r := b.reader(known)
	if book.standing == nil {
		return r.Assess(book.At)
	}
	var others []slo.Alert
	for _, m := range b.members {
		others = append(others, m.Contractual.Alerts...)
	}
	return r.AssessKnowing(book.At, book.standing.of(b), others)
}

// several says which objective is measured by several series, of which nobody says
// which belong together; nothing if none is.
func (b *Budget) several() slo.Said {
	for i, m := range b.members {
		if i > 0 && b.members[i-1].Objective.Name == m.Objective.Name {
			return slo.Say("several_series", m.Objective.Name+" is measured by several series, and one of each objective makes a composite", "name", m.Objective.Name)
		}
	}
	return slo.Said{}
}

// Outages are the incidents that a budget, or a member of it, is measured by.
func (b *Budget) Outages() (list []slo.Outage) {
	for _, one := range b.parts() {
		if one.outages != nil {
			list = append(list, one.outages.list...)
		}
	}
	return list
}

// parts are the budgets that one is read from: its members, or itself.
func (b *Budget) parts() []*Budget {
	if b.members == nil {
		return []*Budget{b}
	}
	return b.members
}

// reader reads a budget, given the tallies of its parts.
func (b *Budget) reader(known map[*Budget]slo.Tallies) slo.Reader {
	if b.members == nil {
		return slo.ReaderOf(b.definition, b.Objective, known[b])
	}
	var members []slo.Tallies
	for _, m := range b.members {
		members = append(members, known[m])
	}
	return slo.CompositeReader(b.definition, members)
}

// Budget is one objective over one series, or all objectives of a composite as one.
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
	// members are the budgets of a composite; nil for an objective.
	members []*Budget
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

// Rows are those that alerts of the budget come from.
func (b *Budget) Rows() ([]slo.AlertRow, error) {
	if b.members != nil {
		return slo.CompositeRows(b.definition)
	}
	return slo.AlertRows(b.definition, b.Objective)
}

// assess says where the budget stands at the instant of a book, or notes why that
// cannot be said as the problem of its level.
func (b *Budget) assess(measured slo.Tallies, book *Book) {
	assess := func(t slo.Tallies) (slo.Assessment, error) {
		r := slo.ReaderOf(b.definition, b.Objective, t)
		if book.standing == nil {
			return r.Assess(book.At)
		}
		return r.AssessKnowing(book.At, book.standing.of(b), nil)
	}
	experienced, err := assess(measured)
	contractual := experienced
	if err == nil && len(b.level.Corrections) > 0 {
		contractual, err = assess(b.corrected(measured))
	}
	if err != nil {
		b.level.Problem = err.Error()
		return
	}
	if b.outages != nil && b.outages.why.Text != "" && experienced.Status == slo.StatusNoData {
		experienced.Reason, contractual.Reason = b.outages.why, b.outages.why
	}
	b.Contractual, b.Experienced, b.Until = contractual, experienced, contractual.EventsUntilPage(b.definition, b.Objective)
}
