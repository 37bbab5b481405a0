package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

const pages = `{"rules":[{"name":"pages","match":["severity=\"critical\""],"minimum":"5m","join":"10m"}]}`

// alerting is a workspace with alerts, and a clock that is moved by hand.
type alerting struct {
	t         failer
	store     *store.Store
	workspace string
	now       time.Time
	alerts    *intake.Alerts
}

func newAlerting(t failer, s *store.Store, workspace, settings string) *alerting {
	t.Helper()
	if err := s.EnsureWorkspace(context.Background(), evenkeel.WorkspaceInfo{Slug: workspace, Name: workspace}); err != nil {
		t.Fatal(err)
	}
	a := &alerting{t: t, store: s, workspace: workspace, now: clock()}
	a.restart()
	a.connect(evenkeel.Connection{Source: "alertmanager", Name: "alerts", Settings: json.RawMessage(settings)})
	return a
}

// restart forgets what is held in memory.
func (a *alerting) restart() {
	a.alerts = intake.NewAlerts(func(slug string) intake.AlertStore { return a.store.In(slug) }, func() time.Time { return a.now }, slog.New(slog.DiscardHandler))
}

func (a *alerting) connect(c evenkeel.Connection) evenkeel.Connection {
	a.t.Helper()
	c, err := a.store.In(a.workspace).SaveConnection(context.Background(), c)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// notified takes a notification of one alert in: it fires from a minute after
// the clock's beginning, and has ended if to is not below 0.
func (a *alerting) notified(instance string, from, to int) {
	a.t.Helper()
	at := func(n int) string { return clock().Add(time.Duration(n) * time.Minute).Format(time.RFC3339) }
	status, end := "firing", "0001-01-01T00:00:00Z"
	if to >= 0 {
		status, end = "resolved", at(to)
	}
	body := fmt.Sprintf(`{"version":"4","status":%q,"alerts":[{"status":%q,"labels":{"alertname":"Down","severity":"critical","service":"pay","instance":%q},"startsAt":%q,"endsAt":%q,"fingerprint":%q}]}`,
		status, status, instance, at(from), end, "f-"+instance)
	source, err := connectors.SourceNamed("alertmanager")
	if err != nil {
		a.t.Fatal(err)
	}
	receiver, err := source.Open(json.RawMessage(pages))
	if err != nil {
		a.t.Fatal(err)
	}
	d := intake.Understand(context.Background(), receiver, evenkeel.Delivery{Connection: "c", Source: "alertmanager", Body: []byte(body), Size: len(body), ReceivedAt: a.now}, slog.New(slog.DiscardHandler))
	if d.Outcome != evenkeel.OutcomeRecorded {
		a.t.Fatal(d.Reason)
	}
	if _, err := a.store.In(a.workspace).Deliver(context.Background(), []evenkeel.Delivery{d}); err != nil {
		a.t.Fatal(err)
	}
}

func (a *alerting) settle() {
	a.t.Helper()
	if err := a.alerts.Settle(context.Background(), a.workspace); err != nil {
		a.t.Fatal(err)
	}
}

// incidents are "FROM-TO" in minutes; what came again stands behind a plus.
func (a *alerting) incidents() []string {
	a.t.Helper()
	page, err := a.store.In(a.workspace).Incidents(context.Background(), evenkeel.Filter{Limit: 500})
	if err != nil {
		a.t.Fatal(err)
	}
	found := []string{}
	for _, f := range page.Items {
		text := f.Value.OpenedAt.Format("4") + "-"
		if !f.Value.ResolvedAt.IsZero() {
			text += f.Value.ResolvedAt.Format("4")
		}
		if !f.Value.ReopenedAt.IsZero() {
			text += "+" + f.Value.ReopenedAt.Format("4")
		}
		found = append(found, text)
	}
	slices.Sort(found)
	return found
}

func (a *alerting) revision() int64 {
	a.t.Helper()
	revision, err := a.store.In(a.workspace).Revision(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	return revision
}

func (a *alerting) want(t *testing.T, when string, want ...string) {
	t.Helper()
	a.settle()
	if diff := cmp.Diff(append([]string{}, want...), a.incidents()); diff != "" {
		t.Errorf("%s (-want +got)\n%s", when, diff)
	}
	before := a.revision()
	a.settle()
	a.restart()
	a.settle()
	if after := a.revision(); after != before {
		t.Errorf("%s: settling again writes revisions %d to %d", when, before, after)
	}
}

// TestIncidentsFollowAlerts through one history, on both databases.
func TestIncidentsFollowAlerts(t *testing.T) {
	t.Parallel()
	for name, dsn := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAlerting(t, open(t, dsn(t)), "default", pages)
			minutes := func(n int) { a.now = clock().Add(time.Duration(n) * time.Minute) }
			minutes(2)
			a.notified("a", 0, -1)
			a.want(t, "it fires for 2 minutes")
			minutes(5)
			a.want(t, "time alone makes it an incident", "0-")
			minutes(8)
			a.notified("a", 0, 7)
			a.want(t, "it has ended", "0-7")
			minutes(12)
			a.notified("a", 11, -1)
			a.want(t, "it came again", "0-+11")
			minutes(31)
			a.notified("a", 11, 13)
			a.notified("b", 24, 30)
			a.want(t, "another one, 11 minutes later", "0-13+11", "24-30")
			a.notified("c", 12, 20) // What comes late joins both.
			a.want(t, "a late one joins", "0-30+24")
			minutes(1) // A clock that was set back hinders nothing.
			a.notified("d", -5, 1)
			a.want(t, "a later one began before", "55-30+24")
			c := a.connections()[0]
			c.Settings = json.RawMessage(`{"rules":[{"name":"pages","match":["severity=\"page\""]}]}`)
			a.connect(c)
			a.want(t, "the rule takes nothing")
			c.Settings = json.RawMessage(`{"rules":[{"name":"pages","minimum":"5m"}]}`)
			a.connect(c)
			minutes(40)
			a.want(t, "a rule without join", "11-20", "24-30", "55-7")
		})
	}
}

