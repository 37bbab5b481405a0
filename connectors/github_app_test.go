package connectors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// appGithub is a GitHub that an App is installed on, and a connection by it.
type appGithub struct {
	*askedGithub

	app *vendortest.GitHubApp
	// theirs is GitHub's clock, which nobody here moves.
	theirs *vendortest.Clock
}

func newAppGithub(t *testing.T, settings string) *appGithub {
	t.Helper()
	a := &appGithub{askedGithub: &askedGithub{t: t, github: vendortest.NewGitHub(100), clock: vendortest.NewClock(time.Date(2019, 5, 20, 0, 0, 0, 0, time.UTC))}}
	a.theirs = a.clock
	a.app = vendortest.NewGitHubApp(t, a.github, func() time.Time { return a.theirs.Now() })
	a.vendor = vendortest.New(t, a.app)
	a.github.Put(githubHere, map[string]any{"id": 1, "full_name": "acme/checkout", "html_url": "https://github.com/acme/checkout", "default_branch": "master"})
	a.github.Add("installation/repositories", map[string]any{"id": 1, "full_name": "acme/checkout"})
	if err := a.connect(settings, a.app.PEM); err != nil {
		t.Fatal(err)
	}
	return a
}

// connect makes the connection anew; %URL% stands for the vendor.
func (a *appGithub) connect(settings, key string) (err error) {
	a.t.Helper()
	text := json.RawMessage(strings.ReplaceAll(settings, "%URL%", a.vendor.URL))
	if a.source, err = connectors.SourceNamed("github"); err != nil {
		return err
	}
	if a.reads, err = a.source.Open(text); err != nil {
		return err
	}
	a.puller, err = a.source.Pull(text, connectors.Outside{
		Secret: func(string) (string, error) { return key, nil }, Now: a.clock.Now, Sleep: a.clock.Sleep,
	})
	return err
}

const appSettings = `{"api":{"url":"%URL%","app":{"id":4711,"private_key":"${env:K}","organisation":"acme"}}}`

func (a *appGithub) look() (evenkeel.Access, error) { return a.puller.Look(a.t.Context()) }

func (a *appGithub) mustLook() evenkeel.Access {
	a.t.Helper()
	access, err := a.look()
	if err != nil {
		a.t.Fatal(err)
	}
	return access
}

func (a *appGithub) wait(d time.Duration) {
	a.t.Helper()
	if err := a.clock.Sleep(a.t.Context(), d); err != nil {
		a.t.Fatal(err)
	}
}

func TestAGithubAppAsks(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	access := a.mustLook()
	if access.Identity != "the app evenkeel in acme" || !access.ExpiresAt.IsZero() {
		t.Errorf("we are %q until %v", access.Identity, access.ExpiresAt)
	}
	for _, p := range access.Permissions {
		if p.Granted == nil || !*p.Granted {
			t.Errorf("%s is not granted", p.Name)
		}
	}
	if len(a.mustPull("commits")) != 1 || a.app.Given() != 1 {
		t.Errorf("%d tokens were taken", a.app.Given())
	}
	delete(a.app.Permissions, "deployments")
	for _, p := range a.mustLook().Permissions {
		if *p.Granted != (p.Name != "deployments: read") {
			t.Errorf("%s: %t", p.Name, *p.Granted)
		}
	}
}

