package pull_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// pass reads what is due minute by minute.
func (o *office) pass(minutes int) {
	o.t.Helper()
	for range minutes {
		if err := o.clock.Sleep(o.t.Context(), time.Minute); err != nil {
			o.t.Fatal(err)
		}
		o.readAll()
	}
}

// known are the times of which it is known through connections, as of an instant,
// what happened.
func (o *office) known(at time.Time) (list []evenkeel.Window) {
	o.t.Helper()
	spans, err := o.store.In("acme").ConnectionSpans(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, one := range spans {
		if !one.From.After(at) {
			list = append(list, one.Known(at)...)
		}
	}
	return slo.Joined(list)
}

// TestWhatIsNotReadIsNotKnown: a connection is known by what was read through it.
// Its past is read down to 30 days. For half a day the vendor refuses the
// credentials, and tells what happened meanwhile when they hold again. Then the
// connection is removed for a day, and made anew first with credentials that do
// not hold.
func TestWhatIsNotReadIsNotKnown(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	settings := `{"services":{"PCHK001":{"application":"checkout"}},"api":{"url":"URL","token":"${env:T}","history":"30d"}}`
	eachOf(t, "pagerduty", settings, begin, func() http.Handler { return vendortest.NewPagerDuty() }, func(t *testing.T, o *office, _ http.Handler) {
		was := map[time.Time][]evenkeel.Window{}
		check := func(when string, slack time.Duration, ends ...time.Time) {
			t.Helper()
			now := o.clock.Now()
			got := o.known(now)
			was[now] = got
			if len(got) != len(ends)/2 {
				t.Fatalf("%s, at %v: %v", when, now, got)
			}
			for i, w := range got {
				if w.From.Sub(ends[2*i]).Abs() > slack || w.To.Sub(ends[2*i+1]).Abs() > slack {
					t.Errorf("%s: %v, want %v", when, w, ends[2*i:2*i+2])
				}
			}
		}
		refuse := vendortest.Status(http.StatusUnauthorized)
		past, soon := begin.AddDate(0, 0, -30), 15*time.Minute
		check("before it is asked", 0)
		o.readAll()
		check("before it is known to be read", 0)
		o.pass(1)
		check("read", soon, past, o.clock.Now())
		o.pass(29)
		check("read again and again", soon, past, o.clock.Now())

		o.vendor.Always(refuse)
		lost := o.clock.Now()
		o.pass(30)
		check("refused for half an hour", soon, past, o.clock.Now())
		o.pass(690)
		check("refused for half a day", soon, past, lost)
		o.vendor.Always(nil)
		o.pass(90)
		check("heard again", soon, past, o.clock.Now())

		removed := o.clock.Now()
		if err := o.store.In("acme").RemoveConnection(t.Context(), o.connection.ID); err != nil {
			t.Fatal(err)
		}
		o.pass(60)
		check("removed", soon, past, removed)
		if err := o.clock.Sleep(t.Context(), 23*time.Hour); err != nil {
			t.Fatal(err)
		}
		o.vendor.Always(refuse)
		again, err := o.store.In("acme").SaveConnection(t.Context(), evenkeel.Connection{Source: "pagerduty", Name: "again", Settings: o.connection.Settings})
		if err != nil {
			t.Fatal(err)
		}
		o.connection = again
		o.pass(30)
		check("connected again, and refused", soon, past, removed)
		o.vendor.Always(nil)
		o.pass(2)
		check("connected again, and read", soon, past, o.clock.Now())
		for at, want := range was {
			if got := o.known(at); !slices.Equal(got, want) {
				t.Errorf("as of %v: %v, then %v", at, got, want)
			}
		}
	})
}

// TestOneThatIsToldIsKnownByThat: a connection that stops being asked tells by
// itself from then on.
func TestOneThatIsToldIsKnownByThat(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	settings := `{"services":{"PCHK001":{"application":"checkout"}},"api":{"url":"URL","token":"${env:T}"}}`
	eachOf(t, "pagerduty", settings, begin, func() http.Handler { return vendortest.NewPagerDuty() }, func(t *testing.T, o *office, _ http.Handler) {
		o.vendor.Always(vendortest.Status(http.StatusUnauthorized))
		o.pass(120)
		if got := o.known(o.clock.Now()); len(got) > 1 || len(got) == 1 && got[0].To.Sub(got[0].From) > time.Minute {
			t.Errorf("asked in vain: %v", got)
		}
		o.connection.Settings = []byte(`{"services":{"PCHK001":{"application":"checkout"}}}`)
		if _, err := o.store.In("acme").SaveConnection(t.Context(), o.connection); err != nil {
			t.Fatal(err)
		}
		o.pass(2)
		told := o.clock.Now()
		o.pass(120)
		got := o.known(o.clock.Now())
		if last := got[len(got)-1]; last.From.Before(told.Add(-2*time.Minute)) || !last.To.Equal(o.clock.Now()) {
			t.Errorf("told: %v", got)
		}
	})
}
