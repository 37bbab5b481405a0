package openslo

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// pyrraResource is a Kubernetes resource ServiceLevelObjective of Pyrra.
type pyrraResource struct {
	APIVersion string    `yaml:"apiVersion"`
	Kind       string    `yaml:"kind"`
	Metadata   any       `yaml:"metadata"`
	Spec       pyrraSpec `yaml:"spec"`
	Status     any       `yaml:"status"`
}

type pyrraSpec struct {
	Description     string         `yaml:"description"`
	Target          Number         `yaml:"target"`
	Window          string         `yaml:"window"`
	Latency         string         `yaml:"latency"`
	Indicator       pyrraIndicator `yaml:"indicator"`
	Alerting        pyrraAlerting  `yaml:"alerting"`
	PartialResponse string         `yaml:"partial_response_strategy"`
	Performance     any            `yaml:"performance_over_accuracy"`
}

type pyrraIndicator struct {
	Ratio *struct {
		Errors   pyrraMetric `yaml:"errors"`
		Total    pyrraMetric `yaml:"total"`
		Grouping []string    `yaml:"grouping"`
	} `yaml:"ratio"`
	Latency *struct {
		Success  pyrraMetric `yaml:"success"`
		Total    pyrraMetric `yaml:"total"`
		Grouping []string    `yaml:"grouping"`
	} `yaml:"latency"`
	LatencyNative *struct {
		Total    pyrraMetric `yaml:"total"`
		Latency  string      `yaml:"latency"`
		Grouping []string    `yaml:"grouping"`
	} `yaml:"latencyNative"`
	BoolGauge *struct {
		Metric   string   `yaml:"metric"`
		Grouping []string `yaml:"grouping"`
	} `yaml:"bool_gauge"`
}

type pyrraMetric struct {
	Metric string `yaml:"metric"`
}

type pyrraAlerting struct {
	Disabled     *bool  `yaml:"disabled"`
	Burnrates    *bool  `yaml:"burnrates"`
	Absent       *bool  `yaml:"absent"`
	Name         string `yaml:"name"`
	AbsentName   string `yaml:"absentName"`
	BurnRateType string `yaml:"burnRateType"`
	Severities   any    `yaml:"severities"`
}

// pyrra makes an SLO document of a resource.
func (i *importer) pyrra(root *yaml.Node) {
	var from pyrraResource
	i.decode(root, reflect.ValueOf(&from).Elem(), "")
	meta, _ := from.Metadata.(map[string]any)
	name, _ := meta["name"].(string)
	if from.Kind != "ServiceLevelObjective" {
		i.say(Error, "kind", quoted(from.Kind)+" is not ServiceLevelObjective", "")
		return
	}
	sli, grouping, ok := i.pyrraSLI(from.Spec.Indicator, "spec.indicator")
	if name == "" {
		i.say(Error, "metadata.name", "is required", "")
		return
	}
	if !ok {
		return
	}
	m := Metadata{Name: slug(name), Labels: labels(texts(meta["labels"])), Annotations: i.pyrraAlerts(from.Spec)}
	if len(grouping) > 0 {
		m.Annotations[Annotation("group-by")] = strings.Join(grouping, ",")
	}
	if len(m.Annotations) == 0 {
		m.Annotations = nil
	}
	spec := &SLO{
		Description: strings.TrimSpace(from.Spec.Description), Service: i.pyrraService(name, texts(meta["labels"])), BudgetingMethod: string(slo.Occurrences),
		TimeWindow: rolling(i.pyrraWindow(from.Spec.Window)), Indicator: &Inline[SLI]{Metadata: Metadata{Name: slug(name)}, Spec: sli},
		Objectives: []Objective{{TargetPercent: from.Spec.Target}},
	}
	if from.Spec.Target.below1() {
		i.say(Warning, "spec.target", string(from.Spec.Target)+" is a percentage of Pyrra, below 1 %", "write it from 0 to 100")
	}
	i.notCarried("spec", map[string]bool{"latency": from.Spec.Latency != "", "partial_response_strategy": from.Spec.PartialResponse != "", "performance_over_accuracy": from.Spec.Performance != nil})
	i.add(m, spec, "spec", map[string]string{"spec.objectives[0].targetPercent": "spec.target", "spec.timeWindow": "spec.window", "metadata.name": "metadata"})
}

// below1 says whether a number is between 0 and 1.
func (n Number) below1() bool {
	t, err := share(n, slo.ParseTarget)
	return err == nil && t.Float() > 0
}

