package views_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// remarkable is a document of which parts are given: annotations, the head of
// the specification, what is measured, the window, the method, and objectives.
func remarkable(parts map[string]string) string {
	of := func(name, usual string) string {
		if text, given := parts[name]; given {
			return text
		}
		return usual
	}
	const query = "{metricSource: {type: Prometheus, spec: {query: up}}}"
	return fmt.Sprintf(`apiVersion: openslo/v1
kind: SLO
metadata: {name: shop, annotations: {%s}}
spec:
  service: %s
  %s
  indicator: {metadata: {name: availability}, spec: {%s}}
  timeWindow: [%s]
  budgetingMethod: %s
  objectives: [%s]
%s`, of("annotations", ""), of("service", "shop"), of("spec", "description: a shop"),
		of("indicator", "ratioMetric: {counter: true, good: "+query+", total: "+query+"}"), of("window", "{duration: 30d, isRolling: true}"),
		of("method", "Occurrences"), of("objectives", "{target: 0.99}"), of("more", ""))
}

// alerting is a document with one condition of an alert.
func alerting(severity, condition string) string {
	return remarkable(map[string]string{"spec": "alertPolicies: [{kind: AlertPolicy, metadata: {name: fast}, spec: {conditions: [{kind: AlertCondition, metadata: {name: burn}, spec: {severity: " + severity + ", condition: {" + condition + "}}}]}}]"})
}

// TestEveryRemarkHasACode: what can be remarked on a document that is evaluated
// has a code that the API knows, and each that the API knows is made.
func TestEveryRemarkHasACode(t *testing.T) {
	t.Parallel()
	const raw = "ratioMetric: {rawType: success, raw: {metricSource: {type: Prometheus, spec: {query: up}}}}"
	const value = "thresholdMetric: {metricSource: {type: Prometheus, spec: {query: up}}}"
	const two = "good: {metricSource: {type: Prometheus}}, total: {metricSource: {type: Prometheus}}"
	policy := func(more string) string {
		return remarkable(map[string]string{"spec": "alertPolicies: [{kind: AlertPolicy, metadata: {name: fast}, spec: {" + more + "}}]"})
	}
	burn := func(more string) string {
		return "conditions: [{kind: AlertCondition, metadata: {name: burn}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1h}}}]" + more
	}
	alpha := func(objective, method string) string {
		return "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {name: old}\nspec:\n  service: shop\n  " + method + "\n  timeWindows: [{unit: Day, count: 28, isRolling: true}]\n  objectives: [{target: 0.99, " + objective + "ratioMetrics: {counter: true, good: {source: prometheus, queryType: promql, query: up}, total: {source: prometheus, queryType: promql, query: up}}}]\n"
	}
	type m = map[string]string
	documents := []string{
		remarkable(m{"service": "Shop_1", "spec": "colour: red"}), remarkable(m{"indicator": raw}), remarkable(m{"indicator": "ratioMetric: {rawType: success, counter: true, " + two + "}"}),
		remarkable(m{"indicator": "ratioMetric: {" + two + "}"}), remarkable(m{"indicator": "ratioMetric: {counter: true, good: {metricSource: {spec: {query: up}}}, total: {metricSource: {spec: {query: up}}}}"}),
		remarkable(m{"objectives": "{targetPercent: 0.5}"}), remarkable(m{"objectives": "{target: 0}"}), remarkable(m{"objectives": "{target: 0.99, op: lt, timeSliceTarget: 0.9}"}),
		remarkable(m{"method": "RatioTimeslices", "objectives": "{target: 0.99, timeSliceWindow: 1m, timeSliceTarget: 0.9}"}),
		remarkable(m{"method": "Timeslices", "indicator": value, "objectives": "{target: 0.99, op: lt, value: 1, timeSliceWindow: 1m}"}),
		remarkable(m{"method": "Timeslices", "objectives": "{target: 0.99, timeSliceWindow: 1m, timeSliceTarget: 0}"}), remarkable(m{"objectives": "{target: 0.99, compositeWeight: 2}"}),
		remarkable(m{"window": "{duration: 30d}"}), remarkable(m{"window": "{duration: 1m, isRolling: true}"}), remarkable(m{"window": "{duration: 1M, isRolling: true}"}),
		remarkable(m{"objectives": "{target: 0.9}"}), remarkable(m{"annotations": "evenkeel.dev/alerts: workbook-7d"}),
		remarkable(m{"method": "Timeslices", "objectives": "{target: 0.999, timeSliceWindow: 1h, timeSliceTarget: 0.9}"}),
		remarkable(m{"annotations": "evenkeel.dev/source: incidents, evenkeel.dev/missing: bad", "indicator": "ratioMetric: {bad: {metricSource: {type: Incidents}}, total: {metricSource: {type: Incidents}}}"}),
		remarkable(m{"spec": "alertPolicies: [{alertPolicyRef: lost}]"}), policy("conditions: []"), policy("conditions: [{conditionRef: lost}]"),
		policy(burn(", notificationTargets: [{targetRef: lost}], alertWhenBreaching: false")),
		policy("conditions: [{kind: AlertCondition, metadata: {name: burn}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 50, lookbackWindow: 1h}}}]"),
		alerting("loud", "kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1h"), alerting("page", "kind: other, op: gt, threshold: 2, lookbackWindow: 1h"),
		remarkable(m{"spec": "alertPolicies: [{kind: AlertPolicy, metadata: {name: fast}, spec: {conditions: [{kind: AlertCondition, metadata: {name: burn}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 200, lookbackWindow: 1h}}}]}}]"}),
		alerting("page", "kind: burnrate, op: gt, threshold: many, lookbackWindow: 1h"), alerting("page", "kind: burnrate, op: gte, threshold: 0, lookbackWindow: 1h"),
		alerting("page", "kind: burnrate, op: lt, threshold: 2, lookbackWindow: 1h"), alerting("page", "kind: burnrate, op: near, threshold: 2, lookbackWindow: 1h"),
		alerting("page", "kind: burnrate, op: gt, threshold: 2, lookbackWindow: soon"), alerting("page", "kind: burnrate, op: gt, threshold: 2, lookbackWindow: 60d"),
		remarkable(m{"more": "---\napiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: main}\nspec: {connectionDetails: {token: abcdef}}\n"}),
		remarkable(m{"more": "---\napiVersion: openslo/v1\nkind: AlertNotificationTarget\nmetadata: {name: mail}\nspec: {description: none}\n"}),
		alpha("", ""), alpha("timeSliceTarget: 0.9, ", "budgetingMethod: Timeslices"),
	}
	field, _ := reflect.TypeFor[views.LevelRemark]().FieldByName("Code")
	known := strings.Split(field.Tag.Get("enum"), ",")
	made := map[string]bool{"": true, "spoiled": true} // Spoiled is of two service levels.
	for _, document := range documents {
		set := openslo.Read(openslo.File{Name: "a.yaml", Text: []byte(document)})
		for _, one := range views.Remarks(set.Lints) {
			if made[one.Code] = true; one.Severity != "error" && (one.Code == "" || !slices.Contains(known, one.Code)) {
				t.Errorf("%s %q: code %q\n%s", one.Field, one.Text, one.Code, document)
			}
			if one.Values == nil {
				t.Errorf("%s: no values", one.Code)
			}
		}
	}
	if got := slices.Sorted(maps.Keys(made)); !slices.Equal(got, slices.Sorted(slices.Values(known))) {
		t.Errorf("made:\n%v\nof the API:\n%v", got, known)
	}
}
