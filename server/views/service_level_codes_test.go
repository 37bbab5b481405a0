package views_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
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
	known := codesOf[views.LevelRemark](t, "Code")
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

// codesOf are the codes that the API knows for a field.
func codesOf[T any](t *testing.T, name string) []string {
	t.Helper()
	field, ok := reflect.TypeFor[T]().FieldByName(name)
	if !ok {
		t.Fatalf("no field %s", name)
	}
	return strings.Split(field.Tag.Get("enum"), ",")
}

// TestEveryReasonHasACode: each sentence that the engine and the server say of a
// budget has a code that the API knows, and each that the API knows is said.
func TestEveryReasonHasACode(t *testing.T) {
	t.Parallel()
	reasons, asking := codesOf[views.LevelReason](t, "Code"), codesOf[views.LevelReason](t, "Asking")
	if why := codesOf[views.LevelWhy](t, "Code"); !slices.Equal(why, reasons) {
		t.Errorf("why there is no value: %v\nreasons: %v", why, reasons)
	}
	known, remarks := slices.Concat(reasons, asking), codesOf[views.LevelRemark](t, "Code")
	said := map[string]bool{"": true} // Nothing is asked.
	for _, folder := range []string{".", "..", "../budgets", "../measure", "../../slo"} {
		for _, code := range codesIn(t, folder) {
			if said[code] = true; !slices.Contains(known, code) && !slices.Contains(remarks, code) {
				t.Errorf("%s: the API does not know the code %q", folder, code)
			}
		}
	}
	for _, code := range known {
		if !said[code] {
			t.Errorf("nobody says %q", code)
		}
	}
}

// codesIn are the codes that are written in the source of a package: those of
// sentences that are made there, and those that one is given afterwards.
func codesIn(t *testing.T, folder string) (codes []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(folder, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for n := range ast.Preorder(file) {
			if code, ok := codeIn(n); ok {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// codeIn is the code that a call of slo.Say, or of its like for names, has as a
// text, or an assignment of a code and its sentence.
func codeIn(n ast.Node) (code string, found bool) {
	var at ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		switch called := types.ExprString(n.Fun); called {
		case "Say", "slo.Say":
			at = n.Args[0]
		case "sayOf":
			at = n.Args[1]
		}
	case *ast.AssignStmt:
		if len(n.Lhs) == 2 && strings.HasSuffix(types.ExprString(n.Lhs[0]), ".Code") && strings.HasSuffix(types.ExprString(n.Lhs[1]), ".Text") {
			at = n.Rhs[0]
		}
	}
	literal, ok := at.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	code, err := strconv.Unquote(literal.Value)
	return code, err == nil
}
