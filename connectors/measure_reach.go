package connectors

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// What kept a monitoring system from answering.
var (
	ErrSlow = errors.New("is slow")
	ErrDown = errors.New("is down")
)

// signing says by which settings requests are signed, for errors.
type signing struct {
	// wrong is what to say when they are refused, who those whom they are of.
	wrong, who string
}

// byToken is how most are signed.
func byToken() signing { return signing{"the token is wrong, was revoked or has expired", "the token"} }

// signing names the settings that sign.
func (a *measuredAccess) signing() signing {
	switch {
	case a.Token != "":
		return signing{"api.token is wrong, was revoked or has expired", "the token of api.token"}
	case a.User != "":
		return signing{"api.user or api.password is wrong", "the user of api.user"}
	}
	return signing{"it asks for credentials; write api.token, or api.user and api.password", "requests without credentials (api.token, or api.user and api.password)"}
}

// presented is the certificate that servers know us by.
type presented struct {
	// until is its end; zero without one.
	until time.Time
	now   func() time.Time
}

// present reads a certificate in PEM that was checked; empty is none.
func present(certificate string, now func() time.Time) *presented {
	p := &presented{now: now}
	if block, _ := pem.Decode([]byte(certificate)); block != nil {
		if own, err := x509.ParseCertificate(block.Bytes); err == nil {
			p.until = own.NotAfter
		}
	}
	return p
}

// mend is what to look at when a server wants another certificate.
func (p *presented) mend() string {
	switch {
	case p.until.IsZero():
		return "it asks for a certificate; write api.tls.certificate and api.tls.key"
	case p.until.Before(p.now()):
		return "the certificate of api.tls.certificate ended at " + p.until.UTC().Format(time.RFC3339)
	}
	return "the certificate of api.tls.certificate has to be of an authority that the server knows"
}

// unreached says by name what kept a question from being answered, and which
// setting to look at.
func (a *asker) unreached(err error) error {
	network, ok := errors.AsType[*net.OpError](err)
	asks := a.base.Scheme == "https" && a.presented != nil
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s at %s speaks without TLS; does api.url begin with http:? %w", a.vendor, a.base.Host, err)
	case asks && ok && network.Op == "remote error": // An alert of TLS.
		return fmt.Errorf("%w: %s (%w)", ErrRefused, a.presented.mend(), err)
	case asks && ok && network.Op != "dial", asks && strings.Contains(err.Error(), "http2: client conn"): // The alert is lost where the server does not wait for us to read it.
		return fmt.Errorf("%s %w: %s ended the connection: %w; if it asks for certificates: %s", a.vendor, ErrDown, a.base.Host, err, a.presented.mend())
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s %w: %s ended the connection without an answer: %w", a.vendor, ErrDown, a.base.Host, err)
	case !ok:
		return a.untrusted(err)
	}
	return fmt.Errorf("%s %w: %s cannot be reached: %w", a.vendor, ErrDown, a.base.Host, err)
}

// untrusted says what to do about a server's certificate that cannot be
// trusted; other errors are as they are.
func (a *asker) untrusted(err error) error {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		return err
	}
	mend := "the server needs another certificate"
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		mend = "api.url has to be a name of its certificate"
	} else if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok && a.presented != nil {
		mend = "api.tls.ca has to hold the certificate of who signed that of the server"
	}
	return fmt.Errorf("%s at %s cannot be trusted: %w; %s", a.vendor, a.base.Host, err, mend)
}
