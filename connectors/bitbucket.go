package connectors

import (
	"encoding/json"
	"net/http"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	bitbucketName  = "bitbucket"
	bitbucketEvent = "X-Event-Key"
)

var _ = register(Source{
	Name:     bitbucketName,
	Title:    "Bitbucket",
	Summary:  "Pushes, pull requests and build statuses of Bitbucket Cloud and Data Center, and deployments by rules on builds.",
	Setup:    bitbucketSetup,
	Headers:  []string{bitbucketEvent, "X-Request-Uuid", "X-Hook-Uuid", "X-Attempt-Number", "X-Request-Id", "Content-Type", "User-Agent"},
	Settings: append([]Setting{{"host", "text", "the host of the repository's address", "Host of a Data Center that names no addresses, `bitbucket.acme.example`"}}, pipelineRuleNotes("Name of the build status, or its key", "")...),
	Events: []EventNote{
		{"repo:push", "commits with their parents, as far as Bitbucket lists them"},
		{"pullrequest:created", "a change: state, times, head and base; so do all other events of a pull request"},
		{"pullrequest:approved", "first review and approval of a change, unless by its author"},
		{"pullrequest:changes_request_created", "first review of a change, unless by its author"},
		{"pullrequest:unapproved", "nothing: an approval that is taken back was one all the same"},
		{"pullrequest:fulfilled", "the merge of a change"},
		{"pullrequest:rejected", "the end of a change without a merge"},
		{"repo:commit_status_created", "a build that runs or has ended; where a rule of *deployments* fits, also a deployment"},
		{"repo:commit_status_updated", "the same"},
		{"repo:refs_changed", "nothing yet: Data Center tells no parents of commits; import the repository with git"},
		{"pr:opened", "a change, as told by Data Center; so do all other events of a pull request"},
		{"pr:reviewer:approved", "first review and approval of a change, unless by its author"},
		{"pr:merged", "the merge of a change, with its commit"},
		{"pr:declined", "the end of a change without a merge"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openBitbucket(settings) },
})

const bitbucketSetup = `1. In the settings of the repository, or on Cloud of the workspace, open *Webhooks* and add one. The address is that of the connection, the secret a secret of the connection: at least 32 random characters.
2. Choose the events of the table below; others do no harm.
3. Bitbucket has no webhook for deployments. Say under *deployments* which builds deploy, by the name of the build status: with Pipelines that is the name of the pipeline.

Pull requests of Cloud name commits by their first 12 digits. The merge commit is therefore unknown to the change; the push and an import by git tell it. The source of the facts is ` + "`bitbucket:HOST`" + `; an application claims them by its repository, which on Data Center is ` + "`HOST/scm/PROJECT/NAME`" + `. People are never kept.

` + "```yaml" + `
connections:
  - name: bitbucket
    source: bitbucket
    secrets: ["${env:BITBUCKET_WEBHOOK_SECRET}"]
    settings:
      deployments:
        - {pipeline: "*deploy*", branch: main, environment: production}
` + "```"

type bitbucketReceiver struct {
	settings struct {
		Host        string         `json:"host"`
		Deployments []pipelineRule `json:"deployments"`
	}
}

func openBitbucket(text json.RawMessage) (*bitbucketReceiver, error) {
	r := &bitbucketReceiver{}
	if err := decodeSettings(text, &r.settings); err != nil {
		return nil, err
	}
	var c settingsCheck
	if host := r.settings.Host; host != "" && !gitHost.MatchString(host) {
		c.add("host", shortQuote(host)+" is not a host in lower case, such as bitbucket.acme.example")
	}
	checkPipelineRules(&c, r.settings.Deployments, false)
	return r, c.err()
}

// Verify implements Receiver. The header's name is that of an older kind of
// signature elsewhere; here it carries SHA-256.
func (*bitbucketReceiver) Verify(header http.Header, raw []byte, secrets []string) error {
	return verifyHMAC(header.Get("X-Hub-Signature"), "sha256=", raw, secrets)
}

// Identify implements Receiver.
func (*bitbucketReceiver) Identify(header http.Header) (event, key string) {
	return header.Get(bitbucketEvent), firstText(header.Get("X-Request-Uuid"), header.Get("X-Request-Id"))
}

// Parse implements Receiver. Nobody signs the header with the event, so the
// members of the body decide what it is.
func (r *bitbucketReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	read, err := readPayload("Bitbucket", bitbucketName, body)
	if err != nil {
		return nil, err
	}
	d := &bitbucketDelivery{payload: read, receiver: r}
	has := func(name string) bool { return d.members[name] != nil }
	switch {
	case has("push"):
		return d.judge(d.push())
	case has("commit_status"):
		return d.judge(d.status(), nil)
	case header.Get(bitbucketEvent) == "pullrequest:unapproved":
		return nil, ignored("an approval that is taken back was one all the same")
	case has("pullrequest"):
		return d.judge(d.pull())
	case has("pullRequest"):
		return d.judge(d.centerPull())
	case has("changes") && has("repository"):
		return nil, ignored("a push of Data Center, which does not tell the parents of commits; import the repository with git, or send its commits to the API")
	case has("test"):
		return nil, ignored("the sender's test: the connection works")
	}
	return nil, ignored("the event %s is not read", shortQuote(header.Get(bitbucketEvent)))
}
