package connectors

// note is what the types themselves do not say of a member.
type note struct {
	text     string
	required bool
	role     role
	keys     role
	// filled says that a list or dictionary is not empty.
	filled bool
	// anyOf lists members of a record of which one at least is given.
	anyOf []string
}

// header describes the members that every event has.
//
//nolint:gochecknoglobals // A constant table.
var header = map[string]string{
	"schema":      "Version of this format; 1.",
	"kind":        "The sort of fact.",
	"id":          "The source's own name of the fact. A batch of a series may have none.",
	"source":      "The source instance, such as \"jenkins:ci.example.com\". Default: the name of the token or the source given to the import.",
	"observed_at": "When the source knew this, by its own clock. Default: the latest time that the event itself carries, else the time of arrival.",
	"deleted":     "The source no longer has the fact.",
	"final":       "The members given hold against what other reports say of them; of several final reports of a member the first holds.",
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
	"deployment.artifact":      {text: "Digest (\"sha256:...\"), image with its tag, or package URL of what is deployed. An artifact event leads it to a commit."},
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
	"change.actor_kind":          {text: "Sort of actor that opened the change; persons are never named."},
	"change.bot":                 {text: "Name of the program that opened the change; only with the actor kind \"bot\"."},
	"change.revert_of":           {role: roleReference, text: "What this change takes back: a change number (\"12\" or \"#12\") or a full commit id."},

	"commit.repository":   {required: true, role: roleRepository, text: "Repository as host/path, such as \"github.com/acme/checkout\"."},
	"commit.sha":          {required: true, role: roleSHA, text: "Full commit id."},
	"commit.parents":      {required: true, role: roleSHA, text: "Full ids of the parents, first parent first; [] for a first commit."},
	"commit.authored_at":  {text: "When the commit was written."},
	"commit.committed_at": {required: true, text: "When the commit was recorded."},
	"commit.paths":        {text: "Folders or files that the commit touches."},
	"commit.patch_id":     {text: "Output of git patch-id --stable."},
	"commit.trailers":     {keys: roleTrailer, text: "Trailers of the message by lower-case key."},

	"artifact.artifact":   {required: true, text: "Digest (\"sha256:...\"), image with a tag that stays, or package URL."},
	"artifact.repository": {required: true, role: roleRepository, text: "Repository it was built from, as host/path."},
	"artifact.commit":     {required: true, role: roleSHA, text: "Full id of the commit it was built from."},
	"artifact.built_at":   {text: "When it was built."},

	"build.repository":    {required: true, role: roleRepository, text: "Repository as host/path, such as \"github.com/acme/checkout\"."},
	"build.commit":        {required: true, role: roleSHA, text: "Full id of the commit that was built."},
	"build.pipeline":      {required: true, text: "What the source calls the definition, such as \".github/workflows/ci.yml\"."},
	"build.attempt":       {text: "Number of the attempt, from 1."},
	"build.queued_at":     {text: "When the build was asked for."},
	"build.started_at":    {text: "When the build began."},
	"build.finished_at":   {text: "When the build ended."},
	"build.result":        {text: "How the build ended; missing while it runs."},
	"build.tests":         {text: "How many tests the build ran."},
	"build.tests.passed":  {required: true, text: "Tests that passed."},
	"build.tests.failed":  {required: true, text: "Tests that failed."},
	"build.tests.skipped": {required: true, text: "Tests that were not run."},

	"incident.application":     {role: roleSlug, text: "Slug of the affected application."},
	"incident.applications":    {role: roleSlug, text: "Slugs of the affected applications, where there are several."},
	"incident.origin":          {text: "What the source calls the thing concerned, such as \"pagerduty:PSVC1\"."},
	"incident.repository":      {role: roleRepository, text: "Repository as host/path, where the incident is kept beside the code."},
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

	"work_item.application": {role: roleSlug, text: "Slug of the application."},
	"work_item.origin":      {text: "What the source calls the thing concerned, such as \"jira:SHOP\"."},
	"work_item.repository":  {role: roleRepository, text: "Repository as host/path, where the item is kept beside the code."},
	"work_item.type":        {text: "What the work is for."},
	"work_item.state":       {text: "How far the work is."},
	"work_item.opened_at":   {text: "When the item was opened; the earliest report counts."},
	"work_item.started_at":  {text: "When work on it began."},
	"work_item.closed_at":   {text: "When it was done or dropped."},
	"work_item.due_at":      {text: "When it must be done."},
	"work_item.links":       {text: "Links to the item in its source and to what it is about."},

	"flag_change.application":   {role: roleSlug, text: "Slug of the application."},
	"flag_change.origin":        {text: "What the source calls the place of the flag, such as \"launchdarkly:shop\"."},
	"flag_change.repository":    {role: roleRepository, text: "Repository as host/path, where the flag is kept beside the code."},
	"flag_change.environment":   {text: "Name of the environment."},
	"flag_change.flag":          {required: true, text: "Name of the flag."},
	"flag_change.flag_kind":     {text: "What the flag is for."},
	"flag_change.action":        {required: true, text: "What was done; changed is any change of shares or rules."},
	"flag_change.before":        {text: "State of the flag before the change."},
	"flag_change.before.on":     {text: "Whether the flag decides at all."},
	"flag_change.before.shares": {role: roleShare, text: "Share of users, 0 to 1, that gets each variant."},
	"flag_change.before.rules":  {text: "The targeting rules, or the name of their version."},
	"flag_change.after":         {text: "State of the flag after the change."},
	"flag_change.after.on":      {text: "Whether the flag decides at all."},
	"flag_change.after.shares":  {role: roleShare, text: "Share of users, 0 to 1, that gets each variant."},
	"flag_change.after.rules":   {text: "The targeting rules, or the name of their version."},
	"flag_change.actor_kind":    {text: "Sort of actor; persons are never named."},
	"flag_change.at":            {required: true, text: "When the flag was changed."},

	"evidence":             {anyOf: []string{"application", "repository"}},
	"evidence.application": {role: roleSlug, text: "Slug of the application. Required where no repository is named."},
	"evidence.repository":  {role: roleRepository, text: "Repository as host/path; it claims the evidence where no application is named."},
	"evidence.check":       {required: true, text: "What was checked, such as \"dependency-scan\"."},
	"evidence.result":      {required: true, text: "Outcome of the check."},
	"evidence.value":       {text: "What was observed, as people read it, such as \"81.5 %\"."},
	"evidence.link":        {text: "Where the finding can be read."},
	"evidence.at":          {required: true, text: "When it was checked."},

	"measurement.application":   {role: roleSlug, text: "Slug of the application."},
	"measurement.environment":   {text: "Name of the environment."},
	"measurement.series":        {required: true, text: "What the source calls the series, such as \"availability\"."},
	"measurement.slice_seconds": {required: true, role: roleSeconds, text: "Length of every slice; it divides an hour."},
	"measurement.slices":        {required: true, filled: true, anyOf: []string{"good", "bad", "total", "value"}, text: "What was measured, slice by slice; each gives good, bad, total or value."},
	"measurement.slices.at":     {required: true, text: "Beginning of the slice, a multiple of its length since 1970."},
	"measurement.slices.good":   {role: roleAmount, text: "How much was good."},
	"measurement.slices.bad":    {role: roleAmount, text: "How much was bad."},
	"measurement.slices.total":  {role: roleAmount, text: "How much there was."},
	"measurement.slices.value":  {text: "A gauge, such as a latency."},

	"alert.fingerprint": {required: true, text: "Name of the alert: what fires again is the same alert."},
	"alert.labels":      {text: "What the source says of the alert, by label."},
	"alert.starts_at":   {required: true, text: "When the alert began to fire."},
	"alert.ends_at":     {text: "When it ended; missing while it fires."},

	"flag_usage.application":   {role: roleSlug, text: "Slug of the application."},
	"flag_usage.environment":   {text: "Name of the environment."},
	"flag_usage.flag":          {required: true, text: "Name of the flag."},
	"flag_usage.slice_seconds": {required: true, role: roleSeconds, text: "Length of every slice; it divides an hour."},
	"flag_usage.slices":        {required: true, filled: true, text: "How often each variant was served, slice by slice."},
	"flag_usage.slices.at":     {required: true, text: "Beginning of the slice, a multiple of its length since 1970."},
	"flag_usage.slices.counts": {required: true, filled: true, text: "Evaluations by variant."},
}
