package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel/server/views"
)

// TestBudgetsAreListed has 100 events, of which 4 are bad where 10 may be, and
// lists them from the store and from a server.
func TestBudgetsAreListed(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("token", "create", "--name", "first")
	if r := m.run("slo", "list"); r.code != exitNotFound || !strings.Contains(r.stderr, "no service level is kept") {
		t.Errorf("without any: exit %d %s", r.code, r.stderr)
	}
	if r := m.run("slo", "list", "--status", "fine"); r.code != exitUsage || !strings.Contains(r.stderr, "--status") {
		t.Errorf("a status that is none: exit %d %s", r.code, r.stderr)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"evenkeel.yaml": "slos: [slo.yaml]\n", "slo.yaml": checkoutSLO,
		"facts.ndjson": `{"kind":"measurement","id":"b1","application":"checkout","series":"availability","slice_seconds":60,"slices":[{"at":"2026-11-22T11:00:00Z","good":96,"total":100}]}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.must("apply", "-f", filepath.Join(folder, "evenkeel.yaml"))
	m.must("import", "events", filepath.Join(folder, "facts.ndjson"))
	if text := m.must("slo", "list"); !strings.Contains(text, "checkout-availability  90 % in 30d  96.0000 %  60.0 %") {
		t.Error(text)
	}
	if text := m.must("slo", "list", "--status", "exhausted"); strings.Contains(text, "checkout-availability") {
		t.Error(text)
	}
	var near, far []views.LevelRow
	if err := json.Unmarshal([]byte(m.must("slo", "list", "--json")), &near); err != nil || len(near) != 1 {
		t.Fatalf("%v: %+v", err, near)
	}
	token := strings.TrimSpace(m.must("token", "create", "--name", "reader", "--scope", "read"))
	address, _, stop := m.serve("serve", "--listen", "localhost:0")
	defer stop()
	remote := machine{t: t, env: map[string]string{"EVENKEEL_URL": address, "EVENKEEL_TOKEN": token}}
	if err := json.Unmarshal([]byte(remote.must("slo", "list", "--json")), &far); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(near, far); diff != "" {
		t.Errorf("the server says otherwise:\n%s", diff)
	}
}

// TestAListSaysWhyNothingIsMeasured: a server asks a Prometheus that is down. The
// list of the store and that of the server say so, and no figure.
func TestAListSaysWhyNothingIsMeasured(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	m := newMachine(t)
	folder := t.TempDir()
	for name, text := range map[string]string{
		"slo.yaml":      checkoutSLO,
		"evenkeel.yaml": fmt.Sprintf("slos: [slo.yaml]\nconnections:\n- {name: prom, source: prometheus, settings: {api: {url: %q}}}\n", gone.URL),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.must("apply", "-f", filepath.Join(folder, "evenkeel.yaml"))
	const none = "checkout-availability  90 % in 30d  -    -            -        no_data  nothing was measured in the window; "
	if text := m.must("slo", "list"); !strings.Contains(text, none+"prom was not asked yet") {
		t.Error(text)
	}
	token := strings.TrimSpace(m.must("token", "create", "--name", "reader", "--scope", "read"))
	address, _, stop := m.serve("serve", "--listen", "localhost:0")
	remote := machine{t: t, env: map[string]string{"EVENKEEL_URL": address, "EVENKEEL_TOKEN": token}}
	far := asked(t, remote)
	if text := remote.must("slo", "list"); !strings.Contains(text, none+"asking prom fails: Prometheus is down: 127.0.0.1:") {
		t.Error(text)
	}
	stop()
	if diff := cmp.Diff(far, asked(t, m)); diff != "" {
		t.Errorf("the store says otherwise:\n%s", diff)
	}
}

// asked lists budgets once they were asked for.
func asked(t *testing.T, m machine) (rows []views.LevelRow) {
	t.Helper()
	for t.Context().Err() == nil {
		if err := json.Unmarshal([]byte(m.must("slo", "list", "--json")), &rows); err != nil || len(rows) != 1 || rows[0].Measuring == nil {
			t.Fatalf("%v: %+v", err, rows)
		}
		if rows[0].Measuring.Error != "" {
			return rows
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("it is never asked")
	return nil
}
