package evenkeel

import "time"

// DeploymentStatus is the state of a deployment record.
type DeploymentStatus string

// The states of a deployment.
const (
	StatusSuccess   DeploymentStatus = "success"
	StatusFailure   DeploymentStatus = "failure"
	StatusCancelled DeploymentStatus = "cancelled"
	StatusRunning   DeploymentStatus = "running"
)

// ChangeKind says why a deployment was made.
type ChangeKind string

// The reasons for a deployment.
const (
	ChangeFeature     ChangeKind = "feature"
	ChangeFix         ChangeKind = "fix"
	ChangeRollback    ChangeKind = "rollback"
	ChangeSecurity    ChangeKind = "security"
	ChangeReliability ChangeKind = "reliability"
)

// ActorKind says what sort of actor acted; persons are never named.
type ActorKind string

// The kinds of actor.
const (
	ActorHuman  ActorKind = "human"
	ActorBot    ActorKind = "bot"
	ActorSystem ActorKind = "system"
)

// ArtifactKind says what a deployment delivers.
type ArtifactKind string

// The kinds of artifact.
const (
	ArtifactCode           ArtifactKind = "code"
	ArtifactConfig         ArtifactKind = "config"
	ArtifactContent        ArtifactKind = "content"
	ArtifactSchema         ArtifactKind = "schema"
	ArtifactInfrastructure ArtifactKind = "infrastructure"
)

// Rollout says how a deployment reaches its users.
type Rollout string

// The rollout styles.
const (
	RolloutAllAtOnce Rollout = "all-at-once"
	RolloutCanary    Rollout = "canary"
	RolloutStaged    Rollout = "staged"
)

// Deployment is one attempt to put a version into an environment. Several
// records of one deployment share a Group and count once.
type Deployment struct {
	// Application is a slug of the catalogue; the strongest claim of membership.
	Application string `json:"application,omitzero"`
	// Origin is what the source calls the deployed thing, "argocd:prod/checkout".
	Origin string `json:"origin,omitzero"`
	// Environment is the environment's name; the policy gives its class. Empty is unclassified.
	Environment string           `json:"environment,omitzero"`
	Status      DeploymentStatus `json:"status,omitzero"`
	// Repository is host/path in lower case, "github.com/acme/checkout".
	Repository string `json:"repository,omitzero"`
	// Commit is the full hexadecimal id of what runs afterwards.
	Commit string `json:"commit,omitzero"`
	// Commits holds further commits by repository.
	Commits map[string]string `json:"commits,omitzero"`
	// Artifact is a digest ("sha256:…"), an image with its tag or a package URL; an artifact fact leads it to a commit.
	Artifact string `json:"artifact,omitzero"`
	// Ref is the branch or tag.
	Ref        string    `json:"ref,omitzero"`
	Group      string    `json:"group,omitzero"`
	Attempt    int       `json:"attempt,omitzero"`
	Version    string    `json:"version,omitzero"`
	StartedAt  time.Time `json:"started_at,omitzero"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	ActorKind  ActorKind `json:"actor_kind,omitzero"`
	// RollbackOf is the id of the deployment that this one takes back, or
	// "source/id" where ids of several sources could be confused.
	RollbackOf   string       `json:"rollback_of,omitzero"`
	ChangeKind   ChangeKind   `json:"change_kind,omitzero"`
	ArtifactKind ArtifactKind `json:"artifact_kind,omitzero"`
	Rollout      Rollout      `json:"rollout,omitzero"`
}

// Kind implements Payload.
func (*Deployment) Kind() Kind { return KindDeployment }

// Key implements Payload: a deployment record is named by its source and id.
// Records of one group are joined when they are counted, not here, because a
// group ends with its last successful record.
func (*Deployment) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (d *Deployment) Subject() Subject {
	return newSubject(d.Application, nil, d.Origin, d.Repository)
}

// Validate implements Payload.
func (d *Deployment) Validate() error {
	var p problems
	p.slug("application", d.Application)
	p.text("origin", d.Origin)
	p.text("environment", d.Environment)
	oneOf(&p, "status", d.Status, StatusSuccess, StatusFailure, StatusCancelled, StatusRunning)
	p.text("repository", d.Repository)
	p.sha("commit", d.Commit)
	for repository, sha := range d.Commits {
		p.text("commits", repository)
		p.required("commits["+quoted(repository)+"]", sha)
		p.sha("commits["+quoted(repository)+"]", sha)
	}
	if d.Commit != "" && d.Repository == "" {
		p.add("repository", "is needed with commit, so that the commit can be found")
	}
	p.text("artifact", d.Artifact)
	p.text("ref", d.Ref)
	p.text("group", d.Group)
	p.notNegative("attempt", d.Attempt)
	p.text("version", d.Version)
	p.instant("started_at", d.StartedAt)
	p.instant("finished_at", d.FinishedAt)
	oneOf(&p, "actor_kind", d.ActorKind, ActorHuman, ActorBot, ActorSystem)
	p.text("rollback_of", d.RollbackOf)
	oneOf(&p, "change_kind", d.ChangeKind, ChangeFeature, ChangeFix, ChangeRollback, ChangeSecurity, ChangeReliability)
	oneOf(&p, "artifact_kind", d.ArtifactKind, ArtifactCode, ArtifactConfig, ArtifactContent, ArtifactSchema, ArtifactInfrastructure)
	oneOf(&p, "rollout", d.Rollout, RolloutAllAtOnce, RolloutCanary, RolloutStaged)
	return p.err()
}
