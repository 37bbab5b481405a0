package connectors_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var _ = sends("github", sender{eventHeader: "X-GitHub-Event", sign: func(header http.Header, raw []byte, secret string) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
}})

func githubSource(t testing.TB) connectors.Source {
	t.Helper()
	s, err := connectors.SourceNamed("github")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestGitHubSignature holds to GitHub's own example of a signature.
func TestGitHubSignature(t *testing.T) {
	t.Parallel()
	const secret = "It's a Secret to Everybody"
	raw := []byte("Hello, World!")
	good := "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(raw)
	weak := "sha1=" + hex.EncodeToString(mac.Sum(nil))
	r := receiverOf(t, githubSource(t), nil)
	for name, test := range map[string]struct {
		header map[string]string
		denied bool
	}{
		"as documented":          {map[string]string{"X-Hub-Signature-256": good}, false},
		"with the older one":     {map[string]string{"X-Hub-Signature-256": good, "X-Hub-Signature": weak}, false},
		"the older one alone":    {map[string]string{"X-Hub-Signature": weak}, true},
		"the older one renamed":  {map[string]string{"X-Hub-Signature-256": weak}, true},
		"without its prefix":     {map[string]string{"X-Hub-Signature-256": strings.TrimPrefix(good, "sha256=")}, true},
		"cut":                    {map[string]string{"X-Hub-Signature-256": good[:len(good)-2]}, true},
		"with more behind it":    {map[string]string{"X-Hub-Signature-256": good + "00"}, true},
		"in the wrong header":    {map[string]string{"X-Hub-Signature": good}, true},
		"not hexadecimal":        {map[string]string{"X-Hub-Signature-256": good[:len(good)-1] + "g"}, true},
		"empty":                  {map[string]string{"X-Hub-Signature-256": "sha256="}, true},
		"one digit of it is off": {map[string]string{"X-Hub-Signature-256": good[:len(good)-1] + "8"}, true},
	} {
		if err := r.Verify(connectors.KeptHeader(test.header), raw, []string{secret}); errors.Is(err, evenkeel.ErrDenied) != test.denied || err != nil != test.denied {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGitHubIdentify(t *testing.T) {
	t.Parallel()
	d := named(t, "deployment_created")
	event, key := receiverOf(t, githubSource(t), nil).Identify(d.header())
	if event != "deployment" || key != d.Headers["X-GitHub-Delivery"] {
		t.Errorf("%q %q", event, key)
	}
	if event, key = receiverOf(t, githubSource(t), nil).Identify(http.Header{}); event+key != "" {
		t.Errorf("%q %q", event, key)
	}
}

func TestGitHubSettingsNameTheMistake(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		`{"incident_label":[]}`:                                                 "incident_label: is not a setting",
		`{"incident_labels":"incident"}`:                                        "incident_labels: is not of the right type",
		`{"incident_labels":["x",7]}`:                                           "incident_labels[1]: is not of the right type",
		`{"incident_labels":[" "]}`:                                             "incident_labels[0]: is empty",
		`{"severity_labels":[""]}`:                                              "severity_labels[0]: is empty",
		`{"deployments":{"workflows":[{"workflow":"a"}]}}`:                      "deployments.workflows[0].environment: is required",
		`{"deployments":{"workflows":[{"environment":"a"}]}}`:                   "deployments.workflows[0].workflow: is required",
		`{"deployments":{"workflows":[{"workflow":"[","environment":"a"}]}}`:    `deployments.workflows[0].workflow: "[" is not a glob`,
		`{"deployments":{"workflows":[{"workflow":"a","branches":"x"}]}}`:       "deployments.workflows[0].branches: is not a setting",
		`{"deployments":{"releases":{"prereleases":true}}}`:                     "deployments.releases.environment: is required",
		`{"deployments":{"releases":{"environment":"p","prereleases":"true"}}}`: "deployments.releases.prereleases: is not of the right type",
		`{"deployments":{},"deployments":{}}`:                                   "settings: names a member twice",
		`{`:                                                                     "settings: is not valid JSON",
	} {
		_, err := githubSource(t).Open(json.RawMessage(settings))
		if !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}

// named is a fixture of GitHub.
func named(t testing.TB, name string) delivery {
	t.Helper()
	for _, d := range deliveriesOf(t, "github") {
		if d.name == name {
			return d
		}
	}
	t.Fatalf("no fixture %s", name)
	return delivery{}
}

// with is a delivery with other values at some paths, "issue.labels.0.name".
func (d delivery) with(t testing.TB, changes map[string]any) delivery {
	t.Helper()
	var body any
	if err := json.Unmarshal(d.Body, &body); err != nil {
		t.Fatal(err)
	}
	for path, value := range changes {
		at := body
		steps := strings.Split(path, ".")
		for _, step := range steps[:len(steps)-1] {
			switch v := at.(type) {
			case map[string]any:
				at = v[step]
			case []any:
				n, _ := strconv.Atoi(step)
				at = v[n]
			}
		}
		at.(map[string]any)[steps[len(steps)-1]] = value
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	d.Body = text
	return d
}

func (d delivery) parse(t testing.TB) ([]evenkeel.Event, error) {
	t.Helper()
	events, err := receiverOf(t, githubSource(t), d.Settings).Parse(d.header(), d.bytes(t))
	lawful(t, events, err)
	return events, err
}

func TestGitHubReadsRefs(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string][2]string{
		"main": {"main", ""}, "refs/heads/main": {"main", ""}, "refs/heads/v1.2.3": {"v1.2.3", ""},
		"v1.2.3": {"v1.2.3", "1.2.3"}, "1.2.3": {"1.2.3", "1.2.3"}, "v1.2": {"v1.2", "1.2"}, "refs/tags/nightly": {"nightly", "nightly"},
		"cli/v0.23.0": {"cli/v0.23.0", "0.23.0"}, "app@v2.0.0-rc.1": {"app@v2.0.0-rc.1", "2.0.0-rc.1"},
		"release/1.2": {"release/1.2", ""}, "release/1.2.3": {"release/1.2.3", ""}, "1.2": {"1.2", ""}, "v1": {"v1", ""},
		"feature/v1.2.3/more": {"feature/v1.2.3/more", ""}, "": {"", ""},
		strings.Repeat("A", 40): {"", ""},
	} {
		events, err := named(t, "deployment_created").with(t, map[string]any{"deployment.ref": ref}).parse(t)
		if err != nil {
			t.Fatal(err)
		}
		made := events[0].Payload.(*evenkeel.Deployment)
		if got := [2]string{made.Ref, made.Version}; got != want {
			t.Errorf("%q is %q, want %q", ref, got, want)
		}
	}
}

func TestGitHubReadsSeverity(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"sev1": "sev1", "SEV-1": "sev1", "sev 2: outage": "sev2", "Severity: 3": "sev3", "severity/High": "high", "sev-critical": "critical",
		"several": "", "severe": "", "sev": "", "severity:": "", "sévère": "", "sevère": "", "bug": "", "sev-": "",
	} {
		events, err := named(t, "issues_opened").with(t, map[string]any{"issue.labels.1.name": label}).parse(t)
		if err != nil {
			t.Fatal(err)
		}
		if got := events[0].Payload.(*evenkeel.Incident).Severity; got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
}

func TestGitHubReadsReverts(t *testing.T) {
	t.Parallel()
	const sha = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
	for name, test := range map[string]struct{ branch, body, want string }{
		"the button":            {"revert-12-pay", "Reverts Acme/Checkout#12", "#12"},
		"a body that was typed": {"undo", "Too slow.\r\n\r\nReverts #12\r\n", "#12"},
		"the branch alone":      {"revert-12-pay", "", "#12"},
		"another repository":    {"undo", "Reverts acme/other#12", ""},
		"a longer name":         {"undo", "Reverts x-acme/checkout#12", ""},
		"within a sentence":     {"undo", "It Reverts acme/checkout#12", ""},
		"no number":             {"revert-pay", "", ""},
		"number 0":              {"undo", "Reverts #0", ""},
		"a commit":              {"undo", "This reverts commit " + sha + ".", sha},
		"a short commit":        {"undo", "This reverts commit " + sha[:12] + ".", ""},
		"a commit too long":     {"undo", "This reverts commit " + sha + "ab.", ""},
		"nothing":               {"pay", "Please review", ""},
	} {
		events, err := named(t, "pull_request_opened").with(t, map[string]any{"pull_request.head.ref": test.branch, "pull_request.body": test.body}).parse(t)
		if err != nil {
			t.Fatal(err)
		}
		if got := events[0].Payload.(*evenkeel.Change).RevertOf; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestGitHubNamesAllPathsOrNone: part of the paths would lay a commit to the
// wrong applications.
func TestGitHubNamesAllPathsOrNone(t *testing.T) {
	t.Parallel()
	many := make([]any, 3000)
	for i := range many {
		many[i] = "f/" + strconv.Itoa(i)
	}
	for name, test := range map[string]struct {
		added []any
		want  int
	}{
		"a few": {[]any{"a", "README.md"}, 4}, "as many as GitHub lists": {many, 0}, "a few less": {many[:2900], 2903},
		"one too long": {[]any{"a", strings.Repeat("x", evenkeel.MaxText+1)}, 0}, "one without a name": {[]any{""}, 0},
	} {
		var commits []any
		if err := json.Unmarshal([]byte(`[{"id":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","timestamp":"2026-02-03T10:00:00Z","modified":["README.md","go.mod"],"removed":["old.go"]}]`), &commits); err != nil {
			t.Fatal(err)
		}
		commits[0].(map[string]any)["added"] = test.added
		events, err := named(t, "push_one_commit").with(t, map[string]any{"commits": commits}).parse(t)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(events[0].Payload.(*evenkeel.Commit).Paths); got != test.want {
			t.Errorf("%s: %d paths, want %d", name, got, test.want)
		}
	}
}

// TestGitHubRefusesAmbiguousBodies: what could be read in two ways is not read.
func TestGitHubRefusesAmbiguousBodies(t *testing.T) {
	t.Parallel()
	whole := string(named(t, "deployment_created").bytes(t))
	for name, body := range map[string]string{
		"an id given twice":          strings.Replace(whole, `"id":145988746,`, `"id":145988746,"id":7,`, 1),
		"a member nobody reads":      strings.Replace(whole, `"deployment":{`, `"deployment":{"payload":{"a":1,"a":2},`, 1),
		"an object given twice":      strings.Replace(whole, `{"action"`, `{"deployment":{},"action"`, 1),
		"text that is not UTF-8":     strings.Replace(whole, `"ref":"master"`, `"ref":"m`+"\xff"+`ster"`, 1),
		"a comment":                  strings.Replace(whole, `{"action"`, `{/**/"action"`, 1),
		"a number beyond all ids":    strings.Replace(whole, `"id":145988746,`, `"id":18446744073709551616,`, 1),
		"a number with a fraction":   strings.Replace(whole, `"id":145988746,`, `"id":145988746.5,`, 1),
		"another spelling of names":  strings.Replace(whole, `"sha":`, `"SHA":`, 1),
		"a list":                     "[" + whole + "]",
		"null":                       "null",
		"a text":                     `"deployment"`,
		"nothing":                    "",
		"a form of two fields":       "payload=%7B%7D&payload=" + whole,
		"a form that is cut":         "payload=%7",
		"a form that is not escaped": "payload=" + strings.Replace(whole, `"ref":"master"`, `"ref":"ma&ster"`, 1),
	} {
		d := named(t, "deployment_created")
		d.Body, d.Raw = nil, body
		if _, err := d.parse(t); body == whole || !errors.Is(err, evenkeel.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

func TestGitHubBoundsNesting(t *testing.T) {
	t.Parallel()
	whole := string(named(t, "deployment_created").bytes(t))
	for levels, refused := range map[int]bool{100: false, 126: false, 127: true, 5000: true} {
		d := named(t, "deployment_created")
		d.Body = nil
		d.Raw = strings.Replace(whole, `"deployment":{`, `"deployment":{"own":"[{\"[","deep":`+strings.Repeat("[", levels)+strings.Repeat("]", levels)+",", 1)
		if _, err := d.parse(t); errors.Is(err, evenkeel.ErrInvalid) != refused {
			t.Errorf("%d levels: %v", levels, err)
		}
	}
}

// TestGitHubKeepsNoPerson: the names of people in the fixtures are in no event.
func TestGitHubKeepsNoPerson(t *testing.T) {
	t.Parallel()
	for _, d := range deliveriesOf(t, "github") {
		events, err := d.parse(t)
		if err != nil {
			continue
		}
		said := strings.ToLower(string(goldenOf(t, events, nil)))
		for _, person := range []string{"kim-example", "sam-example", "noa", "@example.org"} {
			if strings.Contains(said, person) {
				t.Errorf("%s tells of %s", d.name, person)
			}
		}
	}
}

// TestGitHubStoriesEndTheSame: in whatever order and however often the
// deliveries of a story arrive, the facts are the same.
func TestGitHubStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	endTheSame(t, "github", githubStories(t))
}

func permutations(list []int, from int, visit func([]int)) {
	if from == len(list) {
		visit(list)
		return
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		permutations(list, from+1, visit)
		list[from], list[i] = list[i], list[from]
	}
}

func githubStories(t *testing.T) map[string]story {
	t.Helper()
	const day = "2026-02-03T"
	status := func(state, at string) delivery {
		return named(t, "deployment_status_success").with(t, map[string]any{
			"deployment_status.state": state, "deployment_status.created_at": at, "deployment_status.updated_at": at,
			"deployment.created_at": day + "10:00:00Z", "deployment.updated_at": at,
		})
	}
	begun := named(t, "deployment_created").with(t, map[string]any{"deployment.created_at": day + "10:00:00Z", "deployment.updated_at": day + "10:00:00Z"})
	pull := func(action, at string, changes map[string]any) delivery {
		d := named(t, "pull_request_opened").with(t, map[string]any{
			"action": action, "pull_request.created_at": day + "10:00:00Z", "pull_request.updated_at": day + at,
		})
		return d.with(t, changes)
	}
	review := func(state, at string) delivery {
		return named(t, "pull_request_review_commented").with(t, map[string]any{"review.state": state, "review.submitted_at": day + at})
	}
	merged := map[string]any{
		"pull_request.state": "closed", "pull_request.merged": true, "pull_request.merged_at": day + "15:00:00Z", "pull_request.closed_at": day + "15:00:00Z",
		"pull_request.merge_commit_sha": "c4295bd74fb0f4fda03689c3df3f2803b658fd85",
	}
	closed := map[string]any{"pull_request.state": "closed", "pull_request.closed_at": day + "13:00:00Z", "pull_request.merge_commit_sha": "1111111111111111111111111111111111111111"}
	issue := func(action, at string, changes map[string]any) delivery {
		d := named(t, "issues_opened").with(t, map[string]any{
			"action": action, "label": nil, "issue.created_at": day + "10:00:00Z", "issue.updated_at": day + at,
		})
		return d.with(t, changes)
	}
	resolved := func(at string) map[string]any {
		return map[string]any{"issue.state": "closed", "issue.closed_at": day + at}
	}
	incident := map[string]any{"label": map[string]any{"name": "incident"}}
	none := map[string]any{"label": map[string]any{"name": "incident"}, "issue.labels": []any{}}
	run := func(action, status, at string, conclusion any) delivery {
		return named(t, "workflow_run_deploys").with(t, map[string]any{
			"action": action, "workflow_run.status": status, "workflow_run.conclusion": conclusion, "workflow_run.updated_at": day + at,
			"workflow_run.created_at": day + "10:00:00Z", "workflow_run.run_started_at": day + "10:00:00Z",
		})
	}
	release := func(action string, changes map[string]any) delivery {
		d := named(t, "release_published").with(t, map[string]any{"action": action, "release.published_at": day + "10:00:00Z"})
		return d.with(t, changes)
	}
	const deployed = `{"actor_kind":"human","commit":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e","environment":"production","finished_at":"2026-02-03T10:05:00Z","ref":"master","repository":"github.com/acme/checkout","started_at":"2026-02-03T10:00:00Z","status":`
	return map[string]story{
		"a deployment that succeeds once": {
			[]delivery{
				begun, status("queued", day+"10:00:00Z"), status("in_progress", day+"10:01:00Z"), status("success", day+"10:05:00Z"),
				status("inactive", day+"11:00:00Z"), status("success", "2026-07-01T00:00:00Z"),
			},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: deployed + `"success"}`},
		},
		"a deployment that fails within a second": {
			[]delivery{begun, status("in_progress", day+"10:05:00Z"), status("error", day+"10:05:00Z"), status("success", day+"18:00:00Z"), status("in_progress", day+"18:00:00Z")},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: deployed + `"failure"}`},
		},
		"a deployment that nobody reports on": {
			[]delivery{begun},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"human","commit":"f95f852bd8fca8fcc58a9a2d6c842781e32a215e","environment":"production","ref":"master","repository":"github.com/acme/checkout","started_at":"2026-02-03T10:00:00Z"}`},
		},
		"a run that deploys within a second": {
			[]delivery{
				run("requested", "queued", "10:00:00Z", nil), run("in_progress", "in_progress", "10:00:00Z", nil), run("completed", "completed", "10:00:00Z", "failure"),
			},
			map[evenkeel.Kind]string{
				evenkeel.KindBuild: `{"attempt":1,"commit":"5779607b49aab1200488439f02372c57b4f75444","finished_at":"2026-02-03T10:00:00Z","pipeline":".github/workflows/deploy.yml",` +
					`"queued_at":"2026-02-03T10:00:00Z","repository":"github.com/acme/checkout","result":"failure","started_at":"2026-02-03T10:00:00Z"}`,
				evenkeel.KindDeployment: `{"actor_kind":"human","attempt":1,"commit":"5779607b49aab1200488439f02372c57b4f75444","environment":"production","finished_at":"2026-02-03T10:00:00Z",` +
					`"group":"run:1589141559/1/production","ref":"main","repository":"github.com/acme/checkout","started_at":"2026-02-03T10:00:00Z","status":"failure"}`,
			},
		},
		"a release": {
			[]delivery{release("published", nil), release("released", nil), release("edited", nil), release("created", nil)},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"human","environment":"production","finished_at":"2026-02-03T10:00:00Z","ref":"0.0.1","repository":"github.com/acme/checkout","status":"success","version":"0.0.1"}`},
		},
		"a release that is taken back": {
			[]delivery{release("published", nil), release("released", nil), release("unpublished", map[string]any{"release.draft": true}), release("deleted", map[string]any{"release.draft": true})},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: "gone"},
		},
		"a pull request that is merged": {
			[]delivery{
				pull("opened", "10:00:00Z", nil),
				pull("labeled", "10:00:00Z", map[string]any{"pull_request.labels": []any{map[string]any{"name": "feature"}}, "pull_request.head.sha": "2222222222222222222222222222222222222222"}),
				pull("converted_to_draft", "11:00:00Z", map[string]any{"pull_request.draft": true}),
				pull("ready_for_review", "12:00:00Z", nil),
				review("commented", "12:30:00Z"),
				pull("closed", "13:00:00Z", closed),
				pull("labeled", "13:00:00Z", nil), // In the second of the closing, before it.
				pull("reopened", "14:00:00Z", nil),
				review("approved", "14:20:00Z"), review("approved", "14:10:00Z"), review("commented", "15:20:00Z").with(t, map[string]any{"pull_request.merged_at": day + "15:00:00Z"}),
				pull("synchronize", "15:00:00Z", nil),
				pull("closed", "15:00:00Z", merged),
				pull("unlabeled", "16:00:00Z", merged),
				pull("locked", "17:00:00Z", merged),
			},
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"actor_kind":"human","approved_at":"2026-02-03T14:20:00Z","base":"master","closed_at":"2026-02-03T15:00:00Z","first_review_at":"2026-02-03T12:30:00Z",` +
				`"head":"ec26c3e57ca3a959ca5aad62de7213c562f8c821","labels":[],"merge_commit":"c4295bd74fb0f4fda03689c3df3f2803b658fd85","merged_at":"2026-02-03T15:00:00Z","number":2,` +
				`"opened_at":"2026-02-03T10:00:00Z","ready_at":"2026-02-03T12:00:00Z","repository":"github.com/acme/checkout","size":{"added":1,"deleted":1,"files":1},"state":"merged"}`},
		},
		"a draft that is closed": {
			[]delivery{
				pull("opened", "10:00:00Z", map[string]any{"pull_request.draft": true}), pull("synchronize", "13:00:00Z", map[string]any{"pull_request.draft": true}),
				pull("closed", "13:00:00Z", closed), pull("locked", "13:00:00Z", closed),
			},
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"actor_kind":"human","base":"master","closed_at":"2026-02-03T13:00:00Z","head":"ec26c3e57ca3a959ca5aad62de7213c562f8c821","labels":[],"number":2,` +
				`"opened_at":"2026-02-03T10:00:00Z","repository":"github.com/acme/checkout","size":{"added":1,"deleted":1,"files":1},"state":"closed"}`},
		},
		"an incident that comes back": {
			[]delivery{
				issue("opened", "10:00:00Z", map[string]any{"issue.labels": []any{}}),
				issue("labeled", "10:10:00Z", incident), issue("assigned", "11:00:00Z", nil), issue("closed", "11:00:00Z", resolved("11:00:00Z")),
				issue("reopened", "12:00:00Z", nil), issue("closed", "13:00:00Z", resolved("13:00:00Z")),
			},
			map[evenkeel.Kind]string{evenkeel.KindIncident: `{"opened_at":"2026-02-03T10:10:00Z","reopened_at":"2026-02-03T12:00:00Z","repository":"github.com/acme/checkout","resolved_at":"2026-02-03T13:00:00Z","severity":"sev1"}`},
		},
		"an incident that is open again": {
			[]delivery{issue("opened", "10:00:00Z", nil), issue("labeled", "10:00:00Z", incident), issue("closed", "11:00:00Z", resolved("11:00:00Z")), issue("reopened", "11:00:01Z", nil)},
			map[evenkeel.Kind]string{evenkeel.KindIncident: `{"opened_at":"2026-02-03T10:00:00Z","reopened_at":"2026-02-03T11:00:01Z","repository":"github.com/acme/checkout","severity":"sev1"}`},
		},
		"an incident that was none": {
			[]delivery{issue("opened", "10:00:00Z", nil), issue("labeled", "10:00:00Z", incident), issue("closed", "11:00:00Z", resolved("11:00:00Z")), issue("unlabeled", "11:00:00Z", none), issue("edited", "12:00:00Z", none)},
			map[evenkeel.Kind]string{evenkeel.KindIncident: "gone"},
		},
		"an incident that is deleted": {
			[]delivery{issue("opened", "10:00:00Z", nil), issue("closed", "11:00:00Z", resolved("11:00:00Z")), issue("deleted", "11:00:00Z", resolved("11:00:00Z"))},
			map[evenkeel.Kind]string{evenkeel.KindIncident: "gone"},
		},
	}
}
