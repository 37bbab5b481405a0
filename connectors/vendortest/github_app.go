package vendortest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// GitHubApp is a GitHub that one App is installed on: it wants proofs of the
// App, gives tokens for its one installation, and wants those for the rest.
type GitHubApp struct {
	// ID, Installation and Organisation are those of the App; Slug is its name.
	ID, Organisation, Slug string
	Installation           int64
	// Key is the App's key, and PEM how operators get it.
	Key *rsa.PrivateKey
	PEM string
	// Permissions are what the installation may.
	Permissions map[string]string
	// Now is GitHub's clock.
	Now func() time.Time

	next http.Handler

	mu               sync.Mutex
	given            int
	until            time.Time
	removed, suspend bool
}

// NewGitHubApp puts an App before a GitHub. Its key is made for the test.
func NewGitHubApp(t *testing.T, next http.Handler, now func() time.Time) *GitHubApp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &GitHubApp{
		ID: "4711", Organisation: "acme", Slug: "evenkeel", Installation: 99, Key: key, next: next, Now: now,
		PEM:         string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		Permissions: map[string]string{"metadata": "read", "contents": "read", "pull_requests": "read", "deployments": "read", "actions": "read", "issues": "write"},
	}
}

// Given is how many tokens were given.
func (a *GitHubApp) Given() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.given
}

// Revoke ends the token that is in use.
func (a *GitHubApp) Revoke() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.until = time.Time{}
}

// Remove takes the installation away, Suspend sets it aside, and Restore
// undoes both, under another number where it was removed.
func (a *GitHubApp) Remove() { a.set(true, false) }

// Suspend sets the installation aside.
func (a *GitHubApp) Suspend() { a.set(false, true) }

// Restore brings the installation back.
func (a *GitHubApp) Restore() {
	a.mu.Lock()
	if a.removed {
		a.Installation++
	}
	a.mu.Unlock()
	a.set(false, false)
}

func (a *GitHubApp) set(removed, suspended bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.removed, a.suspend = removed, suspended
	if removed || suspended {
		a.until = time.Time{}
	}
}

// ServeHTTP implements http.Handler.
func (a *GitHubApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", a.Now().UTC().Format(http.TimeFormat))
	address := strings.Trim(strings.TrimPrefix(r.URL.Path, "/api/v3"), "/")
	credentials := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if address != "app" && !strings.HasPrefix(address, "app/") && !strings.HasSuffix(address, "/installation") {
		a.serveToken(w, r, credentials)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if status, text := a.judge(credentials); status != http.StatusOK {
		refuse(w, status, text)
		return
	}
	one := fmt.Sprintf("app/installations/%d", a.Installation)
	switch {
	case strings.HasPrefix(address, "app/hook"):
		a.next.ServeHTTP(w, r)
	case a.removed || address != one && address != one+"/access_tokens" && address != "orgs/"+a.Organisation+"/installation":
		refuse(w, http.StatusNotFound, "Not Found")
	case address == one+"/access_tokens" && r.Method == http.MethodPost:
		a.give(w)
	default:
		a.describe(w)
	}
}

// serveToken wants a token of the installation.
func (a *GitHubApp) serveToken(w http.ResponseWriter, r *http.Request, credentials string) {
	a.mu.Lock()
	good := a.given > 0 && credentials == fmt.Sprintf("ghs_%d", a.given) && a.Now().Before(a.until)
	a.mu.Unlock()
	if !good {
		refuse(w, http.StatusUnauthorized, "Bad credentials")
		return
	}
	a.next.ServeHTTP(w, r)
}

func (a *GitHubApp) give(w http.ResponseWriter) {
	if a.suspend {
		refuse(w, http.StatusForbidden, "This installation has been suspended")
		return
	}
	a.given++
	a.until = a.Now().Add(time.Hour)
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(text(map[string]any{"token": fmt.Sprintf("ghs_%d", a.given), "expires_at": a.until.UTC().Format(time.RFC3339), "permissions": a.Permissions}))
}

func (a *GitHubApp) describe(w http.ResponseWriter) {
	described := map[string]any{
		"id": a.Installation, "app_slug": a.Slug, "permissions": a.Permissions, "suspended_at": nil,
		"account": map[string]any{"login": a.Organisation, "type": "Organization"}, //nolint:misspell // GitHub's word.
	}
	if a.suspend {
		described["suspended_at"] = a.Now().UTC().Format(time.RFC3339)
	}
	_, _ = w.Write(text(described))
}

// judge checks a proof as GitHub does, and gives its words.
func (a *GitHubApp) judge(proof string) (status int, words string) {
	at := max(strings.LastIndexByte(proof, '.'), 0)
	signed, signature := proof[:at], strings.TrimPrefix(proof[at:], ".")
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || signed == "" {
		return http.StatusUnauthorized, "A JSON web token could not be decoded"
	}
	_, middle, _ := strings.Cut(signed, ".")
	claims, err := base64.RawURLEncoding.DecodeString(middle)
	var said struct {
		Issuer  string `json:"iss"`
		Issued  int64  `json:"iat"`
		Expires int64  `json:"exp"`
	}
	if err != nil || json.Unmarshal(claims, &said) != nil {
		return http.StatusUnauthorized, "A JSON web token could not be decoded"
	}
	if said.Issuer != a.ID {
		return http.StatusNotFound, "Integration not found"
	}
	sum := sha256.Sum256([]byte(signed))
	if rsa.VerifyPKCS1v15(&a.Key.PublicKey, crypto.SHA256, sum[:], raw) != nil {
		return http.StatusUnauthorized, "A JSON web token could not be decoded"
	}
	switch now := a.Now().Unix(); {
	case said.Issued > now:
		return http.StatusUnauthorized, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
	case said.Expires <= now:
		return http.StatusUnauthorized, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
	case said.Expires > now+600:
		return http.StatusUnauthorized, "'Expiration time' claim ('exp') is too far in the future"
	}
	return http.StatusOK, ""
}

func refuse(w http.ResponseWriter, status int, words string) {
	w.WriteHeader(status)
	_, _ = w.Write(text(map[string]string{"message": words}))
}
