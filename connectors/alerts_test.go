package connectors_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var (
	_ = sends("alertmanager", sender{key: true, sign: func(header http.Header, _ []byte, secret string) {
		header.Set("Authorization", "Bearer "+secret)
	}})
	_ = sends("grafana", sender{sign: func(header http.Header, raw []byte, secret string) {
		header.Set("X-Grafana-Alerting-Signature", hex.EncodeToString(hmacOf(secret, raw)))
	}})
)

// FuzzAlertmanager reads any body of a notification.
func FuzzAlertmanager(f *testing.F) { fuzzSource(f, "alertmanager") }

// FuzzGrafana reads any body of a notification.
func FuzzGrafana(f *testing.F) { fuzzSource(f, "grafana") }

func rulesOf(t fataler, settings string) *connectors.AlertRules {
	t.Helper()
	s, err := connectors.SourceNamed("alertmanager")
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(json.RawMessage(settings))
	if err != nil {
		t.Fatal(err)
	}
	return r.(connectors.Alerting).AlertRules()
}

// minute is an instant of one hour.
func minute(n float64) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n * float64(time.Minute)))
}

// fired is an alert that fired from one minute to another; below 0 it still
// fires. Labels are NAME=VALUE.
func fired(from, to float64, labels ...string) evenkeel.Alert {
	a := evenkeel.Alert{Labels: map[string]string{"alertname": "Down", "severity": "critical", "service": "pay"}, StartsAt: minute(from)}
	if to >= 0 {
		a.EndsAt = minute(to)
	}
	for _, label := range labels {
		name, value, _ := strings.Cut(label, "=")
		a.Labels[name] = value
	}
	keys := make([]string, 0, len(a.Labels))
	for name, value := range a.Labels {
		keys = append(keys, name+"="+value)
	}
	slices.Sort(keys)
	a.Fingerprint = strings.Join(keys, ",")
	return a
}

// made are the incidents of alerts, each "FROM-TO SEVERITY WHERE", with the
// minute of what came again behind a plus.
func made(t fataler, rules *connectors.AlertRules, now float64, alerts ...evenkeel.Alert) (incidents []string, due time.Time) {
	t.Helper()
	var spans []connectors.AlertSpan
	for _, a := range alerts {
		if span, takes := rules.Take(a); takes {
			spans = append(spans, span)
		}
	}
	events, due := connectors.AlertIncidents(rules.Source(), spans, minute(now))
	ids := map[string]bool{}
	for _, e := range events {
		if err := e.Validate(); err != nil || ids[e.ID] {
			t.Fatal(e.ID, err)
		}
		ids[e.ID] = true
		i := e.Payload.(*evenkeel.Incident)
		text := i.OpenedAt.Format("4") + "-"
		if !i.ResolvedAt.IsZero() {
			text += i.ResolvedAt.Format("4")
		}
		if !i.ReopenedAt.IsZero() {
			text += "+" + i.ReopenedAt.Format("4")
		}
		incidents = append(incidents, strings.Join([]string{text, i.Severity, i.Application + "|" + i.Origin, i.Environment}, " "))
	}
	slices.Sort(incidents)
	return incidents, due
}

