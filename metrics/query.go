package metrics

import (
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Query says which figures are wanted.
type Query struct {
	// Window is half-open. Its part after AsOf has not elapsed. Without a
	// beginning or an end it is empty.
	Window evenkeel.Window
	// Environment is the name of an environment or of a class; a class takes
	// precedence. Empty is the production class.
	Environment string
	// Policy gives time zone, week start and failure window. It must be the
	// policy the parts were derived with.
	Policy evenkeel.Policy
	// Versions says which versions of the policy judge which part of time,
	// oldest first; empty is Policy alone.
	Versions []Since
	// AsOf is the present: what happens later is listed, not counted. Zero
	// means that nothing is in the future.
	AsOf time.Time
}

// Since says that a version of the policy judges what happens from an instant
// on, until the next.
type Since struct {
	From    time.Time
	Version string
}

// versions names the versions that judge some of a window, oldest first.
func (q Query) versions(w evenkeel.Window) string {
	var names []string
	for i, v := range q.Versions {
		if v.From.Before(w.To) && (i+1 == len(q.Versions) || q.Versions[i+1].From.After(w.From)) {
			names = append(names, v.Version)
		}
	}
	if len(names) == 0 {
		return q.Policy.Version
	}
	return strings.Join(names, ", ")
}

// Grain is the length of a bucket.
type Grain string

// The grains of a series, in the policy's time zone.
const (
	Day   Grain = "day"
	Week  Grain = "week"
	Month Grain = "month"
)

// Bucket holds the headline figures of one day, week or month, cut to the
// window. Complete is false where the window or AsOf cuts it.
type Bucket struct {
	evenkeel.Window
	Complete  bool            `json:"complete"`
	LeadTime  BucketLeadTime  `json:"change_lead_time"`
	Frequency BucketFrequency `json:"deployment_frequency"`
	FailRate  BucketFailRate  `json:"change_fail_rate"`
	Recovery  BucketRecovery  `json:"failed_deployment_recovery_time"`
	Rework    BucketRework    `json:"deployment_rework_rate"`
}

// BucketLeadTime is the lead time of a bucket, in seconds.
type BucketLeadTime struct {
	// Value is the figure, by the policy's aggregation.
	Value  *float64 `json:"value_seconds"`
	Median *float64 `json:"median_seconds"`
	P75    *float64 `json:"p75_seconds"`
	P90    *float64 `json:"p90_seconds"`
	N      int      `json:"n"`
}

// BucketFrequency is the frequency of a bucket, per elapsed day.
type BucketFrequency struct {
	Deployments    int      `json:"deployments"`
	DeploymentDays int      `json:"deployment_days"`
	PerDay         *float64 `json:"per_day"`
}

// BucketFailRate is the fail rate of a bucket with its 80 % Wilson interval.
type BucketFailRate struct {
	Value  *float64 `json:"value"`
	Failed int      `json:"failed"`
	N      int      `json:"n"`
	Low80  *float64 `json:"low80"`
	High80 *float64 `json:"high80"`
}

// BucketRecovery is the recovery time of a bucket, in seconds.
type BucketRecovery struct {
	Value  *float64 `json:"value_seconds"`
	Median *float64 `json:"median_seconds"`
	N      int      `json:"n"`
}

// BucketRework is the rework rate of a bucket.
type BucketRework struct {
	Value  *float64 `json:"value"`
	Rework int      `json:"rework"`
	N      int      `json:"n"`
}
