package connectors_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// syntheticGit is a stream for git fast-import: a main branch on which every
// fifth commit is the merge of a request of two commits, and evenly spread
// annotated release tags.
func syntheticGit(commits, tags int) string {
	var b strings.Builder
	mark, released := 0, 0
	write := func(branch, message string, parents ...int) int {
		mark++
		at := gitEpoch.Unix() + int64(mark)*600
		fmt.Fprintf(&b, "commit refs/heads/%s\nmark :%d\nauthor A <a@b> %d +0000\ncommitter A <a@b> %d +0000\ndata %d\n%s\n",
			branch, mark, at-60, at, len(message), message)
		for i, p := range parents {
			fmt.Fprintf(&b, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p)
		}
		fmt.Fprintf(&b, "M 100644 inline services/s%d/f%d\ndata 8\n%7d\n\n", mark%40, mark%7, mark)
		return mark
	}
	tip := write("main", "Start")
	for mark < commits {
		if mark%5 == 2 && mark+3 <= commits {
			first := write("topic", "Part one\n\nSigned-off-by: A <a@b>", tip)
			second := write("topic", "Part two", first)
			tip = write("main", fmt.Sprintf("Merge pull request #%d from acme/topic\n\nA request", mark), tip, second)
		} else {
			tip = write("main", fmt.Sprintf("Change number %d (#%d)", mark, mark), tip)
		}
		for released < tags && mark*tags >= (released+1)*commits {
			released++
			fmt.Fprintf(&b, "tag v1.%d.0\nfrom :%d\ntagger A <a@b> %d +0000\ndata 1\nr\n", released, tip, gitEpoch.Unix()+int64(mark)*600+60)
		}
	}
	return b.String()
}

// drawnGit is a random history as a list of steps: a prefix of the steps is
// what the repository once was.
type drawnGit struct {
	t     *rapid.T
	steps []gitStep
	marks int
	tips  map[string]int
}

// gitStep is a commit, or a tag when branch is empty.
type gitStep struct {
	branch, message    string
	mark, from, merged int
	at                 int64
}

func drawGit(t *rapid.T, pulls bool) *drawnGit {
	d := &drawnGit{t: t, tips: map[string]int{}}
	d.commit("main")
	for range rapid.IntRange(1, 25).Draw(t, "steps") {
		branch := rapid.SampledFrom([]string{"main", "main", "topic", "release"}).Draw(t, "branch")
		switch step := rapid.IntRange(0, 9).Draw(t, "step"); {
		case step < 3 && d.tips[branch] != 0:
			d.steps = append(d.steps, gitStep{from: d.tips[branch], at: gitEpoch.Unix() + int64(d.marks)*60})
		case step == 3 && pulls:
			d.pull()
		default:
			d.commit(branch)
		}
	}
	return d
}

func (d *drawnGit) commit(branch string) {
	from := d.tips[branch]
	if from == 0 || branch == "topic" && rapid.Bool().Draw(d.t, "new topic") {
		from = d.tips["main"]
	}
	merged := 0
	if branch == "main" && from != 0 && rapid.Bool().Draw(d.t, "merge") {
		merged = d.tips[rapid.SampledFrom([]string{"topic", "release"}).Draw(d.t, "merged")]
	}
	message := rapid.SampledFrom([]string{
		"Work", "Work (#3)", "Work (#4)", "Merge pull request #5 from acme/x", "x\n\nSee merge request a/b!6",
		"Revert \"x\"\n\nReverts a/b#3", fmt.Sprintf("Take back\n\nThis reverts commit %s.", gitFakeID(max(1, d.marks-3))),
	}).Draw(d.t, "message")
	d.tips[branch] = d.write(branch, message, from, merged)
}

// pull is local work on main that is merged with what main became meanwhile.
func (d *drawnGit) pull() {
	local := d.write("local", "Local", d.tips["main"], 0)
	d.commit("main")
	d.tips["main"] = d.write("main", "Merge remote-tracking branch 'origin/main'", local, d.tips["main"])
}

func (d *drawnGit) write(branch, message string, from, merged int) int {
	if merged == from {
		merged = 0
	}
	d.marks++
	at := gitEpoch.Unix() + int64(d.marks)*60 + int64(rapid.IntRange(-200, 200).Draw(d.t, "skew"))
	d.steps = append(d.steps, gitStep{branch: branch, message: message, mark: d.marks, from: from, merged: merged, at: at})
	return d.marks
}

