package evenkeel

import (
	"path"
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
	// Environments are tried in order; the first match decides.
	Environments []EnvironmentRule `json:"environments"`
	// FailureWindow is how long after a deployment an incident can be laid to
	// it; both ends count.
	FailureWindow time.Duration `json:"failure_window"`
	// InferFailures lets rollbacks, reverts and hotfixes mark what they repair
	// as failed.
	InferFailures bool `json:"infer_failures"`
	// HotfixWindow is how long after a deployment an unplanned fix says that
	// it failed.
	HotfixWindow time.Duration `json:"hotfix_window"`
	// TimeZone is the IANA zone of days, weeks and months.
	TimeZone string `json:"time_zone"`
	// WeekStart is the first day of a week.
	WeekStart time.Weekday `json:"week_start"`
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
		FailureWindow: 72 * time.Hour,
		InferFailures: true,
		HotfixWindow:  72 * time.Hour,
		TimeZone:      "UTC",
		WeekStart:     time.Monday,
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
