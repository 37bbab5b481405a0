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
	// Reason is why it is that.
	Reason Said
	// Composite is where the objectives stand as one; nil for a single one.
	Composite *Composite
}

// Lookbacks are those that burn rates are told for, the shortest first.
func Lookbacks() []time.Duration {
	return []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, day, 3 * day}
}

// Assess says where the budget stands at an instant. It needs nothing but tallies:
// alerts are those that a history would hold ([Reader.Alert]). The error names a
// window set that is not known.
func (r Reader) Assess(at time.Time) (Assessment, error) {
	var others []Alert
	if r.whole != nil {
		for i, o := range r.whole.d.Objectives {
			one, err := ReaderOf(r.whole.d, o, r.whole.members[i]).Assess(at)
			if err != nil {
				return one, err
			}
			others = append(others, one.Alerts...)
		}
	}
	return r.assess(at, r.Alert, others)
}

// AssessKnowing is [Reader.Assess] where a history says which alerts last; those of
// rows that there are no more are left out. Others are the alerts of a composite's
// members: while one pages, the whole is at risk.
func (r Reader) AssessKnowing(at time.Time, alerts, others []Alert) (Assessment, error) {
	return r.assess(at, heldBy(alerts), others)
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

func (r Reader) assess(at time.Time, standing func(AlertReading) *Alert, others []Alert) (Assessment, error) {
	rows, err := r.Rows()
	if err != nil {
		return Assessment{}, err
	}
	a := r.stand(at)
	for _, lookback := range Lookbacks() {
		a.Burn[evenkeel.FormatDuration(lookback)] = r.Burn(at, lookback)
	}
	for _, row := range rows {
		one := r.Read(row, at)
		a.Readings = append(a.Readings, one)
		if alert := standing(one); alert != nil {
			a.Alerts = append(a.Alerts, *alert)
		}
	}
	r.judge(&a, others)
	return a, nil
}

// stand is where the budget stands. A composite has no count of its own.
func (r Reader) stand(at time.Time) Assessment {
	if r.whole == nil {
		return Assessment{SLO: r.d.Name, Objective: r.o.Name, Result: Evaluate(r.d, r.o, r.tallies, at), Burn: map[string]*float64{}}
	}
	c := r.whole.at(at)
	c.Lacks = map[string][]string{}
	for _, lookback := range Lookbacks() {
		if names := r.whole.lacks(c.At, lookback); len(names) > 0 {
			c.Lacks[evenkeel.FormatDuration(lookback)] = names
		}
	}
	result := Result{At: c.At, Window: c.Window, SLI: c.SLI, Consumed: c.Consumed, Remaining: c.Remaining, Coverage: c.Coverage}
	return Assessment{SLO: r.d.Name, Result: result, Burn: map[string]*float64{}, Composite: &c}
}

// judge makes a forecast and finds the word.
func (r Reader) judge(a *Assessment, others []Alert) {
	forecast, why := r.predict(a.At)
	a.Forecast = forecast
	// Something is known of the lookback that a forecast is taken from.
	fresh := r.look(floor(a.At, r.Step()), max(BasisLookback(r.d.Window), r.Step())).Known
	a.Status, a.Reason = StatusOf(a.Result, slices.Concat(a.Alerts, others), a.Forecast, fresh)
	if a.Composite == nil {
		return
	}
	unknown := r.whole.unknown(*a.Composite)
	if a.Status == StatusNoData && unknown.Text != "" {
		a.Reason = unknown
	}
	a.Composite.Unforeseen = why
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
