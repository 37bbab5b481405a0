// Package config reads what operators write: one YAML file, or a folder of
// *.yaml files that together say the same. It tells the operator what is wrong
// with the text, every problem at once, each by file, line and column, and
// starts nothing.
package config

import (
	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// Config is a checked configuration. Keys that were not written have the
// values of the documentation (docs/configuration.md).
type Config struct {
	// Workspace is the slug of the workspace that catalogue and policy are
	// for; "default" if not written.
	Workspace string
	Server    Server
	Store     Store
	// Catalogue holds groups and applications in the order of the files.
	// Applications have no ID; the store gives it by slug.
	Catalogue evenkeel.Catalogue
	// Policy is the default policy with what the files change. Its version is
	// "default-1" if they change nothing, else "config-" and a digest of the
	// content, so that equal rules have equal versions.
	Policy evenkeel.Policy
	// Connections let sources deliver, in the order of the files. They have no
	// ID; the store gives it by name.
	Connections []evenkeel.Connection
	// ServiceLevels are the SLOs, in the order of the files, each as a document of
	// its own with what it refers to inline.
	ServiceLevels []evenkeel.ServiceLevelChange
	// Remarks are warnings and notes on the SLOs' documents.
	Remarks   []openslo.Lint
	Retention Retention
	// Notify are those who are told of alerts of service levels.
	Notify []Notifier
	// Files are the files that were read, in order.
	Files []string
}

// Server is how the server listens.
type Server struct {
	// Listen is host:port; "localhost:8080" if not written.
	Listen string
	// PublicURL is the address that people open, without a slash at its end;
	// empty if not written.
	PublicURL string
}

// Store is where facts are kept.
type Store struct {
	// DSN is "sqlite:PATH" or "postgres://…"; empty if not written. It may hold
	// references to secrets.
	DSN Secret
}

// The values of keys that are not written.
const (
	DefaultWorkspace = "default"
	DefaultListen    = "localhost:8080"
)
