package connectors

import (
	stdjson "encoding/json"
	"errors"
	"path"
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
	// Names are the names under which repositories are kept.
	Names repositoryNames `json:"names"`
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
		{"api.app.id", "number or text", "none: a token is used", "App ID or client ID of the GitHub App that asks; an App is better than a token: it belongs to no person and its tokens renew themselves"},
		{"api.app.private_key", "reference", "required with an App", "Private key of the App, the PEM file that GitHub gave, as `${file:/path}` or `${env:NAME}`"},
		{"api.app.organisation", "text", "required without `api.app.installation`", "Organisation, or user, in which the App is installed"},
		{"api.app.installation", "number", "found by the organisation", "Number of the installation, the last part of its address"},
		{"api.token", "reference", "none: GitHub is not asked", "Token that may read metadata, contents, pull requests, deployments, actions and issues, as `${env:NAME}` or `${file:/path}`; instead of an App"},
		{"api.repositories", "list of globs", "all of an App's installation; required with a token", "Repositories to read, `owner/name`; `acme/*` stands for those of acme that are visible and not archived"},
		{"api.exclude", "list of globs", "none", "Repositories that are not read although `api.repositories` names them"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first"},
		{"api.url", "address", "`https://api.github.com/`", "Address of the interface; that of an Enterprise Server ends in `/api/v3/`"},
		namesNote("GitHub", "owner/name"),
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
	s.Names.check(add, func(id, name string) bool {
		return vendorNumber.MatchString(id) && githubName.MatchString(withoutMark(name))
	}, "is not the number of a repository with the owner/name under which it is kept")
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
