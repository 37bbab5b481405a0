package connectors_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/connectors/promtest"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// authority signs certificates of tests.
type authority struct {
	t           testing.TB
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	// PEM is its own certificate.
	PEM string
}

// pair is a certificate with its key, in PEM.
type pair struct{ certificate, key string }

func (p pair) tls(t testing.TB) tls.Certificate {
	t.Helper()
	whole, err := tls.X509KeyPair([]byte(p.certificate), []byte(p.key))
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// validTo and endedAt are ends of certificates, whatever the present is.
var (
	validTo = time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	endedAt = time.Date(2021, 5, 4, 3, 2, 1, 0, time.UTC)
)

func newAuthority(t testing.TB, name string) authority {
	t.Helper()
	a := authority{t: t, certificate: &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}}
	own := a.issue(a.certificate, validTo)
	block, _ := pem.Decode([]byte(own.certificate))
	var err error
	if a.certificate, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	a.PEM = own.certificate
	return a
}

// issue signs a certificate; the first is the authority's own.
func (a *authority) issue(c *x509.Certificate, until time.Time) pair {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.key == nil {
		a.key = key
	}
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(1), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), until
	text, err := x509.CreateCertificate(rand.Reader, c, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return pair{string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: text})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))}
}

func (a *authority) server() pair {
	return a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "prometheus"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, validTo)
}

func (a *authority) client(until time.Time) pair {
	return a.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "evenkeel"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, until)
}

// rightPassword opens the server of these tests; the hash is that of bcrypt.
const (
	rightPassword     = "right-password"
	rightPasswordHash = "$2a$04$zTTWXNmM4EYPBncvr9w3uuj6bCjmoMsk6u6BYOmQbJyL2Jt4v./pq"
)

// guard is a web configuration of Prometheus with its files. clients are those
// who sign the certificates that it asks for; empty asks for none.
func guard(t *testing.T, own pair, clients, users string) string {
	t.Helper()
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	web := fmt.Sprintf("tls_server_config:\n  cert_file: %s\n  key_file: %s\n", file("server.crt", own.certificate), file("server.key", own.key))
	if clients != "" {
		web += fmt.Sprintf("  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: %s\n", file("clients.crt", clients))
	}
	return web + users
}

// browser is let in by the servers of these tests.
func browser(t *testing.T, trusted authority, own pair, password string) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(trusted.certificate)
	settings := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, Certificates: []tls.Certificate{own.tls(t)}}
	return &http.Client{Transport: signedBy{&http.Transport{TLSClientConfig: settings}, password}}
}

type signedBy struct {
	http.RoundTripper

	password string
}

func (s signedBy) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.password != "" {
		r = r.Clone(r.Context())
		r.SetBasicAuth("kim", s.password)
	}
	return s.RoundTripper.RoundTrip(r)
}

// admitted asks with secrets by the names of their references.
func admitted(t *testing.T, address, more string, secrets map[string]string) (connectors.Answer, error) {
	t.Helper()
	clock := vendortest.NewClock(measured.Add(3 * time.Hour))
	m, err := sourceNamed(t, "prometheus").Measure(json.RawMessage(fmt.Sprintf(`{"api":{"url":%q%s}}`, address, more)), connectors.Outside{
		Secret: func(reference string) (string, error) { return secrets[reference], nil }, Now: clock.Now, Sleep: clock.Sleep,
	})
	if err != nil {
		return connectors.Answer{}, err
	}
	return m.Measure(t.Context(), question(slo.Indicator{Kind: slo.Threshold, Value: query(`load{zone="y"}`)}, 3))
}

// entry is one way of asking, and what it leads to: data, or an error that has
// all of these texts.
type entry struct {
	more    string
	secrets map[string]string
	want    []string
}

func (e entry) try(t *testing.T, name, address string) {
	t.Helper()
	a, err := admitted(t, address, e.more, e.secrets)
	if len(e.want) == 0 {
		if lines := shown(a); err != nil || len(lines) != 3 || lines[0] != "[] 0: -/-/- 2" {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
		return
	}
	if err == nil || len(a.Series) > 0 {
		t.Errorf("%s: %v, measured %v", name, err, shown(a))
		return
	}
	for _, want := range e.want {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %q", name, err, want)
		}
	}
	for reference, secret := range e.secrets {
		if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error holds the secret of %s", name, reference)
		}
	}
}

// ours are the settings of a certificate of our own.
const ours = `,"tls":{"ca":"${file:/ca}","certificate":"${file:/crt}","key":"${file:/key}"}`

func files(ca string, own pair) map[string]string {
	return map[string]string{"${file:/ca}": ca, "${file:/crt}": own.certificate, "${file:/key}": own.key}
}

