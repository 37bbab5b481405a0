package connectors

import (
	stdjson "encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// jiraSettings is what an operator may write for a connection.
type jiraSettings struct {
	Source       string            `json:"source"`
	Incidents    *jiraIncidents    `json:"incidents"`
	WorkItems    []jiraWork        `json:"work_items"`
	Applications []jiraPlace       `json:"applications"`
	Fields       jiraFields        `json:"fields"`
	Environment  string            `json:"environment"`
	Severities   map[string]string `json:"severities"`
	Mitigated    []string          `json:"mitigated_statuses"`
	API          *jiraAPI          `json:"api"`
}

// jiraIncidents says which issues are incidents.
type jiraIncidents struct {
	Projects []string `json:"projects"`
	Types    []string `json:"types"`
	JQL      string   `json:"jql"`
}

// jiraWork is a query of which the issues are work items.
type jiraWork struct {
	workRule
	JQL string `json:"jql"`
}

// jiraPlace says of which application issues are. An empty pattern fits
// everything.
type jiraPlace struct {
	Project     string `json:"project"`
	Component   string `json:"component"`
	Value       string `json:"value"`
	Application string `json:"application"`
	Environment string `json:"environment"`
}

// jiraFields are the custom fields that are read, by what they hold.
type jiraFields struct {
	Application string `json:"application"`
	Environment string `json:"environment"`
	Severity    string `json:"severity"`
	CausedBy    string `json:"caused_by"`
	Opened      string `json:"opened_at"`
	Detected    string `json:"detected_at"`
}

// all are the ids of the fields, by the names of their settings.
func (f jiraFields) all() map[string]string {
	return map[string]string{
		"application": f.Application, "environment": f.Environment, "severity": f.Severity,
		"caused_by": f.CausedBy, "opened_at": f.Opened, "detected_at": f.Detected,
	}
}

// jiraAPI says how Jira is asked.
type jiraAPI struct {
	URL     string `json:"url"`
	User    string `json:"user"`
	Token   string `json:"token"`
	History string `json:"history"`
}

func jiraSettingNotes() []Setting {
	return []Setting{
		{"api.url", "address", "required", "Address of the site, `https://acme.atlassian.net/`, or of a Data Center"},
		{"api.user", "text", "none: the token is a personal access token", "E-mail of the account that an API token of Jira Cloud belongs to, or the user name at a Data Center"},
		{"api.token", "reference", "required", "API token, personal access token or password, as `${env:NAME}` or `${file:/path}`"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first: what was updated in it"},
		{"source", "text", "`jira`", "Source of the facts, such as `jira:acme`; give one where several sites are connected"},
		{"incidents.projects", "list of keys", "required for incidents", "Projects whose issues are incidents, `OPS`"},
		{"incidents.types", "list of texts", "required for incidents", "Types of issues that are incidents, `Incident` or `[System] Incident`, as the site has them"},
		{"incidents.jql", "JQL", "none", "Condition that incidents meet besides, without ORDER BY"},
		{"work_items[].name", "text", "required", "Name of the list, which tells it apart"},
		{"work_items[].jql", "JQL", "required", "Which issues are work items, without ORDER BY. Do not leave closed ones out: their end would not be seen"},
		{"work_items[].type", "text", "required", "What they are: `feature`, `bug`, `debt`, `security` or `unplanned`. An issue of several lists is of the first"},
		{"applications", "list", "none", "Rules that say of which application an issue is. Of each component the first rule counts that names components and fits; if none does, the first that names none and fits"},
		{"applications[].project", "glob", "any", "Key of the project"},
		{"applications[].component", "glob", "any", "Name of a component"},
		{"applications[].value", "glob", "any", "A value of the field `fields.application`"},
		{"applications[].application", "slug", "required", "Application that the issue is of. Issues that no rule fits are claimed by the origin `jira:PROJECT`"},
		{"applications[].environment", "text", "that of the connection", "Environment that incidents of the rule are in"},
		{"fields.application", "id of a field", "none", "Custom field that names the application, `customfield_10050`; where no rule fits, a value that is a slug is one"},
		{"fields.environment", "id of a field", "none", "Custom field that names the environment of an incident"},
		{"fields.severity", "id of a field", "none: the priority", "Custom field that names the severity of an incident"},
		{"fields.caused_by", "id of a field", "none", "Custom field that names the deployment that caused an incident, by its id or `source/id`"},
		{"fields.opened_at", "id of a field", "none: when the issue was made", "Custom field of date and time that says when an incident began"},
		{"fields.detected_at", "id of a field", "none", "Custom field of date and time that says when an incident was detected"},
		{"environment", "text", "none: every environment of the production class", "Environment of all incidents"},
		{"severities", "texts by text", "as Jira says, in lower case", "Severity by priority (`Highest`), or by the value of `fields.severity`"},
		{"mitigated_statuses", "list of texts", "none", "Statuses in which an incident does no more harm, by name (`Monitoring`) or id; it is mitigated since it last went into one"},
	}
}

var (
	jiraField   = regexp.MustCompile(`^customfield_[0-9]{1,12}$`)
	jiraProject = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,254}$`)
	jiraOrder   = regexp.MustCompile(`(?i)\border\s+by\b`)
)

func readJiraSettings(text stdjson.RawMessage) (jiraSettings, error) {
	var s jiraSettings
	err := readSettings(text, &s, s.check)
	return s, err
}

// check fills in what is not written, and says what is wrong with the rest.
func (s *jiraSettings) check(broken *mistakes) {
	s.Source = firstText(s.Source, "jira")
	checkWord(broken, "source", s.Source)
	checkWord(broken, "environment", s.Environment)
	checkWords(broken, "severities", s.Severities)
	if s.Incidents != nil {
		s.Incidents.check(broken)
	}
	names := make([]string, len(s.WorkItems))
	for i, work := range s.WorkItems {
		at := "work_items[" + strconv.Itoa(i) + "]"
		work.check(broken, at)
		names[i] = work.Name
		if strings.TrimSpace(work.JQL) == "" {
			broken.add(at+".jql", "is required; without it every issue would be a work item")
		}
		checkJQL(broken, at+".jql", work.JQL)
	}
	checkWorkNames(broken, names)
	for i, place := range s.Applications {
		place.check(broken, "applications["+strconv.Itoa(i)+"]", s.Fields.Application != "")
	}
	fields := s.Fields.all()
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if id := fields[name]; id != "" && !jiraField.MatchString(id) {
			broken.add("fields."+name, shortQuote(id)+" is not the id of a custom field, such as customfield_10050; rest/api/2/field of the site lists them")
		}
	}
	if s.API != nil {
		s.API.check(broken, s)
	}
}

func (i *jiraIncidents) check(broken *mistakes) {
	if len(i.Projects) == 0 {
		broken.add("incidents.projects", "is empty; name at least one project by its key, such as OPS")
	}
	for n, key := range i.Projects {
		if !jiraProject.MatchString(key) {
			broken.add("incidents.projects["+strconv.Itoa(n)+"]", shortQuote(key)+" is not the key of a project, such as OPS")
		}
	}
	if len(i.Types) == 0 {
		broken.add("incidents.types", "is empty; name at least one type of issues, such as Incident or [System] Incident")
	}
	for n, name := range i.Types {
		if strings.TrimSpace(name) == "" || strings.ContainsAny(name, "\"\\\n") {
			broken.add("incidents.types["+strconv.Itoa(n)+"]", shortQuote(name)+" is not the name of a type, such as Incident")
		}
	}
	checkJQL(broken, "incidents.jql", i.JQL)
}

func checkJQL(broken *mistakes, field, query string) {
	if jiraOrder.MatchString(query) {
		broken.add(field, "orders its results; take ORDER BY away")
	}
	if len(query) > 2000 {
		broken.add(field, "is longer than 2000 characters; keep it as a filter in Jira and write filter = ID")
	}
}

func (p jiraPlace) check(broken *mistakes, at string, field bool) {
	if p.Application == "" {
		broken.add(at+".application", "is required")
	}
	checkSlug(broken, at+".application", p.Application)
	checkWord(broken, at+".environment", p.Environment)
	for _, one := range [][2]string{{"project", p.Project}, {"component", p.Component}, {"value", p.Value}} {
		checkGlob(broken, at+"."+one[0], one[1])
	}
	if p.Value != "" && !field {
		broken.add(at+".value", "needs fields.application, which says whose value it is")
	}
}

func (a *jiraAPI) check(broken *mistakes, s *jiraSettings) {
	a.History = firstText(a.History, "365d")
	var c settingsCheck
	c.address("api.url", a.URL, "https://acme.atlassian.net/")
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	for _, one := range c.broken {
		broken.add(one.Field, one.Rule)
	}
	if strings.ContainsAny(a.User, ":\n") {
		broken.add("api.user", "holds a colon; write the e-mail or the name of the account alone")
	}
	if s.Incidents == nil && len(s.WorkItems) == 0 {
		broken.add("api", "asks for nothing; write incidents or work_items too")
	}
}
