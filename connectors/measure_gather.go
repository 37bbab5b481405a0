package connectors

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// asked is one part of an indicator that is asked for.
type asked struct {
	// field is its name, "good".
	field  string
	source *slo.Source
}

// parts are what has to be asked for an indicator.
func parts(i slo.Indicator) (list []asked) {
	for _, one := range []asked{{"good", i.Good}, {"bad", i.Bad}, {"total", i.Total}, {"value", i.Value}} {
		if one.source != nil {
			list = append(list, one)
		}
	}
	return list
}

// line is one series of an answer: a value for every slice of the question, NaN
// where there is none.
type line struct {
	labels map[string]string
	values []float64
}

// emptyLine has no values yet.
func emptyLine(labels map[string]string, n int) line {
	l := line{labels, make([]float64, n)}
	for i := range l.values {
		l.values[i] = math.NaN()
	}
	return l
}

// gathering puts the parts of an indicator together.
type gathering struct {
	question Question
	parts    []asked
	// groups are the lines of every part, by the text of their labels.
	groups map[string]*group
	notes  []MeasureNote
}

// group is one combination of labels.
type group struct {
	labels map[string]string
	lines  map[string][]float64
}

func newGathering(q Question) *gathering {
	return &gathering{question: q, parts: parts(q.Indicator), groups: map[string]*group{}}
}

// add takes the lines of one part.
func (g *gathering) add(field string, lines []line) error {
	if err := g.single(field, lines); err != nil {
		return err
	}
	for _, one := range lines {
		labels := pick(one.labels, g.question.GroupBy)
		key := labelText(labels)
		if g.groups[key] == nil {
			g.groups[key] = &group{labels, map[string][]float64{}}
		}
		g.groups[key].lines[field] = one.values
	}
	if dropped := otherLabels(lines, g.question.GroupBy); len(dropped) > 0 && len(g.question.GroupBy) > 0 {
		g.notes = append(g.notes, MeasureNote{NoteDropped, field, "the labels " + strings.Join(dropped, ", ") + " are in the answer, and not in evenkeel.dev/group-by", 0})
	}
	return nil
}

// single refuses an answer of which two series would be one budget, or of which
// a label that budgets are grouped by is missing.
func (g *gathering) single(field string, lines []line) error {
	by := g.question.GroupBy
	for _, label := range by {
		if len(lines) > 0 && !slices.ContainsFunc(lines, func(l line) bool { return l.labels[label] != "" }) {
			return fmt.Errorf("%w: %s: no series of the answer has the label %s of evenkeel.dev/group-by; write sum by (%s) (…)", evenkeel.ErrInvalid, field, label, strings.Join(by, ", "))
		}
	}
	seen := map[string]line{}
	for _, one := range lines {
		key := labelText(pick(one.labels, by))
		before, twice := seen[key]
		if !twice {
			seen[key] = one
			continue
		}
		differ := differing(before.labels, one.labels)
		if len(by) > 0 {
			return fmt.Errorf("%w: %s: the answer has several series of %s, which differ in %s; add up, as with sum by (%s) (…)", evenkeel.ErrInvalid, field, key, differ, strings.Join(by, ", "))
		}
		return fmt.Errorf("%w: %s: the query returns %d series, which differ in %s; add them up, as with sum(…), or name the labels in evenkeel.dev/group-by", evenkeel.ErrInvalid, field, len(lines), differ)
	}
	return nil
}

// answer makes slices of what was gathered. A slice that lacks one of the parts
// was not measured: half of a ratio is none.
func (g *gathering) answer() Answer {
	a := Answer{}
	for _, key := range slices.Sorted(maps.Keys(g.groups)) {
		one := g.groups[key]
		series := MeasuredSeries{Slices: g.slices(one)}
		if len(g.question.GroupBy) > 0 {
			series.Labels = one.labels
		}
		if len(series.Slices) > 0 {
			a.Series = append(a.Series, series)
		}
	}
	a.Notes = together(g.notes)
	return a
}

// slices are those in which every part was measured.
func (g *gathering) slices(of *group) (list []evenkeel.Slice) {
	for k := range g.question.slices() {
		one := evenkeel.Slice{At: g.question.Window.From.Add(time.Duration(k) * g.question.Slice)}
		var missing []string
		for _, part := range g.parts {
			v, fault := valueAt(of.lines[part.field], k, part.field != "value")
			switch {
			case fault != "":
				g.note(NoteUnusable, part.field, part.field+" is "+fault+"; such slices count as not measured")
			case v == nil:
				missing = append(missing, part.field)
				continue
			}
			put(&one, part.field, v)
		}
		switch {
		case complete(one, g.parts):
			list = append(list, one)
		case len(missing) < len(g.parts):
			for _, field := range missing {
				g.note(NoteAbsent, field, field+" is absent in slices that have other parts, which count as not measured; if absent means none, append: or vector(0)")
			}
		}
	}
	return list
}

// note counts one slice.
func (g *gathering) note(kind NoteKind, field, text string) {
	g.notes = append(g.notes, MeasureNote{kind, field, text, 1})
}

// together adds up notes that say the same.
func together(notes []MeasureNote) (sums []MeasureNote) {
	for _, one := range notes {
		at := slices.IndexFunc(sums, func(s MeasureNote) bool { return s.Kind == one.Kind && s.Text == one.Text })
		if at < 0 {
			sums = append(sums, one)
			continue
		}
		sums[at].N += one.N
	}
	return sums
}

// valueAt is the value of a slice, or what keeps it from being one; nil and ""
// if there is none.
func valueAt(values []float64, k int, amount bool) (v *float64, fault string) {
	if k >= len(values) || math.IsNaN(values[k]) {
		return nil, ""
	}
	switch n := values[k]; {
	case math.IsInf(n, 0):
		return nil, "infinite"
	case amount && n < 0:
		return nil, "below 0"
	default:
		return &n, ""
	}
}

func put(s *evenkeel.Slice, field string, v *float64) {
	switch field {
	case "good":
		s.Good = v
	case "bad":
		s.Bad = v
	case "total":
		s.Total = v
	default:
		s.Value = v
	}
}

func complete(s evenkeel.Slice, parts []asked) bool {
	of := map[string]*float64{"good": s.Good, "bad": s.Bad, "total": s.Total, "value": s.Value}
	return !slices.ContainsFunc(parts, func(p asked) bool { return of[p.field] == nil })
}

// pick are some labels; one that is not there is empty.
func pick(labels map[string]string, names []string) map[string]string {
	picked := make(map[string]string, len(names))
	for _, name := range names {
		picked[name] = labels[name]
	}
	return picked
}

// labelText is {a="1",b="2"}, sorted.
func labelText(labels map[string]string) string {
	list := make([]string, 0, len(labels))
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, name+"="+strconv.Quote(labels[name]))
	}
	return "{" + strings.Join(list, ",") + "}"
}

// otherLabels are the labels of lines that are not among the names.
func otherLabels(lines []line, names []string) []string {
	found := map[string]bool{}
	for _, one := range lines {
		for name := range one.labels {
			if !slices.Contains(names, name) {
				found[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// differing are the labels in which two series differ, with their values.
func differing(a, b map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(merged(a, b))) {
		if a[name] != b[name] {
			list = append(list, fmt.Sprintf("%s (%s, %s)", name, shortQuote(a[name]), shortQuote(b[name])))
		}
	}
	return strings.Join(list, ", ")
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}
