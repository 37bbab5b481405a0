package connectors

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// Labels and annotations of Tekton, and of Pipelines-as-Code.
const (
	tektonLabel = "tekton.dev/"
	tektonCode  = "pipelinesascode.tekton.dev/"
)

// tektonRun is a PipelineRun or a TaskRun. Tekton sends them in the form of
// v1beta1, where results have names of their own; that of v1 is read too.
type tektonRun struct {
	Metadata struct {
		Name         string            `json:"name"`
		GenerateName string            `json:"generateName"`
		Namespace    string            `json:"namespace"`
		UID          string            `json:"uid"`
		Created      string            `json:"creationTimestamp"`
		Labels       map[string]string `json:"labels"`
		Annotations  map[string]string `json:"annotations"`
		Owners       []struct {
			Kind string `json:"kind"`
			UID  string `json:"uid"`
		} `json:"ownerReferences"`
	} `json:"metadata"`
	Spec struct {
		Params      []tektonValue `json:"params"`
		PipelineRef tektonRef     `json:"pipelineRef"`
		TaskRef     tektonRef     `json:"taskRef"`
	} `json:"spec"`
	Status struct {
		Conditions      []tektonCondition `json:"conditions"`
		StartTime       string            `json:"startTime"`
		CompletionTime  string            `json:"completionTime"`
		PipelineResults []tektonValue     `json:"pipelineResults"`
		TaskResults     []tektonValue     `json:"taskResults"`
		Results         []tektonValue     `json:"results"`
	} `json:"status"`
}

type tektonRef struct {
	Name string `json:"name"`
}

// tektonValue is a parameter or a result; its value may be a list or an object,
// too.
type tektonValue struct {
	Name  string         `json:"name"`
	Value jsontext.Value `json:"value"`
}

// text is a value that is a text; else it is empty.
func (v tektonValue) text() (text string) {
	if v.Value.Kind() != '"' || json.Unmarshal(v.Value, &text) != nil {
		return ""
	}
	return strings.TrimSpace(text)
}

type tektonCondition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Changed string `json:"lastTransitionTime"`
}

// one reads one event. Its type is not looked at: the run itself says how it
// stands.
func (r *tektonReceiver) one(envelope *cloudEvent) ([]evenkeel.Event, error) {
	if envelope.Data == nil {
		return nil, evenkeel.FieldErrors{{Field: envelope.at + "data", Rule: "is missing, or not JSON; it holds the run"}}
	}
	members, err := jsonMembers(envelope.Data)
	if err != nil {
		return nil, err
	}
	p := &payload{vendor: "Tekton", source: r.source, members: members}
	var run tektonRun
	switch {
	case members["pipelineRun"] != nil:
		p.into("pipelineRun", &run)
		return p.judge(r.pipelineRun(p, &run))
	case members["taskRun"] != nil:
		p.into("taskRun", &run)
		return p.judge(r.taskRun(p, &run))
	case members["customRun"] != nil:
		return nil, ignored("runs of custom tasks are not read")
	}
	return nil, evenkeel.FieldErrors{{Field: envelope.at + "data.pipelineRun", Rule: "is missing, and taskRun too; the event is not one of Tekton"}}
}

func (r *tektonReceiver) pipelineRun(p *payload, run *tektonRun) ([]evenkeel.Event, error) {
	labels := run.Metadata.Labels
	name := firstText(labels[tektonCode+"original-prname"], run.Spec.PipelineRef.Name, labels[tektonLabel+"pipeline"], run.ownName())
	one, at := r.run(p, run, "pipelineRun", name)
	return r.alone(p, one, at)
}

// taskRun reads a task: one of a pipeline may be a deployment, and one that
// runs alone is like a pipeline of one task.
func (r *tektonReceiver) taskRun(p *payload, run *tektonRun) ([]evenkeel.Event, error) {
	labels := run.Metadata.Labels
	if labels[tektonLabel+"pipelineRun"] == "" {
		one, at := r.run(p, run, "taskRun", firstText(run.Spec.TaskRef.Name, labels[tektonLabel+"task"], run.ownName()))
		return r.alone(p, one, at)
	}
	one, at := r.run(p, run, "taskRun", firstText(labels[tektonCode+"original-prname"], labels[tektonLabel+"pipeline"], labels[tektonLabel+"pipelineRun"]))
	one.job = firstText(labels[tektonLabel+"pipelineTask"], labels[tektonLabel+"task"], run.Metadata.Name)
	for _, owner := range run.Metadata.Owners {
		if owner.Kind == "PipelineRun" && owner.UID != "" {
			one.run = "pipelinerun:" + owner.UID
		}
	}
	rule, fits := ruleFor(r.settings.Deployments, one)
	if !fits {
		return nil, ignored("no rule of the setting deployments fits the task %s", shortQuote(one.job))
	}
	return p.deployed(rule, one, at), nil
}

