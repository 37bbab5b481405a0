package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

func TestBodiesExpireWhenTheyAreOld(t *testing.T) {
	t.Parallel()
	s := fresh(t, storetest.SQLite(t), evenkeel.Catalogue{})
	w := s.In("default")
	var sent []evenkeel.Delivery
	for _, age := range []time.Duration{89 * 24 * time.Hour, 91 * 24 * time.Hour} {
		sent = append(sent, evenkeel.Delivery{
			Connection: "c", Source: "github", Event: "ping", Key: age.String(), Body: []byte("{}"), ReceivedAt: clock().Add(-age),
			Outcome: evenkeel.OutcomeIgnored, Reason: "a test",
		})
	}
	kept, err := w.Deliver(t.Context(), sent)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	expired := 0
	err = jobs.Expire(ctx, s, 90*24*time.Hour, clock, slog.New(slog.DiscardHandler), func(n int) { expired += n; stop() })
	if err != nil || expired != 1 {
		t.Fatalf("%d expired, %v", expired, err)
	}
	for i, gone := range []bool{false, true} {
		if d, err := w.Delivery(t.Context(), kept[i].ID); err != nil || d.Expired != gone || (d.Body == nil) != gone {
			t.Errorf("delivery %d: expired %v, body %q, %v", i, d.Expired, d.Body, err)
		}
	}
}

func TestAFailureToExpireIsLogged(t *testing.T) {
	t.Parallel()
	s := fresh(t, storetest.SQLite(t), evenkeel.Catalogue{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	log := ending{end: stop}
	if err := jobs.Expire(ctx, s, time.Hour, clock, slog.New(slog.NewTextHandler(&log, nil)), func(int) {}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "bodies not expired") {
		t.Errorf("log: %s", log.String())
	}
}

// ending is a log that ends the work with its first line.
type ending struct {
	bytes.Buffer
	end func()
}

func (e *ending) Write(line []byte) (int, error) {
	defer e.end()
	return e.Buffer.Write(line)
}
