package metrics

import (
	"cmp"
	"slices"
)

// Assisted compares the changes that are marked as written with a model's help
// with all others, apart from those that programs opened.
type Assisted struct {
	// Changes counts what shipped in the window.
	Changes int `json:"changes"`
	// Unknown counts the changes, without those of bots, of which nothing is
	// known by which they could be marked; UnknownShare is their share.
	Unknown      int      `json:"unknown"`
	UnknownShare *float64 `json:"unknown_share"`
	Bots         int      `json:"bots"`
	// Share is the assisted part of the changes that could be marked, without
	// those of bots.
	Share   Rate          `json:"share"`
	Sides   AssistedSides `json:"sides"`
	Matched Matched       `json:"matched"`
}

// AssistedSides describes both sides as they are.
type AssistedSides struct {
	Assisted AssistedSide `json:"assisted"`
	Other    AssistedSide `json:"other"`
}

// AssistedSide describes the changes of one side.
type AssistedSide struct {
	N     int      `json:"n"`
	Lead  *float64 `json:"lead_median_seconds"`
	Lines *float64 `json:"lines_median"`
	// Fail is the share whose deployment failed, Rework the share that had to
	// be done again.
	Fail   Rate `json:"fail"`
	Rework Rate `json:"rework"`
}

// Matched compares changes of one application and size class with one another.
type Matched struct {
	// Strata counts the pairs of application and size class with both sides.
	Strata    int `json:"strata"`
	AssistedN int `json:"assisted_n"`
	OtherN    int `json:"other_n"`
	// LeftOut counts the changes of either side that have no counterpart, or
	// whose size is not known.
	LeftOut int            `json:"left_out"`
	Lead    RatioResult    `json:"lead"`
	Lines   RatioResult    `json:"lines"`
	Fail    RateDifference `json:"fail"`
	Rework  RateDifference `json:"rework"`
}

// RatioResult is how many times as great the assisted side is; nil where there
// is too little to compare.
type RatioResult struct {
	Ratio   *float64 `json:"ratio"`
	Low     *float64 `json:"low"`
	High    *float64 `json:"high"`
	Verdict Contrast `json:"verdict" enum:"better,worse,higher,lower,no_clear_change,too_few"`
}

