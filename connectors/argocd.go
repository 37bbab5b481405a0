package connectors

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	argoName    = "argocd"
	argoEvent   = "operation"
	argoHealthy = "healthy"
	argoSynced  = "synced"
)

var _ = register(Source{
	Name:     argoName,
	Title:    "Argo CD",
	Summary:  "Deployments of Argo CD, rollbacks among them, from the image that runs back to the application's commit.",
	Setup:    argoSetup,
	Headers:  []string{"Content-Type", "User-Agent"},
	Settings: argoSettingNotes(),
	Events: []EventNote{
		{argoEvent, "a deployment for each sync of an application, whatever its revision: a rollback and a repeated sync are deployments too. Where an image's tag names the commit, also an artifact"},
	},
	Open: func(settings json.RawMessage) (Receiver, error) { return openArgo(settings) },
	Pull: func(settings json.RawMessage, o Outside) (Puller, error) {
		read, err := openArgo(settings)
		if err != nil || read.settings.API == nil {
			return nil, err
		}
		return newArgoClient(read.settings, o)
	},
})

const argoSetup = `1. Make a connection of this source with a secret of at least 32 random characters.
2. Put the address of the connection into ` + "`deploy/argocd/notifications.yaml`" + `, and the secret into the secret ` + "`argocd-notifications-secret`" + ` of Argo CD's namespace under the key ` + "`evenkeel-key`" + `. Apply the file, or merge it into the ` + "`argocd-notifications-cm`" + ` that you have.
3. Subscribe all applications with the ` + "`subscriptions`" + ` of that file, or one by the annotation ` + "`notifications.argoproj.io/subscribe.evenkeel.evenkeel: \"\"`" + `.
4. Say which environment an application deploys to: by the label ` + "`evenkeel.dev/environment`" + ` on the Application, or by *places*.

The triggers that Argo CD brings along fire once per revision, so that going back to an earlier one stays unknown; ours fire once per sync. The key comes in a header and proves the sender, not the body: let deliveries come by https only.

**When a deployment ends.** A sync that failed is a failed deployment. One that succeeded is a success once the application is healthy, or a failure if it becomes degraded first; with *until: synced* it is one at once. Argo CD's health is looked at only after it was taken anew behind the sync. What becomes of the health later changes no deployment. Dry runs, syncs of chosen resources and self-healing are no deployments: Argo CD keeps them out of its history too.

**Which commit.** The revision is that of the repository with the manifests. The application's own commit follows from the image: the deployment names its digest, else ` + "`name:tag`" + `, and a build tells which commit that is, by an [artifact event](events.md#artifact) with the same text. A tag that ends with a full commit id needs no such event if *images* names the repository. Tags that move, such as ` + "`latest`" + `, name nothing. [argocd.md](connectors/argocd.md) shows both ways.

**The past.** With *api* Evenkeel asks for the history of every Application, which holds the last ten syncs that succeeded, and for a last one that failed; from the configuration only. The account needs no more than ` + "`p, role:evenkeel, applications, get, */*, allow`" + `. The history does not say what became of the health: a sync that it names is a success at its end, unless a notification knows better. What notification and history tell is one deployment.

The source of the facts is ` + "`argocd:HOST`" + `, with the host of Argo CD's address or the setting *instance*. Their origin is ` + "`argocd:HOST/NAME`" + `, or ` + "`argocd:HOST/NAMESPACE/NAME`" + ` outside the namespace argocd; by that, by the label ` + "`evenkeel.dev/application`" + ` or by the repository of the manifests they belong to an application.

` + "```yaml" + `
connections:
  - name: argocd
    source: argocd
    secrets: ["${env:ARGOCD_KEY}"]
    settings:
      api: {url: https://argocd.example.com/, token: "${env:ARGOCD_TOKEN}"}
      places:
        - {namespace: "*-prod", environment: production}
        - {namespace: "*-staging", environment: staging}
      images:
        - {image: ghcr.io/acme/checkout, repository: github.com/acme/checkout}
` + "```"

// argoSettings is what an operator may write for a connection.
type argoSettings struct {
	Instance         string      `json:"instance"`
	Until            string      `json:"until"`
	EnvironmentLabel string      `json:"environment_label"`
	ApplicationLabel string      `json:"application_label"`
	Places           []argoPlace `json:"places"`
	Images           []imageRule `json:"images"`
	API              *argoAPI    `json:"api"`
}

