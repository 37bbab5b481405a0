package evenkeel

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"
)

// EnvironmentClass is what an environment is for. An environment that no rule
// names is unclassified, never production.
type EnvironmentClass string

// The environment classes.
const (
	Production   EnvironmentClass = "production"
	Staging      EnvironmentClass = "staging"
	Testing      EnvironmentClass = "testing"
	Development  EnvironmentClass = "development"
	Unclassified EnvironmentClass = "unclassified"
)

// EnvironmentRule gives environments whose name matches a pattern a class.
type EnvironmentRule struct {
	// Pattern is a shell pattern ("prod-*") on the lower-case name.
	Pattern string           `json:"pattern"`
	Class   EnvironmentClass `json:"class"`
}

// Policy says which facts are counted, and how. It is data: a change makes a
// new version. The zero value counts nothing; start from [DefaultPolicy].
type Policy struct {
	Version string `json:"version"`
	// EffectiveFrom is the first instant that is judged by this version; what
	// is older is judged by the version before. Zero judges all of the past.
	EffectiveFrom time.Time `json:"effective_from,omitzero"`
	// Environments are tried in order; the first match decides.
	Environments []EnvironmentRule `json:"environments"`
	// Deployments narrows which deployments count.
	Deployments DeploymentRule `json:"deployments,omitzero"`
	// Unit is what lead time is measured of.
	Unit ChangeUnit `json:"unit"`
	// Start is the event that begins a lead time.
	Start LeadStart `json:"start"`
	// Aggregation makes one figure of many durations.
	Aggregation Aggregation `json:"aggregation"`
	// FailureWindow is how long after a deployment an incident can be laid to
	// it; both ends count.
	FailureWindow time.Duration `json:"failure_window"`
	// InferFailures lets rollbacks, reverts and hotfixes mark what they repair
	// as failed.
	InferFailures bool `json:"infer_failures"`
	// HotfixWindow is how long after a deployment an unplanned fix says that
	// it failed.
	HotfixWindow time.Duration `json:"hotfix_window"`
	// Recovery is the clock of recovery times.
	Recovery RecoveryClock `json:"recovery"`
	// Assisted marks changes that were written with the help of a model, Bots
	// those that a program opened by itself.
	Assisted MarkRule `json:"assisted,omitzero"`
	Bots     MarkRule `json:"bots,omitzero"`
	// TimeZone is the IANA zone of days, weeks and months.
	TimeZone string `json:"time_zone"`
	// WeekStart is the first day of a week.
	WeekStart time.Weekday `json:"week_start"`
	// Benchmark is the id of the set that figures are shown beside; "none"
	// shows none and empty is the product's own choice.
	Benchmark string `json:"benchmark,omitzero"`
	// Cadence is the wanted time between deployments of applications that
	// state none themselves; see [Application].
	Cadence string `json:"cadence,omitzero"`
	// Applications are overrides by slug.
	Applications map[string]Override `json:"applications,omitzero"`
}

// Override replaces rules for one application; what is nil or empty stays.
type Override struct {
	// Environments are tried before those of the workspace.
	Environments  []EnvironmentRule `json:"environments,omitzero"`
	Deployments   *DeploymentRule   `json:"deployments,omitzero"`
	Unit          ChangeUnit        `json:"unit,omitzero"`
	Start         LeadStart         `json:"start,omitzero"`
	Aggregation   Aggregation       `json:"aggregation,omitzero"`
	FailureWindow *time.Duration    `json:"failure_window,omitzero"`
	InferFailures *bool             `json:"infer_failures,omitzero"`
	HotfixWindow  *time.Duration    `json:"hotfix_window,omitzero"`
	Recovery      RecoveryClock     `json:"recovery,omitzero"`
	TimeZone      string            `json:"time_zone,omitzero"`
	WeekStart     *time.Weekday     `json:"week_start,omitzero"`
	Benchmark     string            `json:"benchmark,omitzero"`
	Cadence       string            `json:"cadence,omitzero"`
}

// DeploymentRule narrows which deployments count. Patterns are shell patterns
// on lower-case text; an empty list narrows nothing.
type DeploymentRule struct {
	// Sources are names of sources, "github:*".
	Sources []string `json:"sources,omitzero"`
	// Refs are branches or tags, without "refs/heads/" and "refs/tags/".
	Refs []string `json:"refs,omitzero"`
	// ExcludeRefs are branches or tags that do not count.
	ExcludeRefs []string `json:"exclude_refs,omitzero"`
	// ArtifactKinds are what is delivered; a deployment that names none is code.
	ArtifactKinds []ArtifactKind `json:"artifact_kinds,omitzero"`
}

// MarkRule says what marks a change. A change is marked where any member
// matches; patterns are shell patterns on lower-case text.
type MarkRule struct {
	// Trailers are "key: value" patterns on trailers of commits.
	Trailers []string `json:"trailers,omitzero"`
	Labels   []string `json:"labels,omitzero"`
	// Actors are names of programs that opened the change; persons have none.
	Actors []string `json:"actors,omitzero"`
}

