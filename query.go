package evenkeel

import "time"

// Filter narrows a list of facts. Zero members do not narrow.
type Filter struct {
	// Applications are ids; a fact belongs to any of them.
	Applications []string
	// Environment is a name.
	Environment string
	// Window is on the fact's own instant: finish of a deployment, merge of a
	// change (else its opening), opening of an incident.
	Window Window
	// Cursor is the Next of an earlier page.
	Cursor string
	// Limit is the most items of a page; 0 is 50, and 500 is the most.
	Limit int
}

// Page is one page of a list, newest first.
type Page[T any] struct {
	Items []T
	// Next is the cursor of the next page; empty on the last.
	Next string
}

// ApplicationFacts is all that figures of one application are derived from.
type ApplicationFacts struct {
	Deployments []Fact[Deployment]
	Changes     []Fact[Change]
	Incidents   []Fact[Incident]
	Artifacts   []Fact[Artifact]
	// Builds are those of the repositories that the application deploys from.
	Builds []Fact[Build]
	// Links are what people said of its incidents, by the incident's fact id.
	Links map[string]IncidentLink
	// Graphs are by repository.
	Graphs map[string]*Graph
	// PathClaims are by repository, longest path first.
	PathClaims map[string][]PathClaim
	// Foreign holds the ids of incidents here whose caused_by names a
	// deployment of another application, and of other applications' deployments
	// that Links name.
	Foreign map[string]bool
	// Guests holds the ids of incidents that belong to other applications only.
	Guests map[string]bool
	// Packs holds, for every repository that deployments name, the number of
	// the last pack of commits that was read; 0 where there is none.
	Packs map[string]int64
	// Revision is the workspace's revision that the facts were read at.
	Revision int64
}

// Activity says how much is known of an application.
type Activity struct {
	// Facts counts by kind; commits are counted by repository, not here.
	Facts map[Kind]int
	// FirstAt and LastAt span the instants of its facts; zero when it has none.
	FirstAt, LastAt time.Time
	// Last is the last instant of each kind of fact.
	Last map[Kind]time.Time
	// LastDeploymentAt is the latest finish of a successful deployment in any environment.
	LastDeploymentAt time.Time
	// Environments counts deployments by environment name.
	Environments map[string]int
	// Repositories are named by its facts, sorted.
	Repositories []string
}

// UnclaimedSubject is a subject with facts that no application claims.
type UnclaimedSubject struct {
	Subject Subject
	Facts   int
	LastAt  time.Time
}

// Revision is one transaction of facts or catalogue, in the order of visibility.
type Revision struct {
	Seq   int64
	At    time.Time
	Kinds []Kind
	// Applications are the ids of those whose figures may have changed.
	Applications []string
	// Earliest is the first instant that may have changed; zero is any.
	Earliest time.Time
}

// DerivedState says from what an application's stored results were derived.
type DerivedState struct {
	// Revision and Catalogue are the versions that were read.
	Revision  int64
	Catalogue int64
	// Policy and Engine are the versions of rules and code.
	Policy string
	Engine string
}

// Segment is the packed results of one application, environment and month.
type Segment struct {
	Environment string
	// Month is "2026-11", in UTC; "0000-00" holds rows without an instant.
	Month string
	Data  []byte
}

// Recorded counts what recording events did.
type Recorded struct {
	// Observations are new; Repeated were known already.
	Observations int `json:"observations"`
	Repeated     int `json:"repeated"`
	// Facts were created or changed.
	Facts int `json:"facts"`
	// Revision is the workspace's revision afterwards.
	Revision int64 `json:"revision"`
}
