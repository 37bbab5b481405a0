package connectors

import (
	stdjson "encoding/json"
	"errors"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/evenkeel-dev/evenkeel"
)

// githubSettings is what an operator may write for a connection.
type githubSettings struct {
	Deployments struct {
		Workflows []githubWorkflowRule `json:"workflows"`
		Releases  *githubReleaseRule   `json:"releases"`
	} `json:"deployments"`
	IncidentLabels []string   `json:"incident_labels"`
	SeverityLabels []string   `json:"severity_labels"`
	API            *githubAPI `json:"api"`
}

// githubAPI says how GitHub is asked for what its webhooks have not told.
type githubAPI struct {
	URL          string   `json:"url"`
	Token        string   `json:"token"`
	Repositories []string `json:"repositories"`
	History      string   `json:"history"`
}

// githubWorkflowRule says which workflow runs are deployments.
type githubWorkflowRule struct {
	Workflow    string `json:"workflow"`
	Branch      string `json:"branch"`
	Event       string `json:"event"`
	Environment string `json:"environment"`
}

// githubReleaseRule says that releases are deployments.
type githubReleaseRule struct {
	Environment string `json:"environment"`
	Prereleases bool   `json:"prereleases"`
}

func githubSettingNotes() []Setting {
	return []Setting{
		{"deployments.workflows", "list", "none", "Rules that make a deployment of a workflow run; the first that fits counts. Do not use them for workflows that deploy to a GitHub environment: those say so themselves"},
		{"deployments.workflows[].workflow", "glob", "required", "Name of the workflow's file without folder (`deploy*.yml`), or its title"},
		{"deployments.workflows[].branch", "glob", "the default branch", "Branch of the run; `*` does not match a `/`"},
		{"deployments.workflows[].event", "text", "all but pull requests", "What started the run, such as `push` or `workflow_dispatch`"},
		{"deployments.workflows[].environment", "text", "required", "Environment that the run deploys to"},
		{"deployments.releases.environment", "text", "none: releases are no deployments", "Environment that a published release is deployed to"},
		{"deployments.releases.prereleases", "true or false", "false", "Whether pre-releases count too"},
		{"api.token", "reference", "none: GitHub is not asked", "Token that may read metadata, contents, pull requests, deployments, actions and issues, as `${env:NAME}` or `${file:/path}`"},
		{"api.repositories", "list", "required with a token", "Repositories to read, `owner/name`; `acme/*` stands for those of acme that the token can see and that are not archived"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first"},
		{"api.url", "address", "`https://api.github.com/`", "Address of the interface; that of an Enterprise Server ends in `/api/v3/`"},
		{"incident_labels", "list of texts", "`incident`", "Labels that make an issue an incident, in any case of letters; an empty list means none"},
		{"severity_labels", "list of texts", "`severity:`, `severity/`, `sev`", "Beginnings of labels that name the severity: `severity:high` is high, `SEV-1` is sev1"},
	}
}

func readGithubSettings(text stdjson.RawMessage) (githubSettings, error) {
	var s githubSettings
	if err := decodeSettings(text, &s); err != nil {
		return s, err
	}
	if s.IncidentLabels == nil {
		s.IncidentLabels = []string{"incident"}
	}
	if s.SeverityLabels == nil {
		s.SeverityLabels = []string{"severity:", "severity/", "sev"}
	}
	var broken evenkeel.FieldErrors
	add := func(field, rule string) { broken = append(broken, evenkeel.FieldError{Field: field, Rule: rule}) }
	for i, rule := range s.Deployments.Workflows {
		rule.check("deployments.workflows["+strconv.Itoa(i)+"].", add)
	}
	if r := s.Deployments.Releases; r != nil && r.Environment == "" {
		add("deployments.releases.environment", "is required")
	}
	for name, list := range map[string][]string{"incident_labels": s.IncidentLabels, "severity_labels": s.SeverityLabels} {
		for i, label := range list {
			if strings.TrimSpace(label) == "" {
				add(name+"["+strconv.Itoa(i)+"]", "is empty; it would fit every issue")
			}
		}
	}
	if s.API != nil {
		s.API.complete(add)
	}
	if len(broken) > 0 {
		return s, broken
	}
	return s, nil
}

func (r githubWorkflowRule) check(at string, add func(field, rule string)) {
	for name, value := range map[string]string{"workflow": r.Workflow, "environment": r.Environment} {
		if value == "" {
			add(at+name, "is required")
		}
	}
	for name, glob := range map[string]string{"workflow": r.Workflow, "branch": r.Branch} {
		if _, err := path.Match(glob, ""); err != nil {
			add(at+name, shortQuote(glob)+" is not a glob; close its brackets, or put a backslash before them")
		}
	}
}

// settingsError names the setting that could not be read.
func settingsError(err error) error {
	var wrong *json.SemanticError
	if !errors.As(err, &wrong) {
		return evenkeel.FieldErrors{{Field: "settings", Rule: jsonRule(err)}}
	}
	name := firstText(jsonPath("", wrong.JSONPointer), "settings")
	if errors.Is(err, json.ErrUnknownName) {
		return evenkeel.FieldErrors{{Field: name, Rule: "is not a setting of this source; docs/connectors.md lists them"}}
	}
	return evenkeel.FieldErrors{{Field: name, Rule: "is not of the right type; docs/connectors.md says which"}}
}

// githubHistory is how much of the past is read where nothing is written.
const githubHistory = "365d"

// complete fills in what is not written, and checks the rest.
func (a *githubAPI) complete(add func(field, rule string)) {
	a.URL = strings.TrimSuffix(firstText(a.URL, githubPublic), "/") + "/"
	a.History = firstText(a.History, githubHistory)
	if base, err := url.Parse(a.URL); err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil || base.RawQuery != "" {
		add("api.url", "is not an address such as https://github.example.com/api/v3/")
	}
	if !strings.HasPrefix(a.Token, "${") || !strings.HasSuffix(a.Token, "}") {
		add("api.token", "is not a reference; write ${env:NAME} or ${file:/full/path}") // Not quoted: it may be the token itself.
	}
	if length, ok := evenkeel.ParseDuration(a.History); !ok || length <= 0 {
		add("api.history", shortQuote(a.History)+" is not a duration such as 365d or 26w")
	}
	if len(a.Repositories) == 0 {
		add("api.repositories", "is empty; name at least one, acme/checkout, or acme/* for all of acme")
	}
	for i, name := range a.Repositories {
		if _, err := path.Match(name, ""); err != nil || !githubRepository.MatchString(name) {
			add("api.repositories["+strconv.Itoa(i)+"]", shortQuote(name)+" is not owner/name, or a pattern of that form")
		}
	}
}

// githubRepository keeps names out that would lead to another address.
var githubRepository = regexp.MustCompile(`^[A-Za-z0-9_*?\[\]-][A-Za-z0-9._*?\[\]-]*/[A-Za-z0-9_*?\[\]-][A-Za-z0-9._*?\[\]-]*$`)
