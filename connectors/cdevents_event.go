package connectors

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/evenkeel-dev/evenkeel"
)

// cdevent is one CDEvent while it is read. The forms 0.3 to 0.5 differ in what
// is not read: the name of the version, links, addresses.
type cdevent struct {
	*payload
	settings *cdeventsSettings

	id, origin string
	// at is the time of the event.
	at time.Time
	// kind is its type without version, "change.merged".
	kind    string
	subject cdeventsSubject
	content cdeventsContent
	own     cdeventsOwn
}

type cdeventsReference struct {
	ID     string `json:"id"`
	Source string `json:"source"`
}

type cdeventsSubject struct {
	ID      string         `json:"id"`
	Source  string         `json:"source"`
	Content jsontext.Value `json:"content"`
}

// cdeventsContent holds the members of all subjects that are read.
type cdeventsContent struct {
	Environment  cdeventsReference `json:"environment"`
	Service      cdeventsReference `json:"service"`
	Repository   cdeventsReference `json:"repository"`
	Change       cdeventsReference `json:"change"`
	PipelineRun  cdeventsReference `json:"pipelineRun"`
	ArtifactID   string            `json:"artifactId"`
	PipelineName string            `json:"pipelineName"`
	TaskName     string            `json:"taskName"`
	Outcome      string            `json:"outcome"`
	TicketType   string            `json:"ticketType"`
	Group        string            `json:"group"`
	URI          string            `json:"uri"`
}

// cdeventsOwn is our object in the custom data.
type cdeventsOwn struct {
	Application  string              `json:"application"`
	Repository   string              `json:"repository"`
	Commit       string              `json:"commit"`
	Ref          string              `json:"ref"`
	Version      string              `json:"version"`
	Environment  string              `json:"environment"`
	DeploymentID string              `json:"deployment_id"`
	StartedAt    string              `json:"started_at"`
	ChangeKind   evenkeel.ChangeKind `json:"change_kind"`
	RollbackOf   string              `json:"rollback_of"`
	Severity     string              `json:"severity"`
	CausedBy     string              `json:"caused_by"`
}

const cdeventsOwnField = "customData.evenkeel"

func isIgnored(err error) bool { return errors.Is(err, evenkeel.ErrIgnored) }

// one reads one event of a delivery.
func (r *cdeventsReceiver) one(envelope *cloudEvent) ([]evenkeel.Event, error) {
	if envelope.Data == nil {
		return nil, evenkeel.FieldErrors{{Field: envelope.at + "data", Rule: "is missing, or not JSON; it holds the CDEvent"}}
	}
	members, err := jsonMembers(envelope.Data)
	if err != nil {
		return nil, err
	}
	e := &cdevent{payload: &payload{vendor: "CDEvents", members: members}, settings: &r.settings}
	events, err := e.read()
	events, err = e.judge(events, err)
	if broken, ok := errors.AsType[evenkeel.FieldErrors](err); ok {
		return nil, placed(envelope.at, broken)
	}
	return events, err
}

func (e *cdevent) read() ([]evenkeel.Event, error) {
	var context struct {
		ID        string `json:"id"`
		Source    string `json:"source"`
		Type      string `json:"type"`
		Timestamp string `json:"timestamp"`
	}
	e.into("context", &context)
	e.into("subject", &e.subject)
	e.id, e.origin = e.text("context.id", context.ID), e.text("context.source", context.Source)
	read := cdeventsType.FindStringSubmatch(e.text("context.type", context.Type))
	switch {
	case len(e.problems.list) > 0:
		return nil, nil
	case strings.HasPrefix(context.Type, "dev.cdeventsx."):
		return nil, ignored("the custom event %s is not read", shortQuote(context.Type))
	case read == nil:
		e.wrong("context.type", shortQuote(context.Type)+" is not a type of CDEvents, such as dev.cdevents.service.deployed.0.3.0")
		return nil, nil
	case read[3] != "0":
		return nil, ignored("version %s of the event %s.%s is not known", read[3], read[1], read[2])
	}
	e.kind, e.at = read[1]+"."+read[2], e.instant("context.timestamp", context.Timestamp)
	for _, one := range cdeventsKinds() {
		if one.name == e.kind {
			return e.understand(one)
		}
	}
	return nil, ignored("the event %s is not read", e.kind)
}

