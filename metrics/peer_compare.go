package metrics

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// comparison is one run of ComparePeer.
type comparison struct {
	q       Query
	project *PeerProject
	// perCommit says that our policy measures commits.
	perCommit bool
	parts     []Derived
	there     *peerFacts
	from, to  int64
	// here are our rows of the window by metric, ever those of all time.
	here, ever map[Metric]ourRows
	// ours says to which deployment we lay each incident; by is the first
	// incident of each deployment.
	ours map[ID]ourBlame
	by   map[*peerDeployment]ID
}

// ourRows are the rows behind one of our figures, by fact.
type ourRows struct {
	explanation Explanation
	included    map[ID]Row
	// excluded holds the first reason of what is left out.
	excluded map[ID]string
}

// ourBlame says to which deployment we lay an incident.
type ourBlame struct {
	deployment ID
	rung       uint8
	// attributed is false where it is known and laid to nothing.
	attributed bool
	restored   int64
}

// rows explains one of our figures, in the window or for all time.
func (c *comparison) rows(metric Metric) (ourRows, error) { return c.explained(&c.here, metric, c.q) }

func (c *comparison) allRows(metric Metric) (ourRows, error) {
	q := c.q
	q.Window = evenkeel.Window{From: time.Unix(0, 0).UTC(), To: time.Unix(0, 0).UTC().AddDate(290, 0, 0)}
	return c.explained(&c.ever, metric, q)
}

func (c *comparison) explained(held *map[Metric]ourRows, metric Metric, q Query) (ourRows, error) {
	if found, ok := (*held)[metric]; ok {
		return found, nil
	}
	e, err := Explain(q, metric, c.parts...)
	if err != nil {
		return ourRows{}, err
	}
	rows := ourRows{explanation: e, included: map[ID]Row{}, excluded: map[ID]string{}}
	for _, row := range e.Rows {
		id := parseID(row.ID)
		if row.Included {
			rows.included[id] = row
		} else if _, ok := rows.excluded[id]; !ok {
			rows.excluded[id] = row.Reason
		}
	}
	if *held == nil {
		*held = map[Metric]ourRows{}
	}
	(*held)[metric] = rows
	return rows, nil
}

// within says whether an instant lies in the window.
func (c *comparison) within(at int64) bool { return at != unknown && at >= c.from && at < c.to }

// inWindow are the peer's deployments of the window.
func (c *comparison) inWindow() map[*peerDeployment]bool {
	found := map[*peerDeployment]bool{}
	for _, d := range c.there.deployments {
		if c.within(d.finished) {
			found[d] = true
		}
	}
	return found
}

// blames lists to what we lay every incident of the parts.
func (c *comparison) blames() map[ID]ourBlame {
	if c.ours != nil {
		return c.ours
	}
	c.ours = map[ID]ourBlame{}
	for _, d := range c.parts {
		for _, e := range d.columns() {
			for row, id := range e.incidents.id {
				one := ourBlame{
					deployment: e.incidents.deployment[row], rung: e.incidents.rung[row],
					attributed: e.incidents.rung[row] != rungNone, restored: e.incidents.restored[row],
				}
				production := e.class == evenkeel.Production || !one.attributed
				if held, ok := c.ours[id]; production && (!ok || (one.attributed && (!held.attributed || one.deployment.compare(held.deployment) < 0))) {
					c.ours[id] = one
				}
			}
		}
	}
	c.by = map[*peerDeployment]ID{}
	for _, id := range peerIDs(c.ours) {
		blame := c.ours[id]
		d := c.project.byRecord[blame.deployment]
		if _, ok := c.by[d]; blame.attributed && d != nil && !ok {
			c.by[d] = id
		}
	}
	return c.ours
}

// tallyLines gathers evidence by reason and side.
type tallyLines map[peerLineKey][]PeerEvidence

type peerLineKey struct {
	side   PeerSide
	reason string
}

func (t tallyLines) add(side PeerSide, reason string, e PeerEvidence) {
	key := peerLineKey{side, reason}
	t[key] = append(t[key], e)
}

// lines lists the reasons, ours before theirs, the most frequent first.
func (t tallyLines) lines() []PeerLine {
	list := []PeerLine{}
	for key, evidence := range t {
		slices.SortFunc(evidence, func(a, b PeerEvidence) int {
			return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Incident, b.Incident))
		})
		list = append(list, PeerLine{Reason: key.reason, Side: key.side, Count: len(evidence), Evidence: evidence[:min(len(evidence), maxEvidence)]})
	}
	slices.SortFunc(list, func(a, b PeerLine) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}

// count of rows by side.
func (t tallyLines) count(side PeerSide) int {
	n := 0
	for key, evidence := range t {
		if key.side == side {
			n += len(evidence)
		}
	}
	return n
}

// ruleLine counts something that is no row.
func ruleLine(reason string, count int) []PeerLine {
	if count == 0 {
		return nil
	}
	return []PeerLine{{Reason: reason, Side: SideRule, Count: count, Evidence: []PeerEvidence{}}}
}

func deploymentEvidence(id ID) PeerEvidence {
	return PeerEvidence{ID: id.String(), Kind: evenkeel.KindDeployment}
}

// lowerMedian is the lower of the two middle values; nil without values.
func lowerMedian(values []int64) *int64 {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	return &values[(len(values)-1)/2]
}

// band names the first edge that a value keeps below, or "low".
func band(value float64, elite, high, medium float64) string {
	switch {
	case value < elite:
		return bandElite
	case value < high:
		return bandHigh
	case value < medium:
		return bandMedium
	}
	return bandLow
}

const (
	bandElite  = "elite"
	bandHigh   = "high"
	bandMedium = "medium"
	bandLow    = "low"
)

// signedSeconds turns microseconds into seconds; negative ones are kept.
func signedSeconds(us int64) *float64 {
	s := float64(us) / 1e6
	return &s
}

func peerIDs[V any](m map[ID]V) []ID { return slices.SortedFunc(maps.Keys(m), ID.compare) }

// unknown counts what the peer's rules had to be told, or what it cannot see.
func (c *comparison) unknown() []PeerLine {
	lines := []PeerLine{}
	startless := tallyLines{}
	for d := range c.inWindow() {
		if d.startless {
			startless.add(SideRule, PeerUnknownStarts, deploymentEvidence(d.id))
		}
	}
	lines = append(lines, startless.lines()...)
	if c.perCommit {
		lines = append(lines, ruleLine(PeerPerCommit, 1)...)
	}
	if n := len(c.project.environments); n > 1 {
		lines = append(lines, ruleLine(PeerSeveralEnvironments, n)...)
	}
	return lines
}
