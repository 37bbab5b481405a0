package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// FailureEvidence is one thing that says that a deployment failed.
type FailureEvidence struct {
	Rung Rung `json:"rung"`
	// Kind and ID name the fact that tells: an incident, the deployment that
	// repaired this one, or the change that reverted what it shipped.
	Kind evenkeel.Kind `json:"kind"`
	ID   string        `json:"id"`
	// At is the start of the incident, or the finish of the repair; nil is unknown.
	At *time.Time `json:"at"`
	// GapSeconds is from the finish of the deployment to At; it is negative
	// where a link names a deployment that finished later.
	GapSeconds *float64 `json:"gap_seconds"`
	// Inferred says that the policy could switch this rung off.
	Inferred bool `json:"inferred"`
}

// OutcomeOf is what became of a deployment record over several applications:
// it failed if it failed for any of them, and all evidence is told once. The
// rest is as the first application sees it.
func OutcomeOf(deployment string, parts ...Derived) Outcome {
	out, known := Outcome{Method: MethodNone, Evidence: []FailureEvidence{}}, false
	for _, d := range parts {
		one, ok := d.Outcome(deployment)
		switch {
		case !ok:
		case !known:
			out, known = one, true
		default:
			out = out.with(one)
		}
	}
	return out
}

func (o Outcome) with(other Outcome) Outcome {
	if other.Failed {
		o.Inferred = other.Inferred && (o.Inferred || !o.Failed)
		o.Failed = true
	}
	for _, e := range other.Evidence {
		if !slices.ContainsFunc(o.Evidence, func(held FailureEvidence) bool { return held.ID == e.ID && held.Rung == e.Rung }) {
			o.Evidence = append(o.Evidence, e)
		}
	}
	slices.SortStableFunc(o.Evidence, func(a, b FailureEvidence) int { return cmp.Compare(strength(b.Rung), strength(a.Rung)) })
	if len(o.Evidence) > 0 {
		o.Rung = &o.Evidence[0].Rung
	}
	return o
}

// evidenceKind is the kind of fact that tells of a failure.
func evidenceKind(rung uint8) evenkeel.Kind {
	switch rung {
	case rungRollback, rungHotfix:
		return evenkeel.KindDeployment
	case rungRevert:
		return evenkeel.KindChange
	}
	return evenkeel.KindIncident
}

// evidence lists what says that the deployment in a row failed, strongest first.
func (d Derived) evidence(at place) []FailureEvidence {
	c := &d.columns()[at.environment].deployments
	list := []FailureEvidence{}
	for _, where := range d.index().blamed[c.id[at.row]] {
		b := &d.columns()[where.environment].blames
		one := FailureEvidence{
			Rung: *rungName(b.rung[where.row]), Kind: evidenceKind(b.rung[where.row]), ID: b.by[where.row].String(),
			Inferred: b.flags[where.row]&flagInferred != 0,
		}
		if told := b.at[where.row]; told != unknown {
			when, gap := instant(told), secondsBetween(c.at[at.row], told)
			one.At, one.GapSeconds = &when, &gap
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b FailureEvidence) int { return cmp.Compare(strength(b.Rung), strength(a.Rung)) })
	return list
}

// strength is the code of a rung.
func strength(rung Rung) uint8 {
	for code := rungIncident; code <= rungPerson; code++ {
		if *rungName(code) == rung {
			return code
		}
	}
	return rungNone
}

func secondsBetween(from, to int64) float64 { return float64(to-from) / 1e6 }

// Laid is a deployment that an incident was laid to.
type Laid struct {
	// Deployment is the fact id of the deployment; nil if there is none.
	Deployment *string `json:"deployment"`
	Rung       *Rung   `json:"rung"`
	// GapSeconds is from the finish of the deployment to the incident's start;
	// nil where either is unknown.
	GapSeconds *float64 `json:"gap_seconds"`
	// Inferred is true where nearness in time is the only evidence.
	Inferred bool `json:"inferred"`
}

// Attribution says to which deployments an incident was laid, and why.
type Attribution struct {
	// Laid is the deployment from which its recovery is measured.
	Laid
	// Deployments are all of them, by fact id.
	Deployments []string `json:"deployments" nullable:"false"`
	// Unlinked says that, by the word of a person, no deployment caused it.
	Unlinked bool `json:"unlinked"`
	// Elsewhere says that, by the word of a person, a deployment of another
	// application caused it.
	Elsewhere bool `json:"elsewhere"`
	// Automatic is what the rules alone find.
	Automatic Laid `json:"automatic"`
	// RecoverySeconds is nil until the incident is restored, and where its
	// instants contradict one another.
	RecoverySeconds *float64 `json:"-"`
}

// Attribution finds to which deployments an incident, by its fact id, was
// laid. It is false for incidents that another application's deployment
// caused, unless a person says so.
func (d Derived) Attribution(incident string) (Attribution, bool) {
	if d.lookup == nil {
		return Attribution{Deployments: []string{}}, false
	}
	at, ok := d.index().incidents[parseID(incident)]
	if !ok {
		return Attribution{Deployments: []string{}}, false
	}
	c := &d.columns()[at.environment].incidents
	a := Attribution{
		Laid:            d.laid(c.deployment[at.row], c.rung[at.row], c.at[at.row]),
		Automatic:       d.laid(c.automatic[at.row], c.automaticRung[at.row], c.at[at.row]),
		Deployments:     []string{},
		Elsewhere:       c.flags[at.row]&flagElsewhere != 0,
		RecoverySeconds: secondsOf(c.recovery[at.row]),
	}
	a.Unlinked = c.rung[at.row] == rungNone && c.flags[at.row]&flagSaid != 0 && !a.Elsewhere
	for _, where := range d.index().blaming[c.id[at.row]] {
		a.Deployments = append(a.Deployments, d.columns()[where.environment].blames.id[where.row].String())
	}
	return a, true
}

func (d Derived) laid(deployment ID, rung uint8, start int64) Laid {
	if rung == rungNone {
		return Laid{}
	}
	id := deployment.String()
	l := Laid{Deployment: &id, Rung: rungName(rung), Inferred: rung == rungIncident}
	if at, ok := d.index().deployments[deployment]; ok && at.row >= 0 && start != unknown {
		gap := secondsBetween(d.columns()[at.environment].deployments.at[at.row], start)
		l.GapSeconds = &gap
	}
	return l
}

// StandsFor finds which record stands for the counted deployment that a
// record, by its fact id, is part of: itself, or the last of its group. It is
// false for records that do not count.
func (d Derived) StandsFor(deployment string) (id string, counts bool) {
	if d.lookup == nil {
		return "", false
	}
	at, ok := d.index().deployments[parseID(deployment)]
	if !ok || at.row < 0 {
		return "", false
	}
	return d.columns()[at.environment].deployments.id[at.row].String(), true
}

// IncidentTimes are when an incident's failure began, and when service was
// back after the last reopening; zero where that is not known.
func IncidentTimes(v evenkeel.Incident) (start, restored time.Time) {
	at := func(us int64) time.Time {
		if us == unknown {
			return time.Time{}
		}
		return instant(us)
	}
	return at(incidentStart(&v)), at(restoredAt(&v))
}
