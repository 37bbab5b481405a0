package metrics

import "github.com/evenkeel-dev/evenkeel"

// Report holds the five DORA figures of one window, with what they rest on.
// Pointers are nil where there is no value. Durations are seconds, intervals
// hold with 95 % confidence, rates are shares of 1.
type Report struct {
	Window    evenkeel.Window `json:"window"`
	Frequency Frequency       `json:"deployment_frequency"`
	LeadTime  LeadTime        `json:"change_lead_time"`
	FailRate  FailRate        `json:"change_fail_rate"`
	Recovery  Recovery        `json:"failed_deployment_recovery_time"`
	Rework    Rework          `json:"deployment_rework_rate"`
	Incidents Incidents       `json:"incidents"`
	// Unattributed counts incidents that opened in the window and of which
	// nobody knows the deployment that caused them, nor that none did.
	Unattributed int         `json:"unattributed_incidents"`
	Exclusions   []Exclusion `json:"exclusions"`
	Anomalies    []Anomaly   `json:"anomalies"`
	Methods      Methods     `json:"methods"`
	Policy       PolicyRef   `json:"policy"`

	samples samples
}

// Frequency is deployment frequency. PerDay is nil when no deployment is known
// for all time, or when no time of the window has elapsed.
type Frequency struct {
	PerDay *float64 `json:"per_day"`
	// Deployments counts every counted deployment, rollbacks and redeployments included.
	Deployments int `json:"deployments"`
	// DeploymentDays counts days, in the policy's time zone, with a deployment.
	DeploymentDays int `json:"deployment_days"`
	// Unit is "per_day".
	Unit          string `json:"unit"`
	Rollbacks     int    `json:"rollbacks"`
	Redeployments int    `json:"redeployments"`
	// Low and High are the exact Poisson (Garwood) interval of PerDay.
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
	// Withheld says why pages show no value; empty where they show it.
	Withheld Withheld `json:"withheld" enum:",no_value,too_few,low_coverage"`
}

// LeadTime is change lead time: first counted deployment that ships a change,
// or a commit, minus its beginning, by the policy's unit and start.
type LeadTime struct {
	// Value is the figure, by the policy's aggregation.
	Value     *float64  `json:"value_seconds"`
	Statistic Statistic `json:"statistic" enum:"median,p75,p90,mean"`
	// Of is what is counted; all members but PerCommit follow it.
	Of     evenkeel.ChangeUnit `json:"of" enum:"change,commit"`
	Median *float64            `json:"median_seconds"`
	P75    *float64            `json:"p75_seconds"`
	P90    *float64            `json:"p90_seconds"`
	N      int                 `json:"n"`
	// Coverage is the share of counted deployments whose shipped changes are
	// known: neither a baseline nor without a commit.
	Coverage *float64 `json:"coverage"`
	// Low and High are the order-statistic interval of Value, nil where there
	// are too few (a median needs six, a p75 thirteen, a p90 thirty-six) and of a mean.
	Low  *float64 `json:"low_seconds"`
	High *float64 `json:"high_seconds"`
	// Unit is "seconds".
	Unit string `json:"unit"`
	// Phases are coding, pickup, review, merge_wait, build and deploy, in this
	// order.
	Phases    []Phase   `json:"phases"`
	PerCommit PerCommit `json:"per_commit"`
	// Withheld says why pages show no value; empty where they show it.
	Withheld Withheld `json:"withheld" enum:",no_value,too_few,low_coverage"`
}

// Phase is one part of the lead time, over the changes of which both ends are known.
type Phase struct {
	Phase  string   `json:"phase"`
	Median *float64 `json:"median_seconds"`
	N      int      `json:"n"`
}

// PerCommit is lead time per commit: shipped minus authored.
type PerCommit struct {
	Median *float64 `json:"median_seconds"`
	P75    *float64 `json:"p75_seconds"`
	P90    *float64 `json:"p90_seconds"`
	N      int      `json:"n"`
}