func (a *alerting) connections() []evenkeel.Connection {
	a.t.Helper()
	list, err := a.store.In(a.workspace).Connections(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	return list
}

// TestTheOrderOfAlertsDoesNotMatter: notifications in any order, repeated, with
// settling in between, with losses of memory and by two connections, end in
// the incidents of a workspace that settles once.
func TestTheOrderOfAlertsDoesNotMatter(t *testing.T) {
	t.Parallel()
	s := open(t, storetest.SQLite(t))
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		type notice struct {
			instance string
			from, to int
		}
		var told []notice
		for range rapid.IntRange(1, 5).Draw(t, "alerts") {
			n := notice{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "instance"), rapid.IntRange(0, 40).Draw(t, "from"), 0}
			n.to = n.from + rapid.IntRange(0, 15).Draw(t, "length")
			told = append(told, notice{n.instance, n.from, -1})
			if rapid.Bool().Draw(t, "ends") {
				told = append(told, n)
			}
		}
		one := newAlerting(t, s, fmt.Sprintf("one-%d", round), pages)
		other := newAlerting(t, s, fmt.Sprintf("other-%d", round), pages)
		other.connect(evenkeel.Connection{Source: "alertmanager", Name: "the-same-again", Settings: json.RawMessage(pages)})
		for _, n := range told {
			one.notified(n.instance, n.from, n.to)
		}
		one.now = clock().Add(time.Hour)
		one.settle()
		again := append(slices.Clone(told), rapid.SliceOfN(rapid.SampledFrom(told), 0, 3).Draw(t, "repeats")...)
		for _, n := range rapid.Permutation(again).Draw(t, "order") {
			other.now = clock().Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "minute")) * time.Minute)
			other.notified(n.instance, n.from, n.to)
			switch rapid.IntRange(0, 3).Draw(t, "then") {
			case 0:
				other.restart()
				other.settle()
			case 1:
				other.settle()
			}
		}
		other.now = one.now
		other.settle()
		if diff := cmp.Diff(one.incidents(), other.incidents()); diff != "" {
			t.Fatalf("(-at once +in another order)\n%s", diff)
		}
	})
}

// TestForeignIncidentsAreLeftAlone: a rule takes back only what it made, and
// nothing while settings are wrong or the connection is gone.
func TestForeignIncidentsAreLeftAlone(t *testing.T) {
	t.Parallel()
	a := newAlerting(t, open(t, storetest.SQLite(t)), "default", pages)
	foreign := evenkeel.Event{Kind: evenkeel.KindIncident, ID: "INC-1", Source: "alertmanager", ObservedAt: clock(), Payload: &evenkeel.Incident{OpenedAt: clock().Add(50 * time.Minute)}}
	if _, err := a.store.In("default").Record(t.Context(), []evenkeel.Event{foreign}); err != nil {
		t.Fatal(err)
	}
	a.now = clock().Add(time.Hour)
	a.notified("a", 0, 9)
	a.want(t, "both", "0-9", "50-")
	c := a.connections()[0]
	c.Settings = json.RawMessage(`{"rules":[{"name":"A B"}]}`)
	a.connect(c)
	a.want(t, "wrong settings", "0-9", "50-")
	if err := a.store.In("default").RemoveConnection(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	a.want(t, "no connection", "0-9", "50-")
}

// TestAlertsAreNobodys: they are listed, and no delivery of them is unclaimed.
func TestAlertsAreNobodys(t *testing.T) {
	t.Parallel()
	a := newAlerting(t, open(t, storetest.SQLite(t)), "default", `{}`)
	a.notified("a", 0, 9)
	w := a.store.In("default")
	entries, err := w.Entries(t.Context(), evenkeel.EntryFilter{Kinds: []evenkeel.Kind{evenkeel.KindAlert}})
	if err != nil || len(entries.Items) != 1 || entries.Items[0].Status != "ended" || !strings.HasPrefix(entries.Items[0].ExternalID, "f-a@") {
		t.Errorf("%v: %+v", err, entries.Items)
	}
	unclaimed, err := w.Unclaimed(t.Context())
	if err != nil || len(unclaimed) != 0 {
		t.Errorf("%v: unclaimed %+v", err, unclaimed)
	}
	page, err := w.Deliveries(t.Context(), evenkeel.DeliveryFilter{Unclaimed: true})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("%v: unclaimed %+v", err, page.Items)
	}
}
