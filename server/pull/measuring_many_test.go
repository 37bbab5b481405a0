package pull_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// many are service levels of one application that are asked for one by one.
func many(n int) []slo.Definition {
	list := make([]slo.Definition, n)
	for i := range list {
		list[i] = availability()
		list[i].Name = fmt.Sprint("level-", i)
		list[i].Indicator.Series = fmt.Sprint("availability-", i)
		list[i].Indicator.Good.Query, list[i].Indicator.Total.Query = fmt.Sprintf("good(%d)", i), fmt.Sprintf("total(%d)", i)
	}
	return list
}

// names are the streams of service levels.
func (o *observatory) names() (names []string) {
	o.t.Helper()
	for name := range o.streams() {
		if measure.DefinitionIn(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// connected is the id of the connection to the monitor.
func (o *observatory) connected() string {
	o.t.Helper()
	list, err := o.store.In("acme").Connections(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range list {
		if c.Source == "prometheus" {
			return c.ID
		}
	}
	o.t.Fatal("no connection")
	return ""
}

// round measures all service levels together, and counts the questions and the
// revisions of it.
func (o *observatory) round() (questions, revisions int) {
	o.t.Helper()
	w := o.store.In("acme")
	before, err := w.Revision(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	asked := len(o.server.Requests())
	if err := o.reader.Measure(o.t.Context(), "acme", o.connected(), o.names()); err != nil {
		o.t.Fatal(err)
	}
	after, err := w.Revision(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return len(o.server.Requests()) - asked, int(after - before)
}

// begin has the streams of service levels taken up, and their past read.
func (o *observatory) begin(list []slo.Definition) {
	o.t.Helper()
	o.levels.set(list...)
	for range 3 {
		due, err := o.reader.Due(o.t.Context(), 10)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, s := range due {
			if s.Name == "" {
				if err := o.reader.Read(o.t.Context(), s.Workspace, s.Connection, s.Name); err != nil {
					o.t.Fatal(err)
				}
			}
		}
	}
	o.round()
}

// TestARoundOfManyIsOneTransaction: the next minute of ten times as many service
// levels is ten times as many questions, a few at a time, and one transaction.
func TestARoundOfManyIsOneTransaction(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		for _, n := range []int{8, 80} {
			o.begin(many(n))
			o.pass(2 * time.Minute)
			questions, revisions := o.round()
			if questions != 2*n || revisions != 1 {
				t.Errorf("%d questions and %d revisions for %d service levels", questions, revisions, n)
			}
			if questions, revisions = o.round(); questions != 0 || revisions != 0 {
				t.Errorf("again: %d questions, %d revisions", questions, revisions)
			}
			for name, s := range o.streams() {
				if measure.DefinitionIn(name) != "" && (!s.Complete || s.Error != "" || !s.NextAt.After(o.clock.Now())) {
					t.Errorf("%+v", s)
				}
			}
		}
		if o.monitor.most > 4 {
			t.Errorf("%d questions at once", o.monitor.most)
		}
		list, err := o.store.In("acme").Series(t.Context(), evenkeel.EntryFilter{})
		if err != nil || len(list) != 80 {
			t.Fatalf("%d series, %v", len(list), err)
		}
		for _, one := range list {
			found, err := o.store.In("acme").Measurements(t.Context(), one.ID, evenkeel.Window{})
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range found {
				if i > 0 && s.At.Sub(found[i-1].At) != time.Minute {
					t.Fatalf("%s: %v after %v", one.Name, s.At, found[i-1].At)
				}
			}
		}
	})
}

// TestReplicasShareARound runs two processes with real queues: every minute of
// every service level is asked for once.
func TestReplicasShareARound(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		const n = 60
		o.begin(many(n))
		o.pass(2 * time.Minute)
		before := len(o.server.Requests())
		measured := func() bool {
			for _, s := range o.streams() {
				if measure.DefinitionIn(s.Name) != "" && !s.NextAt.After(o.clock.Now()) {
					return false
				}
			}
			return true
		}
		if err := o.run(2, measured); err != nil {
			t.Fatal(err)
		}
		asked := map[string]int{}
		for _, request := range o.server.Requests()[before:] {
			if strings.HasSuffix(request.URL.Path, "query_range") {
				asked[request.URL.Query().Get("query")+" "+request.URL.Query().Get("end")]++
			}
		}
		for question, times := range asked {
			if times != 1 {
				t.Errorf("%s was asked %d times", question, times)
			}
		}
		if len(asked) != 2*n {
			t.Errorf("%d questions, want %d", len(asked), 2*n)
		}
	})
}

// TestOneThatFailsKeepsNobodyUp: a service level that cannot be kept, and one that
// is not answered, fail for themselves.
func TestOneThatFailsKeepsNobodyUp(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		list := many(5)
		list[1].Indicator.Series = "a name {that is none"
		list[1].Service = strings.Repeat("x", 5000)
		list[3].Indicator.Total.DataSource = "another"
		o.begin(list)
		o.pass(2 * time.Minute)
		o.round()
		for name, s := range o.streams() {
			if measure.DefinitionIn(name) == "" {
				continue
			}
			if bad := name == "slo level-1" || name == "slo level-3"; bad != (s.Error != "") || bad == s.Complete {
				t.Errorf("%s: %+v", name, s)
			}
		}
	})
}

// TestOneQuestionTellsThatNobodyIsAnswered: of a connection that wants no
// questions for an hour not all are asked.
func TestOneQuestionTellsThatNobodyIsAnswered(t *testing.T) {
	t.Parallel()
	eachObservatory(t, func(t *testing.T, o *observatory) {
		o.begin(many(50))
		o.server.Always(vendortest.TooMany(http.StatusTooManyRequests, time.Hour))
		o.pass(2 * time.Minute)
		if questions, _ := o.round(); questions > 8 {
			t.Errorf("%d questions", questions)
		}
		for _, s := range o.streams() {
			if measure.DefinitionIn(s.Name) != "" && (s.Failures != 0 || s.NextAt.Before(o.clock.Now().Add(50*time.Minute))) {
				t.Errorf("%+v", s)
			}
		}
	})
}
