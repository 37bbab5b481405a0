package connectors_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

const argoClientSettings = `{"images":[{"image":"ghcr.io/acme/checkout","repository":"github.com/acme/checkout"}],"api":{"url":"URL/","token":"${env:T}","projects":["payments"]}}`

// argoHistory are two syncs, the second of which argoSample shows.
const argoHistory = `"history": [
 {"id": 4, "deployStartedAt": "2026-03-01T08:00:00Z", "deployedAt": "2026-03-01T08:00:30Z", "revision": "1dc6aa69429bff4806ad6afe58d3d8f57e25973e", "source": {"repoURL": "https://github.com/Acme/fleet.git", "targetRevision": "main"}, "initiatedBy": {"username": "kim"}},
 {"id": 5, "deployStartedAt": "2026-03-02T09:14:05Z", "deployedAt": "2026-03-02T09:14:20Z", "revision": "8f3a1c5e7b9d2f4060718293a4b5c6d7e8f90a1b", "source": {"repoURL": "https://github.com/Acme/fleet.git", "targetRevision": "main"}, "initiatedBy": {"automated": true}}],`

func argoObject(changes ...string) json.RawMessage {
	text := strings.Replace(argoSample, `"status": {`+"\n", `"status": {`+argoHistory+"\n", 1)
	return json.RawMessage(strings.NewReplacer(changes...).Replace(text))
}

func askArgo(t *testing.T) (*asked, *vendortest.ArgoCD) {
	t.Helper()
	argo := &vendortest.ArgoCD{URL: "https://argocd.acme.example"}
	return ask(t, "argocd", time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), argo, argoClientSettings), argo
}

// argoDeployments folds what is told of deployments, by their ids.
func argoDeployments(t fataler, events []evenkeel.Event) map[string]string {
	t.Helper()
	kept := map[string][]evenkeel.Observation{}
	for _, e := range events {
		if e.Kind != evenkeel.KindDeployment {
			continue
		}
		o, err := e.Observe()
		if err != nil {
			t.Fatal(err)
		}
		kept[e.ID] = append(kept[e.ID], o)
	}
	told := map[string]string{}
	for id, observations := range kept {
		fields, _, err := evenkeel.Fold(observations)
		if err != nil {
			t.Fatal(err)
		}
		payload, err := evenkeel.Decode(evenkeel.KindDeployment, fields)
		if err != nil {
			t.Fatal(err)
		}
		d := payload.(*evenkeel.Deployment)
		told[id] = string(d.Status) + " " + stampOf(d.FinishedAt) + " " + d.Environment + " " + d.Repository + " " + d.Commit[:4] + " " + d.Version
	}
	return told
}

// TestArgoHistorySaysWhatNotificationsSay: alone it ends a sync with itself; a
// notification, which knows the health, holds against it in any order.
func TestArgoHistorySaysWhatNotificationsSay(t *testing.T) {
	t.Parallel()
	a, argo := askArgo(t)
	argo.Set(argoObject())
	got := a.mustPull("applications")
	const first, second = "checkout-prod@2026-03-01T08:00:00Z", "checkout-prod@2026-03-02T09:14:05Z"
	const version = "main-4f1c9b27d3e85a6071829304a5b6c7d8e9f0a1b2"
	parsedFixtures := parsed(t, "argocd", "running", "healthy", "degraded", "succeeded_not_compared_yet")
	rapid.Check(t, func(t *rapid.T) {
		for _, one := range [][2]string{{"", "success 09:14:20"}, {"healthy", "success 09:15:02"}, {"degraded", "failure 09:24:21"}, {"succeeded_not_compared_yet", "running 09:14:20"}} {
			told, want := one[0], one[1]+" production github.com/acme/fleet 8f3a "+version
			events := append(append([]evenkeel.Event{}, got...), parsedFixtures["running"]...)
			if told == "" {
				events = append([]evenkeel.Event{}, got...)
			}
			is := argoDeployments(t, anyOrder(t, append(events, parsedFixtures[told]...)))
			if len(is) != 2 || is[first] != "success 08:00:30 production github.com/acme/fleet 1dc6 " || is[second] != want {
				t.Fatalf("with %q: %v, want %s", told, is, want)
			}
		}
	})
}

