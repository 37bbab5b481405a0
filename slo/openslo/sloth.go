package openslo

import (
	"fmt"
	"reflect"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// windowTemplate is what Sloth's queries have in the place of a length of time.
const windowTemplate = "{{.window}}"

// slothFile is a specification "prometheus/v1" of Sloth.
type slothFile struct {
	Version    string            `yaml:"version"`
	Service    string            `yaml:"service"`
	Labels     map[string]string `yaml:"labels"`
	SLOs       []slothSLO        `yaml:"slos"`
	SLOPlugins any               `yaml:"slo_plugins"`
	Plugins    any               `yaml:"sloPlugins"`
}

// slothResource is the same as a Kubernetes resource, PrometheusServiceLevel.
type slothResource struct {
	APIVersion string    `yaml:"apiVersion"`
	Kind       string    `yaml:"kind"`
	Metadata   any       `yaml:"metadata"`
	Spec       slothFile `yaml:"spec"`
	Status     any       `yaml:"status"`
}

type slothSLO struct {
	Name        string            `yaml:"name"`
	Description string            `yaml:"description"`
	Objective   Number            `yaml:"objective"`
	Labels      map[string]string `yaml:"labels"`
	SLI         slothSLI          `yaml:"sli"`
	Alerting    slothAlerting     `yaml:"alerting"`
	Plugins     any               `yaml:"plugins"`
}

// slothSLI has its members in the spelling of files and of the resource.
type slothSLI struct {
	Raw *struct {
		Query string `yaml:"error_ratio_query"`
		Camel string `yaml:"errorRatioQuery"`
	} `yaml:"raw"`
	Events *struct {
		Error      string `yaml:"error_query"`
		ErrorCamel string `yaml:"errorQuery"`
		Total      string `yaml:"total_query"`
		TotalCamel string `yaml:"totalQuery"`
	} `yaml:"events"`
	Plugin any `yaml:"plugin"`
}

type slothAlerting struct {
	Name        string            `yaml:"name"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
	Page        slothAlert        `yaml:"page_alert"`
	PageCamel   slothAlert        `yaml:"pageAlert"`
	Ticket      slothAlert        `yaml:"ticket_alert"`
	TicketCamel slothAlert        `yaml:"ticketAlert"`
}

type slothAlert struct {
	Disable     bool              `yaml:"disable"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// own says whether an alert has more than that it is disabled.
func (a slothAlert) own() bool { return a.For != "" || a.Labels != nil || a.Annotations != nil }

// sloth makes an SLO document of every SLO of a specification.
func (i *importer) sloth(root *yaml.Node) {
	var file slothFile
	path := ""
	if _, isResource := member(root, "apiVersion"); isResource {
		var resource slothResource
		i.decode(root, reflect.ValueOf(&resource).Elem(), "")
		file, path = resource.Spec, "spec"
	} else {
		i.decode(root, reflect.ValueOf(&file).Elem(), "")
	}
	i.notCarried(path, map[string]bool{"slo_plugins": file.SLOPlugins != nil, "sloPlugins": file.Plugins != nil})
	if len(file.SLOs) == 0 {
		i.say(Error, join(path, "slos"), "is required and holds at least one SLO", "")
	}
	for n, one := range file.SLOs {
		i.slothSLO(file, one, fmt.Sprintf("%s[%d]", join(path, "slos"), n))
	}
}

func (i *importer) slothSLO(file slothFile, one slothSLO, path string) {
	sli, method, ok := i.slothSLI(one.SLI, path+".sli")
	if one.Name == "" {
		i.say(Error, path+".name", "is required", "")
		ok = false
	}
	if !ok {
		return
	}
	i.say(Note, path, "takes its window from Sloth's command line; "+i.options.Window.String()+" is taken", "give another with --window")
	o := Objective{TargetPercent: one.Objective}
	m := Metadata{Name: slug(file.Service + "-" + one.Name), DisplayName: one.Name, Labels: labels(file.Labels, one.Labels), Annotations: i.slothAlerts(one.Alerting, path+".alerting")}
	if method == slo.RatioTimeslices {
		o.TimeSliceWindow, m.Annotations[Annotation("slice")] = "5m", "5m"
	}
	spec := &SLO{
		Description: strings.TrimSpace(one.Description), Service: i.service(file.Service), BudgetingMethod: string(method), TimeWindow: rolling(i.options.Window.String()),
		Indicator: &Inline[SLI]{Metadata: Metadata{Name: slug(one.Name)}, Spec: sli}, Objectives: []Objective{o},
	}
	i.add(m, spec, path, map[string]string{"spec.objectives[0].targetPercent": path + ".objective", "spec.indicator": path + ".sli", "metadata.name": path + ".name"})
}

// slothSLI makes an indicator. Sloth takes the mean of ratios of five minutes;
// of events the budget counts every one.
func (i *importer) slothSLI(from slothSLI, path string) (SLI, slo.Method, bool) {
	switch {
	case from.Plugin != nil:
		i.say(Error, path+".plugin", "cannot be imported: a plug-in makes the query", "write the query that it makes as events")
	case from.Events != nil:
		bad, total := from.Events.Error+from.Events.ErrorCamel, from.Events.Total+from.Events.TotalCamel
		i.query(path+".events.error_query", bad)
		i.query(path+".events.total_query", total)
		i.say(Note, path+".events", "becomes Occurrences, which counts every event; Sloth's own figure is a mean of ratios of 5 minutes and may differ", "")
		no := false
		return SLI{RatioMetric: &Ratio{Counter: &no, Bad: i.asked(bad), Total: i.asked(total)}}, slo.Occurrences, bad != "" && total != ""
	case from.Raw != nil:
		query := from.Raw.Query + from.Raw.Camel
		i.query(path+".raw.error_ratio_query", query)
		return SLI{RatioMetric: &Ratio{RawType: "failure", Raw: i.asked(query)}}, slo.RatioTimeslices, query != ""
	default:
		i.say(Error, path, "has neither events nor raw", "")
	}
	return SLI{}, "", false
}

// query checks a query of Sloth.
func (i *importer) query(path, text string) {
	switch {
	case strings.TrimSpace(text) == "":
		i.say(Error, path, "is required", "")
	case !strings.Contains(strings.ReplaceAll(text, " ", ""), windowTemplate):
		i.say(Warning, path, "does not hold "+windowTemplate+", so it counts the same events in every slice", "write "+windowTemplate+" as the range")
	case strings.Contains(text, "rate("):
		i.say(Note, path, "counts events per second of a slice: shares are right, numbers of events are too small", "write increase() for rate()")
	}
}

// slothAlerts are the annotations that say which alerts there are.
func (i *importer) slothAlerts(a slothAlerting, path string) map[string]string {
	page, ticket := a.Page.Disable || a.PageCamel.Disable, a.Ticket.Disable || a.TicketCamel.Disable
	i.notCarried(path, map[string]bool{"name": a.Name != "", "labels": a.Labels != nil, "annotations": a.Annotations != nil})
	i.notCarried(path, map[string]bool{
		"page_alert": a.Page.own(), "pageAlert": a.PageCamel.own(), "ticket_alert": a.Ticket.own(), "ticketAlert": a.TicketCamel.own(),
	})
	switch {
	case page && ticket:
		return map[string]string{Annotation("alerts"): noAlerts}
	case page || ticket:
		i.say(Warning, path, "turns one severity off, which is not carried over: both are on", "")
	}
	return i.windowSet("sloth-" + i.options.Window.String())
}