// argoAPI says how Argo CD is asked.
type argoAPI struct {
	URL      string   `json:"url"`
	Token    string   `json:"token"`
	Projects []string `json:"projects"`
}

// argoPlace says what an Application of Argo CD deploys, and where to.
type argoPlace struct {
	Project     string `json:"project"`
	Cluster     string `json:"cluster"`
	Namespace   string `json:"namespace"`
	Name        string `json:"name"`
	Environment string `json:"environment"`
	Application string `json:"application"`
}

func argoSettingNotes() []Setting {
	return append([]Setting{
		{"api.url", "address", "none: Argo CD is not asked", "Address of Argo CD, as its users open it"},
		{"api.token", "reference", "required with api", "Token of an account that may get applications, as `${env:NAME}` or `${file:/path}`"},
		{"api.projects", "list of texts", "all that the account may see", "Projects whose Applications are read"},
		{"instance", "text", "the host of Argo CD's address", "Name of the Argo CD in source and origin; different for every one"},
		{"until", "`healthy`, `synced`", "`healthy`", "When a sync that succeeded is a deployment: once the application is healthy, or at once. Take `synced` for applications that never become healthy"},
		{"environment_label", "text", "`evenkeel.dev/environment`", "Label of the Application that names the environment; it goes before *places*"},
		{"application_label", "text", "`evenkeel.dev/application`", "Label of the Application that names the application here; it goes before *places*"},
		{"places", "list", "none", "Rules that say environment and application; the first that fits counts, and each part that it leaves out fits everything"},
		{"places[].project", "glob", "any", "Project of Argo CD"},
		{"places[].cluster", "glob", "any", "Destination cluster, by name or by address"},
		{"places[].namespace", "glob", "any", "Destination namespace"},
		{"places[].name", "glob", "any", "Name of the Application"},
		{"places[].environment", "text", "unclassified", "Environment that it deploys to"},
		{"places[].application", "slug", "by claims", "Application that it deploys"},
	}, imageSettingNotes()...)
}

// argoReceiver reads the deliveries of one connection.
type argoReceiver struct{ settings argoSettings }

func openArgo(text json.RawMessage) (*argoReceiver, error) {
	s := argoSettings{Until: argoHealthy, EnvironmentLabel: "evenkeel.dev/environment", ApplicationLabel: "evenkeel.dev/application"}
	if err := decodeSettings(text, &s); err != nil {
		return nil, err
	}
	var c settingsCheck
	c.instance("instance", s.Instance)
	if s.Until != argoHealthy && s.Until != argoSynced {
		c.add("until", shortQuote(s.Until)+" is neither healthy nor synced")
	}
	for i, place := range s.Places {
		at := "places[" + strconv.Itoa(i) + "]."
		for name, glob := range map[string]string{"project": place.Project, "cluster": place.Cluster, "namespace": place.Namespace, "name": place.Name} {
			c.glob(at+name, glob)
		}
		c.slug(at+"application", place.Application)
		if place.Environment == "" && place.Application == "" {
			c.add(at+"environment", "is required, or application")
		}
	}
	checkImageRules(&c, s.Images)
	if s.API != nil {
		c.address("api.url", s.API.URL, "https://argocd.example.com/")
		c.reference("api.token", s.API.Token)
		for i, project := range s.API.Projects {
			c.required("api.projects["+strconv.Itoa(i)+"]", project)
		}
	}
	return &argoReceiver{settings: s}, c.err()
}

// Verify implements Receiver: Argo CD does not sign, it sends a key.
func (*argoReceiver) Verify(header http.Header, _ []byte, secrets []string) error {
	return verifyCredentials(header, secrets)
}

// Identify implements Receiver.
func (*argoReceiver) Identify(http.Header) (event, key string) { return argoEvent, "" }

// argoApplication is an Application, as our template tells of it.
type argoApplication struct {
	argocd      string
	name        string
	namespace   string
	labels      map[string]string
	project     string
	destination struct {
		Name      string `json:"name"`
		Server    string `json:"server"`
		Namespace string `json:"namespace"`
	}
	operation *argoOperation
	health    struct {
		Status             string `json:"status"`
		LastTransitionTime string `json:"lastTransitionTime"`
	}
	reconciledAt string
	images       []string
	// history says that the operation was read from Argo CD's history, and
	// supersededAt when the next one began.
	history      bool
	supersededAt string
}

