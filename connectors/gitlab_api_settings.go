package connectors

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// gitlabAPI says how GitLab is asked for what its webhooks have not told.
type gitlabAPI struct {
	URL          string   `json:"url"`
	Token        string   `json:"token"`
	Groups       []string `json:"groups"`
	Projects     []string `json:"projects"`
	Include      []string `json:"include"`
	Exclude      []string `json:"exclude"`
	FeatureFlags bool     `json:"feature_flags"`
	History      string   `json:"history"`
}

const (
	gitlabPublic = "https://gitlab.com/"
	// gitlabHistory is how much of the past is read where nothing is written.
	gitlabHistory = "365d"
	// gitlabMember stands for all projects that the token is a member of.
	gitlabMember = "*"
)

func gitlabAPINotes() []Setting {
	return []Setting{
		{"api.token", "reference", "none: GitLab is not asked", "Token of a person, a project or a group, or one of OAuth, with the scope `read_api` and at least the role Reporter, as `${env:NAME}` or `${file:/path}`"},
		{"api.groups", "list", "none", "Groups whose projects are read, with those of their sub-groups, by their full path; `*` stands for all projects that the token is a member of. Archived projects are left out"},
		{"api.projects", "list", "none", "Projects to read besides, by their full path"},
		{"api.include", "list of globs", "all", "Which projects of the groups are read: patterns of the path of a project, or of a group above it; `*` does not match a `/`"},
		{"api.exclude", "list of globs", "none", "Which projects of the groups are not read: `acme/*/sandbox-*`, or `acme/archive` with all that is below"},
		{"api.feature_flags", "true or false", "false", "Whether feature flags are asked for (role Developer). Their webhook is then ignored: it tells neither when a flag was changed nor a name for that, so one switch would be told twice"},
		{"api.history", "duration", "`365d`", "How much of the past is read at first"},
		{"api.url", "address", "`https://gitlab.com/`", "Address that people open in the browser, with its path if it has one"},
	}
}

// complete fills in what is not written, and checks the rest.
func (a *gitlabAPI) complete(broken *mistakes) {
	a.URL = strings.TrimSuffix(firstText(a.URL, gitlabPublic), "/") + "/"
	a.History = firstText(a.History, gitlabHistory)
	if !gitlabBase(a.URL) {
		broken.add("api.url", "is not an address such as https://gitlab.example.com/ or https://example.com/gitlab/")
	}
	var common settingsCheck
	common.reference("api.token", a.Token)
	common.history("api.history", a.History)
	for _, one := range common.broken {
		broken.add(one.Field, one.Rule)
	}
	if len(a.Groups)+len(a.Projects) == 0 {
		broken.add("api.groups", "is empty, and so is api.projects; name at least one group, acme, or project, acme/checkout")
	}
	for i, name := range a.Groups {
		if name != gitlabMember && !gitlabPath.MatchString(name) {
			broken.add("api.groups["+strconv.Itoa(i)+"]", shortQuote(name)+" is not the full path of a group, such as acme/shop, nor *")
		}
	}
	for i, name := range a.Projects {
		if !gitlabPath.MatchString(name) || !strings.Contains(name, "/") {
			broken.add("api.projects["+strconv.Itoa(i)+"]", shortQuote(name)+" is not the full path of a project, such as acme/checkout; patterns belong into api.include")
		}
	}
	for name, globs := range map[string][]string{"api.include": a.Include, "api.exclude": a.Exclude} {
		for i, glob := range globs {
			gitlabNeeds(broken, name+"["+strconv.Itoa(i)+"]", glob)
			gitlabPattern(broken, name+"["+strconv.Itoa(i)+"]", glob)
		}
	}
}

// gitlabPath is the full path of a group or a project; names that would lead
// to another address stay out.
var gitlabPath = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$`)

// gitlabBase says whether an address can be that of an installation. Signs in
// its path that are written in another way would be lost when a request is made.
func gitlabBase(address string) bool {
	base, err := url.Parse(address)
	return err == nil && (base.Scheme == "https" || base.Scheme == "http") && base.Host != "" && base.User == nil && base.RawQuery == "" &&
		base.Fragment == "" && (base.Path == "/" || gitlabPath.MatchString(strings.Trim(base.Path, "/")) && !strings.HasSuffix(base.Path, "/api/v4/"))
}

// wants says whether a project of a group is to be read.
func (a *gitlabAPI) wants(project string) bool {
	return (len(a.Include) == 0 || matchesBelow(a.Include, project)) && !matchesBelow(a.Exclude, project)
}

// matchesBelow says whether a pattern fits a path or a beginning of it, in any
// case of letters.
func matchesBelow(patterns []string, name string) bool {
	for part := strings.ToLower(name); part != "."; part = path.Dir(part) {
		if matchesAny(patterns, part) {
			return true
		}
	}
	return false
}
