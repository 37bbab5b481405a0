package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/server/pull"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
	"github.com/evenkeel-dev/evenkeel/store"
	"github.com/evenkeel-dev/evenkeel/store/storetest"
)

// watched is a server that measures by a real Prometheus, which a test can keep
// from answering.
type watched struct {
	*history
	vendor *vendortest.Server
	reader *pull.Reader
}

// watching measures one service level; more are settings of the connection.
func watching(t *testing.T, prometheus *promtest.Server, document, more string) *watched {
	t.Helper()
	address, err := url.Parse(prometheus.URL)
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{history: startHistory(t, storetest.SQLite(t), 1), vendor: vendortest.New(t, httputil.NewSingleHostReverseProxy(address))}
	w.reader = &pull.Reader{
		Store: w.store, Workspace: func(slug string) pull.Workspace { return w.store.In(slug) }, Logger: slog.New(slog.DiscardHandler),
		Levels:  func(slug string) measure.Levels { return inForce{w.store.In(slug)} },
		Outside: connectors.Outside{Now: func() time.Time { return w.now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }},
	}
	w.register("shop")
	w.prometheus(w.vendor.URL, more)
	w.save(document)
	return w
}

// inForce are the service levels of a store.
type inForce struct{ *store.Workspace }

func (f inForce) SLOs(ctx context.Context) (list []slo.Definition, err error) {
	levels, err := f.AllServiceLevels(ctx, evenkeel.LastRevision)
	for _, one := range levels {
		list = append(list, openslo.Read(openslo.File{Name: one.ID, Text: []byte(one.Document)}).Definitions...)
	}
	return list, err
}

func (f inForce) SLO(ctx context.Context, name string) (slo.Definition, error) {
	list, err := f.SLOs(ctx)
	for _, one := range list {
		if one.Name == name {
			return one, nil
		}
	}
	return slo.Definition{}, errors.Join(err, evenkeel.ErrNotFound)
}

// pass lets time go by, and asks what is due then.
func (w *watched) pass(d time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(d)
	for range 100 {
		due, err := w.reader.Due(w.t.Context(), 100)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		for _, s := range due {
			if err := w.reader.Read(w.t.Context(), s.Workspace, s.Connection, s.Name); err != nil && !errors.Is(err, evenkeel.ErrNotFound) {
				w.t.Fatal(err)
			}
		}
	}
	w.t.Fatal("something is always due")
}

func (w *watched) change(document string) {
	w.t.Helper()
	text, _ := json.Marshal(map[string]any{"document": document})
	admin := w.token("default", w.now.Add(time.Hour), evenkeel.ScopeAdmin)
	decode[server.SavedLevel](w.t, w.do("PUT", "/api/v1/service-levels/shop-availability", admin, string(text)))
}

// row is the service level in the list, which is as its own page has it.
func (w *watched) row() (views.LevelRow, views.LevelDetail) {
	w.t.Helper()
	const path = "/api/v1/service-levels"
	list := decode[server.LevelsView](w.t, w.do("GET", path, w.admin, ""))
	detail := decode[views.LevelDetail](w.t, w.do("GET", path+"/shop-availability", w.admin, ""))
	if len(list.Items) != 1 || list.Statuses[list.Items[0].Status] != 1 {
		w.t.Fatalf("%+v", list)
	}
	detail.Budgets[0].LastSpender = list.Items[0].LastSpender // Of lists alone.
	if diff := cmp.Diff(list.Items, detail.Budgets); diff != "" {
		w.t.Errorf("the page is not the list:\n%s", diff)
	}
	return list.Items[0], detail
}

// counted fails unless so many minutes of the window are counted, with 100 events
// of which one is bad.
func (w *watched) counted(row views.LevelRow, minutes int) {
	w.t.Helper()
	n := float64(minutes)
	if row.Total != 100*n || row.Bad != n || row.Coverage == nil || *row.Coverage != n/1440 {
		w.t.Errorf("%v of %v bad, coverage %v; want %d minutes", row.Bad, row.Total, row.Coverage, minutes)
	}
}

