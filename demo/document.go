package demo

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// document is the level as an OpenSLO document.
func (v level) document() string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		b.WriteString(strings.Repeat("  ", indent))
		fmt.Fprintf(&b, format+"\n", args...)
	}
	line(0, "apiVersion: openslo/v1\nkind: SLO\nmetadata:")
	line(1, "name: %s", v.name)
	line(1, "displayName: %s", v.title)
	v.annotate(line)
	line(0, "spec:")
	of := "what people ask for"
	if len(v.series) == 0 {
		of = "the time"
	}
	line(1, "description: %s, %s %% of %s.", v.title, percentage(v.target), of)
	line(1, "service: %s", v.app)
	if len(v.series) > 0 && !v.composite() {
		v.series[0].indicator(line, 1, v.app)
	}
	v.timeWindow(line)
	method := "Occurrences"
	if v.method != "" {
		method = v.method
	}
	line(1, "budgetingMethod: %s", method)
	line(1, "objectives:")
	v.objectives(line)
	v.alertPolicies(line)
	return b.String()
}

// writer writes a line of a document.
type writer func(indent int, format string, args ...any)

func (v level) composite() bool { return v.annotations["composite"] != "" }

func (v level) annotate(line writer) {
	all := map[string]string{"environment": v.production(), "slice": "5m"}
	maps.Copy(all, v.annotations)
	line(1, "annotations:")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		line(2, "evenkeel.dev/%s: %s", name, all[name])
	}
}

func (v level) timeWindow(line writer) {
	line(1, "timeWindow:")
	line(2, "- duration: %s", v.window)
	if v.zone == "" {
		line(3, "isRolling: true")
		return
	}
	line(3, "isRolling: false")
	line(3, "calendar:")
	line(4, "startTime: \"2024-01-01 00:00:00\"")
	line(4, "timeZone: %s", v.zone)
}

func (v level) objectives(line writer) {
	if v.composite() {
		for _, g := range v.series {
			line(2, "- displayName: %s", g.name)
			line(3, "target: %s", v.target)
			g.indicator(line, 3, v.app)
		}
		return
	}
	line(2, "- target: %s", v.target)
	if len(v.series) > 0 && v.series[0].kind == latency {
		line(3, "op: lte")
		line(3, "value: %d", slowest)
	}
	if v.method == "Timeslices" {
		line(3, "timeSliceTarget: 0.99")
	}
	if v.method != "" {
		line(3, "timeSliceWindow: 5m")
	}
}

// alertPolicies writes one condition in each.
func (v level) alertPolicies(line writer) {
	if len(v.policies) > 0 {
		line(1, "alertPolicies:")
	}
	for _, p := range v.policies {
		line(2, "- kind: AlertPolicy")
		line(3, "metadata: {name: %s}", p.name)
		line(3, "spec:")
		if p.unresolved {
			line(4, "alertWhenResolved: false")
		}
		line(4, "conditions:")
		line(5, "- kind: AlertCondition")
		line(6, "metadata: {name: %s}", p.name)
		line(6, "spec:")
		line(7, "severity: %s", p.severity)
		line(7, "condition: {kind: burnrate, op: gt, threshold: %s, lookbackWindow: %s, alertAfter: %s}", p.threshold, p.lookback, p.after)
	}
}

// indicator writes what is measured and where it would be asked.
func (g gauge) indicator(line writer, indent int, app string) {
	metric := func(name, query string) {
		line(indent+4, "%s:", name)
		line(indent+5, "metricSource: {type: Prometheus, spec: {query: '%s'}}", query)
	}
	line(indent, "indicator:")
	line(indent+1, "metadata:")
	line(indent+2, "name: %s", g.name)
	line(indent+1, "spec:")
	if g.kind == latency {
		line(indent+2, "thresholdMetric:")
		line(indent+3, "metricSource: {type: Prometheus, spec: {query: '1000 * histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{service_name=\"%s\"}[5m])))'}}", app)
		return
	}
	total := `sum(increase(http_server_request_duration_seconds_count{service_name="` + app + `"}[5m]))`
	part, chosen := "good", `code!~"5.."`
	if g.kind == badOfTotal {
		part, chosen = "bad", `code=~"5.."`
	}
	line(indent+2, "ratioMetric:")
	line(indent+3, "counter: false")
	indent--
	metric(part, strings.Replace(total, "}", ","+chosen+"}", 1))
	metric("total", total)
}

// percentage is a share as people say it.
func percentage(share string) string {
	f, err := strconv.ParseFloat(share, 64)
	if err != nil {
		panic(err) // The company's own targets.
	}
	return strconv.FormatFloat(f*100, 'f', -1, 64)
}
