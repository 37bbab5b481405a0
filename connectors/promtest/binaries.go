package promtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Binary is the path of "prometheus" or "promtool". A test on a machine without
// it is skipped, in a line that says how to get it; with EVENKEEL_REQUIRE_ALL=1,
// as in CI, that is an error.
func Binary(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	path := filepath.Join(unpacked(), name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	const how = "no %s in PATH or in %s; scripts/setup.sh prometheus gets it"
	if os.Getenv("EVENKEEL_REQUIRE_ALL") == "1" {
		t.Fatalf(how, name, unpacked())
	}
	t.Skipf(how, name, unpacked())
	return ""
}

// unpacked is where scripts/setup.sh puts the programs of Debian's package.
func unpacked() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "evenkeel", "prometheus", "usr", "bin")
}

// Promtool runs promtool and gives what it printed, and its error.
func Promtool(ctx context.Context, t testing.TB, arguments ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(ctx, Binary(t, "promtool"), arguments...).CombinedOutput()
	return string(out), err
}