func (e *cdevent) understand(one cdeventsKind) ([]evenkeel.Event, error) {
	if one.read == nil {
		return nil, ignored("%s", one.facts)
	}
	e.text("subject.id", e.subject.ID)
	if len(e.subject.Content) > 0 {
		e.members["subject.content"] = e.subject.Content
		e.into("subject.content", &e.content)
	}
	e.custom()
	e.source = cdeventsName + ":" + firstText(e.subject.Source, e.origin)
	if len(e.problems.list) > 0 {
		return nil, nil
	}
	return one.read(e)
}

// custom reads our object out of the custom data, which may also be JSON in
// base64.
func (e *cdevent) custom() {
	raw := e.members["customData"]
	if raw.Kind() == '"' {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return
		}
		plain, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return // Whatever it is, it is not ours.
		}
		raw = plain
	}
	var data map[string]jsontext.Value
	if len(raw) == 0 || json.Unmarshal(raw, &data) != nil {
		return
	}
	own, has := data["evenkeel"]
	if !has || own.Kind() == 'n' {
		return
	}
	if err := json.Unmarshal(own, &e.own, json.RejectUnknownMembers(true)); err != nil {
		e.customError(err)
		return
	}
	if e.own.Commit != "" {
		e.own.Commit = e.sha(cdeventsOwnField+".commit", e.own.Commit)
	}
	if name := e.own.Repository; name != "" {
		e.own.Repository = cdeventsRepository(name)
		if e.own.Repository == "" {
			e.wrong(cdeventsOwnField+".repository", shortQuote(name)+" is not a repository, such as github.com/acme/checkout")
		}
	}
}

func (e *cdevent) customError(err error) {
	field, rule := cdeventsOwnField, "is not an object of the members that docs/connectors.md lists"
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok && wrong.JSONPointer != "" {
		field, rule = jsonPath(field, wrong.JSONPointer), "is not of the type that docs/connectors.md says"
		if errors.Is(err, json.ErrUnknownName) {
			rule = "is not a member that is known; docs/connectors.md lists them"
		}
	}
	e.wrong(field, rule)
}

// cdeventsRepository is a repository by its address or its name with a host;
// empty if it is neither.
func cdeventsRepository(text string) string {
	if isURL(text) {
		return GitRepositoryName(text)
	}
	return GitRepositoryName("https://" + text)
}

// repository is what a fact is claimed by: named by ourselves, by an address,
// or by source and id.
func (e *cdevent) repository(r cdeventsReference) string {
	base := strings.TrimSuffix(r.Source, "/")
	switch {
	case e.own.Repository != "":
		return e.own.Repository
	case r.ID == "":
		return ""
	case isURL(r.ID):
		return GitRepositoryName(r.ID)
	case strings.HasSuffix(base, "/"+r.ID) && isURL(base):
		return GitRepositoryName(base)
	case isURL(base):
		return GitRepositoryName(base + "/" + r.ID)
	case e.settings.RepositoryHost != "":
		return GitRepositoryName("https://" + e.settings.RepositoryHost + "/" + r.ID)
	}
	return ""
}

// environment is the name of an environment by its id.
func (e *cdevent) environment() string {
	id := firstText(e.own.Environment, e.content.Environment.ID)
	return firstText(e.settings.Environments[id], id)
}

// cdeventsOrigin is the origin of what concerns a service.
func cdeventsOrigin(id string) string {
	if id == "" {
		return ""
	}
	return cdeventsName + ":" + id
}

func (e *cdevent) startedAt() time.Time {
	return e.instantIfAny(cdeventsOwnField+".started_at", e.own.StartedAt)
}