// TestAPrometheusAsksForACertificate: a real one, which knows us by a certificate
// of its authority and by no other.
func TestAPrometheusAsksForACertificate(t *testing.T) {
	t.Parallel()
	known, other := newAuthority(t, "known"), newAuthority(t, "other")
	right := known.client(validTo)
	server := promtest.Guarded(t, requests(), guard(t, known.server(), known.PEM, ""), browser(t, known, right, ""))
	const caOnly = `,"tls":{"ca":"${file:/ca}"}`
	for name, one := range map[string]entry{
		"the right certificate":   {ours, files(known.PEM, right), nil},
		"no certificate":          {caOnly, files(known.PEM, pair{}), []string{"api.tls.certificate", "api.tls.key", "asks for a certificate"}},
		"of another authority":    {ours, files(known.PEM, other.client(validTo)), []string{"api.tls.certificate", "authority"}},
		"an expired certificate":  {ours, files(known.PEM, known.client(endedAt)), []string{"api.tls.certificate", "ended at 2021-05-04T03:02:01Z"}},
		"a server not to trust":   {ours, files(other.PEM, right), []string{"api.tls.ca", "unknown authority"}},
		"no authority of our own": {"", nil, []string{"api.tls.ca", "unknown authority"}},
		"a key of another":        {ours, files(known.PEM, pair{right.certificate, known.client(validTo).key}), []string{"api.tls.certificate", "api.tls.key"}},
		"no certificate at all":   {ours, files(known.PEM, pair{"no PEM at all", right.key}), []string{"api.tls.certificate"}},
		"no authority at all":     {ours, files("no PEM at all", right), []string{"api.tls.ca"}},
	} {
		one.try(t, name, server.URL)
	}
	entry{"", nil, []string{"api.url", "https"}}.try(t, "without TLS", strings.Replace(server.URL, "https:", "http:", 1))
	elsewhere := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	entry{ours, files(known.PEM, right), []string{"api.url", "localhost"}}.try(t, "by another name", elsewhere)
	plainly := promtest.Start(t, requests())
	entry{ours, files(known.PEM, right), []string{"api.url", "http:"}}.try(t, "TLS where there is none", strings.Replace(plainly.URL, "http:", "https:", 1))
}

// TestAPrometheusAsksForAPassword: a real one, which keeps it as bcrypt does.
func TestAPrometheusAsksForAPassword(t *testing.T) {
	t.Parallel()
	known := newAuthority(t, "known")
	users := "basic_auth_users:\n  kim: " + rightPasswordHash + "\n"
	server := promtest.Guarded(t, requests(), guard(t, known.server(), "", users), browser(t, known, known.client(validTo), rightPassword))
	const ca = `,"tls":{"ca":"${file:/ca}"}`
	with := func(password string) map[string]string {
		return map[string]string{"${file:/ca}": known.PEM, "${env:P}": password}
	}
	for name, one := range map[string]entry{
		"the right password": {ca + `,"user":"kim","password":"${env:P}"`, with(rightPassword), nil},
		"a wrong password":   {ca + `,"user":"kim","password":"${env:P}"`, with("wrong-password"), []string{connectors.Refusal, "api.user", "api.password"}},
		"a wrong name":       {ca + `,"user":"lee","password":"${env:P}"`, with(rightPassword), []string{connectors.Refusal, "api.user", "api.password"}},
		"a token instead":    {ca + `,"token":"${env:P}"`, with("some-token"), []string{connectors.Refusal, "api.token"}},
		"nothing":            {ca, map[string]string{"${file:/ca}": known.PEM}, []string{connectors.Refusal, "api.token", "api.user"}},
	} {
		one.try(t, name, server.URL)
	}
}

// TestAProxyAsksForAToken: Prometheus itself knows none, so one stands before it.
func TestAProxyAsksForAToken(t *testing.T) {
	t.Parallel()
	known := newAuthority(t, "known")
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Authorization") {
		case "Bearer right-token":
			fmt.Fprintf(w, `{"data":{"result":[{"metric":{},"values":[[%d,"2"],[%d,"3"],[%d,"4"]]}]}}`, measured.Unix()+60, measured.Unix()+120, measured.Unix()+180)
		case "Bearer narrow-token":
			w.WriteHeader(http.StatusForbidden)
		default:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	proxy.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{known.server().tls(t)}}
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	const settings = `,"tls":{"ca":"${file:/ca}"},"token":"${env:T}"`
	with := func(token string) map[string]string {
		return map[string]string{"${file:/ca}": known.PEM, "${env:T}": token}
	}
	for name, one := range map[string]entry{
		"the right token":        {settings, with("right-token"), nil},
		"a wrong token":          {settings, with("wrong-token"), []string{connectors.Refusal, "api.token"}},
		"a token of less rights": {settings, with("narrow-token"), []string{"forbidden", "api.token"}},
	} {
		one.try(t, name, proxy.URL)
	}
}
