package openslo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// byIncidents is a document with annotations and members of its spec.
func byIncidents(annotations string, spec ...string) string {
	return "apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: shop\n  annotations: {" + annotations + "}\nspec:\n  service: shop\n  budgetingMethod: Occurrences\n" +
		"  timeWindow: [{duration: 30d, isRolling: true}]\n" + strings.Join(spec, "\n") + "\n"
}

const promised = "  objectives: [{target: 0.999}]"

// TestADocumentMayBeMeasuredByIncidents with an indicator that says nothing else,
// or without any.
func TestADocumentMayBeMeasuredByIncidents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]slo.Indicator{
		byIncidents("evenkeel.dev/source: incidents", promised): {Kind: slo.BadOfTotal, Incidents: &slo.Incidents{}},
		byIncidents(`evenkeel.dev/source: incidents, evenkeel.dev/severities: "sev1, sev2"`, promised): {
			Kind: slo.BadOfTotal, Incidents: &slo.Incidents{Severities: []string{"sev1", "sev2"}},
		},
		byIncidents("evenkeel.dev/source: incidents", promised,
			"  indicator: {metadata: {name: quiet}, spec: {ratioMetric: {counter: false, bad: {metricSource: {type: Incidents}}, total: {metricSource: {type: incidents, spec: {}}}}}}"): {
			Name: "quiet", Kind: slo.BadOfTotal, Incidents: &slo.Incidents{},
		},
		byIncidents("", promised, "  indicator: {metadata: {annotations: {evenkeel.dev/source: incidents}}, spec: {}}"): {Kind: slo.BadOfTotal, Incidents: &slo.Incidents{}},
		byIncidents("evenkeel.dev/source: incidents", promised, "  indicatorRef: quiet", "---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {name: quiet, annotations: {evenkeel.dev/source: incidents}}\nspec: {}"): {
			Name: "quiet", Kind: slo.BadOfTotal, Incidents: &slo.Incidents{},
		},
	} {
		s := readText(text)
		if err := s.Err(); err != nil || len(s.Definitions) != 1 {
			t.Errorf("%v\n%s", err, text)
			continue
		}
		if diff := cmp.Diff(want, s.Definitions[0].Indicator); diff != "" {
			t.Errorf("%s\n%s", diff, text)
		}
		if len(s.Lints) > 0 {
			t.Errorf("%v", s.Lints)
		}
	}
}

// TestWhatIsMissingOfIncidentsIsSaid as of any other measurement.
func TestWhatIsMissingOfIncidentsIsSaid(t *testing.T) {
	t.Parallel()
	s := readText(byIncidents("evenkeel.dev/source: incidents, evenkeel.dev/missing: bad", promised))
	if err := s.Err(); err != nil || len(s.Lints) > 0 || s.Definitions[0].Missing != slo.MissingBad {
		t.Errorf("%v, %v", err, s.Lints)
	}
}

// TestContradictionsOfIncidents name the field and the fix.
func TestContradictionsOfIncidents(t *testing.T) {
	t.Parallel()
	const source = "evenkeel.dev/source: incidents"
	own := `  objectives: [{displayName: a, target: 0.9, indicator: {metadata: {name: a, annotations: {evenkeel.dev/source: incidents}}, spec: {}}},
    {displayName: b, target: 0.9, indicator: {metadata: {name: b}, spec: {thresholdMetric: {metricSource: {type: Pushed}}}}, op: lt, value: 1}]`
	for _, one := range []struct{ text, severity, field, says string }{
		{byIncidents("evenkeel.dev/source: prometheus", promised), "error", "metadata.annotations.evenkeel.dev/source", "incidents"},
		{byIncidents("evenkeel.dev/severities: sev1", promised, "  indicator: {spec: {thresholdMetric: {metricSource: {type: Pushed}}}}"), "error", "metadata.annotations.evenkeel.dev/severities", "no effect without"},
		{byIncidents(source+`, evenkeel.dev/severities: "sev1,,"`, promised), "error", "metadata.annotations.evenkeel.dev/severities", "names nothing"},
		{byIncidents(source+`, evenkeel.dev/severities: "sev1, sev1"`, promised), "error", "metadata.annotations.evenkeel.dev/severities", "twice"},
		{byIncidents(source+", evenkeel.dev/group-by: region", promised), "error", "metadata.annotations.evenkeel.dev/group-by", "no labels"},
		{byIncidents(source+", evenkeel.dev/series: availability", promised), "error", "metadata.annotations.evenkeel.dev/series", "no series"},
		{byIncidents(source, own), "error", "metadata.annotations.evenkeel.dev/source", "no effect"},
		{byIncidents("evenkeel.dev/group-by: region", own), "error", "metadata.annotations.evenkeel.dev/group-by", "no labels"},
		{byIncidents(source, promised, "  indicator: {spec: {thresholdMetric: {metricSource: {type: Incidents}}}}"), "error", "spec.indicator.spec.thresholdMetric", "contradicts"},
		{byIncidents(source, promised, "  indicator: {spec: {ratioMetric: {rawType: success, raw: {metricSource: {type: Incidents}}}}}"), "error", "spec.indicator.spec.ratioMetric.raw", "contradicts"},
		{byIncidents(source, promised, "  indicator: {spec: {ratioMetric: {counter: true}}}"), "error", "spec.indicator.spec.ratioMetric.counter", "contradicts"},
		{byIncidents(source, promised, "  indicator: {spec: {ratioMetric: {total: {metricSource: {type: Prometheus, spec: {query: up}}}}}}"), "error", "spec.indicator.spec.ratioMetric.total.metricSource", "Prometheus"},
		{byIncidents(source, promised, "  indicator: {spec: {ratioMetric: {bad: {metricSource: {metricSourceRef: main}}}}}"), "error", "spec.indicator.spec.ratioMetric.bad.metricSource", "main"},
		{byIncidents(source, promised, "  indicator: {spec: {ratioMetric: {bad: {metricSource: {spec: {query: up}}}}}}"), "error", "spec.indicator.spec.ratioMetric.bad.metricSource", "a query"},
		{byIncidents("", promised, "  indicator: {spec: {thresholdMetric: {metricSource: {type: Incidents}}}}"), "error", "spec.indicator.spec.thresholdMetric.metricSource.type", "nothing that is asked for"},
	} {
		s := readText(one.text)
		found := slices.ContainsFunc(s.Lints, func(l openslo.Lint) bool {
			return string(l.Severity) == one.severity && l.Field == one.field && strings.Contains(l.Text+l.Fix, one.says) && l.Fix != ""
		})
		if refused := len(s.Definitions) == 0; !found || refused != (one.severity == "error") {
			t.Errorf("no %s of %s with %q among %v\n%s", one.severity, one.field, one.says, s.Lints, one.text)
		}
	}
}
