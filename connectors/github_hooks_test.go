package connectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// sent adds an attempt to deliver a push to a webhook, so many minutes ago.
func (a *askedGithub) sent(hook, guid string, id, minutes, status int, installation any) {
	at := a.clock.Now().Add(-time.Duration(minutes) * time.Minute).Format(time.RFC3339)
	a.github.Add(hook+"/deliveries", map[string]any{"id": id, "guid": guid, "delivered_at": at, "status_code": status, "event": "push", "installation_id": installation})
	a.github.Put(fmt.Sprintf("%s/deliveries/%d", hook, id), map[string]any{
		"id": id, "guid": guid, "event": "push", "request": map[string]any{
			"headers": map[string]string{"X-GitHub-Event": "push", "X-GitHub-Delivery": guid, "X-Hub-Signature-256": "sha256=0"},
			"payload": map[string]any{
				"ref": "refs/heads/master", "before": fmt.Sprintf("%040x", id-1), "after": fmt.Sprintf("%040x", id), "repository": map[string]any{"id": 1, "html_url": "https://github.com/acme/checkout"},
				"commits": []any{map[string]any{"id": fmt.Sprintf("%040x", id), "timestamp": at, "message": "work"}},
			},
		},
	})
}

// swept are the keys of the deliveries that a sweep finds.
func (a *askedGithub) swept(stream string) (keys []string, events []evenkeel.Event) {
	a.t.Helper()
	keys = []string{}
	err := a.puller.Pull(a.t.Context(), stream, a.cursor, func(_ context.Context, page connectors.Page) error {
		a.cursor = page.Cursor
		for _, d := range page.Documents {
			keys = append(keys, d.Key)
			read, err := a.reads.Parse(connectors.KeptHeader(d.Header), d.Body)
			if err != nil {
				a.t.Error(err)
			}
			if d.Header["X-Hub-Signature-256"] != "" {
				a.t.Error("a signature is kept")
			}
			events = append(events, read...)
		}
		return nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return keys, events
}

func TestDeliveriesThatFailedAreFound(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.github.Put("app/hook/config", map[string]any{"url": "https://evenkeel.example/hooks/github/0123"})
	const hook = "app/hook"
	a.sent(hook, "too-old", 1, 80*60, 500, 99)
	a.sent(hook, "lost", 2, 50*60, 502, 99)
	a.sent(hook, "another's", 3, 49*60, 500, 7)
	a.sent(hook, "nobody's", 4, 48*60, 500, nil)
	a.sent(hook, "sent-again", 5, 40*60, 500, 99)
	a.sent(hook, "arrived", 6, 39*60, 202, 99)
	a.sent(hook, "sent-again", 7, 38*60, 202, 99)
	a.sent(hook, "lost-twice", 8, 30*60, 0, 99)
	a.sent(hook, "lost-twice", 9, 29*60, 503, 99)
	if access := a.mustLook(); access.Streams[len(access.Streams)-1] != "hooks app/hook" {
		t.Fatalf("streams %q", access.Streams)
	}
	keys, events := a.swept("hooks app/hook")
	if diff := cmp.Diff([]string{"lost", "lost-twice"}, keys); diff != "" {
		t.Error(diff)
	}
	if len(events) != 2 || events[0].ID != fmt.Sprintf("%040x", 2) {
		t.Errorf("they say %s", asText(events...))
	}
	pacer, ok := a.puller.(connectors.Pacer)
	if !ok || pacer.Pace("hooks app/hook") != time.Hour || pacer.Pace("pulls acme/checkout") != 0 {
		t.Error("it is not looked once an hour")
	}
	a.wait(time.Hour)
	a.sent(hook, "new", 10, 5, 401, 99)
	if keys, _ := a.swept("hooks app/hook"); !cmp.Equal([]string{"new"}, keys) {
		t.Errorf("an hour later %q", keys)
	}
}

func TestManyDeliveriesThatFailedAreReadInPages(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	for id := 1; id <= 130; id++ {
		a.sent(githubHere+"/hooks/5", fmt.Sprint("lost-", id), 1000+id, 500-id, 500, nil)
	}
	keys, _ := a.swept("hooks repos/acme/checkout/hooks/5")
	if len(keys) != 130 || keys[0] != "lost-1" || keys[129] != "lost-130" {
		t.Errorf("%d: %q", len(keys), keys)
	}
	for _, stream := range []string{"hooks app/hook", "hooks ../user", "hooks repos/a/b/hooks/x"} {
		if err := a.puller.Pull(t.Context(), stream, nil, nil); err == nil {
			t.Errorf("%s is asked for", stream)
		}
	}
}

func TestWebhooksThatLeadHereAreFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		url    string
		status bool
		want   string
	}{
		"ours":      {"https://evenkeel.example/hooks/github/0123", true, "hooks repos/acme/checkout/hooks/5"},
		"another's": {"https://evenkeel.example/hooks/github/4567", true, ""},
		"a chat's":  {"https://chat.example/services/1", true, ""},
	} {
		a := newAskedGithub(t, 10)
		a.github.Add(githubHere+"/hooks", map[string]any{"id": 5, "config": map[string]any{"url": test.url}})
		settings := fmt.Appendf(nil, `{"incident_labels":[],"api":{"url":%q,"token":"${env:T}","repositories":["acme/checkout","acme/*"]}}`, a.vendor.URL)
		a.github.Put("orgs/acme", map[string]any{})
		a.github.Add("orgs/acme/repos", map[string]any{"id": 1, "full_name": "acme/checkout"})
		puller, err := a.source.Pull(settings, connectors.Outside{Connection: "0123", Secret: func(string) (string, error) { return "good", nil }, Now: a.clock.Now, Sleep: a.clock.Sleep})
		if err != nil {
			t.Fatal(err)
		}
		access, err := puller.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, stream := range access.Streams {
			if strings.HasPrefix(stream, "hooks ") {
				found += stream
			}
		}
		if found != test.want {
			t.Errorf("%s: %q, want %q", name, found, test.want)
		}
		if notes := strings.Join(access.Notes, "\n"); !strings.Contains(notes, "orgs/acme") || !strings.Contains(notes, "organization_hooks: read") {
			t.Errorf("%s: nobody is told what is not granted: %q", name, access.Notes)
		}
	}
}

func TestADeliveryIsReadAsItWasSent(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 10)
	a.sent(githubHere+"/hooks/5", "lost", 2, 10, 500, nil)
	err := a.puller.Pull(t.Context(), "hooks repos/acme/checkout/hooks/5", nil, func(_ context.Context, page connectors.Page) error {
		for _, d := range page.Documents {
			var body bytes.Buffer
			if err := json.Compact(&body, d.Body); err != nil || body.String() != string(d.Body) || d.Event != "push" {
				t.Errorf("%s: %s", d.Event, d.Body)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
