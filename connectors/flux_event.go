package connectors

import (
	"regexp"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// fluxObject is what an event is about.
type fluxObject struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	UID       string `json:"uid"`
}

// fluxDelivery is one event while it is read.
type fluxDelivery struct {
	*payload
	settings                  *fluxSettings
	object                    fluxObject
	severity, message, reason string
	metadata                  map[string]string
	at                        time.Time
}

func (d *fluxDelivery) read() {
	var at string
	for name, v := range map[string]any{
		"involvedObject": &d.object, "severity": &d.severity, "timestamp": &at, "message": &d.message, "reason": &d.reason, "metadata": &d.metadata,
	} {
		d.into(name, v)
	}
	d.text("involvedObject.kind", d.object.Kind)
	d.text("involvedObject.name", d.object.Name)
	d.text("reason", d.reason)
	d.at = d.instant("timestamp", at)
}

// said is a member of the metadata, which carries the group of the object in
// front of its name or not.
func (d *fluxDelivery) said(name string) string {
	if value := d.metadata[name]; value != "" {
		return value
	}
	for _, group := range []string{"kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "event.toolkit.fluxcd.io/"} {
		if value := d.metadata[group+name]; value != "" {
			return value
		}
	}
	return ""
}

// id names something of the object. Names repeat on every cluster of a fleet,
// the uid does not.
func (d *fluxDelivery) id(what string) string {
	id := strings.ToLower(d.object.Kind) + ":" + d.object.Namespace + "/" + d.object.Name
	if d.object.UID != "" {
		id += "/" + d.object.UID
	}
	return id + "@" + what
}

// failed says that the event tells of an error.
func (d *fluxDelivery) failed() bool { return d.severity == "error" }

// kustomization reads an event of a Kustomization. Flux tells that something
// was applied by a list of it, and that it is healthy by a sentence.
func (d *fluxDelivery) kustomization() ([]evenkeel.Event, error) {
	revision := d.said("revision")
	facts := d.facts(revision)
	switch {
	case revision == "":
		return nil, ignored("the event names no revision")
	case d.failed():
		return d.attempt(d.id(revision), facts, evenkeel.StatusFailure), nil
	case d.reason == "ReconciliationSucceeded":
		return nil, ignored("a reconciliation that came to its end; what it applied is told by an event of its own")
	case strings.HasPrefix(d.message, "Health check passed"):
		return d.succeeded(d.id(revision), facts), nil
	case !fluxApplied(d.message):
		return nil, ignored("the event %s tells of nothing that was applied", shortQuote(d.reason))
	case !d.settings.Wait:
		facts.StartedAt = d.at
		return d.succeeded(d.id(revision), facts), nil
	}
	began := d.final(d.id(revision), d.at, &evenkeel.Deployment{StartedAt: d.at})
	return append(d.attempt(d.id(revision), facts, evenkeel.StatusRunning), began), nil
}

// fluxChange is one line of what was applied: "Deployment/shop/checkout configured".
var fluxChange = regexp.MustCompile(`(?m)^[A-Z][A-Za-z0-9]*/\S+ (?:created|configured)\s*$`)

func fluxApplied(message string) bool { return fluxChange.MatchString(message) }

// attempt is how a deployment stands, until something newer or final is known.
func (d *fluxDelivery) attempt(id string, facts *evenkeel.Deployment, status evenkeel.DeploymentStatus) []evenkeel.Event {
	facts.Status = status
	if status != evenkeel.StatusRunning {
		facts.FinishedAt = d.at
	}
	return d.withImage(id, facts)
}

// succeeded tells of a deployment that is done; whatever is repeated later
// moves it no more.
func (d *fluxDelivery) succeeded(id string, facts *evenkeel.Deployment) []evenkeel.Event {
	started := facts.StartedAt
	facts.StartedAt = time.Time{}
	done := d.final(id, d.at, &evenkeel.Deployment{Status: evenkeel.StatusSuccess, StartedAt: started, FinishedAt: d.at})
	return append(d.withImage(id, facts), done)
}

// withImage adds what the image tells.
func (d *fluxDelivery) withImage(id string, facts *evenkeel.Deployment) []evenkeel.Event {
	e := d.event(id, d.at, facts)
	image := d.said("image")
	if image == "" {
		return []evenkeel.Event{e}
	}
	artifact, version, built := imageFacts(d.settings.Images, []string{image})
	if artifact != "" {
		facts.Artifact, facts.Version = artifact, firstText(facts.Version, version)
	}
	if built != nil {
		return []evenkeel.Event{e, d.event(artifact, d.at, built)}
	}
	return []evenkeel.Event{e}
}