// unknown fails if anything is said of a service level but why nothing is.
func (w *watched) unknown(why string) {
	w.t.Helper()
	row, detail := w.row()
	if row.Status != "no_data" || !strings.Contains(row.Reason, why) {
		w.t.Errorf("%s: %q, want %q", row.Status, row.Reason, why)
	}
	if row.SLI != nil || row.Budget != (views.LevelBudget{}) || row.Total != 0 || row.Coverage != nil && *row.Coverage != 0 || row.ExhaustsAt != nil {
		w.t.Errorf("%+v %+v", row, row.Budget)
	}
	for lookback, burn := range row.Burn {
		if burn != nil {
			w.t.Errorf("burn of %s: %v", lookback, *burn)
		}
	}
	if m := detail.Measuring; m == nil || m.Connection != "prom" {
		w.t.Errorf("measuring %+v", m)
	}
	const path = "/api/v1/service-levels/shop-availability"
	for _, p := range decode[views.LevelBurndown](w.t, w.do("GET", path+"/burndown", w.admin, "")).Points {
		if p.Remaining != nil {
			w.t.Fatalf("something remains at %v", p.At)
		}
	}
	spend := decode[views.LevelSpend](w.t, w.do("GET", path+"/spend", w.admin, ""))
	whatIf := decode[views.LevelWhatIf](w.t, w.do("GET", path+"/what-if?target=0.9", w.admin, ""))
	if len(spend.Entries) != 0 || whatIf.Since != nil {
		w.t.Errorf("%+v, %+v", spend, whatIf)
	}
	for _, o := range whatIf.Outcomes {
		if o.SLI != nil || o.Met != 0 {
			w.t.Errorf("%+v", o)
		}
	}
}

// askedBy is a document that asks Prometheus for good and all events.
func askedBy(good, total string) string {
	document := strings.Replace(availabilityOf("shop-availability", "shop"), "target: 0.99", "target: 0.98", 1)
	for _, query := range []string{good, total} {
		document = strings.Replace(document, "{type: Pushed, spec: {}}", "{type: Prometheus, spec: {query: '"+query+"'}}", 1)
	}
	return document
}

// inMinute is what a metric came to in a minute, and nothing else.
func inMinute(metric string) string { return "sum_over_time(" + metric + "[1m])" }

// shop is a Prometheus with a day of 100 requests a minute before the clock's
// present and half a day after it. One of them is bad. "half" has no good ones
// from ten minutes before the present on, "torn" nothing in the hour that begins
// an hour after it, and a second region of "regions" begins half an hour after it.
func shop(t *testing.T) *promtest.Server {
	t.Helper()
	minutes := func(name, region string, value float64, there func(at time.Duration) bool) promtest.Series {
		s := promtest.Series{Name: name, Labels: map[string]string{"region": region}}
		for at := -26 * time.Hour; at < 12*time.Hour; at += time.Minute {
			if there(at) {
				s.Samples = append(s.Samples, promtest.Sample{At: clock().Add(at + 30*time.Second), Value: value})
			}
		}
		return s
	}
	always := func(time.Duration) bool { return true }
	torn := func(at time.Duration) bool { return at < time.Hour || at >= 2*time.Hour }
	half := func(at time.Duration) bool { return at < -10*time.Minute }
	young := func(at time.Duration) bool { return at >= 30*time.Minute }
	return promtest.Start(t, []promtest.Series{
		minutes("good", "eu", 99, always), minutes("all", "eu", 100, always), minutes("half", "eu", 99, half),
		minutes("torn_good", "eu", 99, torn), minutes("torn_all", "eu", 100, torn),
		minutes("regions_good", "eu", 99, always), minutes("regions_all", "eu", 100, always), minutes("regions_good", "us", 99, young), minutes("regions_all", "us", 100, young),
	})
}

