package connectors

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// servicenowValue is a column as it is kept and as people see it.
type servicenowValue struct {
	Value   string `json:"value"`
	Display string `json:"display_value"`
}

// servicenowReading is a document while it is read.
type servicenowReading struct {
	*payload
	settings *servicenowSettings
	record   map[string]servicenowValue
}

// value is that of a column; empty where there is none.
func (d *servicenowReading) value(column string) string { return d.record[column].Value }

// at is an instant in a column, in UTC; zero where it is empty.
func (d *servicenowReading) at(column string) time.Time {
	text := d.value(column)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.DateTime, text)
	if err != nil {
		d.wrong("record."+column+".value", shortQuote(text)+` is not a time such as "2026-03-01 12:00:00"`)
		return time.Time{}
	}
	return d.instant("record."+column+".value", at.Format(time.RFC3339))
}

// known is a column that has to be there.
func (d *servicenowReading) known(column string) time.Time {
	if d.value(column) == "" {
		d.wrong("record."+column+".value", "is required; may the user read the column?")
	}
	return d.at(column)
}

// number is what people call the record.
func (d *servicenowReading) number() string {
	return d.text("record.number.value", d.value("number"))
}

// servicenowStep sets updates of one second apart, of which ServiceNow keeps
// the number.
const servicenowStep = 100 * time.Microsecond

// updated is when the record, or what a column leads to, was last updated.
func (d *servicenowReading) updated(before string) time.Time {
	count, _ := strconv.Atoi(d.value(before + "sys_mod_count"))
	at := d.at(before + "sys_updated_on")
	if at.IsZero() {
		return at
	}
	return at.Add(time.Duration(max(0, min(count, 9999))) * servicenowStep)
}

// now tells of the record as it stands.
func (d *servicenowReading) now(facts evenkeel.Payload) evenkeel.Event {
	d.known("sys_updated_on")
	return d.event(d.number(), d.updated(""), facts)
}

// incident reads a record of the table incident.
func (d *servicenowReading) incident() ([]evenkeel.Event, error) {
	if d.settings.Incidents == nil {
		return nil, ignored("the settings name no incidents any more")
	}
	state := d.value("state")
	facts := &evenkeel.Incident{OpenedAt: d.known("opened_at"), Severity: d.severity(), ReopenedAt: d.at("reopened_time")}
	if d.text("record.state.value", state); slices.Contains(d.settings.Cancelled, state) {
		e := d.now(facts)
		e.Deleted = true
		return []evenkeel.Event{e}, nil
	}
	if slices.Contains(d.settings.Resolved, state) {
		if facts.ResolvedAt = d.at("resolved_at"); facts.ResolvedAt.IsZero() {
			facts.ResolvedAt = d.at("closed_at")
		}
	}
	rule := d.place()
	facts.Application, facts.Origin = rule.Application, d.origin()
	facts.Environment = firstText(rule.Environment, d.settings.Environment)
	e := d.now(facts)
	e.Cleared = cleared(map[string]bool{"resolved_at": facts.ResolvedAt.IsZero()})
	return append([]evenkeel.Event{whole(e, facts)}, d.cause()...), nil
}

// cause tells of the deployment that caused an incident. It is known since the
// incident or its change request was last updated.
func (d *servicenowReading) cause() []evenkeel.Event {
	if d.settings.Deployment.Field == "" {
		return nil
	}
	facts := &evenkeel.Incident{CausedBy: d.deployment("caused_by.")}
	e := d.event(d.number(), latest(d.updated(""), d.updated("caused_by.")), facts)
	e.Cleared = cleared(map[string]bool{"caused_by": facts.CausedBy == ""})
	return []evenkeel.Event{e}
}

func (d *servicenowReading) severity() string {
	said := d.record[d.settings.SeverityField]
	if to, ok := d.settings.Severities[said.Value]; ok {
		return to
	}
	return severityOf(d.settings.Severities, firstText(said.Display, said.Value))
}

// deployment is what a change request names as its deployment; before is the
// way to the change request, empty where the record is one.
func (d *servicenowReading) deployment(before string) string {
	if d.settings.Deployment.Field == "" {
		return ""
	}
	id := strings.TrimSpace(d.value(before + d.settings.Deployment.Field))
	if id != "" && d.settings.Deployment.Source != "" {
		return d.settings.Deployment.Source + "/" + id
	}
	return id
}

