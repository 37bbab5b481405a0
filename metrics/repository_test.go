package metrics_test

import (
	"bytes"
	order "cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
)

// shop is one or more repositories made by real git commands, and a store that
// the project's own importer fills from them: what a fixture runs in.
type shop struct {
	t      *testing.T
	folder string
	store  *store.Store
	events []evenkeel.Event
	repo   string // The current repository's name.
	hour   string // Instant of the current line.
	names  map[string]string
	// applications are "slug claim …"; the first is the one that imports name.
	applications []string
}

// fixture is a history and what must come of it. Lines of script are
//
//	HOUR VERB WORD… [| message]
//
// with hours since epoch, which may be fractions; "verbs" below documents each
// verb. Commits have labels, which stand for their ids everywhere else.
type fixture struct {
	name string
	// applications are "slug claim …"; without any, shop claims its repository.
	applications []string
	script       string
	// want is by application and environment what shown tells; worked out by
	// hand from docs/formulas.md.
	want map[string]string
}

func run(t *testing.T, fixtures ...fixture) {
	t.Helper()
	t.Parallel()
	for _, f := range fixtures {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, f.applications)
			for line := range strings.Lines(f.script) {
				s.line(strings.TrimSpace(line))
			}
			s.record()
			results, err := jobs.NewDeriver(func(slug string) jobs.Workspace { return s.store.In(slug) }).Results(t.Context(), "default")
			if err != nil {
				t.Fatal(err)
			}
			for where, want := range f.want {
				slug, environment, _ := strings.Cut(where, "@")
				at := slices.IndexFunc(results.Catalogue.Applications, func(a evenkeel.Application) bool { return a.Slug == slug })
				got := s.shown(results.Derived[results.Catalogue.Applications[at].ID], environment)
				if diff := cmp.Diff(trimmed(want), trimmed(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s\ngot:\n%s", where, diff, got)
				}
			}
		})
	}
}

func trimmed(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func newShop(t *testing.T, applications []string) *shop {
	t.Helper()
	if applications == nil {
		applications = []string{"shop repo:local/shop"}
	}
	s := &shop{t: t, folder: t.TempDir(), names: map[string]string{}, applications: applications}
	var err error
	options := store.Options{DSN: "sqlite:" + filepath.Join(s.folder, "test.db"), Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return epoch.AddDate(0, 1, 0) }}
	if s.store, err = store.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	if err := s.store.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "Default"}); err != nil {
		t.Fatal(err)
	}
	var c evenkeel.Catalogue
	for _, text := range applications {
		words := strings.Fields(text)
		c.Applications = append(c.Applications, evenkeel.Application{Slug: words[0], Name: words[0], Claims: words[1:]})
	}
	if err := s.store.In("default").ApplyCatalogue(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s.use("shop")
	return s
}

// use goes on in a repository, which is made if it is not there.
func (s *shop) use(name string) {
	s.repo = name
	if _, err := os.Stat(s.dir()); err == nil {
		return
	}
	if err := os.MkdirAll(s.dir(), 0o755); err != nil {
		s.t.Fatal(err)
	}
	s.git("init", "-q", "-b", "main")
}

func (s *shop) dir() string { return filepath.Join(s.folder, s.repo) }

// git runs a command at the current line's instant, without any configuration
// of the machine or its user.
func (s *shop) git(args ...string) string {
	s.t.Helper()
	at := s.at(s.hour).Format(time.RFC3339)
	cmd := exec.Command("git", args...)
	cmd.Dir = s.dir()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "HOME=" + s.folder,
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_AUTHOR_DATE=" + at,
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org", "GIT_COMMITTER_DATE=" + at,
		"GIT_ALLOW_PROTOCOL=file", "GIT_MERGE_AUTOEDIT=no", "GIT_EDITOR=true",
	}
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("git %s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return strings.TrimSpace(stdout.String())
}

