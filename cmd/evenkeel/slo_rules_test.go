package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
)

// TestSLORules: what is written is accepted by promtool, on standard output and
// as a file.
func TestSLORules(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	spec := written(t, "slo.yaml", checkoutSLO)
	to := filepath.Join(t.TempDir(), "rules.yaml")
	r := m.run("slo", "rules", spec, "-o", to)
	if r.code != exitOK || r.stdout != "" {
		t.Fatalf("exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	text, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if same := m.run("slo", "rules", spec); same.code != exitOK || same.stdout != string(text) || !strings.Contains(same.stdout, "evenkeel:slo_error_ratio:1h") {
		t.Errorf("exit %d\n%s%s", same.code, same.stdout, same.stderr)
	}
	if out, err := promtest.Promtool(t.Context(), t, "check", "rules", to); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	// At a target of 90 % the fastest row could never alert.
	if !strings.Contains(r.stderr, "checkout-availability: at a target of 90 %") {
		t.Errorf("no note: %s", r.stderr)
	}
}

func TestSLORulesThatCannotBe(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	datadog := strings.ReplaceAll(checkoutSLO, "type: Prometheus", "type: Datadog")
	for want, one := range map[string]struct {
		text, set string
		code      int
	}{
		"is measured by Datadog; rules are for Prometheus (left out)": {datadog, "", exitInvalid},
		`"monthly" is no window set`:                                  {checkoutSLO, "monthly", exitUsage},
		"target":                                                      {strings.Replace(checkoutSLO, "0.9", "1", 1), "", exitInvalid},
	} {
		if r := m.runWith(one.text, "slo", "rules", "-", "--window-set", one.set); r.code != one.code || r.stdout != "" || !strings.Contains(r.stderr, want) {
			t.Errorf("%q: exit %d\n%s%s", want, r.code, r.stdout, r.stderr)
		}
	}
	if r := m.runWith(checkoutSLO, "slo", "rules", "-", "--window-set", "none"); r.code != exitOK || strings.Contains(r.stdout, "alert:") {
		t.Errorf("without alerts: exit %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}