// onQueries does a fault to questions for measurements alone.
func onQueries(fault vendortest.Fault) vendortest.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "query_range") {
			fault(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// TestWhatMonitoringDoesNotSayIsNoData: a service level is saved, and what is
// asked for it is slow, away, partial, cut off, or more than it should be. Lists
// and pages say so, and no number. When it answers, all of it is measured.
func TestWhatMonitoringDoesNotSayIsNoData(t *testing.T) {
	t.Parallel()
	prometheus := shop(t)
	plain := askedBy(inMinute("good"), inMinute("all"))
	closed := func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }
	partial := vendortest.Instead(nil, `{"status":"success","data":{"resultType":"matrix","result":[]},"warnings":["store eu is away"]}`)
	for name, c := range map[string]struct {
		fault     vendortest.Fault
		document  string
		more, why string
	}{
		"slow":          {vendortest.Slow(time.Minute), plain, `,"timeout":"1s"`, "asking prom fails: Prometheus is slow: no answer within 1s (api.timeout)"},
		"slow queries":  {onQueries(vendortest.Slow(time.Minute)), plain, `,"timeout":"1s"`, "asking prom fails: good: Prometheus is slow: no answer within 1s (api.timeout)"},
		"away":          {closed, plain, "", "asking prom fails: Prometheus is down: 127.0.0.1:"},
		"broken":        {vendortest.Status(http.StatusBadGateway), plain, "", "Prometheus answered 502"},
		"partial":       {onQueries(partial), plain, "", `good: the answer is partial: "store eu is away"; nothing of it is counted (api.accept_partial counts it)`},
		"cut off":       {onQueries(vendortest.Break()), plain, "", "good: api/v1/query_range: the answer broke off: unexpected EOF"},
		"an error":      {onQueries(vendortest.Instead(nil, `{"status":"error","error":"query timed out"}`)), plain, "", `Prometheus answered with an error: "query timed out"`},
		"two series":    {nil, askedBy(`{__name__=~"good|half"}`, inMinute("all")), "", "good: the query returns 2 series, which differ in __name__"},
		"nothing there": {nil, askedBy(inMinute("nothing"), inMinute("nothing")), "", "prom answers, and its answers are empty"},
		"half there":    {nil, askedBy(inMinute("nothing"), inMinute("all")), "", "good is absent in slices that have other parts, which count as not measured; if absent means none, append: or vector(0)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watching(t, prometheus, c.document, c.more)
			w.unknown("nothing was measured in the window; prom was not asked yet")
			w.vendor.Always(c.fault)
			w.pass(0)
			w.pass(2 * time.Minute)
			w.unknown(c.why)
			w.vendor.Always(nil)
			if c.fault == nil {
				w.change(plain)
			}
			w.pass(6 * time.Minute)
			row, _ := w.row()
			if w.counted(row, 1439); row.Status != "healthy" || *row.SLI != 0.99 || strings.Contains(row.Reason, "prom") {
				t.Errorf("%s: %s, %v", row.Status, row.Reason, *row.SLI)
			}
		})
	}
}

