package connectors

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// gitlabMostCommits is how many commits of a merge request are read, and
	// gitlabMostNotes how many comments.
	gitlabMostCommits = 1000
	gitlabMostNotes   = 2000
)

// gitlabListedRequest is a merge request in a list of the interface, which
// calls some of its members otherwise than a webhook does.
type gitlabListedRequest struct {
	gitlabRequest
	Labels []string    `json:"labels"`
	SHA    string      `json:"sha"`
	Author *gitlabUser `json:"author"`
}

// told is the request as a webhook tells of it.
func (r gitlabListedRequest) told() gitlabRequest {
	request := r.gitlabRequest
	for _, label := range r.Labels {
		request.Labels = append(request.Labels, gitlabLabel{label})
	}
	if r.Author != nil {
		request.AuthorID = r.Author.ID
	}
	if r.SHA != "" {
		request.LastCommit = &gitlabHead{r.SHA}
	}
	return request
}

// gitlabListedCommit is a commit in a list of the interface, without those who
// wrote it.
type gitlabListedCommit struct {
	ID          string   `json:"id"`
	Parents     []string `json:"parent_ids"`
	Message     string   `json:"message,omitempty"`
	AuthoredAt  string   `json:"authored_date"`
	CommittedAt string   `json:"committed_date"`
}

// gitlabNote is a comment. What people wrote is not kept, only what GitLab
// itself notes.
type gitlabNote struct {
	System    bool        `json:"system"`
	Body      string      `json:"body,omitempty"`
	Author    *gitlabUser `json:"author"`
	CreatedAt string      `json:"created_at"`
}

// request is a merge request with its commits and with what happened to it.
func (l *gitlabList) request(ctx context.Context, element json.RawMessage) (record, error) {
	var listed gitlabListedRequest
	if err := gitlabRead("a merge request", element, &listed); err != nil {
		return record{}, err
	}
	one := "merge_requests/" + strconv.FormatInt(listed.IID, 10)
	commits, err := gitlabAll[gitlabListedCommit](ctx, l, one+"/commits", gitlabQuery{}, gitlabMostCommits)
	if err != nil {
		return record{}, err
	}
	for i := range commits {
		commits[i].Message = ""
	}
	notes, err := gitlabAll[gitlabNote](ctx, l, one+"/notes", gitlabQuery{OrderBy: "created_at", Sort: "asc"}, gitlabMostNotes)
	if err != nil {
		return record{}, err
	}
	for i := range notes {
		if !notes[i].System {
			notes[i].Body = ""
		}
	}
	d, err := l.document(gitlabRequestEvent, gitlabRequestEvent, map[string]any{
		"user": listed.Author, "object_attributes": listed.told(), "commits": commits, "notes": notes,
	})
	return record{id: one, at: githubTime(listed.UpdatedAt), documents: []Document{d}}, err
}

