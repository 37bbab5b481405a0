package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

// TestOrderDoesNotMatter records random events twice: once as they come, once
// shuffled, repeated, split, and with the catalogue applied somewhere between.
// Everything that readers see must be equal, and equal to the fold of the
// events computed here. On the way, every application whose facts change must
// be named by a revision.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			events := rapid.SliceOfN(rapid.Custom(drawEvent), 1, 14).Draw(rt, "events")
			catalogue := rapid.SampledFrom(catalogues()).Draw(rt, "catalogue")
			straight := workspaceWith(t, s, fmt.Sprintf("straight-%d", run))
			apply(rt, t, straight, catalogue)
			recordAll(rt, t, straight, events)

			repeats := rapid.SliceOfN(rapid.SampledFrom(events), 0, 5).Draw(rt, "repeats")
			mixed := rapid.Permutation(slices.Concat(events, repeats)).Draw(rt, "order")
			shuffled := workspaceWith(t, s, fmt.Sprintf("shuffled-%d", run))
			shuffle(rt, t, shuffled, mixed, catalogue)

			want, got := view(t, straight), view(t, shuffled)
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("order matters (-straight +shuffled)\n%s", diff)
			}
			checkModel(rt, want, events, catalogue)
		})
	})
}

func workspaceWith(t *testing.T, s *store.Store, slug string) *store.Workspace {
	t.Helper()
	ensure(t, s, slug)
	return s.In(slug)
}

func apply(rt *rapid.T, t *testing.T, w *store.Workspace, c evenkeel.Catalogue) {
	if err := w.ApplyCatalogue(t.Context(), c); err != nil {
		rt.Fatal(err)
	}
}

func recordAll(rt *rapid.T, t *testing.T, w *store.Workspace, events []evenkeel.Event) {
	if _, err := w.Record(t.Context(), events); err != nil {
		rt.Fatal(err)
	}
}

// shuffle records events in random pieces, with other catalogues before the
// right one, and checks after each step that revisions name what changed.
func shuffle(rt *rapid.T, t *testing.T, w *store.Workspace, events []evenkeel.Event, catalogue evenkeel.Catalogue) {
	apply(rt, t, w, rapid.SampledFrom(catalogues()).Draw(rt, "first catalogue"))
	settle := rapid.IntRange(0, len(events)).Draw(rt, "catalogue after")
	seen := facts(t, w)
	for at := 0; at <= len(events); {
		if at == settle {
			apply(rt, t, w, catalogue)
			seen = checkNamed(rt, t, w, seen)
		}
		if at == len(events) {
			return
		}
		limit := len(events)
		if at < settle {
			limit = settle
		}
		n := rapid.IntRange(1, limit-at).Draw(rt, "piece")
		recordAll(rt, t, w, events[at:at+n])
		seen = checkNamed(rt, t, w, seen)
		at += n
	}
}

// seenFacts is what the last look showed.
type seenFacts struct {
	revision int64
	byID     map[string]string
}

func facts(t *testing.T, w *store.Workspace) seenFacts {
	t.Helper()
	seen := seenFacts{revision: must[int64](t)(w.Revision(t.Context())), byID: map[string]string{}}
	c, _, err := w.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Applications {
		seen.byID[a.ID] = factsText(t, must[evenkeel.ApplicationFacts](t)(w.Facts(t.Context(), a.ID)), nil)
	}
	return seen
}

func checkNamed(rt *rapid.T, t *testing.T, w *store.Workspace, before seenFacts) seenFacts {
	after := facts(t, w)
	named := map[string]bool{}
	for _, r := range must[[]evenkeel.Revision](t)(w.Revisions(t.Context(), before.revision, 100)) {
		for _, id := range r.Applications {
			named[id] = true
		}
	}
	for id, text := range after.byID {
		if text != before.byID[id] && !named[id] {
			rt.Fatalf("facts of application %s changed, and no revision names it\n%s", id, cmp.Diff(before.byID[id], text))
		}
	}
	return after
}

// factsText shows facts without their revision; names replaces application ids.
func factsText(t *testing.T, f evenkeel.ApplicationFacts, names map[string]string) string {
	t.Helper()
	var b strings.Builder
	for _, part := range []any{f.Deployments, f.Changes, f.Incidents, f.Artifacts, f.Foreign} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	for _, repository := range slices.Sorted(maps.Keys(f.PathClaims)) {
		var claims []string
		for _, claim := range f.PathClaims[repository] {
			name := names[claim.Application]
			if names == nil {
				name = claim.Application
			}
			claims = append(claims, fmt.Sprintf("%d %q %s", -len(claim.Path), claim.Path, name))
		}
		slices.Sort(claims) // Claims of one length come in the order of random ids.
		fmt.Fprintln(&b, repository, claims)
	}
	for _, repository := range slices.Sorted(maps.Keys(f.Graphs)) {
		b.WriteString(repository + graphText(f.Graphs[repository]))
	}
	return b.String()
}

