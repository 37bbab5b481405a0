package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

// deaf is the receiver of a source that is only asked.
type deaf struct{}

// Verify implements Receiver.
func (deaf) Verify(http.Header, []byte, []string) error {
	return fmt.Errorf("%w: this connection is asked for measurements and takes no deliveries", evenkeel.ErrDenied)
}

// Identify implements Receiver.
func (deaf) Identify(http.Header) (event, key string) { return "", "" }

// Parse implements Receiver.
func (deaf) Parse(http.Header, []byte) ([]evenkeel.Event, error) {
	return nil, ignored("this connection is asked for measurements and takes no deliveries")
}

// measuredAccess are the settings by which a monitoring system is reached.
type measuredAccess struct {
	URL      string      `json:"url"`
	Token    string      `json:"token"`
	User     string      `json:"user"`
	Password string      `json:"password"`
	Tenant   string      `json:"tenant"`
	TLS      *tlsSetting `json:"tls"`
	Delay    string      `json:"ingestion_delay"`
	Timeout  string      `json:"timeout"`
}

// tlsSetting holds references to PEM texts.
type tlsSetting struct {
	CA          string `json:"ca"`
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

// accessNotes document measuredAccess.
func accessNotes(url string) []Setting {
	return []Setting{
		{"api.url", "address", "none: nothing is asked", url},
		{"api.token", "reference", "none", "Bearer token, as `${env:NAME}` or `${file:/path}`"},
		{"api.user", "text", "none", "Name, with *api.password* instead of a token"},
		{"api.password", "reference", "none", "Password"},
		{"api.tenant", "text", "none", "Tenant of Mimir, Cortex, Loki or Thanos: the header `X-Scope-OrgID`"},
		{"api.tls.ca", "reference", "those of the system", "Certificates (PEM) of who may sign the server's certificate"},
		{"api.tls.certificate", "reference", "none", "Certificate (PEM) that the server knows us by; needs *api.tls.key*"},
		{"api.tls.key", "reference", "none", "Key (PEM) of that certificate"},
		{"api.ingestion_delay", "duration", "`" + defaultDelay + "`", "How long measurements may take to arrive; younger slices are not asked for"},
		{"api.timeout", "duration", "`" + defaultTimeout + "`", "How long one answer may take"},
	}
}

const (
	defaultDelay   = "1m"
	defaultTimeout = "30s"
)

// complete fills in what is not written, and checks the rest.
func (a *measuredAccess) complete(c *settingsCheck, example string) {
	a.Delay, a.Timeout = firstText(a.Delay, defaultDelay), firstText(a.Timeout, defaultTimeout)
	c.address("api.url", a.URL, example)
	references := map[string]string{"api.token": a.Token, "api.password": a.Password}
	if a.TLS != nil {
		references["api.tls.ca"], references["api.tls.certificate"], references["api.tls.key"] = a.TLS.CA, a.TLS.Certificate, a.TLS.Key
		if (a.TLS.Certificate == "") != (a.TLS.Key == "") {
			c.add("api.tls.certificate", "and api.tls.key go together; write both or neither")
		}
	}
	for field, reference := range references {
		if reference != "" {
			c.reference(field, reference)
		}
	}
	if a.Token != "" && a.User != "" {
		c.add("api.token", "stands beside api.user; write one of them")
	}
	if (a.User == "") != (a.Password == "") {
		c.add("api.user", "and api.password go together; write both or neither")
	}
	c.length("api.ingestion_delay", a.Delay, 0)
	c.length("api.timeout", a.Timeout, time.Second)
}

// length is a duration of a least length and at most a day.
func (c *settingsCheck) length(field, text string, least time.Duration) {
	if d, ok := evenkeel.ParseDuration(text); !ok || d < least || d > 24*time.Hour {
		c.add(field, shortQuote(text)+" is not a duration of "+least.String()+" to 24h, such as 90s")
	}
}

// asker asks the system with the credentials of the settings.
func (a *measuredAccess) asker(vendor string, o Outside) (*asker, error) {
	credentials, err := a.credentials(o)
	if err != nil {
		return nil, err
	}
	transport, presented, err := a.transport(o)
	if err != nil {
		return nil, err
	}
	asker, err := measuringAsker(vendor, a.URL, credentials, transport, o)
	if err != nil {
		return nil, err
	}
	asker.signing, asker.presented = a.signing(), presented
	return asker, nil
}

// measuringAsker asks a monitoring system, whose answers are never kept.
func measuringAsker(vendor, address string, credentials outgoing.Credentials, transport http.RoundTripper, o Outside) (*asker, error) {
	base, err := baseAddress(address)
	if err != nil {
		return nil, err
	}
	return &asker{vendor: vendor, accept: "application/json", base: base, calls: outgoing.New(outgoing.Options{
		Base: base, Credentials: credentials, Transport: transport, Attempts: measureAttempts, Budget: measureBudget, Now: o.Now, Sleep: o.Sleep, Observe: o.Observe,
	})}, nil
}

// within asks for an address and says by name what kept it from being answered.
func (a *asker) within(ctx context.Context, timeout time.Duration, address string, v any) error {
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := a.get(bounded, address, v)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case bounded.Err() != nil:
		return fmt.Errorf("%s %w: no answer within %s (api.timeout)", a.vendor, ErrSlow, timeout)
	}
	return a.unreached(err)
}

// A question is asked again in a minute in any case.
const (
	measureAttempts = 2
	measureBudget   = 20 * time.Second
)

func (a *measuredAccess) credentials(o Outside) (outgoing.Credentials, error) {
	var list outgoing.Several
	if a.Tenant != "" {
		list = append(list, outgoing.Header{Name: "X-Scope-OrgID", Value: a.Tenant})
	}
	switch {
	case a.Token != "":
		token, err := resolveSecret(o, "api.token", a.Token)
		if err != nil {
			return nil, err
		}
		list = append(list, outgoing.Bearer(token))
	case a.User != "":
		password, err := resolveSecret(o, "api.password", a.Password)
		if err != nil {
			return nil, err
		}
		list = append(list, outgoing.Basic{Name: a.User, Password: password})
	}
	return list, nil
}

// transport is that of the standard library with the certificates of the
// settings; nil without any.
func (a *measuredAccess) transport(o Outside) (http.RoundTripper, *presented, error) {
	if a.TLS == nil {
		return nil, present("", o.Now), nil
	}
	var pem [3]string
	for i, one := range []struct{ field, reference string }{{"api.tls.ca", a.TLS.CA}, {"api.tls.certificate", a.TLS.Certificate}, {"api.tls.key", a.TLS.Key}} {
		if one.reference == "" {
			continue
		}
		var err error
		if pem[i], err = resolveSecret(o, one.field, one.reference); err != nil {
			return nil, nil, err
		}
	}
	transport, err := outgoing.TLS([]byte(pem[0]), []byte(pem[1]), []byte(pem[2]))
	switch {
	case errors.Is(err, outgoing.ErrAuthorities):
		return nil, nil, evenkeel.FieldErrors{{Field: "api.tls.ca", Rule: "holds no certificates in PEM"}}
	case err != nil:
		return nil, nil, evenkeel.FieldErrors{{Field: "api.tls.certificate", Rule: "and api.tls.key are no pair in PEM"}}
	}
	return transport, present(pem[1], o.Now), nil
}

func (a *measuredAccess) timeout() time.Duration {
	d, _ := evenkeel.ParseDuration(a.Timeout) // It was checked.
	return d
}

func (a *measuredAccess) delay() time.Duration {
	d, _ := evenkeel.ParseDuration(a.Delay) // It was checked.
	return d
}
