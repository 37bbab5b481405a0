package rules

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// events are expressions for what was bad in a slice and how much there was.
// Samples that are not a number or negative are left out; where nothing was good,
// or bad, the query for it may have no result, which counts as 0.
func (w *writer) events() (bad, total string, err error) {
	i := w.o.In(w.d)
	if i.Incidents != nil {
		return "", "", errors.New("indicator: is measured by incidents; rules are for Prometheus")
	}
	parts := map[slo.IndicatorKind][]part{
		slo.GoodOfTotal: {{"ratioMetric.good", i.Good}, {"ratioMetric.total", i.Total}},
		slo.BadOfTotal:  {{"ratioMetric.bad", i.Bad}, {"ratioMetric.total", i.Total}},
		slo.Success:     {{"ratioMetric.raw", i.Value}}, slo.Failure: {{"ratioMetric.raw", i.Value}},
		slo.Threshold: {{"thresholdMetric", i.Value}},
	}[i.Kind]
	var queries []string
	for _, p := range parts {
		query, err := w.query(i, p)
		if err != nil {
			return "", "", err
		}
		queries = append(queries, query)
	}
	switch i.Kind {
	case slo.GoodOfTotal:
		good, all := w.sum(queries[0]), w.sum(queries[1])
		return fmt.Sprintf("clamp_min(%s - ((%s) or 0 * %s), 0)", all, good, all), all, nil
	case slo.BadOfTotal:
		all := w.sum(queries[1])
		return fmt.Sprintf("(%s) or 0 * %s", w.sum(queries[0]), all), all, nil
	case slo.Success, slo.Failure:
		share := fmt.Sprintf("((%s) >= 0) <= 1", queries[0])
		if bad = share; i.Kind == slo.Success {
			bad = fmt.Sprintf("1 - (%s)", share)
		}
		return bad, fmt.Sprintf("(%s) >= bool 0", share), nil
	case slo.Threshold:
		value := fmt.Sprintf("((%s) >= -Inf)", queries[0])
		operator, ok := map[slo.Comparison]string{slo.AtMost: "<=", slo.Below: "<", slo.AtLeast: ">=", slo.Above: ">"}[w.o.Op]
		if !ok {
			return "", "", errors.New("objectives: a threshold needs op: lte, lt, gte or gt")
		}
		return fmt.Sprintf("1 - (%s %s bool %s)", value, operator, number(w.o.Value)), value + " >= bool -Inf", nil
	default:
		return "", "", fmt.Errorf("indicator: %q cannot be written as rules", i.Kind)
	}
}

// part is one query of an indicator and its field in the document.
type part struct {
	field  string
	source *slo.Source
}

// query is the question of a part. Of amounts it asks those of a slice: of a
// longer time, their share.
func (w *writer) query(i slo.Indicator, p part) (string, error) {
	switch {
	case p.source == nil:
		return "", fmt.Errorf("%s: is not given", p.field)
	case p.source.Type != "" && !strings.EqualFold(p.source.Type, "prometheus"):
		return "", fmt.Errorf("%s: is measured by %s; rules are for Prometheus", p.field, p.source.Type)
	case p.source.Query == "":
		return "", fmt.Errorf("%s: has no query", p.field)
	}
	step := w.o.Counted(w.d)
	span := step
	if w.d.Method == slo.Occurrences {
		// A rate needs two samples, and Prometheus reads as rarely as once a minute.
		span *= 2
	}
	query := fill(p.source.Query, span)
	filled := query != p.source.Query
	if strings.Contains(query, "#") {
		query += "\n" // What comes after it is not part of the remark.
	}
	amounts := i.Kind == slo.GoodOfTotal || i.Kind == slo.BadOfTotal
	if amounts && i.Counter {
		var err error
		if query, err = increase(query, span); err != nil {
			return "", fmt.Errorf("%s: %w", p.field, err)
		}
	}
	if amounts && (filled || i.Counter) && span > step {
		query = fmt.Sprintf("(%s) / %d", query, span/step)
	}
	return query, nil
}

// fill puts a length where queries leave room for one.
func fill(query string, span time.Duration) string {
	text := evenkeel.FormatDuration(span)
	return strings.NewReplacer("{{.window}}", text, "{{ .window }}", text, "$__rate_interval", text, "$__interval", text, "$window", text).Replace(query)
}

// counters is a selector, or a sum of one.
var counters = regexp.MustCompile(`(?s)^\s*(sum\s*(?:by\s*\([^()]*\)\s*)?)?(\(?)\s*([a-zA-Z_:][a-zA-Z0-9_:]*\s*(?:\{(?:[^"'{}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})?|\{(?:[^"'{}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})\s*(\)?)\s*((?:by\s*\([^()]*\))?)\s*(?:or\s+vector\s*\(\s*0\s*\))?\s*$`)

// increase makes amounts of counters, each of its own, before they are summed:
// a sum of counters goes back where one of them is reset.
func increase(query string, span time.Duration) (string, error) {
	found := counters.FindStringSubmatch(query)
	if found == nil || (found[2] == "") != (found[4] == "") || (found[1] != "") && found[2] == "" {
		return "", errors.New("with counter: true the query is a selector, sum(selector) or sum by (…) (selector); else write increase(…[{{.window}}]) and counter: false")
	}
	amount := fmt.Sprintf("increase(%s[%s])", strings.TrimSpace(found[3]), evenkeel.FormatDuration(span))
	if found[1] == "" {
		return amount, nil
	}
	return strings.TrimSpace(found[1] + "(" + amount + ") " + found[5]), nil
}

// rates finds functions that give events per second.
var rates = regexp.MustCompile(`\b(rate|irate)\s*\(`)

// perSecond says whether an indicator's queries give events per second.
func perSecond(i slo.Indicator) bool { return i.Total != nil && rates.MatchString(i.Total.Query) }

// sum is one series, or one per combination of the labels that are grouped by,
// of samples that are amounts.
func (w *writer) sum(query string) string {
	by := ""
	if len(w.d.GroupBy) > 0 {
		by = " by (" + strings.Join(w.d.GroupBy, ", ") + ") "
	}
	return fmt.Sprintf("((sum%s(%s) >= 0) < +Inf)", by, query)
}

// number is the shortest text that reads as the same floating point number.
func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

// quote writes a label's value.
func quote(text string) string { return strconv.Quote(text) }

func sorted(all iter.Seq[time.Duration]) []time.Duration { return slices.Sorted(all) }