// argoOperation is a sync. Times are RFC 3339.
type argoOperation struct {
	Phase      string       `json:"phase"`
	StartedAt  string       `json:"startedAt"`
	FinishedAt string       `json:"finishedAt"`
	Automated  bool         `json:"automated"`
	DryRun     bool         `json:"dryRun"`
	Partial    bool         `json:"partial"`
	Heals      int          `json:"heals"`
	Revision   string       `json:"revision"`
	Revisions  []string     `json:"revisions"`
	Source     argoSource   `json:"source"`
	Sources    []argoSource `json:"sources"`
}

// argoSource is where manifests come from.
type argoSource struct {
	RepoURL        string `json:"repoURL"`
	TargetRevision string `json:"targetRevision"`
	Chart          string `json:"chart"`
}

// argoDelivery is one delivery while it is read.
type argoDelivery struct {
	*payload
	settings *argoSettings
	app      argoApplication
	started  time.Time
	// finished is the end of the sync, turned when the health became what it
	// is, reconciled when Argo CD last compared; each zero if not known.
	finished, turned, reconciled time.Time
}

// Parse implements Receiver.
func (r *argoReceiver) Parse(_ http.Header, body []byte) ([]evenkeel.Event, error) {
	read, err := readPayload("Argo CD", argoName, body)
	if err != nil {
		return nil, err
	}
	d := &argoDelivery{payload: read, settings: &r.settings}
	d.read()
	events, err := d.deployment()
	return d.judge(events, err)
}

func (d *argoDelivery) read() {
	a := &d.app
	for name, v := range map[string]any{
		"argocd": &a.argocd, "name": &a.name, "namespace": &a.namespace, "labels": &a.labels, "project": &a.project, "destination": &a.destination,
		"operation": &a.operation, "health": &a.health, "reconciledAt": &a.reconciledAt, "images": &a.images,
		"history": &a.history, "supersededAt": &a.supersededAt,
	} {
		d.into(name, v)
	}
	d.text("name", a.name)
	if instance := firstText(d.settings.Instance, argoHost(a.argocd)); instance != "" {
		d.source = argoName + ":" + instance
	}
}

// argoHost is the host of an address; empty if it is none.
func argoHost(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(u.Host) > 200 {
		return ""
	}
	return strings.ToLower(u.Host)
}

// deployment reads a sync.
func (d *argoDelivery) deployment() ([]evenkeel.Event, error) {
	op := d.app.operation
	switch {
	case op == nil:
		return nil, ignored("the application was never synced")
	case op.DryRun:
		return nil, ignored("a dry run")
	case op.Partial:
		return nil, ignored("a sync of chosen resources; Argo CD keeps it out of its history too")
	case op.Heals > 0:
		return nil, ignored("Argo CD set right what somebody had changed by hand; nothing new came")
	}
	d.started = d.instant("operation.startedAt", op.StartedAt)
	d.finished = d.instantIfAny("operation.finishedAt", op.FinishedAt)
	d.turned = d.instantIfAny("health.lastTransitionTime", d.app.health.LastTransitionTime)
	d.reconciled = d.instantIfAny("reconciledAt", d.app.reconciledAt)
	id := d.qualified() + "@" + d.started.Format(time.RFC3339Nano)
	facts := d.facts()
	if d.app.history {
		return d.past(id, facts), nil
	}
	status, ended := d.outcome()
	if ended.IsZero() {
		facts.Status = evenkeel.StatusRunning
		return []evenkeel.Event{d.event(id, latest(d.started, d.finished), facts)}, nil
	}
	events := []evenkeel.Event{d.event(id, ended, facts), d.final(id, ended, &evenkeel.Deployment{Status: status, FinishedAt: ended})}
	return append(events, d.running(id)...), nil
}

// past reads a sync of the history, which names those that succeeded. What
// became of the health it does not say, so a notification that does holds
// against it; one that left the sync running does not, once another has begun.
func (d *argoDelivery) past(id string, facts *evenkeel.Deployment) []evenkeel.Event {
	if d.finished.IsZero() {
		d.wrong("operation.finishedAt", "is required")
	}
	facts.Status, facts.FinishedAt = evenkeel.StatusSuccess, d.finished
	observed := latest(d.finished, d.instantIfAny("supersededAt", d.app.supersededAt))
	return append([]evenkeel.Event{d.event(id, observed, facts)}, d.running(id)...)
}

// qualified is the Application's name behind that of its namespace.
func (d *argoDelivery) qualified() string {
	if d.app.namespace == "" || d.app.namespace == "argocd" {
		return d.app.name
	}
	return d.app.namespace + "/" + d.app.name
}

