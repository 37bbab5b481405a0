package connectors

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-github/v60/github"
	"golang.org/x/sync/singleflight"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	// githubProofBefore and githubProof are how long before and after now an
	// App's proof of itself holds: GitHub takes none from the future, and none of
	// more than ten minutes (docs.github.com, "Generating a JSON Web Token").
	githubProofBefore = time.Minute
	githubProof       = 9 * time.Minute
	// githubEarly is how long before its end a token is replaced.
	githubEarly = 5 * time.Minute
	// githubFresh is the age up to which a refused token may have been replaced
	// by another caller meanwhile.
	githubFresh = time.Minute
	// githubSkew is from which on a difference of clocks is worth a word.
	githubSkew = 30 * time.Second
	// githubTokenTimeout is how long one token may take, waiting included.
	githubTokenTimeout = 3 * time.Minute
)

// githubApp signs requests for one installation of a GitHub App. It is safe
// for concurrent use: callers that need a token at once wait for one request.
type githubApp struct {
	settings githubAppSettings
	// itself makes the few calls of the App, which no installation may make.
	itself githubCalls
	now    func() time.Time
	flight singleflight.Group

	mu           sync.Mutex
	held         githubToken
	installation int64 // Once it is known.
}

// githubToken is a token of an installation, and when it came and ends.
type githubToken struct {
	text        string
	from, until time.Time
}

// githubAppError says what is wrong with an App. It wraps [ErrRefused].
type githubAppError struct{ text string }

func (e *githubAppError) Error() string { return ErrRefused.Error() + ": " + e.text }

// Unwrap makes it an ErrRefused.
func (*githubAppError) Unwrap() error { return ErrRefused }

func newGithubApp(settings githubAppSettings, options outgoing.Options, o Outside) (*githubApp, error) {
	text, err := o.Secret(settings.PrivateKey)
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "api.app.private_key", Rule: "cannot be resolved: " + err.Error()}}
	}
	// A variable often holds the line ends as two characters.
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if err != nil { // Its words might show a part of the key.
		return nil, evenkeel.FieldErrors{{Field: "api.app.private_key", Rule: "holds no RSA private key in PEM form; give the whole file that GitHub gave when the key was generated"}}
	}
	options.Credentials = githubProofs{id: string(settings.ID), key: key, now: o.Now}
	options.Repeat = func(*http.Request) bool { return true } // Another token does no harm.
	return &githubApp{settings: settings, itself: newGithubCalls(options), now: o.Now, installation: settings.Installation}, nil
}

// githubProofs sign requests as the App itself.
type githubProofs struct {
	id  string
	key *rsa.PrivateKey
	now func() time.Time
}

// Sign implements outgoing.Credentials.
func (p githubProofs) Sign(_ context.Context, request *http.Request) error {
	now := p.now()
	proof, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.RegisteredClaims{
		Issuer: p.id, IssuedAt: jwt.NewNumericDate(now.Add(-githubProofBefore)), ExpiresAt: jwt.NewNumericDate(now.Add(githubProof)),
	}).SignedString(p.key)
	if err != nil {
		return &githubAppError{"api.app.private_key cannot sign; generate another key in the settings of the app"}
	}
	request.Header.Set("Authorization", "Bearer "+proof)
	return nil
}

// Renew implements outgoing.Credentials.
func (githubProofs) Renew(context.Context) bool { return false }

// Sign implements outgoing.Credentials.
func (a *githubApp) Sign(ctx context.Context, request *http.Request) error {
	token, err := a.token(ctx)
	if err == nil {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return err
}

// Renew implements outgoing.Credentials. Of many callers whose token was
// refused the first drops it, and all of them take the next.
func (a *githubApp) Renew(context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now().Sub(a.held.from) >= githubFresh {
		a.held = githubToken{}
	}
	return true
}

// fresh is the token that is held, or empty if it ends soon.
func (a *githubApp) fresh() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now().Add(githubEarly).Before(a.held.until) {
		return a.held.text
	}
	return ""
}