// at is the instant of an hour; empty is unknown.
func (s *shop) at(hour string) time.Time {
	if hour == "" {
		return time.Time{}
	}
	n, err := strconv.ParseFloat(hour, 64)
	if err != nil {
		s.t.Fatalf("hour %q: %v", hour, err)
	}
	return epoch.Add(time.Duration(n * float64(time.Hour)).Round(time.Second))
}

// label names the commit checked out.
func (s *shop) label(name string) { s.names[name] = s.git("rev-parse", "HEAD") }

// id is the commit of a label.
func (s *shop) id(label string) string {
	if label == "" {
		return ""
	}
	id, ok := s.names[label]
	if !ok {
		s.t.Fatalf("no commit is labelled %q", label)
	}
	return id
}

// nick is the label of a commit, else its id.
func (s *shop) nick(id string) string {
	var found []string
	for label, sha := range s.names {
		if sha == id {
			found = append(found, label)
		}
	}
	if found == nil {
		return id
	}
	return slices.Min(found)
}

func (s *shop) line(text string) {
	if text == "" || text[0] == '#' {
		return
	}
	text, message, _ := strings.Cut(text, "|")
	words := strings.Fields(text)
	act, ok := verbs()[words[1]]
	if !ok {
		s.t.Fatalf("%q: unknown verb", text)
	}
	s.hour = words[0]
	act(s, words[2:], strings.ReplaceAll(strings.TrimSpace(message), `\n`, "\n"))
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// verbs say what a line of a script does.
func verbs() map[string]func(s *shop, words []string, message string) {
	return map[string]func(s *shop, words []string, message string){
		"repo": func(s *shop, words []string, _ string) { s.use(words[0]) },
		// fork NAME: a clone of the current repository, with remote origin.
		"fork": func(s *shop, words []string, _ string) {
			from := s.dir()
			s.repo = words[0]
			if err := os.MkdirAll(s.dir(), 0o755); err != nil {
				s.t.Fatal(err)
			}
			s.git("clone", "-q", "--no-local", from, ".")
		},
		// shallow NAME DEPTH: a shallow clone.
		"shallow": func(s *shop, words []string, _ string) {
			from := s.dir()
			s.repo = words[0]
			if err := os.MkdirAll(s.dir(), 0o755); err != nil {
				s.t.Fatal(err)
			}
			s.git("clone", "-q", "--depth", words[1], "file://"+from, ".")
			s.git("remote", "remove", "origin")
		},
		"fetch": func(s *shop, words []string, _ string) {
			s.git("fetch", "-q", filepath.Join(s.folder, words[0]), words[1]+":"+words[2])
		},
		// commit LABEL [path=text …]: without files, one of the label's name.
		"commit": func(s *shop, words []string, message string) {
			files := words[1:]
			if len(files) == 0 {
				files = []string{words[0] + ".txt=" + words[0]}
			}
			for _, file := range files {
				path, content, _ := strings.Cut(file, "=")
				s.write(path, content)
			}
			s.git("add", "-A")
			s.git("commit", "-q", "-m", or(message, "add "+words[0]))
			s.label(words[0])
		},
		// move LABEL FROM TO: a file moves.
		"move": func(s *shop, words []string, _ string) {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(s.dir(), words[2])), 0o755); err != nil {
				s.t.Fatal(err)
			}
			s.git("mv", words[1], words[2])
			s.git("commit", "-q", "-m", "move "+words[1])
			s.label(words[0])
		},
		"branch": func(s *shop, words []string, _ string) { s.git(append([]string{"switch", "-q", "-c"}, words...)...) },
		"on":     func(s *shop, words []string, _ string) { s.git("switch", "-q", words[0]) },
		// merge LABEL BRANCH…: always a merge commit.
		"merge": func(s *shop, words []string, message string) {
			s.git(append([]string{"merge", "-q", "--no-ff", "-m", or(message, "Merge branches")}, words[1:]...)...)
			s.label(words[0])
		},
		"forward": func(s *shop, words []string, _ string) { s.git("merge", "-q", "--ff-only", words[0]) },
		"squash": func(s *shop, words []string, message string) {
			s.git("merge", "-q", "--squash", words[1])
			s.git("commit", "-q", "-m", message)
			s.label(words[0])
		},
		// rebase BRANCH ONTO LABEL…: labels the new commits, oldest first.
		"rebase": func(s *shop, words []string, _ string) {
			s.git("rebase", "-q", words[1], words[0])
			ids := strings.Fields(s.git("rev-list", "--reverse", words[1]+".."+words[0]))
			if len(ids) != len(words)-2 {
				s.t.Fatalf("rebase made %d commits of %v", len(ids), words[2:])
			}
			for i, id := range ids {
				s.names[words[2+i]] = id
			}
		},
		// pick LABEL COMMIT [-x]
		"pick": func(s *shop, words []string, _ string) {
			s.git(append(append([]string{"cherry-pick"}, words[2:]...), s.id(words[1]))...)
			s.label(words[0])
		},
		"revert": func(s *shop, words []string, message string) {
			s.git("revert", "--no-edit", s.id(words[1]))
			if message != "" {
				s.git("commit", "-q", "--amend", "-m", message)
			}
			s.label(words[0])
		},
		"tag":   func(s *shop, words []string, _ string) { s.git("tag", words[0]) },
		"reset": func(s *shop, words []string, _ string) { s.git("reset", "-q", "--hard", s.id(words[0])) },
		"drop":  func(s *shop, words []string, _ string) { s.git("branch", "-q", "-D", words[0]) },
		// import [deployments=…] [environment=…] [branch=…] [name=…]: the history and its details.
		"import": func(s *shop, words []string, _ string) { s.takeIn(words) },
		// request NUMBER commits=a,b merge=LABEL opened=H [base=main] [head=LABEL]: merged at the line's hour.
		"request": func(s *shop, words []string, _ string) { s.request(words) },
		// deploy NAME COMMIT [env=] [app=] [back=] [kind=] [artifact=] [ref=] [start=]
		"deploy": func(s *shop, words []string, _ string) { s.deploy(words) },
		"artifact": func(s *shop, words []string, _ string) {
			s.add(words[0], "ci", &evenkeel.Artifact{Artifact: words[0], Repository: "local/" + s.repo, Commit: s.id(words[1]), BuiltAt: s.at(s.hour)})
		},
		// pushed LABEL…: commits as a webhook tells them, without details.
		"pushed": func(s *shop, words []string, _ string) {
			for _, label := range words {
				s.pushed(s.id(label))
			}
		},
		// describe LABEL PARENT…: a commit as some source claims it to be.
		"describe": func(s *shop, words []string, _ string) {
			for _, label := range words {
				if s.names[label] == "" {
					s.names[label] = sha(label)
				}
			}
			c := &evenkeel.Commit{Repository: "local/" + s.repo, SHA: s.id(words[0]), AuthoredAt: s.at(s.hour), CommittedAt: s.at(s.hour)}
			for _, parent := range words[1:] {
				c.Parents = append(c.Parents, s.id(parent))
			}
			s.add(words[0], "push", c)
		},
	}
}

