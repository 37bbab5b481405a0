package connectors

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
)

const (
	jenkinsName       = "jenkins"
	jenkinsBuildEvent = "build"
	// jenkinsHistory is how much of the past is read where nothing is written.
	jenkinsHistory = "365d"
)

var _ = register(Source{
	Name:     jenkinsName,
	Title:    "Jenkins",
	Summary:  "Builds of Jenkins, asked for over its JSON interface, and builds that you name as deployments.",
	Setup:    jenkinsSetup,
	Headers:  []string{"Content-Type", "User-Agent"},
	Settings: jenkinsSettingNotes(),
	Events: []EventNote{
		{jenkinsBuildEvent, "a build of the commit that was checked out; where a rule of *deployments* fits, also a deployment"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openJenkins(settings) },
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		read, err := readJenkinsSettings(settings)
		if err != nil || read.API == nil {
			return nil, err
		}
		return newJenkinsClient(read, o)
	},
})

const jenkinsSetup = `1. In Jenkins make a user of its own with the permissions *Overall/Read* and *Job/Read*, and an API token for it (*Security*, *API Token*).
2. State the connection in the configuration: Jenkins is asked, it sends nothing, so *secrets* may be empty. The address may have a path, such as ` + "`https://ci.example.com/jenkins/`" + `.
3. Say under *jobs* what is read, and under *deployments* which jobs deploy, and where to. ` + "`evenkeel connection test jenkins -f FILE`" + ` tells what was found.

A build tells its commit by what it has checked out with the git plug-in. One that checks out several repositories, a shared library among them, says which is its own by the setting *repositories*; until then it is listed as ignored, and can be replayed. How long a build has waited is known where the plug-in *Metrics* is installed. Of people nothing is asked for; what started a build only says whether it was a person.

The source of the facts is ` + "`jenkins:HOST/PATH`" + `, or the setting *instance*. An application claims builds by their repository, and deployments by that or by the origin ` + "`jenkins:HOST/PATH/JOB`" + `. [jenkins.md](connectors/jenkins.md) says what Jenkins does not tell, and how a pipeline tells by itself.

` + "```yaml" + `
connections:
  - name: jenkins
    source: jenkins
    secrets: []
    settings:
      api:
        url: https://ci.example.com/jenkins/
        user: evenkeel
        token: ${env:JENKINS_TOKEN}
        jobs: [acme]
      repositories: ["github.com/acme/*"]
      deployments:
        - {pipeline: acme/deploy-production, environment: production}
        - {pipeline: acme/checkout, branch: main, environment: staging}
` + "```"

// jenkinsSettings is what an operator may write for a connection.
type jenkinsSettings struct {
	Instance     string         `json:"instance"`
	Unstable     string         `json:"unstable"`
	Repositories []string       `json:"repositories"`
	Deployments  []pipelineRule `json:"deployments"`
	API          *jenkinsAPI    `json:"api"`
}

// jenkinsAPI says how Jenkins is asked.
type jenkinsAPI struct {
	URL     string   `json:"url"`
	User    string   `json:"user"`
	Token   string   `json:"token"`
	Jobs    []string `json:"jobs"`
	History string   `json:"history"`
}

func jenkinsSettingNotes() []Setting {
	return append([]Setting{
		{"api.url", "address", "none: Jenkins is not asked", "Address of Jenkins, as in its own settings, with a path if it has one"},
		{"api.user", "text", "required with api", "Name of the user whose token it is"},
		{"api.token", "reference", "required with api", "API token of the user, as `${env:NAME}` or `${file:/path}`"},
		{"api.jobs", "list of globs", "required with api", "Full names of jobs to read, `acme/checkout`. A folder, multibranch project or organisation stands for all that lies below it; `*` is everything, and does not match a `/`"},
		{"api.history", "duration", "`" + jenkinsHistory + "`", "How much of the past is read at first"},
		{"instance", "text", "host and path of api.url", "Name of the Jenkins in source and origin; different for every one"},
		{"repositories", "list of globs", "the only one", "Which of the repositories that a build checks out it builds, the first that fits; `github.com/acme/*`. Others that fit belong to a deployment too, those that do not fit are left out"},
		{"unstable", "`failure`, `success`", "`failure`", "What a build is that ended UNSTABLE, with failed tests"},
	}, pipelineRuleNotes("Full name of the job, `acme/deploy`; of a multibranch project without the branch. `*` does not match a `/`", "")...)
}

func readJenkinsSettings(text json.RawMessage) (jenkinsSettings, error) {
	s := jenkinsSettings{Unstable: "failure"}
	if err := decodeSettings(text, &s); err != nil {
		return s, err
	}
	var c settingsCheck
	c.instance("instance", s.Instance)
	if s.Unstable != "failure" && s.Unstable != "success" {
		c.add("unstable", shortQuote(s.Unstable)+" is neither failure nor success")
	}
	for i, glob := range s.Repositories {
		at := "repositories[" + strconv.Itoa(i) + "]"
		c.required(at, glob)
		c.glob(at, glob)
	}
	checkPipelineRules(&c, s.Deployments, false)
	if s.API != nil {
		s.API.complete(&c)
	}
	return s, c.err()
}

// complete fills in what is not written, and checks the rest.
func (a *jenkinsAPI) complete(c *settingsCheck) {
	if a.History == "" {
		a.History = jenkinsHistory
	}
	c.address("api.url", a.URL, "https://ci.example.com/jenkins/")
	c.required("api.user", a.User)
	if strings.Contains(a.User, ":") {
		c.add("api.user", "holds a colon, which no name of a user may")
	}
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	if len(a.Jobs) == 0 {
		c.add("api.jobs", "is empty; name at least one job or folder, or * for everything")
	}
	for i, glob := range a.Jobs {
		at := "api.jobs[" + strconv.Itoa(i) + "]"
		c.required(at, glob)
		c.glob(at, glob)
		if strings.Count(glob, "/") >= jenkinsDepth {
			c.add(at, "is nested deeper than "+strconv.Itoa(jenkinsDepth)+" folders, which are not read")
		}
	}
}

// reads says whether a job is to be read: by its own name, or by that of
// something that it lies in.
func (a *jenkinsAPI) reads(name string) bool {
	for at := range len(name) + 1 {
		if at < len(name) && name[at] != '/' {
			continue
		}
		for _, glob := range a.Jobs {
			if fits, err := path.Match(glob, name[:at]); err == nil && fits {
				return true
			}
		}
	}
	return false
}

// jenkinsReceiver reads what Jenkins was asked for.
type jenkinsReceiver struct{ settings jenkinsSettings }

func openJenkins(text json.RawMessage) (*jenkinsReceiver, error) {
	s, err := readJenkinsSettings(text)
	return &jenkinsReceiver{settings: s}, err
}

// Verify implements Receiver: Jenkins signs nothing.
func (*jenkinsReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver.
func (*jenkinsReceiver) Identify(http.Header) (event, key string) { return jenkinsBuildEvent, "" }

// jenkinsPlace is host and path of an address; empty if it is none.
func jenkinsPlace(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || len(u.Host)+len(u.Path) > 200 {
		return ""
	}
	return strings.Trim(strings.ToLower(u.Host)+u.Path, "/")
}
