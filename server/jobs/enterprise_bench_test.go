package jobs_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/store"
)

// BenchmarkEnterprise measures a company of 400 groups and 1,200 applications
// with so many changes behind a running server: its import, deriving
// everything anew, and the overview of half a year as a browser asks for it,
// without a tag of an earlier answer. "first" follows a start: results are
// read from the store. "touched" follows a change of one application and its
// deployment, the results of which are up to date; "again" repeats a question.
// "ahead" is what the server does by itself before a minute ends, "minute" the
// first answer of the next. "follow" is what bringing results up to date after
// that deployment takes. held-MiB is the heap with results loaded.
func BenchmarkEnterprise(b *testing.B) {
	for name, dsn := range benched() {
		for _, changes := range sizes(b) {
			b.Run(fmt.Sprintf("%s/changes=%d", name, changes), func(b *testing.B) {
				for range b.N {
					enterprise(b, dsn(b), changes)
				}
			})
		}
	}
}

func enterprise(b *testing.B, dsn string, changes int) {
	b.Helper()
	start := time.Now()
	s, slug := filled(b, dsn, demo.Enterprise(changes, 42, clock()))
	b.ReportMetric(float64(changes)*factsPerChange/time.Since(start).Seconds(), "import-facts/s")
	resetPeak(b)
	b.ReportMetric(recompute(b, s, deriver(s), slug, 0).Seconds(), "recompute-s")
	b.ReportMetric(peak(b), "peak-MiB")
	c := serve(b, s, slug)
	b.ReportMetric(milliseconds(c.ask(b)), "first-ms")
	b.ReportMetric(held(), "held-MiB")
	c.measure(b)
}

// running is a server of one company, its clock, and who may ask it.
type running struct {
	store   *store.Store
	slug    string
	deriver *jobs.Deriver
	server  *server.Server
	token   string
	now     time.Time
}

func serve(b *testing.B, s *store.Store, slug string) *running {
	b.Helper()
	quiet := slog.New(slog.DiscardHandler)
	c := &running{store: s, slug: slug, deriver: deriver(s), now: clock()}
	made, err := server.New(server.Config{
		Store: s, Workspace: func(slug string) server.Workspace { return s.In(slug) },
		Past: func(slug string, known evenkeel.Known) server.Facts { return s.In(slug).At(known) }, Deriver: c.deriver, Budgets: budgets.New(func(slug string) budgets.Workspace { return s.In(slug) }), Dashboard: fstest.MapFS{"index.html": {}},
		Logger: quiet, Now: func() time.Time { return c.now }, Telemetry: telemetry.New("bench", nil), Committer: intake.NewCommitter(nil, quiet),
		Secrets: func(string) (string, error) { return "", evenkeel.ErrNotFound },
	})
	if err != nil {
		b.Fatal(err)
	}
	secret, hash := server.NewSecret()
	_, err = s.CreateToken(b.Context(), evenkeel.Token{
		Workspace: slug, Name: "bench", Scopes: []evenkeel.Scope{evenkeel.ScopeRead}, CreatedBy: "bench", CreatedAt: c.now, ExpiresAt: c.now.AddDate(1, 0, 0),
	}, hash)
	if err != nil {
		b.Fatal(err)
	}
	c.server, c.token = made, secret
	return c
}

// ask is the time of one answer.
func (c *running) ask(b *testing.B) time.Duration {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/v1/overview?from=180d", nil)
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer := httptest.NewRecorder()
	start := time.Now()
	c.server.Handler().ServeHTTP(answer, r)
	took := time.Since(start)
	if answer.Code != http.StatusOK {
		text, _ := io.ReadAll(answer.Body)
		b.Fatalf("%d %s", answer.Code, text)
	}
	return took
}

func (c *running) measure(b *testing.B) {
	b.Helper()
	times, worked := map[string][]time.Duration{}, time.Duration(0)
	for n := range 100 {
		c.deploy(b, n)
		start := time.Now()
		if _, err := c.deriver.Results(b.Context(), c.slug); err != nil {
			b.Fatal(err)
		}
		times["follow"] = append(times["follow"], time.Since(start))
		before := processorTime(b)
		times["touched"] = append(times["touched"], c.ask(b))
		worked += processorTime(b) - before
		times["again"] = append(times["again"], c.ask(b))
		start = time.Now()
		if err := c.server.AnswerAhead(b.Context()); err != nil {
			b.Fatal(err)
		}
		times["ahead"] = append(times["ahead"], time.Since(start))
		c.now = c.now.Add(time.Minute)
		times["minute"] = append(times["minute"], c.ask(b))
	}
	b.ReportMetric(milliseconds(worked)/float64(len(times["touched"])), "touched-cpu-ms")
	for what, list := range times {
		report(b, what, list)
	}
}

// deploy records a change of one of four applications, and its deployment.
func (c *running) deploy(b *testing.B, n int) {
	b.Helper()
	catalogue, _, err := c.store.In(c.slug).Catalogue(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	repository, sha := strings.TrimPrefix(catalogue.Applications[n%4].Claims[0], "repo:"), fmt.Sprintf("%040x", 1<<40+n)
	var events []evenkeel.Event
	say := func(id string, p evenkeel.Payload) {
		events = append(events, evenkeel.Event{Kind: p.Kind(), ID: id, Source: "bench", ObservedAt: c.now, Payload: p})
	}
	say(sha, &evenkeel.Commit{Repository: repository, SHA: sha, AuthoredAt: c.now.Add(-time.Hour), CommittedAt: c.now.Add(-10 * time.Minute)})
	say("change-"+strconv.Itoa(n), &evenkeel.Change{
		Repository: repository, Number: 1_000_000 + n, State: evenkeel.ChangeMerged, Base: "main", MergeCommit: sha, OpenedAt: c.now.Add(-time.Hour), MergedAt: c.now.Add(-10 * time.Minute),
	})
	say("deployment-"+strconv.Itoa(n), &evenkeel.Deployment{
		Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository, Commit: sha, StartedAt: c.now.Add(-5 * time.Minute), FinishedAt: c.now,
	})
	if _, err = c.store.In(c.slug).Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
}

// processorTime is what this process has used of all processors.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// held is the heap in use once garbage is collected, in MiB.
func held() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