// FailRate is change fail rate: counted deployments with a failure laid to
// them, on the deployment's day. Low and High are the Wilson interval.
type FailRate struct {
	Value  *float64 `json:"value"`
	Failed int      `json:"failed"`
	N      int      `json:"n"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	// Coverage is the share of the window's incidents that were laid to a
	// deployment, or by a person to none; nil without incidents.
	Coverage *float64 `json:"coverage"`
	// FailedAttempts counts deployment records that failed or were cancelled;
	// they are in no other figure.
	FailedAttempts int `json:"failed_attempts"`
	// Inferred counts failed deployments known only from a rollback, revert or
	// hotfix.
	Inferred int `json:"inferred"`
	// Immature counts deployments younger than the failure window: incidents
	// may still be laid to them.
	Immature int `json:"immature"`
	// Attempts is the share of deployment attempts that did not get through.
	Attempts AttemptRate `json:"attempts"`
	// Sensitivity is the rate as other failure windows give it, by length.
	Sensitivity []WindowRate `json:"sensitivity" nullable:"false"`
	// Withheld says why pages show no value; empty where they show it.
	Withheld Withheld `json:"withheld" enum:",no_value,too_few,low_coverage"`
}

// AttemptRate is the share of deployment attempts that failed: records of
// their own, of which none is in any other figure. Low and High are the Wilson
// interval.
type AttemptRate struct {
	Value *float64 `json:"value"`
	// Failed counts the records that failed.
	Failed int `json:"failed"`
	// Cancelled counts the records that were cancelled; they are not in N.
	Cancelled int `json:"cancelled"`
	// N counts the records that failed or succeeded, every record of a group.
	N    int      `json:"n"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// WindowRate is change fail rate as a failure window gives it. Low and High
// are the Wilson interval.
type WindowRate struct {
	// Window is the length; nil where each application has its own.
	Window *float64 `json:"window_seconds"`
	Value  *float64 `json:"value"`
	Failed int      `json:"failed"`
	N      int      `json:"n"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	// InForce says that the figures follow this one.
	InForce bool `json:"in_force"`
}

// Recovery is failed-deployment recovery time: failure start to restored, on
// the restored day, once per attributed incident.
type Recovery struct {
	// Value is the figure, by the policy's aggregation and clock.
	Value     *float64  `json:"value_seconds"`
	Statistic Statistic `json:"statistic" enum:"median,p75,p90,mean"`
	// Clock says where it begins; all members but FromDeployment follow it.
	Clock  evenkeel.RecoveryClock `json:"clock" enum:"failure,deployment"`
	Median *float64               `json:"median_seconds"`
	P75    *float64               `json:"p75_seconds"`
	P90    *float64               `json:"p90_seconds"`
	N      int                    `json:"n"`
	Low    *float64               `json:"low_seconds"`
	High   *float64               `json:"high_seconds"`
	// Unresolved counts attributed incidents that started in the window and
	// are not restored at AsOf.
	Unresolved int `json:"unresolved"`
	// FromDeployment measures from the failed deployment's finish instead, and
	// includes failures known only from their repair.
	FromDeployment FromDeployment `json:"from_deployment"`
	// Withheld says why pages show no value; empty where they show it.
	Withheld Withheld `json:"withheld" enum:",no_value,too_few,low_coverage"`
}

// FromDeployment is recovery time from the failed deployment's finish.
type FromDeployment struct {
	Median *float64 `json:"median_seconds"`
	N      int      `json:"n"`
}

// Rework is deployment rework rate: the share of counted deployments that
// were unplanned fixes. Low and High are the Wilson interval.
type Rework struct {
	Value  *float64 `json:"value"`
	Rework int      `json:"rework"`
	N      int      `json:"n"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	// Withheld says why pages show no value; empty where they show it.
	Withheld Withheld `json:"withheld" enum:",no_value,too_few,low_coverage"`
}

// Incidents counts distinct incidents by the instant they started.
type Incidents struct {
	Opened     int `json:"opened"`
	Attributed int `json:"attributed"`
	// Unlinked counts those of which a person said that no deployment caused them.
	Unlinked int `json:"unlinked"`
}

// Exclusion says how many facts a figure leaves out, and why. IDs names at
// most 20 of them.
type Exclusion struct {
	Metric string   `json:"metric"`
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	IDs    []string `json:"ids"`
}

// Anomaly says how many facts contradict themselves or one another in one
// way. IDs names at most 20 of them.
type Anomaly struct {
	Kind  string   `json:"kind"`
	Count int      `json:"count"`
	IDs   []string `json:"ids"`
}

// Methods counts counted deployments by the least trustworthy method that
// finding their changes needed; see [Method].
type Methods struct {
	Ancestry int `json:"ancestry"`
	Artifact int `json:"artifact"`
	Pick     int `json:"pick"`
	Rewrite  int `json:"rewrite"`
	Patch    int `json:"patch"`
	Branch   int `json:"branch"`
	Time     int `json:"time"`
	None     int `json:"none"`
}

// PolicyRef names the policy a report follows, or its versions ("3, 4") where
// one of them begins within the window.
type PolicyRef struct {
	Version string `json:"version"`
}
