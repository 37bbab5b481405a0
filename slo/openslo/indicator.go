package openslo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// chosen is the indicator that stands inline or that a name refers to; ok is
// false if there is none, or an error.
func (b *builder) chosen(inline *Inline[SLI], ref, field string) (slo.Indicator, bool) {
	switch {
	case inline != nil && ref != "":
		b.error(field+".indicatorRef", "is given beside indicator", "keep one of them")
		return slo.Indicator{}, false
	case inline != nil:
		return b.indicator(field+".indicator.spec", inline.Metadata, inline.Spec)
	}
	return b.referred(ref, field+".indicatorRef")
}

// referred is an indicator of another document, whose own lints are given
// there.
func (b *builder) referred(name, field string) (slo.Indicator, bool) {
	doc, found := b.set.first[key{KindSLI, name}]
	if !found {
		b.error(field, "SLI "+quoted(name)+" is not among the documents", b.suggest(KindSLI, name))
		return slo.Indicator{}, false
	}
	sli, _ := doc.Spec.(*SLI)
	other := &builder{set: &Set{first: b.set.first}, doc: doc, bad: doc.broken, incidents: b.incidents}
	indicator, ok := other.indicator("spec", doc.Metadata, *sli)
	if !ok || other.bad {
		b.error(field, "SLI "+quoted(name)+" has errors", "see "+doc.file)
		return slo.Indicator{}, false
	}
	return indicator, true
}

// suggest proposes a name among the documents of a kind.
func (b *builder) suggest(kind Kind, name string) string {
	var known []string
	for k := range b.set.first {
		if k.kind == kind {
			known = append(known, k.name)
		}
	}
	if best := nearest(name, known); best != "" {
		return "did you mean " + quoted(best) + "?"
	}
	return "give the file that holds it too"
}

// indicator makes an indicator of an SLI. Its series is the annotation's, or
// its name, or empty.
func (b *builder) indicator(field string, m Metadata, sli SLI) (slo.Indicator, bool) {
	incidents := b.incidentsIn(m.Annotations, strings.TrimSuffix(field, "spec")+"metadata")
	if incidents = cmp.Or(incidents, b.incidents); incidents != nil {
		return b.byIncidents(field, m, sli, incidents)
	}
	i := slo.Indicator{Name: m.Name, Series: m.Annotations[Annotation("series")]}
	if i.Series == "" {
		i.Series = m.Name
	}
	switch {
	case sli.RatioMetric != nil && sli.ThresholdMetric != nil:
		b.error(field, "has a ratioMetric and a thresholdMetric", "keep one of them")
		return i, false
	case sli.RatioMetric != nil:
		return b.ratio(field+".ratioMetric", *sli.RatioMetric, i)
	case sli.ThresholdMetric != nil:
		i.Kind = slo.Threshold
		i.Value = b.source(field+".thresholdMetric", sli.ThresholdMetric)
		return i, true
	}
	b.error(field, "has neither a ratioMetric nor a thresholdMetric", "add one of them")
	return i, false
}

func (b *builder) ratio(field string, r Ratio, i slo.Indicator) (slo.Indicator, bool) {
	switch {
	case r.Raw != nil && (r.Good != nil || r.Bad != nil || r.Total != nil):
		b.error(field+".raw", "is given beside good, bad or total", "keep one of them")
		return i, false
	case r.Raw != nil:
		return b.raw(field, r, i)
	case r.Total == nil:
		b.error(field+".total", "is required", "add total beside good or bad, or give raw")
		return i, false
	case r.Good != nil && r.Bad != nil:
		b.error(field+".bad", "is given beside good", "keep one of them")
		return i, false
	case r.Good == nil && r.Bad == nil:
		b.error(field+".good", "is required", "add good or bad beside total")
		return i, false
	}
	if r.RawType != "" {
		b.warn(field+".rawType", "raw_type_alone", "has no effect without raw", "remove it")
	}
	i.Kind = slo.GoodOfTotal
	if r.Bad != nil {
		i.Kind = slo.BadOfTotal
	}
	if r.Counter == nil {
		b.note(field+".counter", "no_counter", "is not given: amounts are taken as what happened in the slice", "write counter: true if they are readings of counters that only grow")
	}
	i.Counter = r.Counter != nil && *r.Counter
	i.Good, i.Bad, i.Total = b.source(field+".good", r.Good), b.source(field+".bad", r.Bad), b.source(field+".total", r.Total)
	return i, true
}

func (b *builder) raw(field string, r Ratio, i slo.Indicator) (slo.Indicator, bool) {
	switch r.RawType {
	case "success":
		i.Kind = slo.Success
	case "failure":
		i.Kind = slo.Failure
	default:
		b.error(field+".rawType", quoted(r.RawType)+" is not known", oneOf(r.RawType, []string{"success", "failure"}))
		return i, false
	}
	i.Value = b.source(field+".raw", r.Raw)
	return i, true
}

// source is where a metric is asked. Its type is that of the data source's
// document, if there is one.
func (b *builder) source(field string, m *Metric) *slo.Source {
	if m == nil {
		return nil
	}
	from := m.MetricSource
	s := &slo.Source{DataSource: from.MetricSourceRef, Type: from.Type, Spec: from.Spec}
	if query, ok := from.Spec["query"].(string); ok {
		s.Query = strings.TrimSpace(query)
	}
	field += ".metricSource"
	doc, found := b.set.first[key{KindDataSource, from.MetricSourceRef}]
	source, _ := doc.Spec.(*DataSource)
	switch {
	case found && s.Type == "":
		s.Type = source.Type
	case found && source.Type != "" && !strings.EqualFold(source.Type, s.Type):
		b.error(field+".type", quoted(s.Type)+" is not the type of "+quoted(from.MetricSourceRef)+", "+quoted(source.Type), "leave it out")
	case strings.EqualFold(s.Type, incidentsType):
		b.error(field+".type", quoted(s.Type)+" are nothing that is asked for", "add the annotation "+Annotation("source")+": "+incidentsType)
	case s.Type == "" && from.MetricSourceRef == "":
		b.warn(field+".type", "nothing_asked", "is not given, and no metricSourceRef: nothing is asked, measurements have to be sent", "add type: Prometheus, or a metricSourceRef")
	}
	return s
}

func (b *builder) dataSource(spec DataSource) {
	if spec.Type == "" {
		b.warn("spec.type", "source_type_missing", "is required by OpenSLO", "write for example type: Prometheus")
	}
	if spec.ConnectionDetails != nil {
		b.note("spec.connectionDetails", "details_unused", "are not used: the connection of the name "+quoted(b.doc.Metadata.Name)+" says where to ask", "", "name", b.doc.Metadata.Name)
	}
	if holdsSecret(spec.ConnectionDetails) {
		b.warn("spec.connectionDetails", "secret", "look like they hold a secret in plain text", "remove it; connections refer to secrets")
	}
}

// holdsSecret says whether a key of a value names a secret and has a text.
func holdsSecret(value any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, holdsSecret)
	case map[string]any:
		for name, one := range v {
			if text, ok := one.(string); ok && text != "" && secretName(name) || holdsSecret(one) {
				return true
			}
		}
	}
	return false
}

func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"password", "secret", "token", "apikey", "appkey", "accesskey", "api_key", "app_key"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