// TestArgoHistoryEndsWhatNotificationsLeft: once another sync has begun, one that
// succeeded is over, though nobody told of its health.
func TestArgoHistoryEndsWhatNotificationsLeft(t *testing.T) {
	t.Parallel()
	a, argo := askArgo(t)
	argo.Set(argoObject(`"startedAt": "2026-03-02T09:14:05Z", "finishedAt": "2026-03-02T09:14:21Z"`, `"startedAt": "2026-03-02T10:00:00Z"`, `"phase": "Succeeded"`, `"phase": "Running"`))
	told := parsed(t, "argocd", "succeeded_not_compared_yet")["succeeded_not_compared_yet"]
	is := argoDeployments(t, append(a.mustPull("applications"), told...))
	if got := is["checkout-prod@2026-03-02T09:14:05Z"]; len(is) != 2 || !strings.HasPrefix(got, "success 09:14:20") {
		t.Errorf("got %v", is)
	}
}

func TestArgoTellsOfAFailureAsItsNotificationDoes(t *testing.T) {
	t.Parallel()
	a, argo := askArgo(t)
	argo.Set(argoObject(`"phase": "Succeeded"`, `"phase": "Failed"`, `"id": 5, "deployStartedAt": "2026-03-02T09:14:05Z"`, `"id": 5, "deployStartedAt": null`))
	is := argoDeployments(t, a.mustPull("applications"))
	if got := is["checkout-prod@2026-03-02T09:14:05Z"]; len(is) != 2 || !strings.HasPrefix(got, "failure 09:14:21") {
		t.Errorf("got %v", is)
	}
}

func TestArgoApplicationsAreToldWhenTheyChange(t *testing.T) {
	t.Parallel()
	a, argo := askArgo(t)
	a.seen = func(body []byte) {
		if strings.Contains(string(body), "kim") || strings.Contains(string(body), "SECRET") {
			t.Errorf("kept: %s", body)
		}
	}
	argo.Set(argoObject())
	if len(a.mustPull("applications")) == 0 {
		t.Fatal("nothing is told")
	}
	argo.Set(argoObject(`"reconciledAt": "2026-03-02T09:15:02Z"`, `"reconciledAt": "2026-03-02T18:00:00Z"`))
	if again := a.mustPull("applications"); len(again) != 0 {
		t.Errorf("compared anew, it is told again: %s", asText(again...))
	}
	argo.Set()
	if gone := a.mustPull("applications"); len(gone) != 0 {
		t.Errorf("gone: %s", asText(gone...))
	}
}

func TestArgoIsLookedAt(t *testing.T) {
	t.Parallel()
	a, argo := askArgo(t)
	if access := a.look(); access.Permissions[0].Granted != nil {
		t.Errorf("without any Application: %+v", access)
	}
	argo.Set(argoObject())
	access := a.look()
	if !strings.HasPrefix(access.Identity, "an account of 127.0.0.1") || access.Permissions[0].Granted == nil || !equalTexts(access.Streams, []string{"applications"}) {
		t.Errorf("access: %+v", access)
	}
	if asked := a.vendor.Requests()[1].URL.Query(); asked.Get("projects") != "payments" {
		t.Errorf("asked for %v", asked)
	}
	refuses(t, a)
	a.vendor.Always(vendortest.Instead(nil, `{"loggedIn":false}`))
	if _, err := a.puller.Look(t.Context()); !errors.Is(err, connectors.ErrRefused) {
		t.Errorf("a token that is none: %v", err)
	}
	settingsNameTheMistake(t, "argocd", map[string]string{
		`{"api":{"token":"${env:T}"}}`:                                           "api.url",
		`{"api":{"url":"https://argocd.example.com","token":"ey.secret"}}`:       "api.token",
		`{"api":{"url":"https://a.example","token":"${env:T}","projects":[""]}}`: "api.projects[0]",
	})
}

func TestArgoThatMisbehaves(t *testing.T) {
	t.Parallel()
	fresh := func(t *testing.T) *asked {
		t.Helper()
		a, argo := askArgo(t)
		argo.Set(argoObject())
		return a
	}
	survives(t, fresh, "applications")
}
