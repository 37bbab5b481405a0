package metrics_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// failureScenario is a scenario with people's words, and with what is told of
// single incidents and deployments.
type failureScenario struct {
	scenario
	Links        []evenkeel.IncidentLink `json:"links"`
	Attributions map[string]any          `json:"attributions"`
	Outcomes     map[string]any          `json:"outcomes"`
}

func failureScenarios(t *testing.T) []failureScenario {
	t.Helper()
	data, err := os.ReadFile("testdata/failures.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []failureScenario
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func idOf(k evenkeel.Kind, name string) string { return evenkeel.FactID(k, "test\x1f"+name) }

// said is what people said, by incident; names of facts become their ids.
func said(links []evenkeel.IncidentLink) map[string]evenkeel.IncidentLink {
	held := map[string]evenkeel.IncidentLink{}
	for _, l := range links {
		for i, name := range l.Deployments {
			l.Deployments[i] = idOf(evenkeel.KindDeployment, name)
		}
		held[idOf(evenkeel.KindIncident, l.Incident)] = l
	}
	return held
}

// byName is a value as JSON sees it, with names in place of fact ids.
func (s *failureScenario) byName(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, d := range s.Deployments {
		pairs = append(pairs, idOf(evenkeel.KindDeployment, d.ID), d.ID)
	}
	for _, c := range s.Changes {
		pairs = append(pairs, idOf(evenkeel.KindChange, c.ID), c.ID)
	}
	for _, i := range s.Incidents {
		pairs = append(pairs, idOf(evenkeel.KindIncident, i.ID), i.ID)
	}
	var out any
	if err := json.Unmarshal([]byte(strings.NewReplacer(pairs...).Replace(string(data))), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, s := range failureScenarios(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			q, in := s.query(), s.input(t)
			in.Links = said(s.Links)
			derived := metrics.Derive(in, q.Policy)
			back, err := metrics.Unpack(in.Application, derived.Pack())
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range []metrics.Derived{derived, back} {
				differences := missing("report", s.Want, s.byName(t, metrics.Compute(q, d)))
				for name, want := range s.Attributions {
					got, _ := d.Attribution(idOf(evenkeel.KindIncident, name))
					differences = append(differences, missing("attribution of "+name, want, s.byName(t, got))...)
				}
				for name, want := range s.Outcomes {
					got, _ := d.Outcome(idOf(evenkeel.KindDeployment, name))
					differences = append(differences, missing("outcome of "+name, want, s.byName(t, got))...)
				}
				for _, difference := range differences {
					t.Error(difference)
				}
			}
		})
	}
}

// twoApplications is an incident at 12 h on the applications shop and pay,
// restored at 14 h; shop was deployed at 10 h and pay at 11 h.
func twoApplications(links map[string]evenkeel.IncidentLink) (shop, pay metrics.Input) {
	at := func(hour int) time.Time { return epoch.Add(time.Duration(hour) * time.Hour) }
	incident := fact(evenkeel.KindIncident, "i", evenkeel.Incident{OpenedAt: at(12), ResolvedAt: at(14)})
	incident.Shared = true
	one := func(application string, finished time.Time) metrics.Input {
		return metrics.Input{
			Application: application, Incidents: []evenkeel.Fact[evenkeel.Incident]{incident}, Links: links, Foreign: map[string]bool{},
			Deployments: []evenkeel.Fact[evenkeel.Deployment]{fact(evenkeel.KindDeployment, application, evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: finished})},
		}
	}
	shop, pay = one("shop", at(10)), one("pay", at(11))
	shop.Foreign[pay.Deployments[0].ID], pay.Foreign[shop.Deployments[0].ID] = true, true
	return shop, pay
}

func wholeMonth() metrics.Query {
	return metrics.Query{Window: evenkeel.Window{From: epoch, To: epoch.AddDate(0, 1, 0)}, Policy: evenkeel.DefaultPolicy()}
}

