package openslo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// plain is an SLO without a fault; tests change lines of it.
const plain = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: checkout-availability
  annotations:
    evenkeel.dev/environment: production
spec:
  service: checkout
  indicator:
    metadata:
      name: availability
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_requests_total{code!~"5.."})
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_requests_total)
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Timeslices
  objectives:
    - displayName: main
      target: 0.999
      timeSliceTarget: 0.95
      timeSliceWindow: 5
`

func readText(text string) *openslo.Set {
	return openslo.Read(openslo.File{Name: "a.yaml", Text: []byte(text)})
}

func readFile(t *testing.T, name string) *openslo.Set {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return openslo.Read(openslo.File{Name: filepath.Base(name), Text: text})
}

func target(t *testing.T, text string) slo.Target {
	t.Helper()
	target, err := slo.ParseShare(text)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// exactly compares definitions: targets by their digits, times by their zone.
func exactly() cmp.Options {
	return cmp.Options{
		cmp.Comparer(func(a, b slo.Target) bool { return a == b || a.String() == b.String() }),
		cmp.Comparer(func(a, b slo.Factor) bool { return a == b }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location().String() == b.Location().String() }),
	}
}

// TestADocumentBecomesADefinition reads every field of a plain document.
func TestADocumentBecomesADefinition(t *testing.T) {
	t.Parallel()
	s := readText(plain)
	asked := func(query string) *slo.Source {
		return &slo.Source{Type: "Prometheus", Query: query, Spec: map[string]any{"query": query}}
	}
	want := []slo.Definition{{
		Name: "checkout-availability", Service: "checkout", Environment: "production", Method: slo.Timeslices,
		Indicator: slo.Indicator{
			Name: "availability", Kind: slo.GoodOfTotal, Series: "availability", Counter: true,
			Good: asked(`sum(http_requests_total{code!~"5.."})`), Total: asked("sum(http_requests_total)"),
		},
		Window: slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}}, Slice: time.Minute, Missing: slo.MissingExclude, Alerts: "workbook-30d",
		Objectives: []slo.Objective{{Name: "main", Target: target(t, "0.999"), SliceTarget: target(t, "0.95"), SliceWindow: 5 * time.Minute, Weight: 1}},
	}}
	if diff := cmp.Diff(want, s.Definitions, exactly()); diff != "" {
		t.Error(diff)
	}
	if len(s.Lints) > 0 {
		t.Errorf("lints of a plain document: %v", s.Lints)
	}
}

// TestOfficialExamplesLoad: every example of the specification is read without
// an error.
func TestOfficialExamplesLoad(t *testing.T) {
	t.Parallel()
	definitions := map[string]string{
		"occurences-slo.yaml":             "search-slo Occurrences 2w threshold 0.99",
		"ratio-timeslices.yaml":           "main-page RatioTimeslices 2w good/total 0.99",
		"timeslices-slo.yaml":             "service-availability Timeslices 1m good/total 0.995 0.99",
		"low-traffic-slo.yaml":            "service-availability Timeslices 1w good/total 0.9995",
		"slos.yaml":                       "web-availability Timeslices 1w good/total 0.995",
		"composite.yaml":                  "TestSLO Occurrences 1M good/total 0.98 0.99",
		"slos-v1alpha.yaml":               "web-latency-threshold Occurrences 1w threshold 0.98; web-availability-ratio Timeslices 1w good/total 0.995",
		"services.yaml":                   "",
		"slis.yaml":                       "",
		"data_sources.yaml":               "",
		"alert_policies.yaml":             "",
		"alert_conditions.yaml":           "",
		"alert_notification_targets.yaml": "",
	}
	files, err := filepath.Glob("testdata/official/*.yaml")
	if err != nil || len(files) != len(definitions) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		s := readFile(t, name)
		if err := s.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, d := range s.Definitions {
			text := fmt.Sprintf("%s %s %s %s", d.Name, d.Method, d.Window.Span, d.Objectives[0].In(d).Kind)
			for _, o := range d.Objectives {
				text += " " + o.Target.String()
			}
			got = append(got, text)
		}
		if text := strings.Join(got, "; "); text != definitions[filepath.Base(name)] {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestOfficialExampleOfAMonthIsAMinute: the example says "1 month" and writes a
// minute.
func TestOfficialExampleOfAMonthIsAMinute(t *testing.T) {
	t.Parallel()
	s := readFile(t, "testdata/official/timeslices-slo.yaml")
	want := openslo.Lint{
		File: "timeslices-slo.yaml", Line: 27, Field: "spec.timeWindow[0].duration", Severity: openslo.Warning,
		Text: "1m means minutes, case matters", Fix: "a month is 1M",
		Code: "minutes", Values: map[string]string{"span": "1m", "meant": "1M"},
	}
	if !slices.ContainsFunc(s.Lints, func(l openslo.Lint) bool { return cmp.Equal(l, want) }) {
		t.Errorf("%v", s.Lints)
	}
}

// changed is a document in which one text stands for another.
func changed(t *testing.T, text string, oldNew ...string) string {
	t.Helper()
	for i := 0; i < len(oldNew); i += 2 {
		if strings.Count(text, oldNew[i]) != 1 {
			t.Fatalf("%q stands %d times in the document", oldNew[i], strings.Count(text, oldNew[i]))
		}
		text = strings.Replace(text, oldNew[i], oldNew[i+1], 1)
	}
	return text
}

// TestSlipsAreErrors: what would change a number is refused where it stands,
// and there is no definition.
func TestSlipsAreErrors(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		change []string
		want   string
	}{
		"target 1":               {[]string{"target: 0.999", "target: 1"}, `31:spec.objectives[0].target: error: 1 leaves no error budget; give 0.9999 (99.99 %) or less`},
		"target 100 %":           {[]string{"target: 0.999", "targetPercent: 100"}, `31:spec.objectives[0].targetPercent: error: 100 leaves no error budget; give 0.9999 (99.99 %) or less`},
		"a percentage as target": {[]string{"target: 0.999", "target: 99.9"}, `31:spec.objectives[0].target: error: 99.9 is not a share below 1; write targetPercent: 99.9`},
		"a sign of percent":      {[]string{"target: 0.999", "target: 99.9%"}, `31:spec.objectives[0].target: error: "99.9%" is not a plain decimal number`},
		"an exponent":            {[]string{"target: 0.999", "target: 999e-3"}, `31:spec.objectives[0].target: error: "999e-3" is not a plain decimal number`},
		"both targets":           {[]string{"target: 0.999", "target: 0.999\n      targetPercent: 99.9"}, `32:spec.objectives[0].targetPercent: error: is given beside target; keep one of them`},
		"no target":              {[]string{"      target: 0.999\n", ""}, `30:spec.objectives[0].target: error: is required; write for example target: 0.999`},
		"another case":           {[]string{"timeSliceWindow: 5", "timeSliceWIndow: 5"}, `33:spec.objectives[0].timeSliceWIndow: error: is no field of OpenSLO v1; did you mean "timeSliceWindow"?`},
		"a misspelt field":       {[]string{"budgetingMethod:", "budgettingMethod:"}, `28:spec.budgettingMethod: error: is no field of OpenSLO v1; did you mean "budgetingMethod"?`},
		"a field elsewhere":      {[]string{"target: 0.999", "target: 0.999\n      budgetingMethod: Occurrences"}, `32:spec.objectives[0].budgetingMethod: error: has its place elsewhere in the document and would have no effect here`},
		"a misspelt method":      {[]string{"Timeslices", "TimeSlices"}, `28:spec.budgetingMethod: error: "TimeSlices" is no budgeting method; did you mean "Timeslices"?`},
		"no slice target":        {[]string{"      timeSliceTarget: 0.95\n", ""}, `30:spec.objectives[0].timeSliceTarget: error: is required for Timeslices`},
		"no slice window":        {[]string{"      timeSliceWindow: 5\n", ""}, `30:spec.objectives[0].timeSliceWindow: error: is required for Timeslices; write for example timeSliceWindow: 1m`},
		"a slice of a month":     {[]string{"timeSliceWindow: 5", "timeSliceWindow: 1M"}, `33:spec.objectives[0].timeSliceWindow: error: 1M is longer than a day`},
		"an odd slice":           {[]string{"timeSliceWindow: 5", "timeSliceWindow: 7"}, `33:spec.objectives[0].timeSliceWindow: error: 7m0s is not a multiple of the measured slice of 1m0s that divides a day`},
		"no window":              {[]string{"  timeWindow:\n    - duration: 30d\n      isRolling: true\n", ""}, `7:spec.timeWindow: error: holds 0 windows`},
		"two windows":            {[]string{"    - duration: 30d\n      isRolling: true\n", "    - duration: 30d\n    - duration: 7d\n"}, `25:spec.timeWindow: error: holds 2 windows`},
		"rolling by calendar":    {[]string{"isRolling: true", "isRolling: true\n      calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}"}, `27:spec.timeWindow[0].isRolling: error: is true, and a calendar is given`},
		"neither":                {[]string{"isRolling: true", "isRolling: false"}, `26:spec.timeWindow[0].calendar: error: is required where isRolling is false`},
		"an unknown zone":        {[]string{"isRolling: true", "calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berln}"}, `27:spec.timeWindow[0].calendar.timeZone: error: "Europe/Berln" is not a time zone`},
		"a start with offset":    {[]string{"isRolling: true", "calendar: {startTime: 2026-01-01T00:00:00Z, timeZone: UTC}"}, `27:spec.timeWindow[0].calendar.startTime: error: "2026-01-01T00:00:00Z" is not a date and time without a zone; leave the offset out`},
		"a start that is not":    {[]string{"isRolling: true", "calendar: {startTime: 2026-03-29 02:30:00, timeZone: Europe/Berlin}"}, `27:spec.timeWindow[0].calendar.startTime: error: "2026-03-29 02:30:00" does not exist in Europe/Berlin`},
		"spaces in a window":     {[]string{"duration: 30d", "duration: 30 d"}, `26:spec.timeWindow[0].duration: error: "30 d" is not a number above 0 and a unit`},
		"two indicators":         {[]string{"  indicator:\n", "  indicatorRef: other\n  indicator:\n"}, `9:spec.indicatorRef: error: is given beside indicator`},
		"an unknown indicator":   {[]string{plain[strings.Index(plain, "  indicator:"):strings.Index(plain, "  timeWindow:")], "  indicatorRef: availabilty\n"}, `9:spec.indicatorRef: error: SLI "availabilty" is not among the documents`},
		"no indicator":           {[]string{plain[strings.Index(plain, "  indicator:"):strings.Index(plain, "  timeWindow:")], ""}, `7:spec.indicator: error: is required`},
		"good and bad":           {[]string{"        total:", "        bad: {metricSource: {type: Prometheus}}\n        total:"}, `20:spec.indicator.spec.ratioMetric.bad: error: is given beside good`},
		"half a composite":       {[]string{"      timeSliceWindow: 5\n", "      timeSliceWindow: 5\n    - target: 0.9\n      timeSliceTarget: 0.9\n      timeSliceWindow: 5\n      indicatorRef: other\n"}, `9:spec.indicator: error: is given, and objectives have indicators of their own`},
		"one name twice":         {[]string{"      timeSliceWindow: 5\n", "      timeSliceWindow: 5\n    - displayName: main\n      target: 0.9\n      timeSliceTarget: 0.9\n      timeSliceWindow: 5\n"}, `34:spec.objectives[1].displayName: error: "main" is the name of two objectives`},
		"an unknown annotation":  {[]string{"evenkeel.dev/environment", "evenkeel.dev/enviroment"}, `6:metadata.annotations.evenkeel.dev/enviroment: error: is no annotation that is read; did you mean "environment"?`},
		"a misspelt prefix":      {[]string{"evenkeel.dev/environment", "evenkeel.io/environment"}, `6:metadata.annotations.evenkeel.io/environment: error: is no annotation that is read; did you mean "evenkeel.dev/environment"?`},
		"an unknown policy":      {[]string{"evenkeel.dev/environment: production", "evenkeel.dev/missing: ignore"}, `6:metadata.annotations.evenkeel.dev/missing: error: "ignore" is not known; write one of exclude, good, bad, hold`},
		"an odd measured slice":  {[]string{"evenkeel.dev/environment: production", "evenkeel.dev/slice: 7m"}, `6:metadata.annotations.evenkeel.dev/slice: error: 7m0s does not divide an hour`},
		"an unknown window set":  {[]string{"evenkeel.dev/environment: production", "evenkeel.dev/alerts: workbook"}, `6:metadata.annotations.evenkeel.dev/alerts: error: "workbook" is no window set`},
		"a name with blanks":     {[]string{"name: checkout-availability", "name: checkout availability"}, `4:metadata.name: error: "checkout availability" holds a blank or a character that cannot be seen`},
		"a key twice":            {[]string{"  service: checkout", "  service: checkout\n  service: basket"}, `9:spec.service: error: is given twice, first in line 8; remove one`},
		"an alias":               {[]string{"name: availability", "name: &name availability"}, `11:: error: "&name" is an anchor`},
		"another version":        {[]string{"openslo/v1", "openslo.com/v2alpha"}, `1:apiVersion: error: "openslo.com/v2alpha" is not read; write openslo/v1`},
		"another kind":           {[]string{"kind: SLO", "kind: Slo"}, `2:kind: error: "Slo" is no kind of OpenSLO v1; did you mean "SLO"?`},
		"no YAML":                {[]string{"  service: checkout", "  service: [checkout"}, `is not YAML near here`},
	} {
		s := readText(changed(t, plain, one.change...))
		if len(s.Definitions) > 0 {
			t.Errorf("%s: has a definition", name)
		}
		if err := s.Err(); err == nil || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOdditiesAreRemarked: what changes no number is read, with a remark.
func TestOdditiesAreRemarked(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		change []string
		want   string
	}{
		"op on a ratio":             {[]string{"target: 0.999", "op: gt\n      target: 0.999"}, `31:spec.objectives[0].op: note: has no meaning for a ratio and is ignored; remove it`},
		"a rolling month":           {[]string{"duration: 30d", "duration: 1M"}, `26:spec.timeWindow[0].duration: warning: a rolling window of 1M is taken as 30 days`},
		"a rolling quarter":         {[]string{"duration: 30d", "duration: 1Q"}, `26:spec.timeWindow[0].duration: warning: a rolling window of 1Q is taken as 90 days`},
		"a rolling year":            {[]string{"duration: 30d", "duration: 1Y"}, `26:spec.timeWindow[0].duration: warning: a rolling window of 1Y is taken as 365 days`},
		"a minute":                  {[]string{"duration: 30d", "duration: 5m"}, `26:spec.timeWindow[0].duration: warning: 5m means minutes, case matters; a month is 5M`},
		"target 0":                  {[]string{"target: 0.999", "target: 0"}, `31:spec.objectives[0].target: warning: promises nothing`},
		"a share as percent":        {[]string{"target: 0.999", "targetPercent: 0.999"}, `31:spec.objectives[0].targetPercent: warning: 0.999 % promises almost nothing; write target: 0.999 if a share was meant`},
		"an unknown field":          {[]string{"  service: checkout", "  service: checkout\n  runbook: https://example.com"}, `9:spec.runbook: warning: is no field of OpenSLO v1 and has no effect`},
		"an unreachable row":        {[]string{"target: 0.999", "target: 0.9"}, `spec.objectives[0]: warning: at a target of 90 % nothing burns faster than 10, so the page row 1h/5m with the factor 14.4 could never alert`},
		"no counter":                {[]string{"        counter: true\n", ""}, `13:spec.indicator.spec.ratioMetric.counter: note: is not given`},
		"a service that is no slug": {[]string{"service: checkout", "service: TheServiceName"}, `8:spec.service: warning: "TheServiceName" is not the slug of an application`},
		"no word on rolling":        {[]string{"      isRolling: true\n", ""}, `26:spec.timeWindow[0].isRolling: note: is not given and there is no calendar: the window rolls`},
		"a policy":                  {[]string{"  budgetingMethod:", "  alertPolicies:\n    - FooAlertPolicy\n  budgetingMethod:"}, `29:spec.alertPolicies[0]: warning: AlertPolicy "FooAlertPolicy" is not among the documents`},
	} {
		s := readText(changed(t, plain, one.change...))
		if len(s.Definitions) != 1 || s.Err() != nil {
			t.Errorf("%s: %d definitions, %v", name, len(s.Definitions), s.Err())
		}
		var lines []string
		for _, lint := range s.Lints {
			lines = append(lines, lint.String())
		}
		if text := strings.Join(lines, "\n"); !strings.Contains(text, one.want) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

// TestTargetsAreExact: the digits of the document are those of the definition.
func TestTargetsAreExact(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"target: 0.999": "0.999", `target: "0.999"`: "0.999", "target: 0.9990": "0.999", "target: .95": "0.95",
		"targetPercent: 99.95": "0.9995", "targetPercent: 99": "0.99", `targetPercent: "99.999"`: "0.99999", "target: 0.99999999999": "0.99999999999",
	} {
		s := readText(changed(t, plain, "target: 0.999", written))
		if len(s.Definitions) != 1 {
			t.Errorf("%s: %v", written, s.Err())
			continue
		}
		if got := s.Definitions[0].Objectives[0].Target.String(); got != want {
			t.Errorf("%s is %s, want %s", written, got, want)
		}
	}
}

// TestReferencesAcrossFiles: an SLI and a data source of other files are found.
func TestReferencesAcrossFiles(t *testing.T) {
	t.Parallel()
	inline := plain[strings.Index(plain, "  indicator:"):strings.Index(plain, "  timeWindow:")]
	slis := "apiVersion: openslo/v1\nkind: SLI\nmetadata:\n  name: availability\nspec:\n  ratioMetric:\n    counter: true\n" +
		"    bad:\n      metricSource: {metricSourceRef: main, spec: {query: errors}}\n    total:\n      metricSource: {metricSourceRef: main, spec: {query: all}}\n" +
		"---\napiVersion: openslo/v1\nkind: DataSource\nmetadata:\n  name: main\nspec:\n  type: Prometheus\n"
	s := openslo.Read(
		openslo.File{Name: "slo.yaml", Text: []byte(changed(t, plain, inline, "  indicatorRef: availability\n"))},
		openslo.File{Name: "sli.yaml", Text: []byte(slis)},
	)
	if len(s.Definitions) != 1 {
		t.Fatal(s.Err())
	}
	asked := func(query string) *slo.Source {
		return &slo.Source{DataSource: "main", Type: "Prometheus", Query: query, Spec: map[string]any{"query": query}}
	}
	want := slo.Indicator{Name: "availability", Kind: slo.BadOfTotal, Series: "availability", Counter: true, Bad: asked("errors"), Total: asked("all")}
	if diff := cmp.Diff(want, s.Definitions[0].Indicator); diff != "" {
		t.Error(diff)
	}
}

// TestNamesAreUnique: of two documents of one name the first stands, and two
// questions do not fill one series.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	s := readText(plain + "---\n" + plain)
	if len(s.Definitions) != 1 || s.Err() == nil || !strings.Contains(s.Err().Error(), `a.yaml:38:metadata.name: error: SLO "checkout-availability" is given already at a.yaml:4`) {
		t.Errorf("%d definitions, %v", len(s.Definitions), s.Err())
	}
	other := changed(t, plain, "name: checkout-availability", "name: checkout-errors", "query: sum(http_requests_total)\n", "query: sum(other)\n")
	s = readText(plain + "---\n" + other)
	if len(s.Definitions) != 1 || s.Err() == nil || !strings.Contains(s.Err().Error(), `reads the series "availability" of "checkout", as SLO "checkout-availability" does with another question`) {
		t.Errorf("%d definitions, %v", len(s.Definitions), s.Err())
	}
	if s := readText(plain + "---\n" + changed(t, other, "environment: production", "environment: staging")); len(s.Definitions) != 2 {
		t.Errorf("in another environment: %v", s.Err())
	}
	if s := readText(plain + "---\n" + changed(t, other, "    evenkeel.dev/environment: production\n", "    example.com/a: b\n")); len(s.Definitions) != 1 {
		t.Errorf("in any environment: %v", s.Err())
	}
}

// TestThresholdsAreNumbers: what other readers of YAML take for another number
// is refused.
func TestThresholdsAreNumbers(t *testing.T) {
	t.Parallel()
	threshold := changed(t, plain, plain[strings.Index(plain, "      ratioMetric:"):strings.Index(plain, "  timeWindow:")], "      thresholdMetric: {metricSource: {type: Prometheus, spec: {query: q}}}\n")
	for written, want := range map[string]string{
		"0.5": "0.5", "-3": "-3", "1e3": "1000", "500": "500", `"0.25"`: "0.25",
		"010": "", "0x10": "", ".nan": "", ".inf": "", "1_000": "", "half": "", "1e999": "",
	} {
		s := readText(changed(t, threshold, "target: 0.999", "op: lte\n      value: "+written+"\n      target: 0.999"))
		got := ""
		if len(s.Definitions) == 1 {
			got = fmt.Sprint(s.Definitions[0].Objectives[0].Value)
		}
		if got != want {
			t.Errorf("%s is %q, want %q: %v", written, got, want, s.Err())
		}
	}
}

// TestAnnotationsAreRead reads all of them.
func TestAnnotationsAreRead(t *testing.T) {
	t.Parallel()
	s := readText(changed(t, plain, "    evenkeel.dev/environment: production\n", `    evenkeel.dev/slice: 10s
    evenkeel.dev/missing: hold
    evenkeel.dev/series: availability{zone="a",region="eu"}
    evenkeel.dev/group-by: route, method
    evenkeel.dev/min-events: 100
    evenkeel.dev/min-bad: "5"
    evenkeel.dev/confidence: 0.95
    evenkeel.dev/alerts: none
    evenkeel.dev/ingestion-delay: 90s
`))
	if len(s.Definitions) != 1 {
		t.Fatal(s.Err())
	}
	d := s.Definitions[0]
	got := fmt.Sprintln(d.Slice, d.Missing, d.Indicator.Series, d.GroupBy, d.Guard, d.Alerts == "", d.Delay)
	if want := `10s hold availability{region="eu",zone="a"} [route method] {100 5 0.95} true 1m30s` + "\n"; got != want {
		t.Errorf("%s", got)
	}
}
