package connectors

import (
	"strings"
	"testing"
)

func TestImagesAreNamed(t *testing.T) {
	t.Parallel()
	sha, digest := strings.Repeat("4f1c", 10), "sha256:"+strings.Repeat("9c3f", 16)
	for reference, want := range map[string][3]string{ // Name, artifact, commit.
		"ghcr.io/acme/checkout:1.4.2":                 {"ghcr.io/acme/checkout", "ghcr.io/acme/checkout:1.4.2", ""},
		"ghcr.io/acme/checkout:1.4.2@" + digest:       {"ghcr.io/acme/checkout", digest, ""},
		"ghcr.io/acme/checkout@" + digest:             {"ghcr.io/acme/checkout", digest, ""},
		"ghcr.io/acme/checkout@sha256:12":             {"ghcr.io/acme/checkout", "", ""},
		"registry.acme.example:5000/checkout":         {"registry.acme.example:5000/checkout", "", ""},
		"registry.acme.example:5000/checkout:build-7": {"registry.acme.example:5000/checkout", "registry.acme.example:5000/checkout:build-7", ""},
		"checkout:main-" + sha:                        {"checkout", "checkout:main-" + sha, sha},
		"checkout:" + sha:                             {"checkout", "checkout:" + sha, sha},
		"checkout:" + sha + "-arm64":                  {"checkout", "checkout:" + sha + "-arm64", ""},
		"checkout:x" + sha:                            {"checkout", "checkout:x" + sha, ""},
		"checkout:4f1c4f1":                            {"checkout", "checkout:4f1c4f1", ""},
		"checkout:latest":                             {"checkout", "", ""},
		"checkout:v2":                                 {"checkout", "", ""},
		"checkout:1234":                               {"checkout", "checkout:1234", ""},
		"":                                            {"", "", ""},
		":1.4.2":                                      {"", "", ""},
	} {
		i := parseImage(reference)
		if got := [3]string{i.name, i.artifact(), i.commit()}; got != want {
			t.Errorf("%q: %q, want %q", reference, got, want)
		}
	}
}
