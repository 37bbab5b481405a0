package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// ledger is a server with service levels of 30 days, 50 to an application, that
// are deployed every day.
type ledger struct {
	store  *store.Store
	server *server.Server
	now    time.Time
	token  string
	names  []string
	minute int
}

const perApplication = 50

func newLedger(b *testing.B, dsn string, levels int) *ledger {
	b.Helper()
	l := &ledger{now: clock()}
	now := func() time.Time { return l.now }
	var err error
	if l.store, err = store.Open(b.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: now}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.store.Close() })
	if err := l.store.EnsureWorkspace(b.Context(), evenkeel.WorkspaceInfo{Slug: "default", Name: "default"}); err != nil {
		b.Fatal(err)
	}
	l.now = clock().Add(-time.Hour) // All of it was known at the mark.
	l.promise(b, levels)
	l.spend(b, dsn)
	l.now = clock()
	logger := slog.New(slog.DiscardHandler)
	l.server, err = server.New(server.Config{
		Store: l.store, Workspace: func(slug string) server.Workspace { return l.store.In(slug) },
		Past:      func(slug string, known evenkeel.Known) server.Facts { return l.store.In(slug).At(known) },
		Deriver:   jobs.NewDeriver(func(slug string) jobs.Workspace { return l.store.In(slug) }),
		Budgets:   budgets.New(func(slug string) budgets.Workspace { return l.store.In(slug) }),
		Dashboard: fstest.MapFS{"index.html": {Data: []byte(`<script nonce="__CSP_NONCE__"></script>`)}},
		Logger:    logger, Now: now, Version: "bench", Secrets: secrets, Telemetry: telemetry.New("bench", nil), Committer: committer(b, l.store, logger),
	})
	if err != nil {
		b.Fatal(err)
	}
	secret, hash := server.NewSecret()
	if _, err := l.store.CreateToken(b.Context(), evenkeel.Token{Workspace: "default", Name: "bench", Scopes: []evenkeel.Scope{evenkeel.ScopeRead}, CreatedBy: "bench", CreatedAt: l.now, ExpiresAt: l.now.AddDate(1, 0, 0)}, hash); err != nil {
		b.Fatal(err)
	}
	l.token = secret
	return l
}

// promise keeps the documents, and the deployments of a month.
func (l *ledger) promise(b *testing.B, levels int) {
	b.Helper()
	w := l.store.In("default")
	for n := range levels {
		application := fmt.Sprint("application-", n/perApplication)
		if n%perApplication == 0 {
			if _, err := w.RegisterApplication(b.Context(), evenkeel.Application{Slug: application, Name: application, Claims: []string{"app:" + application}}); err != nil {
				b.Fatal(err)
			}
			l.deployed(b, application)
		}
		name := fmt.Sprint("level-", n)
		document := strings.NewReplacer("duration: 1d", "duration: 30d", "evenkeel.dev/series: availability", "evenkeel.dev/series: "+name, "target: 0.99\n", "target: 0.995\n").Replace(availabilityOf(name, application))
		if _, _, err := w.SaveServiceLevel(b.Context(), evenkeel.ServiceLevelChange{ID: name, Document: document, Application: application, By: "ada", Source: evenkeel.ServiceLevelSource{Kind: "page"}}); err != nil {
			b.Fatal(err)
		}
		l.names = append(l.names, name)
	}
}

func (l *ledger) deployed(b *testing.B, application string) {
	b.Helper()
	var events []evenkeel.Event
	for day := range 30 {
		at := l.now.AddDate(0, 0, -day).Add(-time.Hour)
		d := &evenkeel.Deployment{Application: application, Environment: "production", Status: evenkeel.StatusSuccess, Version: fmt.Sprint("1.", 30-day), StartedAt: at, FinishedAt: at.Add(time.Minute)}
		events = append(events, evenkeel.Event{Kind: evenkeel.KindDeployment, ID: fmt.Sprint(application, day), Source: "ci", ObservedAt: at, Payload: d})
	}
	if _, err := l.store.In("default").Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
}

func (l *ledger) event(n int, id string, at time.Time, slices ...evenkeel.Slice) evenkeel.Event {
	m := &evenkeel.Measurement{Application: fmt.Sprint("application-", n/perApplication), Environment: "production", Series: l.names[n], SliceSeconds: 60, Slices: slices}
	return evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: id, Source: "probe", ObservedAt: at, Payload: m}
}

