package slo

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SpendBasis is how an entry's causes were found.
type SpendBasis string

// The bases.
const (
	// BasisTiming is that the excess begins when the change does.
	BasisTiming SpendBasis = "timing"
	// BasisCohort is that the cohort of the change met more than others did.
	BasisCohort SpendBasis = "cohort"
	// BasisCausedBy is that an incident was laid to the deployment.
	BasisCausedBy SpendBasis = "caused_by"
	// BasisIncident is that an incident lasted meanwhile.
	BasisIncident SpendBasis = "incident"
	// BasisStood is that incidents are what is measured.
	BasisStood SpendBasis = "stood"
)

// owner is whom a stretch is laid to; the zero value is nobody. causes are
// indices of suspects, ascending.
type owner struct {
	causes []int
	basis  SpendBasis
	// incidents overlapped the stretch, as evidence for others.
	incidents []int
	// sure is how probable it is that the causes are among those named.
	sure float64
	// shares are how much of the excess the cohorts of several causes met.
	shares []cohortShare
}

// suspects are the causes, in the order of their instants.
type suspects struct {
	*account
	policy  SpendPolicy
	causes  []Cause
	begins  []int // the slice of each cause
	byID    map[string]int
	cohorts map[string][]Cohort // by dimension
	// fades is how likely harm begins so many slices after its change, beside at
	// once.
	fades []float64
}

func newSuspects(a *account, p SpendPolicy, environment string, causes []Cause, cohorts []Cohort) *suspects {
	s := &suspects{account: a, policy: p, byID: map[string]int{}, cohorts: map[string][]Cohort{}}
	for _, c := range causes {
		if elsewhere := environment != "" && c.Environment != "" && c.Environment != environment; !elsewhere {
			s.causes = append(s.causes, c)
		}
	}
	s.fade(float64(p.HalfLife) / float64(a.step))
	slices.SortFunc(s.causes, compareCauses)
	s.join()
	for _, c := range s.causes {
		s.begins = append(s.begins, a.index(c.At))
	}
	for _, c := range cohorts {
		s.cohorts[c.Dimension] = append(s.cohorts[c.Dimension], c)
	}
	return s
}

// compareCauses orders by instant, kind and id; further members make equal ids
// of one instant come in one order too.
func compareCauses(a, b Cause) int {
	return cmp.Or(
		a.At.Compare(b.At), strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID), a.Until.Compare(b.Until), strings.Compare(a.Environment, b.Environment), strings.Compare(a.Group, b.Group),
		strings.Compare(a.CausedBy, b.CausedBy), strings.Compare(a.Dimension, b.Dimension), strings.Compare(a.Cohort, b.Cohort), strings.Compare(a.Title, b.Title),
	)
}

// join leaves out what was named before, and later records of a group. Their
// ids still lead to the cause.
func (s *suspects) join() {
	type name struct {
		kind             CauseKind
		id, group, where string
	}
	seen := map[name]int{}
	var list []Cause
	for _, c := range s.causes {
		byID, byGroup := name{kind: c.Kind, id: c.ID}, name{kind: c.Kind, group: c.Group, where: c.Environment}
		k, known := seen[byID]
		if !known && c.Group != "" {
			k, known = seen[byGroup]
		}
		if !known {
			k, list = len(list), append(list, c)
		}
		seen[byID] = k
		if c.Group != "" {
			seen[byGroup] = k
		}
		if c.Kind == CauseDeployment {
			s.byID[c.ID] = k
		}
	}
	s.causes = list
}

// lay finds the owners of stretches. One that nobody explains, that begins soon
// after another ended and is no stronger goes on with it. Incidents that were
// opened later have what no change explains.
func (s *suspects) lay(list []stretch) {
	heard := s.hear(list)
	s.weigh(heard)
	near := s.reach()
	for i := range list {
		one := &list[i]
		one.owner, one.begun = s.decide(heard[i]), one.from
		if meanwhile := s.overlapping(*one); len(one.owner.causes) == 0 && len(meanwhile) > 0 {
			one.owner = owner{causes: meanwhile, basis: BasisIncident, sure: 1}
		}
		one.owner = s.beside(one.owner, *one)
		if i > 0 && len(one.owner.causes) == 0 && one.from-list[i-1].to <= near && one.ratio <= list[i-1].ratio {
			one.owner, one.begun = list[i-1].owner, list[i-1].begun
		}
		for j := range one.inner {
			s.within(&one.inner[j], *one, heard[i])
		}
	}
}

