package rules

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// Note is what the rules leave out of an SLO, or how they differ from it.
type Note struct {
	// SLO and Objective are names.
	SLO, Objective string
	// Left says that there are no rules for it at all.
	Left bool
	Text string
}

// String names the SLO before the text.
func (n Note) String() string {
	name := n.SLO
	if n.Objective != "" {
		name += " " + n.Objective
	}
	return name + ": " + n.Text
}

// Export makes rules of definitions. The window set takes the place of that of
// every definition; empty leaves them. What Prometheus cannot measure or rules
// cannot say is noted. The error names a window set that is not known.
func Export(definitions []slo.Definition, windowSet string) (File, []Note, error) {
	f, notes := File{Groups: []Group{}}, []Note(nil)
	for _, d := range definitions {
		if windowSet != "" {
			d.Alerts = windowSet
		}
		for i, o := range d.Objectives {
			w := writer{d: d, o: o, name: o.Name}
			if w.name == "" && len(d.Objectives) > 1 {
				w.name = fmt.Sprintf("%d: %s %%", i+1, o.Target.Percent())
			}
			group, err := w.group()
			if err != nil {
				return File{}, nil, fmt.Errorf("%s: %w", d.Name, err)
			}
			if group != nil {
				f.Groups = append(f.Groups, *group)
			}
			notes = append(notes, w.notes...)
		}
		if d.Composite != "" {
			notes = append(notes, Note{SLO: d.Name, Text: "every objective has rules of its own; the composite has none"})
		}
	}
	return f, notes, nil
}

// writer writes the rules of one objective.
type writer struct {
	d     slo.Definition
	o     slo.Objective
	name  string
	notes []Note
}

func (w *writer) note(left bool, format string, a ...any) {
	w.notes = append(w.notes, Note{SLO: w.d.Name, Objective: w.name, Left: left, Text: fmt.Sprintf(format, a...)})
}

// The metrics that rules record.
const (
	eventsBad   = "evenkeel:slo_events:bad"
	eventsTotal = "evenkeel:slo_events:total"
	slicesBad   = "evenkeel:slo_slices:bad"
	slicesTotal = "evenkeel:slo_slices:total"
	ratio       = "evenkeel:slo_error_ratio:" // with the lookback
	targetIs    = "evenkeel:slo_target"
	budgetIs    = "evenkeel:slo_error_budget"
)

// group is the rules of an objective; nil, with a note, where there can be none.
func (w *writer) group() (*Group, error) {
	rows, err := slo.AlertRows(w.d, w.o)
	if err != nil {
		return nil, err
	}
	bad, total, err := w.events()
	if err != nil {
		w.note(true, "%v", err)
		return nil, nil //nolint:nilnil // The note says why.
	}
	g := &Group{Name: strings.TrimSuffix("evenkeel "+w.d.Name+" "+w.name, " "), Interval: evenkeel.FormatDuration(w.o.Counted(w.d))}
	g.Rules = append(g.Rules, w.record(eventsTotal, total), w.record(eventsBad, bad))
	if w.d.Method != slo.Occurrences {
		bad, total = w.slices()
		g.Rules = append(g.Rules, w.record(slicesTotal, total), w.record(slicesBad, bad))
	}
	g.Rules = append(g.Rules, w.metadata()...)
	for _, lookback := range lookbacks(rows) {
		g.Rules = append(g.Rules, w.record(ratio+evenkeel.FormatDuration(lookback), w.ratio(lookback)))
	}
	for _, row := range rows {
		g.Rules = append(g.Rules, w.alerts(row)...)
	}
	if len(rows) > 0 {
		g.Rules = append(g.Rules, w.absent())
	}
	w.differs(rows)
	for _, r := range g.Rules {
		r.literal()
	}
	return g, nil
}

// lookbacks are those of rows and of what is shown beside, each once, the
// shortest first.
func lookbacks(rows []slo.AlertRow) []time.Duration {
	all := map[time.Duration]bool{}
	for _, d := range slo.Lookbacks() {
		all[d] = true
	}
	for _, r := range rows {
		all[r.Long], all[r.Short] = true, true
	}
	return sorted(maps.Keys(all))
}

func (w *writer) record(name, expression string) Rule {
	return Rule{Record: name, Expr: expression, Labels: w.labels()}
}

