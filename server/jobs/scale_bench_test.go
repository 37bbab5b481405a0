package jobs_test

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/demo"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// sizes are the numbers of changes to measure at: BENCH_SIZES, as in
// "10k,100k,1M".
func sizes(b *testing.B) []int {
	b.Helper()
	text := os.Getenv("BENCH_SIZES")
	if text == "" {
		text = "10k,100k"
	}
	var list []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.NewReplacer("k", "000", "M", "000000").Replace(strings.TrimSpace(word)))
		if err != nil {
			b.Fatalf("BENCH_SIZES: %q is not a number such as 10k", word)
		}
		list = append(list, n)
	}
	return list
}

func benched() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.DurablePostgres}
}

// BenchmarkScale measures a company of so many changes, filled once: its
// import, deriving everything anew, and the overview of half a year. Ratios of
// one run are what to look at; scripts/bench.sh prints them.
func BenchmarkScale(b *testing.B) {
	for name, dsn := range benched() {
		for _, changes := range sizes(b) {
			b.Run(fmt.Sprintf("%s/changes=%d", name, changes), func(b *testing.B) {
				for range b.N {
					scale(b, dsn(b), changes)
				}
			})
		}
	}
}

// factsPerChange is how many facts the invented companies have for a change.
const factsPerChange = 5.26

func scale(b *testing.B, dsn string, changes int) {
	b.Helper()
	start := time.Now()
	s, slug := filled(b, dsn, demo.Large(changes, 42, clock()))
	b.ReportMetric(float64(changes)*factsPerChange/time.Since(start).Seconds(), "import-facts/s")
	resetPeak(b)
	var rounds []time.Duration
	d := deriver(s)
	for round := range 3 {
		rounds = append(rounds, recompute(b, s, d, slug, round))
		if round == 0 {
			b.ReportMetric(peak(b), "peak-MiB")
		}
	}
	b.ReportMetric(slices.Min(rounds).Seconds(), "recompute-s")
	b.ReportMetric(peak(b), "peak-again-MiB") // The results before are served meanwhile.
	d = deriver(s)
	start = time.Now()
	overview(b.Context(), b, d, slug)
	b.ReportMetric(milliseconds(time.Since(start)), "overview-first-ms")
	var answers []time.Duration
	for range 100 {
		start = time.Now()
		overview(b.Context(), b, d, slug)
		answers = append(answers, time.Since(start))
	}
	report(b, "overview", answers)
}

// report tells the median and the 99th percentile of times.
func report(b *testing.B, what string, times []time.Duration) {
	b.Helper()
	slices.Sort(times)
	b.ReportMetric(milliseconds(times[len(times)/2]), what+"-p50-ms")
	b.ReportMetric(milliseconds(times[len(times)*99/100-1]), what+"-p99-ms")
}

// recompute derives every application by a rule that is new.
func recompute(b *testing.B, s *store.Store, d *jobs.Deriver, slug string, round int) time.Duration {
	b.Helper()
	policy := evenkeel.DefaultPolicy()
	policy.FailureWindow = time.Hour + time.Duration(round)*time.Minute
	if _, _, err := s.In(slug).SavePolicy(b.Context(), evenkeel.PolicyChange{Policy: policy}); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if _, err := d.Results(b.Context(), slug); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// resetPeak gives back what is not in use and has the system measure the peak of
// this process's memory anew; where it cannot, the peak is that since the start.
// From then on the heap grows as that of a server does.
func resetPeak(b *testing.B) {
	b.Helper()
	percent := debug.SetGCPercent(50)
	b.Cleanup(func() { debug.SetGCPercent(percent) })
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peak is the most memory that this process has used, in MiB.
func peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// BenchmarkOneDeployment follows deployments of one application, each with a
// new change of four commits, beside a history of so many changes: recording,
// and bringing the results up to date. The median counts.
func BenchmarkOneDeployment(b *testing.B) {
	for name, dsn := range benched() {
		for _, changes := range []int{10_000, 100_000} {
			b.Run(fmt.Sprintf("%s/changes=%d", name, changes), func(b *testing.B) {
				s := single(b, dsn(b), changes)
				d := deriver(s)
				w := s.In("one")
				var recording, following []time.Duration
				for n := range 20 {
					start := time.Now()
					if _, err := w.Record(b.Context(), oneChange(changes+n, changes, true)); err != nil {
						b.Fatal(err)
					}
					recorded := time.Now()
					if _, err := d.Results(b.Context(), "one"); err != nil {
						b.Fatal(err)
					}
					recording, following = append(recording, recorded.Sub(start)), append(following, time.Since(recorded))
				}
				slices.Sort(recording)
				slices.Sort(following)
				b.ReportMetric(milliseconds(recording[len(recording)/2]), "record-ms")
				b.ReportMetric(milliseconds(following[len(following)/2]), "follow-ms")
			})
		}
	}
}

// single is a store with one application of so many changes.
func single(b *testing.B, dsn string, changes int) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{DSN: dsn, Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if err := s.EnsureWorkspace(b.Context(), evenkeel.WorkspaceInfo{Slug: "one", Name: "One"}); err != nil {
		b.Fatal(err)
	}
	c := evenkeel.Catalogue{Applications: []evenkeel.Application{{Slug: "one", Claims: []string{"repo:" + oneRepository}}}}
	if err := s.In("one").ApplyCatalogue(b.Context(), c); err != nil {
		b.Fatal(err)
	}
	var batch []evenkeel.Event
	for i := range changes {
		if batch = append(batch, oneChange(i, changes, i%4 == 3)...); len(batch) < 10_000 && i < changes-1 {
			continue
		}
		if _, err := s.In("one").Record(context.WithoutCancel(b.Context()), batch); err != nil {
			b.Fatal(err)
		}
		batch = batch[:0]
	}
	return s
}

const oneRepository = "example.com/acme/one"

// oneChange is change number i of a history in a line, and its deployment. A
// history of so many changes ends on one day, however long it is, so that its
// last month is equally full.
func oneChange(i, changes int, deployed bool) []evenkeel.Event {
	at := clock().AddDate(0, 0, -1).Add(time.Duration(i-changes) * 4 * time.Minute)
	sha := func(n int) string { return fmt.Sprintf("%08x%032x", uint32(n)*2654435761, n+1) }
	var events []evenkeel.Event
	say := func(id string, p evenkeel.Payload) {
		events = append(events, evenkeel.Event{Kind: p.Kind(), ID: id, Source: "bench", ObservedAt: at.Add(2 * time.Minute), Payload: p})
	}
	for k := range 4 {
		c := &evenkeel.Commit{Repository: oneRepository, SHA: sha(4*i + k), AuthoredAt: at.Add(-time.Hour), CommittedAt: at}
		if i+k > 0 {
			c.Parents = []string{sha(4*i + k - 1)}
		}
		say(c.SHA, c)
	}
	say(strconv.Itoa(i), &evenkeel.Change{Repository: oneRepository, Number: i + 1, State: evenkeel.ChangeMerged, OpenedAt: at.Add(-time.Hour), MergedAt: at, MergeCommit: sha(4*i + 3), Base: "main"})
	if deployed {
		say("d"+strconv.Itoa(i), &evenkeel.Deployment{Environment: "production", Status: evenkeel.StatusSuccess, Repository: oneRepository, Commit: sha(4*i + 3), FinishedAt: at.Add(2 * time.Minute)})
	}
	return events
}
