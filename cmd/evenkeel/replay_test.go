package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// deliver posts a signed body to the only connection.
func (m machine) deliver(address, secret, body string) string {
	m.t.Helper()
	var list struct{ Items []connectionLine }
	if err := json.Unmarshal([]byte(m.must("connection", "list", "--json")), &list); err != nil || len(list.Items) != 1 {
		m.t.Fatalf("%v %v", list, err)
	}
	request, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, address+list.Items[0].Path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	request.Header.Set("X-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusAccepted {
		m.t.Fatalf("%s %s %v", response.Status, text, err)
	}
	return string(text)
}

func TestDeliveriesAreReplayedAfterTheMappingIsMended(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.env["HOOK"] = "0123456789abcdef0123456789abcdef"
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	write := func(pointer string) {
		text := "applications: [{slug: checkout}]\nconnections:\n  - name: ops\n    source: signed\n    secrets: ['${env:HOOK}']\n    settings:\n      rules:\n" +
			"        - {kind: incident, when: {/type: opened}, fields: {id: " + pointer + ", application: /app, opened_at: /at}}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("/number")
	address, _, stop := m.serve("serve", "-f", file, "--listen", "localhost:0")
	if answer := m.deliver(address, m.env["HOOK"], `{"type":"opened","key":"INC-7","app":"checkout","at":"2026-11-22T10:00:00Z"}`); !strings.Contains(answer, `"rejected"`) {
		t.Fatalf("with a wrong mapping: %s", answer)
	}
	stop()
	write("/key")
	m.must("apply", "-f", file)
	replay := func(args ...string) (done intake.Replayed) {
		if err := json.Unmarshal([]byte(m.must(append([]string{"replay", "--source", "signed", "--since", "7d", "--json"}, args...)...)), &done); err != nil {
			t.Fatal(err)
		}
		return done
	}
	if dry := replay("--dry-run"); dry.Examined != 1 || dry.Changed != 1 || dry.Observations != 0 || dry.Recorded != 1 {
		t.Errorf("a dry run: %+v", dry)
	}
	if done := replay(); done.Changed != 1 || done.Observations != 1 || done.Facts != 1 {
		t.Errorf("replayed: %+v", done)
	}
	if again := replay(); again.Examined != 0 {
		t.Errorf("replayed again: %+v", again)
	}
	if all := replay("--outcome", "recorded"); all.Examined != 1 || all.Changed != 0 || all.Observations != 0 {
		t.Errorf("what is recorded: %+v", all)
	}
	if got := m.run("replay", "--outcome", "lost"); got.code != exitInvalid || !strings.Contains(got.stderr, "outcomes") {
		t.Errorf("an outcome that is none: exit %d, %s", got.code, got.stderr)
	}
}

func TestSpansGoWhereTheVariablesSay(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var path atomic.Value
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { path.Store(r.URL.Path) }))
	t.Cleanup(collector.Close)
	m.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.URL + "/otel/"
	address, _, stop := m.serve("serve", "--listen", "localhost:0")
	if status, _ := fetch(t, address+"/livez", ""); status != http.StatusOK {
		t.Fatalf("livez: %d", status)
	}
	if code := stop(); code != exitOK && code != exitInterrupted {
		t.Errorf("stopped with %d", code)
	}
	if got, _ := path.Load().(string); got != "/otel/v1/traces" {
		t.Errorf("spans went to %q", got)
	}
}