// labels tell whose a series is.
func (w *writer) labels() map[string]string {
	m := map[string]string{"evenkeel_slo": w.d.Name}
	for name, value := range map[string]string{"evenkeel_objective": w.name, "evenkeel_service": w.d.Service, "evenkeel_environment": w.d.Environment} {
		if value != "" {
			m[name] = value
		}
	}
	return m
}

// own selects what rules of this objective record.
func (w *writer) own(metric string) string {
	parts := []string{"evenkeel_slo=" + quote(w.d.Name)}
	if w.name != "" {
		parts = append(parts, "evenkeel_objective="+quote(w.name))
	}
	if w.d.Environment != "" {
		parts = append(parts, "evenkeel_environment="+quote(w.d.Environment))
	}
	return metric + "{" + strings.Join(parts, ",") + "}"
}

// metadata records the promise, for pages that show ratios beside it.
func (w *writer) metadata() []Rule {
	var rules []Rule
	for _, one := range []struct {
		name  string
		value float64
	}{{targetIs, w.o.Target.Float()}, {budgetIs, w.o.Target.Budget()}} {
		r := w.record(one.name, fmt.Sprintf("vector(%s)", number(one.value)))
		r.Labels["evenkeel_window"], r.Labels["evenkeel_method"] = w.d.Window.Span.String(), string(w.d.Method)
		rules = append(rules, r)
	}
	return rules
}

// counted are the names of what the method counts.
func (w *writer) counted() (bad, total string) {
	if w.d.Method == slo.Occurrences {
		return w.own(eventsBad), w.own(eventsTotal)
	}
	return w.own(slicesBad), w.own(slicesTotal)
}

// ratio is what was bad of what there was; where there was nothing it has no
// sample, because that of 0/0 is none that can be compared.
func (w *writer) ratio(lookback time.Duration) string {
	bad, total := w.counted()
	return fmt.Sprintf("%s / (%s > 0)", sumOver(bad, lookback), sumOver(total, lookback))
}

// sumOver is what was recorded in a lookback. Samples are as far apart as rules are
// evaluated, and Prometheus before 3 takes one at the very beginning for one of the
// time after it: a second less has as many samples as the lookback has slices.
func sumOver(of string, lookback time.Duration) string {
	return fmt.Sprintf("sum_over_time(%s[%s])", of, evenkeel.FormatDuration(lookback-time.Second))
}

// slices judge the events of a counted slice as the method does.
func (w *writer) slices() (bad, total string) {
	share := fmt.Sprintf("%s / (%s > 0)", w.own(eventsBad), w.own(eventsTotal))
	total = fmt.Sprintf("(%s > 0) >= bool 0", w.own(eventsTotal))
	switch {
	case w.d.Method == slo.RatioTimeslices:
		return share, total
	case w.o.SliceTarget.IsZero():
		return fmt.Sprintf("(%s) > bool 0", share), total
	default:
		return fmt.Sprintf("1 - (%s) < bool %s", share, number(w.o.SliceTarget.Float())), total
	}
}

// alerts are the rules of a row: that of its burn, and of an alert policy that
// says so that of data that stop.
func (w *writer) alerts(row slo.AlertRow) (rules []Rule) {
	if row.Tells(slo.AlertFiring) {
		rules = append(rules, w.alert(row))
	}
	p := row.Policy
	if p == nil {
		return rules
	}
	if p.NoData != nil && *p.NoData {
		rules = append(rules, w.silent(row))
	}
	if !row.Tells(slo.AlertFiring) {
		w.note(false, "the alert policy %s does not want to be told that it fires, and has no rule for it", p.Name)
	} else if !row.Tells(slo.AlertResolved) {
		w.note(false, "the alert policy %s does not want to be told of the end; write send_resolved: false for the receiver of evenkeel_policy=%q", p.Name, p.Name)
	}
	return rules
}

// silent alerts where nothing was measured over the lookback of a policy, and its
// time more.
func (w *writer) silent(row slo.AlertRow) Rule {
	r := w.absent()
	r.For = evenkeel.FormatDuration(max(w.silence(), row.Long-w.silence()+row.For))
	r.Labels["severity"], r.Labels["evenkeel_policy"] = string(row.Severity), row.PolicyName()
	r.Annotations["description"] = fmt.Sprintf("The query for all events has had no result for %s.", evenkeel.FormatDuration(row.Long+row.For))
	return r
}

// waiting is how long a row waits; empty for not at all.
func waiting(row slo.AlertRow) string {
	if row.For == 0 {
		return ""
	}
	return evenkeel.FormatDuration(row.For)
}

