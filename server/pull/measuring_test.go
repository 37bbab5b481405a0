package pull_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// monitor is a Prometheus that answers what a function says, and counts the
// points that it was asked for.
type monitor struct {
	mu sync.Mutex
	// value is what a query has at the end of a slice; false is nothing.
	value func(query string, at time.Time) (float64, bool)
	now   func() time.Time
	asked int
	// under are the questions under way, and most the most there were.
	under, most int
}

func (m *monitor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	m.under++
	m.most = max(m.most, m.under)
	m.mu.Unlock()
	runtime.Gosched()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.under--
	ask := r.URL.Query()
	switch {
	case strings.HasSuffix(r.URL.Path, "runtimeinfo"):
		fmt.Fprint(w, `{"data":{"storageRetention":"15d"}}`)
	case !strings.HasSuffix(r.URL.Path, "query_range"):
		fmt.Fprint(w, `{"data":{"result":[{"metric":{},"value":[1,"1"]}]}}`)
	default:
		from, _ := strconv.ParseInt(ask.Get("start"), 10, 64)
		to, _ := strconv.ParseInt(ask.Get("end"), 10, 64)
		var points []string
		for at := from; at <= to; at += 60 {
			if v, ok := m.value(ask.Get("query"), time.Unix(at, 0)); ok && !time.Unix(at, 0).After(m.now()) {
				points = append(points, fmt.Sprintf(`[%d,"%v"]`, at, v))
			}
			m.asked++
		}
		fmt.Fprintf(w, `{"data":{"result":[{"metric":{},"values":[%s]}]}}`, strings.Join(points, ","))
	}
}

func (m *monitor) says(value func(query string, at time.Time) (float64, bool)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.value = value
}

// levels are service levels of a test.
type levels struct {
	mu   sync.Mutex
	list []slo.Definition
}

func (l *levels) SLOs(context.Context) ([]slo.Definition, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list), nil
}

func (l *levels) SLO(_ context.Context, name string) (slo.Definition, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.list {
		if one.Name == name {
			return one, nil
		}
	}
	return slo.Definition{}, evenkeel.ErrNotFound
}

func (l *levels) set(list ...slo.Definition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = list
}

// observatory is an office with a connection to a Prometheus and one service
// level.
type observatory struct {
	*office
	monitor *monitor
	server  *vendortest.Server
	levels  *levels
}

func availability() slo.Definition {
	source := func(query string) *slo.Source {
		return &slo.Source{DataSource: "prom", Type: "Prometheus", Query: query}
	}
	return slo.Definition{
		Name: "checkout-availability", Service: "checkout", Environment: "production", Slice: time.Minute, Method: slo.Occurrences,
		Window:    slo.TimeWindow{Span: slo.Span{N: 4, Unit: slo.Day}},
		Indicator: slo.Indicator{Kind: slo.GoodOfTotal, Series: "availability", Good: source("good"), Total: source("total")},
	}
}

func eachObservatory(t *testing.T, test func(t *testing.T, o *observatory)) {
	t.Helper()
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &observatory{office: newOffice(t, dsn(t)), levels: &levels{list: []slo.Definition{availability()}}}
			o.monitor = &monitor{now: o.clock.Now, value: steady}
			o.server = vendortest.New(t, o.monitor)
			settings := fmt.Appendf(nil, `{"api":{"url":%q}}`, o.server.URL)
			if _, err := o.store.In("acme").SaveConnection(t.Context(), evenkeel.Connection{Source: "prometheus", Name: "prom", Settings: settings}); err != nil {
				t.Fatal(err)
			}
			o.office.levels = func(string) measure.Levels { return o.levels }
			o.reader = o.reading(o.store)
			test(t, o)
		})
	}
}

// steady has 100 requests in each minute, of which one fails every ten minutes.
func steady(query string, at time.Time) (float64, bool) {
	if query == "good" && at.Minute()%10 == 0 {
		return 99, true
	}
	return 100, true
}

func (o *observatory) pass(d time.Duration) {
	o.t.Helper()
	if err := o.clock.Sleep(o.t.Context(), d); err != nil {
		o.t.Fatal(err)
	}
}

// kept are the measurements that the store has.
func (o *observatory) kept(name string) []evenkeel.Slice {
	o.t.Helper()
	w := o.store.In("acme")
	list, err := w.Series(o.t.Context(), evenkeel.EntryFilter{})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, one := range list {
		if one.Name == name {
			if one.Source != "prometheus:prom" || one.Application != "checkout" || one.Environment != "production" || one.SliceSeconds != 60 {
				o.t.Errorf("series: %+v", one)
			}
			found, err := w.Measurements(o.t.Context(), one.ID, evenkeel.Window{})
			if err != nil {
				o.t.Fatal(err)
			}
			return found
		}
	}
	return nil
}

