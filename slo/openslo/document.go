package openslo

import (
	"regexp"

	yaml "go.yaml.in/yaml/v3"
)

// Version is the version of the specification that is read and written.
const Version = "openslo/v1"

// Kind is what a document describes.
type Kind string

// The kinds of OpenSLO v1.
const (
	KindSLO                     Kind = "SLO"
	KindSLI                     Kind = "SLI"
	KindDataSource              Kind = "DataSource"
	KindAlertPolicy             Kind = "AlertPolicy"
	KindAlertCondition          Kind = "AlertCondition"
	KindAlertNotificationTarget Kind = "AlertNotificationTarget"
	KindService                 Kind = "Service"
)

// Document is one document of any kind.
type Document struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       Kind     `yaml:"kind"`
	Metadata   Metadata `yaml:"metadata"`
	// Spec is a pointer to the type of the kind: *SLO, *SLI, *DataSource,
	// *AlertPolicy, *AlertCondition, *NotificationTarget or *Service.
	Spec any `yaml:"spec"`

	// file and lines say where the document and its fields stand.
	file  string
	lines map[string]int
	// broken says that a part of the document could not be read.
	broken bool
}

// Metadata names a document.
type Metadata struct {
	Name        string            `yaml:"name,omitempty"`
	DisplayName string            `yaml:"displayName,omitempty"`
	Labels      map[string]Values `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// Values are the values of a label; the document has one text or a list.
type Values []string

// MarshalYAML writes a single value as a text.
func (v Values) MarshalYAML() (any, error) {
	if len(v) == 1 {
		return v[0], nil
	}
	return []string(v), nil
}

// Number is a number as it is written. It is never rounded.
type Number string

// decimal is a plain number: no exponent, no other base, no digits grouped.
var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$`)

// MarshalYAML writes the number's own text.
func (n Number) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: string(n)}, nil
}

// Inline is an object that stands within another.
type Inline[T any] struct {
	Kind     Kind     `yaml:"kind,omitempty"`
	Metadata Metadata `yaml:"metadata"`
	Spec     T        `yaml:"spec"`
}

// SLO is a service-level objective.
type SLO struct {
	Description     string       `yaml:"description,omitempty"`
	Service         string       `yaml:"service"`
	Indicator       *Inline[SLI] `yaml:"indicator,omitempty"`
	IndicatorRef    string       `yaml:"indicatorRef,omitempty"`
	TimeWindow      []TimeWindow `yaml:"timeWindow,omitempty"`
	BudgetingMethod string       `yaml:"budgetingMethod"`
	Objectives      []Objective  `yaml:"objectives"`
	AlertPolicies   []PolicyRef  `yaml:"alertPolicies,omitempty"`
}

// TimeWindow is the window of a budget, rolling or of the calendar.
type TimeWindow struct {
	Duration  string    `yaml:"duration"`
	IsRolling *bool     `yaml:"isRolling,omitempty"`
	Calendar  *Calendar `yaml:"calendar,omitempty"`
}

// Calendar is where a first window begins, without a zone, and the zone.
type Calendar struct {
	StartTime string `yaml:"startTime"`
	TimeZone  string `yaml:"timeZone"`
}

// Objective is one promise of an SLO.
type Objective struct {
	DisplayName     string       `yaml:"displayName,omitempty"`
	Op              string       `yaml:"op,omitempty"`
	Value           Number       `yaml:"value,omitempty"`
	Target          Number       `yaml:"target,omitempty"`
	TargetPercent   Number       `yaml:"targetPercent,omitempty"`
	TimeSliceTarget Number       `yaml:"timeSliceTarget,omitempty"`
	TimeSliceWindow string       `yaml:"timeSliceWindow,omitempty"`
	Indicator       *Inline[SLI] `yaml:"indicator,omitempty"`
	IndicatorRef    string       `yaml:"indicatorRef,omitempty"`
	CompositeWeight Number       `yaml:"compositeWeight,omitempty"`
}

// SLI is a service-level indicator: how a service is measured.
type SLI struct {
	Description     string  `yaml:"description,omitempty"`
	ThresholdMetric *Metric `yaml:"thresholdMetric,omitempty"`
	RatioMetric     *Ratio  `yaml:"ratioMetric,omitempty"`
}

// Ratio is a share of events, or one that was computed elsewhere.
type Ratio struct {
	Counter *bool   `yaml:"counter,omitempty"`
	Good    *Metric `yaml:"good,omitempty"`
	Bad     *Metric `yaml:"bad,omitempty"`
	Total   *Metric `yaml:"total,omitempty"`
	RawType string  `yaml:"rawType,omitempty"`
	Raw     *Metric `yaml:"raw,omitempty"`
}

