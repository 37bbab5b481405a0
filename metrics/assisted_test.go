package metrics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// TestWhatMarksAChange tries each rule of the default policy.
func TestWhatMarksAChange(t *testing.T) {
	t.Parallel()
	trailers := func(key, value string) func(h *delivered, c *evenkeel.Change) {
		return func(h *delivered, _ *evenkeel.Change) {
			h.nodes[len(h.nodes)-1].Trailers = map[string][]string{key: {value}}
		}
	}
	labels := func(names ...string) func(*delivered, *evenkeel.Change) {
		return func(_ *delivered, c *evenkeel.Change) { c.Labels = append([]string{}, names...) }
	}
	for name, c := range map[string]struct {
		mark func(h *delivered, c *evenkeel.Change)
		want string
	}{
		"nothing is known":       {func(*delivered, *evenkeel.Change) {}, "unknown"},
		"no label":               {labels(), "other"},
		"another label":          {labels("bug"), "other"},
		"a label":                {labels("bug", "AI-Assisted"), "assisted"},
		"a person opened it":     {func(_ *delivered, c *evenkeel.Change) { c.ActorKind = evenkeel.ActorHuman }, "other"},
		"a program that writes":  {func(_ *delivered, c *evenkeel.Change) { c.ActorKind, c.Bot = evenkeel.ActorBot, "copilot-swe-agent" }, "assisted"},
		"a program that updates": {func(_ *delivered, c *evenkeel.Change) { c.ActorKind, c.Bot = evenkeel.ActorBot, "dependabot[bot]" }, "bot"},
		"a label of updates":     {labels("dependencies"), "bot"},
		"a trailer of the merge": {trailers("co-authored-by", "Claude"), "assisted"},
		"a trailer with a slash": {trailers("assisted-by", "tool/2 of example.org/tools"), "assisted"},
		"another trailer":        {trailers("fixes", "#1"), "other"},
		"a trailer of its own commit": {func(h *delivered, _ *evenkeel.Change) {
			h.nodes = append(h.nodes, evenkeel.Node{SHA: binarySHA("ownm1"), Trailers: map[string][]string{"generated-by": {"a model"}}})
		}, "assisted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newDelivered()
			c.mark(h, h.change(1, 10, 11, 12, 13, 14))
			h.deploy("d1", 20, 22)
			a := metrics.AssistedOf(h.query(1, 100), h.derive())
			got := map[int]string{a.Unknown: "unknown", a.Bots: "bot", a.Sides.Other.N: "other", a.Sides.Assisted.N: "assisted"}[1]
			if got != c.want || a.Changes != 1 {
				t.Errorf("%s, want %s: %+v", got, c.want, a)
			}
		})
	}
}

// TestWhatHadToBeDoneAgain: reverted changes, those of a deployment that was
// rolled back, and those of one that a fix followed soon.
func TestWhatHadToBeDoneAgain(t *testing.T) {
	t.Parallel()
	h := newDelivered()
	for i := range 5 {
		at := 10 + 100*float64(i)
		h.change(2*i+1, at, at+1, at+2, at+3, at+4).Labels = []string{}
		h.change(2*i+2, at, at+1, at+2, at+3, at+5).Labels = []string{}
		h.deploy(fmt.Sprint("d", i+1), at+6, at+7)
	}
	h.in.Changes[4].Value.RevertOf = "#1"                       // In d3: takes the first change of d1 back.
	h.in.Deployments[4].Value.ChangeKind = evenkeel.ChangeFix   // d4, 100 hours after d3: too late.
	h.in.Deployments[5].Value.ChangeKind = evenkeel.ChangeFix   // d5, moved to 50 hours after d4.
	h.in.Deployments[5].Value.FinishedAt = after(317 + 50 + 60) // It still ships what was merged.
	h.in.Deployments[5].Value.FinishedAt = after(417)
	h.in.Deployments[4].Value.FinishedAt = after(367)
	a := metrics.AssistedOf(h.query(1, 1000), h.derive())
	// Change 1 by its revert, and both changes of d4 by the fix.
	if rework := a.Sides.Other.Rework; rework.K != 3 || rework.N != 10 {
		t.Errorf("%d of %d, want 3 of 10", rework.K, rework.N)
	}
	// Without inference: d1 failed by nothing, so nothing failed by a person's word.
	if fail := a.Sides.Other.Fail; fail.K != 4 {
		t.Errorf("%d failed, want the 2 changes of d1 (its revert) and the 2 of d4 (its hotfix)", fail.K)
	}
}