// stream is the history for git fast-import.
func (d *drawnGit) stream() string {
	var b strings.Builder
	for i, s := range d.steps {
		if s.branch == "" {
			fmt.Fprintf(&b, "tag v1.%d.%d\nfrom :%d\ntagger A <a@b> %d +0000\ndata 1\nx\n", i/3, i%3, s.from, s.at)
			continue
		}
		fmt.Fprintf(&b, "commit refs/heads/%s\nmark :%d\ncommitter A <a@b> %d +0000\ndata %d\n%s\n", s.branch, s.mark, s.at, len(s.message), s.message)
		if s.from != 0 {
			fmt.Fprintf(&b, "from :%d\n", s.from)
		}
		if s.merged != 0 {
			fmt.Fprintf(&b, "merge :%d\n", s.merged)
		}
		fmt.Fprintf(&b, "M 100644 inline f%d\ndata 1\nx\n", s.mark)
	}
	return b.String()
}

func gitFakeID(mark int) string { return fmt.Sprintf("%040x", mark) }

// printed is what git would print of the first steps.
func (d *drawnGit) printed(steps int) connectors.GitOutput {
	out := connectors.GitOutput{Repository: "example.org/shop", Branch: "main"}
	var log, tags string
	for i, s := range d.steps[:steps] {
		if s.branch == "" {
			tags += fmt.Sprintf("refs/tags/v1.%d.%d\x00tag\x00%040x\x00commit\x00%s\x00%d\x00\x00%d\x00\n", i/3, i%3, i, gitFakeID(s.from), s.at, s.at)
			continue
		}
		parents := ""
		for _, parent := range []int{s.from, s.merged} {
			if parent != 0 {
				parents += " " + gitFakeID(parent)
			}
		}
		id := gitFakeID(s.mark)
		log = fmt.Sprintf("commit %s\n\x00%s\x00%s\x00%d\x00%d\x00%s\n\x00\n", id, id, strings.TrimSpace(parents), s.at, s.at, s.message) + log
		if s.branch == "main" {
			out.Tip = id
		}
	}
	out.Log, out.Tags = strings.NewReader(log), strings.NewReader(tags)
	return out
}

// TestGitOnlyEverAdds reads random histories as they were and as they are:
// every event of the earlier import is an event of the later one, and a second
// import says what the first said.
func TestGitOnlyEverAdds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := drawGit(rt, true)
		o := connectors.GitOptions{Deployments: rapid.SampledFrom([]string{"tags", "merges"}).Draw(rt, "mode")}
		read := func(steps int) []evenkeel.Event {
			events, _, err := connectors.TranslateGit(d.printed(steps), o)
			if err != nil {
				rt.Fatal(err)
			}
			return events
		}
		later := read(len(d.steps))
		if diff := cmp.Diff(later, read(len(d.steps))); diff != "" {
			rt.Fatalf("a second import differs (-first +second):\n%s", diff)
		}
		facts := map[string]evenkeel.Event{}
		for _, e := range later {
			key := string(e.Kind) + e.Payload.Key(e.Source, e.ID)
			if _, twice := facts[key]; twice {
				rt.Fatalf("two events of %s %s", e.Kind, e.ID)
			}
			facts[key] = e
		}
		for _, e := range read(rapid.IntRange(1, len(d.steps)).Draw(rt, "cut")) {
			if diff := cmp.Diff(e, facts[string(e.Kind)+e.Payload.Key(e.Source, e.ID)]); diff != "" {
				rt.Fatalf("the later import lost or changed %s %s (-earlier +later):\n%s", e.Kind, e.ID, diff)
			}
		}
	})
}

// TestGitImportAgain imports a real repository twice, and again after it grew.
func TestGitImportAgain(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.fastImport(syntheticGit(300, 10))
	r.git("reset", "-q", "--hard")
	earlier, _ := r.read(connectors.GitOptions{})
	again, _ := r.read(connectors.GitOptions{})
	if diff := cmp.Diff(earlier, again); diff != "" {
		t.Errorf("a second import differs (-first +second):\n%s", diff)
	}
	r.hour = 10_000
	r.commit("X", "Later")
	r.git("tag", "v2.0.0")
	r.git("tag", "v1.5.1", "HEAD~50")
	later, _ := r.read(connectors.GitOptions{})
	if len(later) != len(earlier)+4 {
		t.Errorf("%d events became %d, want 4 more", len(earlier), len(later))
	}
	for _, e := range earlier {
		if !containsGitEvent(later, e) {
			t.Fatalf("the later import lost or changed %s %s", e.Kind, e.ID)
		}
	}
}

