package connectors

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// filledIn is a query with the length of a slice in the places that documents
// leave for it: OpenSLO's and Sloth's {{.window}}, and Grafana's.
func filledIn(query string, slice time.Duration) string {
	length := evenkeel.FormatDuration(slice)
	return strings.NewReplacer("{{.window}}", length, "{{ .window }}", length, "$__rate_interval", length, "$__interval", length, "$window", length).Replace(query)
}

// Measure implements Measurer. The value of a query at the end of a slice is
// that of the slice, so that increase(…[{{.window}}]) is of the slice and of
// nothing else.
func (p *prometheusClient) Measure(ctx context.Context, q Question) (Answer, error) {
	g := newGathering(q)
	if len(g.parts) == 0 {
		return Answer{}, fmt.Errorf("%w: the indicator has no metricSource to ask", evenkeel.ErrInvalid)
	}
	for _, part := range g.parts {
		if strings.TrimSpace(part.source.Query) == "" {
			return Answer{}, fmt.Errorf("%w: %s: metricSource.spec.query is required", evenkeel.ErrInvalid, part.field)
		}
	}
	of := p.plain
	if q.Indicator.Counter {
		of = p.counting
	}
	if err := of(ctx, g); err != nil {
		return Answer{}, err
	}
	answer := g.answer()
	odd, err := p.tooOld(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	answer.Notes = append(answer.Notes, odd...)
	for _, part := range g.parts {
		query := filledIn(part.source.Query, q.Slice)
		answer.Queries = append(answer.Queries, AskedQuery{part.field, query, p.link(query, q.Window)})
	}
	return answer, nil
}

// plain asks for queries whose values are amounts.
func (p *prometheusClient) plain(ctx context.Context, g *gathering) error {
	q := g.question
	for _, part := range g.parts {
		query := filledIn(part.source.Query, q.Slice)
		g.suspect(part.field, query)
		if len(q.GroupBy) > 0 {
			if _, err := p.bounded(ctx, part.field, query, q, p.api.MaxSeries, "group by labels with fewer values"); err != nil {
				return err
			}
		}
		lines, notes, err := p.span(ctx, part.field, query, q.Window.From.Add(q.Slice), q.Window.To, q.Slice)
		if err != nil {
			return err
		}
		g.notes = append(g.notes, notes...)
		if err := p.few(part.field, lines); err != nil {
			return err
		}
		if err := g.add(part.field, lines); err != nil {
			return err
		}
	}
	return nil
}

// counting asks for counters and makes amounts of them.
func (p *prometheusClient) counting(ctx context.Context, g *gathering) error {
	var events []asked
	for _, part := range g.parts {
		if part.field != "value" { // A value is no counter.
			events = append(events, part)
		}
	}
	if len(events) == 0 {
		return p.plain(ctx, g)
	}
	readings, notes, err := p.counted(ctx, g.question, events)
	if err != nil {
		return err
	}
	g.notes = append(g.notes, notes...)
	n := g.question.slices()
	seen := watched(readings)
	for _, r := range readings {
		if err := tooMany(r.field, len(r.lines), maxRaw, "add up fewer counters"); err != nil {
			return err
		}
		lines := r.amounts(n, seen)
		if err := p.few(r.field, lines); err != nil {
			return err
		}
		if err := g.add(r.field, lines); err != nil {
			return err
		}
	}
	return nil
}

// countFrom is the length of a window, in slices, from which the series of an
// expression are counted before they are asked for.
const countFrom = 120

// bounded refuses an expression that has too many series, before a long window
// of them is asked for, and says how many there are; 0 for short windows.
func (p *prometheusClient) bounded(ctx context.Context, field, expression string, q Question, most int, mend string) (int, error) {
	if q.slices() < countFrom {
		return 0, nil
	}
	n, err := p.count(ctx, expression, q.Window.To)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", field, err)
	}
	return n, tooMany(field, n, most, mend)
}

// few refuses an answer of too many label sets.
func (p *prometheusClient) few(field string, lines []line) error {
	return tooMany(field, len(lines), p.api.MaxSeries, "group by labels with fewer values, or raise api.max_series")
}

func tooMany(field string, n, most int, mend string) error {
	if n <= most {
		return nil
	}
	return fmt.Errorf("%w: %s: %d series, at most %d are read; %s", evenkeel.ErrInvalid, field, n, most, mend)
}

// suspect notes queries whose values are probably no amounts of events.
func (g *gathering) suspect(field, query string) {
	if field == "value" {
		return
	}
	switch found := promAmounts.FindStringSubmatch(query); {
	case found != nil && (found[1] == "rate" || found[1] == "irate"):
		g.notes = append(g.notes, MeasureNote{NoteSuspect, field, found[1] + "() gives events per second; increase(…[{{.window}}]) gives events, by which budgets and low traffic are judged", 0})
	case found == nil && countersInName(query):
		g.notes = append(g.notes, MeasureNote{NoteSuspect, field, "the query reads a counter, and the document says counter: false; its readings are taken for amounts", 0})
	}
}

// countersInName says whether a query is of a metric that by its name only
// grows, without a function that makes amounts of it.
func countersInName(query string) bool {
	c, err := countersIn("", query)
	if err != nil {
		return false
	}
	name, _, _ := strings.Cut(c.selector, "{")
	return slices.ContainsFunc([]string{"_total", "_count", "_bucket"}, func(end string) bool { return strings.HasSuffix(strings.TrimSpace(name), end) })
}

// tooOld notes a window that begins before what the server keeps.
func (p *prometheusClient) tooOld(ctx context.Context, q Question) ([]MeasureNote, error) {
	age := p.now().Sub(q.Window.From)
	if age < 24*time.Hour {
		return nil, nil
	}
	kept, text, err := p.retention(ctx)
	if err != nil || kept == 0 || age <= kept {
		return nil, err
	}
	missing := min(int((age-kept)/q.Slice), q.slices())
	return []MeasureNote{{NoteRetention, "", "the server keeps measurements for " + text + ", which is shorter than the window of " + strconv.Itoa(int(age.Hours()/24)) + " days; what is older is not covered", missing}}, nil
}
