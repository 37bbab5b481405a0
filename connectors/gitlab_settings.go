package connectors

import (
	stdjson "encoding/json"
	"path"
	"strconv"
	"strings"
)

// gitlabSettings is what an operator may write for a connection.
type gitlabSettings struct {
	RequireSignature bool                    `json:"require_signature"`
	Environments     []gitlabEnvironmentRule `json:"environments"`
	Deployments      struct {
		Jobs     []gitlabJobRule    `json:"jobs"`
		Releases *gitlabReleaseRule `json:"releases"`
		Tags     *gitlabTagRule     `json:"tags"`
	} `json:"deployments"`
	IncidentLabels []string `json:"incident_labels"`
	SeverityLabels []string `json:"severity_labels"`
	Bots           []string `json:"bots"`
	// API is nil where GitLab is not asked.
	API *gitlabAPI `json:"api"`
	// Names are the paths under which projects are kept.
	Names repositoryNames `json:"names"`
}

// gitlabEnvironmentRule gives environments another name.
type gitlabEnvironmentRule struct {
	Environment string `json:"environment"`
	Tier        string `json:"tier"`
	Name        string `json:"name"`
}

// gitlabJobRule says which jobs are deployments.
type gitlabJobRule struct {
	Job         string `json:"job"`
	Ref         string `json:"ref"`
	Environment string `json:"environment"`
}

type gitlabReleaseRule struct {
	Environment string `json:"environment"`
}

type gitlabTagRule struct {
	Tag         string `json:"tag"`
	Environment string `json:"environment"`
}

func gitlabSettingNotes() []Setting {
	return append([]Setting{
		{"require_signature", "true or false", "false", "Whether only signed deliveries are taken, not those with a secret token"},
		{"environments", "list", "environments keep their names", "Rules that name environments; the first that fits counts"},
		{"environments[].environment", "glob", "any", "Name in GitLab, such as `review/*`"},
		{"environments[].tier", "text", "any", "Tier in GitLab: `production`, `staging`, `testing`, `development` or `other`"},
		{"environments[].name", "text", "required", "Name that it gets; `{environment}` stands for the one in GitLab"},
		{"deployments.jobs", "list", "none", "Rules that make a deployment of a job without an environment; the first that fits counts"},
		{"deployments.jobs[].job", "glob", "required", "Name of the job, such as `deploy*`"},
		{"deployments.jobs[].ref", "glob", "the default branch", "Branch or tag of the job; `*` does not match a `/`"},
		{"deployments.jobs[].environment", "text", "required", "Environment that the job deploys to"},
		{"deployments.releases.environment", "text", "none: releases are no deployments", "Environment that a release is deployed to"},
		{"deployments.tags.tag", "glob", "none: tags are no deployments", "Tags that are deployments, such as `v*`"},
		{"deployments.tags.environment", "text", "required with tags", "Environment that they are deployed to"},
		{"incident_labels", "list of texts", "`incident`", "Labels that make an issue an incident, in any case of letters, besides its type; an empty list means none"},
		{"severity_labels", "list of texts", "`severity:`, `severity/`, `severity::`, `sev`", "Beginnings of labels that name the severity of an issue that has none of its own"},
		{"bots", "list of texts", "none", "User names of programs, besides tokens and service accounts, which GitLab names so"},
		namesNote("GitLab", "group/project"),
	}, gitlabAPINotes()...)
}

func readGitlabSettings(text stdjson.RawMessage) (gitlabSettings, error) {
	var s gitlabSettings
	if err := decodeSettings(text, &s); err != nil {
		return s, err
	}
	if s.IncidentLabels == nil {
		s.IncidentLabels = []string{"incident"}
	}
	if s.SeverityLabels == nil {
		s.SeverityLabels = []string{"severity::", "severity:", "severity/", "sev"}
	}
	var broken mistakes
	s.checkRules(&broken)
	if s.API != nil {
		s.API.complete(&broken)
	}
	for _, list := range []struct {
		name  string
		texts []string
	}{{"incident_labels", s.IncidentLabels}, {"severity_labels", s.SeverityLabels}, {"bots", s.Bots}} {
		for i, one := range list.texts {
			if strings.TrimSpace(one) == "" {
				broken.add(list.name+"["+strconv.Itoa(i)+"]", "is empty")
			}
		}
	}
	s.Names.check(broken.add, func(id, name string) bool {
		return vendorNumber.MatchString(id) && keptPath.MatchString(name)
	}, "is not the number of a project with the group/project under which it is kept")
	if len(broken.list) > 0 {
		return s, broken.list
	}
	return s, nil
}

// learn adds the paths of projects that are met for the first time.
func (s *gitlabSettings) learn(projects []*gitlabListedProject) *nameLearning {
	learned := s.Names.learning()
	for _, project := range projects {
		_, name, _ := strings.Cut(GitRepositoryName(project.WebURL), "/")
		if keptPath.MatchString(name) {
			learned.name(numberID(project.ID), name)
		}
	}
	return learned
}

func (s *gitlabSettings) checkRules(broken *mistakes) {
	for i, rule := range s.Environments {
		at := "environments[" + strconv.Itoa(i) + "]."
		gitlabNeeds(broken, at+"name", rule.Name)
		gitlabPattern(broken, at+"environment", rule.Environment)
		if rule.Environment == "" && rule.Tier == "" {
			broken.add(at+"environment", "is required where no tier is given; it would fit every environment")
		}
	}
	for i, rule := range s.Deployments.Jobs {
		at := "deployments.jobs[" + strconv.Itoa(i) + "]."
		gitlabNeeds(broken, at+"job", rule.Job)
		gitlabNeeds(broken, at+"environment", rule.Environment)
		gitlabPattern(broken, at+"job", rule.Job)
		gitlabPattern(broken, at+"ref", rule.Ref)
	}
	if rule := s.Deployments.Releases; rule != nil {
		gitlabNeeds(broken, "deployments.releases.environment", rule.Environment)
	}
	if rule := s.Deployments.Tags; rule != nil {
		gitlabNeeds(broken, "deployments.tags.tag", rule.Tag)
		gitlabNeeds(broken, "deployments.tags.environment", rule.Environment)
		gitlabPattern(broken, "deployments.tags.tag", rule.Tag)
	}
}

func gitlabNeeds(broken *mistakes, field, text string) {
	if text == "" {
		broken.add(field, "is required")
	}
}

func gitlabPattern(broken *mistakes, field, glob string) {
	if _, err := path.Match(glob, ""); err != nil {
		broken.add(field, shortQuote(glob)+" is not a glob; close its brackets, or put a backslash before them")
	}
}

// job finds the rule by which a job is a deployment.
func (s *gitlabSettings) job(j gitlabJob, defaultBranch string) (gitlabJobRule, bool) {
	for _, rule := range s.Deployments.Jobs {
		ref := rule.Ref
		if ref == "" && j.tag {
			continue
		}
		if ref == "" {
			ref = githubLiteral(defaultBranch)
		}
		if githubGlob(gitlabJobName(rule.Job), gitlabJobName(j.name)) && githubGlob(ref, j.ref) {
			return rule, true
		}
	}
	return gitlabJobRule{}, false
}

// gitlabJobName makes a slash a letter like any other: the jobs of a matrix are
// "deploy 1/3", which deploy* means too.
func gitlabJobName(name string) string { return strings.ReplaceAll(name, "/", "\x1f") }
