package connectors

import (
	stdjson "encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// maxAlertRules is how many rules a connection may have.
const maxAlertRules = 50

// alertSettings is what an operator may write for a connection of alerts.
type alertSettings struct {
	Source string `json:"source"`
	// Labels name the labels that say where an alert belongs.
	Labels struct {
		Application string `json:"application"`
		Service     string `json:"service"`
		Environment string `json:"environment"`
		Severity    string `json:"severity"`
	} `json:"labels"`
	Services     map[string]servicePlace `json:"services"`
	Environments map[string]string       `json:"environments"`
	Severities   map[string]string       `json:"severities"`
	Rules        []alertRuleSettings     `json:"rules"`
	// TimestampHeader is that of Grafana.
	TimestampHeader string `json:"timestamp_header"`
}

// alertRuleSettings is one rule as it is written.
type alertRuleSettings struct {
	Name        string   `json:"name"`
	Match       []string `json:"match"`
	Minimum     string   `json:"minimum"`
	Join        string   `json:"join"`
	GroupBy     []string `json:"group_by"`
	Application string   `json:"application"`
	Environment string   `json:"environment"`
	Severity    string   `json:"severity"`
}

func alertSettingNotes(tool string) []Setting {
	return []Setting{
		{"source", "text", "`" + tool + "`", "Source of the facts. Connections that receive the same alerts have the same source; others need one each"},
		{"rules", "list", "none: no alert is an incident", "Rules by which alerts become incidents; the first that matches an alert counts. A change applies to all alerts that were ever received: try it with `evenkeel connection preview`"},
		{"rules[].name", "slug", "required", "Name of the rule. It is part of the ids of its incidents"},
		{"rules[].match", "list of texts", "every alert", "Matchers as in Alertmanager, all of which must hold: `severity=~\"critical|page\"`, `env!=\"dev\"`. A label that an alert lacks is the empty text"},
		{"rules[].minimum", "length", "`0s`", "How long alerts of a group must have fired, joined, before they are an incident: `5m`"},
		{"rules[].join", "length", "`0s`", "A gap shorter than this does not end an incident: the alerts before and after it are one"},
		{"rules[].group_by", "list of labels", "`alertname`", "Alerts that agree in these labels are one incident. Application, origin and environment always tell incidents apart; an empty list means nothing else does"},
		{"rules[].application", "slug", "by the labels", "Application of the incidents of the rule"},
		{"rules[].environment", "text", "none: every environment of the production class", "Environment of alerts that name none"},
		{"rules[].severity", "text", "by the labels", "Severity of the incidents of the rule"},
		{"labels.application", "text", "`application`", "Label that holds the slug of an application"},
		{"labels.service", "text", "`service`", "Label that names a service. An application claims its incidents by the origin `" + tool + ":SERVICE`"},
		{"labels.environment", "text", "`environment`", "Label that names the environment"},
		{"labels.severity", "text", "`severity`", "Label that names the severity; of several alerts the worst counts"},
		{"services", "objects by service", "none", "What a service is: `application`, `environment`"},
		{"environments", "texts by text", "as the label says", "Environment by what the label says: `prd: production`"},
		{"severities", "texts by text", "as the label says, in lower case", "Severity by what the label says: `critical: sev1`"},
	}
}

// alertRule is a rule made ready.
type alertRule struct {
	alertRuleSettings
	match         []alertMatcher
	minimum, join time.Duration
}

// openAlertRules checks settings and makes the rules of a tool's connection.
func openAlertRules(tool string, text stdjson.RawMessage) (*AlertRules, error) {
	r := &AlertRules{tool: tool}
	s := &r.settings
	err := readSettings(text, s, func(broken *mistakes) {
		checkWord(broken, "source", s.Source)
		checkServices(broken, "services", s.Services)
		checkWords(broken, "environments", s.Environments)
		checkWords(broken, "severities", s.Severities)
		r.rules = alertRules(broken, s.Rules)
		if s.TimestampHeader != "" && (tool != grafanaName || !headerPattern.MatchString(s.TimestampHeader)) {
			broken.add("timestamp_header", "is not the name of a header, or not for this source; take it away")
		}
	})
	s.Source = firstText(s.Source, tool)
	s.Labels.Application = firstText(s.Labels.Application, "application")
	s.Labels.Service = firstText(s.Labels.Service, "service")
	s.Labels.Environment = firstText(s.Labels.Environment, "environment")
	s.Labels.Severity = firstText(s.Labels.Severity, "severity")
	return r, err
}

func alertRules(broken *mistakes, list []alertRuleSettings) []alertRule {
	if len(list) > maxAlertRules {
		broken.add("rules", "are more than "+strconv.Itoa(maxAlertRules))
		return nil
	}
	var names []string
	rules := make([]alertRule, len(list))
	for i, one := range list {
		at := "rules[" + strconv.Itoa(i) + "]."
		switch {
		case !evenkeel.ValidSlug(one.Name):
			broken.add(at+"name", shortQuote(one.Name)+" is not a slug, such as pages")
		case slices.Contains(names, one.Name):
			broken.add(at+"name", shortQuote(one.Name)+" is the name of another rule, too")
		}
		names = append(names, one.Name)
		checkSlug(broken, at+"application", one.Application)
		checkWord(broken, at+"environment", one.Environment)
		checkWord(broken, at+"severity", one.Severity)
		if one.GroupBy == nil {
			one.GroupBy = []string{"alertname"}
		}
		rules[i] = alertRule{alertRuleSettings: one, minimum: alertLength(broken, at+"minimum", one.Minimum), join: alertLength(broken, at+"join", one.Join)}
		for n, text := range one.Match {
			m, rule := parseAlertMatcher(text)
			if rule != "" {
				broken.add(at+"match["+strconv.Itoa(n)+"]", rule)
			}
			rules[i].match = append(rules[i].match, m)
		}
	}
	return rules
}

// alertLength reads a length of time such as 90s, 5m or 2h.
func alertLength(broken *mistakes, field, text string) time.Duration {
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 31*24*time.Hour {
		broken.add(field, shortQuote(text)+" is not a length of time up to 31 days, such as 90s, 5m or 2h")
	}
	return d
}

// alertMatcher says what a label must be.
type alertMatcher struct {
	label string
	value string
	// pattern is set where the value is one.
	pattern *regexp.Regexp
	not     bool
}

var alertMatcherPattern = regexp.MustCompile(`^\s*([a-zA-Z_][a-zA-Z0-9_.:/-]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$`)

// parseAlertMatcher reads a matcher as Alertmanager writes it. rule says what
// is wrong.
func parseAlertMatcher(text string) (m alertMatcher, rule string) {
	parts := alertMatcherPattern.FindStringSubmatch(text)
	if parts == nil || len(text) > evenkeel.MaxText {
		return m, shortQuote(text) + ` is not a matcher, such as severity="critical" or team=~"pay.*"`
	}
	m = alertMatcher{label: parts[1], value: parts[3], not: parts[2][0] == '!'}
	if strings.HasPrefix(m.value, `"`) {
		plain, err := strconv.Unquote(m.value)
		if err != nil {
			return m, shortQuote(text) + " has a broken text; close its quotation marks"
		}
		m.value = plain
	}
	if strings.HasSuffix(parts[2], "~") {
		pattern, err := regexp.Compile("^(?:" + m.value + ")$")
		if err != nil {
			return m, shortQuote(m.value) + " is not a regular expression"
		}
		m.pattern = pattern
	}
	return m, ""
}

func (m alertMatcher) fits(labels map[string]string) bool {
	if m.pattern != nil {
		return m.pattern.MatchString(labels[m.label]) != m.not
	}
	return (labels[m.label] == m.value) != m.not
}
