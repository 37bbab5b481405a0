package views

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelPoint is what remained of a budget at an instant.
type LevelPoint struct {
	At          time.Time `json:"at"`
	Remaining   *float64  `json:"remaining" doc:"Of the budget of the present window, what was left then; of a composite, what the budget of the window up to then had left. Null where nothing is known"`
	Experienced *float64  `json:"experienced" doc:"The same without corrections"`
	NoData      bool      `json:"no_data" doc:"Nothing was measured since the point before; of a composite, nothing of a member that its rule needs"`
	Why         *LevelWhy `json:"why" doc:"Why there is no value of a composite, or no data; else null"`
}

// LevelForecastPoint is what will remain of a budget at an instant.
type LevelForecastPoint struct {
	At     time.Time `json:"at"`
	Low    float64   `json:"low"`
	Middle float64   `json:"middle"`
	High   float64   `json:"high"`
}

// LevelMark is something that happened while a budget was spent.
type LevelMark struct {
	Kind     string     `json:"kind" enum:"deployment,flag_change,incident,correction,definition"`
	ID       string     `json:"id" doc:"The fact or the correction"`
	Title    string     `json:"title"`
	At       time.Time  `json:"at"`
	Until    *time.Time `json:"until" doc:"Null for an instant, and for what lasts"`
	Consumed *float64   `json:"consumed" doc:"Share of the budget that is laid to it alone; null if none is"`
}

// LevelBurndown is how a budget was spent.
type LevelBurndown struct {
	Window   LevelWindow          `json:"window"`
	Unit     string               `json:"unit" enum:"events,slices,minutes"`
	Points   []LevelPoint         `json:"points" nullable:"false"`
	Forecast []LevelForecastPoint `json:"forecast" nullable:"false"`
	Even     []LevelPoint         `json:"even" nullable:"false" doc:"Spending the budget evenly: the window's beginning and end; empty for a composite, whose points are each of a window of its own"`
	Marks    []LevelMark          `json:"marks" nullable:"false"`
	Basis    *LevelBasis          `json:"basis" doc:"What the forecast takes the coming burn from"`
}

// LevelBasis is what a forecast takes the coming burn from.
type LevelBasis struct {
	Seconds    int     `json:"lookback_seconds"`
	Low        float64 `json:"low"`
	Middle     float64 `json:"middle"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"`
	Total      float64 `json:"total" doc:"What it counted, in the unit"`
}

// NewLevelBurndown shows how a budget was spent, in at most so many points, and
// what happened meanwhile.
func NewLevelBurndown(b *budgets.Budget, m budgets.Measured, s slo.Spending, causes []slo.Cause, versions []evenkeel.ServiceLevel, points int) LevelBurndown {
	v := newBurndown(b)
	v.Points, v.Even, v.Marks = remainders(b, m, points), even(b.Contractual.Window), marks(b, s, causes, versions)
	return v
}

// NewCompositeBurndown shows what remained of a composite at instants of its window
// up to that of a book, in about so many points, and what happened meanwhile.
func NewCompositeBurndown(b *budgets.Budget, past budgets.Past, at time.Time, causes []slo.Cause, versions []evenkeel.ServiceLevel, points int) LevelBurndown {
	v := newBurndown(b)
	v.Points, v.Even, v.Marks = course(b, past, at, points), []LevelPoint{}, marks(b, slo.Spending{}, causes, versions)
	return v
}

// newBurndown has the window of a budget, and its forecast.
func newBurndown(b *budgets.Budget) LevelBurndown {
	a, d := b.Contractual, b.Level().Definition
	v := LevelBurndown{Window: levelWindow(d, a.Result), Unit: unitOf(d, b.Objective), Forecast: []LevelForecastPoint{}}
	if f := a.Forecast; f != nil {
		v.Basis = &LevelBasis{int(f.Basis.Lookback / time.Second), f.Basis.Low, f.Basis.Middle, f.Basis.High, f.Basis.Confidence, f.Basis.Count.Total}
		for _, p := range f.Points {
			v.Forecast = append(v.Forecast, LevelForecastPoint(p))
		}
	}
	return v
}

func levelWindow(d slo.Definition, r slo.Result) LevelWindow {
	return LevelWindow{Span: d.Window.Span.String(), Rolling: d.Window.Rolling(), Zone: zoneOf(d.Window), From: r.Window.From, To: r.Window.To}
}

// even is spending a budget evenly.
func even(w evenkeel.Window) []LevelPoint {
	full, empty := 1.0, 0.0
	return []LevelPoint{{At: w.From, Remaining: &full}, {At: w.To, Remaining: &empty}}
}

