package connectors

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// githubAPI says how GitHub is asked for what its webhooks have not told.
type githubAPI struct {
	URL          string             `json:"url"`
	Token        string             `json:"token"`
	App          *githubAppSettings `json:"app"`
	Repositories []string           `json:"repositories"`
	Exclude      []string           `json:"exclude"`
	History      string             `json:"history"`
}

// githubAppSettings name a GitHub App and where it is installed.
type githubAppSettings struct {
	ID           githubID `json:"id"`
	PrivateKey   string   `json:"private_key"`
	Organisation string   `json:"organisation"`
	Installation int64    `json:"installation"`
}

// githubID is the number of an App or its client id; operators write the
// former with and without quotes.
type githubID string

// UnmarshalJSON reads a number or a text.
func (id *githubID) UnmarshalJSON(text []byte) error {
	*id = githubID(strings.Trim(string(text), `"`))
	if !githubAppID.MatchString(string(*id)) {
		*id = "?" // Which is refused by name.
	}
	return nil
}

// githubHistory is how much of the past is read where nothing is written.
const githubHistory = "365d"

var (
	// githubRepository keeps names out that would lead to another address.
	githubRepository = regexp.MustCompile(`^[A-Za-z0-9_*?\[\]-][A-Za-z0-9._*?\[\]-]*/[A-Za-z0-9_*?\[\]-][A-Za-z0-9._*?\[\]-]*$`)
	// githubName is the name of one repository; names may begin with a dot, as
	// that of .github does.
	githubName  = regexp.MustCompile(`^[A-Za-z0-9_-]+/(?:\.?[A-Za-z0-9_-][A-Za-z0-9._-]*)$`)
	githubOwner = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	githubAppID = regexp.MustCompile(`^[A-Za-z0-9.]{1,64}$`)
)

// complete fills in what is not written, and checks the rest.
func (a *githubAPI) complete(add func(field, rule string)) {
	a.URL = strings.TrimSuffix(firstText(a.URL, githubPublic), "/") + "/"
	a.History = firstText(a.History, githubHistory)
	if base, err := url.Parse(a.URL); err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil || base.RawQuery != "" {
		add("api.url", "is not an address such as https://github.example.com/api/v3/")
	}
	switch {
	case a.App == nil:
		githubReference("api.token", a.Token, add)
	case a.Token != "":
		add("api.token", "stands beside api.app; leave one of them out")
	default:
		a.App.check(add)
		if len(a.Repositories) == 0 {
			a.Repositories = []string{"*/*"}
		}
	}
	if length, ok := evenkeel.ParseDuration(a.History); !ok || length <= 0 {
		add("api.history", shortQuote(a.History)+" is not a duration such as 365d or 26w")
	}
	if len(a.Repositories) == 0 {
		add("api.repositories", "is empty; name at least one, acme/checkout, or acme/* for all of acme")
	}
	for field, list := range map[string][]string{"api.repositories": a.Repositories, "api.exclude": a.Exclude} {
		for i, name := range list {
			if _, err := path.Match(name, ""); err != nil || !githubRepository.MatchString(name) && !githubName.MatchString(name) {
				add(field+"["+strconv.Itoa(i)+"]", shortQuote(name)+" is not owner/name, or a pattern of that form")
			}
		}
	}
}

func (a *githubAppSettings) check(add func(field, rule string)) {
	if !githubAppID.MatchString(string(a.ID)) {
		add("api.app.id", "is not the App ID or the client ID of a GitHub App; both stand at the top of the app's settings")
	}
	githubReference("api.app.private_key", a.PrivateKey, add)
	if a.Installation < 0 {
		add("api.app.installation", "is not a number above 0; it is the last part of the installation's address")
	}
	switch {
	case a.Organisation == "" && a.Installation == 0:
		add("api.app.organisation", "is required; write the organisation in which the app is installed, or api.app.installation")
	case a.Organisation != "" && !githubOwner.MatchString(a.Organisation):
		add("api.app.organisation", shortQuote(a.Organisation)+" is not the name of an organisation as its address shows it")
	}
}

// githubReference wants a reference to a secret. The text is not shown: it may
// be the secret itself.
func githubReference(field, text string, add func(field, rule string)) {
	if !strings.HasPrefix(text, "${") || !strings.HasSuffix(text, "}") {
		add(field, "is not a reference; write ${env:NAME} or ${file:/full/path}")
	}
}