// over says that the lookbacks of a row burn too fast.
func (w *writer) over(row slo.AlertRow, limit string) string {
	than := ">"
	if row.Meeting() {
		than = ">="
	}
	expression := fmt.Sprintf("%s %s %s", w.own(ratio+evenkeel.FormatDuration(row.Long)), than, limit)
	if row.Short != row.Long {
		expression += fmt.Sprintf(" and %s %s %s", w.own(ratio+evenkeel.FormatDuration(row.Short)), than, limit)
	}
	return expression
}

func (w *writer) alert(row slo.AlertRow) Rule {
	limit := number(row.Factor.Threshold(w.o.Target))
	expression := w.over(row, limit)
	bad, total := w.counted()
	if n := w.d.Guard.MinEvents; n > 0 {
		expression += fmt.Sprintf(" and %s >= %s", sumOver(total, row.Long), number(n))
	}
	if n := w.d.Guard.MinBad; n > 0 {
		expression += fmt.Sprintf(" and %s >= %s", sumOver(bad, row.Long), number(n))
	}
	r := Rule{Alert: "EvenkeelBudgetBurn", Expr: expression, For: waiting(row), Labels: w.labels()}
	if name := row.PolicyName(); name != "" {
		r.Labels["evenkeel_policy"] = name
	}
	r.Labels["severity"], r.Labels["evenkeel_long"], r.Labels["evenkeel_short"] = string(row.Severity), evenkeel.FormatDuration(row.Long), evenkeel.FormatDuration(row.Short)
	than, of := "more than", evenkeel.FormatDuration(row.Long)
	if row.Meeting() {
		than = "at least"
	}
	if row.Short != row.Long {
		of += " and of the last " + evenkeel.FormatDuration(row.Short)
	}
	r.Annotations = map[string]string{
		"summary": fmt.Sprintf("%s burns its error budget at %s %.4g times the rate that it can hold", w.d.Name, than, row.Factor.Float()),
		"description": fmt.Sprintf("Of the last %s %s %s was bad, where %s %% of %s are promised. At this rate %s spends %.3g %% of the budget of %s.",
			of, than, limit, w.o.Target.Percent(), w.d.Window.Span, evenkeel.FormatDuration(row.Long), 100*row.Factor.Float()*row.Long.Hours()/w.d.Window.Span.Fixed().Hours(), w.d.Window.Span),
	}
	return r
}

// silence is how long a query without a result is no accident.
func (w *writer) silence() time.Duration { return max(5*time.Minute, 2*w.o.Counted(w.d)) }

// absent alerts where nothing is measured: not at rest, which is 0, but silent.
// Half of the time passes while it waits, so that a Prometheus that has just
// begun does not alert.
func (w *writer) absent() Rule {
	wait := w.silence()
	r := Rule{Alert: "EvenkeelNotMeasured", Expr: fmt.Sprintf("absent_over_time(%s[%s])", w.own(eventsTotal), evenkeel.FormatDuration(wait)), For: evenkeel.FormatDuration(wait), Labels: w.labels()}
	r.Labels["severity"] = string(slo.Ticket)
	r.Annotations = map[string]string{
		"summary":     w.d.Name + " is not measured",
		"description": fmt.Sprintf("The query for all events has had no result for %s, so no alert of this SLO can fire or end.", evenkeel.FormatDuration(2*wait)),
	}
	return r
}

// differs notes what rules cannot say.
func (w *writer) differs(rows []slo.AlertRow) {
	if w.d.Guard.Confidence > 0 && len(rows) > 0 {
		w.note(false, "the guard by confidence cannot be written as a rule; alerts take error ratios as they are")
	}
	if i := w.o.In(w.d); len(rows) > 0 && w.d.Method == slo.Occurrences && w.d.Guard.MinEvents+w.d.Guard.MinBad > 0 && perSecond(i) {
		w.note(false, "min-events and min-bad count events, and the queries give events per second; write increase(…[{{.window}}])")
	}
	if w.d.Method != slo.Occurrences && w.d.Missing != slo.MissingExclude && w.d.Missing != "" {
		w.note(false, "missing: %s cannot be written as a rule; slices without data are left out", w.d.Missing)
	}
	for _, text := range slo.LintAlerts(w.d, w.o) {
		w.note(false, "%s", text)
	}
}
