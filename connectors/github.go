package connectors

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	githubEventHeader    = "X-Github-Event"
	githubDeliveryHeader = "X-Github-Delivery"
	githubSignature      = "X-Hub-Signature-256"
)

var _ = register(Source{
	Name:     "github",
	Title:    "GitHub",
	Summary:  "Deployments, workflow runs, releases, pushes, pull requests, reviews and incident issues of github.com and of GitHub Enterprise Server.",
	Setup:    githubSetup,
	MaxBody:  25 << 20, // GitHub sends no larger ones.
	Headers:  githubHeaders(),
	Settings: githubSettingNotes(),
	Events:   githubEventNotes(),
	Open: func(settings json.RawMessage) (Receiver, error) {
		read, err := readGithubSettings(settings)
		if err != nil {
			return nil, err
		}
		return &githubReceiver{settings: read}, nil
	},
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		read, err := readGithubSettings(settings)
		if err != nil || read.API == nil {
			return nil, err
		}
		return newGithubClient(read, o)
	},
})

const githubSetup = `1. In the settings of the repository, the organisation, the enterprise or the GitHub App open *Webhooks* and add one. An App needs permission to read actions, contents, deployments, issues and pull requests. Several webhooks may tell of one repository: equal facts are one fact.
2. *Payload URL* is the address of the connection. *Content type* is ` + "`application/json`" + `; the form type is understood too.
3. *Secret* is a secret of the connection: at least 32 random characters.
4. Choose *Let me select individual events* and take the events of the table below. Others do no harm: they are listed as ignored.
5. GitHub sends a test at once. It is listed among the deliveries as ignored: the connection works.

GitHub does not repeat a delivery that failed. Send it again from *Recent deliveries* of the webhook, where GitHub keeps it for three days.

The source of the facts is ` + "`github:HOST`" + `, with the host that people open in the browser; an application claims them by its repository. People are never kept: of whoever acted only whether it was a program.

` + "```yaml" + `
connections:
  - name: github
    source: github
    secrets: ["${env:GITHUB_WEBHOOK_SECRET}"]
    settings:
      incident_labels: [incident, outage]
      deployments:
        workflows:
          - {workflow: deploy.yml, environment: production}
        releases: {environment: production}
` + "```"

// githubHeaders are kept with a delivery.
func githubHeaders() []string {
	return []string{
		githubEventHeader, githubDeliveryHeader, "X-Github-Hook-Id", "X-Github-Hook-Installation-Target-Type",
		"X-Github-Hook-Installation-Target-Id", "X-Github-Enterprise-Host", "User-Agent", "Content-Type",
	}
}

// githubReceiver reads the deliveries of one connection.
type githubReceiver struct{ settings githubSettings }

// Verify implements Receiver. The older signature, X-Hub-Signature with SHA-1,
// proves nothing and is not looked at.
func (*githubReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMAC(header.Get(githubSignature), "sha256=", raw, secrets)
}

// Identify implements Receiver.
func (*githubReceiver) Identify(header http.Header) (event, key string) {
	return header.Get(githubEventHeader), header.Get(githubDeliveryHeader)
}

// Parse implements Receiver.
func (r *githubReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	name := header.Get(githubEventHeader)
	if name == "" {
		return nil, evenkeel.FieldErrors{{Field: "X-GitHub-Event", Rule: "is missing; a proxy may have dropped it"}}
	}
	for _, event := range append(githubEvents(), githubAsked()...) {
		if event.name == name {
			return r.read(event, body)
		}
	}
	return nil, ignored("the event %s is not read", shortQuote(name))
}

func (r *githubReceiver) read(event githubEvent, body []byte) ([]evenkeel.Event, error) {
	d, err := newGithubDelivery(&r.settings, event, body)
	if err != nil {
		return nil, err
	}
	events, err := event.read(d)
	return d.judge(events, err)
}