// alone reads a run that is part of no other.
func (r *tektonReceiver) alone(p *payload, run pipelineRun, at time.Time) ([]evenkeel.Event, error) {
	var events []evenkeel.Event
	if run.commit != "" {
		events = append(events, p.event(run.id, at, run.build()))
	}
	if rule, fits := ruleFor(r.settings.Deployments, run); fits {
		events = append(events, p.deployed(rule, run, at)...)
	}
	if len(events) == 0 {
		return nil, ignored("no result and no parameter of the run names a commit and its repository; the settings commit_names and repository_names say under which names")
	}
	return events, nil
}

// run is what a run of either kind tells, as of when.
func (r *tektonReceiver) run(p *payload, run *tektonRun, member, name string) (one pipelineRun, at time.Time) {
	m, status, field := run.Metadata, run.Status, member+"."
	one = pipelineRun{
		id: strings.ToLower(member) + ":" + p.text(field+"metadata.uid", m.UID), pipeline: m.Namespace + "/" + p.text(field+"metadata.name", name),
		queued: p.instant(field+"metadata.creationTimestamp", m.Created), started: p.instantIfAny(field+"status.startTime", status.StartTime),
	}
	one.origin = originOf(r.source, one.pipeline)
	at = one.queued
	for _, c := range status.Conditions {
		if c.Type != "Succeeded" {
			continue
		}
		changed := p.instantIfAny(field+"status.conditions.lastTransitionTime", c.Changed)
		if at = latest(at, one.started, changed); c.Status == "Unknown" {
			continue
		}
		one.result = p.tektonResult(field, c)
		if one.ended = p.instantIfAny(field+"status.completionTime", status.CompletionTime); one.ended.IsZero() {
			one.ended = at
		}
		at = one.ended
	}
	r.revision(&one, run)
	return one, at
}

// tektonResult is how a run ended. That it was cancelled only its reason tells.
func (p *payload) tektonResult(field string, c tektonCondition) evenkeel.BuildResult {
	switch {
	case c.Status == "True":
		return evenkeel.BuildSuccess
	case c.Status != "False":
		p.wrong(field+"status.conditions.status", shortQuote(c.Status)+" is none of True, False and Unknown")
		return ""
	case strings.Contains(c.Reason, "Cancel") || strings.Contains(c.Reason, "Stopped"):
		return evenkeel.BuildCancelled
	}
	return evenkeel.BuildFailure
}

// ownName is the name of a run that refers to no definition, without what makes
// it unique.
func (run *tektonRun) ownName() string {
	return firstText(strings.TrimSuffix(run.Metadata.GenerateName, "-"), run.Metadata.Name)
}

// revision is what the run works on. Both repository and commit are known, or
// neither.
func (r *tektonReceiver) revision(one *pipelineRun, run *tektonRun) {
	m := run.Metadata
	told := append(append(append([]tektonValue{}, run.Status.PipelineResults...), run.Status.TaskResults...), run.Status.Results...)
	commit := firstText(tektonFind(r.settings.CommitNames, told, tektonSHA), tektonSHA(m.Annotations[tektonCode+"sha"]), tektonSHA(m.Labels[tektonCode+"sha"]), tektonFind(r.settings.CommitNames, run.Spec.Params, tektonSHA))
	repository := firstText(tektonFind(r.settings.RepositoryNames, told, GitRepositoryName), GitRepositoryName(m.Annotations[tektonCode+"repo-url"]), tektonFind(r.settings.RepositoryNames, run.Spec.Params, GitRepositoryName))
	if commit != "" && repository != "" {
		one.commit, one.repository = commit, repository
	}
	ref := firstText(m.Annotations[tektonCode+"branch"], tektonFind(r.settings.CommitNames, run.Spec.Params, func(text string) string {
		if tektonSHA(text) != "" {
			return ""
		}
		return text
	}))
	if tag, tagged := strings.CutPrefix(ref, "refs/tags/"); tagged {
		one.tag = tag
	} else {
		one.branch = strings.TrimPrefix(ref, "refs/heads/")
	}
	kind := strings.ToLower(firstText(m.Annotations[tektonCode+"event-type"], m.Labels[tektonCode+"event-type"]))
	one.foreign = m.Labels[tektonCode+"pull-request"] != "" || strings.Contains(kind, "pull") || strings.Contains(kind, "merge")
}

// tektonFind is the first value under a name of which something can be read.
func tektonFind(names []string, values []tektonValue, read func(string) string) string {
	for _, name := range names {
		for _, one := range values {
			if one.Name == name {
				if found := read(one.text()); found != "" {
					return found
				}
			}
		}
	}
	return ""
}

// tektonSHA is a full commit id; empty if the text is none.
func tektonSHA(text string) string {
	if text = strings.ToLower(text); evenkeel.ValidSHA(text) {
		return text
	}
	return ""
}
