package demo_test

import (
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

func TestTeamsKeepTheirCharacter(t *testing.T) {
	t.Parallel()
	leads := year().leads()
	for team, span := range map[string][2]time.Duration{
		"storefront":  {150 * time.Minute, 8 * time.Hour},
		"growth":      {150 * time.Minute, 8 * time.Hour},
		"platform":    {150 * time.Minute, 8 * time.Hour},
		"warehouse":   {10 * time.Hour, 40 * time.Hour},
		"payments":    {20 * time.Hour, 50 * time.Hour},
		"routing":     {20 * time.Hour, 4 * day},
		"tracking":    {20 * time.Hour, 4 * day},
		"insights":    {2 * day, 6 * day},
		"mobile":      {4 * day, 9 * day},
		"back-office": {7 * day, 14 * day},
	} {
		if got := median(leads[team]); got < span[0] || got > span[1] {
			t.Errorf("%s: median lead time %v, want %v to %v", team, got, span[0], span[1])
		}
	}
}

// troubled is the share of a team's production deployments in a window that
// somebody linked to an incident, rolled back or fixed.
func (f *facts) troubled(team string, w evenkeel.Window) float64 {
	blamed := map[string]bool{}
	for _, i := range f.incidents {
		blamed[i.CausedBy] = true
	}
	for _, d := range f.deployments {
		blamed[d.RollbackOf] = true
	}
	owners := map[string]string{}
	for _, a := range f.catalogue.Applications {
		owners[a.Slug] = a.Group
	}
	failed, n := 0, 0
	for i, d := range f.deployments {
		if d.Status != evenkeel.StatusSuccess || evenkeel.DefaultPolicy().Class(d.Environment) != evenkeel.Production || d.Rollout == evenkeel.RolloutCanary || !w.Contains(d.FinishedAt) {
			continue
		}
		if apps := f.owners(d.Subject()); len(apps) == 0 || owners[apps[0]] != team {
			continue
		}
		n++
		if blamed[f.ids[i]] {
			failed++
		}
	}
	return float64(failed) / float64(max(n, 1))
}

func TestFailRatesDifferByTeamAndTime(t *testing.T) {
	t.Parallel()
	f := year()
	whole := evenkeel.Window{From: now.Add(-365 * day), To: now}
	for team, span := range map[string][2]float64{
		"storefront": {0.01, 0.06}, "growth": {0.1, 0.25}, "mobile": {0.005, 0.2}, "payments": {0.005, 0.05},
		"platform": {0.015, 0.08}, "warehouse": {0.03, 0.13}, "back-office": {0.02, 0.4},
	} {
		if got := f.troubled(team, whole); got < span[0] || got > span[1] {
			t.Errorf("%s: %.3f of the deployments were blamed, want %.3f to %.3f", team, got, span[0], span[1])
		}
	}
	first := evenkeel.Window{From: whole.From, To: whole.From.Add(120 * day)}
	last := evenkeel.Window{From: now.Add(-80 * day), To: now}
	if before, after := f.troubled("routing", first), f.troubled("routing", last); after > before*0.7 {
		t.Errorf("routing improved from %.3f to %.3f only", before, after)
	}
	if before, after := f.troubled("tracking", first), f.troubled("tracking", last); after < before*1.6 {
		t.Errorf("tracking went from %.3f to %.3f, want it to get worse", before, after)
	}
}

func TestRecoveryTakesMinutesToDays(t *testing.T) {
	t.Parallel()
	f := year()
	owners := map[string]string{}
	for _, a := range f.catalogue.Applications {
		owners[a.Slug] = a.Group
	}
	took := map[string][]time.Duration{}
	for _, i := range f.incidents {
		if i.Application != "" && i.ResolvedAt.After(i.OpenedAt) {
			took[owners[i.Application]] = append(took[owners[i.Application]], i.ResolvedAt.Sub(i.OpenedAt))
		}
	}
	for team, list := range took {
		if got := median(list); team != "" && (got < 15*time.Minute || got > 3*day) {
			t.Errorf("%s: median recovery %v of %d, want 15 minutes to 3 days", team, got, len(list))
		}
	}
	if median(took["storefront"]) > median(took["tracking"]) || median(took["growth"]) > median(took["back-office"]) {
		t.Error("fast teams do not recover faster")
	}
}

func TestPlannedDeploymentsKeepToTheCalendar(t *testing.T) {
	t.Parallel()
	policy := evenkeel.DefaultPolicy()
	frozen, weekend, n := 0, 0, 0
	for _, d := range year().deployments {
		if policy.Class(d.Environment) != evenkeel.Production {
			continue
		}
		n++
		if w := d.StartedAt.Weekday(); w == time.Saturday || w == time.Sunday {
			weekend++
		}
		if _, month, dom := d.StartedAt.Date(); month == time.December && dom > 19 && d.Application == "payments-api" && d.ChangeKind != evenkeel.ChangeFix && d.ChangeKind != evenkeel.ChangeRollback {
			frozen++
		}
	}
	if frozen > 0 {
		t.Errorf("%d planned deployments of payments-api during the freeze", frozen)
	}
	if share := float64(weekend) / float64(n); share == 0 || share > 0.03 {
		t.Errorf("%.3f of the production deployments fall on weekends, want few but some", share)
	}
}
