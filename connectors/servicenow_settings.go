package connectors

import (
	stdjson "encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// servicenowSettings is what an operator may write for a connection.
type servicenowSettings struct {
	Source         string             `json:"source"`
	Incidents      *servicenowTickets `json:"incidents"`
	ChangeRequests *servicenowTickets `json:"change_requests"`
	WorkItems      []servicenowWork   `json:"work_items"`
	Applications   []servicenowPlace  `json:"applications"`
	Deployment     struct {
		Field  string `json:"field"`
		Source string `json:"source"`
	} `json:"deployment"`
	SeverityField string            `json:"severity_field"`
	Severities    map[string]string `json:"severities"`
	Environment   string            `json:"environment"`
	Resolved      []string          `json:"resolved_states"`
	Cancelled     []string          `json:"cancelled_states"`
	API           *servicenowAPI    `json:"api"`
}

// servicenowTickets says which records of a table are read.
type servicenowTickets struct {
	Query string `json:"query"`
}

// servicenowWork is a query of which the records are work items.
type servicenowWork struct {
	workRule
	Table   string   `json:"table"`
	Query   string   `json:"query"`
	Started []string `json:"started_states"`
}

// servicenowPlace says of which application records are. An empty pattern fits
// everything.
type servicenowPlace struct {
	CI          string `json:"ci"`
	Service     string `json:"service"`
	Group       string `json:"group"`
	Application string `json:"application"`
	Environment string `json:"environment"`
}

// servicenowAPI says how ServiceNow is asked.
type servicenowAPI struct {
	URL          string `json:"url"`
	User         string `json:"user"`
	Password     string `json:"password"`
	Token        string `json:"token"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	History      string `json:"history"`
}

func servicenowSettingNotes() []Setting {
	return []Setting{
		{"api.url", "address", "required", "Address of the instance, `https://acme.service-now.com/`"},
		{"api.user", "text", "none", "User that is read as, with its `api.password`"},
		{"api.password", "reference", "required with a user", "Password of the user, as `${env:NAME}` or `${file:/path}`"},
		{"api.client_id", "text", "none", "OAuth client: tokens are fetched, and renewed when they end. With `api.user` the grant is that of a password, without that of client credentials"},
		{"api.client_secret", "reference", "required with a client", "Secret of the client"},
		{"api.token", "reference", "none", "Access token, where something else keeps it fresh"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first: what was updated in it"},
		{"source", "text", "`servicenow`", "Source of the facts, such as `servicenow:acme`; give one where several instances are connected"},
		{"incidents.query", "encoded query", "all", "Which incidents are read; `incidents: {}` reads all. Do not leave closed ones out: their end would not be seen"},
		{"change_requests.query", "encoded query", "all", "Which change requests are read"},
		{"work_items[].name", "text", "required", "Name of the list, which tells it apart"},
		{"work_items[].table", "text", "required", "Table of the records, one that extends task, such as `rm_defect` or `problem`"},
		{"work_items[].query", "encoded query", "all of the table", "Which records are work items"},
		{"work_items[].type", "text", "required", "What they are: `feature`, `bug`, `debt`, `security` or `unplanned`. A record of several lists is of the first"},
		{"work_items[].started_states", "list of values", "`2`", "States in which work is going on, by value"},
		{"applications", "list", "none", "Rules that say of which application a record is; the first that fits counts. Records that none fits are claimed by the origin `servicenow:NAME`, of the configuration item, else the service, else the group"},
		{"applications[].ci", "glob", "any", "Name or sys_id of the configuration item"},
		{"applications[].service", "glob", "any", "Name or sys_id of the business service"},
		{"applications[].group", "glob", "any", "Name or sys_id of the assignment group"},
		{"applications[].application", "slug", "required", "Application that the record is of"},
		{"applications[].environment", "text", "that of the connection", "Environment that incidents of the rule are in"},
		{"deployment.field", "name of a column", "none: change requests name no deployments", "Column of change requests that holds the id of the deployment, `correlation_id` or `u_deployment`"},
		{"deployment.source", "text", "the column says `source/id`, or the id alone", "Source that the deployments are of, `github:github.com`, put before what the column holds"},
		{"severity_field", "text", "`priority`", "Column that is the severity: `priority`, `impact`, `urgency` or `severity`"},
		{"severities", "texts by text", "as ServiceNow says, in lower case", "Severity by the column's value (`1`) or its text (`1 - Critical`)"},
		{"environment", "text", "none: every environment of the production class", "Environment of all incidents"},
		{"resolved_states", "list of values", "`6`, `7`", "States of incidents that have ended, by value"},
		{"cancelled_states", "list of values", "`8`", "States of incidents that were none, which are taken back"},
	}
}

var servicenowColumn = regexp.MustCompile(`^[a-z][a-z0-9_]{0,79}$`)

func readServicenowSettings(text stdjson.RawMessage) (servicenowSettings, error) {
	var s servicenowSettings
	err := readSettings(text, &s, s.check)
	return s, err
}

// check fills in what is not written, and says what is wrong with the rest.
func (s *servicenowSettings) check(broken *mistakes) {
	s.Source = firstText(s.Source, "servicenow")
	s.SeverityField = firstText(s.SeverityField, "priority")
	if s.Resolved == nil {
		s.Resolved = []string{"6", "7"}
	}
	if s.Cancelled == nil {
		s.Cancelled = []string{"8"}
	}
	for _, one := range [][2]string{{"source", s.Source}, {"environment", s.Environment}, {"deployment.source", s.Deployment.Source}} {
		checkWord(broken, one[0], one[1])
	}
	checkWords(broken, "severities", s.Severities)
	if !slices.Contains([]string{"priority", "impact", "urgency", "severity"}, s.SeverityField) {
		broken.add("severity_field", shortQuote(s.SeverityField)+" is none of priority, impact, urgency and severity")
	}
	if s.Deployment.Field != "" && !servicenowColumn.MatchString(s.Deployment.Field) {
		broken.add("deployment.field", shortQuote(s.Deployment.Field)+" is not the name of a column, such as correlation_id")
	}
	if s.Deployment.Field == "" && s.Deployment.Source != "" {
		broken.add("deployment.field", "is required; it says which column holds the id of the deployment")
	}
	s.checkLists(broken)
	for i, place := range s.Applications {
		place.check(broken, "applications["+strconv.Itoa(i)+"]")
	}
	if s.API != nil {
		s.API.check(broken, s)
	}
}

func (s *servicenowSettings) checkLists(broken *mistakes) {
	for name, tickets := range map[string]*servicenowTickets{"incidents": s.Incidents, "change_requests": s.ChangeRequests} {
		if tickets != nil {
			checkEncodedQuery(broken, name+".query", tickets.Query)
		}
	}
	names := make([]string, len(s.WorkItems))
	for i := range s.WorkItems {
		work, at := &s.WorkItems[i], "work_items["+strconv.Itoa(i)+"]"
		work.check(broken, at)
		names[i] = work.Name
		if !servicenowColumn.MatchString(work.Table) {
			broken.add(at+".table", shortQuote(work.Table)+" is not the name of a table, such as rm_defect")
		}
		checkEncodedQuery(broken, at+".query", work.Query)
		if work.Started == nil {
			work.Started = []string{"2"}
		}
	}
	checkWorkNames(broken, names)
}

// checkEncodedQuery refuses what would not be held to the time that is asked
// for: only the last of several queries is.
func checkEncodedQuery(broken *mistakes, field, query string) {
	upper := strings.ToUpper(query)
	switch {
	case strings.Contains(upper, "^NQ"):
		broken.add(field, "holds several queries (^NQ); write ^OR between conditions, or a list for each")
	case strings.Contains(upper, "ORDERBY"), strings.Contains(upper, "GROUPBY"):
		broken.add(field, "orders or groups its results; take that away")
	case len(query) > 2000:
		broken.add(field, "is longer than 2000 characters; write a shorter one")
	}
}

func (p servicenowPlace) check(broken *mistakes, at string) {
	if p.Application == "" {
		broken.add(at+".application", "is required")
	}
	checkSlug(broken, at+".application", p.Application)
	checkWord(broken, at+".environment", p.Environment)
	for _, one := range [][2]string{{"ci", p.CI}, {"service", p.Service}, {"group", p.Group}} {
		checkGlob(broken, at+"."+one[0], one[1])
	}
}

func (a *servicenowAPI) check(broken *mistakes, s *servicenowSettings) {
	a.History = firstText(a.History, "365d")
	var c settingsCheck
	c.address("api.url", a.URL, "https://acme.service-now.com/")
	c.history("api.history", a.History)
	switch {
	case a.Token != "" && (a.User != "" || a.ClientID != ""):
		c.add("api.token", "stands beside a user or a client; one of them is enough")
	case a.Token != "":
		c.reference("api.token", a.Token)
	case a.User == "" && a.ClientID == "":
		c.add("api.user", "is required, or api.client_id, or api.token")
	}
	if a.User != "" {
		c.reference("api.password", a.Password)
	}
	if a.ClientID != "" {
		c.reference("api.client_secret", a.ClientSecret)
	}
	for _, one := range c.broken {
		broken.add(one.Field, one.Rule)
	}
	if s.Incidents == nil && s.ChangeRequests == nil && len(s.WorkItems) == 0 {
		broken.add("api", "asks for nothing; write incidents, change_requests or work_items too")
	}
}
