package views_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func TestParseWindow(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ from, to, want string }{
		"nothing said is 90 days to now":      {"", "", "2026-08-24T11:00:00Z 2026-11-22T12:00:00Z"}, // The clock went back in between.
		"a length counts back from to":        {"30d", "2026-11-01", "2026-10-01T22:00:00Z 2026-10-31T23:00:00Z"},
		"dates begin at midnight of the zone": {"2026-03-29", "2026-03-30", "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z"}, // 23 hours.
		"instants are taken as they are":      {"2026-01-01T00:00:00+02:00", "2026-01-02T00:00:00Z", "2025-12-31T22:00:00Z 2026-01-02T00:00:00Z"},
		"a window ends before it begins":      {"2026-02-01", "2026-01-01", "from: not before"},
		"a window of no length":               {"2026-02-01", "2026-02-01", "from: not before"},
		"a window of more than 20 years":      {"1990-01-01", "2026-01-01", "from: longer"},
		"a text that is no time":              {"soon", "", "from: RFC 3339"},
		"a year that no database keeps":       {"", "2300-01-01", "to: outside"},
	} {
		w, err := views.ParseWindow(c.from, c.to, now(), berlin)
		got := w.From.Format(time.RFC3339) + " " + w.To.Format(time.RFC3339)
		field, says, wrong := strings.Cut(c.want, ": ")
		switch {
		case wrong && (!errors.Is(err, evenkeel.ErrInvalid) || !strings.HasPrefix(err.Error(), field+":") || !strings.Contains(err.Error(), says)):
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		case !wrong && (err != nil || got != c.want):
			t.Errorf("%s: %s (%v), want %s", name, got, err, c.want)
		}
	}
}

func TestPresentIsTheEndOfTheMinute(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]time.Duration{0: 0, time.Nanosecond: time.Minute, 59 * time.Second: time.Minute, time.Minute: time.Minute} {
		if got := views.Present(now().Add(given)); !got.Equal(now().Add(want)) {
			t.Errorf("%v after the minute: %v, want %v after it", given, got, want)
		}
	}
}

