package metrics

import (
	"fmt"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// Peer names the rules of another product, and their year.
type Peer string

// PeerDevLake2023 are the rules of Apache DevLake's DORA dashboard with its
// benchmark of 2023, as its code states them; docs/devlake.md describes them.
const PeerDevLake2023 Peer = "devlake-2023"

// Peers lists the products that figures can be compared with.
func Peers() []Peer { return []Peer{PeerDevLake2023} }

// ParsePeer reads the name of a peer; any other is ErrInvalid.
func ParsePeer(name string) (Peer, error) {
	if p := Peer(name); slices.Contains(Peers(), p) {
		return p, nil
	}
	return "", evenkeel.FieldErrors{{Field: "as", Rule: fmt.Sprintf("%q is not one of %v", name, Peers())}}
}

// PeerReport puts our figures beside those of a peer over the same facts.
type PeerReport struct {
	Peer    Peer            `json:"peer"`
	Window  evenkeel.Window `json:"window"`
	Figures []PeerFigure    `json:"figures"`
	// Unknown counts what the peer could not see, or what we cannot know of it.
	Unknown []PeerLine `json:"unknown"`
}

// PeerFigure is one figure by both rules, and what makes them differ.
type PeerFigure struct {
	Metric Metric `json:"metric"`
	// Unit is what rows are: deployments, changes, failed_deployments or incidents.
	Unit   string    `json:"unit"`
	Ours   PeerValue `json:"ours"`
	Theirs PeerValue `json:"theirs"`
	// Both counts the rows that are in both figures.
	Both int `json:"both"`
	// Lines account for the rows that only one of the figures has: ours.rows
	// less those of side "ours" and with those of side "theirs" is theirs.rows.
	Lines []PeerLine `json:"lines"`
	// Rules count what else makes the values differ. Those with side "both"
	// add up to the rows in both figures.
	Rules []PeerLine `json:"rules"`
}

// PeerValue is one figure by one set of rules. Value is nil where there is none.
type PeerValue struct {
	Value *float64 `json:"value"`
	// Unit is per_day, days_per_week, days_per_month, seconds or share.
	Unit      string `json:"unit"`
	Statistic string `json:"statistic"`
	// N is what the value rests on, Rows what the lines account for: the same,
	// but for the fail rate, of which the rows are the failed deployments.
	N    int `json:"n"`
	Rows int `json:"rows"`
	// Band is elite, high, medium or low; empty for ours and without a value.
	Band string `json:"band"`
}

// PeerSide says in whose figure the rows of a line are.
type PeerSide string

// The sides. Lines of SideRule count something else than rows.
const (
	SideOurs   PeerSide = "ours"
	SideTheirs PeerSide = "theirs"
	SideBoth   PeerSide = "both"
	SideRule   PeerSide = "rule"
)

// PeerLine is one reason why figures differ, with the rows it holds for.
type PeerLine struct {
	Reason string   `json:"reason"`
	Side   PeerSide `json:"side"`
	Count  int      `json:"count"`
	// Evidence names at most 20 of the rows.
	Evidence []PeerEvidence `json:"evidence"`
}

// PeerEvidence is a row of one of the figures, or of both.
type PeerEvidence struct {
	ID   string        `json:"id"`
	Kind evenkeel.Kind `json:"kind"`
	// Ours and Theirs are the row's values in seconds, where it has one.
	Ours   *float64 `json:"ours"`
	Theirs *float64 `json:"theirs"`
	// OurDeployment and TheirDeployment ship the change, or were blamed.
	OurDeployment   string `json:"our_deployment"`
	TheirDeployment string `json:"their_deployment"`
	// Incident is by which the deployment failed.
	Incident string `json:"incident"`
}

// Reasons for which a row is in one figure only, or is valued otherwise.
const (
	PeerNoCommit            = "no_commit"                     // The peer keeps deployments by their commits.
	PeerOneDeployment       = "one_deployment_there"          // Several of ours are one there: a group of several applications.
	PeerGroupEnds           = "group_ends_elsewhere"          // The group ends in another window there.
	PeerNoRequest           = "no_change_request"             // Only git knows the change.
	PeerNotMerged           = "not_merged"                    // It shipped by its own commits and has no merge.
	PeerNoMergeCommit       = "no_merge_commit"               // No source tells the merge commit.
	PeerMergeUnknown        = "merge_commit_unknown"          // The commit graph does not have the merge commit.
	PeerFirstThere          = "first_deployment_there"        // The deployment is the first of its chain.
	PeerByArtifact          = "deployment_by_artifact"        // Our way to the commit leads through an artifact.
	PeerByOwnCommits        = "found_by_own_commits"          // Found by its own commits or a cherry-pick.
	PeerOtherDeployment     = "other_deployment"              // Another deployment ships it, or is blamed.
	PeerOtherWindow         = "other_window"                  // It is in another window of the other figure.
	PeerPathsOfOthers       = "paths_of_others"               // It touches only paths of other applications.
	PeerOutOfScope          = "outside_scope"                 // It was nobody's of the scope at that time.
	PeerRoundedUp           = "rounded_up"                    // Every phase is rounded up to a minute.
	PeerPhaseSkipped        = "phase_skipped"                 // A negative phase is left out of the sum.
	PeerOtherStart          = "other_start"                   // It begins at another event.
	PeerSame                = "same"                          // The values are equal.
	PeerNotCountedThere     = "not_counted_there"             // The failed deployment is not counted there.
	PeerNotCountedHere      = "not_counted_here"              // The failed deployment is not counted here.
	PeerNoIncident          = "no_incident"                   // Only a rollback, revert or hotfix tells of the failure.
	PeerOtherApplication    = "incident_of_other_application" // No application of the incident is one of the deployment's.
	PeerOtherEnvironment    = "incident_of_other_environment" // The incident names another class than production.
	PeerOlder               = "older_than_window"             // The deployment is older than our failure window.
	PeerLink                = "link_not_read"                 // A link names the cause; the peer reads none.
	PeerSameInstant         = "same_instant"                  // The deployment ended when the incident began.
	PeerNoEarlier           = "no_earlier_deployment"         // No deployment of the project ended before.
	PeerNoCreation          = "creation_unknown"              // The incident has no instant of creation.
	PeerUnattributed        = "unattributed_here"             // We lay the incident to nothing.
	PeerMitigated           = "mitigated_not_resolved"        // Restored for us, not resolved.
	PeerResolvedElsewhere   = "resolved_in_other_window"
	PeerDeployedElsewhere   = "deployed_in_other_window" // The deployment ended outside the window.
	PeerRestoredElsewhere   = "restored_in_other_window"
	PeerNotRestored         = "not_restored_here"     // Reopened after its end.
	PeerFromDeployment      = "clock_from_deployment" // The clock starts with the deployment, not the failure.
	PeerSeveralOnOneDay     = "several_on_one_day"    // Only days are counted.
	PeerWeeksWithout        = "weeks_without_deployment"
	PeerWeeksCut            = "weeks_cut_by_window"     // They count as whole weeks.
	PeerBeyondDays          = "beyond_400_days"         // Deployments before the last 400 days of the window.
	PeerSeveralEnvironments = "several_environments"    // Production environments that are one there.
	PeerUnknownStarts       = "start_taken_from_finish" // Deployments without a start.
	PeerPerCommit           = "measured_per_commit"     // Our policy measures commits; changes are compared.
)

// maxEvidence is how many rows a line names.
const maxEvidence = 20

// ComparePeer answers a query by our rules and by those of a peer. The query's
// environment is ignored: the peer knows one production only. So is a unit of
// commits: the peer counts changes, and rows of one kind are compared. parts
// are what the facts of the project were derived to.
func ComparePeer(q Query, project *PeerProject, parts ...Derived) (PeerReport, error) {
	q.Environment = ""
	c := &comparison{project: project, parts: parts, perCommit: q.Policy.Unit == evenkeel.UnitCommit}
	q.Policy.Unit = evenkeel.UnitChange
	c.q = q
	c.from, c.to = micros(q.Window.From), micros(q.Window.To)
	c.there = project.settle()
	report := PeerReport{Peer: PeerDevLake2023, Window: q.Window, Figures: []PeerFigure{}}
	for _, figure := range []func() (PeerFigure, error){c.frequency, c.leadTime, c.failRate, c.recovery} {
		f, err := figure()
		if err != nil {
			return report, err
		}
		report.Figures = append(report.Figures, f)
	}
	report.Unknown = c.unknown()
	return report, nil
}