func TestManyCallersTakeOneToken(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	all := func() {
		t.Helper()
		var group sync.WaitGroup
		for range 40 {
			group.Go(func() {
				if err := a.puller.Pull(t.Context(), "commits acme/checkout", nil, func(context.Context, connectors.Page) error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	all()
	if n := a.app.Given(); n != 1 {
		t.Errorf("%d tokens, want one", n)
	}
	a.wait(30 * time.Minute)
	a.app.Revoke()
	all()
	if n := a.app.Given(); n != 2 {
		t.Errorf("%d tokens after one was revoked, want two", n)
	}
}

func TestATokenIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	for _, step := range []struct {
		wait  time.Duration
		given int
	}{{0, 1}, {54 * time.Minute, 1}, {2 * time.Minute, 2}, {3 * time.Hour, 3}} {
		a.wait(step.wait)
		before := len(a.vendor.Requests())
		a.mustPull("commits")
		if a.app.Given() != step.given {
			t.Errorf("after %v more: %d tokens, want %d", step.wait, a.app.Given(), step.given)
		}
		for _, request := range a.vendor.Requests()[before:] {
			if request.Header.Get("Authorization") == "" {
				t.Errorf("%s is not signed", request.URL)
			}
		}
	}
}

func TestClocksThatDiffer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ahead time.Duration
		want  string
	}{
		"a little behind": {-8 * time.Minute, ""},
		"a little ahead":  {50 * time.Second, ""},
		"far behind":      {-12 * time.Minute, "clock of this server is 12m0s behind"},
		"far ahead":       {12 * time.Minute, "clock of this server is 12m0s ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAppGithub(t, appSettings)
			a.theirs = vendortest.NewClock(a.clock.Now().Add(-test.ahead))
			_, err := a.look()
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				a.committed(1)
				a.mustPull("commits")
				return
			}
			if !errors.Is(err, connectors.ErrRefused) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestATokenThatEndsEarlyIsReplaced(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.theirs = vendortest.NewClock(a.clock.Now())
	a.committed(1)
	a.mustPull("commits")
	if err := a.theirs.Sleep(t.Context(), 59*time.Minute); err != nil {
		t.Fatal(err)
	}
	a.wait(53 * time.Minute) // A clock that goes slow: it takes the token for good.
	if err := a.theirs.Sleep(t.Context(), 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	a.mustPull("commits")
	if n := a.app.Given(); n != 2 {
		t.Errorf("%d tokens, want two", n)
	}
}

func TestAnInstallationThatEnds(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	a.mustPull("commits")
	a.wait(10 * time.Minute)
	a.app.Suspend()
	for name, err := range map[string]error{"look": second(a.look()), "pull": second(a.pull("commits"))} {
		if !errors.Is(err, connectors.ErrRefused) || !strings.Contains(err.Error(), "suspended") {
			t.Errorf("%s when suspended: %v", name, err)
		}
	}
	a.app.Restore()
	a.mustPull("commits")
	a.wait(10 * time.Minute)
	a.app.Remove()
	for name, err := range map[string]error{"look": second(a.look()), "pull": second(a.pull("commits"))} {
		if !errors.Is(err, connectors.ErrRefused) || !strings.Contains(err.Error(), "install") {
			t.Errorf("%s when removed: %v", name, err)
		}
	}
	a.app.Restore()
	a.mustLook() // Under another number.
	a.mustPull("commits")
}

func second[T any](_ T, err error) error { return err }

func TestWrongAppsNameTheSetting(t *testing.T) {
	t.Parallel()
	other := vendortest.NewGitHubApp(t, nil, time.Now)
	for name, test := range map[string]struct{ settings, want string }{
		"another app's key": {appSettings, "api.app.private_key"},
		"an unknown id":     {strings.Replace(appSettings, "4711", `"4712"`, 1), "api.app.id 4712"},
		"elsewhere":         {strings.Replace(appSettings, `"acme"`, `"other"`, 1), "api.app.organisation other"},
		"no installation":   {strings.Replace(appSettings, `"organisation":"acme"`, `"installation":5`, 1), "api.app.installation 5"},
	} {
		a := newAppGithub(t, appSettings)
		key := a.app.PEM
		if name == "another app's key" {
			key = other.PEM
		}
		if err := a.connect(test.settings, key); err != nil {
			t.Fatal(err)
		}
		for call, err := range map[string]error{"look": second(a.look()), "pull": second(a.pull("commits"))} {
			if !errors.Is(err, connectors.ErrRefused) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "BEGIN") {
				t.Errorf("%s, %s: %v, want %s", name, call, err, test.want)
			}
		}
	}
}

func TestSettingsOfAGithubApp(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	for settings, field := range map[string]string{
		`{"api":{"app":{"private_key":"${env:K}","organisation":"acme"}}}`:                      "api.app.id",
		`{"api":{"app":{"id":{"a":1},"private_key":"${env:K}","organisation":"acme"}}}`:         "api.app.id",
		`{"api":{"app":{"id":1,"private_key":"-----BEGIN SECRET","organisation":"acme"}}}`:      "api.app.private_key",
		`{"api":{"app":{"id":1,"private_key":"${env:K}"}}}`:                                     "api.app.organisation",
		`{"api":{"app":{"id":1,"private_key":"${env:K}","organisation":"a/b"}}}`:                "api.app.organisation",
		`{"api":{"app":{"id":1,"private_key":"${env:K}","installation":-1}}}`:                   "api.app.installation",
		`{"api":{"token":"${env:T}","app":{"id":1,"private_key":"${env:K}","installation":1}}}`: "api.token",
		`{"names":{"one":"acme/checkout"}}`:                                                     "names.one",
		`{"names":{"1":"../checkout"}}`:                                                         "names.1",
	} {
		err := a.connect(settings, "")
		if broken, ok := errors.AsType[evenkeel.FieldErrors](err); !ok || broken[0].Field != field || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v, want %s", settings, err, field)
		}
	}
	for _, key := range []string{"", "no key", "-----BEGIN RSA PRIVATE KEY-----\nU0VDUkVU\n-----END RSA PRIVATE KEY-----"} {
		err := a.connect(appSettings, key)
		if broken, ok := errors.AsType[evenkeel.FieldErrors](err); !ok || broken[0].Field != "api.app.private_key" || strings.Contains(err.Error(), "U0VDUkVU") {
			t.Errorf("the key %q: %v", key, err)
		}
	}
	if err := a.connect(appSettings, strings.ReplaceAll(a.app.PEM, "\n", `\n`)); err != nil {
		t.Errorf("a key from a variable: %v", err)
	}
}

func TestAnEnterpriseServerIsAskedBelowItsOwnAddress(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, strings.Replace(appSettings, "%URL%", "%URL%/api/v3", 1))
	a.committed(1)
	a.mustLook()
	a.mustPull("commits")
	for _, request := range a.vendor.Requests() {
		if !strings.HasPrefix(request.URL.Path, "/api/v3/") {
			t.Errorf("asked for %s", request.URL.Path)
		}
	}
}

func TestATokenIsAskedForAgainWhereGithubFails(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	a.vendor.Plan(nil, vendortest.Status(http.StatusBadGateway)) // The installation, then no token.
	a.mustPull("commits")
	if a.app.Given() != 1 {
		t.Errorf("%d tokens", a.app.Given())
	}
}

func TestRepositoriesAreFound(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, strings.Replace(appSettings, `"organisation":"acme"}`, `"organisation":"acme"},"repositories":["acme/*"],"exclude":["*/secret-*"]`, 1))
	for i, name := range []string{"acme/secret-plans", "acme/.github", "other/thing"} {
		a.github.Add("installation/repositories", map[string]any{"id": 10 + i, "full_name": name})
	}
	a.github.Add("installation/repositories", map[string]any{"id": 20, "full_name": "acme/attic", "archived": true})
	access := a.mustLook()
	var kept []string
	for _, stream := range access.Streams {
		if name, ok := strings.CutPrefix(stream, "commits "); ok {
			kept = append(kept, name)
		}
	}
	if diff := cmp.Diff([]string{"acme/.github", "acme/checkout"}, kept); diff != "" {
		t.Error(diff)
	}
	if len(access.Notes) == 0 || access.Notes[0] != "1 archived repositories are left out: acme/attic" {
		t.Errorf("notes: %q", access.Notes)
	}
	if diff := cmp.Diff(map[string]string{"1": "acme/checkout", "11": "acme/.github"}, access.Names); diff != "" {
		t.Error(diff)
	}
	asked := len(a.vendor.Requests())
	a.wait(time.Minute)
	a.mustLook()
	for _, request := range a.vendor.Requests()[asked:] {
		if request.URL.Path == "/installation/repositories" {
			t.Error("repositories are looked for every minute")
		}
	}
}

func TestVeryManyRepositoriesAreBounded(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	for i := range 2100 {
		a.github.Add("installation/repositories", map[string]any{"id": 100 + i, "full_name": fmt.Sprintf("acme/r%d", i)})
	}
	access := a.mustLook()
	if n := len(access.Names); n != 2000 || !strings.Contains(strings.Join(access.Notes, "\n"), "101 repositories beyond 2000 are not read") {
		t.Errorf("%d repositories, notes %q", n, access.Notes)
	}
}

func TestRepositoriesOfAnOrganisationAreFoundByToken(t *testing.T) {
	t.Parallel()
	a := newAskedGithub(t, 2)
	open := func(repositories string) []string {
		t.Helper()
		settings := fmt.Appendf(nil, `{"incident_labels":[],"api":{"url":%q,"token":"${env:T}","repositories":%s}}`, a.vendor.URL, repositories)
		puller, err := a.source.Pull(settings, connectors.Outside{Secret: func(string) (string, error) { return "good", nil }, Now: a.clock.Now, Sleep: a.clock.Sleep})
		if err != nil {
			t.Fatal(err)
		}
		access, err := puller.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return access.Streams
	}
	for i := range 5 {
		a.github.Add("orgs/acme/repos", map[string]any{"id": i + 1, "full_name": fmt.Sprintf("acme/r%d", i)})
	}
	a.github.Add("user/repos", map[string]any{"id": 70, "full_name": "kim/own"})
	if n := len(open(`["acme/*"]`)); n != 25 {
		t.Errorf("%d streams of an organisation", n)
	}
	if n := len(open(`["kim/*"]`)); n != 5 {
		t.Errorf("%d streams of a person", n)
	}
	if n := len(open(`["*/own"]`)); n != 5 {
		t.Errorf("%d streams of whatever the token sees", n)
	}
}

func TestANameThatBecameFreeIsAnotherRepository(t *testing.T) {
	t.Parallel()
	a := newAppGithub(t, appSettings)
	a.committed(1)
	known := a.mustLook().Names
	a.github.Rename("acme/checkout", "acme/shop")
	a.github.Clear("installation/repositories")
	a.github.Put(githubHere, map[string]any{"id": 2, "full_name": "acme/checkout", "html_url": "https://github.com/acme/checkout"})
	for id, name := range map[int]string{1: "acme/shop", 2: "acme/checkout"} {
		a.github.Add("installation/repositories", map[string]any{"id": id, "full_name": name})
	}
	settings := connectors.SettingsOf(evenkeel.Connection{Settings: json.RawMessage(strings.ReplaceAll(appSettings, "%URL%", a.vendor.URL)), Names: known})
	if err := a.connect(string(settings), a.app.PEM); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"1": "acme/checkout", "2": "acme/checkout~2"}, a.mustLook().Names); diff != "" {
		t.Error(diff)
	}
	got := a.mustPull("commits")
	if len(got) != 1 {
		t.Fatalf("of the renamed: %s", asText(got...))
	}
	if commit, ok := got[0].Payload.(*evenkeel.Commit); !ok || commit.Repository != "github.com/acme/checkout" {
		t.Errorf("of the renamed: %s", asText(got...))
	}
}
