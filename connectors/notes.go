package connectors

// note is what the types themselves do not say of a member.
type note struct {
	text     string
	required bool
	role     role
	keys     role
}

// header describes the members that every event has.
//
//nolint:gochecknoglobals // A constant table.
var header = map[string]string{
	"schema":      "Version of this format; 1.",
	"kind":        "The sort of fact.",
	"id":          "The source's own name of the fact.",
	"source":      "The source instance, such as \"jenkins:ci.example.com\". Default: the name of the token or the source given to the import.",
	"observed_at": "When the source knew this, by its own clock. Default: the latest time that the event itself carries, else the time of arrival.",
	"deleted":     "The source no longer has the fact.",
}

// notes describes every member of every payload by kind and name.
//
//nolint:gochecknoglobals // A constant table.
var notes = map[string]note{
	"deployment.application":   {role: roleSlug, text: "Slug of the application. The strongest claim of membership."},
	"deployment.origin":        {text: "What the source calls the deployed thing, such as \"argocd:prod/checkout\"."},
	"deployment.environment":   {text: "Name of the environment. The policy gives its class; a missing name is unclassified, never production."},
	"deployment.status":        {text: "State of the deployment. Only success is counted; a deployment without a status is not."},
	"deployment.repository":    {role: roleRepository, text: "Repository as host/path, such as \"github.com/acme/checkout\". Needed with commit."},
	"deployment.commit":        {role: roleSHA, text: "Full id of the commit that runs afterwards."},
	"deployment.commits":       {role: roleSHA, keys: roleRepository, text: "Full commit ids by repository, for a deployment of several repositories."},
	"deployment.artifact":      {text: "Digest (\"sha256:...\") or package URL of what is deployed. An artifact event leads it to a commit."},
	"deployment.ref":           {text: "Branch or tag."},
	"deployment.group":         {text: "Name that joins several records of one deployment; they count once."},
	"deployment.attempt":       {text: "Number of the attempt, from 1."},
	"deployment.version":       {text: "Version that people read, such as \"2.14.0\"."},
	"deployment.started_at":    {text: "When the deployment began."},
	"deployment.finished_at":   {text: "When the deployment ended. It belongs to this instant."},
	"deployment.actor_kind":    {text: "Sort of actor; persons are never named."},
	"deployment.rollback_of":   {text: "Id of the deployment that this one takes back, or \"source/id\"."},
	"deployment.change_kind":   {text: "Why the deployment was made."},
	"deployment.artifact_kind": {text: "What is delivered."},
	"deployment.rollout":       {text: "How the deployment reaches its users."},

	"change.application":         {role: roleSlug, text: "Slug of the application. The strongest claim of membership."},
	"change.repository":          {required: true, role: roleRepository, text: "Repository as host/path, such as \"github.com/acme/checkout\"."},
	"change.number":              {text: "Number of the pull or merge request; missing (or 0) when only git knows the change."},
	"change.state":               {text: "State of the change."},
	"change.opened_at":           {text: "When the change was opened; the earliest report counts."},
	"change.ready_at":            {text: "When the change left draft."},
	"change.first_review_at":     {text: "When somebody first reviewed it; the earliest report counts."},
	"change.approved_at":         {text: "When the change was approved."},
	"change.merged_at":           {text: "When the change was merged."},
	"change.closed_at":           {text: "When the change was closed."},
	"change.merge_commit":        {role: roleSHA, text: "Full id of the commit by which the change is on its base branch."},
	"change.head":                {role: roleSHA, text: "Full id of the last commit of the change's own branch."},
	"change.base":                {text: "Branch that the change goes to."},
	"change.commits":             {text: "Commits of the change before any squash or rebase."},
	"change.commits.sha":         {required: true, role: roleSHA, text: "Full commit id."},
	"change.commits.authored_at": {text: "When the commit was written."},
	"change.reviews":             {text: "Reviews of the change."},
	"change.reviews.at":          {required: true, text: "When the review was given."},
	"change.reviews.state":       {text: "Outcome of the review, such as \"approved\"."},
	"change.reviews.author":      {text: "Who reviewed, best already hashed; never shown."},
	"change.size":                {text: "How much the change touches."},
	"change.size.files":          {required: true, text: "Files touched."},
	"change.size.added":          {required: true, text: "Lines added."},
	"change.size.deleted":        {required: true, text: "Lines deleted."},
	"change.labels":              {text: "Labels of the change."},
	"change.revert_of":           {role: roleReference, text: "What this change takes back: a change number (\"12\" or \"#12\") or a full commit id."},

	"commit.repository":   {required: true, role: roleRepository, text: "Repository as host/path, such as \"github.com/acme/checkout\"."},
	"commit.sha":          {required: true, role: roleSHA, text: "Full commit id."},
	"commit.parents":      {required: true, role: roleSHA, text: "Full ids of the parents, first parent first; [] for a first commit."},
	"commit.authored_at":  {text: "When the commit was written."},
	"commit.committed_at": {required: true, text: "When the commit was recorded."},
	"commit.paths":        {text: "Folders or files that the commit touches."},
	"commit.patch_id":     {text: "Output of git patch-id --stable."},
	"commit.trailers":     {keys: roleTrailer, text: "Trailers of the message by lower-case key."},

	"artifact.artifact":   {required: true, text: "Digest (\"sha256:...\") or package URL."},
	"artifact.repository": {required: true, role: roleRepository, text: "Repository it was built from, as host/path."},
	"artifact.commit":     {required: true, role: roleSHA, text: "Full id of the commit it was built from."},
	"artifact.built_at":   {text: "When it was built."},

	"incident.application":     {role: roleSlug, text: "Slug of the affected application."},
	"incident.applications":    {role: roleSlug, text: "Slugs of the affected applications, where there are several."},
	"incident.environment":     {text: "Name of the environment; missing means every environment of the production class."},
	"incident.severity":        {text: "Severity in the source's own words, such as \"sev2\"."},
	"incident.opened_at":       {text: "When the incident began; the earliest report counts."},
	"incident.detected_at":     {text: "When it was noticed."},
	"incident.acknowledged_at": {text: "When somebody took it on."},
	"incident.mitigated_at":    {text: "When users no longer suffered."},
	"incident.resolved_at":     {text: "When it was over."},
	"incident.reopened_at":     {text: "When it came back."},
	"incident.caused_by":       {text: "Id of the deployment that caused it, or \"source/id\"."},

	"dependency.from":         {required: true, role: roleSlug, text: "Slug of the application that needs the other."},
	"dependency.to":           {required: true, role: roleSlug, text: "Slug of the application that is needed."},
	"dependency.type":         {text: "Sort of dependency, such as \"http\", \"queue\" or \"database\"."},
	"dependency.basis":        {required: true, text: "How the dependency is known."},
	"dependency.last_seen_at": {text: "When the dependency was last seen."},
}
