package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// held is a workspace whose measurements are read once somebody lets go.
type held struct {
	*store.Workspace
	asked, gone chan struct{}
}

func (h held) MeasuredHours(ctx context.Context, ids []string, window evenkeel.Window, work func(evenkeel.MeasuredHour) error) error {
	select {
	case h.asked <- struct{}{}:
	default:
	}
	select {
	case <-h.gone:
		return h.Workspace.MeasuredHours(ctx, ids, window, work)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestBudgetsThatAreYetToBeCountedAreNotAnswered: neither an empty list nor one of
// budgets without their past, while the server reads what was measured.
func TestBudgetsThatAreYetToBeCountedAreNotAnswered(t *testing.T) {
	t.Parallel()
	asked, gone := make(chan struct{}, 1), make(chan struct{})
	var kept *budgets.Budgets
	s := startWith(t, storetest.SQLite(t), func(c *server.Config) {
		opened, ok := c.Store.(*store.Store)
		if !ok {
			t.Fatalf("the store is %T", c.Store)
		}
		kept = budgets.New(func(slug string) budgets.Workspace { return held{opened.In(slug), asked, gone} })
		c.Budgets, c.Patience = kept, time.Millisecond
	})
	s.register("shop")
	s.measure("shop", 10, 1, 5)
	s.save(availabilityOf("shop-availability", "shop"))
	counted := make(chan error, 1)
	go func() {
		_, err := kept.Present(context.WithoutCancel(t.Context()), "default", clock())
		counted <- err
	}()
	<-asked
	for _, path := range []string{"/api/v1/service-levels", "/api/v1/service-levels/shop-availability", "/api/v1/service-levels/shop-availability/burndown"} {
		if got := s.do("GET", path, s.reader(), ""); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || !strings.Contains(got.text, "0 of 1 budgets are counted") {
			t.Errorf("%s while counting: %d %s", path, got.status, got.text)
		}
	}
	close(gone)
	if err := <-counted; err != nil {
		t.Fatal(err)
	}
	if got := s.do("GET", "/api/v1/service-levels", s.reader(), ""); got.status != http.StatusOK || !strings.Contains(got.text, "shop-availability") {
		t.Errorf("when counted: %d %s", got.status, got.text)
	}
}