// ignored says why a genuine delivery holds nothing of interest.
func ignored(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{evenkeel.ErrIgnored}, args...)...)
}

// githubEvent is how one event is read. Its name comes in a header that nobody
// signs, so the body itself must prove it: by members that it has and by
// members of other events that it lacks.
type githubEvent struct {
	name           string
	facts          string
	needs, without []string
	read           func(d *githubDelivery) ([]evenkeel.Event, error)
}

func githubEvents() []githubEvent {
	return []githubEvent{
		{
			"deployment", "a deployment: commit, ref, environment and start. It has no status before the first `deployment_status`",
			[]string{"deployment", "repository"},
			[]string{"deployment_status", "workflow_job", "since", "deployment_callback_url"},
			(*githubDelivery).deployment,
		},
		{
			"deployment_status", "status and end of a deployment. The first of `success`, `failure` and `error` is its outcome for good; `inactive` changes nothing",
			[]string{"deployment_status", "deployment", "repository"},
			nil, (*githubDelivery).deploymentStatus,
		},
		{
			"deployment_review", "evidence `deployment-review/ENVIRONMENT`, pass when approved, fail when rejected",
			[]string{"since", "workflow_run", "repository"},
			[]string{"deployment", "workflow_job"},
			(*githubDelivery).deploymentReview,
		},
		{
			"workflow_run", "a build per run and attempt; where `deployments.workflows` matches also a deployment",
			[]string{"workflow_run", "repository"},
			[]string{"deployment", "deployment_status", "since", "check_run", "workflow_job"},
			(*githubDelivery).workflowRun,
		},
		{
			"release", "a deployment, where `deployments.releases` is set; taken back when the release is deleted or unpublished",
			[]string{"release", "repository"},
			nil, (*githubDelivery).release,
		},
		{
			"push", "a commit with its parent and paths, where a branch went on by exactly one. Of longer pushes GitHub does not tell the parents",
			[]string{"ref", "before", "after", "commits", "repository"},
			nil, (*githubDelivery).push,
		},
		{
			"pull_request", "a change: state, times, head, base, size, labels, what it reverts, whether a person or a program opened it and which program; by whatever action",
			[]string{"pull_request", "number", "repository"},
			[]string{"review", "comment", "thread"},
			(*githubDelivery).pullRequest,
		},
		{
			"pull_request_review", "first review and approval of a change; not by its author, by bots or after the merge",
			[]string{"review", "pull_request", "repository"},
			[]string{"comment", "thread", "number"},
			(*githubDelivery).pullRequestReview,
		},
		{
			"issues", "an incident, where the issue carries a label of `incident_labels`; taken back when the label is",
			[]string{"issue", "repository"},
			[]string{"comment", "sub_issue", "parent_issue", "sub_issue_id", "parent_issue_id"},
			(*githubDelivery).issue,
		},
		{
			"ping", "nothing: it is GitHub's test of a new webhook",
			[]string{"zen", "hook_id"},
			nil,
			func(*githubDelivery) ([]evenkeel.Event, error) {
				return nil, ignored("the sender's test: the connection works")
			},
		},
	}
}

func githubEventNotes() []EventNote {
	var notes []EventNote
	for _, event := range githubEvents() {
		notes = append(notes, EventNote{Event: event.name, Facts: event.facts})
	}
	return notes
}

// githubBot says whether an actor is a program.
func (u githubUser) bot() bool {
	return u.Type == "Bot" || strings.HasSuffix(u.Login, "[bot]")
}

// githubUser is whoever did something. Nothing of it is kept but its kind.
type githubUser struct {
	ID    int64  `json:"id"`
	Login string `json:"login"`
	Type  string `json:"type"`
}

// kind is empty for an actor of whom nothing is known.
func (u *githubUser) kind() evenkeel.ActorKind {
	switch {
	case u == nil || u.Login == "" && u.Type == "":
		return ""
	case u.bot():
		return evenkeel.ActorBot
	}
	return evenkeel.ActorHuman
}
