package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func idOf(n int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n)))
	return hex.EncodeToString(sum[:20])
}

// history is what an import of n changes brings, in the proportions of a
// company: per change four commits, a quarter of a deployment, and an incident
// for one deployment in twenty; over 40 repositories, in the order of time.
func history(n int, commits bool) []evenkeel.Event {
	var events []evenkeel.Event
	for i := range n {
		at := noon.Add(time.Duration(i) * 7 * time.Minute)
		repository := "github.com/acme/service-" + strconv.Itoa(i%40)
		if commits {
			events = append(events, fourCommits(i, repository, at)...)
		}
		events = append(events, event("github:github.com", strconv.Itoa(i), at.Add(3*time.Hour), &evenkeel.Change{
			Repository: repository, Number: 1 + i/40, State: evenkeel.ChangeMerged, OpenedAt: at, ReadyAt: at.Add(time.Minute),
			FirstReviewAt: at.Add(time.Hour), ApprovedAt: at.Add(2 * time.Hour), MergedAt: at.Add(3 * time.Hour), MergeCommit: idOf(4*i + 3), Head: idOf(4*i + 2), Base: "main",
			Commits: []evenkeel.ChangeCommit{{SHA: idOf(4 * i), AuthoredAt: at}, {SHA: idOf(4*i + 1), AuthoredAt: at}, {SHA: idOf(4*i + 2), AuthoredAt: at}},
			Reviews: []evenkeel.Review{{At: at.Add(time.Hour), State: "approved", Author: "user-" + strconv.Itoa(i%300)}},
			Size:    &evenkeel.Size{Files: 3, Added: 40, Deleted: 12},
		}))
		if i%4 == 3 {
			events = append(events, event("github:github.com", "deploy-"+strconv.Itoa(i), at.Add(4*time.Hour), &evenkeel.Deployment{
				Origin: "github:acme/service-" + strconv.Itoa(i%40), Environment: "production", Status: evenkeel.StatusSuccess, Repository: repository,
				Commit: idOf(4*i + 3), Ref: "main", StartedAt: at.Add(200 * time.Minute), FinishedAt: at.Add(4 * time.Hour), ActorKind: evenkeel.ActorBot,
			}))
		}
		if i%80 == 79 {
			events = append(events, event("pager", strconv.Itoa(i), at.Add(6*time.Hour), &evenkeel.Incident{
				Application: "service-" + strconv.Itoa(i%40), Severity: "2", OpenedAt: at.Add(5 * time.Hour), ResolvedAt: at.Add(6 * time.Hour), CausedBy: "deploy-" + strconv.Itoa(i),
			}))
		}
	}
	return events
}

func fourCommits(i int, repository string, at time.Time) []evenkeel.Event {
	events := make([]evenkeel.Event, 4)
	for k := range events {
		n := 4*i + k
		c := &evenkeel.Commit{Repository: repository, SHA: idOf(n), AuthoredAt: at, CommittedAt: at.Add(time.Duration(k) * time.Second)}
		if i >= 40 || k > 0 {
			parent := n - 1
			if k == 0 {
				parent = 4*(i-40) + 3
			}
			c.Parents = []string{idOf(parent)}
		}
		events[k] = event("git", c.SHA, c.CommittedAt, c)
	}
	return events
}

// company is a workspace with the applications that the history names.
func company(b testing.TB, dsn string) *store.Workspace {
	b.Helper()
	s := open(b, dsn)
	ensure(b, s, "acme")
	var c evenkeel.Catalogue
	for i := range 40 {
		name := "service-" + strconv.Itoa(i)
		c.Applications = append(c.Applications, evenkeel.Application{Slug: name, Claims: []string{"github:acme/" + name}})
	}
	if err := s.In("acme").ApplyCatalogue(b.Context(), c); err != nil {
		b.Fatal(err)
	}
	return s.In("acme")
}

// processor is the time that all cores have spent on this process, which a
// busy machine does not distort. PostgreSQL's own work is not in it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkRecord imports a history into an empty store. facts/s is what the
// wall clock says, cpu-facts/s what the process needed.
func BenchmarkRecord(b *testing.B) {
	for _, database := range durableDatabases() {
		for name, commits := range map[string]bool{"mixed": true, "rows": false} {
			b.Run(database.name+"/"+name, func(b *testing.B) {
				events := history(10_000, commits)
				var spent time.Duration
				b.ResetTimer()
				for range b.N {
					b.StopTimer()
					w := company(b, database.dsn(b))
					before := processor(b)
					b.StartTimer()
					importAll(b, w, events)
					spent += processor(b) - before
				}
				facts := float64(len(events) * b.N)
				b.ReportMetric(facts/b.Elapsed().Seconds(), "facts/s")
				b.ReportMetric(facts/spent.Seconds(), "cpu-facts/s")
			})
		}
	}
}

// BenchmarkRecordOne records one deployment at a time beside 20,000 stored
// facts, as a webhook does.
func BenchmarkRecordOne(b *testing.B) {
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			w := company(b, database.dsn(b))
			importAll(b, w, history(4_000, true))
			n := 0
			for b.Loop() {
				n++
				record(b, w, deploy("hook", strconv.Itoa(n), evenkeel.Deployment{Origin: "github:acme/service-1", Repository: "github.com/acme/service-1", Commit: idOf(n)}))
			}
		})
	}
}

