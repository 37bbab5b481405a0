package evenkeel

import "time"

// BuildResult is how a build ended.
type BuildResult string

// The results of a build.
const (
	BuildSuccess   BuildResult = "success"
	BuildFailure   BuildResult = "failure"
	BuildCancelled BuildResult = "cancelled"
	BuildSkipped   BuildResult = "skipped"
)

// Build is one attempt of a pipeline on a commit.
type Build struct {
	// Repository is host/path in lower case, "github.com/acme/checkout".
	Repository string `json:"repository,omitzero"`
	Commit     string `json:"commit,omitzero"`
	// Pipeline is what the source calls the definition, ".github/workflows/ci.yml".
	Pipeline string `json:"pipeline,omitzero"`
	// Attempt counts from 1; 0 is unknown.
	Attempt    int         `json:"attempt,omitzero"`
	QueuedAt   time.Time   `json:"queued_at,omitzero"`
	StartedAt  time.Time   `json:"started_at,omitzero"`
	FinishedAt time.Time   `json:"finished_at,omitzero"`
	Result     BuildResult `json:"result,omitzero"`
	Tests      *Tests      `json:"tests,omitzero"`
}

// Tests counts the tests of a build.
type Tests struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// Kind implements Payload.
func (*Build) Kind() Kind { return KindBuild }

// Key implements Payload: a build is named by its source and id, which tell
// attempts apart.
func (*Build) Key(source, id string) string { return source + "\x1f" + id }

// Subject implements Payload.
func (b *Build) Subject() Subject { return newSubject("", nil, "", b.Repository) }

// Validate implements Payload.
func (b *Build) Validate() error {
	var p problems
	p.required("repository", b.Repository)
	p.text("repository", b.Repository)
	p.required("commit", b.Commit)
	p.sha("commit", b.Commit)
	p.required("pipeline", b.Pipeline)
	p.text("pipeline", b.Pipeline)
	p.notNegative("attempt", b.Attempt)
	p.instant("queued_at", b.QueuedAt)
	p.instant("started_at", b.StartedAt)
	p.instant("finished_at", b.FinishedAt)
	oneOf(&p, "result", b.Result, BuildSuccess, BuildFailure, BuildCancelled, BuildSkipped)
	if b.Tests != nil {
		p.notNegative("tests.passed", b.Tests.Passed)
		p.notNegative("tests.failed", b.Tests.Failed)
		p.notNegative("tests.skipped", b.Tests.Skipped)
	}
	return p.err()
}