// ChangeUnit is what lead time is measured of.
type ChangeUnit string

// The units.
const (
	UnitChange ChangeUnit = "change"
	UnitCommit ChangeUnit = "commit"
)

// LeadStart is the event that begins a lead time.
type LeadStart string

// The events. The default is the earlier of the first commit and the opening.
const (
	StartFirstCommit LeadStart = "first_commit"
	StartCommitted   LeadStart = "committed"
	StartOpened      LeadStart = "opened"
	StartReady       LeadStart = "ready"
	StartMerged      LeadStart = "merged"
)

// Aggregation makes one figure of many durations.
type Aggregation string

// The aggregations; percentiles interpolate linearly (type 7).
const (
	AggregateMedian Aggregation = "median"
	AggregateP75    Aggregation = "p75"
	AggregateP90    Aggregation = "p90"
	AggregateMean   Aggregation = "mean"
)

// RecoveryClock says where a recovery time begins.
type RecoveryClock string

// The clocks.
const (
	// RecoverFromFailure begins when the failure began.
	RecoverFromFailure RecoveryClock = "failure"
	// RecoverFromDeployment begins when the failed deployment finished.
	RecoverFromDeployment RecoveryClock = "deployment"
)

// For is the policy as it holds for one application, given by its slug: its
// overrides are applied, and no overrides are left.
func (p Policy) For(application string) Policy {
	o, ok := p.Applications[application]
	p.Applications = nil
	if !ok {
		return p
	}
	p.Environments = append(slices.Clip(slices.Clone(o.Environments)), p.Environments...)
	p.Unit, p.Start = cmp.Or(o.Unit, p.Unit), cmp.Or(o.Start, p.Start)
	p.Aggregation, p.Recovery = cmp.Or(o.Aggregation, p.Aggregation), cmp.Or(o.Recovery, p.Recovery)
	p.TimeZone, p.Benchmark, p.Cadence = cmp.Or(o.TimeZone, p.TimeZone), cmp.Or(o.Benchmark, p.Benchmark), cmp.Or(o.Cadence, p.Cadence)
	replace(&p.Deployments, o.Deployments)
	replace(&p.FailureWindow, o.FailureWindow)
	replace(&p.InferFailures, o.InferFailures)
	replace(&p.HotfixWindow, o.HotfixWindow)
	replace(&p.WeekStart, o.WeekStart)
	return p
}

func replace[T any](value, by *T) {
	if by != nil {
		*value = *by
	}
}

// DefaultPolicy is the policy of a workspace that states none.
func DefaultPolicy() Policy {
	return Policy{
		Version: "default-1",
		Environments: []EnvironmentRule{
			{"production", Production},
			{"prod", Production},
			{"prd", Production},
			{"live", Production},
			{"prod-*", Production},
			{"production-*", Production},
			{"*-prod", Production},
			{"*-production", Production},
			{"staging", Staging},
			{"stage", Staging},
			{"stg", Staging},
			{"preprod", Staging},
			{"pre-production", Staging},
			{"staging-*", Staging},
			{"uat", Staging},
			{"test", Testing},
			{"testing", Testing},
			{"qa", Testing},
			{"ci", Testing},
			{"test-*", Testing},
			{"dev", Development},
			{"development", Development},
			{"dev-*", Development},
			{"preview", Development},
			{"preview-*", Development},
			{"review/*", Development},
		},
		Unit:          UnitChange,
		Start:         StartFirstCommit,
		Aggregation:   AggregateMedian,
		FailureWindow: 72 * time.Hour,
		InferFailures: true,
		HotfixWindow:  72 * time.Hour,
		Recovery:      RecoverFromFailure,
		Assisted: MarkRule{
			Trailers: []string{"assisted-by: *", "generated-by: *", "co-authored-by: *copilot*", "co-authored-by: claude*", "co-authored-by: *cursor*", "co-authored-by: gemini*", "co-authored-by: codex*"},
			Labels:   []string{"ai-assisted", "ai-generated", "assisted"},
			Actors:   []string{"copilot*", "claude*", "codex*", "devin-ai-integration*"},
		},
		Bots:      MarkRule{Labels: []string{"dependencies", "bot"}, Actors: []string{"dependabot*", "renovate*", "*[[]bot]"}},
		TimeZone:  "UTC",
		WeekStart: time.Monday,
	}
}

// Class is the class of an environment by its name. A missing name is
// unclassified.
func (p Policy) Class(environment string) EnvironmentClass {
	name := strings.ToLower(environment)
	if name == "" {
		return Unclassified
	}
	for _, rule := range p.Environments {
		if ok, err := path.Match(rule.Pattern, name); err == nil && ok {
			return rule.Class
		}
	}
	return Unclassified
}

// Location is the policy's time zone, UTC where the zone is unknown.
func (p Policy) Location() *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}