// TestGitChangesAgreeWithGit checks a random history, in which everything is
// merged now and then, against git's own answers: the changes are the states of
// the branch, and each brings the commits that git rev-list says it brings.
func TestGitChangesAgreeWithGit(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for seed := range 8 {
		d := rapid.Custom(func(rt *rapid.T) *drawnGit { return drawGit(rt, false) }).Example(seed)
		r := newGitRepoAt(t, filepath.Join(folder, fmt.Sprint(seed), "shop"))
		r.fastImport(d.stream())
		events, _ := r.read(connectors.GitOptions{})
		got := map[string][]string{}
		for _, e := range events {
			if c, ok := e.Payload.(*evenkeel.Change); ok {
				for _, inner := range c.Commits {
					got[c.MergeCommit] = append(got[c.MergeCommit], inner.SHA)
				}
				slices.Sort(got[c.MergeCommit])
			}
		}
		want := map[string][]string{}
		for line := range strings.SplitSeq(r.git("rev-list", "--first-parent", "--parents", "main"), "\n") {
			ids := strings.Fields(line)
			if len(ids) < 3 {
				want[ids[0]] = ids[:1]
			} else if brought := strings.Fields(r.git("rev-list", ids[0]+"^2", "^"+ids[1])); len(brought) > 0 {
				want[ids[0]] = slices.Sorted(slices.Values(brought))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("commits of history %d by change (-git +got):\n%s", seed, diff)
		}
	}
}

func printedByGit(t testing.TB, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	gitLogFormat = "--format=%x00%H%x00%P%x00%at%x00%ct%x00%B%x00"
	gitTagFormat = "--format=%(refname)%00%(objecttype)%00%(objectname)%00" +
		"%(*objecttype)%00%(*objectname)%00%(taggerdate:unix)%00%(committerdate:unix)%00%(*committerdate:unix)%00"
)

// TestTranslateGitEqualsImport: what git printed is all the importer knows.
func TestTranslateGitEqualsImport(t *testing.T) {
	t.Parallel()
	r := newGitRepo(t)
	r.fastImport(syntheticGit(200, 10))
	r.git("symbolic-ref", "HEAD", "refs/heads/main")
	want, wantSummary := r.read(connectors.GitOptions{})
	got, gotSummary, err := connectors.TranslateGit(connectors.GitOutput{
		Repository: "local/checkout", Branch: "main", Tip: r.git("rev-parse", "main"),
		Tags: bytes.NewReader(printedByGit(t, r.dir, "for-each-ref", gitTagFormat, "refs/tags")),
		Log:  bytes.NewReader(printedByGit(t, r.dir, "rev-list", "--topo-order", gitLogFormat, "main", "--tags")),
	}, connectors.GitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-import +translate):\n%s", diff)
	}
	if diff := cmp.Diff(wantSummary, gotSummary); diff != "" {
		t.Errorf("summary (-import +translate):\n%s", diff)
	}
}

func FuzzGitLog(f *testing.F) {
	r := newGitRepo(f)
	r.fastImport(syntheticGit(12, 3))
	log := printedByGit(f, r.dir, "rev-list", "--topo-order", gitLogFormat, "main", "--tags")
	tags := printedByGit(f, r.dir, "for-each-ref", gitTagFormat, "refs/tags")
	tip := r.git("rev-parse", "main")
	f.Add(log, tags, tip)
	f.Add(bytes.ReplaceAll(log, []byte("A request"), []byte("This reverts commit "+tip+".\n\xff")), tags[:len(tags)/2], tip)
	f.Add(log[:len(log)/2], tags, tip)
	f.Fuzz(func(t *testing.T, log, tags []byte, tip string) {
		for _, mode := range []string{"tags", "merges"} {
			read := func() ([]evenkeel.Event, error) {
				events, _, err := connectors.TranslateGit(connectors.GitOutput{
					Repository: "example.org/x", Branch: "main", Tip: tip, Log: bytes.NewReader(log), Tags: bytes.NewReader(tags),
				}, connectors.GitOptions{Deployments: mode, TagPattern: ".", Since: gitEpoch})
				return events, err
			}
			events, err := read()
			if err != nil && len(events) > 0 {
				t.Fatal("an error and events")
			}
			for _, e := range events {
				if err := e.Validate(); err != nil || e.ObservedAt.IsZero() {
					t.Fatalf("%s %q observed at %v: %v", e.Kind, e.ID, e.ObservedAt, err)
				}
			}
			if again, _ := read(); !cmp.Equal(events, again) {
				t.Fatal("reading twice gives different events")
			}
		}
	})
}

