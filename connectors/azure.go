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
		{azureAskedPull, "a change as Azure DevOps tells it when asked, with its commits and reviews"},
		{azureAskedDeployment, "a deployment to an environment of pipelines, told when asked; none where a rule of *deployments* fits its stage or run"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openAzure(settings) },
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		r, err := openAzure(settings)
		if err != nil || r.settings.API == nil {
			return nil, err
		}
		return newAzureClient(r.settings, o)
	},
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
` + "```" + `

Azure DevOps can also be [asked](#asking-the-vendor): for pull requests with their commits and reviews, builds, stages where a rule of *deployments* may fit them, deployments to environments of pipelines, and deployments of classic releases. Give it a personal access token with the scopes *Code (read)*, *Build (read)*, *Environment (read & manage)*, which Azure DevOps has no narrower form of, and *Release (read)*; lists that the token may not read are left out. With *bearer*, the token is one of Microsoft Entra.

` + "```yaml" + `
connections:
  - name: azure
    source: azure-devops
    secrets: ["${env:AZURE_HOOK_PASSWORD}"]
    settings:
      organisation: acme
      api:
        token: ${env:AZURE_TOKEN}
        projects: [Payments]
` + "```" + `

Where a rule fits a stage or its run, the deployments of that run to environments are not counted again. Builds are listed by when they were queued: of a stage that is run again long after its build had ended only the service hook tells. Builds that Azure DevOps has deleted leave deployments without a commit.

A repository that is renamed, or whose project or organisation is, keeps its history: its facts go on under the name that it had when Azure DevOps was first asked, told by service hook or asked for, and applications and rules go on naming it so. The connection and ` + "`connection test`" + ` say which these are. Another repository under a name that became free is kept as ` + "`dev.azure.com/acme/payments/_git/checkout~ID`" + `. A project that *api.projects* names without a pattern is read on under its new name. When the organisation is renamed, leave *organisation* as it is and write the new address into *api.url*. Service hooks tell stages without the id of their repository: those of the first minutes after a renaming, before Azure DevOps is asked again, may carry the new name. Where it is never asked, write the first names into the setting *names*: by the id of the repository, and for stages also by its present name.`

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
	r.settings.Names.check(c.add, azureNameFits, "is not the id or the present name of a repository with the host/path under which it is kept")
	if r.settings.API != nil {
		r.settings.API.complete(&c, r.settings.Organisation)
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
		azureAskedPull: d.askedPull, azureAskedDeployment: d.askedDeployment,
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
