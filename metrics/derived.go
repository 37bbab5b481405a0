package metrics

import (
	"math"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// EngineVersion names the rules of this package and the layout of its packed
// segments. It changes whenever either does; results of another version must
// be derived anew.
const EngineVersion = "metrics-6"

// Derived is what Derive settled for one application: columns per
// environment, sorted by time. It is immutable and safe for concurrent use.
// The zero value holds nothing.
type Derived struct {
	// Application is the application's id.
	Application string

	environments []*environment // By name; see columns.
	monthly      *monthly       // In place of environments, unless nil.
	lookup       *lookup
}

// environment holds the columns of one environment of one application.
type environment struct {
	name        string
	class       evenkeel.EnvironmentClass
	deployments deployments
	attempts    attempts
	changes     changes
	commits     commits
	incidents   incidents
	recoveries  recoveries
	notes       notes
	// unshipped are changes that no deployment of a production environment
	// ships: not yet, or because its baseline held them.
	unshipped notes
	reversals reversals
	blames    blames
	// open and builds are of no environment; the unnamed one holds them.
	open   open
	builds builds
	// known says that a deployment was counted which is not among the rows.
	known bool
}

// deployed says that a counted deployment is known, whenever it was.
func (e *environment) deployed() bool { return e.known || len(e.deployments.id) > 0 }

// unknown stands for a missing instant; instants are Unix microseconds.
const unknown = math.MinInt64

// none stands for a missing duration; durations are microseconds, never negative.
const none = -1

// Flags of rows.
const (
	flagShared   uint16 = 1 << iota // The fact belongs to several applications.
	flagRepeat                      // Another environment of the class shipped it earlier.
	flagRollback                    // The deployment takes an earlier one back.
	flagRedeploy                    // The deployment runs what ran already.
	flagBaseline                    // The deployment is the first known one of its repositories.
	flagFailed
	flagInferred // Failed only by rollback, revert or hotfix.
	flagRework
	flagUnplaced   // Of notes: an incident that names no environment.
	flagEvident    // Of failed deployments: by more than nearness in time.
	flagMarksKnown // Of changes: it is known whether marks are there.
	flagAssisted   // The change is marked as written with a model's help.
	flagBot        // The change is marked as opened by a program.
	flagRerun      // Of builds: it was run again.
	flagSaid       // Of incidents: a person said what caused it.
	flagElsewhere  // Of incidents: by that word, another application's deployment did.
)

// flagGap says of deployments and of what they ship that it was found beside a
// gap of the commit graph. The bit means something else in notes only.
const flagGap = flagUnplaced

// deployments are the counted deployments by finish, then id.
type deployments struct {
	id      []ID
	at      []int64
	flags   []uint16
	rung    []uint8
	method  []uint8
	shipped []int32
	// nearGap is the least time from the finish to an incident that comes
	// nearest after it, whatever the failure window; none without one.
	nearGap  []int64
	records  []ID    // Records of groups other than the one that gives the id,
	recordOf []int32 // and the row each belongs to, ascending.
}

// attempts are deployment records that failed or were cancelled.
type attempts struct {
	id    []ID
	at    []int64
	flags []uint16
}

// changes are shipped changes by shipment.
type changes struct {
	id         []ID
	at         []int64
	deployment []int32
	flags      []uint16
	method     []uint8
	lead       []int64
	phases     [phaseCount][]int64
	// buildRun and deployRun are the parts of the phases build and deploy in
	// which something ran; none where unknown.
	buildRun, deployRun []int64
	// size counts the lines added and deleted; none where unknown.
	size []int64
	// begun is the first commit or the opening, whichever is earlier.
	begun []int64
}

// commits are shipped commits by shipment; the id is the start of the commit id.
type commits struct {
	id         []ID
	at         []int64
	deployment []int32
	flags      []uint16
	lead       []int64
}

// incidents are by start; those laid to a deployment are in its environment.
type incidents struct {
	id         []ID
	at         []int64
	flags      []uint16
	rung       []uint8 // 0: laid to no deployment.
	deployment []ID
	restored   []int64
	recovery   []int64
	// automatic and automaticRung are what the rules alone find.
	automatic     []ID
	automaticRung []uint8
}

// recoveries are repaired failures by the instant of repair: incidents, and
// failures known only from their repair (of which the start is unknown).
type recoveries struct {
	id             []ID
	at             []int64
	flags          []uint16
	recovery       []int64
	fromDeployment []int64
}

// notes are exclusions and anomalies; an unknown instant comes first and
// belongs to every window.
type notes struct {
	at    []int64
	code  []uint8
	flags []uint16
	id    []ID
}

// reversals say which deployment took which back, by the finish of the former.
type reversals struct {
	at     []int64
	by, id []ID
}

// blames are the evidence by which deployments failed, by its instant: the
// start of an incident, the finish of a repair. id is the deployment and by
// the fact that tells: an incident, the deployment that repaired it, or the
// change that reverted what it shipped. Every deployment that an incident was
// laid to has one.
type blames struct {
	at     []int64
	by, id []ID
	rung   []uint8
	flags  []uint16
}

// open are changes that no deployment of a production environment shipped, by
// their beginning.
type open struct {
	id             []ID
	at             []int64
	merged, closed []int64 // Unknown where it is neither.
	flags          []uint16
	size           []int64
}

// builds are runs of a pipeline on a commit by finish; repeated attempts are
// one run.
type builds struct {
	id        []ID
	at        []int64
	flags     []uint16
	wait, run []int64
}

// Rung names the evidence by which a deployment counts as failed.
type Rung string

// The rungs, strongest first.
const (
	RungPerson   Rung = "person"
	RungExplicit Rung = "explicit"
	RungRollback Rung = "rollback"
	RungRevert   Rung = "revert"
	RungHotfix   Rung = "hotfix"
	RungIncident Rung = "incident"
)

// Codes of rungs in columns; the greatest is the strongest.
const (
	rungNone uint8 = iota
	rungIncident
	rungHotfix
	rungRevert
	rungRollback
	rungExplicit
	rungPerson
)

func rungName(code uint8) *Rung {
	names := [...]Rung{rungIncident: RungIncident, rungHotfix: RungHotfix, rungRevert: RungRevert, rungRollback: RungRollback, rungExplicit: RungExplicit, rungPerson: RungPerson}
	if code == rungNone || int(code) >= len(names) {
		return nil
	}
	return &names[code]
}

// Outcome is what became of one deployment record.
type Outcome struct {
	// Counted is false for failed attempts.
	Counted bool `json:"counted"`
	Failed  bool `json:"failed"`
	// Rung is the strongest evidence of the failure; nil if it did not fail.
	Rung *Rung `json:"rung"`
	// Evidence is all that says that it failed, strongest first.
	Evidence []FailureEvidence `json:"evidence" nullable:"false"`
	// Inferred says that only a rollback, revert or hotfix tells of the failure.
	Inferred     bool `json:"inferred"`
	Rework       bool `json:"rework"`
	Baseline     bool `json:"baseline"`
	Rollback     bool `json:"rollback"`
	Redeployment bool `json:"redeployment"`
	// Changes is how many changes it shipped.
	Changes int    `json:"changes"`
	Method  Method `json:"method"`
	// Confidence is empty where the method is none.
	Confidence Confidence `json:"confidence"`
}

// Shipment says when a change first reached an environment.
type Shipment struct {
	// Deployment is the fact id of the deployment.
	Deployment string    `json:"deployment"`
	At         time.Time `json:"at"`
	// LeadSeconds is nil where the change is excluded from lead time.
	LeadSeconds *float64 `json:"lead_seconds"`
	// Method is how it was found, Confidence how sure that is.
	Method     Method     `json:"method"`
	Confidence Confidence `json:"confidence"`
}

// Outcome finds what became of a deployment record by its fact id. It is
// false for records that neither count nor failed.
func (d Derived) Outcome(deployment string) (Outcome, bool) {
	if d.lookup == nil {
		return Outcome{}, false
	}
	at, ok := d.index().deployments[parseID(deployment)]
	if !ok {
		return Outcome{}, false
	}
	if at.row < 0 {
		return Outcome{Method: MethodNone, Evidence: []FailureEvidence{}}, true
	}
	c := &d.columns()[at.environment].deployments
	f := c.flags[at.row]
	return Outcome{
		Counted: true, Failed: f&flagFailed != 0, Rung: rungName(c.rung[at.row]), Inferred: f&flagInferred != 0,
		Rework: f&flagRework != 0, Baseline: f&flagBaseline != 0, Rollback: f&flagRollback != 0, Redeployment: f&flagRedeploy != 0,
		Changes: int(c.shipped[at.row]), Method: methodName(c.method[at.row]), Confidence: confidence(c.method[at.row], f), Evidence: d.evidence(at),
	}, true
}

// Shipment finds when a change, by its fact id, first reached an environment
// or class (empty: production).
func (d Derived) Shipment(change, environment string) (Shipment, bool) {
	if d.lookup == nil {
		return Shipment{}, false
	}
	fits := scopeOf(environment)
	var best Shipment
	for _, at := range d.index().changes[parseID(change)] {
		e := d.columns()[at.environment]
		shipped := instant(e.changes.at[at.row])
		if !fits.environment(e) || (best.Deployment != "" && !shipped.Before(best.At)) {
			continue
		}
		best = Shipment{
			Deployment: e.deployments.id[e.changes.deployment[at.row]].String(), At: shipped, LeadSeconds: secondsOf(e.changes.lead[at.row]),
			Method: methodName(e.changes.method[at.row]), Confidence: confidence(e.changes.method[at.row], e.changes.flags[at.row]),
		}
	}
	return best, best.Deployment != ""
}

// place is a row of an environment.
type place struct{ environment, row int32 }

// lookup finds rows by fact id; it is built when it is first needed.
type lookup struct {
	once        sync.Once
	deployments map[ID]place // Row -1: a failed attempt.
	changes     map[ID][]place
	incidents   map[ID]place
	// blamed and blaming are rows of blames by deployment and by what tells.
	blamed, blaming map[ID][]place

	sorting sync.Once
	sorted  []picked // By environment.
}

func (d Derived) index() *lookup {
	d.lookup.once.Do(func() {
		l := d.lookup
		l.deployments, l.changes, l.incidents = map[ID]place{}, map[ID][]place{}, map[ID]place{}
		l.blamed, l.blaming = map[ID][]place{}, map[ID][]place{}
		for i, e := range d.columns() {
			l.add(int32(i), e)
		}
	})
	return d.lookup
}

func (l *lookup) add(i int32, e *environment) {
	for _, id := range e.attempts.id {
		l.deployments[id] = place{i, -1}
	}
	for row, id := range e.deployments.id {
		l.deployments[id] = place{i, int32(row)}
	}
	for n, id := range e.deployments.records {
		l.deployments[id] = place{i, e.deployments.recordOf[n]}
	}
	for row, id := range e.changes.id {
		l.changes[id] = append(l.changes[id], place{i, int32(row)})
	}
	for row, id := range e.incidents.id {
		l.incidents[id] = place{i, int32(row)}
	}
	for row, id := range e.blames.id {
		at, by := place{i, int32(row)}, e.blames.by[row]
		l.blamed[id], l.blaming[by] = append(l.blamed[id], at), append(l.blaming[by], at)
	}
}

// micros is an instant in Unix microseconds. Instants outside the years 1 to
// 9999 are moved to their edge, so that differences do not overflow.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return unknown
	}
	return max(minMicros, min(maxMicros, clampedMicros(t)))
}

const (
	minMicros = -62135596800000000 // The year 1.
	maxMicros = 253402300799999999 // The end of the year 9999.
)

func clampedMicros(t time.Time) int64 {
	switch {
	case t.Year() < 1:
		return minMicros
	case t.Year() > 9999:
		return maxMicros
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

// secondsOf turns microseconds into seconds; a missing duration is nil.
func secondsOf(us int64) *float64 {
	if us < 0 {
		return nil
	}
	s := float64(us) / 1e6
	return &s
}
