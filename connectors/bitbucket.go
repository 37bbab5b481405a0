package connectors

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	bitbucketName  = "bitbucket"
	bitbucketEvent = "X-Event-Key"
)

var _ = register(Source{
	Name:     bitbucketName,
	Title:    "Bitbucket",
	Summary:  "Pushes, pull requests and build statuses of Bitbucket Cloud and Data Center, and deployments by rules on builds; Cloud is also asked.",
	Setup:    bitbucketSetup,
	Headers:  []string{bitbucketEvent, "X-Request-Uuid", "X-Hook-Uuid", "X-Attempt-Number", "X-Request-Id", "Content-Type", "User-Agent"},
	Settings: bitbucketSettingNotes(),
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
		{bitbucketPullEvent, "a change as Cloud tells it when asked, with its commits, reviews and merge commit"},
		{bitbucketDeploymentEvent, "a deployment of Pipelines as Cloud tells it when asked, unless a rule of *deployments* may fit its repository"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openBitbucket(settings) },
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		r, err := openBitbucket(settings)
		if err != nil || r.settings.API == nil {
			return nil, err
		}
		return newBitbucketClient(r.settings, o)
	},
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
` + "```" + `

Cloud can also be [asked](#asking-the-vendor): for the commits of the main branch, pull requests with their commits and reviews, build statuses of all commits that Pipelines has run on, and the deployments of Pipelines. Give it a workspace or repository access token with the scopes ` + "`repository`, `pullrequest` and `pipeline`" + ` (read), or an API token with ` + "`read:repository:bitbucket`, `read:pullrequest:bitbucket` and `read:pipeline:bitbucket`" + ` together with the e-mail address of its account as *user*. An app password goes with the user name. Data Center is not asked.

` + "```yaml" + `
connections:
  - name: bitbucket
    source: bitbucket
    secrets: ["${env:BITBUCKET_WEBHOOK_SECRET}"]
    settings:
      api:
        token: ${env:BITBUCKET_TOKEN}
        repositories: [acme/*]
      environments: {Production: production}
` + "```" + `

Bitbucket allows about a thousand calls in an hour: 90 days of a busy repository take some hours to read, the newest first. Where a rule of *deployments* may fit a repository, the deployments of Pipelines are not read there, because they would count twice; name repositories in rules to have both.

A repository that is renamed keeps its history: its facts go on under the name that it had when Bitbucket was first asked, told by webhook or asked for, and applications and rules go on naming it so. The connection and ` + "`connection test`" + ` say which these are. Another repository under a name that became free is kept as ` + "`acme/checkout~ID`" + `. One that moved to another workspace has to be named in *api.repositories* anew. Where Bitbucket is never asked, as with Data Center, write the first names into the setting *names*; of Data Center that is ` + "`scm/project/name`" + ` by the number of the repository.`

// bitbucketSettings is what an operator may write for a connection.
type bitbucketSettings struct {
	Host         string            `json:"host"`
	Deployments  []pipelineRule    `json:"deployments"`
	Environments map[string]string `json:"environments"`
	API          *bitbucketAPI     `json:"api"`
	// Names are the paths under which repositories are kept.
	Names repositoryNames `json:"names"`
}

// bitbucketAPI says how Cloud is asked for what its webhooks have not told.
type bitbucketAPI struct {
	URL          string   `json:"url"`
	User         string   `json:"user"`
	Token        string   `json:"token"`
	Repositories []string `json:"repositories"`
	History      string   `json:"history"`
}

func bitbucketSettingNotes() []Setting {
	return append(append([]Setting{
		{"host", "text", "the host of the repository's address", "Host of a Data Center that names no addresses, `bitbucket.acme.example`"},
		{"environments", "texts by text", "as they are", "Translates the environments of deployments of Pipelines"},
		namesNote("Bitbucket", "workspace/name"),
	}, pipelineRuleNotes("Name of the build status, or its key", "")...),
		Setting{"api.token", "reference", "none: Bitbucket is not asked", "Token that may read repositories, pull requests and pipelines, as `${env:NAME}` or `${file:/path}`"},
		Setting{"api.user", "text", "none: the token stands alone", "E-mail address to which an API token belongs, or user name of an app password"},
		Setting{"api.repositories", "list", "required with a token", "Repositories to read, `workspace/name`; `acme/*` stands for those of acme that the token can see"},
		Setting{"api.history", "duration", "`" + pipelineHistory + "`", "How much of the past is read at first"},
		Setting{"api.url", "address", "`" + bitbucketPublic + "`", "Address of the interface"},
	)
}

// complete fills in what is not written, and checks the rest.
func (a *bitbucketAPI) complete(c *settingsCheck) {
	a.URL, a.History = firstText(a.URL, bitbucketPublic), firstText(a.History, pipelineHistory)
	c.address("api.url", a.URL, bitbucketPublic)
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	if len(a.Repositories) == 0 {
		c.add("api.repositories", "is empty; name at least one, acme/checkout, or acme/* for all of acme")
	}
	for i, name := range a.Repositories {
		at := "api.repositories[" + strconv.Itoa(i) + "]"
		workspace, _, _ := strings.Cut(name, "/")
		if c.glob(at, name); !githubRepository.MatchString(name) || strings.ContainsAny(workspace, "*?[") {
			c.add(at, shortQuote(name)+" is not workspace/name, such as acme/checkout, or acme/* for all of acme")
		}
	}
}

type bitbucketReceiver struct{ settings bitbucketSettings }

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
	for name, environment := range r.settings.Environments {
		c.required("environments["+shortQuote(name)+"]", environment)
	}
	r.settings.Names.check(c.add, func(id, name string) bool {
		return vendorID.MatchString(id) && keptPath.MatchString(name)
	}, "is not the id of a repository, without braces, with the workspace/name under which it is kept")
	if r.settings.API != nil {
		r.settings.API.complete(&c)
	}
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
	case has("pullrequest") && has("activity"):
		return d.judge(d.askedPull())
	case has("pullrequest"):
		return d.judge(d.pull())
	case has("deployment"):
		return d.judge(d.deployment())
	case has("pullRequest"):
		return d.judge(d.centerPull())
	case has("changes") && has("repository"):
		return nil, ignored("a push of Data Center, which does not tell the parents of commits; import the repository with git, or send its commits to the API")
	case has("test"):
		return nil, ignored("the sender's test: the connection works")
	}
	return nil, ignored("the event %s is not read", shortQuote(header.Get(bitbucketEvent)))
}
