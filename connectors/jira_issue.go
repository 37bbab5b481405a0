package connectors

import (
	"cmp"
	stdjson "encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// jiraIssue is an issue, with the fields that are asked for.
type jiraIssue struct {
	Key    string                        `json:"key"`
	Fields map[string]stdjson.RawMessage `json:"fields"`
}

// jiraNamed is what Jira calls anything.
type jiraNamed struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// jiraStatus is a status with the key of its category: new, indeterminate or done.
type jiraStatus struct {
	jiraNamed
	Category struct {
		Key string `json:"key"`
	} `json:"statusCategory"`
}

// jiraChange is a change of a field in the history of an issue.
type jiraChange struct {
	At    string `json:"at"`
	Field string `json:"field"`
	// From and To are ids, or texts of fields without ids; Name is that of To.
	From string `json:"from"`
	To   string `json:"to"`
	Name string `json:"name,omitempty"`
}

// jiraReading is a document while it is read.
type jiraReading struct {
	*payload
	settings *jiraSettings
	asked    string // The event.

	issue      jiraIssue
	changes    []jiraChange
	categories map[string]string
	project    string
	status     jiraStatus
	updated    time.Time
}

// read reads the issue for what it was asked for.
func (i *jiraReading) read() ([]evenkeel.Event, error) {
	var list string
	i.into("list", &list)
	if i.into("issue", &i.issue); i.members["issue"] == nil {
		i.wrong("issue", "is missing")
	}
	i.into("changes", &i.changes)
	i.into("categories", &i.categories)
	i.text("issue.key", i.issue.Key)
	var project struct {
		Key string `json:"key"`
	}
	i.field("project", &project)
	i.field("status", &i.status)
	i.project = i.text("issue.fields.project.key", project.Key)
	if !slices.Contains([]string{"new", "indeterminate", "done", "undefined"}, i.status.Category.Key) {
		i.wrong("issue.fields.status.statusCategory.key", shortQuote(i.status.Category.Key)+" is none of new, indeterminate and done")
	}
	i.updated = i.at("updated", true)
	if i.asked == jiraIncidentEvent {
		if i.settings.Incidents == nil {
			return i.judge(nil, ignored("the settings name no incidents any more"))
		}
		return i.judge(i.incident(), nil)
	}
	rule := slices.IndexFunc(i.settings.WorkItems, func(w jiraWork) bool { return w.Name == list })
	if rule < 0 {
		return i.judge(nil, ignored("the list %s of work items is not in the settings any more", shortQuote(list)))
	}
	return i.judge(i.workItem(rule), nil)
}

// field reads a field of the issue; one that is null leaves v as it is.
func (i *jiraReading) field(name string, v any) {
	raw := i.issue.Fields[name]
	if len(raw) == 0 || string(raw) == "null" {
		return
	}
	if err := stdjson.Unmarshal(raw, v); err != nil {
		i.wrong("issue.fields."+name, "is not of the type that Jira sends")
	}
}

// at is an instant in a field.
func (i *jiraReading) at(name string, required bool) time.Time {
	var text string
	if i.field(name, &text); required {
		return i.instant("issue.fields."+name, text)
	}
	return i.instantIfAny("issue.fields."+name, text)
}

// texts are the values of a custom field; none where the settings name no field.
func (i *jiraReading) texts(id string) []string {
	if id == "" {
		return nil
	}
	return jiraTexts(i.issue.Fields[id])
}

// chosen is an instant in a custom field.
func (i *jiraReading) chosen(id string) time.Time {
	return i.instantIfAny("issue.fields."+id, firstText(i.texts(id)...))
}

// incident is the issue as an incident.
func (i *jiraReading) incident() []evenkeel.Event {
	fields := i.settings.Fields
	past := i.history()
	facts := &evenkeel.Incident{
		Origin: originOf(i.source, i.project), OpenedAt: i.at("created", true), AcknowledgedAt: past.taken,
		MitigatedAt: past.mitigated, ReopenedAt: past.reopened, ResolvedAt: past.over,
		CausedBy: firstText(i.texts(fields.CausedBy)...), Severity: i.severity(),
	}
	if begun := i.chosen(fields.Opened); !begun.IsZero() {
		facts.OpenedAt = begun
	}
	facts.DetectedAt = i.chosen(fields.Detected)
	applications, environment := i.place()
	switch len(applications) {
	case 0:
	case 1:
		facts.Application = applications[0]
	default:
		facts.Applications = applications
	}
	facts.Environment = firstText(firstText(i.texts(fields.Environment)...), environment, i.settings.Environment)
	e := i.event(i.firstKey(), i.updated, facts)
	e.Cleared = cleared(map[string]bool{
		"resolved_at": facts.ResolvedAt.IsZero(), "mitigated_at": facts.MitigatedAt.IsZero(), "caused_by": facts.CausedBy == "", "detected_at": facts.DetectedAt.IsZero(),
	})
	return []evenkeel.Event{whole(e, facts)}
}

func (i *jiraReading) severity() string {
	var priority jiraNamed
	i.field("priority", &priority)
	word := priority.Name
	if i.settings.Fields.Severity != "" {
		word = firstText(i.texts(i.settings.Fields.Severity)...)
	}
	return severityOf(i.settings.Severities, word)
}

// workItem is the issue as a work item of a rule.
func (i *jiraReading) workItem(rule int) []evenkeel.Event {
	past := i.history()
	facts := &evenkeel.WorkItem{
		Origin: originOf(i.source, i.project), Type: i.settings.WorkItems[rule].Type, OpenedAt: i.at("created", true),
		StartedAt: past.started, ClosedAt: past.over, DueAt: i.due(),
		State: map[string]evenkeel.WorkState{"done": evenkeel.WorkClosed, "indeterminate": evenkeel.WorkStarted}[i.status.Category.Key],
	}
	if facts.State == "" {
		facts.State = evenkeel.WorkOpen
	}
	if applications, _ := i.place(); len(applications) > 0 {
		facts.Application = applications[0]
	}
	var site string
	if i.into("site", &site); githubLink(site) != "" {
		facts.Links = []string{strings.TrimSuffix(site, "/") + "/browse/" + i.issue.Key}
	}
	return []evenkeel.Event{wholeItem(i.event(i.firstKey(), i.updated.Add(firstList(rule)), facts), facts)}
}

// due is the end of the day that an issue is due on, in UTC.
func (i *jiraReading) due() time.Time {
	var text string
	if i.field("duedate", &text); text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		i.wrong("issue.fields.duedate", shortQuote(text)+" is not a day such as 2026-03-01")
	}
	return day.Add(24*time.Hour - time.Second)
}

