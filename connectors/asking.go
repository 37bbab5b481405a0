package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// askedCache is how much of unchanged answers is kept for a connection.
const askedCache = 16 << 20

// asker asks one interface that answers with JSON, of a vendor for which no
// library is used. It is safe for concurrent use.
type asker struct {
	// vendor is its name in texts, "Jenkins".
	vendor string
	// accept is the media type that is asked for.
	accept string
	// base is the address of the interface; its path ends in a slash.
	base  *url.URL
	calls *outgoing.Client
	// reason reads from the body of an answer why something was refused; nil
	// where the vendor does not say.
	reason func(body []byte) string
	// signing is what to say of credentials that are refused.
	signing signing
	// presented is our certificate; nil where the settings know none.
	presented *presented
}

// newAsker asks below an address that the settings name, which was checked.
func newAsker(vendor, address string, credentials outgoing.Credentials, o Outside) (*asker, error) {
	base, err := baseAddress(address)
	if err != nil {
		return nil, err
	}
	return &asker{vendor: vendor, accept: "application/json", base: base, signing: byToken(), calls: outgoing.New(outgoing.Options{
		Base: base, Credentials: credentials, CacheBytes: askedCache, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe,
	})}, nil
}

// baseAddress is an address of the settings; its path ends in a slash.
func baseAddress(address string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSuffix(address, "/") + "/")
	if err != nil {
		return nil, evenkeel.FieldErrors{{Field: "api.url", Rule: "is not an address"}}
	}
	return base, nil
}

// resolveSecret is the secret behind a reference in a setting.
func resolveSecret(o Outside, field, reference string) (string, error) {
	secret, err := o.Secret(reference)
	if err != nil {
		return "", evenkeel.FieldErrors{{Field: field, Rule: "cannot be resolved: " + err.Error()}}
	}
	return secret, nil
}

// get asks for an address below the base and reads the answer into v.
func (a *asker) get(ctx context.Context, address string, v any) (http.Header, error) {
	below, err := url.Parse("./" + address)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", shortQuote(address), err)
	}
	whole, where := a.base.ResolveReference(below), strings.TrimPrefix(below.Path, "./")
	if !strings.HasPrefix(whole.EscapedPath(), a.base.EscapedPath()) {
		return nil, fmt.Errorf("%w: %s leads out of the interface", evenkeel.ErrInvalid, shortQuote(address))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, whole.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", a.accept)
	response, err := a.calls.Do(request)
	if err != nil {
		return nil, plainly(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return response.Header, a.refusal(response)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return response.Header, fmt.Errorf("%s: the answer broke off: %w", where, err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return response.Header, fmt.Errorf("%s: the answer is not the JSON of %s; is api.url its address?", where, a.vendor)
	}
	return response.Header, nil
}

// plainly takes the whole address away that the standard library puts before
// an error: it would fill the line.
func plainly(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// refusal puts an answer that is none into words for whoever has to mend it.
func (a *asker) refusal(response *http.Response) error {
	where := response.Request.URL.Path
	switch response.StatusCode {
	case http.StatusUnauthorized, http.StatusNonAuthoritativeInfo: // Azure DevOps sends its page for signing in.
		return fmt.Errorf("%w: %s", ErrRefused, a.signing.wrong)
	case http.StatusForbidden:
		return fmt.Errorf("%w: %s is forbidden to %s", evenkeel.ErrDenied, where, a.signing.who)
	case http.StatusNoContent:
		return fmt.Errorf("%s: %w", where, errNothing)
	case http.StatusNotFound:
		return fmt.Errorf("%s: %w there, or the token may not see it", where, evenkeel.ErrNotFound)
	}
	said := fmt.Sprintf("%s: %s answered %d", where, a.vendor, response.StatusCode)
	text, err := io.ReadAll(response.Body)
	if err == nil && a.reason != nil && a.reason(text) != "" {
		said += ": " + shortQuote(a.reason(text))
	}
	if response.StatusCode == http.StatusBadRequest && err == nil && !json.Valid(text) && a.presented != nil { // What stands before it has answered.
		return errors.New(said + ", not in JSON; is api.url its address, with https: if it wants TLS, and does it ask for a certificate (api.tls.certificate)?")
	}
	if response.StatusCode == http.StatusBadRequest {
		return fmt.Errorf("%w: %s", evenkeel.ErrInvalid, said)
	}
	return errors.New(said)
}

// callLimits are the vendor's limits as it last told them.
func (a *asker) callLimits() (limits []evenkeel.CallLimit) {
	for name, limit := range a.calls.Limits() {
		limits = append(limits, evenkeel.CallLimit{Name: name, Remaining: limit.Remaining, Most: limit.Most, Reset: limit.Reset})
	}
	return limits
}

// The settings of an interface that sources have in common.

// address is where an interface lies.
func (c *settingsCheck) address(field, text, example string) {
	base, err := url.Parse(text)
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		c.add(field, "is not an address such as "+example)
	}
}

// reference is a reference to a secret. It is not quoted: it may be the secret
// itself.
func (c *settingsCheck) reference(field, text string) {
	if !strings.HasPrefix(text, "${") || !strings.HasSuffix(text, "}") {
		c.add(field, "is not a reference; write ${env:NAME} or ${file:/full/path}")
	}
}

// history is how much of the past is read.
func (c *settingsCheck) history(field, text string) { //nolint:unparam // As the checks beside it.
	if length, ok := evenkeel.ParseDuration(text); !ok || length <= 0 {
		c.add(field, shortQuote(text)+" is not a duration such as 365d or 26w")
	}
}
