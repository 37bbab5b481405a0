package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel/server"
)

// TestBadgesOfTheCommandLineAreThoseOfTheServer asks the store and a server on
// the same data.
func TestBadgesOfTheCommandLineAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	ask := []string{"badge", "--application", "check-out", "--metric", "deployment_frequency", "--json"}
	var local, remote struct{ Items []server.BadgeView }
	if err := json.Unmarshal([]byte(m.must(ask...)), &local); err != nil || len(local.Items) != 1 {
		t.Fatalf("%v: %v", err, local)
	}
	token := strings.TrimSpace(m.must("token", "create", "--name", "reader", "--scope", "read"))
	address, _, stop := m.serve("demo", "--listen", "localhost:0", "--scale", "0.01")
	defer stop()
	far := machine{t: t, env: map[string]string{"EVENKEEL_URL": address, "EVENKEEL_TOKEN": token}}
	if err := json.Unmarshal([]byte(far.must(ask...)), &remote); err != nil || len(remote.Items) != 1 {
		t.Fatalf("%v: %v", err, remote)
	}
	one := remote.Items[0]
	if one.Path != local.Items[0].Path || one.Value != local.Items[0].Value || one.Address != address+one.Path {
		t.Errorf("the server says %+v, the store %+v", one, local.Items[0])
	}
	reply, err := http.Get(one.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if text, err := io.ReadAll(reply.Body); err != nil || reply.StatusCode != http.StatusOK || !strings.Contains(string(text), one.Value) {
		t.Errorf("%d %s %v", reply.StatusCode, text, err)
	}
}

func TestBadgesOfNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.must("import", "git", repository(t))
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--application", "nothing"}, exitNotFound, "nothing"},
		{[]string{"--metric", "happiness"}, exitUsage, "change_lead_time"},
		{[]string{"--base", "evenkeel.example.com"}, exitUsage, "https://"},
		{[]string{"--application", "a", "--group", "b"}, exitUsage, "group"},
	} {
		if r := m.run(append([]string{"badge"}, c.args...)...); r.code != c.code || !strings.Contains(r.stderr, c.says) {
			t.Errorf("%v = exit %d %s", c.args, r.code, r.stderr)
		}
	}
	text := m.must("badge", "--application", "check-out", "--base", "https://evenkeel.example.com/")
	if strings.Count(text, "[![") != 5 || !strings.Contains(text, "(https://evenkeel.example.com/badges/default/application/check-out/") {
		t.Errorf("printed\n%s", text)
	}
}
