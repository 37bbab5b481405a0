package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// failRate compares the change fail rate. Its rows are failed deployments.
func (c *comparison) failRate() (PeerFigure, error) {
	f := PeerFigure{Metric: MetricFailRate, Unit: "failed_deployments"}
	ours, err := c.rows(MetricFailRate)
	if err != nil {
		return f, err
	}
	there := c.inWindow()
	failed := c.failedThere(there)
	f.Ours = ourValue(ours.explanation)
	f.Ours.Rows = 0
	counted, matched := map[*peerDeployment]bool{}, map[*peerDeployment]bool{}
	t := tallyLines{}
	for _, id := range peerIDs(ours.included) {
		d := c.project.byRecord[id]
		counted[d] = true
		if *ours.included[id].Value == 0 {
			continue
		}
		f.Ours.Rows++
		switch {
		case d == nil || !there[d]:
			t.add(SideOurs, PeerNotCountedThere, deploymentEvidence(id))
		case matched[d]:
			t.add(SideOurs, PeerOneDeployment, deploymentEvidence(id))
		case failed[d] != nil:
			matched[d] = true
		default:
			reason, e := c.whyNotFailedThere(id)
			t.add(SideOurs, reason, e)
		}
	}
	for d, incidents := range failed {
		if matched[d] {
			continue
		}
		e := PeerEvidence{ID: d.id.String(), Kind: evenkeel.KindDeployment, TheirDeployment: d.id.String(), Incident: incidents[0].String()}
		reason := PeerNotCountedHere
		if counted[d] {
			reason = c.whyBlamed(incidents[0], d)
		}
		if blame, ok := c.blames()[incidents[0]]; ok && blame.attributed {
			e.OurDeployment = blame.deployment.String()
		}
		t.add(SideTheirs, reason, e)
	}
	f.Lines, f.Rules, f.Both = t.lines(), c.incidentLines(failed), len(matched)
	f.Theirs = PeerValue{Unit: "share", Statistic: "share", N: len(there), Rows: len(failed), Value: share(len(failed), len(there))}
	if v := f.Theirs.Value; v != nil {
		f.Theirs.Band = shareBand(*v)
	}
	return f, nil
}

// shareBand has edges that belong to the better band.
func shareBand(v float64) string {
	for i, edge := range [3]float64{0.05, 0.10, 0.15} {
		if v <= edge {
			return [3]string{bandElite, bandHigh, bandMedium}[i]
		}
	}
	return bandLow
}

// failedThere are the deployments that the peer lays an incident to, with the
// incidents by creation.
func (c *comparison) failedThere(there map[*peerDeployment]bool) map[*peerDeployment][]ID {
	failed := map[*peerDeployment][]ID{}
	for _, id := range peerIDs(c.there.blamed) {
		if d := c.there.blamed[id]; there[d] {
			failed[d] = append(failed[d], id)
		}
	}
	for _, incidents := range failed {
		slices.SortStableFunc(incidents, func(a, b ID) int {
			return compareInstants(c.project.incidents[a].created, c.project.incidents[b].created)
		})
	}
	return failed
}