func (s *shop) write(name, text string) {
	path := filepath.Join(s.dir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// options reads "key=value" words.
func options(words []string) map[string]string {
	found := map[string]string{}
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		found[key] = value
	}
	return found
}

// takeIn imports the current repository as the command does with --details.
func (s *shop) takeIn(words []string) {
	o := options(words)
	g, err := connectors.OpenGit(context.Background(), s.dir())
	if err != nil {
		s.t.Fatal(err)
	}
	keep := func(events []evenkeel.Event) error {
		s.events = append(s.events, events...)
		return nil
	}
	plan := connectors.GitOptions{
		Repository: "local/" + or(o["name"], s.repo), Application: strings.Fields(s.applications[0])[0], Environment: o["environment"],
		Deployments: o["deployments"], Branch: o["branch"],
	}
	if _, err := g.Import(context.Background(), plan, keep, nil); err != nil {
		s.t.Fatal(err)
	}
	if o["details"] == "no" {
		return
	}
	if _, err := g.Details(context.Background(), plan, nil, keep, nil); err != nil {
		s.t.Fatal(err)
	}
}

// add states a fact as another source would.
func (s *shop) add(id, source string, payload evenkeel.Payload) {
	e := evenkeel.Event{Kind: payload.Kind(), ID: id, Source: source, ObservedAt: s.at(s.hour).Add(time.Minute), Payload: payload}
	if err := e.Validate(); err != nil {
		s.t.Fatal(err)
	}
	s.events = append(s.events, e)
}

func (s *shop) request(words []string) {
	o := options(words[1:])
	number, err := strconv.Atoi(words[0])
	if err != nil {
		s.t.Fatal(err)
	}
	c := &evenkeel.Change{
		Repository: "local/" + or(o["repo"], s.repo), Number: number, State: evenkeel.ChangeMerged, OpenedAt: s.at(o["opened"]), MergedAt: s.at(s.hour),
		Base: or(o["base"], "main"), MergeCommit: s.id(o["merge"]), Head: s.id(o["head"]), RevertOf: o["revert"],
	}
	for label := range strings.SplitSeq(o["commits"], ",") {
		seconds, err := strconv.ParseInt(s.git("show", "-s", "--format=%at", s.id(label)), 10, 64)
		if err != nil {
			s.t.Fatal(err)
		}
		c.Commits = append(c.Commits, evenkeel.ChangeCommit{SHA: s.id(label), AuthoredAt: time.Unix(seconds, 0).UTC()})
	}
	s.add("local/"+s.repo+"#"+words[0], "forge", c)
}

func (s *shop) deploy(words []string) {
	o := options(words[2:])
	d := &evenkeel.Deployment{
		Application: or(o["app"], strings.Fields(s.applications[0])[0]), Environment: or(o["env"], "production"), Status: evenkeel.StatusSuccess,
		FinishedAt: s.at(s.hour), StartedAt: s.at(o["start"]), Ref: o["ref"], Artifact: o["artifact"], RollbackOf: o["back"], ChangeKind: evenkeel.ChangeKind(o["kind"]),
	}
	if words[1] != "-" {
		d.Repository, d.Commit = "local/"+s.repo, words[1]
		if !evenkeel.ValidSHA(words[1]) {
			d.Commit = s.id(words[1])
		}
	}
	s.add(words[0], "cd", d)
}

// pushed states a commit without what only the contents tell.
func (s *shop) pushed(id string) {
	fields := strings.Fields(s.git("show", "-s", "--format=%at %ct %P", id))
	seconds := func(text string) time.Time {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			s.t.Fatal(err)
		}
		return time.Unix(n, 0).UTC()
	}
	s.add(id, "push", &evenkeel.Commit{Repository: "local/" + s.repo, SHA: id, AuthoredAt: seconds(fields[0]), CommittedAt: seconds(fields[1]), Parents: fields[2:]})
}

