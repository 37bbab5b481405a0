package openslo

import (
	"bytes"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// YAML writes documents, each after "---" but the first, with fields in the
// order of the specification and maps in the order of their keys: equal
// documents have equal text.
func YAML(documents ...Document) ([]byte, error) {
	if len(documents) == 0 {
		return nil, nil
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	for _, one := range documents {
		if err := encoder.Encode(one); err != nil {
			return nil, fmt.Errorf("openslo: %s %s: %w", one.Kind, one.Metadata.Name, err)
		}
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("openslo: %w", err)
	}
	return text.Bytes(), nil
}

// FromDefinition is the document that reads as a definition. Indicators stand
// inline.
func FromDefinition(d slo.Definition) Document {
	spec := &SLO{Description: d.Description, Service: d.Service, BudgetingMethod: string(d.Method), TimeWindow: []TimeWindow{fromWindow(d.Window)}}
	for _, o := range d.Objectives {
		spec.Objectives = append(spec.Objectives, fromObjective(o, d))
	}
	meta := Metadata{Name: d.Name, DisplayName: d.DisplayName, Annotations: fromSettings(d)}
	for name, value := range d.Labels {
		if meta.Labels == nil {
			meta.Labels = map[string]Values{}
		}
		meta.Labels[name] = Values{value}
	}
	for _, p := range d.Policies {
		spec.AlertPolicies = append(spec.AlertPolicies, fromPolicy(p))
	}
	if d.Composite == "" {
		spec.Indicator = fromIndicator(d.Indicator)
		maps.Copy(meta.Annotations, fromIncidents(d.Indicator.Incidents))
		if series := d.Indicator.Series; d.Indicator.Incidents == nil && series != d.Indicator.Name && (d.Indicator.Name != "" || series != d.Name) {
			meta.Annotations[Annotation("series")] = series
		}
	}
	if len(meta.Annotations) == 0 {
		meta.Annotations = nil
	}
	return Document{APIVersion: Version, Kind: KindSLO, Metadata: meta, Spec: spec}
}

// fromSettings are the annotations of what is not as it is without them.
func fromSettings(d slo.Definition) map[string]string {
	m := map[string]string{}
	set := func(name, value string, given bool) {
		if given {
			m[Annotation(name)] = value
		}
	}
	set("environment", d.Environment, d.Environment != "")
	set("slice", evenkeel.FormatDuration(d.Slice), d.Slice != time.Minute)
	set("ingestion-delay", evenkeel.FormatDuration(d.Delay), d.Delay != 0)
	set("missing", string(d.Missing), d.Missing != slo.MissingExclude && d.Missing != "")
	set("min-events", amountText(d.Guard.MinEvents), d.Guard.MinEvents != 0)
	set("min-bad", amountText(d.Guard.MinBad), d.Guard.MinBad != 0)
	set("confidence", amountText(d.Guard.Confidence), d.Guard.Confidence != 0)
	set("group-by", strings.Join(d.GroupBy, ","), len(d.GroupBy) > 0)
	set("composite", string(d.Composite), d.Composite != "" && d.Composite != slo.CompositeOpenSLO)
	set("composite-target", d.CompositeTarget.String(), !d.CompositeTarget.IsZero())
	set("alerts", alertsText(d), alertsText(d) != "")
	return m
}

// alertsText is the annotation that names the window set; empty for the one
// that is taken without it.
func alertsText(d slo.Definition) string {
	without := slo.DefaultWindowSet(d.Window)
	if len(d.Policies) > 0 {
		without = ""
	}
	switch d.Alerts {
	case without:
		return ""
	case "":
		return noAlerts
	}
	return d.Alerts
}

// fromPolicy is an alert policy with its one condition inline.
func fromPolicy(p slo.AlertPolicy) PolicyRef {
	c := Condition{Kind: "burnrate", Op: string(slo.Above), Threshold: Number(p.Factor.String()), LookbackWindow: lengthText(p.Lookback)}
	if p.Meeting {
		c.Op = string(slo.AtLeast)
	}
	if p.For > 0 {
		c.AlertAfter = lengthText(p.For)
	}
	named := Metadata{Name: p.Name}
	return PolicyRef{Kind: KindAlertPolicy, Metadata: &named, Spec: &AlertPolicy{
		AlertWhenNoData: p.NoData, AlertWhenResolved: p.Resolved, AlertWhenBreaching: p.Breaching,
		Conditions: []ConditionRef{{Kind: KindAlertCondition, Metadata: &named, Spec: &AlertCondition{Severity: string(p.Severity), Condition: c}}},
	}}
}

// lengthText is a length of whole minutes in OpenSLO's shorthand.
func lengthText(d time.Duration) string {
	for _, unit := range []slo.Unit{slo.Day, slo.Hour} {
		if one := (slo.Span{N: 1, Unit: unit}).Fixed(); d%one == 0 {
			return slo.Span{N: int(d / one), Unit: unit}.String()
		}
	}
	return slo.Span{N: int(d / time.Minute), Unit: slo.Minute}.String()
}

func amountText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func fromWindow(w slo.TimeWindow) TimeWindow {
	rolling := w.Rolling()
	to := TimeWindow{Duration: w.Span.String(), IsRolling: &rolling}
	if !rolling {
		to.Calendar = &Calendar{StartTime: w.Start.Format(startLayout), TimeZone: w.Start.Location().String()}
	}
	return to
}

func fromObjective(o slo.Objective, d slo.Definition) Objective {
	to := Objective{DisplayName: o.Name, Target: Number(o.Target.String())}
	if o.In(d).Kind == slo.Threshold {
		to.Op, to.Value = string(o.Op), Number(amountText(o.Value))
	}
	if d.Method == slo.Timeslices {
		to.TimeSliceTarget = Number(o.SliceTarget.String())
	}
	if d.Method != slo.Occurrences {
		window := o.SliceWindow
		if window == 0 {
			window = d.Slice
		}
		to.TimeSliceWindow = strconv.Itoa(int(window/time.Minute)) + string(slo.Minute)
	}
	if o.Indicator == nil {
		return to
	}
	to.Indicator = fromIndicator(*o.Indicator)
	to.Indicator.Metadata.Annotations = fromIncidents(o.Indicator.Incidents)
	if series := o.Indicator.Series; o.Indicator.Incidents == nil && series != o.Indicator.Name && (o.Indicator.Name != "" || series != d.Name+"/"+o.Name) {
		to.Indicator.Metadata.Annotations = map[string]string{Annotation("series"): series}
	}
	if o.Weight != 1 {
		to.CompositeWeight = Number(amountText(o.Weight))
	}
	return to
}

// fromIncidents are the annotations of an indicator that is measured by
// incidents; nil for others.
func fromIncidents(i *slo.Incidents) map[string]string {
	if i == nil {
		return nil
	}
	m := map[string]string{Annotation("source"): incidentsType}
	if len(i.Severities) > 0 {
		m[Annotation("severities")] = strings.Join(i.Severities, ",")
	}
	return m
}

func fromIndicator(i slo.Indicator) *Inline[SLI] {
	to := &Inline[SLI]{Metadata: Metadata{Name: i.Name}}
	if i.Incidents != nil { // For other readers: OpenSLO wants a metric.
		i.Bad, i.Total = &slo.Source{Type: incidentsType}, &slo.Source{Type: incidentsType}
	}
	switch i.Kind {
	case slo.Threshold:
		to.Spec.ThresholdMetric = fromSource(i.Value)
	case slo.Success, slo.Failure:
		to.Spec.RatioMetric = &Ratio{RawType: "success", Raw: fromSource(i.Value)}
		if i.Kind == slo.Failure {
			to.Spec.RatioMetric.RawType = "failure"
		}
	default:
		counter := i.Counter
		to.Spec.RatioMetric = &Ratio{Counter: &counter, Total: fromSource(i.Total)}
		if i.Kind == slo.BadOfTotal {
			to.Spec.RatioMetric.Bad = fromSource(i.Bad)
		} else {
			to.Spec.RatioMetric.Good = fromSource(i.Good)
		}
	}
	return to
}

// fromSource is where a metric is asked; one that is not asked has an empty
// source, which the document needs to say what is measured.
func fromSource(s *slo.Source) *Metric {
	if s == nil {
		return &Metric{}
	}
	spec := maps.Clone(s.Spec)
	if _, has := spec["query"]; s.Query != "" && !has {
		if spec == nil {
			spec = map[string]any{}
		}
		spec["query"] = s.Query
	}
	return &Metric{MetricSource{MetricSourceRef: s.DataSource, Type: s.Type, Spec: spec}}
}
