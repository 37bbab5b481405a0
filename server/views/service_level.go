package views

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// LevelWindow is the window that a budget is counted over.
type LevelWindow struct {
	Span    string    `json:"span" doc:"Number and unit: m, h, d, w, M, Q or Y" example:"30d"`
	Rolling bool      `json:"rolling" doc:"Moves with time; else it follows the calendar"`
	Zone    string    `json:"zone" doc:"IANA zone of a window of the calendar"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

// LevelBudget is what may be bad, in events or slices.
type LevelBudget struct {
	Consumed  *float64 `json:"consumed" doc:"Share of the budget that is spent; above 1 it is overdrawn"`
	Remaining *float64 `json:"remaining" doc:"1 less consumed; below 0 it is overdrawn"`
	Projected *float64 `json:"projected" doc:"Consumed against the budget of the whole window; null for rolling windows"`
	Allowed   *float64 `json:"allowed" doc:"How much may be bad of what there was so far"`
	Left      *float64 `json:"left" doc:"Allowed less bad"`
}

// LevelForecast is an instant with its range.
type LevelForecast struct {
	From *time.Time `json:"from" doc:"The earliest that the evidence allows; null is not within reach"`
	To   *time.Time `json:"to" doc:"The latest that the evidence allows; null is not within reach"`
}

// LevelSpender is who spent most of the last stretch of a budget.
type LevelSpender struct {
	Kind  string    `json:"kind" enum:"deployment,flag_change,incident,joint"`
	ID    string    `json:"id" doc:"The fact; empty for a joint share"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
	Share float64   `json:"share" doc:"Of what was consumed"`
}

// LevelAlert is the gravest alert that stands: one that fired before one that
// waits, and one that pages before a ticket.
type LevelAlert struct {
	Severity string    `json:"severity" enum:"page,ticket"`
	State    string    `json:"state" enum:"pending,firing,no_data"`
	Since    time.Time `json:"since" doc:"When it began, as in the history"`
}

// LevelWhole is where all objectives of a composite stand as one.
type LevelWhole struct {
	Remaining *float64 `json:"remaining"`
	Status    string   `json:"status" enum:"healthy,watch,at_risk,exhausted,no_data,too_few_events"`
	LevelReason
	Alert *LevelAlert `json:"alert"`
}

// LevelReason is why a budget has its status.
type LevelReason struct {
	Reason string            `json:"reason" doc:"Why, in words"`
	Code   string            `json:"reason_code" enum:"remains,spent,exhausts,fires,fires_blind,fires_blind_since,too_few,unusable,idle,unmeasured,stopped,uncounted,missing,unevaluable,no_connection,no_connection_named,no_connection_of,several_connections,no_application,quiet_application,no_incidents,incidents_ended,incidents_unread,incidents_never_read,members_unmeasured,members_stopped,members_uncounted,members_missing,no_whole_slice,promises_nothing,several_series" doc:"Why, as a code"`
	Asking string            `json:"reason_asking" enum:",failing_since,failing,not_asked,noted,empty" doc:"What asking has to do with it, which reason goes on with after a semicolon; empty is nothing"`
	Values map[string]string `json:"reason_values" nullable:"false" doc:"What fills the sentence of the code, by name: shares and amounts in decimal, instants in RFC 3339"`
}

// LevelWhy is why there is no value.
type LevelWhy struct {
	Text   string            `json:"text" doc:"In words"`
	Code   string            `json:"code" enum:"remains,spent,exhausts,fires,fires_blind,fires_blind_since,too_few,unusable,idle,unmeasured,stopped,uncounted,missing,unevaluable,no_connection,no_connection_named,no_connection_of,several_connections,no_application,quiet_application,no_incidents,incidents_ended,incidents_unread,incidents_never_read,members_unmeasured,members_stopped,members_uncounted,members_missing,no_whole_slice,promises_nothing,several_series" doc:"As a code"`
	Values map[string]string `json:"values" nullable:"false" doc:"What fills the sentence of the code, by name"`
}

// NewLevelWhy shows why there is no value; nil where there is one.
func NewLevelWhy(s slo.Said) *LevelWhy {
	if s.Text == "" {
		return nil
	}
	r := NewLevelReason(s)
	return &LevelWhy{r.Reason, r.Code, r.Values}
}

// NewLevelReason shows a reason.
func NewLevelReason(s slo.Said) LevelReason {
	r := LevelReason{Reason: s.Text, Code: s.Code, Values: s.Values}
	if r.Values == nil {
		r.Values = map[string]string{}
	}
	return r
}

// Asked adds what asking has to do with it, if anything.
func (r *LevelReason) Asked(s slo.Said) {
	if s.Text == "" {
		return
	}
	r.Reason, r.Asking, r.Values = r.Reason+"; "+s.Text, s.Code, maps.Clone(r.Values) // The book keeps its own.
	maps.Copy(r.Values, s.Values)
}

