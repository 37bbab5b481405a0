package outgoing

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
)

// What is wrong with certificates.
var (
	ErrAuthorities = errors.New("no certificates in PEM")
	ErrPair        = errors.New("no pair in PEM")
)

// TLS is the usual transport with certificates of one's own, in PEM: those of
// who may sign the server's, and the one that the server knows us by with its
// key. Empty ones are as usual. Errors are [ErrAuthorities]
// and [ErrPair].
func TLS(authorities, certificate, key []byte) (http.RoundTripper, error) {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(authorities) > 0 {
		settings.RootCAs = x509.NewCertPool()
		if !settings.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, ErrAuthorities
		}
	}
	if len(certificate) > 0 {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return nil, ErrPair
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	t := transport()
	t.TLSClientConfig = settings
	return t, nil
}
