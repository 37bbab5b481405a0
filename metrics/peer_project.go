package metrics

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// PeerProject gathers the facts of a peer's project: those of the applications
// of a scope. It keeps only what the peer would look at, so that large scopes
// fit into memory. Make one with [NewPeerProject]; it is not safe for
// concurrent use.
type PeerProject struct {
	deployments map[string]*peerDeployment // By environment and group, or by id.
	byRecord    map[ID]*peerDeployment
	// chains are the commits of production, by source and repository: the
	// peer's scope of a pipeline and its repository.
	chains    map[[2]string]map[peerCommit]peerRow
	changes   map[ID]*peerChange
	incidents map[ID]*peerIncident
	graphs    map[string]*evenkeel.Graph
	// policies are by application.
	policies     map[string]evenkeel.Policy
	environments map[string]int // Production deployments by environment.
}

// NewPeerProject is a project without applications.
func NewPeerProject() *PeerProject {
	return &PeerProject{
		deployments: map[string]*peerDeployment{}, byRecord: map[ID]*peerDeployment{}, chains: map[[2]string]map[peerCommit]peerRow{},
		changes: map[ID]*peerChange{}, incidents: map[ID]*peerIncident{}, graphs: map[string]*evenkeel.Graph{},
		policies: map[string]evenkeel.Policy{}, environments: map[string]int{},
	}
}

// peerDeployment is a deployment to production as the peer keeps it: the
// records of one id, of which each names a commit.
type peerDeployment struct {
	id       ID // Of its last record that counts there; without one, of its last.
	finished int64
	counted  bool // A record of it has a commit.
	// startless says that a record has no start.
	startless    bool
	artifact     bool
	lastFinish   int64
	applications map[string]bool
}

// peerCommit tells the rows of a chain apart.
type peerCommit struct {
	record ID
	commit string
}

// peerRow is one commit of a deployment.
type peerRow struct {
	peerCommit
	started, finished int64
	deployment        *peerDeployment
}

// peerChange is a change of any repository of the project.
type peerChange struct {
	id           ID
	repository   string
	merge        string
	number       int
	first        int64 // First commit authored.
	opened       int64
	merged       int64
	mergeInGraph bool
}

// peerIncident is an incident of any application of the project.
type peerIncident struct {
	id           ID
	created      int64
	resolved     int64
	environment  string
	reopened     bool
	told         bool // A person said what caused it, or that nothing did.
	applications map[string]bool
}

// Add takes in what is known of one application, and the policy by which its
// figures are derived.
func (p *PeerProject) Add(in Input, policy evenkeel.Policy) {
	p.policies[in.Application] = policy
	for name, g := range in.Graphs {
		if held, ok := p.graphs[name]; !ok || held == nil || (g != nil && g.Len() > held.Len()) {
			p.graphs[name] = g
		}
	}
	for i := range in.Deployments {
		p.addDeployment(in.Application, &in.Deployments[i], policy)
	}
	for i := range in.Changes {
		p.addChange(&in.Changes[i], in.Graphs)
	}
	for i := range in.Incidents {
		link, told := in.Links[in.Incidents[i].ID]
		p.addIncident(in.Application, &in.Incidents[i], told && !link.Withdrawn)
	}
}

// addDeployment keeps a successful record of production that has ended.
func (p *PeerProject) addDeployment(application string, fact *evenkeel.Fact[evenkeel.Deployment], policy evenkeel.Policy) {
	v := &fact.Value
	finished := micros(v.FinishedAt)
	environment := environmentName(v.Environment)
	if v.Status != evenkeel.StatusSuccess || finished == unknown || policy.Class(environment) != evenkeel.Production {
		return
	}
	id := parseID(fact.ID)
	key := fact.ID
	if v.Group != "" {
		key = environment + "\x1f" + v.Group
	}
	d, ok := p.deployments[key]
	if !ok {
		d = &peerDeployment{finished: unknown, lastFinish: unknown, applications: map[string]bool{}}
		p.deployments[key] = d
	}
	d.applications[application] = true
	if _, seen := p.byRecord[id]; seen {
		return
	}
	p.byRecord[id] = d
	p.environments[environment]++
	d.record(id, finished, v)
	for _, h := range recordHeads(v, nil) {
		p.addRow(fact.Source, h, peerRow{peerCommit: peerCommit{id, h.commit}, started: startOf(v, finished), finished: finished, deployment: d})
	}
}

// record takes a record in. One without a commit is no row of the peer's.
func (d *peerDeployment) record(id ID, finished int64, v *evenkeel.Deployment) {
	counts := len(recordHeads(v, nil)) > 0
	d.artifact = d.artifact || v.Artifact != ""
	d.startless = d.startless || v.StartedAt.IsZero()
	last := d.finished
	if !counts {
		last = d.lastFinish
	}
	later := finished > last || (finished == last && bytes.Compare(id[:], d.id[:]) > 0)
	if later && (counts || !d.counted) {
		d.id = id
	}
	d.lastFinish = max(d.lastFinish, finished)
	if counts {
		d.counted = true
		d.finished = max(d.finished, finished)
	}
}

