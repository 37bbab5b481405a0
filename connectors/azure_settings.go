package connectors

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	azurePublic   = "https://dev.azure.com/"
	azureReleases = "https://vsrm.dev.azure.com/"
	azureVersion  = "7.1"
)

// azureSettings is what an operator may write for a connection.
type azureSettings struct {
	Organisation string            `json:"organisation"`
	Deployments  []pipelineRule    `json:"deployments"`
	Environments map[string]string `json:"environments"`
	API          *azureAPI         `json:"api"`
	// Names are the names under which repositories are kept, with their host. The
	// present name of one that is kept under another leads there too, because
	// stages are told without an id.
	Names repositoryNames `json:"names"`
}

// repository is the name under which a repository is kept; the id may be empty.
func (s *azureSettings) repository(id, address string) string {
	return s.Names.kept(strings.ToLower(id), GitRepositoryName(address))
}

// azureProjectKey stands before the id of a project among the names. A project
// that the settings name is read under any name that it gets later.
const azureProjectKey = "project:"

// azureNameFits says whether a name may be kept under a key.
func azureNameFits(key, name string) bool {
	if id, ok := strings.CutPrefix(key, azureProjectKey); ok {
		return vendorID.MatchString(id) && name != "" && len(name) <= evenkeel.MaxText
	}
	return (vendorID.MatchString(key) || azureAddress(key)) && azureAddress(name)
}

// azureAddress says whether a text is host/path, as [GitRepositoryName] gives it.
func azureAddress(name string) bool {
	host, within, _ := strings.Cut(strings.ToLower(name), "/")
	return gitHost.MatchString(host) && within != "" && gitRemotePath(within) == within && len(name) <= evenkeel.MaxText/2
}

// learn learns the name of a repository of which the address is known.
func (s *azureSettings) learn(learned *nameLearning, id, address string) {
	now := GitRepositoryName(address)
	if id = strings.ToLower(id); !azureNameFits(id, now) {
		return
	}
	kept := learned.name(id, now)
	if delete(learned.names, now); !strings.EqualFold(kept, now) {
		learned.names[now] = kept
	}
}

// azureAPI says how Azure DevOps is asked for what its service hooks have not
// told.
type azureAPI struct {
	URL      string `json:"url"`
	Releases string `json:"releases_url"`
	Version  string `json:"version"`
	Token    string `json:"token"`
	// Bearer says that the token is one of Microsoft Entra, not a personal one.
	Bearer   bool     `json:"bearer"`
	Projects []string `json:"projects"`
	History  string   `json:"history"`
}

func azureSettingNotes() []Setting {
	return append(append([]Setting{
		{"organisation", "text", "none", "Organisation or collection, for the name of the source; different for every one"},
		{"environments", "texts by text", "as they are", "Translates the environments of classic releases, and those of pipelines where no rule of *deployments* fits"},
		namesNote("Azure DevOps", "dev.azure.com/organisation/project/_git/name"),
	}, pipelineRuleNotes("Name of the pipeline", "Name of the stage; with it, stages are deployments instead of builds")...),
		Setting{"api.token", "reference", "none: Azure DevOps is not asked", "Personal access token that may read code, builds, environments and releases, as `${env:NAME}` or `${file:/path}`"},
		Setting{"api.bearer", "true or false", "false", "Whether the token is one of Microsoft Entra instead of a personal one"},
		Setting{"api.projects", "list", "required with a token", "Names of the projects to read; `*` stands for all that the token can see"},
		Setting{"api.history", "duration", "`" + pipelineHistory + "`", "How much of the past is read at first"},
		Setting{"api.url", "address", "`" + azurePublic + "ORGANISATION/`", "Address of the organisation, or of the collection of a server"},
		Setting{"api.releases_url", "address", "`" + azureReleases + "ORGANISATION/`, on a server `api.url`", "Address of the interface of classic releases"},
		Setting{"api.version", "text", "`" + azureVersion + "`", "Version of the interface; older servers need an older one, such as `6.0`"},
	)
}

// complete fills in what is not written, and checks the rest.
func (a *azureAPI) complete(c *settingsCheck, organisation string) {
	if a.URL == "" && organisation == "" {
		c.add("api.url", "is required where the setting organisation is not written, such as "+azurePublic+"acme/")
		return
	}
	a.URL = firstText(a.URL, azurePublic+url.PathEscape(organisation)+"/")
	if a.Releases == "" {
		a.Releases = a.URL
		if rest, public := strings.CutPrefix(a.URL, azurePublic); public {
			a.Releases = azureReleases + rest
		}
	}
	a.Version, a.History = firstText(a.Version, azureVersion), firstText(a.History, pipelineHistory)
	c.address("api.url", a.URL, azurePublic+"acme/")
	c.address("api.releases_url", a.Releases, azureReleases+"acme/")
	c.reference("api.token", a.Token)
	c.history("api.history", a.History)
	if _, err := strconv.ParseFloat(a.Version, 64); err != nil {
		c.add("api.version", shortQuote(a.Version)+" is not a version such as "+azureVersion)
	}
	if len(a.Projects) == 0 {
		c.add("api.projects", "is empty; name at least one, or * for all")
	}
	for i, name := range a.Projects {
		at := "api.projects[" + strconv.Itoa(i) + "]"
		c.required(at, name)
		c.glob(at, name)
	}
}