// LevelRow is one objective of a service level, and where it stands.
type LevelRow struct {
	ID          string              `json:"id" doc:"Name of the service level"`
	Name        string              `json:"name" doc:"Display name, else the name"`
	Objective   string              `json:"objective" doc:"Display name of the objective; empty for a single one"`
	Application LevelApplication    `json:"application"`
	Environment string              `json:"environment" doc:"Empty is wherever it is measured"`
	Series      string              `json:"series" doc:"Labels of a budget of its own; empty without"`
	Target      float64             `json:"target" doc:"Promised share" example:"0.999"`
	Window      LevelWindow         `json:"window"`
	Method      string              `json:"method" enum:"Occurrences,Timeslices,RatioTimeslices"`
	Unit        string              `json:"unit" enum:"events,slices,minutes" doc:"What good, bad, total, allowed and left count"`
	SliceLength int                 `json:"slice_seconds" doc:"Length of a counted slice"`
	SLI         *float64            `json:"sli" doc:"Good share; null where nothing was measured"`
	Budget      LevelBudget         `json:"budget"`
	Good        float64             `json:"good"`
	Bad         float64             `json:"bad"`
	Total       float64             `json:"total"`
	Coverage    *float64            `json:"coverage" doc:"Share of slices of which it is known what happened"`
	LowVolume   bool                `json:"low_volume" doc:"The budget is below five: luck decides"`
	Burn        map[string]*float64 `json:"burn" doc:"How fast the budget is spent over the last time, by its length; 1 spends exactly the budget in a window"`
	Status      string              `json:"status" enum:"healthy,watch,at_risk,exhausted,no_data,too_few_events"`
	LevelReason
	Problem     string          `json:"problem" doc:"Why the document cannot be evaluated, so that no number here means anything; empty if it can"`
	ExhaustsAt  *time.Time      `json:"exhausts_at" doc:"When the budget is used up at the present pace; null is not within the window"`
	Exhausts    LevelForecast   `json:"exhausts_range"`
	ThawsAt     *time.Time      `json:"thaws_at" doc:"When an exhausted budget has something left again; null is not within reach"`
	LastSpender *LevelSpender   `json:"last_spender" doc:"Who spent the budget last, as was known at the last full ten minutes; null is nobody, or nothing to tell by. Lists alone have it: elsewhere the ledger tells"`
	Alert       *LevelAlert     `json:"alert"`
	Composite   *LevelWhole     `json:"composite" doc:"All objectives as one; null for a service level that is no composite"`
	Experienced *LevelBudget    `json:"experienced" doc:"The budget without corrections; null where there are none"`
	Measuring   *LevelMeasuring `json:"measuring" doc:"How asking for it stands at present; null for what is sent, and as of an instant"`
}

// LevelApplication is whose service level it is.
type LevelApplication struct {
	Named
	Tier  evenkeel.Tier `json:"tier" doc:"1 (most critical) to 4; 0 is unassessed"`
	Group *Named        `json:"group"`
	Known bool          `json:"known" doc:"The catalogue has it"`
}

// LevelRows shows every budget of a book, by name.
func LevelRows(book *budgets.Book, catalogue evenkeel.Catalogue) []LevelRow {
	show := newLevelShower(catalogue)
	rows := []LevelRow{}
	for _, level := range book.Levels {
		rows = append(rows, show.level(level, book.At)...)
	}
	return rows
}

// byRemaining puts the least budget first and budgets without a value last.
func byRemaining(a, b LevelRow) int {
	return cmp.Or(compareValues(a.Budget.Remaining, b.Budget.Remaining), strings.Compare(a.ID, b.ID), strings.Compare(a.Objective, b.Objective), strings.Compare(a.Series, b.Series))
}

