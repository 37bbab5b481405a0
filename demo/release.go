package demo

import (
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// cut makes a release branch and queues it for production.
func (v *service) cut(deploys time.Time) {
	deploys = v.allowed(deploys)
	if !v.dirty || v.works.freezes && v.team.hours.frozen(v.now) {
		return
	}
	v.dirty = false
	v.release++
	c := candidate{commit: v.repo.head, ref: "release/" + strconv.Itoa(v.release), changes: v.waiting, kind: evenkeel.ChangeFeature}
	v.waiting = nil
	v.rehearse(c)
	v.enqueue(c, deploys)
	if v.often(0.5) {
		v.at(deploys.Add(-v.between(3*time.Hour, 12*time.Hour)), v.stabilise)
	}
}

// stabilise copies the latest change of the trunk to the release that waits.
func (v *service) stabilise() {
	if len(v.waiting) == 0 || v.staged == nil {
		return
	}
	late := v.waiting[len(v.waiting)-1]
	if len(late.authored) > 1 && late.joins != bySquash {
		return
	}
	patch := late.squashed(v.repo)
	v.staged.commit = v.repo.record(commit{
		parents: []string{v.staged.commit}, authored: late.authored[0], committed: v.now, patch: patch,
		trailers: map[string][]string{"cherry-picked-from": {late.picked()}},
	})
	v.rehearse(*v.staged)
}

// picked is the commit of the change that is copied elsewhere.
func (b *branch) picked() string {
	if b.joins == byMerge {
		return b.head()
	}
	return b.landed
}

// released says whether production runs a release branch.
func (r *record) released() bool { return r.ref != "main" }

// mergeBack brings a repaired release branch to the trunk.
func (v *service) mergeBack(release string) {
	v.repo.land(commit{parents: []string{v.repo.head, release}, authored: v.now, committed: v.now})
	v.dirty = true
}