func (s *shop) record() {
	s.t.Helper()
	if _, err := s.store.In("default").Record(s.t.Context(), s.events); err != nil {
		s.t.Fatal(err)
	}
}

// shown tells of an application's environment or class: a line for each
// deployment with what it is, the changes it ships with lead time and method,
// and the commits; then what is left out, the anomalies, and what is still in
// progress.
//
//	d2 fix ancestry certain: #12 5h ancestry certain, b 3h patch likely; 2 commits 4h
func (s *shop) shown(d metrics.Derived, environment string) string {
	q := metrics.Query{Window: evenkeel.Window{From: epoch.AddDate(-1, 0, 0), To: epoch.AddDate(0, 1, 0)}, Environment: or(environment, "production"), Policy: evenkeel.DefaultPolicy(), AsOf: epoch.AddDate(0, 1, 0)}
	var out strings.Builder
	frequency, err := metrics.Explain(q, metrics.MetricFrequency, d)
	if err != nil {
		s.t.Fatal(err)
	}
	names := s.factNames()
	slices.SortFunc(frequency.Rows, func(a, b metrics.Row) int {
		return order.Or(a.At.Compare(b.At), order.Compare(names[a.ID], names[b.ID]))
	})
	for _, row := range frequency.Rows {
		s.tell(&out, d, q, row, names)
	}
	lead, err := metrics.Explain(q, metrics.MetricLeadTime, d)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range lead.Exclusions {
		fmt.Fprintf(&out, "left out %s: %s\n", e.Reason, s.list(names, e))
	}
	report := metrics.Compute(q, d)
	for _, a := range report.Anomalies {
		fmt.Fprintf(&out, "anomaly %s: %d\n", a.Kind, a.Count)
	}
	for _, open := range metrics.FlowOf(q, []metrics.Derived{d}, d).WIP.Oldest {
		fmt.Fprintf(&out, "in progress %s\n", names[open.ID])
	}
	if environment == string(evenkeel.Production) {
		fmt.Fprintf(&out, "in all %d deployments, %d changes, %d commits\n", report.Frequency.Deployments, report.LeadTime.N, report.LeadTime.PerCommit.N)
	}
	return out.String()
}

