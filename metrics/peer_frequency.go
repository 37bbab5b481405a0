package metrics

import "time"

// peerDays is how many days before the end of the window the peer looks at.
const peerDays = 400

// frequency compares deployment frequency: ours is a rate, theirs the lower
// median of the days with a deployment over weeks from Monday, in UTC.
func (c *comparison) frequency() (PeerFigure, error) {
	f := PeerFigure{Metric: MetricFrequency, Unit: "deployments"}
	ours, err := c.rows(MetricFrequency)
	if err != nil {
		return f, err
	}
	f.Ours = ourValue(ours.explanation)
	there := c.inWindow()
	t, err := c.deploymentLines(ours, there)
	if err != nil {
		return f, err
	}
	f.Lines = t.lines()
	f.Both = f.Ours.Rows - t.count(SideOurs)
	f.Theirs, f.Rules = c.days(there)
	return f, nil
}

// ourValue is one of our figures. Its rows are the included ones.
func ourValue(e Explanation) PeerValue {
	return PeerValue{Value: e.Value, Unit: e.Unit, Statistic: e.Statistic, N: e.N, Rows: e.N}
}

// deploymentLines account for deployments that only one side counts.
func (c *comparison) deploymentLines(ours ourRows, there map[*peerDeployment]bool) (tallyLines, error) {
	t := tallyLines{}
	matched := map[*peerDeployment]bool{}
	for _, id := range peerIDs(ours.included) {
		d := c.project.byRecord[id]
		switch {
		case d == nil || !d.counted:
			t.add(SideOurs, PeerNoCommit, deploymentEvidence(id))
		case !there[d]:
			t.add(SideOurs, PeerGroupEnds, deploymentEvidence(id))
		case matched[d]:
			t.add(SideOurs, PeerOneDeployment, deploymentEvidence(id))
		default:
			matched[d] = true
		}
	}
	for d := range there {
		if matched[d] {
			continue
		}
		reason, err := c.whyNotOurs(ours, MetricFrequency, d.id, PeerGroupEnds)
		if err != nil {
			return nil, err
		}
		t.add(SideTheirs, reason, deploymentEvidence(d.id))
	}
	return t, nil
}

// whyNotOurs is the reason for which a fact is not in our figure: the one that
// the figure itself gives, else elsewhere if it is counted in another window.
func (c *comparison) whyNotOurs(ours ourRows, metric Metric, id ID, elsewhere string) (string, error) {
	if reason, ok := ours.excluded[id]; ok {
		return reason, nil
	}
	ever, err := c.allRows(metric)
	if err != nil {
		return "", err
	}
	if _, ok := ever.included[id]; ok {
		return elsewhere, nil
	}
	if reason, ok := ever.excluded[id]; ok {
		return reason, nil
	}
	return PeerOutOfScope, nil
}

// days is the peer's frequency, with what its statistic leaves out.
func (c *comparison) days(there map[*peerDeployment]bool) (PeerValue, []PeerLine) {
	v := PeerValue{Unit: "days_per_week", Statistic: "lower_median_of_weeks", N: len(there), Rows: len(there)}
	deployed := map[int64]int{} // Deployments by day since 1970.
	beyond := 0
	first, last, whole := c.calendar()
	for d := range there {
		if day := dayOf(d.finished); day >= first {
			deployed[day]++
		} else {
			beyond++
		}
	}
	weeks, months := map[int64]int64{}, map[int64]int64{}
	for day := first; day <= last; day++ {
		one := int64(0)
		if deployed[day] > 0 {
			one = 1
		}
		weeks[weekOf(day)] += one
		months[monthOf(day)] += one
	}
	var rules []PeerLine
	rules = append(rules, ruleLine(PeerSeveralOnOneDay, len(there)-beyond-len(deployed))...)
	rules = append(rules, ruleLine(PeerWeeksWithout, zeros(weeks))...)
	rules = append(rules, ruleLine(PeerWeeksCut, cutWeeks(first, last, whole))...)
	rules = append(rules, ruleLine(PeerBeyondDays, beyond)...)
	if len(c.there.deployments) > 0 && last >= first {
		v.rate(*lowerMedian(values(weeks)), *lowerMedian(values(months)))
	}
	return v, orNone(rules)
}

// rate gives the bands of 2023. Below a day a week the peer shows months.
func (v *PeerValue) rate(perWeek, perMonth int64) {
	days := float64(perWeek)
	switch {
	case perWeek >= 5:
		v.Band = bandElite
	case perWeek >= 1:
		v.Band = bandHigh
	default:
		days, v.Unit, v.Statistic, v.Band = float64(perMonth), "days_per_month", "lower_median_of_months", bandLow
		if perMonth >= 1 {
			v.Band = bandMedium
		}
	}
	v.Value = &days
}

// calendar is the first and the last day that the peer looks at: those that
// the window touches, at most the last 400. whole says that the window begins
// and ends at midnight.
func (c *comparison) calendar() (first, last int64, whole [2]bool) {
	if c.from == unknown || c.to <= c.from {
		return 0, -1, whole
	}
	first, last = dayOf(c.from), dayOf(c.to-1)
	whole = [2]bool{instant(c.from).Truncate(24 * time.Hour).Equal(instant(c.from)), instant(c.to).Truncate(24 * time.Hour).Equal(instant(c.to))}
	return max(first, last-peerDays+1), last, whole
}

// cutWeeks counts the weeks of which the days are not all looked at.
func cutWeeks(first, last int64, whole [2]bool) int {
	if last < first {
		return 0
	}
	begins, ends := weekOf(first) != first || !whole[0], weekOf(last+1) != last+1 || !whole[1]
	n := 0
	if begins {
		n++
	}
	if ends && (!begins || weekOf(first) != weekOf(last)) {
		n++
	}
	return n
}

const dayMicros = int64(24 * time.Hour / time.Microsecond)

// dayOf counts days since 1970 in UTC.
func dayOf(us int64) int64 {
	day := us / dayMicros
	if us%dayMicros < 0 {
		day--
	}
	return day
}

// weekOf is the Monday of a day; 1 January 1970 was a Thursday.
func weekOf(day int64) int64 { return day - ((day+3)%7+7)%7 }

func monthOf(day int64) int64 {
	t := time.Unix(day*24*60*60, 0).UTC()
	return int64(t.Year())*12 + int64(t.Month())
}

func zeros(m map[int64]int64) int {
	n := 0
	for _, v := range m {
		if v == 0 {
			n++
		}
	}
	return n
}

func values(m map[int64]int64) []int64 {
	list := make([]int64, 0, len(m))
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

func orNone(lines []PeerLine) []PeerLine {
	if lines == nil {
		return []PeerLine{}
	}
	return lines
}
