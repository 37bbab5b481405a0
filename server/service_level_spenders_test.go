package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// spent is a history of two service levels, of which some minutes are bad.
type spent struct {
	*history
	dsn string
	n   int
}

// minutes records the minutes before the present of an application, of which the
// last are bad. They replace those of before.
func (s *spent) minutes(application string, minutes, bad int) {
	s.t.Helper()
	s.n++
	m := &evenkeel.Measurement{Application: application, Environment: "production", Series: "availability", SliceSeconds: 60}
	for n := minutes; n > 0; n-- {
		total, wrong := 100.0, 0.0
		if n <= bad {
			wrong = 20
		}
		m.Slices = append(m.Slices, evenkeel.Slice{At: s.now.Add(-time.Duration(n) * time.Minute), Bad: &wrong, Total: &total})
	}
	s.record(evenkeel.Event{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint("minutes-", s.n), Source: "probe", ObservedAt: s.now, Payload: m})
}

func (s *spent) record(e evenkeel.Event) {
	s.t.Helper()
	if _, err := s.store.In("default").Record(s.t.Context(), []evenkeel.Event{e}); err != nil {
		s.t.Fatal(err)
	}
}

// deployed records a deployment that began some minutes ago.
func (s *spent) deployed(application string, ago int) {
	s.t.Helper()
	s.n++
	at := s.now.Add(-time.Duration(ago) * time.Minute)
	d := &evenkeel.Deployment{Application: application, Environment: "production", Status: evenkeel.StatusSuccess, Version: fmt.Sprint("1.", s.n), StartedAt: at, FinishedAt: at.Add(time.Minute)}
	s.record(evenkeel.Event{Kind: evenkeel.KindDeployment, ID: fmt.Sprint("d", s.n), Source: "ci", ObservedAt: s.now, Payload: d})
}

// keep keeps a document.
func (s *spent) keep(application, target string) {
	s.t.Helper()
	document := strings.Replace(availabilityOf(application+"-availability", application), "target: 0.99", "target: "+target, 1)
	if _, _, err := s.store.In("default").SaveServiceLevel(s.t.Context(), evenkeel.ServiceLevelChange{ID: application + "-availability", Document: document, Application: application, By: "ada", Source: evenkeel.ServiceLevelSource{Kind: "page"}}); err != nil {
		s.t.Fatal(err)
	}
}

// list is the answer of a server.
func (s *spent) list(of site) string {
	s.t.Helper()
	got := of.do("GET", "/api/v1/service-levels", s.admin, "")
	if got.status != 200 {
		s.t.Fatalf("%d: %s", got.status, got.text)
	}
	return got.text
}

// anew is another server on the same store, that remembers nothing.
func (s *spent) anew() site {
	s.t.Helper()
	other := startHistory(s.t, s.dsn, 1)
	other.now = s.now
	return other.site
}

// change changes something of what the last spenders follow from.
func (s *spent) change(step int) {
	s.t.Helper()
	application := []string{"shop", "pay"}[step%2]
	switch s.random.IntN(7) {
	case 0:
		s.minutes(application, 1+s.random.IntN(40), s.random.IntN(20))
	case 1:
		s.deployed(application, s.random.IntN(120))
	case 2:
		s.keep(application, []string{"0.99", "0.995", "0.98"}[s.random.IntN(3)])
	case 3:
		to := s.now.Add(-time.Duration(s.random.IntN(60)) * time.Minute)
		correction := evenkeel.Correction{ServiceLevel: application + "-availability", From: to.Add(-30 * time.Minute), To: to, Mode: "exclude", Reason: "moved", Author: "ada"}
		if _, err := s.store.In("default").AddCorrection(s.t.Context(), correction); err != nil {
			s.t.Fatal(err)
		}
	case 4:
		if err := s.handler.SpendAhead(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	default:
		s.now = s.now.Add(time.Duration(1+s.random.IntN(12)) * time.Minute)
	}
}

// TestSpendersThatAreHeldAreThoseOfAnew: while minutes, deployments, corrections
// and documents come and marks pass, the list of a server that remembers who
// spent budgets is, byte for byte, that of one that has just begun.
func TestSpendersThatAreHeldAreThoseOfAnew(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &spent{dsn: dsn(t)}
			s.history = startHistory(t, s.dsn, 5)
			for _, application := range []string{"shop", "pay"} {
				s.register(application)
				s.keep(application, "0.99")
				s.minutes(application, 1400, 60)
				s.deployed(application, 61)
			}
			named := 0
			for step := range 40 {
				s.change(step)
				held, anew := s.list(s.site), s.list(s.anew())
				if held != anew {
					t.Fatalf("step %d at %s\n%s\nanew\n%s", step, s.now, held, anew)
				}
				named += strings.Count(held, `"last_spender":{`)
			}
			if named < 20 {
				t.Errorf("%d spenders are named, so this test proves nothing", named)
			}
		})
	}
}

// TestASpenderIsToldAsOfTheMark works one by hand: at 12:01 the mark of 12:00
// holds. What is deployed and measured after it shows at the next mark, 12:10,
// which holds from 12:11.
func TestASpenderIsToldAsOfTheMark(t *testing.T) {
	t.Parallel()
	s := &spent{dsn: storetest.SQLite(t)}
	s.history = startHistory(t, s.dsn, 5)
	s.register("shop")
	s.keep("shop", "0.99")
	s.now = clock().Add(-5 * time.Hour)
	s.minutes("shop", 1100, 60)
	s.deployed("shop", 61)
	told := func(minute int, want string) {
		t.Helper()
		s.now = clock().Add(time.Duration(minute) * time.Minute)
		if got := s.list(s.site); !strings.Contains(got, `"title":"`+want+`"`) {
			t.Errorf("%d minutes after 12 want %s: %s", minute, want, got)
		}
	}
	told(-5*60, "1.2") // Nothing was known ten minutes before, so the present is told.
	told(0, "1.2")
	s.minutes("shop", 300, 0)
	told(1, "1.2")
	s.deployed("shop", 0)
	told(9, "1.2")
	s.minutes("shop", 8, 8)
	told(9, "1.2")
	told(10, "1.2")
	told(11, "1.4")
}
