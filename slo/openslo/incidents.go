package openslo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// incidentsType is the type of data sources that are the application's
// incidents, and the word of the annotation.
const incidentsType = "incidents"

// incidentsIn are the incidents that annotations name as what an indicator is
// measured by; nil where they name none. at is where the annotations stand.
func (b *builder) incidentsIn(annotations map[string]string, at string) *slo.Incidents {
	field := func(name string) string { return at + ".annotations." + Annotation(name) }
	source, given := annotations[Annotation("source")]
	severities, narrowed := annotations[Annotation("severities")]
	switch {
	case given && strings.TrimSpace(source) != incidentsType:
		b.error(field("source"), quoted(source)+" is not known", "write "+incidentsType+", or remove it: measurements are asked for where the indicator says")
		return nil
	case !given && narrowed:
		b.error(field("severities"), "has no effect without "+Annotation("source"), "add "+Annotation("source")+": "+incidentsType)
		return nil
	case !given:
		return nil
	}
	i := &slo.Incidents{}
	if !narrowed {
		return i
	}
	for word := range strings.SplitSeq(severities, ",") {
		word = strings.TrimSpace(word)
		switch {
		case word == "":
			b.error(field("severities"), "names nothing", "write severities with commas between them, or remove it")
		case slices.Contains(i.Severities, word):
			b.error(field("severities"), quoted(word)+" is given twice", "remove one")
		default:
			i.Severities = append(i.Severities, word)
		}
	}
	return i
}

// byIncidents is an indicator that is measured by incidents. What else it says
// must not contradict that.
func (b *builder) byIncidents(field string, m Metadata, sli SLI, incidents *slo.Incidents) (slo.Indicator, bool) {
	i := slo.Indicator{Name: m.Name, Kind: slo.BadOfTotal, Incidents: incidents}
	fix := "remove it: incidents are minutes, bad ones of all"
	r := sli.RatioMetric
	if sli.ThresholdMetric != nil {
		b.error(field+".thresholdMetric", "contradicts "+Annotation("source")+": "+incidentsType, fix)
		return i, false
	}
	if _, given := m.Annotations[Annotation("series")]; given {
		b.error(field, "has the annotation "+Annotation("series")+", and incidents have no series", "remove it")
		return i, false
	}
	if r == nil {
		return i, true
	}
	if r.Raw != nil {
		b.error(field+".ratioMetric.raw", "contradicts "+Annotation("source")+": "+incidentsType, fix)
		return i, false
	}
	if r.Counter != nil && *r.Counter {
		b.error(field+".ratioMetric.counter", "contradicts "+Annotation("source")+": "+incidentsType, fix)
		return i, false
	}
	ok := true
	for _, part := range []struct {
		name   string
		metric *Metric
	}{{"good", r.Good}, {"bad", r.Bad}, {"total", r.Total}} {
		if part.metric != nil {
			ok = b.asksIncidents(field+".ratioMetric."+part.name+".metricSource", part.metric.MetricSource) && ok
		}
	}
	return i, ok
}

// asksIncidents reports a metric that is asked elsewhere.
func (b *builder) asksIncidents(field string, m MetricSource) bool {
	elsewhere := m.MetricSourceRef
	if elsewhere == "" && m.Type != "" && !strings.EqualFold(m.Type, incidentsType) {
		elsewhere = m.Type
	}
	if elsewhere == "" && len(m.Spec) > 0 {
		elsewhere = "a query"
	}
	if elsewhere == "" {
		return true
	}
	b.error(field, fmt.Sprintf("names %s, and %s says %s", elsewhere, Annotation("source"), incidentsType), "remove one of them")
	return false
}

// contradictsIncidents reports what has no meaning beside an indicator that is
// measured by incidents.
func (b *builder) contradictsIncidents(d *slo.Definition) {
	by, others := 0, 0
	for _, o := range d.Objectives {
		if o.In(*d).Incidents == nil {
			others++
		} else {
			by++
		}
	}
	if by == 0 {
		return
	}
	if _, field, given := b.annotated("group-by"); given {
		b.error(field, "has no effect on incidents: they have no labels", "remove it, or write an SLO of its own for each environment")
	}
	if others > 0 {
		return
	}
	if _, field, given := b.annotated("series"); given {
		b.error(field, "has no effect: incidents have no series", "remove it")
	}
}
