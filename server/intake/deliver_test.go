package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func clock() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func databases() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
}

func open(t *testing.T, dsn string, workspaces ...string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, slug := range workspaces {
		if err := s.EnsureWorkspace(t.Context(), evenkeel.WorkspaceInfo{Slug: slug, Name: slug}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// keeping counts the transactions of a store.
type keeping struct {
	*store.Store
	calls atomic.Int64
}

func (k *keeping) deliver(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
	k.calls.Add(1)
	for _, d := range deliveries {
		if d.Event == "panic" {
			panic("a fault of the program")
		}
	}
	return k.In(workspace).Deliver(ctx, deliveries)
}

// start runs a committer until the test stops it.
func start(t *testing.T, d intake.Deliver) (c *intake.Committer, log *bytes.Buffer, stop func()) {
	t.Helper()
	log = &bytes.Buffer{}
	c = intake.NewCommitter(d, slog.New(slog.NewTextHandler(log, nil)))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return c, log, stop
}

// genuine is a delivery of one successful deployment.
func genuine(id string) evenkeel.Delivery {
	return evenkeel.Delivery{
		Connection: "c1", Source: "signed", Event: "deployment", Key: id, Body: []byte("a private body " + id), ReceivedAt: clock(), Outcome: evenkeel.OutcomeRecorded,
		Events: []evenkeel.Event{{
			Kind: evenkeel.KindDeployment, ID: id, Source: "ci", ObservedAt: clock(),
			Payload: &evenkeel.Deployment{Application: "checkout", Environment: "production", Status: evenkeel.StatusSuccess, FinishedAt: clock()},
		}},
	}
}

// spoilt is one that the store refuses.
func spoilt(id string) evenkeel.Delivery {
	d := genuine(id)
	d.Outcome = "unheard-of"
	return d
}

// failer is a test or a check of rapid.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// kept counts how often each key is kept in a workspace.
func kept(t failer, s *store.Store, workspace string) map[string]int {
	t.Helper()
	found := map[string]int{}
	f := evenkeel.DeliveryFilter{Limit: 500}
	for {
		page, err := s.In(workspace).Deliveries(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Items {
			found[d.Key]++
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return found
		}
	}
}

// TestWhatIsAcknowledgedIsKept submits deliveries from many senders: good ones
// of two workspaces, repeated ones, and ones that cannot be kept.
func TestWhatIsAcknowledgedIsKept(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, dsn(t), "default", "other")
			c, log, _ := start(t, (&keeping{Store: s}).deliver)
			var round atomic.Int64
			rapid.Check(t, func(t *rapid.T) {
				n := round.Add(1)
				plans := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "good", "good", "again", "other", "spoilt", "panic", "nowhere"}), 1, 40).Draw(t, "plans")
				var senders sync.WaitGroup
				results := make([]error, len(plans))
				for i, plan := range plans {
					id := fmt.Sprintf("r%d-%d", n, i)
					d, workspace := genuine(id), "default"
					switch plan {
					case "again":
						d = genuine(fmt.Sprintf("r%d-again", n))
					case "other", "nowhere":
						workspace = plan
					case "spoilt":
						d = spoilt(id)
					case "panic":
						d.Event = "panic"
					}
					senders.Go(func() { _, results[i] = c.Submit(context.Background(), workspace, d) })
				}
				senders.Wait()
				check(t, s, plans, results, n)
			})
			if text := log.String(); strings.Contains(text, "private body") || strings.Contains(text, "a fault of") {
				t.Error("the log holds what was delivered, or the text of a panic")
			}
		})
	}
}

func check(t *rapid.T, s *store.Store, plans []string, results []error, round int64) {
	here, there := kept(t, s, "default"), kept(t, s, "other")
	for i, plan := range plans {
		id := fmt.Sprintf("r%d-%d", round, i)
		switch bad := plan == "spoilt" || plan == "panic" || plan == "nowhere"; {
		case bad != (results[i] != nil):
			t.Fatalf("%s %s: %v", plan, id, results[i])
		case bad && here[id]+there[id] > 0:
			t.Fatalf("%s %s is kept", plan, id)
		case plan == "good" && here[id] != 1, plan == "other" && there[id] != 1, plan == "again" && here[fmt.Sprintf("r%d-again", round)] != 1:
			t.Fatalf("%s %s is kept %d and %d times", plan, id, here[id], there[id])
		}
	}
}

// TestArrivalsShareATransaction holds the first transaction until all others
// wait.
func TestArrivalsShareATransaction(t *testing.T) {
	t.Parallel()
	s := &keeping{Store: open(t, storetest.SQLite(t), "default")}
	first, all := make(chan struct{}), make(chan struct{})
	c, _, _ := start(t, func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
		if s.calls.Load() == 0 {
			close(first)
			<-all
		}
		return s.deliver(ctx, workspace, deliveries)
	})
	var senders sync.WaitGroup
	submit := func(i int) {
		senders.Go(func() {
			if _, err := c.Submit(t.Context(), "default", genuine(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	submit(0)
	<-first
	for i := 1; i <= 300; i++ {
		submit(i)
	}
	for c.Waiting() < 300 {
		time.Sleep(time.Millisecond)
	}
	close(all)
	senders.Wait()
	if n := s.calls.Load(); n != 3 {
		t.Errorf("301 deliveries took %d transactions, want 3: 1, 256 and 44", n)
	}
	if got := kept(t, s.Store, "default"); len(got) != 301 {
		t.Errorf("%d of 301 are kept", len(got))
	}
}

func TestAFullQueueRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size, fit int
	}{"deliveries": {1, 2048}, "bytes": {20 << 20, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			committer := intake.NewCommitter(nil, slog.New(slog.DiscardHandler)) // It does not run, so nothing leaves the queue.
			d := evenkeel.Delivery{Body: make([]byte, c.size)}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			for i := range c.fit {
				if _, err := committer.Submit(gone, "default", d); !errors.Is(err, context.Canceled) {
					t.Fatalf("delivery %d: %v", i, err)
				}
			}
			if _, err := committer.Submit(t.Context(), "default", d); !errors.Is(err, intake.ErrBusy) {
				t.Errorf("one more: %v, want ErrBusy", err)
			}
		})
	}
}

func TestStoppingKeepsWhatWasTaken(t *testing.T) {
	t.Parallel()
	s := &keeping{Store: open(t, storetest.SQLite(t), "default")}
	busy, release := make(chan struct{}), make(chan struct{})
	c, _, stop := start(t, func(ctx context.Context, workspace string, deliveries []evenkeel.Delivery) ([]evenkeel.Delivered, error) {
		if s.calls.Load() == 0 {
			close(busy)
			<-release
		}
		return s.deliver(ctx, workspace, deliveries)
	})
	var senders sync.WaitGroup
	send := func(i int) {
		senders.Go(func() {
			if _, err := c.Submit(t.Context(), "default", genuine(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	send(0)
	<-busy // With one delivery: all others wait.
	for i := range 19 {
		send(i + 1)
	}
	for c.Waiting() < 19 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	stop()
	senders.Wait()
	if got := kept(t, s.Store, "default"); len(got) != 20 {
		t.Errorf("%d of 20 are kept", len(got))
	}
	if _, err := c.Submit(t.Context(), "default", genuine("late")); !errors.Is(err, intake.ErrBusy) {
		t.Errorf("after the end: %v, want ErrBusy", err)
	}
}
