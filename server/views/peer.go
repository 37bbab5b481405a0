package views

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Peer is our figures beside those that a peer would show on the same facts.
type Peer struct {
	metrics.PeerReport
	Scope Scope `json:"scope"`
	// TimeZone is that of our window; the peer's days are those of UTC.
	TimeZone string    `json:"time_zone"`
	AsOf     time.Time `json:"as_of"`
	// Revision is the store's revision the figures were computed at.
	Revision int64 `json:"revision"`
	// Policy is the version of our rules.
	Policy string `json:"policy"`
	// Assumptions say what is taken from where, and what cannot be known.
	Assumptions []PeerNote `json:"assumptions"`
	// Reasons explain the reasons of the lines.
	Reasons []PeerNote `json:"reasons"`
}

// PeerNote explains a reason or an assumption in a sentence.
type PeerNote struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// ComparePeer answers a question by our rules and a peer's. project holds the
// facts of the scope.
func ComparePeer(r *jobs.Results, q Question, peer metrics.Peer, project *metrics.PeerProject) (Peer, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return Peer{}, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return Peer{}, err
	}
	view := Peer{
		Scope: scopeOf(r.Catalogue, q), TimeZone: query.Policy.TimeZone, AsOf: q.Now.UTC(), Revision: r.Revision,
		Policy: r.Policy.Version, Assumptions: peerAssumptions(),
	}
	view.PeerReport, err = metrics.ComparePeer(query, project, parts...)
	view.Peer = peer
	view.Reasons = reasonsOf(view.PeerReport)
	return view, err
}

