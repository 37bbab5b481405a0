package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// grafanaTarget is one query of a panel.
type grafanaTarget struct {
	Expr string `json:"expr"`
}

// grafanaPanel is what the test reads of a panel.
type grafanaPanel struct {
	Title, Description, Type string
	Targets                  []grafanaTarget
	FieldConfig              struct {
		Defaults struct {
			Unit, NoValue string
			Thresholds    struct{ Steps []struct{ Value *float64 } }
		}
	} `json:"fieldConfig"`
}

type grafanaDashboard struct {
	Title         string
	SchemaVersion int `json:"schemaVersion"`
	Panels        []grafanaPanel
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
}

func readDashboard(t *testing.T) grafanaDashboard {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", "grafana", "evenkeel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d grafanaDashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTheGrafanaDashboardUsesOnlyWhatIsExported reads every name in every
// expression: it has to be a gauge of a server with data, one of its labels, or
// a word of the language that is known here.
func TestTheGrafanaDashboardUsesOnlyWhatIsExported(t *testing.T) {
	t.Parallel()
	s := startFilled(t)
	exported := map[string]bool{"max": true, "by": true, "time": true, "label_values": true, "workspace": true, "kind": true, "slug": true}
	for sample := range samples(s.do("GET", "/metrics", s.admin(), "").text) {
		name, _, _ := strings.Cut(sample, " ")
		exported[name] = true
	}
	used := map[string]bool{}
	check := func(where, expr string) {
		if expr == "" || strings.Count(expr, "(") != strings.Count(expr, ")") {
			t.Errorf("%s: %q is no expression", where, expr)
		}
		for _, name := range names(expr) {
			used[name] = true
			if !exported[name] {
				t.Errorf("%s: %q is not exported: %s", where, name, expr)
			}
		}
	}
	d := readDashboard(t)
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			check(p.Title, target.Expr)
		}
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			check(v.Name, v.Definition)
		}
	}
	for name := range exported {
		if strings.HasPrefix(name, "evenkeel_") && !used[name] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// names are the words of an expression outside of its texts.
func names(expr string) []string {
	bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(expr, "")
	return regexp.MustCompile(`[A-Za-z_:][A-Za-z0-9_:]*`).FindAllString(bare, -1)
}

func TestEveryPanelSaysWhatItShowsAndGradesNothing(t *testing.T) {
	t.Parallel()
	d := readDashboard(t)
	if d.Title == "" || d.SchemaVersion < 39 || len(d.Panels) < 10 {
		t.Errorf("%q, schema %d, %d panels", d.Title, d.SchemaVersion, len(d.Panels))
	}
	var variables []string
	for _, v := range d.Templating.List {
		variables = append(variables, v.Name)
	}
	if !slices.Equal(variables, []string{"datasource", "workspace", "kind", "slug"}) {
		t.Errorf("variables: %v", variables)
	}
	for _, p := range d.Panels {
		f := p.FieldConfig.Defaults
		if p.Title == "" || len(p.Description) < 40 || f.Unit == "" || f.NoValue != "no data" || len(p.Targets) == 0 {
			t.Errorf("%q (%s): unit %q, no value %q, %d targets, %q", p.Title, p.Type, f.Unit, f.NoValue, len(p.Targets), p.Description)
		}
		if len(f.Thresholds.Steps) != 1 || f.Thresholds.Steps[0].Value != nil {
			t.Errorf("%q grades: %v", p.Title, f.Thresholds)
		}
	}
	for title, unit := range map[string]string{
		"Change lead time": "s", "Deployment frequency": "suffix: /day", "Change fail rate": "percentunit",
		"Failed-deployment recovery time": "s", "Deployment rework rate": "percentunit", "Coverage": "percentunit", "Age of the last fact": "s",
	} {
		if at := slices.IndexFunc(d.Panels, func(p grafanaPanel) bool { return p.Title == title }); at < 0 || d.Panels[at].FieldConfig.Defaults.Unit != unit {
			t.Errorf("%q is not in %s", title, unit)
		}
	}
}