// RateDifference is the rate of the assisted side less that of the other; nil
// where there is too little to compare.
type RateDifference struct {
	Difference *float64 `json:"difference"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Verdict    Contrast `json:"verdict" enum:"better,worse,no_clear_change,too_few"`
}

// Contrast says how the assisted side stands beside the other.
type Contrast string

// The contrasts. A size is higher or lower, never better.
const (
	ContrastBetter  Contrast = "better"
	ContrastWorse   Contrast = "worse"
	ContrastHigher  Contrast = "higher"
	ContrastLower   Contrast = "lower"
	ContrastUnclear Contrast = "no_clear_change"
	ContrastTooFew  Contrast = "too_few"
)

// minSide is the least number of changes on each side that is compared.
const minSide = 10

// sizeClasses are the greatest numbers of lines of each class but the last.
func sizeClasses() []int64 { return []int64{10, 50, 200, 500} }

// markedChange is a shipped change as both sides are made of.
type markedChange struct {
	application    string
	deployment     ID
	lead, size     int64
	assisted       bool
	failed, redone bool
}

// AssistedOf compares the changes that shipped in the window, over the union
// of the rows of several applications, as Compute does.
func AssistedOf(q Query, parts ...Derived) Assisted {
	u := newUnion(q, parts)
	c, _ := u.span()
	rows := u.shipped(c)
	a := Assisted{Changes: len(rows)}
	failing := u.failing()
	var marked []markedChange
	for _, r := range rows {
		switch flags := r.part.changes.flags[r.row]; {
		case flags&flagBot != 0:
			a.Bots++
		case flags&flagMarksKnown == 0:
			a.Unknown++
		default:
			marked = append(marked, r.marked(failing))
		}
	}
	a.UnknownShare = share(a.Unknown, a.Changes-a.Bots)
	assisted, other := apart(marked)
	a.Share = rateOf(len(assisted), len(marked))
	a.Sides = AssistedSides{Assisted: sideOf(assisted), Other: sideOf(other)}
	a.Matched = match(marked)
	return a
}

// failing are the deployments that failed for any application.
func (u *union) failing() map[ID]bool {
	failing := map[ID]bool{}
	for _, p := range u.parts {
		for row, flags := range p.deployments.flags {
			if flags&flagShared != 0 && flags&flagFailed != 0 {
				failing[p.deployments.id[row]] = true
			}
		}
	}
	return failing
}

func (s shared) marked(failing map[ID]bool) markedChange {
	c := &s.part.changes
	m := markedChange{
		application: s.part.application, deployment: s.deployment(), lead: c.lead[s.row], size: c.size[s.row],
		assisted: c.flags[s.row]&flagAssisted != 0, redone: c.flags[s.row]&flagRework != 0,
	}
	m.failed = failing[m.deployment] || s.part.deployments.flags[c.deployment[s.row]]&flagFailed != 0
	return m
}

func apart(marked []markedChange) (assisted, other []markedChange) {
	for _, m := range marked {
		if m.assisted {
			assisted = append(assisted, m)
		} else {
			other = append(other, m)
		}
	}
	return assisted, other
}

func sideOf(changes []markedChange) AssistedSide {
	var lead, lines []int64
	failed, redone := 0, 0
	for _, m := range changes {
		if m.lead >= 0 {
			lead = append(lead, m.lead)
		}
		if m.size >= 0 {
			lines = append(lines, m.size*1e6)
		}
		failed, redone = failed+count(m.failed), redone+count(m.redone)
	}
	return AssistedSide{
		N: len(changes), Lead: summarise(lead).median, Lines: summarise(lines).median,
		Fail: rateOf(failed, len(changes)), Rework: rateOf(redone, len(changes)),
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// stratumKey names changes that are alike: of one application and, unless
// class is negative, of one size class.
type stratumKey struct {
	application string
	class       int
}

func (m markedChange) key(sized bool) stratumKey {
	if !sized {
		return stratumKey{m.application, none}
	}
	class, _ := slices.BinarySearch(sizeClasses(), m.size)
	return stratumKey{m.application, class}
}

// strata sorts changes into those that are alike, and keeps what has both sides.
func strata(marked []markedChange, sized bool) [][]markedChange {
	by := map[stratumKey][]markedChange{}
	for _, m := range marked {
		if m.size >= 0 || !sized {
			by[m.key(sized)] = append(by[m.key(sized)], m)
		}
	}
	keys := make([]stratumKey, 0, len(by))
	for key, list := range by {
		if assisted := slices.ContainsFunc(list, func(m markedChange) bool { return m.assisted }); assisted && slices.ContainsFunc(list, func(m markedChange) bool { return !m.assisted }) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b stratumKey) int {
		return cmp.Or(cmp.Compare(a.application, b.application), cmp.Compare(a.class, b.class))
	})
	list := make([][]markedChange, len(keys))
	for i, key := range keys {
		list[i] = by[key]
	}
	return list
}

func match(marked []markedChange) Matched {
	alike := strata(marked, true)
	m := Matched{Strata: len(alike), LeftOut: len(marked)}
	for _, one := range alike {
		for _, c := range one {
			m.AssistedN += count(c.assisted)
			m.OtherN += count(!c.assisted)
		}
	}
	m.LeftOut -= m.AssistedN + m.OtherN
	m.Lead = compareLogs(logsOf(alike, func(c markedChange) int64 { return c.lead }), ContrastBetter, ContrastWorse)
	m.Lines = compareLogs(logsOf(strata(marked, false), func(c markedChange) int64 { return c.size }), ContrastLower, ContrastHigher)
	m.Fail = compareRates(alike, func(c markedChange) bool { return c.failed })
	m.Rework = compareRates(alike, func(c markedChange) bool { return c.redone })
	return m
}