// TestAlertsBecomeIncidentsByRules works cases out by hand: minimum 5 minutes,
// gaps below 10 minutes are joined.
func TestAlertsBecomeIncidentsByRules(t *testing.T) {
	t.Parallel()
	const rule = `{"name":"pages","match":["severity=~\"critical|page\""],"minimum":"5m","join":"10m"`
	plain := rulesOf(t, `{"rules":[`+rule+`}]}`)
	for name, c := range map[string]struct {
		rules  *connectors.AlertRules
		now    float64
		alerts []evenkeel.Alert
		want   []string
		due    float64
	}{
		"long enough":                   {plain, 59, []evenkeel.Alert{fired(0, 5)}, []string{"0-5 critical |alertmanager:pay "}, 0},
		"too short":                     {plain, 59, []evenkeel.Alert{fired(0, 4.9)}, nil, 0},
		"no rule takes it":              {plain, 59, []evenkeel.Alert{fired(0, 30, "severity=warning")}, nil, 0},
		"fires, too short yet":          {plain, 4, []evenkeel.Alert{fired(0, -1)}, nil, 5},
		"fires":                         {plain, 5, []evenkeel.Alert{fired(0, -1)}, []string{"0- critical |alertmanager:pay "}, 0},
		"a gap of 9 minutes":            {plain, 59, []evenkeel.Alert{fired(0, 6), fired(15, 20)}, []string{"0-20+15 critical |alertmanager:pay "}, 0},
		"a gap of 10 minutes":           {plain, 59, []evenkeel.Alert{fired(0, 6), fired(16, 22)}, []string{"0-6 critical |alertmanager:pay ", "16-22 critical |alertmanager:pay "}, 0},
		"flaps are long together":       {plain, 59, []evenkeel.Alert{fired(0, 1), fired(3, 4), fired(6, 7)}, []string{"0-7+6 critical |alertmanager:pay "}, 0},
		"fires again":                   {plain, 20, []evenkeel.Alert{fired(0, 6), fired(15, -1)}, []string{"0-+15 critical |alertmanager:pay "}, 0},
		"two alerts of a group":         {plain, 59, []evenkeel.Alert{fired(0, 10, "instance=a"), fired(2, 20, "instance=b")}, []string{"0-20 critical |alertmanager:pay "}, 0},
		"one inside the other":          {plain, 59, []evenkeel.Alert{fired(0, 30, "instance=a"), fired(2, 4, "instance=b")}, []string{"0-30 critical |alertmanager:pay "}, 0},
		"one of a group still fires":    {plain, 59, []evenkeel.Alert{fired(0, -1, "instance=a"), fired(2, 4, "instance=b")}, []string{"0- critical |alertmanager:pay "}, 0},
		"two names are two groups":      {plain, 59, []evenkeel.Alert{fired(0, 10), fired(0, 10, "alertname=Slow")}, []string{"0-10 critical |alertmanager:pay ", "0-10 critical |alertmanager:pay "}, 0},
		"two services are two groups":   {plain, 59, []evenkeel.Alert{fired(0, 10), fired(0, 10, "service=search")}, []string{"0-10 critical |alertmanager:pay ", "0-10 critical |alertmanager:search "}, 0},
		"an end that nobody told":       {plain, 59, []evenkeel.Alert{fired(0, -1), fired(30, 40)}, []string{"0-40 critical |alertmanager:pay "}, 0},
		"ended before it began":         {plain, 59, []evenkeel.Alert{fired(10, 3)}, nil, 0},
		"the worst severity":            {plain, 59, []evenkeel.Alert{fired(0, 10, "severity=page", "instance=a"), fired(0, 10)}, []string{"0-10 critical |alertmanager:pay "}, 0},
		"a label names the application": {plain, 59, []evenkeel.Alert{fired(0, 10, "application=Checkout", "environment=live")}, []string{"0-10 critical checkout|alertmanager:pay live"}, 0},
		"a label that is no slug":       {plain, 59, []evenkeel.Alert{fired(0, 10, "application=Check out!")}, []string{"0-10 critical |alertmanager:pay "}, 0},
		"no service":                    {plain, 59, []evenkeel.Alert{fired(0, 10, "service=")}, []string{"0-10 critical |alertmanager "}, 0},
		"no minimum, and an instant":    {rulesOf(t, `{"rules":[{"name":"all"}]}`), 0, []evenkeel.Alert{fired(0, 0)}, []string{"0-0 critical |alertmanager:pay "}, 0},
		"everything is one group":       {rulesOf(t, `{"rules":[`+rule+`,"group_by":[]}]}`), 59, []evenkeel.Alert{fired(0, 10), fired(5, 15, "alertname=Slow")}, []string{"0-15 critical |alertmanager:pay "}, 0},
		"what labels mean":              {rulesOf(t, `{"source":"alertmanager:eu","labels":{"service":"team","severity":"level","environment":"env"},"services":{"a":{"application":"checkout","environment":"production"}},"environments":{"stg":"staging"},"severities":{"1":"sev1"},"rules":[{"name":"one"}]}`), 59, []evenkeel.Alert{fired(0, 1, "team=a", "level=1"), fired(0, 2, "team=a", "level=2", "env=stg"), fired(0, 3)}, []string{"0-1 sev1 checkout|alertmanager:a production", "0-2 2 checkout|alertmanager:a staging", "0-3  |alertmanager:eu "}, 0},
		"what a rule says":              {rulesOf(t, `{"rules":[{"name":"db","match":["alertname=\"Down\"","zone!=\"eu\"","severity!~\"warn.*\""],"application":"search","environment":"production","severity":"sev2"},{"name":"rest","severity":"sev4"}]}`), 59, []evenkeel.Alert{fired(0, 1), fired(0, 2, "zone=eu"), fired(0, 3, "severity=warning")}, []string{"0-1 sev2 search|alertmanager:pay production", "0-3 sev4 |alertmanager:pay "}, 0},
		"without rules":                 {rulesOf(t, `{}`), 59, []evenkeel.Alert{fired(0, 30)}, nil, 0},
	} {
		got, due := made(t, c.rules, c.now, c.alerts...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if (c.due == 0) != due.IsZero() || c.due > 0 && !due.Equal(minute(c.due)) {
			t.Errorf("%s: due %v, want minute %v", name, due, c.due)
		}
	}
}

func anyAlert() *rapid.Generator[evenkeel.Alert] {
	return rapid.Custom(func(t *rapid.T) evenkeel.Alert {
		from := rapid.IntRange(0, 50).Draw(t, "from")
		return fired(float64(from), float64(rapid.IntRange(from-1, 55).Draw(t, "to")),
			"instance="+rapid.SampledFrom([]string{"a", "b"}).Draw(t, "instance"), "service="+rapid.SampledFrom([]string{"pay", "search"}).Draw(t, "service"),
			"severity="+rapid.SampledFrom([]string{"critical", "page", "warning"}).Draw(t, "severity"))
	})
}

// TestIncidentsFollowFromTheSetOfAlerts: order and repetition do not matter,
// incidents of a group are apart, and a longer join makes no more of them.
func TestIncidentsFollowFromTheSetOfAlerts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alerts := rapid.SliceOfN(anyAlert(), 1, 12).Draw(t, "alerts")
		settings := func(join string) string {
			return `{"rules":[{"name":"pages","match":["severity=~\"critical|page\""],"minimum":"` + rapid.SampledFrom([]string{"0s", "3m"}).Draw(t, "minimum") + `","join":"` + join + `"}]}`
		}
		rules := rulesOf(t, settings("4m"))
		want, due := made(t, rules, 59, alerts...)
		again := append(slices.Clone(alerts), rapid.SliceOfN(rapid.SampledFrom(alerts), 0, 5).Draw(t, "repeats")...)
		got, dueAgain := made(t, rules, 59, rapid.Permutation(again).Draw(t, "order")...)
		if diff := cmp.Diff(want, got); diff != "" || !due.Equal(dueAgain) {
			t.Fatalf("in another order: due %v and %v (-want +got)\n%s", due, dueAgain, diff)
		}
		short, _ := made(t, rulesOf(t, `{"rules":[{"name":"pages"}]}`), 59, alerts...)
		long, _ := made(t, rulesOf(t, `{"rules":[{"name":"pages","join":"20m"}]}`), 59, alerts...)
		if len(long) > len(short) {
			t.Fatalf("joined %v, apart %v", long, short)
		}
	})
}