func TestStateOf(t *testing.T) {
	t.Parallel()
	activity := func(deployments int, age time.Duration) evenkeel.Activity {
		return evenkeel.Activity{Facts: map[evenkeel.Kind]int{evenkeel.KindDeployment: deployments}, LastAt: now().Add(-age)}
	}
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		given evenkeel.Activity
		want  views.State
	}{
		"nothing":                          {evenkeel.Activity{}, views.StateNoData},
		"four deployments":                 {activity(4, day), views.StateFewData},
		"five deployments":                 {activity(5, day), views.StateOK},
		"45 days ago":                      {activity(50, 45*day), views.StateOK},
		"longer ago":                       {activity(50, 45*day+time.Second), views.StateStale},
		"few and long ago is stale, first": {activity(2, 90*day), views.StateStale},
	} {
		if got := views.StateOf(c.given, now()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// company has four applications. "late" deployed daily until ten days ago, and
// its last incident is open; "shaky" deploys daily, and every other deployment
// of the last 30 days failed; "stale" was heard of 50 days ago, "silent" never.
func company() *jobs.Results {
	r := &jobs.Results{
		Policy: evenkeel.DefaultPolicy(), Derived: map[string]metrics.Derived{}, Activity: map[string]evenkeel.Activity{},
		Catalogue: evenkeel.Catalogue{
			Groups: []evenkeel.Group{{Slug: "all", Name: "All"}, {Slug: "team", Name: "Team", Parent: "all"}},
			Applications: []evenkeel.Application{
				{ID: "1", Slug: "late", Name: "Late", Group: "team", Tier: 1, Cadence: "daily"},
				{ID: "2", Slug: "shaky", Name: "Shaky", Group: "team", Tier: 2},
				{ID: "3", Slug: "stale", Name: "Stale"},
				{ID: "4", Slug: "silent", Name: "Silent", Group: "team"},
			},
		},
	}
	daily(r, "1", 10, 40, func(age int) bool { return age == 10 }, true)
	daily(r, "2", 1, 60, func(age int) bool { return age <= 30 && age%2 == 0 }, false)
	daily(r, "3", 50, 10, func(int) bool { return false }, false)
	return r
}

// daily adds n deployments, one a day, the latest so many days ago. One that
// fails has an incident an hour later, which is open or took half an hour.
func daily(r *jobs.Results, application string, latest, n int, fails func(age int) bool, open bool) {
	in := metrics.Input{Application: application}
	for age := latest; age < latest+n; age++ {
		at := now().AddDate(0, 0, -age)
		id := fmt.Sprint(application, "-", age)
		in.Deployments = append(in.Deployments, evenkeel.Fact[evenkeel.Deployment]{
			ID: evenkeel.FactID(evenkeel.KindDeployment, id), Source: "ci", ExternalID: id,
			Value: evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: at},
		})
		if !fails(age) {
			continue
		}
		v := evenkeel.Incident{OpenedAt: at.Add(time.Hour), CausedBy: id}
		if !open {
			v.ResolvedAt = at.Add(90 * time.Minute)
		}
		in.Incidents = append(in.Incidents, evenkeel.Fact[evenkeel.Incident]{ID: evenkeel.FactID(evenkeel.KindIncident, id), Source: "desk", ExternalID: id, Value: v})
	}
	last := now().AddDate(0, 0, -latest)
	r.Derived[application] = metrics.Derive(in, r.Policy)
	r.Activity[application] = evenkeel.Activity{Facts: map[evenkeel.Kind]int{evenkeel.KindDeployment: n}, LastAt: last, LastDeploymentAt: last}
}

func TestOverviewSaysWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	view, err := views.NewOverview(company(), views.Question{From: "30d", Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range view.Attention {
		got = append(got, fmt.Sprintf("%s %s %s %.1f n=%d", c.Severity, c.Application.Slug, c.Code, *c.Value, c.N))
	}
	// Deployments without a commit leave their changes unknown: coverage 0.
	// The window holds days 1 to 30: 30 deployments of shaky, 15 of them failed.
	want := []string{
		"bad late unresolved_incidents 1.0 n=1",
		"bad shaky fail_rate_from_zero 0.5 n=30",
		"watch late deploys_below_cadence 10.0 n=40",
		"watch late low_coverage 0.0 n=21",
		"watch shaky low_coverage 0.0 n=30",
		"watch stale stale 50.0 n=0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("attention (-want +got):\n%s", diff)
	}
}

func TestOverviewCountsAndSentence(t *testing.T) {
	t.Parallel()
	view, err := views.NewOverview(company(), views.Question{From: "30d", Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	if want := (views.Counts{Groups: 1, Applications: 4, ApplicationsWithDeployments: 3, Deployments: 51}); view.Counts != want {
		t.Errorf("counts %+v, want %+v", view.Counts, want)
	}
	if row := view.Groups[0]; row.Slug != "team" || row.Applications != 3 || row.Report.Frequency.Deployments != 51 || !cmp.Equal(row.Path, []string{"All"}) {
		t.Errorf("group row %s %v: %d applications, %d deployments", row.Slug, row.Path, row.Applications, row.Report.Frequency.Deployments)
	}
	var codes []string
	for _, c := range view.Verdict {
		codes = append(codes, c.Code)
	}
	// 16 of 51 deployments failed, after 0 of 49; 51 against 49 is chance; no change is known.
	if got := strings.Join(codes, " "); got != "no_value riskier" {
		t.Errorf("verdict %q", got)
	}
}

func TestAttentionFollowsThePolicyOfEachApplication(t *testing.T) {
	t.Parallel()
	below := func(change func(*evenkeel.Policy), own string) (found []string) {
		r := company()
		change(&r.Policy)
		r.Catalogue.Applications[0].Cadence = own
		view, err := views.NewOverview(r, views.Question{From: "30d", Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range view.Attention {
			if c.Code == "deploys_below_cadence" {
				found = append(found, fmt.Sprintf("%s %.0f", c.Application.Slug, *c.Value))
			}
		}
		return found
	}
	override := func(cadence string) func(*evenkeel.Policy) {
		return func(p *evenkeel.Policy) { p.Applications = map[string]evenkeel.Override{"late": {Cadence: cadence}} }
	}
	both := func(p *evenkeel.Policy) { override("monthly")(p); p.Cadence = "daily" }
	// late was deployed ten days ago, shaky yesterday: 10 > 2 × 1 + 3 days.
	for name, c := range map[string]struct {
		policy func(*evenkeel.Policy)
		own    string
		want   []string
	}{
		"nobody has said":              {func(*evenkeel.Policy) {}, "", nil},
		"the workspace's wish":         {func(p *evenkeel.Policy) { p.Cadence = "daily" }, "", []string{"late 10"}},
		"the application's override":   {override("daily"), "", []string{"late 10"}},
		"its override before the wish": {both, "", nil},
		"the catalogue before both":    {both, "daily", []string{"late 10"}},
		"the catalogue asks for less":  {override("daily"), "weekly", nil},
	} {
		if got := below(c.policy, c.own); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// An incident of shaky begins an hour after its deployment and takes half an
// hour: 1,800 s from the failure, 5,400 s from the deployment.
func TestRowsOfApplicationsFollowTheirOwnPolicy(t *testing.T) {
	t.Parallel()
	recovery := func(policy map[string]evenkeel.Override) map[string]any {
		r := company()
		r.Policy.Applications = policy
		table, err := views.ApplicationsTable(r, views.Question{From: "30d", Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(table.Columns, func(c views.TableColumn) bool { return c.Name == "recovery_seconds" })
		found := map[string]any{}
		for _, row := range table.Rows {
			found[row[0].(string)] = row[at]
		}
		return found
	}
	for name, c := range map[string]struct {
		policy map[string]evenkeel.Override
		want   float64
	}{
		"the workspace's clock": {nil, 1800},
		"its own":               {map[string]evenkeel.Override{"shaky": {Recovery: evenkeel.RecoverFromDeployment}}, 5400},
		"another's":             {map[string]evenkeel.Override{"late": {Recovery: evenkeel.RecoverFromDeployment}}, 1800},
	} {
		if got := fmt.Sprint(recovery(c.policy)["shaky"]); got != fmt.Sprint(c.want) {
			t.Errorf("%s: %s, want %v", name, got, c.want)
		}
	}
}