// remainders are what was left of the budget of the present window at even steps
// of it; the last is where the budget stands.
func remainders(b *budgets.Budget, m budgets.Measured, points int) []LevelPoint {
	a := b.Contractual
	step := stepOf(a.At.Sub(a.Window.From), points, b.Objective.Counted(b.Level().Definition))
	left, felt := newLeft(b, m.Contractual, a.Count), newLeft(b, m.Experienced, b.Experienced.Count)
	list := []LevelPoint{}
	for from := a.Window.From; from.Before(a.At); from = from.Add(step) {
		span := evenkeel.Window{From: from, To: from.Add(step)}
		if span.To.After(a.At) {
			span.To = a.At
		}
		remaining, known := left.after(span)
		experienced, _ := felt.after(span)
		list = append(list, LevelPoint{At: span.To, Remaining: remaining, Experienced: experienced, NoData: !known})
	}
	return list
}

// course is what remained of a composite at even steps of its window: from where it
// begins, for a window of the calendar a step later, when something can be known.
func course(b *budgets.Budget, past budgets.Past, at time.Time, points int) []LevelPoint {
	from, list := b.Contractual.Window.From, []LevelPoint{}
	step := stepOf(b.Contractual.At.Sub(from), points, past.Contractual.Step())
	before := from.Add(-step)
	if !b.Level().Definition.Window.Rolling() {
		before, from = from, from.Add(step)
	}
	for ; from.Before(at); before, from = from, from.Add(step) {
		list = append(list, leftAt(b, past, evenkeel.Window{From: before, To: from}))
	}
	return append(list, leftAt(b, past, evenkeel.Window{From: before, To: at}))
}

// leftAt is what remained at the end of a span, and whether anything is known of it.
func leftAt(b *budgets.Budget, past budgets.Past, span evenkeel.Window) LevelPoint {
	remaining, why := past.Contractual.Left(span.To)
	p := LevelPoint{At: span.To, Remaining: remaining, Experienced: remaining}
	if len(b.Level().Corrections) > 0 {
		p.Experienced, _ = past.Experienced.Left(span.To)
	}
	gap := past.Contractual.Gap(span.To, span.To.Sub(span.From))
	if p.NoData = gap.Text != ""; why.Text == "" {
		why = gap
	}
	p.Why = NewLevelWhy(why)
	return p
}

// left adds up what is bad from a window's beginning on.
type left struct {
	budget  *budgets.Budget
	tallies slo.Tallies
	total   float64
	bad     float64
}

func newLeft(b *budgets.Budget, tallies slo.Tallies, whole slo.Count) *left {
	return &left{budget: b, tallies: tallies, total: whole.Total}
}

// after is what is left after a span, and whether anything is known of it.
func (l *left) after(span evenkeel.Window) (remaining *float64, known bool) {
	d := l.budget.Level().Definition
	t := l.tallies.Tally(span)
	l.bad += t.Count(d.Method, d.Missing).Bad
	if l.total > 0 {
		r := 1 - l.budget.Objective.Target.Spent(l.bad, l.total)
		remaining = &r
	}
	return remaining, t.Measured()+t.Idle > 0
}

// stepOf is the least step of whole slices by which a span has at most so many
// points.
func stepOf(span time.Duration, points int, slice time.Duration) time.Duration {
	n := math.Ceil(float64(span) / float64(slice) / float64(points))
	return time.Duration(max(1, n)) * slice
}