// TestNotificationsTellOfOneAlert: repeats, and ends that overtake beginnings,
// end in the same alert.
func TestNotificationsTellOfOneAlert(t *testing.T) {
	t.Parallel()
	all := parsed(t, "alertmanager", "firing", "firing_repeated", "resolved", "firing_again", "resolved_again")
	var events []evenkeel.Event
	for _, name := range []string{"firing", "firing_repeated", "resolved", "firing_again", "resolved_again"} {
		events = append(events, all[name]...)
	}
	rapid.Check(t, func(t *rapid.T) {
		byID := map[string][]evenkeel.Observation{}
		for _, e := range anyOrder(t, events) {
			o, err := e.Observe()
			if err != nil {
				t.Fatal(err)
			}
			byID[e.ID] = append(byID[e.ID], o)
		}
		var alerts []evenkeel.Alert
		for _, observations := range byID {
			fields, _, err := evenkeel.Fold(observations)
			if err != nil {
				t.Fatal(err)
			}
			payload, err := evenkeel.Decode(evenkeel.KindAlert, fields)
			if err != nil {
				t.Fatal(err)
			}
			alerts = append(alerts, *payload.(*evenkeel.Alert))
		}
		got, _ := made(t, rulesOf(t, `{"rules":[{"name":"pages","minimum":"5m","join":"10m"}]}`), 59, alerts...)
		if diff := cmp.Diff([]string{"0-40+31 critical |alertmanager:payments production"}, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestAlertRulesAreChecked(t *testing.T) {
	t.Parallel()
	s, err := connectors.SourceNamed("alertmanager")
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string]string{
		`{"rules":[{}]}`:                                       "rules[0].name",
		`{"rules":[{"name":"a"},{"name":"a"}]}`:                "rules[1].name",
		`{"rules":[{"name":"a","match":["severity"]}]}`:        "rules[0].match[0]",
		`{"rules":[{"name":"a","match":["severity=~\"(\""]}]}`: "rules[0].match[0]",
		`{"rules":[{"name":"a","match":["severity=\"open"]}]}`: "rules[0].match[0]",
		`{"rules":[{"name":"a","minimum":"5 minutes"}]}`:       "rules[0].minimum",
		`{"rules":[{"name":"a","join":"-1m"}]}`:                "rules[0].join",
		`{"rules":[{"name":"a","application":"A B"}]}`:         "rules[0].application",
		`{"services":{"x":{"application":"A B"}}}`:             "services.x.application",
		`{"severities":{"critical":""}}`:                       "severities.critical",
		`{"timestamp_header":"X-T"}`:                           "timestamp_header",
		`{"rules":[{"name":"a","matches":[]}]}`:                "rules[0].matches",
		`{"rules":{"name":"a"}}`:                               "rules",
	} {
		_, err := s.Open(json.RawMessage(settings))
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want+":") {
			t.Errorf("%s: %v, want one about %s", settings, err, want)
		}
	}
}

// TestGrafanaSignsInSeveralWays: with the time of sending, or by a key.
func TestGrafanaSignsInSeveralWays(t *testing.T) {
	t.Parallel()
	s, err := connectors.SourceNamed("grafana")
	if err != nil {
		t.Fatal(err)
	}
	const secret = "It's a Secret to Everybody"
	raw := []byte(`{"alerts":[]}`)
	signed := func(at string) string { return hex.EncodeToString(hmacOf(secret, append([]byte(at), raw...))) }
	for name, c := range map[string]struct {
		settings string
		header   map[string]string
		fits     bool
	}{
		"the body":                   {"", map[string]string{"X-Grafana-Alerting-Signature": signed("")}, true},
		"time and body":              {"", map[string]string{"X-Grafana-Alerting-Signature": signed("1772366400:"), "X-Grafana-Alerting-Signature-Timestamp": "1772366400"}, true},
		"another time":               {"", map[string]string{"X-Grafana-Alerting-Signature": signed("1772366400:"), "X-Grafana-Alerting-Signature-Timestamp": "1772366401"}, false},
		"a header of another name":   {`{"timestamp_header":"X-Sent"}`, map[string]string{"X-Grafana-Alerting-Signature": signed("1:"), "X-Sent": "1"}, true},
		"a wrong one beside the key": {"", map[string]string{"X-Grafana-Alerting-Signature": signed("x"), "Authorization": "Bearer " + secret}, false},
		"the key":                    {"", map[string]string{"Authorization": "Bearer " + secret}, true},
		"nothing":                    {"", nil, false},
	} {
		header := http.Header{}
		for name, value := range c.header {
			header.Set(name, value)
		}
		err := receiverOf(t, s, json.RawMessage(c.settings)).Verify(header, raw, []string{secret})
		if (err == nil) != c.fits || err != nil && !errors.Is(err, evenkeel.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
