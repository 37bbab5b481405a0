package metrics

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// head is a commit that a rollout puts into an environment.
type head struct {
	repository, commit, ref string
	via                     via
}

// via says how a record leads to a commit.
type via uint8

const (
	viaRecord   via = iota // It names the commit.
	viaArtifact            // Its artifact was built from the commit.
	// viaCarrier: the record names the commit, of a repository that only says
	// what to run: its artifact was built from other repositories.
	viaCarrier
)

// record is one deployment fact.
type record struct {
	fact    *evenkeel.Fact[evenkeel.Deployment]
	id      ID
	at      int64 // Finish; of attempts without one, start.
	rollout *rollout
	tried   bool // It is a failed attempt.
}

// rollout is one counted deployment: a record, or the records of a group.
type rollout struct {
	stage    *stage
	row      int32
	id       ID
	started  int64
	finished int64
	shared   bool
	records  []*record // By finish, then id; the last gives id and finish.
	heads    []head

	method              uint8
	walked              uint8 // The method without that of what it shipped.
	gap                 bool  // It was found beside a gap of the graph.
	baseline            bool
	rollback, redeploy  bool
	moved               bool // What its artifact was built from is not what ran.
	rework              bool
	shipped             int32
	verdict             // What blames and near say.
	blames              []blame
	near                []nearby
	settled             bool // Its records are joined.
	rolledBack          bool // A later rollout took it back.
	explicit, described bool // A rollback by rollback_of; by change kind.
	fix                 bool // An unplanned fix by change kind.
}

// readDeployments sorts the deployment facts into counted rollouts and failed
// attempts, per environment.
func (d *derivation) readDeployments() {
	d.artifactHeads()
	d.groups = map[[2]string]*rollout{}
	for _, fact := range inOrder(d.in.Deployments, func(v *evenkeel.Deployment) time.Time { return v.FinishedAt }) {
		r := newRecord(fact)
		d.links.add(r)
		s := d.stage(fact.Value.Environment)
		if s.counts(r) {
			s.join(d.groups, r)
		}
	}
	for _, s := range d.ordered {
		s.orderRollouts()
	}
}

func newRecord(fact *evenkeel.Fact[evenkeel.Deployment]) *record {
	return &record{fact: fact, id: parseID(fact.ID), at: micros(fact.Value.FinishedAt)}
}

// counts says whether a record is a success that can be placed in time, and
// keeps or notes what is not.
func (s *stage) counts(r *record) bool {
	v := &r.fact.Value
	started := micros(v.StartedAt)
	if r.at != unknown && started > r.at {
		s.note(noteFinishBeforeStart, r.at, r.id, r.fact.Shared)
	}
	if s.ruledOut(r, max(r.at, started)) {
		return false
	}
	switch v.Status {
	case evenkeel.StatusSuccess:
		if r.at == unknown {
			s.note(noteFinishUnknown, started, r.id, r.fact.Shared)
		}
		return r.at != unknown
	case evenkeel.StatusFailure, evenkeel.StatusCancelled:
		if r.at == unknown {
			r.at = started
		}
		if r.at != unknown {
			r.tried = true
			s.attempts = put(s, s.attempts, r, compareRecords, recordAt)
		}
	case evenkeel.StatusRunning:
	default:
		s.note(noteStatusUnknown, max(r.at, started), r.id, r.fact.Shared)
	}
	return false
}

// ruledOut says whether the policy's rule keeps a record that has ended from
// counting, and notes by which member.
func (s *stage) ruledOut(r *record, at int64) bool {
	switch r.fact.Value.Status {
	case evenkeel.StatusSuccess, evenkeel.StatusFailure, evenkeel.StatusCancelled:
	default:
		return false
	}
	code := noteRuleRef
	switch s.d.policy.Deployments.DeploymentFault(r.fact.Source, &r.fact.Value) {
	case "":
		return false
	case "sources":
		code = noteRuleSource
	case "artifact_kinds":
		code = noteRuleArtifactKind
	}
	s.note(code, at, r.id, r.fact.Shared)
	return true
}

// join adds a success to its group, or makes a rollout of it.
func (s *stage) join(groups map[[2]string]*rollout, r *record) {
	group := r.fact.Value.Group
	ro, ok := groups[[2]string{s.name, group}]
	if group == "" || !ok {
		ro = &rollout{stage: s}
		s.rollouts = append(s.rollouts, ro)
	}
	if group != "" {
		groups[[2]string{s.name, group}] = ro
	}
	ro.records = append(ro.records, r)
	r.rollout = ro
}

func recordAt(r *record) int64 { return r.at }

func compareRecords(a, b *record) int {
	return cmp.Or(cmp.Compare(a.at, b.at), bytes.Compare(a.id[:], b.id[:]))
}

func (s *stage) orderRollouts() {
	for _, ro := range s.rollouts {
		slices.SortFunc(ro.records, compareRecords)
		ro.settle(s.d.artifacts)
	}
	slices.SortFunc(s.rollouts, compareRollouts)
	for i, ro := range s.rollouts {
		ro.row = int32(i)
	}
	slices.SortFunc(s.attempts, compareRecords)
}

// compareRollouts orders by finish. Of those of one instant (sources often tell
// only the second), the one that began earlier is first; then one that says it
// goes back is after what it takes back, and a commit after its ancestors. The
// id decides last.
func compareRollouts(a, b *rollout) int {
	if a.finished != b.finished {
		return cmp.Compare(a.finished, b.finished)
	}
	return cmp.Or(cmp.Compare(a.cutoff(), b.cutoff()), cmp.Compare(a.goesBack(), b.goesBack()), a.compareHeads(b), a.id.compare(b.id))
}

func (ro *rollout) goesBack() int {
	if ro.explicit || ro.described {
		return 1
	}
	return 0
}

