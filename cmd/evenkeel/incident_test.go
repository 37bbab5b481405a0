package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func TestPeopleSayWhatCausedAnIncidentAtTheCommandLine(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	events := strings.Join([]string{
		`{"kind":"deployment","id":"1","source":"ci","application":"shop","environment":"production","status":"success","version":"1.0","finished_at":"2026-11-20T09:00:00Z"}`,
		`{"kind":"deployment","id":"2","source":"ci","application":"shop","environment":"production","status":"success","version":"1.1","finished_at":"2026-11-20T10:00:00Z"}`,
		`{"kind":"incident","id":"i","source":"pager","application":"shop","opened_at":"2026-11-20T11:00:00Z"}`,
	}, "\n")
	file := filepath.Join(t.TempDir(), "evenkeel.yaml")
	if err := os.WriteFile(file, []byte("applications:\n  - {slug: shop, name: Shop}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m.must("apply", "-f", file)
	if got := m.runWith(events, "import", "events", "-"); got.code != exitOK {
		t.Fatal(got.stderr)
	}
	incident := evenkeel.FactID(evenkeel.KindIncident, "pager\x1fi")
	first := evenkeel.FactID(evenkeel.KindDeployment, "ci\x1f1")
	show := func(args ...string) (v views.Incident) {
		if err := json.Unmarshal([]byte(m.must(append([]string{"incident"}, append(args, "--json")...)...)), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := show("show", incident); len(v.Laid) != 1 || v.Laid[0].Deployment.Version != "1.1" || len(v.Candidates) != 2 {
		t.Errorf("by the rules: %+v, %+v", v.Laid, v.Candidates)
	}
	v := show("link", incident, first, "--reason", "seen in the log")
	if len(v.Laid) != 1 || v.Laid[0].Deployment.Version != "1.0" || v.Automatic[0].Deployment.Version != "1.1" || v.Link.By != "operator" {
		t.Errorf("by the word: %+v", v)
	}
	if out := m.must("incident", "show", incident); !strings.Contains(out, "reason: seen in the log") || !strings.Contains(out, "the rules alone say") {
		t.Errorf("as text: %s", out)
	}
	if v := show("unlink", incident); !v.Unlinked || len(v.Laid) != 0 {
		t.Errorf("laid to none: %+v", v)
	}
	if v := show("unlink", incident, "--withdraw"); v.Link != nil || v.Laid[0].Deployment.Version != "1.1" {
		t.Errorf("withdrawn: %+v", v)
	}
	then := m.run("incident", "show", incident, "--as-of", "2026-11-21")
	if then.code != exitNotFound || !strings.Contains(then.stderr, "was not known at 2026-11-22T00:00:00Z") {
		t.Errorf("as of the day before: exit %d, %s", then.code, then.stderr)
	}
	if v, as := show("show", incident), show("show", incident, "--as-of", "2026-11-22T12:00:00Z"); !reflect.DeepEqual(v, as) {
		t.Errorf("as of now: %+v, want %+v", as, v)
	}
	if got := m.run("changed", "--application", "shop", "--as-of", "2026-11-21"); got.code != exitNotFound || !strings.Contains(got.stderr, "was not in the catalogue") {
		t.Errorf("changes as of the day before: exit %d, %s", got.code, got.stderr)
	}
	if now, as := m.must("changed", "--application", "shop", "--since", "3d"), m.must("changed", "--application", "shop", "--since", "3d", "--as-of", "2026-11-22T12:00:00Z"); now != as || !strings.Contains(as, "1.1") {
		t.Errorf("changes as of now: %s, want %s", as, now)
	}
	for name, code := range map[string]int{"unlink " + incident + " --withdraw": exitConflict, "link " + incident + " 0": exitInvalid, "show 0": exitNotFound, "link " + incident: exitUsage} {
		if got := m.run(append([]string{"incident"}, strings.Fields(name)...)...); got.code != code {
			t.Errorf("%s: exit %d, want %d: %s", name, got.code, code, got.stderr)
		}
	}
}