func TestAnIncidentOnTwoApplicationsFailsADeploymentInEach(t *testing.T) {
	t.Parallel()
	shop, pay := twoApplications(nil)
	q := wholeMonth()
	one, two := metrics.Derive(shop, q.Policy), metrics.Derive(pay, q.Policy)
	for _, d := range []metrics.Derived{one, two} {
		if r := metrics.Compute(q, d); r.FailRate.Failed != 1 || r.Incidents.Attributed != 1 || r.Recovery.N != 1 {
			t.Errorf("%s alone: got %+v", d.Application, r.FailRate)
		}
	}
	// Both deployments fail, the incident counts once, and so does its
	// recovery: 14 - 12 = 2 h, and 14 - 11 = 3 h from the later deployment.
	r := metrics.Compute(q, one, two)
	if r.FailRate.Failed != 2 || r.FailRate.N != 2 || r.Incidents.Opened != 1 || r.Incidents.Attributed != 1 || r.Recovery.N != 1 {
		t.Errorf("together: got %+v, %+v", r.FailRate, r.Incidents)
	}
	if *r.Recovery.Median != 7200 || *r.Recovery.FromDeployment.Median != 10800 {
		t.Errorf("recovery: got %v and %v from the deployment, want 7200 and 10800", *r.Recovery.Median, *r.Recovery.FromDeployment.Median)
	}
}

func TestAPersonLaysASharedIncidentToOneApplication(t *testing.T) {
	t.Parallel()
	incident := idOf(evenkeel.KindIncident, "i")
	cause := idOf(evenkeel.KindDeployment, "shop")
	shop, pay := twoApplications(map[string]evenkeel.IncidentLink{incident: {Incident: incident, Deployments: []string{cause}}})
	q := wholeMonth()
	one, two := metrics.Derive(shop, q.Policy), metrics.Derive(pay, q.Policy)
	if r := metrics.Compute(q, two); r.FailRate.Failed != 0 || r.Incidents.Opened != 0 || r.Unattributed != 0 || r.Recovery.N != 0 {
		t.Errorf("pay alone: got %+v, %+v", r.FailRate, r.Incidents)
	}
	r := metrics.Compute(q, two, one)
	if r.FailRate.Failed != 1 || r.FailRate.N != 2 || r.Incidents.Opened != 1 || r.Incidents.Attributed != 1 || *r.Recovery.FromDeployment.Median != 4*3600 {
		t.Errorf("together: got %+v, %+v", r.FailRate, r.Incidents)
	}
	got, known := two.Attribution(incident)
	if !known || !got.Elsewhere || got.Unlinked || got.Deployment != nil || got.Automatic.Deployment == nil {
		t.Errorf("what pay tells of it: %+v", got)
	}
}

func TestAGuestThatNothingCausedCountsWithItsOwnApplication(t *testing.T) {
	t.Parallel()
	incident := idOf(evenkeel.KindIncident, "i")
	own, host := twoApplications(map[string]evenkeel.IncidentLink{incident: {Incident: incident}})
	own.Incidents[0].Shared, own.Incidents[0].Value.CausedBy = false, "pay"
	host.Incidents, own.Foreign[incident] = own.Incidents, true
	host.Guests = map[string]bool{incident: true}
	q := wholeMonth()
	one, two := metrics.Derive(own, q.Policy), metrics.Derive(host, q.Policy)
	for _, parts := range [][]metrics.Derived{{one}, {one, two}, {two, one}} {
		if r := metrics.Compute(q, parts...); r.FailRate.Failed != 0 || r.Incidents != (metrics.Incidents{Opened: 1, Unlinked: 1}) || r.Unattributed != 0 {
			t.Errorf("%d parts: got %+v, %+v", len(parts), r.FailRate, r.Incidents)
		}
	}
	if r := metrics.Compute(q, two); r.Incidents.Opened != 0 || r.FailRate.Failed != 0 {
		t.Errorf("the other application: got %+v", r.Incidents)
	}
	got, _ := two.Attribution(incident)
	if got.Automatic.Rung == nil || *got.Automatic.Rung != metrics.RungExplicit {
		t.Errorf("the answer of the rules: got %+v", got.Automatic)
	}
}

// drawLinks lets people speak of some incidents: of deployments, attempts,
// nothing, and of what is not there.
func drawLinks(t *rapid.T, in *metrics.Input) {
	in.Links = map[string]evenkeel.IncidentLink{}
	for _, i := range in.Incidents {
		if !rapid.Bool().Draw(t, "said") {
			continue
		}
		l := evenkeel.IncidentLink{Incident: i.ID, Withdrawn: pick(t, "withdrawn", false, false, true)}
		for range rapid.IntRange(0, 3).Draw(t, "named") {
			l.Deployments = append(l.Deployments, pick(t, "id", idOf(evenkeel.KindDeployment, fmt.Sprint("d", rapid.IntRange(0, 25).Draw(t, "which"))), "elsewhere", "nowhere"))
		}
		in.Links[i.ID] = l
	}
	in.Foreign["elsewhere"] = true
}