// compareHeads orders by the first repository, then by how much of its history
// lies below the commit: commits that no graph knows are first.
func (ro *rollout) compareHeads(other *rollout) int {
	if len(ro.heads) == 0 || len(other.heads) == 0 {
		return cmp.Compare(len(ro.heads), len(other.heads))
	}
	a, b := ro.heads[0], other.heads[0]
	return cmp.Or(cmp.Compare(a.repository, b.repository), cmp.Compare(ro.depth(a), ro.depth(b)))
}

// depth is the generation of a commit; -1 is unknown.
func (ro *rollout) depth(h head) int32 {
	repo := ro.stage.d.repository(h.repository)
	if repo.graph == nil {
		return -1
	}
	at, ok := repo.graph.Index(h.commit)
	if !ok {
		return -1
	}
	return repo.generations()[at]
}

// settle joins what the records of a rollout say.
func (ro *rollout) settle(artifacts map[string][]head) {
	ro.settled = true
	last := ro.records[len(ro.records)-1]
	ro.id, ro.finished, ro.shared, ro.started = last.id, last.at, last.fact.Shared, unknown
	for _, r := range ro.records {
		v := &r.fact.Value
		if started := micros(v.StartedAt); started != unknown && started <= r.at && (ro.started == unknown || started < ro.started) {
			ro.started = started
		}
		ro.explicit = ro.explicit || v.RollbackOf != ""
		ro.described = ro.described || v.ChangeKind == evenkeel.ChangeRollback
		ro.fix = ro.fix || v.ChangeKind == evenkeel.ChangeFix
		for _, h := range recordHeads(v, artifacts) {
			if !slices.Contains(ro.heads, h) {
				ro.heads = append(ro.heads, h)
			}
		}
	}
}

// cutoff is the instant up to which merged changes can be in a rollout: its
// start where that is known, else its finish.
func (ro *rollout) cutoff() int64 {
	if ro.started != unknown {
		return ro.started
	}
	return ro.finished
}

// recordHeads are the commits a record names, by repository; an artifact
// speaks only for repositories that the record itself does not name.
func recordHeads(v *evenkeel.Deployment, artifacts map[string][]head) []head {
	byRepository := map[string]head{}
	built := false
	if v.Artifact != "" {
		for _, h := range artifacts[v.Artifact] {
			byRepository[h.repository] = h
			built = true
		}
	}
	_, source := byRepository[v.Repository]
	for repository, commit := range v.Commits {
		byRepository[repository] = head{repository: repository, commit: commit}
		source = source || repository == v.Repository
	}
	if v.Commit != "" && v.Repository != "" {
		h := head{repository: v.Repository, commit: v.Commit}
		if built && !source {
			h.via = viaCarrier
		}
		byRepository[v.Repository] = h
	}
	heads := make([]head, 0, len(byRepository))
	for repository, h := range byRepository {
		if repository == v.Repository {
			h.ref = branchName(v.Ref)
		}
		if h.commit != "" {
			heads = append(heads, h)
		}
	}
	slices.SortFunc(heads, func(a, b head) int { return cmp.Compare(a.repository, b.repository) })
	return heads
}

func branchName(ref string) string { return strings.TrimPrefix(ref, "refs/heads/") }

// artifactHeads says from which commits each artifact was built.
func (d *derivation) artifactHeads() {
	d.artifacts = make(map[string][]head, len(d.in.Artifacts))
	for _, fact := range inOrder(d.in.Artifacts, func(*evenkeel.Artifact) time.Time { return time.Time{} }) {
		d.addArtifact(fact)
	}
}

func (d *derivation) addArtifact(fact *evenkeel.Fact[evenkeel.Artifact]) {
	v := &fact.Value
	d.artifacts[v.Artifact] = append(d.artifacts[v.Artifact], head{repository: v.Repository, commit: v.Commit, via: viaArtifact})
}

// links finds deployment records by the names that other facts use.
type links struct {
	byID       map[string][]*record // External id.
	bySourceID map[string][]*record // "source/id".
	byFact     map[string]*record   // Fact id.
}

func (l *links) add(r *record) {
	if l.byID == nil {
		l.byID, l.bySourceID, l.byFact = map[string][]*record{}, map[string][]*record{}, map[string]*record{}
	}
	l.byFact[r.fact.ID] = r
	l.byID[r.fact.ExternalID] = append(l.byID[r.fact.ExternalID], r)
	full := r.fact.Source + "/" + r.fact.ExternalID
	l.bySourceID[full] = append(l.bySourceID[full], r)
}

// remove forgets a record, of which another version comes.
func (l *links) remove(r *record) {
	is := func(other *record) bool { return other == r }
	full := r.fact.Source + "/" + r.fact.ExternalID
	l.byID[r.fact.ExternalID], l.bySourceID[full] = slices.DeleteFunc(l.byID[r.fact.ExternalID], is), slices.DeleteFunc(l.bySourceID[full], is)
	delete(l.byFact, r.fact.ID)
}

// find resolves a name given by a fact of the source: an id of the same
// source, else "source/id", else an id of any one other source. ambiguous
// says that several deployments bear the name.
func (l *links) find(name, source string) (found *record, ambiguous bool) {
	var same []*record
	for _, r := range l.byID[name] {
		if r.fact.Source == source {
			same = append(same, r)
		}
	}
	for _, candidates := range [][]*record{same, l.bySourceID[name], l.byID[name]} {
		if len(candidates) > 0 {
			return candidates[0], several(candidates)
		}
	}
	return nil, false
}

// several says whether records belong to more than one counted deployment.
func several(records []*record) bool {
	for _, r := range records[1:] {
		if r.rollout == nil || r.rollout != records[0].rollout {
			return true
		}
	}
	return false
}
