package metrics

import "github.com/evenkeel-dev/evenkeel"

// leadTime compares change lead time: ours is of changes, theirs of merged
// change requests.
func (c *comparison) leadTime() (PeerFigure, error) {
	f := PeerFigure{Metric: MetricLeadTime, Unit: "changes"}
	ours, err := c.rows(MetricLeadTime)
	if err != nil {
		return f, err
	}
	f.Ours = ourValue(ours.explanation)
	t, both := tallyLines{}, tallyLines{}
	var leads []int64
	for id, shipped := range c.there.shipped {
		if !c.within(shipped.row.finished) {
			continue
		}
		lead, skipped := c.project.changes[id].lead(shipped.row)
		leads = append(leads, lead)
		e := PeerEvidence{ID: id.String(), Kind: evenkeel.KindChange, Theirs: signedSeconds(lead), TheirDeployment: shipped.row.deployment.id.String()}
		if row, ok := ours.included[id]; ok {
			e.Ours, e.OurDeployment = row.Value, row.Deployment
			both.add(SideBoth, c.whyOtherLead(row, shipped, lead, skipped), e)
			continue
		}
		reason, err := c.whyNotOurs(ours, MetricLeadTime, id, PeerOtherWindow)
		if err != nil {
			return f, err
		}
		if reason == PeerOutOfScope {
			reason = PeerPathsOfOthers
		}
		t.add(SideTheirs, reason, e)
	}
	for id, row := range ours.included {
		if shipped, ok := c.there.shipped[id]; !ok || !c.within(shipped.row.finished) {
			t.add(SideOurs, c.whyNoLead(id, row), PeerEvidence{ID: row.ID, Kind: evenkeel.KindChange, Ours: row.Value, OurDeployment: row.Deployment})
		}
	}
	f.Lines, f.Rules, f.Both = t.lines(), both.lines(), both.count(SideBoth)
	f.Theirs = PeerValue{Unit: "seconds", Statistic: "lower_median", N: len(leads), Rows: len(leads)}
	if m := lowerMedian(leads); m != nil {
		const day = 24 * 60 * 60
		f.Theirs.Value = signedSeconds(*m)
		f.Theirs.Band = band(*f.Theirs.Value, day, 7*day, 30*day)
	}
	return f, nil
}

// whyOtherLead says why a change that both count has another lead time there.
func (c *comparison) whyOtherLead(ours Row, there peerShipment, lead int64, skipped bool) string {
	const most = 180_000_000 // Three phases, each rounded up by less than a minute.
	ourLead := int64(*ours.Value*1e6 + 0.5)
	switch {
	case c.project.byRecord[parseID(ours.Deployment)] != there.row.deployment:
		return PeerOtherDeployment
	case lead == ourLead:
		return PeerSame
	case skipped:
		return PeerPhaseSkipped
	case lead > ourLead && lead < ourLead+most:
		return PeerRoundedUp
	}
	return PeerOtherStart
}

// whyNoLead says why a change that we count is not in the peer's figure.
func (c *comparison) whyNoLead(id ID, row Row) string {
	change, known := c.project.changes[id]
	_, shipped := c.there.shipped[id]
	deployment := c.project.byRecord[parseID(row.Deployment)]
	switch {
	case !known:
		return PeerOutOfScope
	case change.number == 0:
		return PeerNoRequest
	case change.merged == unknown:
		return PeerNotMerged
	case change.merge == "":
		return PeerNoMergeCommit
	case shipped:
		return PeerOtherWindow
	case !change.mergeInGraph:
		return PeerMergeUnknown
	case deployment == nil || !deployment.counted:
		return c.noRow(deployment)
	case c.there.first[peerFirst{deployment, change.repository}]:
		return PeerFirstThere
	}
	return PeerByOwnCommits
}

func (c *comparison) noRow(d *peerDeployment) string {
	if d != nil && d.artifact {
		return PeerByArtifact
	}
	return PeerNoCommit
}
