package connectors

import (
	"encoding/json"
	"net/http"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	gitlabEventHeader = "X-Gitlab-Event"
	gitlabUUIDHeader  = "X-Gitlab-Event-Uuid"
	gitlabOnceHeader  = "Idempotency-Key"
	gitlabTokenHeader = "X-Gitlab-Token"
)

var _ = register(Source{
	Name:    "gitlab",
	Title:   "GitLab",
	Summary: "Deployments, pipelines, jobs, releases, tags, merge requests, reviews, incidents and feature flags of gitlab.com and of GitLab Self-Managed.",
	Setup:   gitlabSetup,
	MaxBody: 25 << 20,
	Headers: []string{
		gitlabEventHeader, gitlabUUIDHeader, gitlabOnceHeader, "X-Gitlab-Webhook-Uuid", "X-Gitlab-Instance",
		webhookID, webhookTimestamp, ArrivalHeader, "User-Agent", "Content-Type",
	},
	Arrival:  true,
	Settings: gitlabSettingNotes(),
	Events:   gitlabEventNotes(),
	Open: func(settings json.RawMessage) (Receiver, error) {
		read, err := readGitlabSettings(settings)
		if err != nil {
			return nil, err
		}
		return &gitlabReceiver{settings: read}, nil
	},
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		read, err := readGitlabSettings(settings)
		if err != nil || read.API == nil {
			return nil, err
		}
		return newGitlabPuller(read, o)
	},
})

const gitlabSetup = `1. In the settings of the project or the group (Premium) open *Webhooks* and add one; an administrator may make one system hook for the whole installation. Several may tell of one project: equal facts are one fact.
2. *URL* is the address of the connection.
3. *Signing token*: make one, and give it, with its ` + "`whsec_`" + `, to the connection as a secret. Where GitLab has none yet, write a secret of the connection, at least 32 random characters, into *Secret token*: it proves the sender and not the body, so let requests come by https only. The setting *require_signature* refuses it.
4. Choose the triggers of the table below: deployments, merge requests, comments, pipelines, releases, issues and work items with the confidential ones, feature flags. Others do no harm: they are listed as ignored.
5. *Test* sends the last real event of its kind again.

GitLab gives up on an address that refuses four deliveries; this one refuses none that is genuine.

With *api* GitLab is asked for the past and for what was lost; [a page of its own](connectors/gitlab.md) says how.

The source of the facts is ` + "`gitlab:HOST`" + `, with the host that people open in the browser; an application claims them by its repository, the path of the project. People are never kept: of whoever acted only whether it was a program.

An environment keeps its name, and the policy says which names are production. Where that is told by GitLab's tier, let *environments* name them by it:

` + "```yaml" + `
connections:
  - name: gitlab
    source: gitlab
    secrets: ["${env:GITLAB_WEBHOOK_SECRET}"]
    settings:
      environments:
        - {environment: production, name: production}
        - {tier: production, name: "production-{environment}"}
      deployments:
        jobs:
          - {job: "deploy*", environment: production}
` + "```"

// gitlabReceiver reads the deliveries of one connection.
type gitlabReceiver struct{ settings gitlabSettings }

// Verify implements Receiver. A delivery has a signature, a secret token, or
// both; with both one that fits is enough, because secrets are replaced one
// after the other.
func (r *gitlabReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	var err error
	if header.Get(webhookSignature) != "" || r.settings.RequireSignature {
		if err = verifyStandardWebhook(header, raw, secrets); err == nil || r.settings.RequireSignature {
			return err
		}
	}
	if header.Get(gitlabTokenHeader) == "" && err != nil {
		return err
	}
	return verifyKey(header.Get(gitlabTokenHeader), secrets)
}

// Identify implements Receiver. The key of an attempt stays when it is
// repeated; the id of the event is shared by all hooks that it fires.
func (*gitlabReceiver) Identify(header http.Header) (event, key string) {
	return header.Get(gitlabEventHeader), firstText(header.Get(gitlabOnceHeader), header.Get(gitlabUUIDHeader))
}

// Parse implements Receiver. The body itself says which event it is.
func (r *gitlabReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	d, kind, err := newGitlabDelivery(&r.settings, header, body)
	if err != nil {
		return nil, err
	}
	for _, event := range append(gitlabEvents(), gitlabAsked()...) {
		if event.kind != kind {
			continue
		}
		d.locate()
		if _, err := d.judge(nil, nil); err != nil {
			return nil, err
		}
		events, err := event.read(d)
		return d.judge(events, err)
	}
	return nil, ignored("the event %s is not read", shortQuote(kind))
}

// gitlabEvent is how one event is read.
type gitlabEvent struct {
	// name is that of the header, kind that of the body.
	name, kind, facts string
	read              func(d *gitlabDelivery) ([]evenkeel.Event, error)
}

func gitlabEvents() []gitlabEvent {
	const incident = "an incident, where its type is incident or it carries a label of `incident_labels`; taken back when neither holds"
	return []gitlabEvent{
		{"Deployment Hook", "deployment", "a deployment: commit, environment, start, and its outcome for good. Without the address of the commit its short id is kept as version", (*gitlabDelivery).deployment},
		{"Merge Request Hook", "merge_request", "a change: state, times, head, base, labels, what it reverts; by `approved` and `approval` its first review, by `approved` its approval, at the time of arrival. Not by its author or by bots", (*gitlabDelivery).mergeRequest},
		{"Note Hook", "note", "the first review of a change; not by its author, by bots or after the merge", (*gitlabDelivery).note},
		{"Pipeline Hook", "pipeline", "a build; child pipelines are part of their parent", (*gitlabDelivery).pipeline},
		{"Job Hook", "build", "a deployment, where `deployments.jobs` matches. Jobs with an environment are told by the deployment hook", (*gitlabDelivery).job},
		{"Release Hook", "release", "a deployment, where `deployments.releases` is set; taken back when the release is deleted", (*gitlabDelivery).release},
		{"Tag Push Hook", "tag_push", "a deployment at the time of arrival, where `deployments.tags` matches", (*gitlabDelivery).tagPush},
		{"Push Hook", "push", "nothing: GitLab tells neither the parents of commits nor whether a branch was moved by force", (*gitlabDelivery).push},
		{"Issue Hook", "issue", incident, (*gitlabDelivery).issue},
		{"Confidential Issue Hook", "issue", "the same", (*gitlabDelivery).issue},
		{"Work Item Hook", "work_item", "the same", (*gitlabDelivery).issue},
		{"Feature Flag Hook", "feature_flag", "a flag change at the time of arrival: turned on or off", (*gitlabDelivery).featureFlag},
		{"System Hook", "", "what the hook of its kind becomes", nil},
	}
}

func gitlabEventNotes() []EventNote {
	var notes []EventNote
	for _, event := range gitlabEvents() {
		notes = append(notes, EventNote{Event: event.name, Facts: event.facts})
	}
	return notes
}