// marks are what happened in the window: causes with the share of the budget
// that is laid to each alone, corrections, and new versions of the definition.
func marks(b *budgets.Budget, s slo.Spending, causes []slo.Cause, versions []evenkeel.ServiceLevel) []LevelMark {
	window, spent := b.Contractual.Window, map[string]float64{}
	for _, e := range s.Entries {
		if len(e.Causes) == 1 && b.Contractual.Consumed != nil {
			spent[e.Causes[0].ID] += e.Share * *b.Contractual.Consumed
		}
	}
	list := []LevelMark{}
	add := func(m LevelMark, until time.Time) {
		if !until.IsZero() {
			m.Until = &until
		}
		if share, ok := spent[m.ID]; ok {
			m.Consumed = &share
		}
		if window.Contains(m.At) || (m.At.Before(window.From) && until.After(window.From)) {
			list = append(list, m)
		}
	}
	for _, c := range causes {
		add(LevelMark{Kind: string(c.Kind), ID: c.ID, Title: c.Title, At: c.At}, c.Until)
	}
	for _, c := range b.Level().Corrections {
		add(LevelMark{Kind: "correction", ID: c.ID, Title: c.Reason, At: c.From}, c.To)
	}
	for _, v := range versions {
		if v.Number > 1 {
			add(LevelMark{Kind: "definition", ID: strconv.FormatInt(v.Number, 10), Title: "version " + strconv.FormatInt(v.Number, 10), At: v.At}, time.Time{})
		}
	}
	slices.SortStableFunc(list, func(a, b LevelMark) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	return list
}

// LevelBurnRow is a row that alerts come from: of the window set, or of an alert
// policy.
type LevelBurnRow struct {
	Severity  string   `json:"severity" enum:"page,ticket"`
	Policy    *string  `json:"policy" doc:"Alert policy of the document; null for a row of the window set"`
	Long      string   `json:"long" example:"1h"`
	Short     string   `json:"short" example:"5m" doc:"That of a policy is the long one"`
	Factor    float64  `json:"factor" doc:"Both lookbacks have to burn faster, or as fast where meeting is set"`
	Meeting   bool     `json:"meeting" doc:"It is enough to meet the factor"`
	For       int      `json:"for_seconds" doc:"How long they have to before it alerts"`
	Capped    bool     `json:"capped" doc:"The stated factor cannot be reached with this target and was lowered"`
	BurnLong  *float64 `json:"burn_long"`
	BurnShort *float64 `json:"burn_short"`
	Over      bool     `json:"over"`
	Held      string   `json:"held" doc:"The guard that keeps it quiet; empty for none"`
}

// LevelRate is how much happened in a stretch of time; to all members of a composite
// together.
type LevelRate struct {
	At   time.Time `json:"at" doc:"Its beginning"`
	Good float64   `json:"good"`
	Bad  float64   `json:"bad"`
	// NoData counts slices.
	NoData int64               `json:"no_data"`
	Burn   map[string]*float64 `json:"burn" doc:"Burn rate of each lookback at its end"`
}

// LevelBurn is how fast a budget was spent over its window.
type LevelBurn struct {
	Window    LevelWindow    `json:"window"`
	Unit      string         `json:"unit" enum:"events,slices,minutes"`
	Step      int            `json:"step_seconds"`
	Lookbacks []string       `json:"lookbacks" nullable:"false"`
	Rows      []LevelBurnRow `json:"rows" nullable:"false"`
	Rates     []LevelRate    `json:"rates" nullable:"false"`
	UntilPage *float64       `json:"until_page" doc:"Bad events more that would raise a page; null if none would, and for a composite, where it depends on whose they are"`
}

// NewLevelBurn shows the burn over a window, in at most so many points.
func NewLevelBurn(b *budgets.Budget, reader slo.Reader, points int) LevelBurn {
	a, d := b.Contractual, b.Level().Definition
	step := stepOf(a.At.Sub(a.Window.From), points, reader.Step())
	v := LevelBurn{Window: levelWindow(d, a.Result), Unit: unitOf(d, b.Objective), Step: int(step / time.Second), Lookbacks: []string{}, Rows: []LevelBurnRow{}, Rates: []LevelRate{}, UntilPage: b.Until}
	var lookbacks []time.Duration
	for _, r := range a.Readings {
		v.Rows = append(v.Rows, newBurnRow(r))
		if name := evenkeel.FormatDuration(r.Row.Long); !slices.Contains(v.Lookbacks, name) {
			v.Lookbacks, lookbacks = append(v.Lookbacks, name), append(lookbacks, r.Row.Long)
		}
	}
	for from := a.Window.From; from.Before(a.At); from = from.Add(step) {
		span := evenkeel.Window{From: from, To: from.Add(step)}
		if span.To.After(a.At) {
			span.To = a.At
		}
		v.Rates = append(v.Rates, newRate(reader, span, lookbacks))
	}
	return v
}

func newBurnRow(r slo.AlertReading) LevelBurnRow {
	row := LevelBurnRow{
		Severity: string(r.Row.Severity), Long: evenkeel.FormatDuration(r.Row.Long), Short: evenkeel.FormatDuration(r.Row.Short),
		Factor: r.Row.Factor.Float(), Meeting: r.Row.Meeting(), For: int(r.Row.For / time.Second), Capped: r.Row.Capped(),
		BurnLong: r.Long.Burn, BurnShort: r.Short.Burn, Over: r.Over, Held: r.Held,
	}
	if name := r.Row.PolicyName(); name != "" {
		row.Policy = &name
	}
	return row
}

func newRate(reader slo.Reader, w evenkeel.Window, lookbacks []time.Duration) LevelRate {
	count, missing := reader.Counted(w)
	r := LevelRate{At: w.From, Good: count.Good, Bad: count.Bad, NoData: missing, Burn: map[string]*float64{}}
	for _, l := range lookbacks {
		r.Burn[evenkeel.FormatDuration(l)] = reader.Burn(w.To, l)
	}
	return r
}