func (o *observatory) state() measure.State {
	o.t.Helper()
	var list []evenkeel.Stream
	for _, s := range o.streams() {
		list = append(list, s)
	}
	states := measure.States(list, o.clock.Now())
	if len(states) != 1 {
		o.t.Fatalf("states: %+v", states)
	}
	return states[0]
}

func sums(list []evenkeel.Slice) (good, total float64) {
	for _, s := range list {
		good, total = good+*s.Good, total+*s.Total
	}
	return good, total
}

// TestTheWindowIsMeasuredAndThenEveryMinute: the past of the window first, then
// what is new; what is measured again and has not changed is nothing new.
func TestTheWindowIsMeasuredAndThenEveryMinute(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.readAll()
		const minutes = 4 * 24 * 60
		state := o.state()
		if !state.Complete || state.Done != minutes-1 || state.Lag != time.Minute || state.Error != "" || len(state.Queries) != 2 {
			t.Fatalf("state: %+v", state)
		}
		found := o.kept("availability")
		if good, total := sums(found); len(found) != minutes-1 || total != 100*(minutes-1) || good != total-(minutes-1)/10 {
			t.Errorf("%d slices, %v of %v", len(found), good, total)
		}
		revision, _ := o.store.In("acme").Revision(t.Context())
		o.readAll()
		if again, _ := o.store.In("acme").Revision(t.Context()); again != revision {
			t.Error("what is known was kept again")
		}
		asked := o.monitor.asked
		o.pass(2 * time.Minute)
		o.readAll()
		if more := o.kept("availability"); len(more) != len(found)+2 || o.monitor.asked-asked > 100 {
			t.Errorf("%d slices after %d, %d points asked", len(more), len(found), o.monitor.asked-asked)
		}
	})
}

// TestWhatWasMissedIsCaughtUpAndNeverInvented: while the server is down nothing
// is measured and the state says why; afterwards all of it is, but for what the
// server does not know.
func TestWhatWasMissedIsCaughtUpAndNeverInvented(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.readAll()
		before := o.kept("availability")
		since := o.clock.Now()
		o.server.Always(vendortest.Status(http.StatusBadGateway))
		for range 10 {
			o.pass(30 * time.Minute)
			o.readAll()
		}
		state := o.state()
		if state.Failures < 5 || !strings.Contains(state.Error, "answered 502") || state.Since.After(since) || state.Lag < 5*time.Hour {
			t.Errorf("state: %+v", state)
		}
		if len(o.kept("availability")) != len(before) {
			t.Error("something was measured while nothing was answered")
		}
		hole := evenkeel.Window{From: since.Add(time.Hour), To: since.Add(2 * time.Hour)}
		o.monitor.says(func(query string, at time.Time) (float64, bool) {
			if hole.Contains(at.Add(-time.Minute)) {
				return 0, false
			}
			return steady(query, at)
		})
		o.server.Always(nil)
		o.pass(10 * time.Minute)
		o.readAll()
		after := o.kept("availability")
		if state = o.state(); state.Error != "" || state.Failures != 0 || state.Lag > 2*time.Minute {
			t.Errorf("state: %+v", state)
		}
		if last := after[len(after)-1].At; o.clock.Now().Sub(last) > 3*time.Minute {
			t.Errorf("the last slice is of %v", last)
		}
		for _, s := range after {
			if hole.Contains(s.At) {
				t.Fatalf("%v was invented", s)
			}
		}
		if passed := int(o.clock.Now().Sub(since) / time.Minute); len(after) < len(before)+passed-60-2 {
			t.Errorf("%d slices after %d: not all is caught up", len(after), len(before))
		}
	})
}

// TestLateMeasurementsAreTakenUp: what has changed within the time that is asked
// again is kept beside what was known.
func TestLateMeasurementsAreTakenUp(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.readAll()
		late := o.clock.Now().Add(-5 * time.Minute)
		o.monitor.says(func(query string, at time.Time) (float64, bool) {
			if query == "good" && at.Equal(late) {
				return 40, true
			}
			return steady(query, at)
		})
		o.pass(time.Minute)
		o.readAll()
		found := o.kept("availability")
		at := slices.IndexFunc(found, func(s evenkeel.Slice) bool { return s.At.Equal(late.Add(-time.Minute)) })
		if at < 0 || *found[at].Good != 40 {
			t.Errorf("%+v", found[max(at, 0)])
		}
	})
}