// graphText writes a graph by the ids of its commits, whose numbers mean
// nothing.
func graphText(g *evenkeel.Graph) string {
	lines := make([]string, g.Len())
	for i := range int32(g.Len()) {
		var parents []string
		for _, p := range g.Parents(i) {
			parents = append(parents, g.SHA(p))
		}
		details, known := g.Details(i)
		lines[i] = fmt.Sprintln(g.SHA(i), parents, g.Missing(i), g.Authored(i), g.Committed(i), details, known)
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// withoutAuthors hides hashed names, which differ between workspaces.
func withoutAuthors(text string) string {
	return regexp.MustCompile(`"author":"[0-9a-f]{16}"`).ReplaceAllString(text, "")
}

// everything is what readers see of a workspace, by application slug.
type everything struct {
	Facts        map[string]string
	Deployments  []evenkeel.Fact[evenkeel.Deployment]
	Changes      []evenkeel.Fact[evenkeel.Change]
	Incidents    []evenkeel.Fact[evenkeel.Incident]
	Dependencies []evenkeel.Fact[evenkeel.Dependency]
	Entries      []evenkeel.Entry
	Unclaimed    []evenkeel.UnclaimedSubject
	Activity     map[string]evenkeel.Activity
}

func view(t *testing.T, w *store.Workspace) everything {
	t.Helper()
	ctx := t.Context()
	c, _, err := w.Catalogue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	slugs := map[string]string{}
	v := everything{Facts: map[string]string{}, Activity: map[string]evenkeel.Activity{}}
	for _, a := range c.Applications {
		slugs[a.ID] = a.Slug
	}
	for _, a := range c.Applications {
		v.Facts[a.Slug] = factsText(t, must[evenkeel.ApplicationFacts](t)(w.Facts(ctx, a.ID)), slugs)
	}
	all := evenkeel.Filter{Limit: 500}
	v.Deployments = must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](t)(w.Deployments(ctx, all)).Items
	v.Changes = must[evenkeel.Page[evenkeel.Fact[evenkeel.Change]]](t)(w.Changes(ctx, all)).Items
	v.Incidents = must[evenkeel.Page[evenkeel.Fact[evenkeel.Incident]]](t)(w.Incidents(ctx, all)).Items
	v.Dependencies = must[evenkeel.Page[evenkeel.Fact[evenkeel.Dependency]]](t)(w.Dependencies(ctx, all)).Items
	v.Entries = must[evenkeel.Page[evenkeel.Entry]](t)(w.Entries(ctx, evenkeel.EntryFilter{Limit: 500})).Items
	for i := range v.Entries {
		e := &v.Entries[i]
		e.Revision, e.Fields = 0, json.RawMessage(withoutAuthors(string(e.Fields)))
	}
	v.Unclaimed = must[[]evenkeel.UnclaimedSubject](t)(w.Unclaimed(ctx))
	for id, a := range must[map[string]evenkeel.Activity](t)(w.Activity(ctx)) {
		v.Activity[slugs[id]] = a
	}
	return v
}

func catalogues() []evenkeel.Catalogue {
	shop := evenkeel.Application{Slug: "shop", Name: "shop"}
	pay := evenkeel.Application{Slug: "pay", Name: "pay"}
	with := func(a evenkeel.Application, claims ...string) evenkeel.Application {
		a.Claims = claims
		return a
	}
	return []evenkeel.Catalogue{
		{},
		{Applications: []evenkeel.Application{with(shop, "repo:r/one"), with(pay, "ci:pay")}},
		{Applications: []evenkeel.Application{with(shop, "repo:r/one//a"), with(pay, "repo:r/one//a/b", "repo:r/two")}},
		{Applications: []evenkeel.Application{pay}},
		{Applications: []evenkeel.Application{with(shop, "ci:pay", "repo:r/two//x", "repo:r/two//y"), pay}},
	}
}

// drawEvent draws from few names and instants, so that events meet.
func drawEvent(rt *rapid.T) evenkeel.Event {
	source := rapid.SampledFrom([]string{"ci", "cd/x"}).Draw(rt, "source")
	id := rapid.SampledFrom([]string{"1", "2", "x/1"}).Draw(rt, "id")
	kind := rapid.SampledFrom([]evenkeel.Kind{
		evenkeel.KindDeployment, evenkeel.KindDeployment, evenkeel.KindChange, evenkeel.KindChange, evenkeel.KindChange,
		evenkeel.KindCommit, evenkeel.KindIncident, evenkeel.KindArtifact, evenkeel.KindDependency,
		evenkeel.KindBuild, evenkeel.KindWorkItem, evenkeel.KindFlagChange, evenkeel.KindEvidence, evenkeel.KindAlert,
	}).Draw(rt, "kind")
	e := event(source, id, drawTime(rt, "observed"), drawPayload(rt, kind))
	if e.ObservedAt.IsZero() {
		e.ObservedAt = noon
	}
	e.Deleted = rapid.IntRange(0, 7).Draw(rt, "deleted") == 0
	if rapid.IntRange(0, 7).Draw(rt, "cleared") == 0 && kind == evenkeel.KindDeployment {
		e.Cleared = []string{rapid.SampledFrom([]string{"finished_at", "application", "artifact"}).Draw(rt, "name")}
	}
	return e
}

func drawTime(rt *rapid.T, label string) time.Time {
	n := rapid.IntRange(-1, 4).Draw(rt, label)
	if n < 0 {
		return time.Time{}
	}
	zone := time.FixedZone("", rapid.SampledFrom([]int{0, 9 * 3600}).Draw(rt, label+" zone"))
	return hours(n).In(zone)
}

func drawPayload(rt *rapid.T, kind evenkeel.Kind) evenkeel.Payload {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
	repository := pick("repository", "r/one", "r/two")
	commit := func(label string) string { return sha(pick(label, "a", "b", "c", "d")) }
	switch kind {
	case evenkeel.KindDeployment:
		return &evenkeel.Deployment{
			Application: pick("application", "", "", "shop", "ghost"), Origin: pick("origin", "", "ci:pay"), Environment: pick("environment", "", "production"),
			Status: evenkeel.DeploymentStatus(pick("status", "success", "running")), Repository: repository, Commit: commit("commit"),
			Artifact: pick("artifact", "", "", "sha256:1"), FinishedAt: drawTime(rt, "finished"), StartedAt: drawTime(rt, "started"),
		}
	case evenkeel.KindChange:
		c := &evenkeel.Change{Application: pick("application", "", "", "", "ghost"), Repository: repository, Number: rapid.IntRange(0, 2).Draw(rt, "number"), OpenedAt: drawTime(rt, "opened"), MergedAt: drawTime(rt, "merged"), Base: pick("base", "", "main", "null")}
		if c.Number == 0 || pick("has merge", "", "yes") != "" {
			c.MergeCommit = commit("merge")
		}
		return c
	case evenkeel.KindCommit:
		c := &evenkeel.Commit{Repository: repository, SHA: commit("sha"), CommittedAt: noon, AuthoredAt: drawTime(rt, "authored")}
		if parent := commit("parent"); parent != c.SHA {
			c.Parents = []string{parent}
		}
		if pick("has paths", "", "yes") != "" {
			c.Paths = []string{"a/x"}
		}
		return c
	case evenkeel.KindIncident:
		return &evenkeel.Incident{Application: pick("application", "", "shop", "pay"), Origin: pick("origin", "", "", "ci:pay"), Repository: pick("kept in", "", repository), OpenedAt: drawTime(rt, "opened"), CausedBy: pick("caused by", "", "1", "2", "ci/1", "cd/x/1", "x/1", "none")}
	case evenkeel.KindArtifact:
		return &evenkeel.Artifact{Artifact: "sha256:1", Repository: repository, Commit: commit("commit"), BuiltAt: drawTime(rt, "built")}
	case evenkeel.KindBuild:
		return &evenkeel.Build{Repository: repository, Commit: commit("commit"), Pipeline: "ci", Result: evenkeel.BuildResult(pick("result", "", "success", "failure")), FinishedAt: drawTime(rt, "finished")}
	case evenkeel.KindWorkItem:
		return &evenkeel.WorkItem{Application: pick("application", "", "shop", "ghost"), State: evenkeel.WorkState(pick("state", "open", "closed")), OpenedAt: drawTime(rt, "opened"), ClosedAt: drawTime(rt, "closed")}
	case evenkeel.KindFlagChange:
		return &evenkeel.FlagChange{Application: pick("application", "", "pay"), Environment: pick("environment", "", "production"), Flag: "f", Action: evenkeel.FlagChanged, At: hours(rapid.IntRange(0, 4).Draw(rt, "at"))}
	case evenkeel.KindAlert:
		return &evenkeel.Alert{Fingerprint: "f", Labels: map[string]string{"severity": pick("label", "page", "warn")}, StartsAt: hours(rapid.IntRange(0, 4).Draw(rt, "at")), EndsAt: drawTime(rt, "ended")}
	case evenkeel.KindEvidence:
		return &evenkeel.Evidence{Application: pick("application", "", "shop"), Repository: repository, Check: "scan", Result: evenkeel.EvidencePass, At: hours(rapid.IntRange(0, 4).Draw(rt, "at"))}
	default:
		return &evenkeel.Dependency{From: pick("from", "shop", "pay"), To: "db", Basis: evenkeel.BasisObserved, LastSeenAt: drawTime(rt, "seen")}
	}
}
