package promtest

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Alertmanager starts one that ends with the test and gives its address. Debian's
// package has to be installed, since its program reads a file at a fixed place;
// without it the test is skipped, or fails with EVENKEEL_REQUIRE_ALL=1.
func Alertmanager(t testing.TB) string {
	t.Helper()
	path, err := alertmanager()
	if err != nil {
		const how = "no Alertmanager in PATH; scripts/setup.sh prometheus-alertmanager gets it"
		if os.Getenv("EVENKEEL_REQUIRE_ALL") == "1" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	folder := t.TempDir()
	settings := filepath.Join(folder, "alertmanager.yml")
	write(t, settings, []byte("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"))
	address := freeAddress(t)
	s := &Server{URL: "http://" + address, client: http.DefaultClient, output: &bytes.Buffer{}}
	s.run(t, path, "--config.file="+settings, "--storage.path="+filepath.Join(folder, "data"),
		"--web.listen-address="+address, "--cluster.listen-address=", "--log.level=warn")
	s.ready(t, address)
	return s.URL
}

// alertmanager is Debian's name for it, or its own.
func alertmanager() (string, error) {
	if path, err := exec.LookPath("prometheus-alertmanager"); err == nil {
		return path, nil
	}
	return exec.LookPath("alertmanager")
}