// startOf is a record's start; its finish where the start is not known.
func startOf(v *evenkeel.Deployment, finished int64) int64 {
	if started := micros(v.StartedAt); started != unknown {
		return started
	}
	return finished
}

func (p *PeerProject) addRow(source string, h head, row peerRow) {
	key := [2]string{source, h.repository}
	if p.chains[key] == nil {
		p.chains[key] = map[peerCommit]peerRow{}
	}
	p.chains[key][row.peerCommit] = row
}

func (p *PeerProject) addChange(fact *evenkeel.Fact[evenkeel.Change], graphs map[string]*evenkeel.Graph) {
	v := &fact.Value
	c := &peerChange{
		id: parseID(fact.ID), repository: v.Repository, merge: v.MergeCommit, number: v.Number,
		first: unknown, opened: micros(v.OpenedAt), merged: micros(v.MergedAt),
	}
	g := graphs[v.Repository]
	for i := range v.Commits {
		at := micros(v.Commits[i].AuthoredAt)
		if at == unknown {
			at = authoredIn(g, v.Commits[i].SHA)
		}
		c.earlier(at)
	}
	if len(v.Commits) == 0 {
		c.earlier(authoredIn(g, v.Head))
	}
	p.changes[c.id] = c
}

func (c *peerChange) earlier(at int64) {
	if at != unknown && (c.first == unknown || at < c.first) {
		c.first = at
	}
}

func authoredIn(g *evenkeel.Graph, sha string) int64 {
	if g == nil || sha == "" {
		return unknown
	}
	if at, ok := g.Index(sha); ok {
		return micros(g.Authored(at))
	}
	return unknown
}

// addIncident keeps an incident. Its creation is the opening; where that is
// not known the detection.
func (p *PeerProject) addIncident(application string, fact *evenkeel.Fact[evenkeel.Incident], told bool) {
	v := &fact.Value
	id := parseID(fact.ID)
	if held, ok := p.incidents[id]; ok {
		held.applications[application] = true
		held.told = held.told || told
		return
	}
	i := &peerIncident{
		id: id, created: micros(v.OpenedAt), resolved: micros(v.ResolvedAt), environment: environmentName(v.Environment),
		reopened: restoredAt(v) == unknown, told: told, applications: map[string]bool{application: true},
	}
	if i.created == unknown {
		i.created = micros(v.DetectedAt)
	}
	p.incidents[id] = i
}

// peerFacts is a project by the peer's rules, for all time.
type peerFacts struct {
	// deployments are those that count, by finish.
	deployments []*peerDeployment
	shipped     map[ID]peerShipment // By change.
	blamed      map[ID]*peerDeployment
	first       map[peerFirst]bool
}

// peerFirst says that a deployment begins a chain of a repository.
type peerFirst struct {
	deployment *peerDeployment
	repository string
}

// settle applies the rules that depend on no window.
func (p *PeerProject) settle() *peerFacts {
	f := &peerFacts{shipped: map[ID]peerShipment{}, blamed: map[ID]*peerDeployment{}, first: map[peerFirst]bool{}}
	for _, key := range sortedKeys(p.deployments) {
		if d := p.deployments[key]; d.counted {
			f.deployments = append(f.deployments, d)
		}
	}
	slices.SortStableFunc(f.deployments, func(a, b *peerDeployment) int {
		return cmp.Or(cmp.Compare(a.finished, b.finished), a.id.compare(b.id))
	})
	p.ship(f)
	for id, i := range p.incidents {
		if d := f.before(i.created); d != nil {
			f.blamed[id] = d
		}
	}
	return f
}

// before is the last deployment that ended strictly before an instant.
func (f *peerFacts) before(at int64) *peerDeployment {
	if at == unknown {
		return nil
	}
	n, _ := slices.BinarySearchFunc(f.deployments, at, func(d *peerDeployment, at int64) int { return cmp.Compare(d.finished, at) })
	for n > 0 && f.deployments[n-1].finished >= at {
		n--
	}
	if n == 0 {
		return nil
	}
	return f.deployments[n-1]
}

// overlap says whether two sets of applications have one in common.
func overlap(a, b map[string]bool) bool {
	for id := range a {
		if b[id] {
			return true
		}
	}
	return false
}

// failureWindow is the longest failure window of some applications, in
// microseconds.
func (p *PeerProject) failureWindow(applications map[string]bool) int64 {
	longest := int64(0)
	for _, id := range slices.Sorted(maps.Keys(applications)) {
		longest = max(longest, p.policies[id].FailureWindow.Microseconds())
	}
	return longest
}
