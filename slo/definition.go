package slo

import (
	"slices"
	"strings"
	"time"
)

// Method is how a budget is counted (OpenSLO v1, budgetingMethod).
type Method string

// The budgeting methods.
const (
	// Occurrences counts events: good events of all events.
	Occurrences Method = "Occurrences"
	// Timeslices counts slices of time that were good enough.
	Timeslices Method = "Timeslices"
	// RatioTimeslices is the mean of the slices' ratios.
	RatioTimeslices Method = "RatioTimeslices"
)

// Missing is what a slice counts as of which nothing was measured. It decides
// for methods that count slices; where events are counted there are none.
type Missing string

// What a slice without data counts as.
const (
	// MissingExclude leaves it out; the default.
	MissingExclude Missing = "exclude"
	MissingGood    Missing = "good"
	MissingBad     Missing = "bad"
	// MissingHold repeats the last slice that was measured.
	MissingHold Missing = "hold"
)

// Comparison is how a measured value is compared with a threshold.
type Comparison string

// The comparisons of OpenSLO: the value is good if it is lte, lt, gte or gt the
// threshold.
const (
	AtMost  Comparison = "lte"
	Below   Comparison = "lt"
	AtLeast Comparison = "gte"
	Above   Comparison = "gt"
)

// Holds says whether a value is good; NaN never is.
func (c Comparison) Holds(value, threshold float64) bool {
	switch c {
	case AtMost:
		return value <= threshold
	case Below:
		return value < threshold
	case AtLeast:
		return value >= threshold
	case Above:
		return value > threshold
	default:
		return false
	}
}

// Definition is a service-level objective: what is measured, over what window
// it is counted, and what is promised.
type Definition struct {
	Name, DisplayName, Description string
	// Service is the slug of the application.
	Service string
	// Environment is where it is measured; empty is wherever the series is.
	Environment string
	Indicator   Indicator
	Window      TimeWindow
	Method      Method
	Objectives  []Objective
	// Composite is how objectives with indicators of their own become one
	// budget; empty if they do not. CompositeTarget is what that one promises;
	// without one it is made of the members' targets.
	Composite       CompositeRule
	CompositeTarget Target
	// Slice is the length of a measured slice; it divides an hour.
	Slice   time.Duration
	Missing Missing
	// Delay is how long measurements take to arrive: what is younger is not asked
	// for yet.
	Delay time.Duration
	// Guard keeps little traffic from raising alarms.
	Guard Guard
	// Alerts names the window set that alerts come from; empty has none. Policies
	// are alert conditions of the document beside it.
	Alerts   string
	Policies []AlertPolicy
	// GroupBy are labels of which every combination has a budget of its own.
	GroupBy []string
	// Labels are those of the document, for lists to filter by.
	Labels map[string]string
}

// Objective is one promise about an indicator.
type Objective struct {
	// Name is the display name, unique within the definition; empty is allowed
	// for a single one.
	Name   string
	Target Target
	// Op and Value are the threshold of indicators that have a value.
	Op    Comparison
	Value float64
	// SliceTarget is the share a slice needs to be good, for Timeslices.
	SliceTarget Target
	// SliceWindow is the length of a counted slice for the methods that count
	// slices: a multiple of the definition's slice that divides a day. Zero is
	// the definition's slice.
	SliceWindow time.Duration
	// Weight is that in a composite; 1 unless the document says otherwise.
	Weight float64
	// Indicator is the objective's own, in a composite; nil is the definition's.
	Indicator *Indicator
}

// IndicatorKind is what an indicator measures.
type IndicatorKind string

// The kinds of indicators.
const (
	// GoodOfTotal has good and total events.
	GoodOfTotal IndicatorKind = "good/total"
	// BadOfTotal has bad and total events.
	BadOfTotal IndicatorKind = "bad/total"
	// Success and Failure have a ratio without numbers of events.
	Success IndicatorKind = "raw success"
	Failure IndicatorKind = "raw failure"
	// Threshold has a value that is compared with each objective's.
	Threshold IndicatorKind = "threshold"
)

// Indicator is what is measured.
type Indicator struct {
	// Name is that of the document; empty for one that stands inline.
	Name string
	Kind IndicatorKind
	// Series names the measurements that it is read from; empty for Incidents.
	Series string
	// Counter says that amounts are readings of counters that only grow, not
	// what happened in the slice.
	Counter bool
	// Good, Bad, Total and Value are where to ask; Value serves ratios without
	// events and thresholds. Nil is not asked.
	Good, Bad, Total, Value *Source
	// Incidents says that it is measured by the incidents of the application, in
	// minutes, and not by a series; nil for others.
	Incidents *Incidents
}

// Incidents are those that an indicator is measured by.
type Incidents struct {
	// Severities are those that count, whatever the case; none counts all.
	Severities []string
}

// Counts says whether incidents of a severity count. One whose severity nobody
// has said yet does.
func (i Incidents) Counts(severity string) bool {
	return len(i.Severities) == 0 || severity == "" ||
		slices.ContainsFunc(i.Severities, func(s string) bool { return strings.EqualFold(s, severity) })
}

// Source is where a metric is asked: the data source by name and what it takes.
type Source struct {
	// DataSource names a connection; empty is the one that has the type.
	DataSource string
	// Type is OpenSLO's: "Prometheus", "Datadog", "HTTP".
	Type string
	// Query is the question itself, for sources that take one.
	Query string
	// Spec are all members of the document's metricSource.spec.
	Spec map[string]any
}

// In is the indicator that an objective is measured by.
func (o Objective) In(d Definition) Indicator {
	if o.Indicator != nil {
		return *o.Indicator
	}
	return d.Indicator
}

// Counted is the length of the slices that an objective counts: the measured
// slice where events are counted.
func (o Objective) Counted(d Definition) time.Duration { return o.counted(d) }

// counted is the length of the slices that an objective counts.
func (o Objective) counted(d Definition) time.Duration {
	if d.Method == Occurrences || o.SliceWindow == 0 {
		return d.Slice
	}
	return o.SliceWindow
}

// Since is how far back what is said of an instant reaches: to the beginning of
// the window, and of the lookbacks of every instant at which a row is followed
// ([Reader.Alert]). Where missing slices hold, it is a week more, in which what
// the first of them repeat is looked for.
func (d Definition) Since(at time.Time) time.Time {
	back := slices.Max(Lookbacks())
	for _, r := range d.rows() {
		back = max(back, r.reach()+r.Long)
	}
	from := earlier(d.Begin(at), at.Add(-back))
	if d.Missing == MissingHold && d.Method != Occurrences {
		return from.Add(-7 * day)
	}
	return from
}

// Lead is how far back what is said of all instants of a window reaches: to the
// beginning of the longest lookback of the first, which is longer than the baseline
// of who spent the budget.
func (d Definition) Lead(at time.Time) time.Time {
	back := slices.Max(Lookbacks())
	for _, r := range d.rows() {
		back = max(back, r.Long)
	}
	return d.Begin(at).Add(-back)
}

// Begin is when the window begins in which an instant stands, which is moved down to
// the beginning of a counted slice: the window before, until the first slice of one
// that has begun within a slice is over. Of several objectives it is the earliest.
func (d Definition) Begin(at time.Time) time.Time {
	from := at
	for _, o := range d.Objectives {
		from = earlier(from, d.Window.At(floor(at, o.counted(d))).From)
	}
	return from
}

// rows are those that the definition states; a window set that is not known has none.
func (d Definition) rows() []AlertRow {
	rows, _ := statedRows(d)
	return rows
}