type database struct {
	name string
	dsn  func(testing.TB) string
}

func durableDatabases() []database {
	return []database{{"sqlite", storetest.SQLite}, {"postgres", storetest.DurablePostgres}}
}

// importAll records events in the pieces that a command reads at once.
func importAll(b testing.TB, w *store.Workspace, events []evenkeel.Event) {
	b.Helper()
	const piece = 10_000
	for len(events) > 0 {
		n := min(piece, len(events))
		if _, err := w.Record(context.WithoutCancel(b.Context()), events[:n]); err != nil {
			b.Fatal(err)
		}
		events = events[n:]
	}
}

// BenchmarkFacts reads everything that one application's figures need.
func BenchmarkFacts(b *testing.B) {
	for _, database := range durableDatabases() {
		b.Run(database.name, func(b *testing.B) {
			const changes = 40_000
			w := company(b, database.dsn(b))
			importAll(b, w, history(changes, true))
			id := must[evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]]](b)(w.Deployments(b.Context(), evenkeel.Filter{Limit: 1}))
			if len(id.Items) == 0 {
				b.Fatal("no deployments")
			}
			catalogue, _, err := w.Catalogue(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			read := 0
			b.ResetTimer()
			for range b.N {
				for _, a := range catalogue.Applications {
					facts := must[evenkeel.ApplicationFacts](b)(w.Facts(b.Context(), a.ID))
					read += len(facts.Changes) + len(facts.Deployments)
				}
			}
			b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "rows/s")
			if read == 0 {
				b.Fatal("no facts")
			}
		})
	}
}

// BenchmarkGraph reads the graph of one repository of 400,000 commits: from
// segments, as the store does, and from a table with a row per commit, as the
// plainest way would be.
func BenchmarkGraph(b *testing.B) {
	const commits = 400_000
	dsn := storetest.SQLite(b)
	s := open(b, dsn)
	ensure(b, s, "acme")
	id := register(b, s.In("acme"), "shop")
	record(b, s.In("acme"), deploy("ci", "d", evenkeel.Deployment{Application: "shop", Repository: repo, Commit: idOf(commits - 1)}))
	db := raw(b, dsn)
	events := line(commits)
	importAll(b, s.In("acme"), events)
	if err := commitRows(b.Context(), db, events); err != nil {
		b.Fatal(err)
	}
	check := func(b *testing.B, g *evenkeel.Graph) {
		b.Helper()
		if tip, ok := g.Index(idOf(commits - 1)); g.Len() != commits || !ok || len(g.Parents(tip)) != 1 {
			b.Fatal("the graph is not whole")
		}
	}
	b.Run("segments", func(b *testing.B) {
		for range b.N {
			check(b, readFacts(b, s.In("acme"), id).Graphs[repo])
		}
	})
	b.Run("rows", func(b *testing.B) {
		for range b.N {
			check(b, must[*evenkeel.Graph](b)(graphOfRows(b.Context(), db)))
		}
	})
}

// line is a history without branches.
func line(commits int) []evenkeel.Event {
	events := make([]evenkeel.Event, commits)
	for n := range events {
		at := noon.Add(time.Duration(n) * time.Minute)
		c := &evenkeel.Commit{Repository: repo, SHA: idOf(n), AuthoredAt: at, CommittedAt: at}
		if n > 0 {
			c.Parents = []string{idOf(n - 1)}
		}
		events[n] = event("git", c.SHA, at, c)
	}
	return events
}

func commitRows(ctx context.Context, db *sql.DB, events []evenkeel.Event) error {
	if _, err := db.ExecContext(ctx, "CREATE TABLE commit_rows (repository text, sha text, parent text, authored integer, committed integer, PRIMARY KEY (repository, sha))"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, e := range events {
		c, _ := e.Payload.(*evenkeel.Commit)
		if _, err := tx.ExecContext(ctx, "INSERT INTO commit_rows VALUES (?, ?, ?, ?, ?)", c.Repository, c.SHA, strings.Join(c.Parents, ","), c.AuthoredAt.UnixMicro(), c.CommittedAt.UnixMicro()); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func graphOfRows(ctx context.Context, db *sql.DB) (*evenkeel.Graph, error) {
	rows, err := db.QueryContext(ctx, "SELECT sha, parent, authored, committed FROM commit_rows WHERE repository = ?", repo)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var nodes []evenkeel.Node
	for rows.Next() {
		var id, parent string
		var authored, committed int64
		if err := rows.Scan(&id, &parent, &authored, &committed); err != nil {
			return nil, err
		}
		n := evenkeel.Node{Authored: time.UnixMicro(authored).UTC(), Committed: time.UnixMicro(committed).UTC()}
		n.SHA, _ = evenkeel.ParseSHA(id)
		if p, ok := evenkeel.ParseSHA(parent); ok {
			n.Parents = []evenkeel.SHA{p}
		}
		nodes = append(nodes, n)
	}
	return evenkeel.NewGraph(nodes), rows.Err()
}
