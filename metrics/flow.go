package metrics

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Flow says where the changes of a scope spend their time. Durations are in
// seconds; what is not known is nil, never 0.
type Flow struct {
	// Changes counts what shipped in the window, with or without a lead time.
	Changes int `json:"changes"`
	// Coverage is the share of counted deployments whose changes are known.
	Coverage   *float64   `json:"coverage"`
	Efficiency Efficiency `json:"efficiency"`
	Lead       FlowLead   `json:"lead"`
	Batch      Batch      `json:"batch"`
	WIP        InProgress `json:"wip"`
	// Stages are coding, pickup, review, merge_wait, build and deploy, in this
	// order.
	Stages []FlowStage `json:"stages"`
	Builds BuildTimes  `json:"builds"`
	// Points are at most 500 changes, PointsOf how many there are.
	Points   []FlowPoint `json:"points"`
	PointsOf int         `json:"points_of"`
	// Longest are the changes that took longest, the longest first.
	Longest    []LongChange `json:"longest"`
	Exclusions []Exclusion  `json:"exclusions"`
}

// Efficiency is flow efficiency: the time that was worked over all the time of
// the changes whose times are known. It is a ratio of sums, never a mean of
// ratios. All are nil without such a change.
type Efficiency struct {
	Value *float64 `json:"value"`
	Work  *float64 `json:"work_seconds"`
	Total *float64 `json:"total_seconds"`
	N     int      `json:"n"`
	// Coverage is N of the changes that shipped.
	Coverage *float64 `json:"coverage"`
}

// FlowLead is the lead time of the changes.
type FlowLead struct {
	P50 *float64 `json:"p50_seconds"`
	P90 *float64 `json:"p90_seconds"`
	N   int      `json:"n"`
}

// Batch is how much ships at once: changes per deployment that ships any, and
// lines (added and deleted) per change.
type Batch struct {
	Changes  *float64 `json:"changes_median"`
	ChangesN int      `json:"changes_n"`
	Lines    *float64 `json:"lines_median"`
	LinesN   int      `json:"lines_n"`
}

// InProgress is the work that had begun at an instant and had neither reached
// production nor been given up.
type InProgress struct {
	// At is the instant: the end of the window, or the present if that is earlier.
	At     time.Time `json:"at"`
	N      int       `json:"n"`
	Median *float64  `json:"age_median_seconds"`
	P85    *float64  `json:"age_p85_seconds"`
	// Oldest are at most 10, the oldest first.
	Oldest []OpenChange `json:"oldest"`
}

// OpenChange is a change in progress.
type OpenChange struct {
	ID          string
	Application string
	Age         float64
}

// StageKind says whether a stage of a change is work or waiting.
type StageKind string

// The kinds. Of a mixed stage the part in which something ran is work.
const (
	StageWork  StageKind = "work"
	StageWait  StageKind = "wait"
	StageMixed StageKind = "mixed"
)

// FlowStage is one stage of the changes.
type FlowStage struct {
	Stage string    `json:"stage" enum:"coding,pickup,review,merge_wait,build,deploy"`
	Kind  StageKind `json:"kind" enum:"work,wait,mixed"`
	// Median and P90 are over the N changes of which the stage is known.
	N      int      `json:"n"`
	Median *float64 `json:"median_seconds"`
	P90    *float64 `json:"p90_seconds"`
	// Work and Wait are totals over the changes of the flow efficiency, and
	// Share is the stage's part of all their time.
	Work  *float64 `json:"work_seconds"`
	Wait  *float64 `json:"wait_seconds"`
	Share *float64 `json:"share"`
}

// BuildTimes are the runs of pipelines that finished in the window.
type BuildTimes struct {
	N int `json:"n"`
	// Coverage is the share of the changes that shipped of which a build is known.
	Coverage *float64 `json:"coverage"`
	Wait     *float64 `json:"wait_median_seconds"`
	WaitP90  *float64 `json:"wait_p90_seconds"`
	Run      *float64 `json:"run_median_seconds"`
	Reruns   Rate     `json:"reruns"`
}

// Rate is a share K of N with its 95 % Wilson interval; nil where N is 0.
type Rate struct {
	Value *float64 `json:"value"`
	K     int      `json:"k"`
	N     int      `json:"n"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

func rateOf(k, n int) Rate {
	r := Rate{Value: share(k, n), K: k, N: n}
	r.Low, r.High = wilson(k, n, z95)
	return r
}

// FlowPoint is one change by its shipment and lead time.
type FlowPoint struct {
	ID          string
	Application string
	At          time.Time
	Lead        float64
}

// LongChange is a change with where it spent its time.
type LongChange struct {
	ID          string
	Application string
	// Total is its lead time.
	Total float64
	// Stage is its longest stage; empty where none is known.
	Stage        string
	StageSeconds *float64
	// Others counts the changes that shipped with it.
	Others     int
	Deployment string
	DeployedAt time.Time
}

const (
	maxPoints  = 500
	maxOldest  = 10
	maxLongest = 20
)

// stageKinds is a constant table, in the order of phases.
func stageKinds() [phaseCount]StageKind {
	return [phaseCount]StageKind{StageWork, StageWait, StageWork, StageWait, StageMixed, StageMixed}
}

// Indexes of phases in columns.
const (
	phaseCoding = iota
	phasePickup
	phaseReview
	phaseMergeWait
	phaseBuild
	phaseDeploy
)

// flagChained marks changes whose stages follow one another without a gap or
// overlap, from the first commit to the shipment.
const flagChained = flagEvident

// StageAt is the stage in which a change is at an instant at which it has not
// shipped. After the merge it waits for its deployment.
func StageAt(c *evenkeel.Change, t time.Time) string {
	passed := func(at time.Time) bool { return !at.IsZero() && !at.After(t) }
	ready := c.ReadyAt
	if ready.IsZero() {
		ready = c.OpenedAt
	}
	switch names := phaseNames(); {
	case passed(c.MergedAt):
		return names[phaseDeploy]
	case passed(c.ApprovedAt):
		return names[phaseMergeWait]
	case passed(c.FirstReviewAt):
		return names[phaseReview]
	case passed(ready):
		return names[phasePickup]
	default:
		return names[phaseCoding]
	}
}

// ReviewRounds is how many rounds a change was reviewed in: one more than the
// reviews that asked for changes. It is negative where its reviews are not
// known, and 0 where it is known that there was none.
func ReviewRounds(c *evenkeel.Change) int {
	switch {
	case c.Reviews == nil:
		return none
	case len(c.Reviews) == 0:
		return 0
	}
	rounds := 1
	for _, r := range c.Reviews {
		if r.State == "changes_requested" {
			rounds++
		}
	}
	return rounds
}
