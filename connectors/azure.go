package connectors

import (
	"encoding/json"
	"net/http"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	azureName     = "azure-devops"
	azureBuild    = "build.complete"
	azureStage    = "ms.vss-pipelines.stage-state-changed-event"
	azureStarted  = "ms.vss-release.deployment-started-event"
	azureReleased = "ms.vss-release.deployment-completed-event"
	azureOpened   = "git.pullrequest.created"
	azureUpdated  = "git.pullrequest.updated"
	azureMerged   = "git.pullrequest.merged"
)

var _ = register(Source{
	Name:     azureName,
	Title:    "Azure DevOps",
	Summary:  "Builds, stages, classic releases and pull requests of Azure DevOps Services and Server, by service hooks.",
	Setup:    azureSetup,
	Headers:  []string{"Content-Type", "User-Agent", "X-Vss-Activityid", "X-Vss-Subscriptionid"},
	Settings: azureSettingNotes(),
	Events: []EventNote{
		{azureBuild, "a build; where a rule of *deployments* without a job fits, also a deployment"},
		{azureStage, "a deployment, where a rule of *deployments* fits the stage as its job"},
		{azureStarted, "a deployment of a classic release that runs"},
		{azureReleased, "the outcome of a deployment of a classic release"},
		{azureOpened, "a change: state, times, head and base"},
		{azureUpdated, "the same; an abandoned request is closed"},
		{azureMerged, "the merge of a change, once it is completed"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openAzure(settings) },
})

const azureSetup = `1. In the project's settings open *Service hooks*, and create a subscription of *Web Hooks* for each event of the table below. The address is that of the connection.
2. Azure DevOps does not sign. Give a user name of your choice and a secret of the connection as *Basic authentication password*: at least 32 random characters. It proves the sender, not the body: let deliveries come by https only.
3. Let *Resource details to send* be *All*, and the version of ` + "`build.complete`" + ` 2.0: others leave out repository and commit.
4. Say under *deployments* which stages of YAML pipelines deploy, and where to. Classic releases name their environment themselves; *environments* translates it.

A stage that failed and is run again is one deployment that succeeds later, because Azure DevOps does not number the attempts of a stage. Only the first success counts. Events of a stage hold no times of the stage, so those of the events are taken; many do not tell the branch either, and a rule that asks for one does not fit then. Votes on a pull request carry no time and are not read. The source of the facts is ` + "`azure-devops:ORGANISATION`" + `; an application claims them by its repository, ` + "`dev.azure.com/ORGANISATION/PROJECT/_git/NAME`" + `. People are never kept.

` + "```yaml" + `
connections:
  - name: azure
    source: azure-devops
    secrets: ["${env:AZURE_HOOK_PASSWORD}"]
    settings:
      organisation: acme
      deployments:
        - {pipeline: checkout, job: production, environment: production}
      environments: {Prod: production}
` + "```"

// azureSettings is what an operator may write for a connection.
type azureSettings struct {
	Organisation string            `json:"organisation"`
	Deployments  []pipelineRule    `json:"deployments"`
	Environments map[string]string `json:"environments"`
}

func azureSettingNotes() []Setting {
	return append([]Setting{
		{"organisation", "text", "none", "Organisation or collection, for the name of the source; different for every one"},
		{"environments", "texts by text", "as they are", "Translates the environments of classic releases"},
	}, pipelineRuleNotes("Name of the pipeline", "Name of the stage; with it, stages are deployments instead of builds")...)
}

type azureReceiver struct {
	settings azureSettings
	source   string
}

func openAzure(text json.RawMessage) (*azureReceiver, error) {
	r := &azureReceiver{source: azureName}
	if err := decodeSettings(text, &r.settings); err != nil {
		return nil, err
	}
	var c settingsCheck
	c.instance("organisation", r.settings.Organisation)
	checkPipelineRules(&c, r.settings.Deployments, true)
	for name, environment := range r.settings.Environments {
		c.required("environments["+shortQuote(name)+"]", environment)
	}
	if r.settings.Organisation != "" {
		r.source += ":" + r.settings.Organisation
	}
	return r, c.err()
}

// Verify implements Receiver: the secret comes as a password.
func (*azureReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver: the body names the event, see EventIn.
func (*azureReceiver) Identify(http.Header) (event, key string) { return "", "" }

// EventIn implements EventNamer.
func (r *azureReceiver) EventIn(body []byte) string {
	read, err := readPayload("Azure DevOps", r.source, body)
	if err != nil {
		return ""
	}
	var event string
	read.into("eventType", &event)
	return event
}

// Parse implements Receiver.
func (r *azureReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	read, err := readPayload("Azure DevOps", r.source, body)
	if err != nil {
		return nil, err
	}
	d := &azureDelivery{payload: read, settings: &r.settings}
	var event, created string
	d.into("eventType", &event)
	d.into("createdDate", &created)
	d.text("eventType", event)
	parse, known := map[string]func() ([]evenkeel.Event, error){
		azureBuild: d.build, azureStage: d.stage, azureStarted: d.released, azureReleased: d.released,
		azureOpened: d.pull, azureUpdated: d.pull, azureMerged: d.pull,
	}[event]
	if !known && event != "" {
		return nil, ignored("the event %s is not read", shortQuote(event))
	}
	d.name, d.at = event, d.instant("createdDate", created)
	if len(d.problems.list) > 0 {
		return d.judge(nil, nil)
	}
	return d.judge(parse())
}
