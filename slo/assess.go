package slo

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Assessment is all that is said of an objective at an instant.
type Assessment struct {
	// SLO and Objective are names; Objective is empty for a single one without.
	SLO, Objective string
	Result
	// Burn has a rate for each of [Lookbacks]; nil where nothing was counted.
	Burn map[string]*float64
	// Readings are what the alert rows say, Alerts those that last: pending,
	// firing, or without data.
	Readings []AlertReading
	Alerts   []Alert
	// Forecast is nil where there is nothing to foretell from.
	Forecast *Forecast
	Status   Status
	// Reason is the status in plain words.
	Reason string
	// Composite is where the objectives stand as one; nil for a single one.
	Composite *Composite
}

// Lookbacks are those that burn rates are told for, the shortest first.
func Lookbacks() []time.Duration {
	return []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, day, 3 * day}
}

// Assess says where an objective stands at an instant. It needs nothing but
// tallies: alerts are those that a history would hold ([AlertAt]). The error
// names a window set that is not known.
func Assess(d Definition, o Objective, tallies Tallies, at time.Time) (Assessment, error) {
	return assess(d, o, tallies, at, func(r AlertReading) *Alert { return AlertAt(d, o, r, tallies) })
}

// AssessKnowing is [Assess] where a history says which alerts last; those of rows
// that there are no more are left out.
func AssessKnowing(d Definition, o Objective, tallies Tallies, at time.Time, alerts []Alert) (Assessment, error) {
	return assess(d, o, tallies, at, heldBy(alerts))
}

// heldBy finds the alert of a row among those that last.
func heldBy(alerts []Alert) func(AlertReading) *Alert {
	return func(r AlertReading) *Alert {
		i := slices.IndexFunc(alerts, func(a Alert) bool { return a.Severity == r.Row.Severity && a.Row() == r.Row.Name() })
		if i < 0 {
			return nil
		}
		return &alerts[i]
	}
}

func assess(d Definition, o Objective, tallies Tallies, at time.Time, standing func(AlertReading) *Alert) (Assessment, error) {
	rows, err := AlertRows(d, o)
	if err != nil {
		return Assessment{}, err
	}
	a := Assessment{SLO: d.Name, Objective: o.Name, Result: Evaluate(d, o, tallies, at), Burn: map[string]*float64{}}
	for _, lookback := range Lookbacks() {
		a.Burn[evenkeel.FormatDuration(lookback)] = Burn(d, o, tallies, at, lookback)
	}
	for _, row := range rows {
		r := ReadAlert(d, o, row, tallies, at)
		a.Readings = append(a.Readings, r)
		if alert := standing(r); alert != nil {
			a.Alerts = append(a.Alerts, *alert)
		}
	}
	a.judge(d, o, tallies)
	return a, nil
}

// AssessComposite says where the objectives of a composite stand as one, given
// each one's tallies in their order. It has no count, no forecast and no alerts
// of its own: they are its members', and a member that pages puts it at risk.
func AssessComposite(d Definition, members []Tallies, at time.Time) (Assessment, error) {
	c := Compose(d, members, at)
	a := Assessment{SLO: d.Name, Burn: map[string]*float64{}, Composite: &c}
	a.Result = Result{At: c.At, Window: c.Window, SLI: c.SLI, Consumed: c.Consumed, Remaining: c.Remaining, Coverage: c.Coverage}
	for _, lookback := range Lookbacks() {
		a.Burn[evenkeel.FormatDuration(lookback)] = ComposedBurn(d, members, at, lookback)
	}
	var alerts []Alert
	fresh := false
	for i, o := range d.Objectives {
		one, err := Assess(d, o, members[i], at)
		if err != nil {
			return Assessment{}, err
		}
		alerts = append(alerts, one.Alerts...)
		fresh = fresh || one.fresh(d, o, members[i])
	}
	a.Status, a.Reason = StatusOf(a.Result, alerts, nil, fresh)
	return a, nil
}

func (a *Assessment) judge(d Definition, o Objective, tallies Tallies) {
	a.Forecast = Predict(d, o, tallies, a.At)
	a.Status, a.Reason = StatusOf(a.Result, a.Alerts, a.Forecast, a.fresh(d, o, tallies))
}