// Metric is where a number comes from.
type Metric struct {
	MetricSource MetricSource `yaml:"metricSource"`
}

// MetricSource names a data source and what it takes.
type MetricSource struct {
	MetricSourceRef string         `yaml:"metricSourceRef,omitempty"`
	Type            string         `yaml:"type,omitempty"`
	Spec            map[string]any `yaml:"spec,omitempty"`
}

// DataSource describes a data source. Its connectionDetails are not used to
// connect.
type DataSource struct {
	Description       string `yaml:"description,omitempty"`
	Type              string `yaml:"type"`
	ConnectionDetails any    `yaml:"connectionDetails,omitempty"`
}

// AlertPolicy says when people are told.
type AlertPolicy struct {
	Description         string         `yaml:"description,omitempty"`
	AlertWhenNoData     *bool          `yaml:"alertWhenNoData,omitempty"`
	AlertWhenResolved   *bool          `yaml:"alertWhenResolved,omitempty"`
	AlertWhenBreaching  *bool          `yaml:"alertWhenBreaching,omitempty"`
	Conditions          []ConditionRef `yaml:"conditions,omitempty"`
	NotificationTargets []TargetRef    `yaml:"notificationTargets,omitempty"`
}

// AlertCondition is a burn rate that is too high.
type AlertCondition struct {
	Description string    `yaml:"description,omitempty"`
	Severity    string    `yaml:"severity"`
	Condition   Condition `yaml:"condition"`
}

// Condition is what an alert condition looks at.
type Condition struct {
	Kind           string `yaml:"kind,omitempty"`
	Op             string `yaml:"op,omitempty"`
	Threshold      Number `yaml:"threshold,omitempty"`
	LookbackWindow string `yaml:"lookbackWindow,omitempty"`
	AlertAfter     string `yaml:"alertAfter,omitempty"`
}

// NotificationTarget is where people are told.
type NotificationTarget struct {
	Description string `yaml:"description,omitempty"`
	Target      string `yaml:"target"`
}

// Service is a group of SLOs; here it is an application of the catalogue.
type Service struct {
	Description string `yaml:"description,omitempty"`
}

// PolicyRef is an alert policy by name or inline. A plain text is a name.
type PolicyRef struct {
	Ref      string       `yaml:"alertPolicyRef,omitempty" scalar:"true"`
	Kind     Kind         `yaml:"kind,omitempty"`
	Metadata *Metadata    `yaml:"metadata,omitempty"`
	Spec     *AlertPolicy `yaml:"spec,omitempty"`
}

// ConditionRef is an alert condition by name or inline.
type ConditionRef struct {
	Ref      string          `yaml:"conditionRef,omitempty" scalar:"true"`
	Kind     Kind            `yaml:"kind,omitempty"`
	Metadata *Metadata       `yaml:"metadata,omitempty"`
	Spec     *AlertCondition `yaml:"spec,omitempty"`
}

// TargetRef is a notification target by name or inline.
type TargetRef struct {
	Ref      string              `yaml:"targetRef,omitempty" scalar:"true"`
	Kind     Kind                `yaml:"kind,omitempty"`
	Metadata *Metadata           `yaml:"metadata,omitempty"`
	Spec     *NotificationTarget `yaml:"spec,omitempty"`
}

// kinds are the kinds in the order of the specification.
func kinds() []string {
	return []string{
		string(KindDataSource), string(KindSLO), string(KindSLI), string(KindAlertPolicy), string(KindAlertCondition),
		string(KindAlertNotificationTarget), string(KindService),
	}
}

// newSpec is a pointer to an empty spec of a kind; nil for no kind.
func newSpec(k Kind) any {
	switch k {
	case KindSLO:
		return new(SLO)
	case KindSLI:
		return new(SLI)
	case KindDataSource:
		return new(DataSource)
	case KindAlertPolicy:
		return new(AlertPolicy)
	case KindAlertCondition:
		return new(AlertCondition)
	case KindAlertNotificationTarget:
		return new(NotificationTarget)
	case KindService:
		return new(Service)
	}
	return nil
}

// File is the name of the file that a document was read from; empty for one
// that was not read.
func (d Document) File() string { return d.file }

// Line is the line of the document's name, from 1; 0 for one that was not read.
func (d Document) Line() int { return d.line("metadata.name") }