// firstKey is the key that the issue was made with: moving it to another
// project gives it a new one.
func (i *jiraReading) firstKey() string {
	for _, change := range i.ordered() {
		if strings.EqualFold(change.Field, "key") && change.From != "" {
			return change.From
		}
	}
	return i.issue.Key
}

// ordered are the changes, the oldest first.
func (i *jiraReading) ordered() []jiraChange {
	at := func(c jiraChange) int64 { return i.instant("changes.at", c.At).UnixNano() }
	return slices.SortedStableFunc(slices.Values(i.changes), func(a, b jiraChange) int { return cmp.Compare(at(a), at(b)) })
}

// jiraPast are the instants that a history tells; zero is what never happened.
type jiraPast struct{ taken, started, mitigated, reopened, over time.Time }

// history reads what happened to the status.
func (i *jiraReading) history() (past jiraPast) {
	for _, change := range i.ordered() {
		if change.Field == "status" {
			i.step(&past, change)
		}
	}
	if i.status.Category.Key != "done" {
		past.over = time.Time{}
	} else if past.over.IsZero() { // It never was in another category.
		past.over = i.at("statuscategorychangedate", false)
		if past.over.IsZero() {
			past.over = i.at("resolutiondate", false)
		}
	}
	return past
}

func (i *jiraReading) step(past *jiraPast, change jiraChange) {
	at := i.instant("changes.at", change.At)
	from, to := i.categories[change.From], i.categories[change.To]
	if from == "new" && to != "new" && to != "" && past.taken.IsZero() {
		past.taken = at
	}
	if to == "indeterminate" && past.started.IsZero() {
		past.started = at
	}
	calm := slices.Contains(i.settings.Mitigated, change.To) || slices.Contains(i.settings.Mitigated, change.Name)
	switch {
	case calm && past.mitigated.IsZero():
		past.mitigated = at
	case !calm && to != "done":
		past.mitigated = time.Time{} // It does harm again.
	}
	switch {
	case to == "done" && from != "done":
		past.over = at
	case from == "done" && to != "done" && to != "":
		past.reopened, past.over = at, time.Time{}
	}
}

