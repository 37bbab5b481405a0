package openslo

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// versionAlpha is the version before v1, which Sloth reads.
const versionAlpha = "openslo/v1alpha"

// alphaDocument is an SLO or a service of v1alpha.
type alphaDocument struct {
	APIVersion string    `yaml:"apiVersion"`
	Kind       Kind      `yaml:"kind"`
	Metadata   Metadata  `yaml:"metadata"`
	Spec       alphaSpec `yaml:"spec"`
}

type alphaSpec struct {
	Description     string           `yaml:"description"`
	Service         string           `yaml:"service"`
	BudgetingMethod string           `yaml:"budgetingMethod"`
	TimeWindows     []alphaWindow    `yaml:"timeWindows"`
	Indicator       alphaIndicator   `yaml:"indicator"`
	Objectives      []alphaObjective `yaml:"objectives"`
}

type alphaWindow struct {
	Unit      string    `yaml:"unit"`
	Count     string    `yaml:"count"`
	IsRolling *bool     `yaml:"isRolling"`
	Calendar  *Calendar `yaml:"calendar"`
}

type alphaIndicator struct {
	ThresholdMetric *alphaMetric `yaml:"thresholdMetric"`
}

type alphaMetric struct {
	Source    string         `yaml:"source"`
	QueryType string         `yaml:"queryType"`
	Query     string         `yaml:"query"`
	Metadata  map[string]any `yaml:"metadata"`
}

type alphaObjective struct {
	DisplayName     string      `yaml:"displayName"`
	Op              string      `yaml:"op"`
	Value           Number      `yaml:"value"`
	Target          Number      `yaml:"target"`
	TimeSliceTarget Number      `yaml:"timeSliceTarget"`
	RatioMetrics    *alphaRatio `yaml:"ratioMetrics"`
}

type alphaRatio struct {
	Incremental *bool        `yaml:"incremental"`
	Counter     *bool        `yaml:"counter"`
	Good        *alphaMetric `yaml:"good"`
	Bad         *alphaMetric `yaml:"bad"`
	Total       *alphaMetric `yaml:"total"`
}

// alpha reads a document of v1alpha as one of v1.
func (d *decoder) alpha(root *yaml.Node) (Document, bool) {
	var from alphaDocument
	d.decode(root, reflect.ValueOf(&from).Elem(), "")
	doc := Document{APIVersion: Version, Kind: from.Kind, Metadata: from.Metadata, file: d.file, lines: d.lines}
	switch {
	case from.Metadata.Name == "":
		d.at("metadata.name", root, "is required", "name the document")
		return doc, false
	case nameRule(from.Metadata.Name) != "":
		d.at("metadata.name", root, quoted(from.Metadata.Name)+" "+nameRule(from.Metadata.Name), "")
		return doc, false
	case from.Kind == KindService:
		doc.Spec = &Service{Description: from.Spec.Description}
	case from.Kind == KindSLO:
		doc.Spec = d.alphaSLO(root, from.Spec)
	default:
		d.at("kind", root, quoted(string(from.Kind))+" is no kind of OpenSLO v1alpha", "write SLO or Service")
		return doc, false
	}
	doc.broken = slices.ContainsFunc(d.lints, func(l Lint) bool { return l.Severity == Error })
	return doc, true
}

func (d *decoder) alphaSLO(root *yaml.Node, from alphaSpec) *SLO {
	to := &SLO{Description: from.Description, Service: from.Service, BudgetingMethod: from.BudgetingMethod}
	if to.BudgetingMethod == "" {
		to.BudgetingMethod = string(slo.Occurrences)
		d.tell("spec.budgetingMethod", root, Warning, slo.Say("alpha_method", "is not given: Occurrences is taken"), "write budgetingMethod: Occurrences")
	}
	for _, w := range from.TimeWindows {
		to.TimeWindow = append(to.TimeWindow, TimeWindow{Duration: d.alphaSpan(root, w), IsRolling: w.IsRolling, Calendar: w.Calendar})
	}
	for _, o := range from.Objectives {
		one := Objective{DisplayName: o.DisplayName, Op: o.Op, Value: o.Value, Target: o.Target, TimeSliceTarget: o.TimeSliceTarget}
		if to.BudgetingMethod == string(slo.Timeslices) {
			one.TimeSliceWindow = "1m"
			d.tell("spec.objectives", root, Warning, slo.Say("alpha_slice", "v1alpha does not say how long a slice is: 1m is taken"), "write the document as v1 with timeSliceWindow")
		}
		to.Objectives = append(to.Objectives, one)
	}
	to.Indicator = d.alphaIndicator(root, from)
	return to
}

// alphaIndicator is the one that all objectives share; nil for none.
func (d *decoder) alphaIndicator(root *yaml.Node, from alphaSpec) *Inline[SLI] {
	var ratio *alphaRatio
	for _, o := range from.Objectives {
		if ratio != nil && !reflect.DeepEqual(ratio, o.RatioMetrics) {
			d.at("spec.objectives", root, "are measured in different ways", "write an SLO for each")
			return nil
		}
		ratio = o.RatioMetrics
	}
	threshold := from.Indicator.ThresholdMetric.metric()
	switch {
	case ratio == nil && threshold == nil:
		return nil
	case ratio == nil:
		return &Inline[SLI]{Spec: SLI{ThresholdMetric: threshold}}
	}
	counter := ratio.Counter
	if counter == nil {
		counter = ratio.Incremental
	}
	return &Inline[SLI]{Spec: SLI{ThresholdMetric: threshold, RatioMetric: &Ratio{
		Counter: counter, Good: ratio.Good.metric(), Bad: ratio.Bad.metric(), Total: ratio.Total.metric(),
	}}}
}

// metric is the same question as v1 has it.
func (m *alphaMetric) metric() *Metric {
	if m == nil {
		return nil
	}
	spec := map[string]any{"query": m.Query}
	if m.QueryType != "" {
		spec["queryType"] = m.QueryType
	}
	maps.Copy(spec, m.Metadata)
	source := m.Source
	for _, known := range []string{"Prometheus", "Datadog"} {
		if strings.EqualFold(source, known) {
			source = known
		}
	}
	return &Metric{MetricSource{Type: source, Spec: spec}}
}

// alphaSpan is the shorthand of a window's unit and count.
func (d *decoder) alphaSpan(root *yaml.Node, w alphaWindow) string {
	units := map[string]slo.Unit{
		"Minute": slo.Minute, "Hour": slo.Hour, "Day": slo.Day, "Week": slo.Week, "Month": slo.Month, "Quarter": slo.Quarter, "Year": slo.Year,
	}
	unit, ok := units[w.Unit]
	if !ok {
		d.at("spec.timeWindows[0].unit", root, quoted(w.Unit)+" is no unit of time", "write Day, Week, Month, Quarter or Year")
		return ""
	}
	if _, err := strconv.Atoi(w.Count); err != nil {
		d.at("spec.timeWindows[0].count", root, quoted(w.Count)+" is not a whole number", "write for example 30")
		return ""
	}
	return w.Count + string(unit)
}
