package connectors_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

var _ = sends("gitlab", sender{key: true, eventHeader: "X-Gitlab-Event", sign: func(header http.Header, _ []byte, secret string) {
	header.Set("X-Gitlab-Token", secret)
}})

func gitlabNamed(t testing.TB, name string) delivery {
	t.Helper()
	for _, d := range deliveriesOf(t, "gitlab") {
		if d.name == name {
			return d
		}
	}
	t.Fatalf("no fixture %s", name)
	return delivery{}
}

func gitlabSource(t testing.TB) connectors.Source {
	t.Helper()
	s, err := connectors.SourceNamed("gitlab")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func gitlabParse(t testing.TB, d delivery) ([]evenkeel.Event, error) {
	t.Helper()
	events, err := receiverOf(t, gitlabSource(t), d.Settings).Parse(d.header(), d.bytes(t))
	lawful(t, events, err)
	return events, err
}

// TestGitLabSignature: a signing token, a secret token, or both.
func TestGitLabSignature(t *testing.T) {
	t.Parallel()
	const signing, token = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "a secret token of thirty-two signs"
	raw := []byte(`{"object_kind":"push"}`)
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(signing, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("msg_1.1772366400." + string(raw)))
	good := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	signed := map[string]string{"Webhook-Id": "msg_1", "Webhook-Timestamp": "1772366400", "Webhook-Signature": good}
	with := func(changes map[string]string) map[string]string {
		all := map[string]string{}
		maps.Copy(all, signed)
		maps.Copy(all, changes)
		return all
	}
	for name, test := range map[string]struct {
		settings string
		headers  map[string]string
		denied   bool
	}{
		"signed":                            {"", signed, false},
		"signed, and a token":               {"", with(map[string]string{"X-Gitlab-Token": "another"}), false},
		"a token":                           {"", map[string]string{"X-Gitlab-Token": token}, false},
		"a token, and another signature":    {"", with(map[string]string{"X-Gitlab-Token": token, "Webhook-Id": "msg_2"}), false},
		"another signature":                 {"", with(map[string]string{"Webhook-Timestamp": "1772366401"}), true},
		"another token":                     {"", map[string]string{"X-Gitlab-Token": token[1:]}, true},
		"a token where signatures must be":  {`{"require_signature":true}`, map[string]string{"X-Gitlab-Token": token}, true},
		"signed where signatures must be":   {`{"require_signature":true}`, signed, false},
		"wrongly signed where they must be": {`{"require_signature":true}`, with(map[string]string{"Webhook-Id": "x", "X-Gitlab-Token": token}), true},
		"nothing":                           {"", nil, true},
	} {
		err := receiverOf(t, gitlabSource(t), json.RawMessage(test.settings)).Verify(connectors.KeptHeader(test.headers), raw, []string{signing, token})
		if errors.Is(err, evenkeel.ErrDenied) != test.denied || err != nil != test.denied {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGitLabIdentify(t *testing.T) {
	t.Parallel()
	for want, headers := range map[string]map[string]string{
		"a": {"Idempotency-Key": "a", "X-Gitlab-Event-Uuid": "b"}, "b": {"X-Gitlab-Event-Uuid": "b"}, "": {},
	} {
		if _, key := receiverOf(t, gitlabSource(t), nil).Identify(connectors.KeptHeader(headers)); key != want {
			t.Errorf("%q, want %q", key, want)
		}
	}
}

func TestGitLabSettingsNameTheMistake(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		`{"environments":[{"tier":"production"}]}`:            "environments[0].name: is required",
		`{"environments":[{"name":"production"}]}`:            "environments[0].environment: is required",
		`{"environments":[{"environment":"[","name":"x"}]}`:   `environments[0].environment: "[" is not a glob`,
		`{"deployments":{"jobs":[{"job":"a"}]}}`:              "deployments.jobs[0].environment: is required",
		`{"deployments":{"jobs":[{"job":"a","branch":"x"}]}}`: "deployments.jobs[0].branch: is not a setting",
		`{"deployments":{"releases":{}}}`:                     "deployments.releases.environment: is required",
		`{"deployments":{"tags":{"environment":"p"}}}`:        "deployments.tags.tag: is required",
		`{"bots":[""]}`:                  "bots[0]: is empty",
		`{"incident_labels":"incident"}`: "incident_labels: is not of the right type",
		`{"require_signature":"yes"}`:    "require_signature: is not of the right type",
	} {
		if _, err := gitlabSource(t).Open(json.RawMessage(settings)); !errors.Is(err, evenkeel.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
}

// TestGitLabKeepsNoPerson: the names of people in the fixtures are in no event.
func TestGitLabKeepsNoPerson(t *testing.T) {
	t.Parallel()
	for _, d := range deliveriesOf(t, "gitlab") {
		events, err := gitlabParse(t, d)
		if err != nil {
			continue
		}
		said := strings.ToLower(string(goldenOf(t, events, nil)))
		for _, person := range []string{"kim", "sam-example", "@example.org"} {
			if strings.Contains(said, person) {
				t.Errorf("%s tells of %s", d.name, person)
			}
		}
	}
}

// TestGitLabHooksOfOneSwitchAreOneFact: a project's and a group's hook tell of
// the same change of a flag, at slightly different arrivals.
func TestGitLabHooksOfOneSwitchAreOneFact(t *testing.T) {
	t.Parallel()
	once := gitlabNamed(t, "feature_flag_on")
	again := once
	again.Headers = map[string]string{}
	maps.Copy(again.Headers, once.Headers)
	again.Headers["Idempotency-Key"], again.Headers["X-Evenkeel-Arrival"] = "another", "2026-03-01T12:00:31Z"
	first, err := gitlabParse(t, once)
	second, againErr := gitlabParse(t, again)
	if err != nil || againErr != nil || first[0].ID != second[0].ID {
		t.Fatalf("%v %v", first, second)
	}
	a, _ := first[0].Observe()
	b, _ := second[0].Observe()
	fields, _, err := evenkeel.Fold([]evenkeel.Observation{b, a})
	if err != nil || !strings.Contains(string(fields), `"at":"2026-03-01T12:00:30Z"`) {
		t.Errorf("%s %v", fields, err)
	}
}

// TestGitLabStoriesEndTheSame: in whatever order and however often the
// deliveries of a story arrive, the facts are the same.
func TestGitLabStoriesEndTheSame(t *testing.T) {
	t.Parallel()
	at := func(name string, changes map[string]any) delivery { return gitlabNamed(t, name).with(t, changes) }
	request := func(name, moment string, more map[string]any) delivery {
		d := at(name, map[string]any{"object_attributes.updated_at": "2026-03-01 " + moment + " UTC"})
		return d.with(t, more)
	}
	for name, story := range map[string]struct {
		deliveries []delivery
		want       map[evenkeel.Kind]string
	}{
		"a deployment": {
			[]delivery{at("deployment_blocked", nil), at("deployment_running", map[string]any{"status_changed_at": "2026-03-01 12:00:00 UTC"}), at("deployment_failed", nil)},
			map[evenkeel.Kind]string{evenkeel.KindDeployment: `{"actor_kind":"human","commit":"279484c09fbe69ededfced8c1bb6e6d24616b468","environment":"production","finished_at":"2026-03-01T12:00:00Z","ref":"main","repository":"gitlab.example.com/acme/shop/checkout","started_at":"2026-03-01T12:00:00Z","status":"failure"}`},
		},
		"a merge request": {
			[]delivery{
				request("merge_request_open_draft", "09:00:00", nil), request("merge_request_ready", "10:00:00", nil), at("note_review", nil),
				request("merge_request_close", "10:30:00", nil), request("merge_request_reopen", "10:40:00", nil), at("merge_request_approved", nil),
				request("merge_request_merge", "12:30:00", nil), request("merge_request_update_after_merge", "18:00:00", nil),
			},
			map[evenkeel.Kind]string{evenkeel.KindChange: `{"actor_kind":"human","approved_at":"2026-03-01T12:00:30Z","base":"main","closed_at":"2026-03-01T12:30:00Z","first_review_at":"2026-03-01T09:30:00Z",` +
				`"head":"da1560886d4f094c3e6c9ef40349f7d38b5d27d7","labels":["feature"],"merge_commit":"279484c09fbe69ededfced8c1bb6e6d24616b468","merged_at":"2026-03-01T12:30:00Z","number":12,` +
				`"opened_at":"2026-03-01T09:00:00Z","ready_at":"2026-03-01T10:00:00Z","repository":"gitlab.example.com/acme/shop/checkout","state":"merged"}`},
		},
		"an incident that comes back": {
			[]delivery{at("incident_open", nil), request("incident_close", "10:00:00", nil), request("incident_reopen", "11:00:00", nil), request("incident_close", "12:00:00", map[string]any{"object_attributes.closed_at": "2026-03-01 12:00:00 UTC"})},
			map[evenkeel.Kind]string{evenkeel.KindIncident: `{"opened_at":"2026-03-01T09:00:00Z","reopened_at":"2026-03-01T11:00:00Z","repository":"gitlab.example.com/acme/shop/checkout","resolved_at":"2026-03-01T12:00:00Z","severity":"high"}`},
		},
		"an issue that was no incident": {
			[]delivery{request("issue_marked", "10:00:00", nil), request("issue_marked_edited", "10:30:00", nil), request("issue_unmarked", "10:30:00", nil)},
			map[evenkeel.Kind]string{evenkeel.KindIncident: "gone"},
		},
		"a pipeline that runs again": {
			[]delivery{at("pipeline_pending", nil), at("pipeline_running", nil), at("pipeline_failed", nil), at("pipeline_success", map[string]any{"object_attributes.finished_at": "2026-03-01 11:20:00 UTC"})},
			map[evenkeel.Kind]string{evenkeel.KindBuild: `{"commit":"279484c09fbe69ededfced8c1bb6e6d24616b468","finished_at":"2026-03-01T11:20:00Z","pipeline":".gitlab-ci.yml","queued_at":"2026-03-01T11:00:00Z","repository":"gitlab.example.com/acme/shop/checkout","result":"success","started_at":"2026-03-01T11:00:12Z"}`},
		},
	} {
		rapid.Check(t, func(rt *rapid.T) {
			order := rapid.Permutation(story.deliveries).Draw(rt, "order")
			order = append(order, rapid.SliceOfN(rapid.SampledFrom(story.deliveries), 0, 4).Draw(rt, "again")...)
			if diff := cmp.Diff(story.want, gitlabFacts(t, order)); diff != "" {
				rt.Fatalf("%s (-want +got)\n%s", name, diff)
			}
		})
	}
}

// gitlabFacts folds deliveries into one fact of each kind.
func gitlabFacts(t testing.TB, deliveries []delivery) map[evenkeel.Kind]string {
	t.Helper()
	kept := map[evenkeel.Kind][]evenkeel.Observation{}
	for i, d := range deliveries {
		events, err := gitlabParse(t, d)
		if err != nil && !errors.Is(err, evenkeel.ErrIgnored) {
			t.Fatalf("%s: %v", d.name, err)
		}
		for _, e := range events {
			o, err := e.Complete(time.Date(2026, 4, 1, 0, i, 0, 0, time.UTC)).Observe()
			if err != nil {
				t.Fatal(err)
			}
			kept[e.Kind] = append(kept[e.Kind], o)
		}
	}
	facts := map[evenkeel.Kind]string{}
	for kind, observations := range kept {
		fields, deleted, err := evenkeel.Fold(observations)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if err := json.Unmarshal(fields, &members); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(members)
		if facts[kind] = string(text); deleted {
			facts[kind] = "gone"
		}
	}
	return facts
}
