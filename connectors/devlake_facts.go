package connectors

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// deployments reads a deployment. Each of its commits is a record, and the
// records of one deployment are a group. The older form is one commit.
func (d *devlakeDelivery) deployments() []evenkeel.Event {
	body := d.body
	commits := body.objects("deploymentCommits")
	id := body.text("id", "pipelineId")
	listed, place := body.find("deploymentCommits")
	flat := listed == nil && body.text("commitSha") != ""
	if flat {
		commits = []devlakeObject{body}
	} else if listed == nil {
		d.add(place, "is required")
	}
	if id == "" && !flat {
		d.add("id", "is required")
	}
	var events []evenkeel.Event
	for _, commit := range commits {
		if e, counts := d.commit(id, commit); counts {
			events = append(events, e)
		}
	}
	if len(commits) == 0 { // It counts, and ships nothing that is known.
		if e, counts := d.record(id, id, body, &evenkeel.Deployment{}); counts {
			events = append(events, e)
		}
	}
	if len(events) == 0 && d.ignored == "" {
		d.ignored = "nothing of it ran"
	}
	if len(events) > 0 {
		d.ignored = ""
	}
	return events
}

// commit is the record of one commit of a deployment.
func (d *devlakeDelivery) commit(id string, o devlakeObject) (evenkeel.Event, bool) {
	repository := d.repository(o)
	sha := o.required("commitSha")
	facts := &evenkeel.Deployment{Repository: repository, Ref: devlakeRef(o.text("refName"))}
	if lower := strings.ToLower(sha); evenkeel.ValidSHA(lower) {
		facts.Commit = lower
		sha = lower
	} else {
		facts.Version = sha // A tag, or the start of a commit id: nobody can be sure which commit it is.
	}
	record := repository + "@" + sha
	if id != "" {
		record = id + "/" + record
	}
	return d.record(record, id, o, facts)
}

// record fills in what the commits of a deployment share. It is false for what
// never ran.
func (d *devlakeDelivery) record(record, id string, o devlakeObject, facts *evenkeel.Deployment) (evenkeel.Event, bool) {
	body := d.body
	facts.Application, facts.Origin = d.settings.Application, d.source
	facts.Environment = strings.ToLower(firstText(body.text("environment"), "production"))
	facts.StartedAt = firstInstant(o.instant("startedDate", "startTime"), body.instant("startedDate", "startTime"), o.instant("createdDate", "createTime"))
	status, ran := d.status(o)
	facts.Status = status
	if status != evenkeel.StatusRunning {
		facts.FinishedAt = firstInstant(o.instant("finishedDate", "endTime"), body.instant("finishedDate", "endTime"), d.arrived)
	}
	if id != "" {
		facts.Group = d.source + "/" + id
	}
	return d.event(record, facts), ran
}

// status is the result of a commit, else that of the deployment, else a
// success. ran is false for what was skipped.
func (d *devlakeDelivery) status(o devlakeObject) (status evenkeel.DeploymentStatus, ran bool) {
	result, place := o.text("result"), o.at+"result"
	if result == "" {
		result, place = d.body.text("result"), "result"
	}
	state := strings.ToUpper(firstText(o.text("status"), d.body.text("status")))
	if result == "" && slices.Contains([]string{"IN_PROGRESS", "RUNNING", "QUEUED"}, state) {
		return evenkeel.StatusRunning, true
	}
	switch strings.ToUpper(result) {
	case "", "SUCCESS", "SUCCEEDED":
		return evenkeel.StatusSuccess, true
	case "FAILURE", "FAILED", "ERROR":
		return evenkeel.StatusFailure, true
	case "ABORT", "ABORTED", "CANCELED", "CANCELLED":
		return evenkeel.StatusCancelled, true
	case "IN_PROGRESS", "RUNNING":
		return evenkeel.StatusRunning, true
	case "MANUAL", "SKIPPED":
		d.ignored = "the result is " + strings.ToUpper(result) + ": nothing ran"
		return "", false
	}
	d.add(place, shortQuote(result)+" is none of SUCCESS, FAILURE, ABORT, MANUAL and SKIPPED")
	return "", false
}

func (d *devlakeDelivery) repository(o devlakeObject) string {
	name := devlakeRepository(o.required("repoUrl"))
	if isURL(name) {
		_, place := o.find("repoUrl")
		d.add(place, shortQuote(name)+" is not the address of a repository, such as https://github.com/acme/checkout")
	}
	return name
}

// devlakeRepository is the name of a repository by its address. DevLake takes
// any unique text; one that is no address is kept in lower case.
func devlakeRepository(address string) string {
	if name := GitRepositoryName(address); name != "" {
		return name
	}
	host, _, path := strings.Cut(address, "/")
	if path && strings.Contains(host, ".") && !strings.Contains(address, "://") {
		if name := GitRepositoryName("https://" + address); name != "" {
			return name
		}
	}
	return strings.ToLower(address)
}