// reasonsOf explains the reasons that a report names.
func reasonsOf(report metrics.PeerReport) []PeerNote {
	used := map[string]bool{}
	mark := func(lines []metrics.PeerLine) {
		for _, line := range lines {
			used[line.Reason] = true
		}
	}
	for _, f := range report.Figures {
		mark(f.Lines)
		mark(f.Rules)
	}
	mark(report.Unknown)
	notes := []PeerNote{}
	for _, note := range PeerReasons() {
		if used[note.Code] {
			notes = append(notes, note)
			delete(used, note.Code)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(used)) { // Reasons of our own figures; docs/formulas.md lists them.
		notes = append(notes, PeerNote{code, strings.ReplaceAll(code, "_", " ")})
	}
	return notes
}

// peerAssumptions is a constant table.
func peerAssumptions() []PeerNote {
	return []PeerNote{
		{"project", "A project there is the scope asked for: all of its repositories, pipelines and boards of incidents."},
		{"environment", "Production there is what our policy takes for production: there it is a pattern on names that we cannot see. All production environments are one."},
		{"chain", "A pipeline there is the source that told of a deployment; its deployments of one repository follow one another."},
		{"start", "A deployment whose start nobody told starts when it ends."},
		{"creation", "An incident is created when it was opened; where that is not known, when it was detected. It is resolved at its resolution, not when it was mitigated."},
		{"collection", "Everything is taken to be collected: the peer loses facts before its first collection, between collections and on errors, and we cannot know which."},
		{"first_deployment", "The first deployment of a chain ships nothing, as in the peer's versions since 2026. Older ones lay all of the history to it."},
		{"days", "Days and weeks there are those of UTC, weeks begin on Monday, and only the last 400 days of a window are looked at."},
	}
}

// PeerReasons explains every reason of a line, in the order of the documentation.
func PeerReasons() []PeerNote {
	return []PeerNote{
		{metrics.PeerNoCommit, "deployments without a commit: the peer keeps a deployment by its commits"},
		{metrics.PeerOneDeployment, "deployments of one group in several applications: one deployment there"},
		{metrics.PeerGroupEnds, "groups that end in another window by the other rule"},
		{metrics.PeerOutOfScope, "facts that were not of this scope at the time"},
		{metrics.ReasonGroup, "deployments for which we count another record of their group"},
		{metrics.ReasonInFuture, "facts of the future, which we leave out"},
		{"finish_unknown", "deployments without an end"},
		{"status_unknown", "deployments without a status"},
		{metrics.PeerNoRequest, "changes without a change request: the peer counts pull requests only"},
		{metrics.PeerNotMerged, "changes that shipped by their own commits and were never merged"},
		{metrics.PeerNoMergeCommit, "changes of which no source tells the merge commit"},
		{metrics.PeerMergeUnknown, "changes whose merge commit is not in the commit graph; we found them by their own commits, by branch or by time"},
		{metrics.PeerFirstThere, "changes of the first deployment of its pipeline there"},
		{metrics.PeerByArtifact, "changes that we found through an artifact"},
		{metrics.PeerByOwnCommits, "changes that we found by their own commits or a cherry-pick, squashed or picked"},
		{metrics.PeerOtherDeployment, "rows that the peer lays to another deployment"},
		{metrics.PeerOtherWindow, "rows that are in another window by the other rule"},
		{metrics.PeerPathsOfOthers, "changes that touch only paths of other applications: the peer knows whole repositories"},
		{metrics.ReasonBefore, "changes that our baseline, the first known deployment, held"},
		{metrics.ReasonNotShipped, "changes that no deployment ships by our rules"},
		{metrics.ReasonEarlier, "changes that shipped elsewhere before"},
		{"merged_after_deployment", "changes merged after their deployment, which we leave out"},
		{"negative_lead_time", "changes that shipped before they began, which we leave out"},
		{"start_unknown", "changes of which nobody told when they began"},
		{"paths_unknown", "changes of which no paths are known, in a shared repository"},
		{metrics.PeerRoundedUp, "the same instants, with every phase rounded up to a minute"},
		{metrics.PeerPhaseSkipped, "a negative phase that the peer leaves out of the sum"},
		{metrics.PeerOtherStart, "another beginning: the peer adds phases, we measure from the first event"},
		{metrics.PeerSame, "the same on both sides"},
		{metrics.PeerNotCountedThere, "failed deployments that the peer does not count at all"},
		{metrics.PeerNotCountedHere, "failed deployments that we do not count at all"},
		{metrics.PeerNoIncident, "failures known only from a rollback, revert or hotfix: the peer knows incidents only"},
		{metrics.PeerOtherApplication, "incidents laid to a deployment of another application"},
		{metrics.PeerOtherEnvironment, "incidents of another environment than production"},
		{metrics.PeerOlder, "incidents longer after the deployment than our failure window"},
		{metrics.PeerLink, "incidents with a link to their cause, which the peer does not read"},
		{metrics.PeerSameInstant, "incidents that began as the deployment ended: the peer wants it to end before"},
		{metrics.PeerNoEarlier, "incidents without an earlier deployment in the project"},
		{metrics.PeerNoCreation, "incidents without an instant of creation"},
		{metrics.PeerUnattributed, "incidents that we lay to no deployment"},
		{metrics.ReasonUnattributed, "incidents that we lay to no deployment"},
		{metrics.PeerMitigated, "incidents that were mitigated and have no resolution: restored for us, open there"},
		{metrics.PeerResolvedElsewhere, "incidents resolved outside the window"},
		{metrics.PeerDeployedElsewhere, "incidents whose deployment ended outside the window: the peer wants both ends in it"},
		{metrics.PeerRestoredElsewhere, "incidents restored in another window by our clock"},
		{metrics.PeerNotRestored, "incidents that were opened again after their end"},
		{metrics.ReasonUnresolved, "incidents that are not restored by our rule"},
		{"failure_start_unknown", "incidents without a start"},
		{"negative_recovery_time", "incidents that ended before they began, which we leave out"},
		{metrics.PeerFromDeployment, "the clock starts when the deployment ended there, when the failure began here"},
		{metrics.PeerSeveralOnOneDay, "deployments on a day that has one already: the peer counts days"},
		{metrics.PeerWeeksWithout, "weeks without a deployment, which pull the median of weeks down"},
		{metrics.PeerWeeksCut, "weeks that the window cuts, which count as whole weeks"},
		{metrics.PeerBeyondDays, "deployments before the last 400 days of the window, which the peer does not see"},
		{metrics.PeerSeveralEnvironments, "production environments that are one environment there"},
		{"rule_source", "deployments that our policy leaves out by their source"},
		{"rule_ref", "deployments that our policy leaves out by their branch or tag"},
		{"rule_artifact_kind", "deployments that our policy leaves out by what they deliver"},
		{"laid_to_none", "incidents of which a person said that no deployment caused them"},
		{"cause_not_counted", "incidents laid to a deployment that does not count"},
		{"carried_by_others", "changes that other changes carried"},
		{"carries_artifact", "changes that only carry an artifact"},
		{"definition_changed", "changes on both sides of a change of our rules"},
		{"restored_before_deployment", "incidents restored before their deployment ended"},
		{metrics.PeerPerCommit, "policy that measures lead time per commit; compared are changes, as the peer counts them"},
		{metrics.PeerUnknownStarts, "deployments without a start, taken to start as they ended"},
	}
}