// place is the first rule that fits the record.
func (d *servicenowReading) place() servicenowPlace {
	for _, rule := range d.settings.Applications {
		if d.fits(rule.CI, "cmdb_ci") && d.fits(rule.Service, "business_service") && d.fits(rule.Group, "assignment_group") {
			return rule
		}
	}
	return servicenowPlace{}
}

func (d *servicenowReading) fits(glob, column string) bool {
	return globsFit(glob, d.record[column].Display) || globsFit(glob, d.record[column].Value)
}

// origin is the thing that the record is about, as people call it.
func (d *servicenowReading) origin() string {
	for _, column := range []string{"cmdb_ci", "business_service", "assignment_group"} {
		if name := firstText(d.record[column].Display, d.record[column].Value); name != "" {
			return originOf(d.source, name)
		}
	}
	return d.source
}

// change reads a change request as evidence of what was agreed.
func (d *servicenowReading) change() ([]evenkeel.Event, error) {
	if d.settings.ChangeRequests == nil {
		return nil, ignored("the settings name no change requests any more")
	}
	at := d.known("sys_updated_on")
	if set := d.at("approval_set"); !set.IsZero() {
		at = set
	}
	rule := d.place()
	if rule.Application == "" && len(d.problems.list) == 0 {
		return nil, ignored("no rule of the setting applications fits the change request: evidence is of an application")
	}
	facts := &evenkeel.Evidence{Application: rule.Application, Check: "change-request", Result: d.approved(), Value: d.summary(), At: at}
	var site string
	if d.into("site", &site); githubLink(site) != "" {
		facts.Link = strings.TrimSuffix(site, "/") + "/change_request.do?sys_id=" + d.text("record.sys_id.value", d.value("sys_id"))
	}
	return []evenkeel.Event{d.now(facts)}, nil
}

// approved is what was decided of a change request.
func (d *servicenowReading) approved() evenkeel.EvidenceResult {
	switch d.value("approval") {
	case "approved":
		return evenkeel.EvidencePass
	case "rejected":
		return evenkeel.EvidenceFail
	case "not_required", "not required":
		return evenkeel.EvidenceNotApplicable
	}
	return evenkeel.EvidenceUnknown // Not asked for yet, or not answered.
}

// summary is the change request in a line, "CHG0030001, normal, Closed,
// successful, deployment 118".
func (d *servicenowReading) summary() string {
	parts := []string{d.number()}
	for _, column := range []string{"type", "state", "close_code"} {
		if text := firstText(d.record[column].Display, d.record[column].Value); text != "" {
			parts = append(parts, text)
		}
	}
	if id := d.deployment(""); id != "" {
		parts = append(parts, "deployment "+id)
	}
	return strings.Join(parts, ", ")
}

// workItem reads a record as a work item of the list that found it.
func (d *servicenowReading) workItem() ([]evenkeel.Event, error) {
	var list string
	d.into("list", &list)
	at := slices.IndexFunc(d.settings.WorkItems, func(w servicenowWork) bool { return w.Name == list })
	if at < 0 {
		return nil, ignored("the list %s of work items is not in the settings any more", shortQuote(list))
	}
	work := d.settings.WorkItems[at]
	facts := &evenkeel.WorkItem{
		Application: d.place().Application, Origin: d.origin(), Type: work.Type, State: evenkeel.WorkOpen,
		OpenedAt: d.known("opened_at"), StartedAt: d.at("work_start"), DueAt: d.at("due_date"),
	}
	switch {
	case d.value("active") == "false":
		facts.State, facts.ClosedAt = evenkeel.WorkClosed, d.at("closed_at")
	case slices.Contains(work.Started, d.value("state")) || !facts.StartedAt.IsZero():
		facts.State = evenkeel.WorkStarted
	}
	var site string
	if d.into("site", &site); githubLink(site) != "" {
		facts.Links = []string{strings.TrimSuffix(site, "/") + "/" + work.Table + ".do?sys_id=" + d.text("record.sys_id.value", d.value("sys_id"))}
	}
	e := d.now(facts)
	e.ObservedAt = e.ObservedAt.Add(firstList(at))
	return []evenkeel.Event{wholeItem(e, facts)}, nil
}
