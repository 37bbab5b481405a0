package outgoing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// errCredentials marks that a request could not be signed.
var errCredentials = errors.New("credentials")

// Credentials sign requests. They are safe for concurrent use.
type Credentials interface {
	// Sign adds to the header of a request, which is a copy.
	Sign(context.Context, *http.Request) error
	// Renew replaces credentials that the vendor has just refused; false where
	// there are no others.
	Renew(context.Context) bool
}

// Header are credentials that stand in one header.
type Header struct{ Name, Value string }

// Bearer is a token in the header Authorization. Unlike other headers it is
// one that Go itself never sends to another host.
func Bearer(token string) Header { return Header{Name: "Authorization", Value: "Bearer " + token} }

// Sign implements Credentials.
func (h Header) Sign(_ context.Context, request *http.Request) error {
	request.Header.Set(h.Name, h.Value)
	return nil
}

// Renew implements Credentials.
func (Header) Renew(context.Context) bool { return false }

// Basic is a name and a password.
type Basic struct{ Name, Password string }

// Sign implements Credentials.
func (b Basic) Sign(_ context.Context, request *http.Request) error {
	request.SetBasicAuth(b.Name, b.Password)
	return nil
}

// Renew implements Credentials.
func (Basic) Renew(context.Context) bool { return false }

// Several are credentials that sign one after another.
type Several []Credentials

// Sign implements Credentials.
func (s Several) Sign(ctx context.Context, request *http.Request) error {
	for _, one := range s {
		if err := one.Sign(ctx, request); err != nil {
			return err
		}
	}
	return nil
}

// Renew implements Credentials.
func (s Several) Renew(ctx context.Context) bool {
	renewed := false
	for _, one := range s {
		renewed = one.Renew(ctx) || renewed
	}
	return renewed
}

// signed signs requests to the one host, and refuses others.
type signed struct {
	next        http.RoundTripper
	host        string
	credentials Credentials
}

func (s *signed) RoundTrip(request *http.Request) (*http.Response, error) {
	if hostOf(request.URL) != s.host {
		return nil, fmt.Errorf("%s %w, %s", request.URL.Path, ErrElsewhere, request.URL.Host)
	}
	if s.credentials == nil {
		return s.next.RoundTrip(request)
	}
	response, err := s.send(request.Context(), request)
	if err != nil || response.StatusCode != http.StatusUnauthorized || !repeatable(request) || !s.credentials.Renew(request.Context()) {
		return response, err
	}
	discard(response)
	return s.send(request.Context(), request)
}

func (s *signed) send(ctx context.Context, request *http.Request) (*http.Response, error) {
	copied, err := again(request)
	if err != nil {
		return nil, err
	}
	if err := s.credentials.Sign(ctx, copied); err != nil {
		return nil, fmt.Errorf("%w: %w", errCredentials, err)
	}
	return s.next.RoundTrip(copied)
}

// repeatable says that the body of a request can be sent again.
func repeatable(request *http.Request) bool { return request.Body == nil || request.GetBody != nil }

// again is a copy of a request with a body of its own.
func again(request *http.Request) (*http.Request, error) {
	copied := request.Clone(request.Context())
	if request.GetBody == nil {
		return copied, nil
	}
	body, err := request.GetBody()
	copied.Body = body
	return copied, err
}
