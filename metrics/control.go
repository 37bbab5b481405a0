package metrics

import (
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// ControlState says how far a chart can be relied on.
type ControlState string

// The states, by how many weeks of the baseline have a value.
const (
	// Silent charts have no limits and no signals.
	Silent ControlState = "silent"
	// Provisional charts rest on 12 to 19 weeks.
	Provisional ControlState = "provisional"
	// Firm charts rest on 20 weeks or more.
	Firm ControlState = "firm"
)

// The weeks of a chart.
const (
	// BaselineWeeks is how far back a baseline reaches.
	BaselineWeeks = 26
	// JudgedWeeks is how many weeks are judged at most.
	JudgedWeeks = 13
	// ProvisionalWeeks is the least baseline that has limits.
	ProvisionalWeeks = 12
	// FirmWeeks is the least baseline that is relied on.
	FirmWeeks = 20
)

// SilentReason says why a chart is silent.
type SilentReason string

// The reasons; empty where the chart is not silent.
const (
	// SilentNoData: no week has a value.
	SilentNoData SilentReason = "no_data"
	// SilentFewWeeks: fewer than 12 weeks of the baseline have a value.
	SilentFewWeeks SilentReason = "few_weeks"
	// SilentDefinition: the weeks before are of another policy.
	SilentDefinition SilentReason = "definition_changed"
	// SilentNoWeek: the window holds no whole week that can be judged.
	SilentNoWeek SilentReason = "no_whole_week"
	// SilentNoVariation: all weeks of the baseline have the same value.
	SilentNoVariation SilentReason = "no_variation"
)

// Rule says what a signal rests on.
type Rule string

// The rules.
const (
	// BeyondLimits: one week lies outside the limits.
	BeyondLimits Rule = "beyond_limits"
	// Shifted: the cumulative sum says that the level has moved.
	Shifted Rule = "shift"
)

// WeekUse says what a week does in a chart.
type WeekUse string

// The uses.
const (
	UseBaseline WeekUse = "baseline"
	UseJudged   WeekUse = "judged"
	// UseNoValue: nothing happened that could be measured.
	UseNoValue WeekUse = "no_value"
	// UseThin: it rests on less than a quarter of the cases of a usual week.
	UseThin WeekUse = "thin"
	// UseImmature: failures may still be laid to its deployments.
	UseImmature WeekUse = "immature"
	// UseBefore: nothing was known yet, or another policy held.
	UseBefore WeekUse = "before"
)

// Found says in a code what a chart found; see docs/formulas.md.
type Found string

// The findings. The verdict follows from them: a shift has a direction, a
// silent chart has too few weeks, all others show no clear change.
const (
	FoundNothing Found = "stable"
	// FoundShift: the level has moved, and still is where it moved to.
	FoundShift Found = "shifted"
	// FoundUnusual: single weeks lie outside the limits.
	FoundUnusual Found = "unusual_weeks"
	// FoundReturn: the level had moved and went back.
	FoundReturn Found = "went_back"
	// FoundSilence: nothing can be said.
	FoundSilence Found = "silent"
)

// TooFew is the verdict of a silent chart.
const TooFew Direction = "too_few"

// Signal is a week that something is said of.
type Signal struct {
	// At is the beginning of the week.
	At   time.Time `json:"at"`
	Rule Rule      `json:"rule" enum:"beyond_limits,shift"`
	// Side is above or below the centre.
	Side      string    `json:"side" enum:"above,below"`
	Direction Direction `json:"direction" enum:"better,worse,higher,lower"`
	Value     float64   `json:"value"`
	// Since is the week in which a shift probably began; null for other rules.
	Since *time.Time `json:"since"`
}

// ControlPoint is one week of a chart. Value is null where the week has none;
// the limits are null outside the baseline and the judged weeks.
type ControlPoint struct {
	evenkeel.Window
	Value  *float64 `json:"value"`
	N      int      `json:"n"`
	Use    WeekUse  `json:"use" enum:"baseline,judged,no_value,thin,immature,before"`
	Centre *float64 `json:"centre"`
	Lower  *float64 `json:"lower"`
	Upper  *float64 `json:"upper"`
}

// Baseline is the span whose weeks the limits are made from. Judged weeks are
// never among them.
type Baseline struct {
	evenkeel.Window
	// Weeks is how many weeks of the span have a value that counts.
	Weeks int `json:"weeks"`
}

// Control is what the weekly chart of one figure says.
type Control struct {
	State  ControlState `json:"state" enum:"silent,provisional,firm"`
	Reason SilentReason `json:"reason" enum:",no_data,few_weeks,definition_changed,no_whole_week,no_variation"`
	// Chart is individuals, counts or proportions; empty if silent.
	Chart string `json:"chart" enum:",individuals,counts,proportions"`
	// Scale is log for durations, else linear.
	Scale string `json:"scale" enum:"linear,log"`
	// Unit is seconds, per_week or share.
	Unit     string   `json:"unit" enum:"seconds,per_week,share"`
	Baseline Baseline `json:"baseline"`
	// Judged is how many weeks are judged.
	Judged  int       `json:"judged"`
	Signals []Signal  `json:"signals" nullable:"false"`
	Verdict Direction `json:"verdict" enum:"better,worse,higher,lower,no_clear_change,too_few"`
	Found   Found     `json:"found" enum:"stable,shifted,unusual_weeks,went_back,silent"`
	// Points are the whole weeks of the window.
	Points []ControlPoint `json:"points" nullable:"false"`
}

// Controls are the charts of the five figures.
type Controls struct {
	LeadTime  Control `json:"change_lead_time"`
	Frequency Control `json:"deployment_frequency"`
	FailRate  Control `json:"change_fail_rate"`
	Recovery  Control `json:"failed_deployment_recovery_time"`
	Rework    Control `json:"deployment_rework_rate"`
}

// charted is how one figure is charted.
type charted struct {
	unit string
	// log charts the logarithm of a value.
	log bool
	// read takes a week's observation, how many cases it rests on, and
	// whether it has a value.
	read func(Bucket) (o Observation, n int, ok bool)
	// chart picks the kind of chart by the baseline.
	chart func(baseline []Observation) (Chart, string)
	// toward judges a move to a side, 1 up and -1 down, from one level to another.
	toward func(side int, from, to float64) Direction
	// settles is how long after its end a week can still change.
	settles time.Duration
}

// figures are the five, in the order of Controls.
func figures(q Query, wanted *float64) [5]charted {
	less := func(side int, _, _ float64) Direction {
		if side < 0 {
			return Better
		}
		return Worse
	}
	return [...]charted{
		{unit: "seconds", log: true, chart: durationsChart, toward: less, read: func(b Bucket) (Observation, int, bool) {
			return duration(b.LeadTime.Median, b.LeadTime.N)
		}},
		{unit: "per_week", chart: ChartOfCounts, toward: cadenceDirection(wanted), read: func(b Bucket) (Observation, int, bool) {
			k := b.Frequency.Deployments
			return Observation{Value: float64(k), Count: k, Of: 1}, k, b.Frequency.PerDay != nil
		}},
		{unit: "share", chart: proportionsChart, toward: less, settles: q.Policy.FailureWindow, read: func(b Bucket) (Observation, int, bool) {
			return proportion(b.FailRate.Value, b.FailRate.Failed, b.FailRate.N)
		}},
		{unit: "seconds", log: true, chart: durationsChart, toward: less, read: func(b Bucket) (Observation, int, bool) {
			return duration(b.Recovery.Median, b.Recovery.N)
		}},
		{unit: "share", chart: proportionsChart, toward: less, read: func(b Bucket) (Observation, int, bool) {
			return proportion(b.Rework.Value, b.Rework.Rework, b.Rework.N)
		}},
	}
}

func duration(value *float64, n int) (Observation, int, bool) {
	if value == nil {
		return Observation{}, 0, false
	}
	return Observation{Value: *value, Of: 1}, n, true
}

func proportion(value *float64, k, n int) (Observation, int, bool) {
	if value == nil {
		return Observation{}, 0, false
	}
	return Observation{Value: *value, Count: k, Of: float64(n)}, n, true
}

func durationsChart(baseline []Observation) (Chart, string) {
	return individuals(baseline, true)
}

func individuals(baseline []Observation, log bool) (Chart, string) {
	values := make([]float64, len(baseline))
	for i, o := range baseline {
		values[i] = o.Value
	}
	c := NewIndividuals(values, log)
	if !(c.Sigma > 0) {
		return nil, ""
	}
	return c, "individuals"
}

// fewCounts is the weekly mean below which counts are charted as such.
const fewCounts = 5

// ChartOfCounts is a chart of counts where they are few, else one of
// individuals, and its name; nil where the baseline does not vary.
func ChartOfCounts(baseline []Observation) (Chart, string) {
	total := 0
	for _, o := range baseline {
		total += o.Count
	}
	switch {
	case total == 0:
		return nil, ""
	case float64(total) < fewCounts*float64(len(baseline)):
		return NewCounts(baseline), "counts"
	}
	return individuals(baseline, false)
}

func proportionsChart(baseline []Observation) (Chart, string) {
	return NewProportions(baseline), "proportions"
}

// cadenceDirection judges a number of deployments per week by how many are
// wanted: nearer from below is better, falling below is worse, and what
// happens above is only higher or lower. Without a wish every move is.
func cadenceDirection(wanted *float64) func(side int, from, to float64) Direction {
	return func(side int, from, to float64) Direction {
		switch {
		case side > 0 && wanted != nil && from < *wanted:
			return Better
		case side > 0:
			return Higher
		case wanted != nil && to < *wanted:
			return Worse
		}
		return Lower
	}
}

// WantedPerWeek is how many deployments a week a cadence asks for; nil for
// "on-demand" and for what names no time.
func WantedPerWeek(cadence string) *float64 {
	days, ok := map[string]float64{"daily": 1, "weekly": 7, "monthly": 365.25 / 12, "quarterly": 365.25 / 4}[cadence]
	if !ok {
		return nil
	}
	wanted := 7 / days
	return &wanted
}