// place says which applications the issue is of, sorted, and where it is by
// the first rule that fits.
func (i *jiraReading) place() (applications []string, environment string) {
	var components []jiraNamed
	i.field("components", &components)
	values := i.texts(i.settings.Fields.Application)
	var rules []jiraPlace
	for _, component := range components {
		if rule, ok := i.ruleFor(component.Name, values); ok {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 0 {
		if rule, ok := i.ruleFor("", values); ok {
			rules = append(rules, rule)
		}
	}
	for _, rule := range i.settings.Applications {
		if slices.Contains(rules, rule) {
			applications, environment = append(applications, rule.Application), firstText(environment, rule.Environment)
		}
	}
	if len(applications) == 0 {
		for _, value := range values {
			if slug := strings.ToLower(value); evenkeel.ValidSlug(slug) {
				applications = append(applications, slug)
			}
		}
	}
	slices.Sort(applications)
	return slices.Compact(applications), environment
}

// ruleFor is the first rule that fits a component, or for none the first that
// names no component.
func (i *jiraReading) ruleFor(component string, values []string) (jiraPlace, bool) {
	at := slices.IndexFunc(i.settings.Applications, func(rule jiraPlace) bool {
		return (rule.Component == "") == (component == "") && globsFit(rule.Project, i.project, rule.Component, component) &&
			(rule.Value == "" || slices.ContainsFunc(values, func(v string) bool { return globsFit(rule.Value, v) }))
	})
	if at < 0 {
		return jiraPlace{}, false
	}
	return i.settings.Applications[at], true
}

// maxFieldText is how long a value of a custom field may be: what is longer is
// a text that people wrote, and not a name.
const maxFieldText = 200

// jiraTexts are the values of a custom field: of a text, a number, an option,
// a list of them, or a choice in two steps, "Shop" and "Shop/Checkout". Of a
// field that holds people nothing is read.
func jiraTexts(raw stdjson.RawMessage) (texts []string) {
	var value any
	if stdjson.Unmarshal(raw, &value) != nil {
		return nil
	}
	return jiraValues(value)
}

func jiraValues(value any) (texts []string) {
	switch v := value.(type) {
	case string:
		if text := strings.TrimSpace(v); text != "" && len(text) <= maxFieldText {
			texts = append(texts, text)
		}
	case float64:
		texts = append(texts, strconv.FormatFloat(v, 'f', -1, 64))
	case []any:
		for _, element := range v {
			texts = append(texts, jiraValues(element)...)
		}
	case map[string]any:
		texts = jiraOption(v)
	}
	return texts
}

func jiraOption(option map[string]any) []string {
	for _, person := range []string{"accountId", "emailAddress", "displayName"} {
		if _, is := option[person]; is {
			return nil
		}
	}
	for _, member := range []string{"value", "name", "label"} {
		text, ok := option[member].(string)
		if !ok {
			continue
		}
		texts := jiraValues(text)
		if child, ok := option["child"].(map[string]any); ok && len(texts) > 0 {
			for _, below := range jiraOption(child) {
				texts = append(texts, text+"/"+below)
			}
		}
		return texts
	}
	return nil
}