// compareValues puts no value after every value.
func compareValues(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// levelShower knows the applications of service levels.
type levelShower struct {
	catalogue evenkeel.Catalogue
	bySlug    map[string]evenkeel.Application
}

func newLevelShower(c evenkeel.Catalogue) levelShower {
	s := levelShower{c, map[string]evenkeel.Application{}}
	for _, a := range c.Applications {
		s.bySlug[a.Slug] = a
	}
	return s
}

// level shows every budget of a service level; one that cannot be evaluated has
// a row that says why.
func (s levelShower) level(l *budgets.Level, at time.Time) (rows []LevelRow) {
	for _, b := range l.Budgets {
		rows = append(rows, s.budget(b))
	}
	if len(rows) == 0 {
		row := s.named(l)
		row.Status, row.LevelReason = string(slo.StatusNoData), NewLevelReason(slo.Say("unevaluable", l.Problem))
		row.Problem, row.Window.From, row.Window.To = l.Problem, at, at
		rows = append(rows, row)
	}
	return rows
}

// named is a row that only says what it is of.
func (s levelShower) named(l *budgets.Level) LevelRow {
	d := l.Definition
	return LevelRow{
		ID: l.ID, Name: cmp.Or(d.DisplayName, l.ID), Application: s.application(l.Application), Environment: d.Environment,
		Method: cmp.Or(string(d.Method), string(slo.Occurrences)), Unit: unitOf(d, slo.Objective{}), Burn: map[string]*float64{},
	}
}

func (s levelShower) application(slug string) LevelApplication {
	a, known := s.bySlug[slug]
	if !known {
		return LevelApplication{Named: Named{slug, slug}}
	}
	return LevelApplication{Named: Named{a.Slug, a.Name}, Tier: a.Tier, Group: GroupOf(s.catalogue, a.Group), Known: true}
}

// unitOf is what an objective counts.
func unitOf(d slo.Definition, o slo.Objective) string {
	switch {
	case d.Method == slo.Timeslices, d.Method == slo.RatioTimeslices:
		return "slices"
	case o.In(d).Incidents != nil:
		return "minutes"
	}
	return "events"
}

// budget shows one objective over one series.
func (s levelShower) budget(b *budgets.Budget) LevelRow {
	l, a := b.Level(), b.Contractual
	d := l.Definition
	row := s.named(l)
	row.Objective, row.Environment, row.Series, row.Unit = b.Objective.Name, b.Environment, b.Labels, unitOf(d, b.Objective)
	row.Target = b.Objective.Target.Float()
	row.Window = levelWindow(d, a.Result)
	row.SliceLength = int(b.Objective.Counted(d) / time.Second)
	row.SLI, row.Coverage = a.SLI, a.Coverage
	row.Good, row.Bad, row.Total = a.Count.Good, a.Count.Bad, a.Count.Total
	row.Budget = levelBudget(a.Result)
	row.LowVolume = row.Budget.Allowed != nil && *row.Budget.Allowed < slo.FewEvents
	row.Burn = a.Burn
	row.Status, row.LevelReason = string(a.Status), NewLevelReason(a.Reason)
	row.ExhaustsAt, row.ThawsAt, row.Exhausts = foretold(a.Forecast)
	row.Alert = gravest(a.Alerts)
	if c := l.Composite; c != nil {
		row.Composite = &LevelWhole{c.Contractual.Remaining, string(c.Contractual.Status), NewLevelReason(c.Contractual.Reason), gravest(c.Contractual.Alerts)}
	}
	if len(l.Corrections) > 0 {
		experienced := levelBudget(b.Experienced.Result)
		row.Experienced = &experienced
	}
	return row
}

func zoneOf(w slo.TimeWindow) string {
	if w.Rolling() {
		return ""
	}
	return w.Start.Location().String()
}

// levelBudget is what is left, in what the method counts.
func levelBudget(r slo.Result) LevelBudget {
	b := LevelBudget{Consumed: r.Consumed, Remaining: r.Remaining, Projected: r.Projected}
	if r.Consumed != nil {
		allowed := r.Target.Allowed(r.Count.Total)
		left := allowed - r.Count.Bad
		b.Allowed, b.Left = &allowed, &left
	}
	return b
}

// foretold is when a budget is used up, when it has something left again, and the
// range of the first.
func foretold(f *slo.Forecast) (exhausts, thaws *time.Time, span LevelForecast) {
	if f == nil {
		return nil, nil, LevelForecast{}
	}
	return f.Exhausts.At, f.Thaws.At, LevelForecast{From: f.Exhausts.Earliest, To: f.Exhausts.Latest}
}

// gravest is the alert to look at first: one that fired before one that waits, one
// that pages before a ticket, and the first of equals.
func gravest(list []slo.Alert) *LevelAlert {
	if len(list) == 0 {
		return nil
	}
	weight := func(a slo.Alert) (w int) {
		if a.Lasts() {
			w += 2
		}
		if a.Severity == slo.Page {
			w++
		}
		return w
	}
	a := slices.MaxFunc(list, func(a, b slo.Alert) int { return weight(a) - weight(b) })
	return &LevelAlert{Severity: string(a.Severity), State: string(a.State), Since: a.From}
}

// Key names a row among others.
func (row LevelRow) Key() string {
	return strings.Join([]string{row.ID, row.Objective, row.Environment, row.Series}, "\x1f")
}

// BudgetKey is the key of a budget's row.
func BudgetKey(b *budgets.Budget) string {
	return LevelRow{ID: b.Level().ID, Objective: b.Objective.Name, Environment: b.Environment, Series: b.Labels}.Key()
}

// CountStatuses counts rows by status.
func CountStatuses(rows []LevelRow) map[string]int {
	counts := map[string]int{}
	for _, row := range rows {
		counts[row.Status]++
	}
	return counts
}

// SortLevels orders rows: by what remains, by name, or by the burn of the last
// hour, the fastest first.
func SortLevels(rows []LevelRow, by string) {
	slices.SortStableFunc(rows, func(a, b LevelRow) int {
		switch by {
		case "name":
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		case "burn":
			return cmp.Or(compareValues(negated(a.Burn["1h"]), negated(b.Burn["1h"])), byRemaining(a, b))
		}
		return byRemaining(a, b)
	})
}

func negated(v *float64) *float64 {
	if v == nil {
		return nil
	}
	n := -*v
	return &n
}
