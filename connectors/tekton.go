package connectors

import (
	stdjson "encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const tektonName = "tekton"

var _ = register(Source{
	Name:     tektonName,
	Title:    "Tekton",
	Summary:  "Pipeline runs and task runs of Tekton by its CloudEvents: builds, and runs that you name as deployments.",
	Setup:    tektonSetup,
	Headers:  append(cloudHeaders(), "User-Agent"),
	Settings: tektonSettingNotes(),
	Events:   tektonEventNotes(),
	Open:     func(settings stdjson.RawMessage) (Receiver, error) { return openTekton(settings) },
})

const tektonSetup = `1. Make a connection. Its secret is a key of at least 32 random letters and digits.
2. Tekton signs nothing and sends no header of yours, so the key stands in the address, as the password: ` + "`https://evenkeel:KEY@evenkeel.example.com/hooks/tekton/ID`" + `. Tekton sends it as basic authentication; let requests come by https only, and let few people read the ConfigMap.
3. Put the address into ` + "`deploy/tekton/config-events.yaml`" + ` and apply it. With the Tekton Operator it is ` + "`default-cloud-events-sink`" + ` of *TektonConfig*.
4. Say under *deployments* which pipelines deploy, or which tasks of them, and where to.

Kubernetes knows nothing of your commits: a run tells them by its results and parameters, under the names of the settings. Results count before parameters, because they say what was checked out; Pipelines-as-Code tells both by its annotations. A value counts as a commit only if it is a full commit id.

The source of the facts is ` + "`tekton`" + `, or ` + "`tekton:CLUSTER`" + `. An application claims builds by their repository, and deployments by that or by the origin ` + "`tekton:NAMESPACE/PIPELINE`" + `. [tekton.md](connectors/tekton.md) shows a pipeline, and says when CDEvents are the better way.

` + "```yaml" + `
connections:
  - name: tekton
    source: tekton
    secrets: ["${env:TEKTON_KEY}"]
    settings:
      cluster: prod-eu
      deployments:
        - {pipeline: ci/release, job: deploy-*, environment: production}
        - {pipeline: ci/deploy-staging, environment: staging}
` + "```"

// tektonSettings is what an operator may write for a connection.
type tektonSettings struct {
	Cluster         string         `json:"cluster"`
	CommitNames     []string       `json:"commit_names"`
	RepositoryNames []string       `json:"repository_names"`
	Deployments     []pipelineRule `json:"deployments"`
}

func tektonSettingNotes() []Setting {
	s := tektonDefaults()
	quoted := func(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
	return append([]Setting{
		{"cluster", "text", "none", "Name of the cluster in source and origin; different for every one"},
		{"commit_names", "list of texts", quoted(s.CommitNames), "Results and parameters that hold the commit, the first that has one"},
		{"repository_names", "list of texts", quoted(s.RepositoryNames), "Results and parameters that hold the address of the repository, the first that has one"},
	}, pipelineRuleNotes("Name of the pipeline behind that of its namespace, `ci/release`; of a task that runs alone, that of the task. `*` does not match a `/`", "Name of the task within the pipeline; with it, task runs are deployments instead of pipeline runs")...)
}

func tektonDefaults() tektonSettings {
	return tektonSettings{
		CommitNames:     []string{"CHAINS-GIT_COMMIT", "commit", "commit-sha", "git-commit", "git-revision", "revision", "sha"},
		RepositoryNames: []string{"CHAINS-GIT_URL", "repo-url", "git-url", "repository", "url"},
	}
}

// tektonEventNotes describes the events as Identify names them.
func tektonEventNotes() []EventNote {
	const build = "a build; where a rule of *deployments* without a job fits, also a deployment"
	const job = "a deployment, where a rule of *deployments* with a job fits; of a task that is part of no pipeline, as of a pipeline run"
	return []EventNote{
		{"pipelinerun.started", build},
		{"pipelinerun.running", "the same"},
		{"pipelinerun.unknown", "the same"},
		{"pipelinerun.successful", "the same, with its end"},
		{"pipelinerun.failed", "the same; one that was cancelled is told so by its reason"},
		{"taskrun.started", job},
		{"taskrun.running", "the same"},
		{"taskrun.unknown", "the same"},
		{"taskrun.successful", "the same, with its end"},
		{"taskrun.failed", "the same"},
		{"customrun.successful", "nothing: custom tasks say of themselves what they please"},
	}
}

// tektonReceiver reads the deliveries of one connection.
type tektonReceiver struct {
	settings tektonSettings
	source   string
}

func openTekton(text stdjson.RawMessage) (*tektonReceiver, error) {
	r := &tektonReceiver{settings: tektonDefaults(), source: tektonName}
	if err := decodeSettings(text, &r.settings); err != nil {
		return nil, err
	}
	var c settingsCheck
	c.instance("cluster", r.settings.Cluster)
	for name, list := range map[string][]string{"commit_names": r.settings.CommitNames, "repository_names": r.settings.RepositoryNames} {
		for i, one := range list {
			c.required(name+"["+strconv.Itoa(i)+"]", one)
		}
	}
	checkPipelineRules(&c, r.settings.Deployments, true)
	if r.settings.Cluster != "" {
		r.source += ":" + r.settings.Cluster
	}
	return r, c.err()
}

// Verify implements Receiver: the key comes as a password, or as a bearer token
// where something stands between.
func (*tektonReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver. Structured events are named by EventIn.
func (*tektonReceiver) Identify(header http.Header) (event, key string) {
	event, key = identifyCloudEvent(header)
	return tektonEvent(event), key
}

// EventIn implements EventNamer.
func (*tektonReceiver) EventIn(body []byte) string {
	events, err := readCloudEvents(http.Header{}, body)
	if err != nil || len(events) == 0 {
		return ""
	}
	return tektonEvent(events[0].Type)
}

// tektonEvent is a type without what all types have, "pipelinerun.failed".
func tektonEvent(kind string) string {
	return strings.TrimSuffix(strings.TrimPrefix(kind, "dev.tekton.event."), ".v1")
}

// Parse implements Receiver. Of a batch all that tells something is recorded,
// if none of it is wrong.
func (r *tektonReceiver) Parse(header http.Header, body []byte) ([]evenkeel.Event, error) {
	list, err := readCloudEvents(header, body)
	if err != nil {
		return nil, err
	}
	return readEach(list, r.one)
}