// marked derives a history of independent changes, each deployed by itself,
// and lets each be marked, sized and timed.
func marked(n int, set func(i int, c *evenkeel.Change) (lead float64, failed bool)) (metrics.Query, metrics.Derived) {
	h := newDelivered()
	for i := range n {
		at := 1000 + float64(i)*100
		c := h.change(i+1, at, at, at, at, at)
		lead, failed := set(i, c)
		c.Commits[0].AuthoredAt = after(at + 1 - lead)
		id := fmt.Sprint("d", i+1)
		h.deploy(id, at+0.5, at+1)
		if failed {
			h.in.Incidents = append(h.in.Incidents, fact(evenkeel.KindIncident, id, evenkeel.Incident{CausedBy: id, OpenedAt: after(at + 2)}))
		}
	}
	return h.query(1, 1000+float64(n+1)*100), h.derive()
}

func label(assisted bool) []string {
	if assisted {
		return []string{"assisted"}
	}
	return []string{}
}

// TestRatioByHand: ten changes of 2, 4, ... 20 hours against ten of half that,
// all of one size. The estimate is the median of the 100 quotients 2i/j, which
// is 2, because i/j and j/i come in pairs. The test turns where 50 less 1.96
// times the root of 10*10*21/12 (13.229), 24.07, quotients are smaller: 20
// are below 1 and 5 are 1, so that the interval begins at 1, and by symmetry
// ends at 4. It holds 1: nothing is clear.
func TestRatioByHand(t *testing.T) {
	t.Parallel()
	q, d := marked(20, func(i int, c *evenkeel.Change) (float64, bool) {
		c.Labels, c.Size = label(i%2 == 0), &evenkeel.Size{Files: 1, Added: 20}
		hours := float64(i/2 + 1)
		if i%2 == 0 {
			hours *= 2
		}
		return hours, false
	})
	m := metrics.AssistedOf(q, d).Matched
	if m.Strata != 1 || m.AssistedN != 10 || m.OtherN != 10 || m.LeftOut != 0 {
		t.Fatalf("matched: %+v", m)
	}
	approximately(t, "ratio", m.Lead.Ratio, 2, 1e-3)
	approximately(t, "low", m.Lead.Low, 1, 1e-3)
	approximately(t, "high", m.Lead.High, 4, 1e-3)
	if m.Lead.Verdict != metrics.ContrastUnclear || m.Lines.Verdict != metrics.ContrastUnclear {
		t.Errorf("verdicts %s and %s", m.Lead.Verdict, m.Lines.Verdict)
	}
	approximately(t, "ratio of lines", m.Lines.Ratio, 1, 1e-3)
}

func approximately(t *testing.T, what string, got *float64, want, tolerance float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > tolerance {
		t.Errorf("%s is %s, want %v", what, show(got), want)
	}
}

// TestRiskDifferenceByHand: small changes fail in 6 of 20 assisted and 3 of 30
// others, large ones in 4 of 10 and 8 of 20.
//
//	weights 20*30/50 = 12 and 10*20/30 = 6.6667
//	numerator (6*30-3*20)/50 + (4*20-8*10)/30 = 2.4 + 0
//	difference 2.4/18.6667 = 0.128571
//	P = (400*3-900*6+600*5)/2500 + (100*8-400*4+200*5)/900 = -0.48 + 0.222222
//	Q = (6*27+3*14)/100 + (4*12+8*6)/60 = 2.04 + 1.6
//	variance (0.128571*-0.257778+3.64)/18.6667^2 = 0.0103514
func TestRiskDifferenceByHand(t *testing.T) {
	t.Parallel()
	q, d := marked(80, func(i int, c *evenkeel.Change) (float64, bool) {
		switch {
		case i < 20:
			c.Labels, c.Size = label(true), &evenkeel.Size{Added: 30}
			return 5, i < 6
		case i < 50:
			c.Labels, c.Size = label(false), &evenkeel.Size{Added: 30}
			return 5, i < 23
		case i < 60:
			c.Labels, c.Size = label(true), &evenkeel.Size{Added: 300}
			return 5, i < 54
		}
		c.Labels, c.Size = label(false), &evenkeel.Size{Added: 300}
		return 5, i < 68
	})
	m := metrics.AssistedOf(q, d).Matched
	approximately(t, "difference", m.Fail.Difference, 0.128571, 1e-5)
	// Each deployment ships one change, so that its own variance is (6*0.6*0.82...)
	// close to Sato's; the greater of both counts.
	half := 1.959964 * math.Sqrt(0.0103514)
	if m.Fail.Low == nil || *m.Fail.Low > 0.128571-half+1e-5 || *m.Fail.High < 0.128571+half-1e-5 || *m.Fail.High-*m.Fail.Low > 2.2*half {
		t.Errorf("interval %s to %s, want about %v to %v", show(m.Fail.Low), show(m.Fail.High), 0.128571-half, 0.128571+half)
	}
	if m.Fail.Verdict != metrics.ContrastUnclear || m.Strata != 2 {
		t.Errorf("%+v", m)
	}
}

