package server_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// health is what the list of connections says of one.
func (s site) health(c evenkeel.Connection) map[string]any {
	s.t.Helper()
	for _, item := range s.do("GET", "/api/v1/connections", s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead), "").json["items"].([]any) {
		if one := item.(map[string]any); one["id"] == c.ID {
			return one["health"].(map[string]any)
		}
	}
	s.t.Fatalf("connection %s is not listed", c.Name)
	return nil
}

func TestAConnectionSaysHowItDoes(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.connect("acme", "github", nil, secretName)
	if got := s.health(c); got["state"] != "waiting" || got["turned_away"] != nil || got["usual_pause_seconds"] != nil || got["lag"].(map[string]any)["p50_seconds"] != nil {
		t.Errorf("at first: %v", got)
	}
	f := one(t, "github", "deployment_status_success")
	name, wrong := f.sign(f.body, "guessed")
	if got := s.do("POST", hookPath(c), "", string(f.body), f.header(f.body, name, wrong)...); got.status != 401 {
		t.Fatalf("a wrong signature: %d", got.status)
	}
	if away, _ := s.health(c)["turned_away"].(map[string]any); away["count"] != 1.0 || away["reason"] != "signature" {
		t.Errorf("turned away: %v", away)
	}
	s.deliver(c, f, f.body)
	got := s.health(c)
	days := got["days"].([]any)
	if today := days[13].(map[string]any); len(days) != 14 || today["date"] != "2026-11-22" || today["n"] != 1.0 || got["state"] != "flowing" || got["unclaimed"] != 1.0 {
		t.Errorf("after a delivery: %v", got)
	}
	lost := s.connect("lost", "github", nil, unsetName)
	if got := s.health(lost); got["state"] != "unusable" || !strings.Contains(got["wrong"].(string), unsetName) {
		t.Errorf("without its secret: %v", got)
	}
}

// TestARevokedTokenIsShown: what is known of the connection stays.
func TestARevokedTokenIsShown(t *testing.T) {
	t.Parallel()
	s := start(t)
	w, c := s.store.In("default"), s.connect("asked", "github", nil, secretName)
	save := func(stream evenkeel.Stream) {
		t.Helper()
		stream.Connection = c.ID
		if _, err := w.SaveStream(t.Context(), stream); err != nil {
			t.Fatal(err)
		}
	}
	access := `{"Identity":"app","ExpiresAt":"2026-12-01T00:00:00Z","Permissions":[{"Name":"issues: read","For":"incidents","Granted":false}]}`
	save(evenkeel.Stream{Cursor: []byte(access), LastAt: clock(), NextAt: clock().Add(45 * time.Second), Failures: 1, Error: connectors.ErrRefused.Error() + ": revoked"})
	save(evenkeel.Stream{Name: "pulls a", Done: 7, Complete: true, Cursor: []byte(`{"until":"2026-11-22T11:00:00Z"}`), NextAt: clock()})
	save(evenkeel.Stream{Name: "pulls b", Done: 3, Total: 10, NextAt: clock()})
	if got := s.health(c); got["state"] != "refused" || !strings.Contains(got["wrong"].(string), "revoked") || got["expiring"] != true {
		t.Errorf("%v", got)
	}
	reader := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	asked := s.do("GET", "/api/v1/connections", reader, "").json["items"].([]any)[0].(map[string]any)["asked"].(map[string]any)
	if asked["done"] != 10.0 || asked["total"] != 17.0 || asked["complete"] != 1.0 {
		t.Errorf("asked: %v", asked)
	}
	streams := s.do("GET", "/api/v1/connections/"+c.ID+"/streams", reader, "").json["items"].([]any)
	if streams[0].(map[string]any)["known_to"] != "2026-11-22T11:00:00Z" || streams[1].(map[string]any)["known_to"] != nil {
		t.Errorf("streams: %v", streams)
	}
}

// TestTheExampleOfEverySourceConnects sends what the page shows, from a shell:
// it is accepted, and tells of nothing.
func TestTheExampleOfEverySourceConnects(t *testing.T) {
	t.Parallel()
	s := start(t)
	reader := s.token("default", clock().AddDate(1, 0, 0), evenkeel.ScopeRead)
	send := func(name, source, settings string) (string, string) {
		t.Helper()
		c := s.connect(name, source, []byte(settings), secretName)
		got := s.do("GET", "/api/v1/connections/"+c.ID+"/example", reader, "")
		if got.status != 200 || got.json["command"] == nil {
			return got.text, ""
		}
		command := strings.ReplaceAll(got.json["command"].(string), "'/hooks/", "'"+s.URL+"/hooks/")
		shell := exec.CommandContext(t.Context(), "sh", "-c", command)
		shell.Env = append(os.Environ(), got.json["variable"].(string)+"="+secretText)
		out, err := shell.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return string(out), command
	}
	for name, c := range map[string]struct{ source, settings string }{
		"gitlab-signed":    {"gitlab", `{"require_signature":true}`},
		"cdevents-signed":  {"cdevents", `{"signature":{"header":"X-Sig","prefix":"it's $(id) \"=\" "}}`},
		"signed-standard":  {"signed", `{"signature":{"scheme":"standard-webhooks"}}`},
		"signed-of-header": {"signed", `{"signature":{"header":"X-Own","prefix":""}}`},
	} {
		if out, command := send(name, c.source, c.settings); !strings.Contains(out, `"outcome":"ignored"`) {
			t.Errorf("%s: %s\n%s", name, out, command)
		}
	}
	for _, source := range connectors.Sources() {
		receiver, err := source.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := receiver.(connectors.Exemplary); !ok {
			continue // The page leads to the sender's own test.
		}
		if out, command := send(source.Name, source.Name, "{}"); !strings.Contains(out, `"outcome":"ignored"`) {
			t.Errorf("%s: %s\n%s", source.Name, out, command)
		}
	}
	if got := s.do("GET", "/api/v1/connections/unknown/example", reader, ""); got.status != 404 {
		t.Errorf("of no connection: %d", got.status)
	}
}
