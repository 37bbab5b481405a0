package promtest

import (
	"net/http"
	"path/filepath"
	"testing"
)

// Guarded is Start behind TLS and what else a web configuration asks for
// (documented under "HTTPS and authentication"): web is its YAML. client is let
// in; with it the server is waited for.
func Guarded(t testing.TB, series []Series, web string, client *http.Client) *Server {
	t.Helper()
	settings := filepath.Join(t.TempDir(), "web.yml")
	write(t, settings, []byte(web))
	return start(t, "https", client, series, "--web.config.file="+settings)
}
