package evenkeel

import "time"

// Artifact leads from what is deployed to the commit it was built from.
type Artifact struct {
	// Artifact is a digest ("sha256:…"), an image with a tag that stays, or a package URL.
	Artifact   string    `json:"artifact,omitzero"`
	Repository string    `json:"repository,omitzero"`
	Commit     string    `json:"commit,omitzero"`
	BuiltAt    time.Time `json:"built_at,omitzero"`
}

// Kind implements Payload.
func (*Artifact) Kind() Kind { return KindArtifact }

// Key implements Payload: an artifact is built from one commit of each repository.
func (a *Artifact) Key(_, _ string) string { return a.Artifact + "\x1f" + a.Repository }

// Subject implements Payload.
func (a *Artifact) Subject() Subject { return newSubject("", nil, "", a.Repository) }

// Validate implements Payload.
func (a *Artifact) Validate() error {
	var p problems
	p.required("artifact", a.Artifact)
	p.text("artifact", a.Artifact)
	p.required("repository", a.Repository)
	p.text("repository", a.Repository)
	p.required("commit", a.Commit)
	p.sha("commit", a.Commit)
	p.instant("built_at", a.BuiltAt)
	return p.err()
}