func devlakeRef(ref string) string {
	for _, prefix := range []string{"refs/heads/", "refs/tags/", "origin/"} {
		ref = strings.TrimPrefix(ref, prefix)
	}
	return ref
}

func firstInstant(list ...time.Time) time.Time {
	for _, at := range list {
		if !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// issue reads an issue, which is an incident if its type says so.
func (d *devlakeDelivery) issue() []evenkeel.Event {
	o := d.body
	key := o.required("issueKey")
	kind := o.text("type")
	facts := &evenkeel.Incident{Application: d.settings.Application, Origin: d.source, Severity: strings.ToLower(o.text("severity"))}
	facts.OpenedAt = o.instant("createdDate")
	if facts.OpenedAt.IsZero() && !d.said("createdDate") {
		d.add("createdDate", "is required")
	}
	facts.ResolvedAt = o.instant("resolutionDate")
	done := strings.EqualFold(o.text("status"), "DONE")
	if updated := o.instant("updatedDate"); facts.ResolvedAt.IsZero() && done {
		facts.ResolvedAt = updated
	}
	if !slices.ContainsFunc(d.settings.IncidentTypes, func(name string) bool { return strings.EqualFold(name, kind) }) {
		d.ignored = "the issue is of type " + shortQuote(kind) + ", which the setting incident_types does not list"
		return nil
	}
	e := d.event(devlakeIssue(key), facts)
	if facts.ResolvedAt.IsZero() && !done {
		e.Cleared = append(e.Cleared, "resolved_at")
	}
	return []evenkeel.Event{e}
}

func devlakeIssue(key string) string { return "issue:" + key }

// closed resolves an incident at the arrival of the request, which is all that
// is known. An incident that nobody opened has no start and counts nowhere.
func (d *devlakeDelivery) closed(issue string) []evenkeel.Event {
	key, err := url.PathUnescape(issue)
	if err != nil {
		key = issue
	}
	if d.arrived.IsZero() {
		d.add(ArrivalHeader, "is missing; it says when the issue was closed")
		return nil
	}
	e := d.event(devlakeIssue(key), &evenkeel.Incident{Application: d.settings.Application, Origin: d.source, ResolvedAt: d.arrived})
	e.ObservedAt = e.ObservedAt.Add(time.Microsecond) // It holds against an issue of the same instant.
	return []evenkeel.Event{e}
}

// pullRequest reads a change. DevLake names repositories by ids of its own, so
// the address of the request tells which one it is.
func (d *devlakeDelivery) pullRequest() []evenkeel.Event {
	o := d.body
	facts := &evenkeel.Change{Application: d.settings.Application, OpenedAt: o.instant("createdDate"), MergedAt: o.instant("mergedDate"), ClosedAt: o.instant("closedDate")}
	number, rule := parseWhole(o.required("pullRequestKey"))
	if rule != "" && !d.said("pullRequestKey") {
		d.add("pullRequestKey", rule)
	}
	facts.Number = int(number)
	address := o.required("url")
	if facts.Repository = devlakeForge(address); facts.Repository == "" && address != "" {
		d.add("url", shortQuote(address)+" does not show the repository; write the address of the request, such as https://github.com/acme/checkout/pull/7")
	}
	facts.MergeCommit, facts.Head, facts.Base = o.sha("mergeCommitSha"), o.sha("headCommitSha"), devlakeRef(o.text("baseRef"))
	facts.State = d.state(facts)
	return []evenkeel.Event{d.event("pull_request:"+o.text("pullRequestKey"), facts)}
}

func (d *devlakeDelivery) state(facts *evenkeel.Change) evenkeel.ChangeState {
	state := d.body.text("status")
	switch strings.ToUpper(state) {
	case "MERGED":
		return evenkeel.ChangeMerged
	case "CLOSED":
		return evenkeel.ChangeClosed
	case "OPEN":
		return evenkeel.ChangeOpen
	case "":
		if !facts.MergedAt.IsZero() {
			return evenkeel.ChangeMerged
		}
		return ""
	}
	d.add("status", shortQuote(state)+" is none of OPEN, CLOSED and MERGED")
	return ""
}

// sha is a full commit id; anything else is unknown.
func (o devlakeObject) sha(name string) string {
	text := strings.ToLower(o.text(name))
	if !evenkeel.ValidSHA(text) {
		return ""
	}
	return text
}

// devlakeForge is the repository of the address of a pull or merge request.
func devlakeForge(address string) string {
	for _, mark := range []string{"/-/merge_requests/", "/merge_requests/", "/pull-requests/", "/pullrequest/", "/pulls/", "/pull/"} {
		if at := strings.LastIndex(address, mark); at > 0 {
			return GitRepositoryName(address[:at])
		}
	}
	return ""
}