func TestGitRepositoryName(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"git@github.com:Acme/Checkout.git":                    "github.com/acme/checkout",
		"https://github.com/acme/checkout":                    "github.com/acme/checkout",
		"https://user:pass@GitHub.com:443/Acme/Checkout.git/": "github.com/acme/checkout",
		"ssh://git@git.example.org:7999/proj//shop.git":       "git.example.org/proj/shop",
		"git://example.org/shop.git":                          "example.org/shop",
		"git+ssh://git@example.org/shop":                      "example.org/shop",
		"git@gitlab.com:group/sub/shop.git":                   "gitlab.com/group/sub/shop",
		"work:acme/shop":                                      "work/acme/shop",
		"[fe80::1]:acme/shop":                                 "[fe80::1]/acme/shop",
		"https://[fe80::1]:8443/acme/shop":                    "[fe80::1]/acme/shop",
		"https://example.org/My%20Team/Shop":                  "example.org/my team/shop",
		"https://token@example.org/shop?access_token=x#y":     "example.org/shop",
		"https://example.org./shop":                           "example.org/shop",
		"https://bob:12/secret@example.org/shop":              "",
		"https://bob:se/cret@example.org/shop":                "",
		"bob:secret@example.org:shop":                         "",
		"https://example.org/../shop":                         "",
		"https://example.org":                                 "",
		"https://example.org/.git":                            "",
		"https:///shop":                                       "",
		"/srv/git/shop.git":                                   "",
		"../shop":                                             "",
		"file:///srv/git/shop.git":                            "",
		`C:\git\shop`:                                         "",
		"c:/git/shop":                                         "",
		"ext::sh -c evil":                                     "",
		"git@example.org:a\nb":                                "",
		"https://example.org/\xff":                            "",
		"":                                                    "",
	} {
		if got := connectors.GitRepositoryName(remote); got != want {
			t.Errorf("%q is %q, want %q", remote, got, want)
		}
	}
}

func FuzzGitRepositoryName(f *testing.F) {
	for _, seed := range []string{"git@github.com:Acme/Checkout.git", "https://user:pass@host:1/a//b.git/", "ssh://[::1]:22/x", "a:b", "/x", "https://h/%2e%2e/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, remote string) {
		name := connectors.GitRepositoryName(remote)
		if name == "" {
			return
		}
		if name != strings.ToLower(name) || strings.ContainsAny(name, "@\\\x1f\x00\n") || strings.Contains(name, "//") || strings.HasSuffix(name, "/") {
			t.Errorf("%q is %q", remote, name)
		}
		if err := (&evenkeel.Commit{Repository: name, SHA: strings.Repeat("a", 40), CommittedAt: gitEpoch}).Validate(); err != nil {
			t.Errorf("%q of %q: %v", name, remote, err)
		}
	})
}

// BenchmarkGitImport imports 20,000 commits and 500 tags.
func BenchmarkGitImport(b *testing.B) {
	r := newGitRepoAt(b, filepath.Join(b.TempDir(), "shop"))
	r.fastImport(syntheticGit(20_000, 500))
	g := r.open()
	for b.Loop() {
		start := time.Now()
		events := 0
		summary, err := g.Import(context.Background(), connectors.GitOptions{Branch: "main"}, func(e []evenkeel.Event) error {
			events += len(e)
			return nil
		}, nil)
		if err != nil || summary.Commits != 20_000 || summary.Deployments != 500 {
			b.Fatalf("%+v: %v", summary, err)
		}
		b.ReportMetric(float64(events)/time.Since(start).Seconds(), "events/s")
	}
}

// BenchmarkGitDetails describes 2,000 commits.
func BenchmarkGitDetails(b *testing.B) {
	r := newGitRepoAt(b, filepath.Join(b.TempDir(), "shop"))
	r.fastImport(syntheticGit(2_000, 0))
	g := r.open()
	for b.Loop() {
		if _, err := g.Details(context.Background(), connectors.GitOptions{Branch: "main"}, nil, func([]evenkeel.Event) error { return nil }, nil); err != nil {
			b.Fatal(err)
		}
	}
}
