package server

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Store is what the server needs beyond single workspaces.
type Store interface {
	Ping(ctx context.Context) error
	Workspaces(ctx context.Context) ([]evenkeel.WorkspaceInfo, error)
	// Connection finds a connection of any workspace.
	Connection(ctx context.Context, id string) (evenkeel.Connection, error)
	Accounts
	Auditor
	scs.CtxStore
}

// Accounts let programs and people in.
type Accounts interface {
	CreateToken(ctx context.Context, token evenkeel.Token, hash []byte) (evenkeel.Token, error)
	TokenByHash(ctx context.Context, hash []byte) (evenkeel.Token, error)
	Tokens(ctx context.Context, workspace string) ([]evenkeel.Token, error)
	RevokeToken(ctx context.Context, workspace, id string) error
	TouchToken(ctx context.Context, id string, at time.Time) error
	UseSignIn(ctx context.Context, hash []byte) (evenkeel.SignInLink, error)
}

// Auditor keeps what was done.
type Auditor interface {
	Audit(ctx context.Context, entries ...evenkeel.AuditEntry) error
	AuditEntries(ctx context.Context, workspace, cursor string, limit int) (evenkeel.Page[evenkeel.AuditEntry], error)
}

// Workspace is the data of one company.
type Workspace interface {
	jobs.Workspace
	Recorder
	Facts
	Connections
	Policies
	Deliveries
	Links
	Suggestions
	Quality
	ServiceLevels
	// EntriesAfter lists the facts that revisions after the given one changed.
	EntriesAfter(ctx context.Context, revision int64, f evenkeel.EntryFilter, limit int) ([]evenkeel.Entry, error)
	// SigningKey is the workspace's own key for one purpose.
	SigningKey(ctx context.Context, purpose string) ([]byte, error)
}

// Deliveries finds what sources have sent and takes it in anew.
type Deliveries interface {
	intake.Kept
	ChangedFacts(ctx context.Context, k evenkeel.Kind, source string, after int64) ([]evenkeel.ChangedFact, int64, error)
	DeliveredFacts(ctx context.Context, id string) ([]evenkeel.DeliveredFact, error)
}

// Facts finds facts and where they come from: those that are known now, or
// those that were known at an instant.
type Facts interface {
	Lister
	Entries(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Page[evenkeel.Entry], error)
	Facets(ctx context.Context, f evenkeel.EntryFilter) (evenkeel.Facets, error)
	Histogram(ctx context.Context, f evenkeel.EntryFilter, width time.Duration) ([]evenkeel.HistogramBar, error)
	EntriesByID(ctx context.Context, ids []string) (map[string]evenkeel.Entry, error)
	Lineage(ctx context.Context, fact string) (evenkeel.Lineage, error)
	IncidentLinks(ctx context.Context, incident string) ([]evenkeel.IncidentLink, error)
	// Trace counts what lies behind facts; the window is on arrivals.
	Trace(ctx context.Context, facts []string, window evenkeel.Window) (evenkeel.Trace, error)
}

// Connections keeps who may deliver into the workspace.
type Connections interface {
	Connections(ctx context.Context) ([]evenkeel.Connection, error)
	ConnectionActivity(ctx context.Context) (map[string]evenkeel.ConnectionActivity, error)
	ConnectionPace(ctx context.Context, window evenkeel.Window) (map[string]evenkeel.ConnectionPace, error)
	SaveConnection(ctx context.Context, c evenkeel.Connection) (evenkeel.Connection, error)
	RemoveConnection(ctx context.Context, id string) error
	Streams(ctx context.Context) ([]evenkeel.Stream, error)
	StreamsNamed(ctx context.Context, connection string, names []string) ([]evenkeel.Stream, error)
}

// Recorder takes facts and applications in.
type Recorder interface {
	Record(ctx context.Context, events []evenkeel.Event) (evenkeel.Recorded, error)
	RegisterApplication(ctx context.Context, application evenkeel.Application) (evenkeel.Application, error)
}

// Lister finds facts of one kind.
type Lister interface {
	Deployments(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Deployment]], error)
	Changes(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Change]], error)
	Incidents(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Incident]], error)
	Dependencies(ctx context.Context, f evenkeel.Filter) (evenkeel.Page[evenkeel.Fact[evenkeel.Dependency]], error)
	Deployment(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Deployment], error)
	Change(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Change], error)
	Incident(ctx context.Context, id string) (evenkeel.Fact[evenkeel.Incident], error)
}