// beside adds the incidents that lasted during a stretch to what speaks for its
// owner.
func (s *suspects) beside(o owner, one stretch) owner {
	if o.basis == BasisCausedBy {
		return o
	}
	o.incidents = nil
	for _, k := range s.overlapping(one) {
		if !slices.Contains(o.causes, k) {
			o.incidents = append(o.incidents, k)
		}
	}
	return o
}

// hear asks for each stretch who may have begun it.
func (s *suspects) hear(list []stretch) []hearing {
	heard := make([]hearing, len(list))
	for i, one := range list {
		earliest := 0
		if i > 0 {
			earliest = list[i-1].to
		}
		incidents := s.overlapping(one)
		if word := s.byWord(one, incidents); len(word.causes) > 0 {
			heard[i] = hearing{owner: word, strength: strength(one)}
			continue
		}
		heard[i] = s.byEvidence(one, earliest, s.open(one, incidents))
	}
	return heard
}

// within finds the owner of a rise within a stretch; without one it is left to
// the stretch. It is as rare by itself as what it lies in.
func (s *suspects) within(one *stretch, outer stretch, of hearing) {
	h := s.byEvidence(*one, outer.from, s.opened(*one))
	h.nobody = of.nobody
	one.owner, one.begun = s.decide(h), one.from
	if slices.Equal(one.owner.causes, outer.owner.causes) {
		one.owner = owner{}
	}
	for j := range one.inner {
		s.within(&one.inner[j], *one, of)
	}
}

// byEvidence decides by cohorts, else weighs the timing of those that cohorts do
// not acquit.
func (s *suspects) byEvidence(one stretch, earliest int, incidents []int) hearing {
	guilty, innocent := s.byCohort(one)
	if len(guilty) > 0 {
		return hearing{owner: s.split(guilty), strength: strength(one)}
	}
	return s.byTiming(one, earliest, incidents, innocent)
}

// overlapping are the incidents that lasted during a stretch.
func (s *suspects) overlapping(one stretch) (list []int) {
	from, to := s.at(one.from), s.at(one.to)
	for k, c := range s.causes {
		if !c.At.Before(to) {
			break
		}
		if c.Kind == CauseIncident && (c.Until.IsZero() || c.Until.After(from)) {
			list = append(list, k)
		}
	}
	return list
}

// opened are the incidents that were opened about when a rise began.
func (s *suspects) opened(one stretch) (list []int) {
	reach := s.reach()
	for _, k := range s.overlapping(one) {
		if s.begins[k] >= one.from-reach && s.begins[k] <= one.from+reach {
			list = append(list, k)
		}
	}
	return list
}

// open are the incidents that were opened about when a stretch began, else those
// that were open then.
func (s *suspects) open(one stretch, incidents []int) (list []int) {
	if opened := s.opened(one); len(opened) > 0 {
		return opened
	}
	for _, k := range incidents {
		if s.begins[k] < one.from {
			list = append(list, k)
		}
	}
	return list
}

// byWord lays a stretch to the deployments that its incidents were laid to, if
// these came before its end.
func (s *suspects) byWord(one stretch, incidents []int) owner {
	o := owner{basis: BasisCausedBy, sure: 1, incidents: incidents}
	for _, k := range incidents {
		if by, ok := s.byID[s.causes[k].CausedBy]; ok && s.begins[by] < one.to {
			o.causes = append(o.causes, by)
		}
	}
	slices.Sort(o.causes)
	o.causes = slices.Compact(o.causes)
	return o
}

// since is the first slice that is laid to an owner: incidents may be opened a
// while after what they are about, but not at any time.
func (s *suspects) since(o owner) (first int) {
	if o.basis != BasisIncident {
		return 0
	}
	for i, k := range o.causes {
		if begin := s.begins[k] - s.reach(); i == 0 || begin < first {
			first = begin
		}
	}
	return first
}

// until is the first slice that is no longer laid to an owner: the policy's
// horizon after the beginning for changes, the end for incidents.
func (s *suspects) until(o owner, begin int) int {
	horizon := begin + max(1, s.slices(s.policy.Horizon))
	if o.basis != BasisIncident {
		return horizon
	}
	last := 0
	for _, k := range o.causes {
		until := s.causes[k].Until
		if until.IsZero() {
			return len(s.n)
		}
		last = max(last, s.index(until.Add(s.policy.Onset+s.step-time.Nanosecond)))
	}
	return last
}
