package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// TestConnectionsToTicketsAreTried: the command says what Jira and ServiceNow
// grant, and ends with code 5 where it does not suffice.
func TestConnectionsToTicketsAreTried(t *testing.T) {
	t.Parallel()
	jira := vendortest.NewJira(true, time.UTC, 10)
	now := vendortest.NewServiceNow(100)
	m := newMachine(t)
	m.env["SECRET"] = "good"
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	text := fmt.Sprintf(`connections:
- {name: jira, source: jira, secrets: [], settings: {api: {url: %q, user: bot, token: "${env:SECRET}"}, incidents: {projects: [OPS], types: [Incident]}}}
- {name: now, source: servicenow, secrets: [], settings: {api: {url: %q, user: bot, password: "${env:SECRET}"}, incidents: {}, change_requests: {}}}
`, vendortest.New(t, jira).URL, vendortest.New(t, now).URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, granted := range map[string]string{"jira": "Browse projects: OPS", "now": "change_request: read"} {
		out := m.must("connection", "test", name, "-f", file)
		if !strings.Contains(out, granted) || strings.Contains(out, " no\n") || strings.Contains(out, "Kim") {
			t.Errorf("%s: %s", name, out)
		}
	}
	jira.Denied["OPS"], now.Denied["change_request"] = true, true
	for name, refused := range map[string]string{"jira": "Browse projects: OPS", "now": "change_request: read"} {
		got := m.run("connection", "test", name, "-f", file)
		if got.code != exitDenied || !strings.Contains(got.stderr, "does not grant "+refused) || strings.Contains(got.stdout+got.stderr, "good") {
			t.Errorf("%s: code %d, %s", name, got.code, got.stderr)
		}
	}
}