// facts is what a delivery says of a deployment, but for how it ended.
func (d *argoDelivery) facts() *evenkeel.Deployment {
	op := d.app.operation
	facts := &evenkeel.Deployment{Origin: originOf(d.source, d.qualified()), StartedAt: d.started}
	if op.Automated {
		facts.ActorKind = evenkeel.ActorSystem
	}
	d.place(facts)
	sources, revisions := op.Sources, op.Revisions
	if len(revisions) == 0 {
		sources, revisions = []argoSource{op.Source}, []string{op.Revision}
	}
	for i, revision := range revisions[:min(len(revisions), len(sources))] {
		d.revision(facts, sources[i], strings.ToLower(revision))
	}
	return facts
}

// revision adds the commit of one source. The first repository is that of the
// deployment. What comes from a registry of charts has a version instead.
func (d *argoDelivery) revision(facts *evenkeel.Deployment, source argoSource, revision string) {
	repository := GitRepositoryName(source.RepoURL)
	switch {
	case source.Chart != "" || repository == "" || !evenkeel.ValidSHA(revision):
	case facts.Repository == "":
		facts.Repository, facts.Commit = repository, revision
		if !evenkeel.ValidSHA(strings.ToLower(source.TargetRevision)) && source.TargetRevision != "HEAD" {
			facts.Ref = source.TargetRevision
		}
	case facts.Repository != repository && facts.Commits[repository] == "":
		if facts.Commits == nil {
			facts.Commits = map[string]string{}
		}
		facts.Commits[repository] = revision
	}
}

// place says environment and application: labels first, then rules.
func (d *argoDelivery) place(facts *evenkeel.Deployment) {
	a := &d.app
	for _, rule := range d.settings.Places {
		at := globsFit(rule.Project, a.project, rule.Namespace, a.destination.Namespace, rule.Name, a.name)
		if at && (globsFit(rule.Cluster, a.destination.Name) || globsFit(rule.Cluster, a.destination.Server)) {
			facts.Environment, facts.Application = rule.Environment, rule.Application
			break
		}
	}
	facts.Environment = firstText(a.labels[d.settings.EnvironmentLabel], facts.Environment)
	facts.Application = firstText(a.labels[d.settings.ApplicationLabel], facts.Application)
	if facts.Application != "" {
		facts.Origin = "" // It would be a second, weaker claim.
	}
}

// settled says that Argo CD has compared the application again after the sync:
// before that, health and images are those of what ran until then.
func (d *argoDelivery) settled() bool { return d.reconciled.After(d.finished) && !d.finished.IsZero() }

// outcome is how a sync ended, and when; a zero time says that it has not.
func (d *argoDelivery) outcome() (evenkeel.DeploymentStatus, time.Time) {
	phase, health := d.app.operation.Phase, d.app.health.Status
	switch phase {
	case "Running", "Terminating":
		return "", time.Time{}
	case "Succeeded", "Failed", "Error":
	default:
		d.wrong("operation.phase", shortQuote(phase)+" is not a phase that Argo CD documents")
		return "", time.Time{}
	}
	if d.finished.IsZero() {
		d.wrong("operation.finishedAt", "is required when the phase is "+phase)
	}
	began := !d.turned.Before(d.started)
	switch {
	case phase != "Succeeded":
		return evenkeel.StatusFailure, d.finished
	case d.settings.Until == argoSynced:
		return evenkeel.StatusSuccess, d.finished
	case health == "Healthy" && d.settled():
		return evenkeel.StatusSuccess, latest(d.finished, d.turned)
	case health == "Degraded" && d.settled() && !d.turned.IsZero() && began:
		return evenkeel.StatusFailure, latest(d.finished, d.turned)
	}
	return "", time.Time{}
}

// running is what the image says of a deployment, once it is the only one that
// runs. Later changes of the image are no part of this deployment.
func (d *argoDelivery) running(id string) []evenkeel.Event {
	if d.app.health.Status != "Healthy" || d.app.operation.Phase != "Succeeded" || !d.settled() {
		return nil
	}
	artifact, version, built := imageFacts(d.settings.Images, slices.Clone(d.app.images))
	if artifact == "" {
		return nil
	}
	events := []evenkeel.Event{d.final(id, d.reconciled, &evenkeel.Deployment{Artifact: artifact, Version: version})}
	if built != nil {
		events = append(events, d.event(artifact, d.reconciled, built))
	}
	return events
}