// facts is what every event says of a deployment: where it goes, and what its
// revision names.
func (d *fluxDelivery) facts(revision string) *evenkeel.Deployment {
	facts := &evenkeel.Deployment{ActorKind: evenkeel.ActorSystem}
	repository := ""
	for _, rule := range d.settings.Places {
		if globsFit(rule.Cluster, d.said("cluster"), rule.Kind, d.object.Kind, rule.Namespace, d.object.Namespace, rule.Name, d.object.Name) {
			facts.Environment, facts.Application, repository = rule.Environment, rule.Application, rule.Repository
			break
		}
	}
	facts.Environment = firstText(d.said("environment"), facts.Environment)
	facts.Application = firstText(d.said("application"), facts.Application)
	if facts.Application == "" {
		facts.Origin = originOf(d.source, d.object.Namespace+"/"+d.object.Name)
	}
	if told := d.said("repository"); told != "" {
		if repository = fluxRepository(told); repository == "" {
			d.wrong("metadata.repository", shortQuote(told)+" is not a repository, such as github.com/acme/fleet")
		}
	}
	d.revision(facts, repository, revision)
	return facts
}

// fluxRepository is a repository by its name or its address.
func fluxRepository(text string) string {
	if name := GitRepositoryName(text); name != "" {
		return name
	}
	return GitRepositoryName("https://" + text)
}

// fluxGit is a revision of git: "main@sha1:4f1c…", "sha1:4f1c…", and until
// Flux 2.0 "main/4f1c…".
var fluxGit = regexp.MustCompile(`^(?:(.+)[@/])?(?:sha1:)?([0-9a-f]{40})$`)

// fluxDigest is a revision of an OCI artifact, "latest@sha256:4f1c…".
var fluxDigest = regexp.MustCompile(`^(?:(.+)@)?(sha256:[0-9a-f]{64})$`)

// revision adds what a revision names. One of an OCI artifact may come with the
// revision of git that it was made from.
func (d *fluxDelivery) revision(facts *evenkeel.Deployment, repository, revision string) {
	if found := fluxDigest.FindStringSubmatch(revision); found != nil {
		facts.Artifact, facts.Version = found[2], found[1]
		revision = d.said("originRevision")
	}
	if found := fluxGit.FindStringSubmatch(revision); found != nil && repository != "" {
		facts.Repository, facts.Commit = repository, found[2]
		facts.Ref, _ = githubRef(found[1])
	}
}

// fluxRelease finds the number that Helm gave: "… for release shop/checkout.v12 with chart …".
var fluxRelease = regexp.MustCompile(`\brelease \S+?\.v([1-9][0-9]{0,8})\b`)

// helmRelease reads an event of a HelmRelease. The chart is no git repository:
// its version is that of the deployment.
func (d *fluxDelivery) helmRelease() ([]evenkeel.Event, error) {
	facts := d.facts("")
	facts.Version = firstText(d.said("app-version"), d.said("revision"))
	if digest := d.said("oci-digest"); imageDigest.MatchString(digest) {
		facts.Artifact = digest
	}
	number := fluxRelease.FindStringSubmatch(d.message)
	once := d.id(d.at.Format(time.RFC3339Nano))
	switch d.reason {
	case "InstallSucceeded", "UpgradeSucceeded":
		if number != nil {
			once = d.id("v" + number[1])
		}
		return d.attempt(once, facts, evenkeel.StatusSuccess), nil
	case "InstallFailed", "UpgradeFailed":
		return d.attempt(once, facts, evenkeel.StatusFailure), nil
	case "TestFailed":
		if number == nil {
			return nil, ignored("the tests of a release failed, and the event does not say of which")
		}
		id := d.id("v" + number[1])
		failed := d.final(id, d.at, &evenkeel.Deployment{Status: evenkeel.StatusFailure, FinishedAt: d.at})
		return append(d.withImage(id, facts), failed), nil
	case "RollbackSucceeded":
		return nil, ignored("the failed attempt was taken back, and what ran before runs again; the attempt itself is told by UpgradeFailed or TestFailed")
	}
	return nil, ignored("the event %s of a HelmRelease is not read", shortQuote(d.reason))
}

// fluxPolicy is what a policy says of the image it chose.
var fluxPolicy = regexp.MustCompile(`^Latest image tag for '?([^\s']+)'? (?:updated|resolved) to (\S+)`)

// imagePolicy reads which image a policy chose. Nothing is deployed by that.
func (d *fluxDelivery) imagePolicy() ([]evenkeel.Event, error) {
	found := fluxPolicy.FindStringSubmatch(d.message)
	if found == nil || d.failed() {
		return nil, ignored("the event %s of an ImagePolicy names no image", shortQuote(d.reason))
	}
	artifact, _, built := imageFacts(d.settings.Images, []string{found[1] + ":" + strings.TrimSuffix(found[2], ",")})
	if built == nil {
		return nil, ignored("the tag names no commit in full, or the setting images names no repository for it")
	}
	return []evenkeel.Event{d.event(artifact, d.at, built)}, nil
}
