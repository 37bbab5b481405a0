package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// oauthCredentials are access tokens that are fetched when they are needed,
// and again a little before they end (RFC 6749, sections 4.3 and 4.4). They are
// safe for concurrent use.
type oauthCredentials struct {
	address string
	form    url.Values
	calls   *outgoing.Client
	now     func() time.Time

	mu    sync.Mutex
	token string
	// until is when another token is fetched; zero where the vendor does not say
	// when this one ends.
	until time.Time
}

// oauthEarly is how long before its end a token is replaced.
const oauthEarly = time.Minute

func newOAuth(base *url.URL, address string, form url.Values, o Outside) *oauthCredentials {
	return &oauthCredentials{
		address: base.ResolveReference(&url.URL{Path: address}).String(), form: form, now: o.Now,
		calls: outgoing.New(outgoing.Options{Base: base, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe}),
	}
}

// Sign implements outgoing.Credentials.
func (c *oauthCredentials) Sign(ctx context.Context, request *http.Request) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == "" || !c.until.IsZero() && !c.now().Before(c.until) {
		if err := c.fetch(ctx); err != nil {
			return err
		}
	}
	return outgoing.Bearer(c.token).Sign(ctx, request)
}

// Renew implements outgoing.Credentials.
func (c *oauthCredentials) Renew(ctx context.Context) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fetch(ctx) == nil
}

func (c *oauthCredentials) fetch(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, strings.NewReader(c.form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	response, err := c.calls.Do(request)
	if err != nil {
		return plainly(err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%w: %s gives no token to the client; are its id, its secret and the user right?", ErrRefused, response.Request.URL.Path)
	default:
		return fmt.Errorf("%s answered %d instead of a token", response.Request.URL.Path, response.StatusCode)
	}
	var granted struct {
		Token   string      `json:"access_token"`
		Expires json.Number `json:"expires_in"`
	}
	if err := json.NewDecoder(response.Body).Decode(&granted); err != nil || granted.Token == "" {
		return fmt.Errorf("%w: %s answered without a token", evenkeel.ErrInvalid, response.Request.URL.Path)
	}
	c.token, c.until = granted.Token, time.Time{}
	if seconds, err := granted.Expires.Int64(); err == nil && seconds > 0 {
		c.until = c.now().Add(max(time.Duration(seconds)*time.Second-oauthEarly, 0))
	}
	return nil
}