func (a *githubApp) token(ctx context.Context) (string, error) {
	if token := a.fresh(); token != "" {
		return token, nil
	}
	flight := a.flight.DoChan("", func() (any, error) {
		if token := a.fresh(); token != "" { // Another flight has just landed.
			return token, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), githubTokenTimeout) // Others wait for it too.
		defer cancel()
		return a.fetch(ctx)
	})
	select {
	case landed := <-flight:
		token, _ := landed.Val.(string)
		return token, landed.Err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// fetch gets a token for the installation.
func (a *githubApp) fetch(ctx context.Context) (string, error) {
	id, err := a.installed(ctx)
	if err != nil {
		return "", err
	}
	var given struct {
		Token     string    `json:"token"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	if _, err := a.itself.do(ctx, http.MethodPost, "app/installations/"+strconv.FormatInt(id, 10)+"/access_tokens", &given); err != nil {
		return "", a.explain(err, "api.app.installation "+strconv.FormatInt(id, 10)+" is no installation of this app; it was removed, or is another app's: install the app, and write the number at the end of the installation's address, or api.app.organisation instead")
	}
	if given.Token == "" {
		return "", &githubAppError{"GitHub gave no token for the installation"}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.held = githubToken{given.Token, a.now(), given.ExpiresAt}
	return given.Token, nil
}

// installed is the number of the installation, which an organisation has only
// one of.
func (a *githubApp) installed(ctx context.Context) (int64, error) {
	a.mu.Lock()
	id := a.installation
	a.mu.Unlock()
	if id != 0 {
		return id, nil
	}
	found, err := a.find(ctx)
	if err != nil {
		return 0, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.installation = found.ID
	return found.ID, nil
}

// githubInstallation is where an App is installed.
type githubInstallation struct {
	ID      int64 `json:"id"`
	Account struct {
		Login string `json:"login"`
		Type  string `json:"type"`
	} `json:"account"`
	AppSlug     string            `json:"app_slug"`
	Permissions map[string]string `json:"permissions"`
	SuspendedAt *time.Time        `json:"suspended_at"`
}

// find looks for the installation in an organisation, or with a user.
func (a *githubApp) find(ctx context.Context) (found githubInstallation, err error) {
	for _, kind := range []string{"orgs/", "users/"} {
		if _, err = a.itself.do(ctx, http.MethodGet, kind+a.settings.Organisation+"/installation", &found); err == nil {
			return found, nil
		}
		if refused, ok := errors.AsType[*github.ErrorResponse](err); !ok || refused.Response.StatusCode != http.StatusNotFound {
			break
		}
	}
	return found, a.explain(err, "the app is not installed in api.app.organisation "+a.settings.Organisation+"; install it there, or correct the name")
}

// explain says which setting is wrong. missing is what a 404 means.
func (a *githubApp) explain(err error, missing string) error {
	refused, ok := errors.AsType[*github.ErrorResponse](err)
	if !ok {
		return githubError(err)
	}
	if a.settings.Installation == 0 {
		a.mu.Lock()
		a.installation = 0 // Installed anew it has another number.
		a.mu.Unlock()
	}
	switch refused.Response.StatusCode {
	case http.StatusUnauthorized:
		if text := a.skew(refused.Response.Header); text != "" {
			return &githubAppError{text}
		}
		return &githubAppError{"api.app.private_key is not a key of the app api.app.id " + string(a.settings.ID) + ", or was deleted there; compare the id, or generate a key in the settings of the app"}
	case http.StatusNotFound:
		if strings.Contains(refused.Message, "Integration") {
			return &githubAppError{"api.app.id " + string(a.settings.ID) + " is no app on this GitHub; compare it with the settings of the app, and api.url with its host"}
		}
		return &githubAppError{missing}
	case http.StatusForbidden:
		if strings.Contains(refused.Message, "suspended") {
			return &githubAppError{"the installation of the app is suspended; an owner of the organisation can end that in its settings, under GitHub Apps"}
		}
	}
	return githubError(err)
}

// skew says how far the clocks are apart; empty where they agree.
func (a *githubApp) skew(header http.Header) string {
	theirs, err := http.ParseTime(header.Get("Date"))
	ahead := a.now().Sub(theirs).Round(time.Second)
	switch {
	case err != nil || ahead.Abs() < githubSkew:
		return ""
	case ahead > 0:
		return fmt.Sprintf("the clock of this server is %v ahead of GitHub's, which takes no proof from the future; set it right, best by NTP", ahead)
	}
	return fmt.Sprintf("the clock of this server is %v behind GitHub's, for which the app's proof is over already; set it right, best by NTP", -ahead)
}

// access asks what the installation may.
func (a *githubApp) access(ctx context.Context) (evenkeel.Access, error) {
	id, err := a.installed(ctx)
	if err != nil {
		return evenkeel.Access{}, err
	}
	var found githubInstallation
	if _, err := a.itself.do(ctx, http.MethodGet, "app/installations/"+strconv.FormatInt(id, 10), &found); err != nil {
		return evenkeel.Access{}, a.explain(err, "api.app.installation "+strconv.FormatInt(id, 10)+" is no installation of this app; install it, or write api.app.organisation instead")
	}
	if found.SuspendedAt != nil {
		return evenkeel.Access{}, &githubAppError{"the installation of the app is suspended; an owner of the organisation can end that in its settings, under GitHub Apps"}
	}
	access := evenkeel.Access{Identity: "the app " + firstText(found.AppSlug, string(a.settings.ID)), Permissions: githubNeeded()}
	if found.Account.Type == "Organization" { //nolint:misspell // GitHub's word; else it is a person.
		access.Identity += " in " + found.Account.Login
	}
	for i, permission := range access.Permissions {
		name, _, _ := strings.Cut(permission.Name, ":")
		level := found.Permissions[name]
		granted := level == "read" || level == "write" || level == "admin"
		access.Permissions[i].Granted = &granted
	}
	return access, nil
}
