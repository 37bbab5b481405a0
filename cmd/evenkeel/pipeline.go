package main

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/evenkeel-dev/evenkeel/connectors"
)

// pipeline is what the environment of a CI job says of the event it posts, by
// member. It is empty elsewhere.
func (p *Process) pipeline() map[string]string {
	switch {
	case p.Env("GITHUB_ACTIONS") == "true":
		return p.githubActions()
	case p.Env("GITLAB_CI") == "true":
		return p.gitlabCI()
	case p.Env("JENKINS_URL") != "":
		return p.jenkins()
	}
	return nil
}

func (p *Process) githubActions() map[string]string {
	host := "github.com"
	if server, err := url.Parse(p.Env("GITHUB_SERVER_URL")); err == nil && server.Host != "" {
		host = server.Host
	}
	return map[string]string{
		"id":         p.Env("GITHUB_RUN_ID") + "/" + cmp.Or(p.Env("GITHUB_RUN_ATTEMPT"), "1") + "/" + p.Env("GITHUB_JOB"),
		"repository": strings.ToLower(host + "/" + p.Env("GITHUB_REPOSITORY")),
		"commit":     p.Env("GITHUB_SHA"),
		"ref":        p.Env("GITHUB_REF_NAME"),
		"pipeline":   p.Env("GITHUB_WORKFLOW"),
		"attempt":    p.Env("GITHUB_RUN_ATTEMPT"),
	}
}

func (p *Process) gitlabCI() map[string]string {
	return map[string]string{
		"id":         p.Env("CI_JOB_ID"),
		"repository": strings.ToLower(p.Env("CI_SERVER_HOST") + "/" + p.Env("CI_PROJECT_PATH")),
		"commit":     p.Env("CI_COMMIT_SHA"),
		"ref":        p.Env("CI_COMMIT_REF_NAME"),
		"pipeline":   p.Env("CI_PIPELINE_NAME"),
	}
}

func (p *Process) jenkins() map[string]string {
	found := map[string]string{
		"id":       p.Env("BUILD_TAG"),
		"commit":   p.Env("GIT_COMMIT"),
		"ref":      strings.TrimPrefix(p.Env("GIT_BRANCH"), "origin/"),
		"pipeline": p.Env("JOB_NAME"),
	}
	if remote := p.Env("GIT_URL"); remote != "" {
		found["repository"] = connectors.GitRepositoryName(remote)
	}
	return found
}