// fresh says that something is known of the forecast's lookback.
func (a *Assessment) fresh(d Definition, o Objective, tallies Tallies) bool {
	return look(d, o, tallies, a.At, max(BasisLookback(d.Window), o.counted(d))).Known
}

// EventsUntilPage is the least [UntilAlert] of the rows that page; nil without
// one, or if no number suffices.
func (a Assessment) EventsUntilPage(d Definition, o Objective) *float64 {
	var fewest *float64
	for _, r := range a.Readings {
		if n := UntilAlert(d, o, r); r.Row.Severity == Page && n != nil && (fewest == nil || *n < *fewest) {
			fewest = n
		}
	}
	return fewest
}

// spoken is an assessment as it is written, with null where there is no value.
type spoken struct {
	SLO       string              `json:"slo"`
	Objective *string             `json:"objective"`
	At        time.Time           `json:"at"`
	Window    span                `json:"window"`
	SLI       *float64            `json:"sli"`
	Target    any                 `json:"target"`
	Budget    budget              `json:"budget"`
	Good      *float64            `json:"good"`
	Bad       *float64            `json:"bad"`
	Total     *float64            `json:"total"`
	Coverage  *float64            `json:"coverage"`
	Burn      map[string]*float64 `json:"burn"`
	Status    Status              `json:"status"`
	Exhausts  *time.Time          `json:"exhausts_at"`
	Thaws     *time.Time          `json:"thaws_at"`
	Alerts    []spokenAlert       `json:"alerts"`
}

type span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

type budget struct {
	Consumed  *float64 `json:"consumed"`
	Remaining *float64 `json:"remaining"`
}

type spokenAlert struct {
	Severity  Severity   `json:"severity"`
	Policy    *string    `json:"policy"`
	State     AlertState `json:"state"`
	Long      string     `json:"long"`
	Short     string     `json:"short"`
	Factor    Factor     `json:"factor"`
	BurnLong  *float64   `json:"burn_long"`
	BurnShort *float64   `json:"burn_short"`
	Since     time.Time  `json:"since"`
	Peak      float64    `json:"peak"`
}

// MarshalJSON writes what `evenkeel slo eval --json` prints. Good, bad and total
// are events or slices, as the method counts, and null where nothing is known.
func (a Assessment) MarshalJSON() ([]byte, error) {
	s := spoken{
		SLO: a.SLO, At: a.At, Window: span{a.Window.From, a.Window.To}, SLI: a.SLI, Target: a.Target, Budget: budget{a.Consumed, a.Remaining},
		Coverage: a.Coverage, Burn: a.Burn, Status: a.Status, Alerts: []spokenAlert{},
	}
	if a.Objective != "" {
		s.Objective = &a.Objective
	}
	if a.Composite != nil {
		s.Target = a.Composite.Target
	}
	if a.Count.Total > 0 || a.Tally.Idle > 0 {
		s.Good, s.Bad, s.Total = &a.Count.Good, &a.Count.Bad, &a.Count.Total
	}
	if a.Forecast != nil {
		s.Exhausts, s.Thaws = a.Forecast.Exhausts.At, a.Forecast.Thaws.At
	}
	for _, alert := range a.Alerts {
		s.Alerts = append(s.Alerts, a.speak(alert))
	}
	return json.Marshal(s)
}

func (a Assessment) speak(alert Alert) spokenAlert {
	s := spokenAlert{Severity: alert.Severity, State: alert.State, Long: evenkeel.FormatDuration(alert.Long), Short: evenkeel.FormatDuration(alert.Short), Since: alert.From, Peak: alert.Peak}
	if alert.Policy != "" {
		s.Policy = &alert.Policy
	}
	for _, r := range a.Readings {
		if r.Row.Severity == alert.Severity && r.Row.Name() == alert.Row() {
			s.Factor, s.BurnLong, s.BurnShort = r.Row.Factor, r.Long.Burn, r.Short.Burn
		}
	}
	return s
}