// TestReplicasMeasureOnce: several processes on one database.
func TestReplicasMeasureOnce(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		var wait sync.WaitGroup
		for range 3 {
			r := o.reading(o.open())
			wait.Go(func() {
				for range 30 {
					due, err := r.Due(t.Context(), 100)
					if err != nil {
						t.Error(err)
					}
					for _, s := range due {
						if err := r.Read(t.Context(), s.Workspace, s.Connection, s.Name); err != nil && !errors.Is(err, evenkeel.ErrNotFound) && !errors.Is(err, evenkeel.ErrConflict) {
							t.Error(err)
						}
					}
					_ = o.clock.Sleep(t.Context(), 10*time.Second)
				}
			})
		}
		wait.Wait()
		o.pass(2 * time.Minute)
		o.readAll()
		found := o.kept("availability")
		for i, s := range found {
			if i > 0 && s.At.Sub(found[i-1].At) != time.Minute {
				t.Fatalf("%v after %v", s.At, found[i-1].At)
			}
		}
		if _, total := sums(found); total != 100*float64(len(found)) || !o.state().Complete {
			t.Errorf("%v requests in %d slices", total, len(found))
		}
	})
}

// TestADocumentThatChangesIsMeasuredAnew, and one that is gone no more.
func TestADocumentThatChangesIsMeasuredAnew(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.readAll()
		other := availability()
		other.Indicator.Good.Query = "better"
		o.levels.set(other)
		o.pass(2 * time.Minute)
		o.readAll()
		if good, total := sums(o.kept("availability")); good != total || !o.state().Complete {
			t.Errorf("%v of %v, %+v", good, total, o.state())
		}
		o.levels.set()
		o.pass(2 * time.Minute)
		o.readAll()
		for name := range o.streams() {
			if measure.DefinitionIn(name) != "" {
				t.Errorf("%s is still asked", name)
			}
		}
	})
}

// TestADocumentThatCannotBeMeasuredSaysWhy.
func TestADocumentThatCannotBeMeasuredSaysWhy(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		apart := availability()
		apart.Indicator.Total.DataSource = "another"
		o.levels.set(apart)
		o.readAll()
		if state := o.state(); !strings.Contains(state.Error, "all of its metrics have to be of one data source") {
			t.Errorf("%+v", state)
		}
		if text, err := json.Marshal(o.kept("availability")); err != nil || string(text) != "null" {
			t.Errorf("measured: %s", text)
		}
	})
}

// TestWhatIsNotKeptStaysNoted: a window of 30 days begins 15 days before what the
// monitor keeps. That is said for as long as the window reaches back to it, a
// minute later as well, and is less each day. What the newest answer lacks is said
// although the past was asked for after it.
func TestWhatIsNotKeptStaysNoted(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.monitor.says(func(query string, at time.Time) (float64, bool) {
			return 100, query == "total" || at.Before(o.clock.Now().Add(-time.Hour))
		})
		d := availability()
		d.Window.Span.N = 30
		noted := func() (gone, absent int) {
			t.Helper()
			for _, state := range measure.States(slices.Collect(maps.Values(o.streams())), o.clock.Now()) {
				if !state.Complete || state.Error != "" {
					t.Fatalf("%+v", state)
				}
				for _, n := range state.Notes {
					switch n.Kind {
					case connectors.NoteRetention:
						gone += n.N
					case connectors.NoteAbsent:
						absent += n.N
					}
				}
			}
			return gone, absent
		}
		o.begin([]slo.Definition{d})
		if gone, absent := noted(); gone != 15*24*60 || absent == 0 {
			t.Errorf("at first %d slices are gone, and %d lack a part", gone, absent)
		}
		o.pass(2 * time.Minute)
		o.round()
		if gone, _ := noted(); gone != 15*24*60-2 {
			t.Errorf("two minutes later %d slices are gone", gone)
		}
		o.pass(10 * 24 * time.Hour)
		o.round()
		if gone, _ := noted(); gone != 5*24*60-2 {
			t.Errorf("ten days later %d slices are gone", gone)
		}
		o.pass(5 * 24 * time.Hour)
		o.round()
		if gone, _ := noted(); gone != 0 {
			t.Errorf("when all was measured %d slices are gone", gone)
		}
	})
}