// spend records the minutes of one service level, an hour of every third day bad,
// and copies them for the others.
func (l *ledger) spend(b *testing.B, dsn string) {
	b.Helper()
	var events []evenkeel.Event
	for day := range 30 {
		var list []evenkeel.Slice
		for n := range 24 * 60 {
			good := float64(996 + n%4)
			if day%3 == 0 && n/60 == 22 { // After the deployment of 10 o'clock.
				good = 950
			}
			list = append(list, evenkeel.Slice{At: clock().AddDate(0, 0, day-30).Add(time.Duration(n) * time.Minute), Good: &good, Total: new(1000.0)})
		}
		events = append(events, l.event(0, fmt.Sprint(day), l.now, list...))
	}
	if _, err := l.store.In("default").Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
	var copies []storetest.Copy
	for n := range l.names {
		p := l.event(n, "", l.now).Payload
		copies = append(copies, storetest.Copy{ID: evenkeel.FactID(p.Kind(), p.Key("probe", "")), Name: l.names[n], Application: fmt.Sprint("application-", n/perApplication), Subject: p.Subject().String()})
	}
	storetest.CopySeries(b, dsn, "default", copies[0].ID, copies[1:])
}

// measured records the last ten minutes of some service levels, as those that are
// asked for together are kept.
func (l *ledger) measured(b *testing.B, from, to int) {
	b.Helper()
	l.minute++
	var events []evenkeel.Event
	for n := from; n < to; n++ {
		var list []evenkeel.Slice
		for ago := range 10 {
			list = append(list, evenkeel.Slice{At: l.now.Add(-time.Duration(1+ago) * time.Minute), Good: new(999.0), Total: new(1000.0)})
		}
		events = append(events, l.event(n, fmt.Sprint("more-", l.minute), l.now, list...))
	}
	if _, err := l.store.In("default").Record(b.Context(), events); err != nil {
		b.Fatal(err)
	}
}

// ask is the time of the first page of the list.
func (l *ledger) ask(b *testing.B) time.Duration {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/v1/service-levels", nil)
	r.Header.Set("Authorization", "Bearer "+l.token)
	answer := httptest.NewRecorder()
	start := time.Now()
	l.server.Handler().ServeHTTP(answer, r)
	took := time.Since(start)
	text, _ := io.ReadAll(answer.Body)
	if answer.Code != http.StatusOK || strings.Count(string(text), `"last_spender":{`) < 40 {
		b.Fatalf("%d %.2000s", answer.Code, text)
	}
	return took
}

// BenchmarkServiceLevelList asks for the first page of the list of all service
// levels of 30 days, without a tag. "first" follows a start with every budget
// counted and nobody's spender worked out, "again" is the same question again,
// "measured" follows a share of the next minute, "minute" the turn of a minute,
// and "mark" that of ten, with spenders worked out ahead.
func BenchmarkServiceLevelList(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.DurablePostgres} {
		for _, levels := range []int{100, 5000} {
			b.Run(fmt.Sprintf("%s/levels=%d", name, levels), func(b *testing.B) {
				for range b.N {
					began := time.Now()
					l := newLedger(b, dsn(b), levels)
					b.Logf("set up in %s", time.Since(began))
					began = time.Now()
					if _, err := l.server.Budgets.Present(b.Context(), "default", l.now); err != nil {
						b.Fatal(err)
					}
					b.Logf("every budget counted in %s", time.Since(began))
					l.list(b)
				}
			})
		}
	}
}

func (l *ledger) list(b *testing.B) {
	b.Helper()
	b.ReportMetric(float64(l.ask(b).Milliseconds()), "first-ms")
	if err := l.server.SpendAhead(b.Context()); err != nil {
		b.Fatal(err)
	}
	times := map[string][]time.Duration{}
	note := func(what string) { times[what] = append(times[what], l.ask(b)) }
	for n := range 40 {
		note("again")
		share := len(l.names) / 100
		l.measured(b, n*share, (n+1)*share)
		note("measured")
		l.measured(b, 0, n*share)
		l.measured(b, (n+1)*share, len(l.names))
		l.now = l.now.Add(time.Minute)
		note("minute")
		if n%10 == 0 {
			l.now = l.now.Truncate(10 * time.Minute).Add(10 * time.Minute)
			l.measured(b, 0, len(l.names))
			start := time.Now()
			if err := l.server.SpendAhead(b.Context()); err != nil {
				b.Fatal(err)
			}
			times["ahead"] = append(times["ahead"], time.Since(start))
			l.now = l.now.Add(time.Minute)
			note("mark")
		}
	}
	for what, list := range times {
		slices.Sort(list)
		b.ReportMetric(float64(list[len(list)/2].Microseconds())/1000, what+"-p50-ms")
		b.ReportMetric(float64(list[len(list)*99/100].Microseconds())/1000, what+"-p99-ms")
	}
}
