package connectors

import (
	"cmp"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// gitTranslation turns a history into events.
type gitTranslation struct {
	plan    gitPlan
	trunk   gitTrunk // The branch that changes are merged to.
	history *gitHistory
	changes []gitMerge
	ships   []gitShip
	kept    []bool // Commits that are handed over; nil is all.
	summary GitSummary
}

// gitShip is one deployment.
type gitShip struct {
	name    string // Its own name: "tag:v1.2.3".
	ref     string
	version string
	at      int64
	commit  int32
}

func newGitTranslation(p gitPlan, branch string) *gitTranslation {
	branch = gitText(branch)
	return &gitTranslation{plan: p, trunk: gitTrunk{p.origin, branch}, summary: GitSummary{Repository: p.Repository, Branch: branch}}
}

// tags reads the tags whose names match the plan.
func (t *gitTranslation) tags(r io.Reader) (tags []gitTag, err error) {
	err = readGitTags(r, func(tag gitTag) error {
		if t.plan.pattern.MatchString(tag.name) {
			tags = append(tags, tag)
		}
		return nil
	})
	return tags, err
}

// digest finds changes and deployments, and what Since leaves out.
func (t *gitTranslation) digest(tip, flowTip string, tags []gitTag) error {
	at, err := t.history.tip(tip)
	if err != nil {
		return err
	}
	t.changes = t.history.changes(t.history.mainline(at, t.trunk), t.trunk)
	switch {
	case t.plan.merges():
		t.shipMerges()
	case t.plan.flow != "":
		if at, err = t.history.tip(flowTip); err != nil {
			return err
		}
		t.shipStates(at)
	default:
		t.shipTags(tags)
	}
	slices.SortFunc(t.ships, func(a, b gitShip) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.name, b.name))
	})
	if !t.plan.Since.IsZero() {
		t.leaveOut(t.plan.Since.Unix())
	}
	return nil
}

func (t *gitTranslation) shipTags(tags []gitTag) {
	for _, tag := range tags {
		reason := usableGitTag(tag)
		at := t.history.find(tag.target)
		if reason == "" && at < 0 {
			reason = "tag: its commit could not be read"
		}
		if reason != "" {
			t.summary.skip(reason, tag.name)
			continue
		}
		t.ships = append(t.ships, gitShip{name: "tag:" + tag.name, ref: tag.name, version: gitVersionOf(tag.name), at: tag.at, commit: at})
	}
}

func (t *gitTranslation) shipMerges() {
	for _, m := range t.changes {
		if m.number > 0 || t.history.commits[m.at].merge() {
			t.shipCommit("merge:", t.trunk.branch, m.at)
		}
	}
}

func (t *gitTranslation) shipStates(tip int32) {
	for _, at := range t.history.mainline(tip, gitTrunk{t.plan.origin, t.plan.flow}) {
		t.shipCommit("branch:"+t.plan.flow+":", t.plan.flow, at)
	}
}

func (t *gitTranslation) shipCommit(prefix, ref string, at int32) {
	c := &t.history.commits[at]
	if c.committed == 0 {
		t.summary.skip("deployment: the date of its commit is missing or outside the years 1970 to 2261", c.sha.Hex())
		return
	}
	t.ships = append(t.ships, gitShip{name: prefix + c.sha.Hex(), ref: ref, at: c.committed, commit: at})
}

// leaveOut drops deployments before since, but for the last, and the commits
// that those deployments had shipped. Without deployments before since it
// drops commits by their date.
func (t *gitTranslation) leaveOut(since int64) {
	from, _ := slices.BinarySearchFunc(t.ships, since, func(s gitShip, since int64) int { return cmp.Compare(s.at, since) })
	marks := make([]int32, len(t.history.commits))
	for _, s := range t.ships[:from] {
		t.history.spread(marks, 1, s.commit)
	}
	t.kept = make([]bool, len(t.history.commits))
	for i := range t.history.commits {
		t.kept[i] = t.history.commits[i].dated() >= since || from > 0 && marks[i] == 0
	}
	if from > 0 {
		t.ships = t.ships[from-1:]
		t.kept[t.ships[0].commit] = true
	}
}

// keeps says that a commit and its change are handed over: Since does not
// leave it out, and it has a usable date.
func (t *gitTranslation) keeps(at int32) bool {
	return (t.kept == nil || t.kept[at]) && t.history.commits[at].dated() != 0
}

// total is the number of events that events will emit, or a little more.
func (t *gitTranslation) total() int {
	total := len(t.ships)
	for i := range t.history.commits {
		if t.keeps(int32(i)) {
			total++
		}
	}
	for _, m := range t.changes {
		if t.keeps(m.at) {
			total++
		}
	}
	return total
}

// events emits every event and counts it. Events that break a rule of the
// facts are left out and counted too.
func (t *gitTranslation) events(emit func(evenkeel.Event) error) error {
	for i := range slices.Backward(t.history.commits) {
		t.noteDates(int32(i))
		if !t.keeps(int32(i)) {
			continue
		}
		if err := t.emit(t.commitEvent(int32(i)), &t.summary.Commits, emit); err != nil {
			return err
		}
	}
	for _, m := range t.changes {
		if !t.keeps(m.at) {
			continue
		}
		t.noteChange(m)
		if err := t.emit(t.changeEvent(m), &t.summary.Changes, emit); err != nil {
			return err
		}
	}
	for _, s := range t.ships {
		if err := t.emit(t.deploymentEvent(s), &t.summary.Deployments, emit); err != nil {
			return err
		}
	}
	return nil
}

