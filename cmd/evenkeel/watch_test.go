package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// TestTargetsHaveTheirSecrets: references are resolved at the start, and one
// that cannot be stops it, by its name.
func TestTargetsHaveTheirSecrets(t *testing.T) {
	t.Parallel()
	var token string
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		token = r.Header.Get("Authorization")
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer receiver.Close()
	env := map[string]string{"MANAGER": receiver.URL, "TOKEN": "t0ken"}
	p := &Process{Now: present, Env: func(name string) string { return env[name] }}
	targets, err := p.targets([]config.Notifier{{Type: config.NotifyAlertmanager, URL: "${env:MANAGER}", Secret: "${env:TOKEN}"}, {Type: config.NotifyWebhook, URL: "${env:MANAGER}", Workspace: "acme"}})
	if err != nil || len(targets) != 2 || targets[0].Repeats <= 0 || targets[0].Repeats >= connectors.AlertmanagerKeeps || targets[1].Repeats != 0 || targets[1].Workspace != "acme" {
		t.Fatalf("%+v, %v", targets, err)
	}
	one := connectors.AlertNotice{SLO: "shop", Severity: "page", State: connectors.AlertFiring, Long: time.Hour, Short: time.Minute, Fired: present(), Since: present()}
	if err := targets[0].Notifier.Notify(t.Context(), []connectors.AlertNotice{one}); err != nil || token != "Bearer t0ken" {
		t.Errorf("token %q, %v", token, err)
	}
	_, err = p.targets([]config.Notifier{{Type: config.NotifyWebhook, URL: "${env:MANAGER}", Secret: "${env:UNSET}"}})
	if err == nil || !strings.Contains(err.Error(), "UNSET") || !strings.Contains(err.Error(), "notify[0]") {
		t.Errorf("%v", err)
	}
}