// TestAGapIsCaughtUpAndNothingInvented: monitoring is away for five hours, for one
// of which it did not know itself what happened. The old figures say at once that
// asking fails, and are no figures of the present an hour later.
func TestAGapIsCaughtUpAndNothingInvented(t *testing.T) {
	t.Parallel()
	w := watching(t, shop(t), askedBy(inMinute("torn_good"), inMinute("torn_all")), "")
	w.pass(0)
	row, _ := w.row()
	if w.counted(row, 1439); row.Status != "healthy" {
		t.Fatalf("%s: %s", row.Status, row.Reason)
	}
	w.vendor.Always(vendortest.Status(http.StatusBadGateway))
	w.pass(30 * time.Minute)
	const fails = "asking prom has failed since 2026-11-22T12:00:00Z: good: /api/v1/query_range: Prometheus answered 502"
	row, _ = w.row()
	if w.counted(row, 1409); !strings.Contains(row.Reason, fails) || row.Burn["30m"] != nil || row.Burn["1h"] == nil {
		t.Errorf("%s: %s, %v", row.Status, row.Reason, row.Burn)
	}
	for range 9 {
		w.pass(30 * time.Minute)
	}
	then := w.now
	row, detail := w.row()
	if w.counted(row, 19*60-1); row.Status != "no_data" || row.Reason != "nothing was measured of late; "+fails || row.Code != "stopped" || row.Asking != "failing_since" || row.Values["connection"] != "prom" || row.Burn["2h"] != nil || row.ExhaustsAt != nil || anomalies(detail)["behind"] != 1 {
		t.Errorf("%s: %s, %v %+v", row.Status, row.Reason, row.Burn, detail.Anomalies)
	}
	w.vendor.Always(nil)
	w.pass(10 * time.Minute)
	row, detail = w.row()
	if w.counted(row, 1440-1-60); row.Status != "healthy" || strings.Contains(row.Reason, "prom") || detail.Measuring.Failures != 0 || anomalies(detail)["behind"] != 0 {
		t.Errorf("%s: %s, %+v %+v", row.Status, row.Reason, detail.Measuring, detail.Anomalies)
	}
	var past server.LevelsView
	if err := json.Unmarshal([]byte(w.ask("/api/v1/service-levels", then)), &past); err != nil {
		t.Fatal(err)
	}
	if w.counted(past.Items[0], 19*60-1); past.Items[0].Status != "no_data" {
		t.Errorf("as of then: %s", past.Items[0].Status)
	}
}

// TestASecondSeriesIsNotLeftOutInSilence: the query of a service level that was
// measured comes to return two series. It is not known which of them counts, and
// its figures say so until they are no longer of the present. Added up, they count.
func TestASecondSeriesIsNotLeftOutInSilence(t *testing.T) {
	t.Parallel()
	w := watching(t, shop(t), askedBy(inMinute("regions_good"), inMinute("regions_all")), "")
	w.pass(0)
	row, _ := w.row()
	w.counted(row, 1439)
	w.pass(40 * time.Minute)
	const fails = `good: the query returns 2 series, which differ in region ("eu", "us"); add them up, as with sum(…), or name the labels in evenkeel.dev/group-by`
	if row, _ = w.row(); !strings.Contains(row.Reason, fails) {
		t.Errorf("%s: %s", row.Status, row.Reason)
	}
	w.pass(140 * time.Minute)
	if row, _ = w.row(); row.Status != "no_data" || !strings.Contains(row.Reason, "nothing was measured of late; asking prom has failed since ") || !strings.Contains(row.Reason, fails) {
		t.Errorf("%s: %s", row.Status, row.Reason)
	}
	w.change(askedBy("sum("+inMinute("regions_good")+")", "sum("+inMinute("regions_all")+")"))
	w.pass(10 * time.Minute)
	row, _ = w.row()
	if minutes := 1439.0 + 159; row.Status != "healthy" || row.Total != 100*minutes || row.Bad != minutes || *row.Coverage != 1439.0/1440 {
		t.Errorf("%s: %s, %v of %v, coverage %v", row.Status, row.Reason, row.Bad, row.Total, *row.Coverage)
	}
}

// TestHalfOfARatioIsNotMeasured: good events stop, as they do where a metric is
// renamed. All events alone are no data, neither all bad nor as good as before.
func TestHalfOfARatioIsNotMeasured(t *testing.T) {
	t.Parallel()
	w := watching(t, shop(t), askedBy(inMinute("half"), inMinute("all")), "")
	w.pass(0)
	w.pass(2 * time.Minute)
	row, detail := w.row()
	if w.counted(row, 1440-12); len(detail.Measuring.Notes) != 1 || detail.Measuring.Notes[0].Kind != "absent" {
		t.Errorf("%+v", detail.Measuring)
	}
	w.pass(2 * time.Hour)
	row, _ = w.row()
	if w.counted(row, 1440-132); row.Status != "no_data" || !strings.Contains(row.Reason, "nothing was measured of late; good is absent in slices that have other parts") {
		t.Errorf("%s: %s", row.Status, row.Reason)
	}
}
