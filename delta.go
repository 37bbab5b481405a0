package evenkeel

// FactsDelta is what became known of one application after a revision at
// which all its facts were read.
type FactsDelta struct {
	// Revision is the workspace's revision that the difference leads to.
	Revision int64
	// Whole says that the difference cannot be told, or not cheaply: all facts
	// have to be read anew. Nothing else is then filled in.
	Whole bool
	// Facts that are new or changed. Artifacts are those of the deployments
	// here, and all that changed, whoever deploys them.
	Deployments []Fact[Deployment]
	Changes     []Fact[Change]
	Incidents   []Fact[Incident]
	Artifacts   []Fact[Artifact]
	Builds      []Fact[Build]
	// Away are the ids of facts that changed and are not, or no longer, the
	// application's, or are gone.
	Away []string
	// Nodes are the commits told of since, by repository.
	Nodes map[string][]Node
	// Packs are as those of [ApplicationFacts], after the difference.
	Packs map[string]int64
}