// TestTooFewAreNotCompared: nine on one side, and changes without counterparts.
func TestTooFewAreNotCompared(t *testing.T) {
	t.Parallel()
	q, d := marked(40, func(i int, c *evenkeel.Change) (float64, bool) {
		c.Labels = label(i < 9)
		switch {
		case i >= 35: // Of unknown size.
		case i >= 30:
			c.Size = &evenkeel.Size{Added: 5000} // Nobody was assisted with those.
		default:
			c.Size = &evenkeel.Size{Added: 30}
		}
		return 5, i%2 == 0
	})
	a := metrics.AssistedOf(q, d)
	m := a.Matched
	if m.AssistedN != 9 || m.OtherN != 21 || m.LeftOut != 10 {
		t.Errorf("matched: %+v", m)
	}
	if m.Lead.Verdict != metrics.ContrastTooFew || m.Lead.Ratio != nil || m.Fail.Verdict != metrics.ContrastTooFew || m.Fail.Difference != nil || m.Fail.Low != nil {
		t.Errorf("compared: %+v", m)
	}
}

// simulated is a team with three sizes of changes; large ones take longer and
// fail more often, and are assisted more often. Deployments ship batches that
// fail together. effect multiplies the lead time of assisted changes.
func simulated(seed uint64, effect float64) metrics.Assisted {
	r := rand.New(rand.NewPCG(seed, 1))
	h := newDelivered()
	at := 1000.0
	for batch := range 30 {
		bad := r.Float64() < 0.15
		for i := range 1 + r.IntN(6) {
			class := r.IntN(3)
			assisted := r.Float64() < []float64{0.2, 0.4, 0.6}[class]
			lead := []float64{5, 20, 60}[class] * math.Exp(0.9*r.NormFloat64())
			if assisted {
				lead *= effect
			}
			c := h.change(batch*10+i+1, at, at, at, at, at)
			c.Labels, c.Size = label(assisted), &evenkeel.Size{Added: []int{20, 100, 400}[class]}
			c.Commits[0].AuthoredAt = after(at + 1 - lead)
		}
		id := fmt.Sprint("d", batch+1)
		h.deploy(id, at+0.5, at+1)
		if bad {
			h.in.Incidents = append(h.in.Incidents, fact(evenkeel.KindIncident, id, evenkeel.Incident{CausedBy: id, OpenedAt: after(at + 2)}))
		}
		at += 100
	}
	return metrics.AssistedOf(h.query(1, at), h.derive())
}

// TestVerdictsUnderNoEffectAreRare repeats teams in which being assisted changes
// nothing: intervals at 95 % may miss the truth in some 5 %, and matching must
// take away that assisted changes are the larger ones.
func TestVerdictsUnderNoEffectAreRare(t *testing.T) {
	t.Parallel()
	const teams = 400
	missed, lead, fail, unmatched := 0, 0, 0, 0
	for seed := range uint64(teams) {
		a := simulated(seed, 1)
		if m := a.Matched; m.Lead.Low != nil && (*m.Lead.Low > 1 || *m.Lead.High < 1) {
			missed++
		}
		if v := a.Matched.Lead.Verdict; v != metrics.ContrastUnclear {
			lead++
		}
		if v := a.Matched.Fail.Verdict; v != metrics.ContrastUnclear {
			fail++
		}
		if *a.Sides.Assisted.Lead > 1.5**a.Sides.Other.Lead {
			unmatched++
		}
	}
	t.Logf("of %d: %d intervals miss 1, %d verdicts on lead time, %d on failures; unmatched medians differ by half in %d", teams, missed, lead, fail, unmatched)
	if missed > 32 || lead > 32 || fail > 32 {
		t.Errorf("of %d teams without an effect, %d intervals miss 1, %d have a verdict on lead time and %d on failures; want at most 8 %%", teams, missed, lead, fail)
	}
	if unmatched < teams/2 {
		t.Errorf("only %d teams would mislead without matching; the simulation shows nothing", unmatched)
	}
}

// TestARealEffectIsSeen: assisted changes that take a third of the time.
func TestARealEffectIsSeen(t *testing.T) {
	t.Parallel()
	const teams = 60
	seen, held := 0, 0
	for seed := range uint64(teams) {
		m := simulated(1000+seed, 1.0/3).Matched
		if m.Lead.Verdict == metrics.ContrastBetter {
			seen++
		}
		if *m.Lead.Low <= 1.0/3 && 1.0/3 <= *m.Lead.High {
			held++
		}
	}
	if seen < teams*8/10 || held < teams*88/100 {
		t.Errorf("of %d, %d were seen and %d intervals hold the truth", teams, seen, held)
	}
}