func (t *gitTranslation) emit(e evenkeel.Event, count *int, emit func(evenkeel.Event) error) error {
	if err := e.Validate(); err != nil {
		t.summary.skip(string(e.Kind)+": "+gitShort(err.Error()), e.ID)
		return nil
	}
	*count++
	return emit(e)
}

// noteDates counts dates that are left unknown.
func (t *gitTranslation) noteDates(at int32) {
	c := &t.history.commits[at]
	if t.kept != nil && !t.kept[at] {
		return
	}
	const outside = "is missing or outside the years 1970 to 2261"
	switch {
	case c.dated() == 0:
		t.summary.skip("commit: left out because every date "+outside, c.sha.Hex())
	case c.committed == 0:
		t.summary.skip("commit: its author date stands in because its committer date "+outside, c.sha.Hex())
	case c.authored == 0:
		t.summary.skip("commit: its author date is unknown because it "+outside, c.sha.Hex())
	}
}

func (t *gitTranslation) noteChange(m gitMerge) {
	sha := t.history.commits[m.at].sha.Hex()
	if m.uncertain {
		t.summary.skip("change: its commits are unknown because the clone lacks older history", sha)
	}
	if m.cut {
		t.summary.skip("change: only the first "+strconv.Itoa(gitMaxChangeCommits)+" of its commits are named", sha)
	}
}

// fact is the frame of every event. What git knows of a fact it knows since
// the fact's own date, so that an import says the same at any time.
func (t *gitTranslation) fact(id string, at int64, payload evenkeel.Payload) evenkeel.Event {
	return evenkeel.Event{Kind: payload.Kind(), ID: id, Source: t.plan.source, ObservedAt: gitInstant(at), Payload: payload}
}

func (t *gitTranslation) commitEvent(at int32) evenkeel.Event {
	c := &t.history.commits[at]
	parents := make([]string, len(c.parents))
	for i, parent := range c.parents {
		parents[i] = parent.Hex()
	}
	sha := c.sha.Hex()
	return t.fact(sha, c.dated(), &evenkeel.Commit{
		Repository:  t.plan.Repository,
		SHA:         sha,
		Parents:     parents,
		AuthoredAt:  gitInstant(c.authored),
		CommittedAt: gitInstant(c.dated()),
		Trailers:    c.note.trailers(),
	})
}

func (t *gitTranslation) changeEvent(m gitMerge) evenkeel.Event {
	c := &t.history.commits[m.at]
	sha := c.sha.Hex()
	change := &evenkeel.Change{
		Repository:  t.plan.Repository,
		Number:      m.number,
		State:       evenkeel.ChangeMerged,
		MergedAt:    gitInstant(c.committed),
		MergeCommit: sha,
		Base:        t.trunk.branch,
		RevertOf:    m.revertOf,
	}
	if len(c.parents) == 2 {
		change.Head = c.parents[1-t.trunk.onward(c)].Hex()
	}
	for _, at := range m.commits {
		inner := &t.history.commits[at]
		change.Commits = append(change.Commits, evenkeel.ChangeCommit{SHA: inner.sha.Hex(), AuthoredAt: gitInstant(inner.authored)})
	}
	return t.fact(gitChangeID(m, sha), c.dated(), change)
}

// gitChangeID is a change's own name: its number, or its merge commit.
func gitChangeID(m gitMerge, sha string) string {
	if m.number > 0 {
		return strconv.Itoa(m.number)
	}
	return sha
}

func (t *gitTranslation) deploymentEvent(s gitShip) evenkeel.Event {
	at := gitInstant(s.at)
	deployment := &evenkeel.Deployment{
		Application:  t.plan.Application,
		Environment:  t.plan.Environment,
		Status:       evenkeel.StatusSuccess,
		Repository:   t.plan.Repository,
		Commit:       t.history.commits[s.commit].sha.Hex(),
		Ref:          s.ref,
		Version:      s.version,
		StartedAt:    at,
		FinishedAt:   at,
		ArtifactKind: evenkeel.ArtifactCode,
	}
	e := t.fact(t.deploymentID(s.name), s.at, deployment)
	if gitPatch(s.version) {
		if t.plan.PlainPatches {
			e.Cleared = []string{"change_kind"}
		} else {
			deployment.ChangeKind = evenkeel.ChangeFix
			t.summary.Patches++
		}
	}
	if t.summary.First.IsZero() {
		t.summary.First = at
	}
	t.summary.Last = at
	return e
}

// deploymentID is a deployment's own name. One tag that releases several
// applications, or goes to several environments, is several deployments.
func (t *gitTranslation) deploymentID(name string) string {
	where := t.plan.Application
	if t.plan.Environment != "production" {
		where += "/" + t.plan.Environment
	}
	if where == "" {
		return name
	}
	return name + "@" + where
}

var gitVersionPart = regexp.MustCompile(`(?:^|[^0-9A-Za-z])[vV]?(\d+\.\d+(?:\.\d+)*(?:[-+._].*)?)$`)

// gitVersionOf is the version within a tag's name, "1.2.0" of "cli/v1.2.0";
// else the name itself.
func gitVersionOf(tag string) string {
	if found := gitVersionPart.FindStringSubmatch(tag); found != nil {
		return found[1]
	}
	return tag
}

var gitPatchVersion = regexp.MustCompile(`^(\d{1,4})\.(\d{1,9})\.([1-9]\d{0,8})$`)

// gitPatch says that a version raises only its last number, so that it is
// presumably a fix of what was released before. Versions 0.0.z and those that
// begin with a year say nothing of the kind.
func gitPatch(version string) bool {
	found := gitPatchVersion.FindStringSubmatch(version)
	if found == nil {
		return false
	}
	major, _ := strconv.Atoi(found[1])
	return major < 1990 && strings.Trim(found[1]+found[2], "0") != ""
}