// TestSensitivityEqualsDerivingAnew checks each window against the long way,
// over two applications that share facts.
func TestSensitivityEqualsDerivingAnew(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		other := drawInput(t)
		other.Application = "other"
		for i := range other.Deployments { // Ids recur in both, so they share them.
			other.Deployments[i].Shared = true
		}
		for i := range in.Deployments {
			in.Deployments[i].Shared = true
		}
		q.Policy.FailureWindow = time.Duration(rapid.IntRange(1, 20*24).Draw(t, "window")) * time.Hour
		parts := []metrics.Derived{metrics.Derive(in, q.Policy), metrics.Derive(other, q.Policy)}
		report := metrics.Compute(q, parts...)
		for _, rate := range report.FailRate.Sensitivity {
			anew := q
			anew.Policy.FailureWindow = time.Duration(*rate.Window * float64(time.Second))
			want := metrics.Compute(anew, metrics.Derive(in, anew.Policy), metrics.Derive(other, anew.Policy)).FailRate
			same(t, fmt.Sprint("failed and n within ", anew.Policy.FailureWindow), []int{want.Failed, want.N}, []int{rate.Failed, rate.N})
			same(t, "interval", jsonOf(t, []*float64{want.Value, want.Low, want.High}), jsonOf(t, []*float64{rate.Value, rate.Low, rate.High}))
			same(t, "in force", anew.Policy.FailureWindow == q.Policy.FailureWindow, rate.InForce)
			if rate.InForce {
				same(t, "the rate in force", []int{report.FailRate.Failed, report.FailRate.N}, []int{rate.Failed, rate.N})
			}
		}
	})
}

func TestApplicationsWithWindowsOfTheirOwn(t *testing.T) {
	t.Parallel()
	q := wholeMonth()
	long := q.Policy
	long.FailureWindow = 200 * time.Hour
	deployed := func(application string) metrics.Input {
		return metrics.Input{
			Application: application,
			Deployments: []evenkeel.Fact[evenkeel.Deployment]{fact(evenkeel.KindDeployment, application, evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: epoch})},
			Incidents:   []evenkeel.Fact[evenkeel.Incident]{fact(evenkeel.KindIncident, application, evenkeel.Incident{OpenedAt: epoch.Add(100 * time.Hour)})},
		}
	}
	// 100 h after: outside the workspace's 72 h, inside the other's 200 h.
	rates := metrics.Compute(q, metrics.Derive(deployed("shop"), q.Policy), metrics.Derive(deployed("pay"), long)).FailRate.Sensitivity
	want := `[{"failed":0,"in_force":false,"n":2,"window_seconds":86400},{"failed":0,"in_force":false,"n":2,"window_seconds":259200},{"failed":2,"in_force":false,"n":2,"window_seconds":604800},{"failed":1,"in_force":true,"n":2,"window_seconds":null}]`
	var expected any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		t.Fatal(err)
	}
	for _, difference := range missing("sensitivity", expected, asJSON(t, rates)) {
		t.Error(difference)
	}
}

func TestWordsOfPeopleKeepTheRules(t *testing.T) {
	check(t, func(t *rapid.T) {
		in, q := drawInput(t), drawQuery(t)
		spoken := metrics.Derive(in, q.Policy)
		reversed := in
		reversed.Incidents = slices.Clone(in.Incidents)
		slices.Reverse(reversed.Incidents)
		same(t, "derived from reversed incidents", spoken.Pack(), metrics.Derive(reversed, q.Policy).Pack())
		in.Links = nil
		silent := metrics.Derive(in, q.Policy)
		for _, i := range in.Incidents {
			before, known := silent.Attribution(i.ID)
			after, knownAfter := spoken.Attribution(i.ID)
			if known && knownAfter {
				same(t, "what the rules find", before.Laid, before.Automatic)
				same(t, "what the rules find beside a word", before.Automatic, after.Automatic)
			}
		}
	})
}
