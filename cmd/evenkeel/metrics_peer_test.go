package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// The same facts by both rules: four releases, and rows that add up.
func TestMetricsAsDevLake(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	query := []string{"metrics", "--as", "devlake-2023", "--from", "2026-11-01", "--to", "2026-11-11"}
	var view views.Peer
	if err := json.Unmarshal([]byte(m.must(append(query, "--json")...)), &view); err != nil {
		t.Fatal(err)
	}
	if f := view.Figures[0]; f.Ours.N != 4 || f.Theirs.N != 4 || f.Theirs.Unit != "days_per_week" {
		t.Errorf("%+v", f)
	}
	for _, f := range view.Figures {
		rows := f.Ours.Rows
		for _, line := range f.Lines {
			if line.Side == metrics.SideOurs {
				rows -= line.Count
			} else {
				rows += line.Count
			}
		}
		if rows != f.Theirs.Rows {
			t.Errorf("%s: %d rows lead to %d: %+v", f.Metric, rows, f.Theirs.Rows, f)
		}
	}
	if text := m.must(query...); !strings.Contains(text, "beside devlake-2023") || !strings.Contains(text, "4 deployments of ours") {
		t.Errorf("= %s", text)
	}
	for _, wrong := range [][]string{{"metrics", "--as", "devlake-2019"}, append(query, "--series", "week"), append(query, "--csv"), append(query, "--ownership", "yesterday")} {
		if r := m.run(wrong...); r.code != exitUsage {
			t.Errorf("%v = %d %s", wrong, r.code, r.stderr)
		}
	}
}