// pyrraLatency is a length of time in seconds, as text.
func (i *importer) pyrraLatency(text, path string) (string, bool) {
	length, err := time.ParseDuration(text)
	if err != nil || length <= 0 {
		i.say(Error, path, quoted(text)+" is not a length of time", "write for example 200ms")
		return "", false
	}
	return strconv.FormatFloat(length.Seconds(), 'f', -1, 64), true
}

// texts are the texts of a mapping.
func texts(value any) map[string]string {
	m := map[string]string{}
	all, _ := value.(map[string]any)
	for name, one := range all {
		m[name] = fmt.Sprint(one)
	}
	return m
}

// pyrraService is the application, which Pyrra does not name.
func (i *importer) pyrraService(name string, labels map[string]string) string {
	for _, label := range []string{"app.kubernetes.io/name", "app", "service"} {
		if labels[label] != "" {
			return i.service(labels[label])
		}
	}
	if i.options.Service == "" {
		i.say(Warning, "metadata", "names no application: its own name is taken", "give one with --service")
	}
	return i.service(name)
}

// pyrraWindow is a window of one unit; Prometheus writes a year in lower case.
func (i *importer) pyrraWindow(text string) string {
	window := text
	if number, isYears := strings.CutSuffix(window, "y"); isYears {
		window = number + string(slo.Year)
	}
	if _, err := slo.ParseSpan(window); err != nil {
		i.say(Error, "spec.window", err.Error(), "write one unit, such as 28d")
	}
	return window
}

// pyrraSLI makes an indicator. Pyrra names metrics: counters, of which it takes
// the increase, summed by the labels of the grouping. Every counter is read of
// its own here, so that a reset of one is seen.
func (i *importer) pyrraSLI(from pyrraIndicator, path string) (sli SLI, grouping []string, ok bool) {
	counter := from.Ratio != nil || from.Latency != nil
	ratio := &Ratio{Counter: &counter}
	sum := func(expression string) *Metric { return i.asked(summed(grouping) + "(" + expression + ")") }
	var metrics []string
	switch {
	case from.Ratio != nil:
		grouping = from.Ratio.Grouping
		metrics = []string{from.Ratio.Errors.Metric, from.Ratio.Total.Metric}
		ratio.Bad, ratio.Total = sum(metrics[0]), sum(metrics[1])
	case from.Latency != nil:
		grouping = from.Latency.Grouping
		metrics = []string{from.Latency.Success.Metric, from.Latency.Total.Metric}
		ratio.Good, ratio.Total = sum(metrics[0]), sum(metrics[1])
	case from.LatencyNative != nil:
		grouping = from.LatencyNative.Grouping
		metrics = []string{from.LatencyNative.Total.Metric}
		seconds, known := i.pyrraLatency(from.LatencyNative.Latency, path+".latencyNative.latency")
		if !known {
			return sli, nil, false
		}
		histogram := "increase(" + metrics[0] + "[" + windowTemplate + "])"
		ratio.Good = sum("histogram_fraction(0, " + seconds + ", " + histogram + ") * histogram_count(" + histogram + ")")
		ratio.Total = sum("histogram_count(" + histogram + ")")
	case from.BoolGauge != nil:
		grouping = from.BoolGauge.Grouping
		metrics = []string{from.BoolGauge.Metric}
		ratio.Good, ratio.Total = sum("sum_over_time("+metrics[0]+"["+windowTemplate+"])"), sum("count_over_time("+metrics[0]+"["+windowTemplate+"])")
	default:
		i.say(Error, path, "has none of ratio, latency, latencyNative and bool_gauge", "")
		return sli, nil, false
	}
	for _, metric := range metrics {
		if strings.TrimSpace(metric) == "" {
			i.say(Error, path, "has a metric without a name", "")
			return sli, nil, false
		}
	}
	return SLI{RatioMetric: ratio}, grouping, true
}

// summed is the aggregation by labels.
func summed(grouping []string) string {
	if len(grouping) == 0 {
		return "sum"
	}
	return "sum by (" + strings.Join(grouping, ", ") + ") "
}

// pyrraAlerts are the annotations that say which alerts there are.
func (i *importer) pyrraAlerts(spec pyrraSpec) map[string]string {
	a := spec.Alerting
	i.notCarried("spec.alerting", map[string]bool{"name": a.Name != "", "absentName": a.AbsentName != "", "severities": a.Severities != nil})
	if a.BurnRateType == "dynamic" {
		i.say(Warning, "spec.alerting.burnRateType", "thresholds that follow the traffic are not carried over", "use the annotations min-events and confidence")
	}
	if a.Disabled != nil && *a.Disabled || a.Burnrates != nil && !*a.Burnrates {
		return map[string]string{Annotation("alerts"): noAlerts}
	}
	return i.windowSet("pyrra-" + spec.Window)
}