// gitlabAll reads a list that hangs on a record.
func gitlabAll[T any](ctx context.Context, l *gitlabList, what string, query gitlabQuery, most int) ([]T, error) {
	elements, err := l.all(ctx, l.at+what, query, most)
	if err != nil {
		return nil, err
	}
	list := make([]T, len(elements))
	for i, element := range elements {
		if err := gitlabRead("an element of "+what, element, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// gitlabListedDeployment is a deployment in a list of the interface.
type gitlabListedDeployment struct {
	ID          int64       `json:"id"`
	Ref         string      `json:"ref"`
	SHA         string      `json:"sha"`
	Status      string      `json:"status"`
	CreatedAt   string      `json:"created_at"`
	UpdatedAt   string      `json:"updated_at"`
	User        *gitlabUser `json:"user"`
	Environment struct {
		Name string `json:"name"`
	} `json:"environment"`
	Deployable *struct {
		ID         int64  `json:"id"`
		StartedAt  string `json:"started_at"`
		FinishedAt string `json:"finished_at"`
	} `json:"deployable"`
}

// ran says when a deployment began and ended. One without a job began when it
// was made, if it was made before it came to its end, and ended with its last
// change.
func (d *gitlabListedDeployment) ran() (started, ended string) {
	if d.Deployable != nil {
		return d.Deployable.StartedAt, firstText(d.Deployable.FinishedAt, d.UpdatedAt)
	}
	if githubTime(d.UpdatedAt).Sub(githubTime(d.CreatedAt)) > time.Second || d.Status == "running" {
		started = d.CreatedAt
	}
	return started, d.UpdatedAt
}

// deployments lists deployments by their last change.
func (l *gitlabList) deployments(ctx context.Context, at place) (listing, error) {
	return l.updated(ctx, "deployments", gitlabQuery{}, at, func(element json.RawMessage) (record, error) {
		var made gitlabListedDeployment
		if err := gitlabRead("a deployment", element, &made); err != nil {
			return record{}, err
		}
		return l.deployment(ctx, &made)
	})
}

// deployment is told as its webhooks would have: when it began, and how it
// ended. What nothing runs of yet shows again at the top once it does.
func (l *gitlabList) deployment(ctx context.Context, made *gitlabListedDeployment) (record, error) {
	r := record{id: strconv.FormatInt(made.ID, 10), at: githubTime(made.UpdatedAt)}
	if status, known := gitlabStatus(made.Status); known && status == "" {
		return r, nil
	}
	tier, err := l.tier(ctx, made.Environment.Name)
	if err != nil {
		return r, err
	}
	tell := func(status, at string) error {
		d, err := l.document("Deployment Hook", "deployment", map[string]any{
			"deployment_id": made.ID, "status": status, "status_changed_at": at, "environment": made.Environment.Name, "environment_tier": tier,
			"ref": made.Ref, "commit_url": l.project.WebURL + "/-/commit/" + made.SHA, "short_sha": made.SHA[:min(8, len(made.SHA))], "user": made.User,
		})
		r.documents = append(r.documents, d)
		return err
	}
	started, ended := made.ran()
	if started != "" {
		err = tell("running", started)
	}
	if err == nil && made.Status != "running" {
		err = tell(made.Status, ended)
	}
	if err != nil || made.Status != "success" {
		return r, err
	}
	older, err := l.shipped(ctx, r.id)
	r.documents = append(r.documents, older...)
	return r, err
}

// shipped are the merge requests that GitLab says a deployment has shipped,
// but for those that their own list shows: they were last touched before the
// past that is read.
func (l *gitlabList) shipped(ctx context.Context, deployment string) (documents []Document, err error) {
	requests, err := l.all(ctx, l.at+"deployments/"+deployment+"/merge_requests", gitlabQuery{}, gitlabMostCommits)
	if err != nil {
		return nil, err
	}
	for _, element := range requests {
		var short struct {
			UpdatedAt string `json:"updated_at"`
		}
		if err := gitlabRead("a merge request", element, &short); err != nil {
			return nil, err
		}
		if !githubTime(short.UpdatedAt).Before(l.since) {
			continue
		}
		r, err := l.request(ctx, element)
		if err != nil {
			return nil, err
		}
		documents = append(documents, r.documents...)
	}
	return documents, nil
}

// tier is that of an environment, which GitLab leaves out of its deployments;
// empty where the environment is gone.
func (l *gitlabList) tier(ctx context.Context, environment string) (string, error) {
	if l.tiers == nil {
		list, err := gitlabAll[struct {
			Name string `json:"name"`
			Tier string `json:"tier"`
		}](ctx, l, "environments", gitlabQuery{}, maxRecords)
		if err != nil {
			return "", err
		}
		l.tiers = map[string]string{}
		for _, one := range list {
			l.tiers[one.Name] = one.Tier
		}
	}
	return l.tiers[environment], nil
}

// gitlabListedJob is a job in a list of the interface.
type gitlabListedJob struct {
	ID         int64       `json:"id"`
	Name       string      `json:"name"`
	Status     string      `json:"status"`
	Ref        string      `json:"ref"`
	Tag        bool        `json:"tag"`
	CreatedAt  string      `json:"created_at"`
	StartedAt  string      `json:"started_at"`
	FinishedAt string      `json:"finished_at"`
	User       *gitlabUser `json:"user"`
	Commit     *gitlabHead `json:"commit"`
	Pipeline   struct {
		ID  int64  `json:"id"`
		SHA string `json:"sha"`
	} `json:"pipeline"`
}

// jobs lists jobs by their id, the newest first, which GitLab gives by keyset.
func (l *gitlabList) jobs(ctx context.Context, after string) ([]record, string, error) {
	query := gitlabQuery{Pagination: "keyset", OrderBy: "id", Sort: "desc", PerPage: gitlabPage}
	var page []json.RawMessage
	pages, err := l.api.get(ctx, l.at+"jobs", &query, after, &page)
	if err != nil {
		return nil, "", err
	}
	if len(page) == 0 {
		pages.more = "" // GitLab leads on from every full page.
	}
	list, err := records(page, func(element json.RawMessage) (record, error) { return l.job(ctx, element) })
	return list, pages.more, err
}

func (l *gitlabList) jobAgain(ctx context.Context, id string) (record, error) {
	var element json.RawMessage
	if _, err := l.api.get(ctx, l.at+"jobs/"+id, nil, "", &element); err != nil {
		return record{}, err
	}
	return l.job(ctx, element)
}

// job is a job, told only where a rule makes a deployment of it that no
// environment tells of.
func (l *gitlabList) job(ctx context.Context, element json.RawMessage) (record, error) {
	var job gitlabListedJob
	if err := gitlabRead("a job", element, &job); err != nil {
		return record{}, err
	}
	r := record{id: strconv.FormatInt(job.ID, 10), at: githubTime(job.CreatedAt)}
	status, known := gitlabStatus(job.Status)
	_, fits := l.settings.job(gitlabJob{name: job.Name, ref: job.Ref, tag: job.Tag}, l.project.DefaultBranch)
	if !fits {
		return r, nil
	}
	r.open = known && (status == "" || job.Status == "running") && job.Status != "skipped"
	if known && status == "" {
		return r, nil
	}
	deploys, err := l.deploys(ctx, &job)
	if err != nil || deploys {
		return r, err
	}
	retries, err := l.retries(ctx, &job)
	if err != nil {
		return r, err
	}
	sha := job.Pipeline.SHA
	if job.Commit != nil {
		sha = firstText(job.Commit.ID, sha)
	}
	d, err := l.document("Job Hook", "build", map[string]any{
		"build_id": job.ID, "pipeline_id": job.Pipeline.ID, "retries_count": retries, "build_name": job.Name, "build_status": job.Status,
		"ref": job.Ref, "tag": job.Tag, "sha": sha, "user": job.User,
		"build_created_at": job.CreatedAt, "build_started_at": job.StartedAt, "build_finished_at": job.FinishedAt,
	})
	r.documents = []Document{d}
	return r, err
}

// deploys says whether a job deploys to an environment, of which the
// deployments tell. GitLab does not say so of a job, but names it in the
// deployment, which changes last when the job ends.
func (l *gitlabList) deploys(ctx context.Context, job *gitlabListedJob) (bool, error) {
	end := githubTime(job.FinishedAt)
	if end.IsZero() {
		end = l.outside.Now()
	}
	list, err := gitlabAll[gitlabListedDeployment](ctx, l, "deployments", gitlabQuery{
		OrderBy: "updated_at", Sort: "asc", UpdatedAfter: gitlabText(githubTime(job.CreatedAt)), UpdatedBefore: gitlabText(end.Add(24 * time.Hour)),
	}, maxRecords)
	for _, one := range list {
		if one.Deployable != nil && one.Deployable.ID == job.ID {
			return true, err
		}
	}
	return false, err
}

// retries counts the earlier jobs of a name in a pipeline, which a webhook
// says of itself.
func (l *gitlabList) retries(ctx context.Context, job *gitlabListedJob) (n int, err error) {
	list, err := gitlabAll[gitlabListedJob](ctx, l, "pipelines/"+strconv.FormatInt(job.Pipeline.ID, 10)+"/jobs", gitlabQuery{IncludeRetried: true}, maxRecords)
	for _, one := range list {
		if one.Name == job.Name && one.ID < job.ID {
			n++
		}
	}
	return n, err
}

// incidents lists issues by their last change; of those that are incidents
// also what happened to them.
func (l *gitlabList) incidents(ctx context.Context, at place) (listing, error) {
	query := gitlabQuery{Scope: "all", State: "all"}
	if len(l.settings.IncidentLabels) == 0 {
		query.IssueType = "incident"
	}
	return l.updated(ctx, "issues", query, at, func(element json.RawMessage) (record, error) {
		return l.incident(ctx, element, at.since.After(l.since))
	})
}

// gitlabListedIssue is an issue in a list of the interface.
type gitlabListedIssue struct {
	gitlabIssue
	IID    int64    `json:"iid"`
	Kind   string   `json:"issue_type"`
	Labels []string `json:"labels"`
}

// incident is an issue that is an incident, or in the news one that may have
// been: nobody else tells that a label was taken away.
func (l *gitlabList) incident(ctx context.Context, element json.RawMessage, news bool) (record, error) {
	var listed gitlabListedIssue
	if err := gitlabRead("an issue", element, &listed); err != nil {
		return record{}, err
	}
	issue := listed.gitlabIssue
	issue.Type = strings.ToLower(firstText(listed.Kind, issue.Type))
	for _, label := range listed.Labels {
		issue.Labels = append(issue.Labels, gitlabLabel{label})
	}
	one := "issues/" + strconv.FormatInt(listed.IID, 10)
	r := record{id: one, at: githubTime(issue.UpdatedAt)}
	is := gitlabIncident(issue.Type) || l.settings.incident(issue.Labels...)
	if !is && !news {
		return r, nil
	}
	labels, err := gitlabAll[gitlabHappened](ctx, l, one+"/resource_label_events", gitlabQuery{}, gitlabMostNotes)
	if err != nil || !is && !slices.ContainsFunc(labels, l.settings.unmarks) {
		return r, err
	}
	states, err := gitlabAll[gitlabHappened](ctx, l, one+"/resource_state_events", gitlabQuery{}, gitlabMostNotes)
	if err != nil {
		return r, err
	}
	d, err := l.document(gitlabIssueEvent, gitlabIssueEvent, map[string]any{"object_attributes": issue, "states": states, "labelled": labels})
	r.documents = []Document{d}
	return r, err
}

// gitlabHappened is a change of an issue's state or labels.
type gitlabHappened struct {
	State     string `json:"state,omitempty"`
	Action    string `json:"action,omitempty"`
	CreatedAt string `json:"created_at"`
	Label     *struct {
		Name string `json:"name"`
	} `json:"label,omitempty"`
}