func compareInstants(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// whyNotFailedThere says why the peer sees no failure in a deployment of ours.
func (c *comparison) whyNotFailedThere(id ID) (string, PeerEvidence) {
	e := deploymentEvidence(id)
	e.OurDeployment = e.ID
	d := c.project.byRecord[id]
	c.blames()
	incident, ok := c.by[d]
	if !ok {
		return PeerNoIncident, e
	}
	e.Incident = incident.String()
	if other := c.there.blamed[incident]; other != nil {
		e.TheirDeployment = other.id.String()
	}
	return c.whyNotBlamed(incident, d), e
}

// whyNotBlamed says why the peer does not lay an incident to the deployment
// that we lay it to.
func (c *comparison) whyNotBlamed(incident ID, ours *peerDeployment) string {
	i, known := c.project.incidents[incident]
	other := c.there.blamed[incident]
	blame := c.blames()[incident]
	switch {
	case !known:
		return PeerOutOfScope
	case i.created == unknown:
		return PeerNoCreation
	case blame.rung == rungExplicit:
		return PeerLink
	case ours != nil && i.created == ours.finished:
		return PeerSameInstant
	case other == nil:
		return PeerNoEarlier
	case !overlap(other.applications, i.applications):
		return PeerOtherApplication
	}
	return PeerOtherDeployment
}

// whyBlamed says why we do not lay an incident to the deployment that the peer
// lays it to.
func (c *comparison) whyBlamed(incident ID, there *peerDeployment) string {
	i := c.project.incidents[incident]
	blame, known := c.blames()[incident]
	switch {
	case i.told:
		return PeerLink
	case known && blame.attributed && blame.rung == rungExplicit && c.project.byRecord[blame.deployment] != there:
		return PeerLink
	case !overlap(there.applications, i.applications):
		return PeerOtherApplication
	case c.elsewhere(i):
		return PeerOtherEnvironment
	case known && blame.attributed && c.project.byRecord[blame.deployment] != there:
		return PeerOtherDeployment
	case i.created-there.finished > c.project.failureWindow(i.applications):
		return PeerOlder
	case !known:
		return PeerLink // A link names a deployment of another application.
	}
	return PeerUnattributed
}

// elsewhere says that an incident names an environment that is of another
// class than production for each of its applications.
func (c *comparison) elsewhere(i *peerIncident) bool {
	if i.environment == "" {
		return false
	}
	if class, ok := classNamed(i.environment); ok {
		return class != evenkeel.Production
	}
	for application := range i.applications {
		if c.project.policies[application].Class(i.environment) == evenkeel.Production {
			return false
		}
	}
	return true
}

// incidentLines count the incidents of the peer's failures by what we say of
// them.
func (c *comparison) incidentLines(failed map[*peerDeployment][]ID) []PeerLine {
	t := tallyLines{}
	for d, incidents := range failed {
		for _, id := range incidents {
			e := PeerEvidence{ID: id.String(), Kind: evenkeel.KindIncident, TheirDeployment: d.id.String(), Incident: id.String()}
			blame, ok := c.blames()[id]
			if ok && blame.attributed {
				e.OurDeployment = blame.deployment.String()
			}
			reason := PeerSame
			if !ok || !blame.attributed || c.project.byRecord[blame.deployment] != d {
				reason = c.whyBlamed(id, d)
			}
			t.add(SideRule, reason, e)
		}
	}
	return t.lines()
}

// recovery compares recovery times. Theirs run from the end of the deployment
// that the peer blames, and need both ends in the window.
func (c *comparison) recovery() (PeerFigure, error) {
	f := PeerFigure{Metric: MetricRecovery, Unit: "incidents"}
	ours, err := c.rows(MetricRecovery)
	if err != nil {
		return f, err
	}
	f.Ours = ourValue(ours.explanation)
	t, both := tallyLines{}, tallyLines{}
	var times []int64
	for id, d := range c.there.blamed {
		i := c.project.incidents[id]
		if !c.within(i.resolved) || !c.within(d.finished) {
			continue
		}
		times = append(times, i.resolved-d.finished)
		e := PeerEvidence{ID: id.String(), Kind: evenkeel.KindIncident, Incident: id.String(), Theirs: signedSeconds(i.resolved - d.finished), TheirDeployment: d.id.String()}
		row, counted := ours.included[id]
		if counted {
			e.Ours, e.OurDeployment = row.Value, row.Deployment
			both.add(SideBoth, c.whyOtherRecovery(row, d, i.resolved-d.finished), e)
			continue
		}
		reason, err := c.whyNoRecovery(ours, id, d)
		if err != nil {
			return f, err
		}
		t.add(SideTheirs, reason, e)
	}
	for id, row := range ours.included {
		if reason := c.whyNoRecoveryThere(id, row); reason != "" {
			e := PeerEvidence{ID: row.ID, Kind: row.Kind, Incident: row.ID, Ours: row.Value, OurDeployment: row.Deployment}
			if d := c.there.blamed[id]; d != nil {
				e.TheirDeployment = d.id.String()
			}
			t.add(SideOurs, reason, e)
		}
	}
	f.Lines, f.Rules, f.Both = t.lines(), both.lines(), both.count(SideBoth)
	f.Theirs = PeerValue{Unit: "seconds", Statistic: "lower_median", N: len(times), Rows: len(times)}
	if m := lowerMedian(times); m != nil {
		const hour = 60 * 60
		f.Theirs.Value = signedSeconds(*m)
		f.Theirs.Band = band(*f.Theirs.Value, hour, 24*hour, 7*24*hour)
	}
	return f, nil
}

func (c *comparison) whyOtherRecovery(ours Row, there *peerDeployment, theirs int64) string {
	switch {
	case c.project.byRecord[parseID(ours.Deployment)] != there:
		return PeerOtherDeployment
	case int64(*ours.Value*1e6+0.5) == theirs:
		return PeerSame
	}
	return PeerFromDeployment
}

// whyNoRecovery says why an incident of the peer's figure is not in ours.
func (c *comparison) whyNoRecovery(ours ourRows, id ID, there *peerDeployment) (string, error) {
	blame, known := c.blames()[id]
	if !known || !blame.attributed {
		return c.whyBlamed(id, there), nil
	}
	if c.project.incidents[id].reopened {
		return PeerNotRestored, nil
	}
	return c.whyNotOurs(ours, MetricRecovery, id, PeerRestoredElsewhere)
}

// whyNoRecoveryThere says why an incident of our figure is not in the peer's;
// empty if it is.
func (c *comparison) whyNoRecoveryThere(id ID, row Row) string {
	i, known := c.project.incidents[id]
	d := c.there.blamed[id]
	switch {
	case row.Kind == evenkeel.KindDeployment:
		return PeerNoIncident
	case !known:
		return PeerOutOfScope
	case d == nil:
		return c.whyNotBlamed(id, c.project.byRecord[parseID(row.Deployment)])
	case i.resolved == unknown:
		return PeerMitigated
	case !c.within(i.resolved):
		return PeerResolvedElsewhere
	case !c.within(d.finished):
		return PeerDeployedElsewhere
	}
	return ""
}