// list names the facts of an exclusion; where there are many, their number.
func (s *shop) list(names map[string]string, e metrics.Exclusion) string {
	if e.Count > len(e.IDs) {
		return strconv.Itoa(e.Count)
	}
	var list []string
	for _, id := range e.IDs {
		list = append(list, or(names[id], id))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (s *shop) tell(out *strings.Builder, d metrics.Derived, q metrics.Query, row metrics.Row, names map[string]string) {
	o, _ := d.Outcome(row.ID)
	story, _ := metrics.StoryOf(row.ID, time.Hour, d)
	fmt.Fprint(out, names[row.ID])
	for _, mark := range []struct {
		on   bool
		word string
	}{{o.Baseline, "baseline"}, {o.Rollback, "rollback"}, {o.Redeployment, "redeployment"}, {o.Rework, "rework"}, {o.Failed, "failed"}} {
		if mark.on {
			fmt.Fprint(out, " ", mark.word)
		}
	}
	if o.Rung != nil {
		fmt.Fprintf(out, "(%s)", *o.Rung)
	}
	fmt.Fprintf(out, " %s %s:", o.Method, o.Confidence)
	var changes []string
	for _, c := range story.Shipped {
		lead := "-"
		if c.LeadSeconds != nil {
			lead = hours(*c.LeadSeconds)
		}
		changes = append(changes, fmt.Sprintf(" %s %s %s %s", names[c.Change], lead, c.Method, c.Confidence))
	}
	slices.Sort(changes)
	fmt.Fprint(out, strings.Join(changes, ","))
	if story.Commits > 0 {
		q.Window = evenkeel.Window{From: row.At, To: row.At.Add(time.Microsecond)}
		fmt.Fprintf(out, "; %d commits %s", story.Commits, s.median(q, d))
	}
	fmt.Fprintln(out)
}

func (s *shop) median(q metrics.Query, d metrics.Derived) string {
	per := metrics.Compute(q, d).LeadTime.PerCommit
	if per.Median == nil {
		return "-"
	}
	return hours(*per.Median)
}

func hours(seconds float64) string { return strconv.FormatFloat(seconds/3600, 'f', -1, 64) + "h" }

// factNames are the names that scripts use, by fact id.
func (s *shop) factNames() map[string]string {
	names := map[string]string{}
	for _, e := range s.events {
		switch v := e.Payload.(type) {
		case *evenkeel.Deployment:
			name, _, _ := strings.Cut(e.ID, "@")
			if at := strings.LastIndexByte(name, ':'); at >= 0 {
				name = s.nick(name[at+1:])
			}
			names[evenkeel.FactID(e.Kind, v.Key(e.Source, e.ID))] = name
		case *evenkeel.Change:
			name := s.nick(v.MergeCommit)
			if v.Number > 0 {
				name = "#" + strconv.Itoa(v.Number)
			}
			names[evenkeel.FactID(e.Kind, v.Key(e.Source, e.ID))] = name
		}
	}
	return names
}
