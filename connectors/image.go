package connectors

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// imageRule says which image speaks for a deployment, and from which repository
// it is built.
type imageRule struct {
	Image      string `json:"image"`
	Repository string `json:"repository"`
}

func imageSettingNotes() []Setting {
	return []Setting{
		{"images", "list", "the only image, if there is one", "Which image speaks for a deployment: the first rule that one of its images fits. Others, such as sidecars, are left out"},
		{"images[].image", "glob", "required", "Name of the image without tag, `ghcr.io/acme/checkout`"},
		{"images[].repository", "text", "none", "Repository that the image is built from, `github.com/acme/checkout`. A tag that is or ends with a full commit id (`main-4f1c…`) then leads to the commit by itself"},
	}
}

func checkImageRules(c *settingsCheck, rules []imageRule) {
	for i, rule := range rules {
		at := "images[" + strconv.Itoa(i) + "]."
		c.required(at+"image", rule.Image)
		c.glob(at+"image", rule.Image)
		c.repository(at+"repository", rule.Repository)
	}
}

// image is a reference to an image of containers.
type image struct{ name, tag, digest string }

// imageDigest is a digest as registries write it.
var imageDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// parseImage splits "ghcr.io/acme/checkout:1.4.2@sha256:…"; all but the name
// may be missing.
func parseImage(reference string) image {
	var i image
	i.name, i.digest, _ = strings.Cut(reference, "@")
	if !imageDigest.MatchString(i.digest) {
		i.digest = ""
	}
	if colon := strings.LastIndexByte(i.name, ':'); colon > strings.LastIndexByte(i.name, '/') {
		i.name, i.tag = i.name[:colon], i.name[colon+1:]
	}
	return i
}

// imageMoves is a tag that is put on one image after another: without any
// digit, or with nothing but the first number of a version. Longer numbers are
// those of builds.
var imageMoves = regexp.MustCompile(`^(?:[^0-9]*|v?[0-9]{1,2})$`)

// artifact is the name under which a build tells of the image: its digest, else
// the reference with a tag that stays where it is. Empty if there is neither.
func (i image) artifact() string {
	switch {
	case i.digest != "":
		return i.digest
	case i.name == "" || i.tag == "" || imageMoves.MatchString(i.tag):
		return ""
	}
	return i.name + ":" + i.tag
}

// imageCommit is a full commit id at the end of a tag.
var imageCommit = regexp.MustCompile(`(?:^|[-_.])([0-9a-f]{40}|[0-9a-f]{64})$`)

// commit is the commit that the tag names; empty if it names none in full.
func (i image) commit() string {
	if found := imageCommit.FindStringSubmatch(i.tag); found != nil {
		return found[1]
	}
	return ""
}

// chooseImage finds the image that speaks for a deployment, and the repository
// it is built from. An image that runs in two versions at once says nothing.
func chooseImage(rules []imageRule, references []string) (chosen image, repository string, found bool) {
	versions := map[string][]image{}
	for _, reference := range references {
		if i := parseImage(reference); i.name != "" && !slices.Contains(versions[i.name], i) {
			versions[i.name] = append(versions[i.name], i)
		}
	}
	var names []string
	for name := range versions {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(rules) == 0 {
		if len(names) != 1 || len(versions[names[0]]) != 1 {
			return image{}, "", false
		}
		return versions[names[0]][0], "", true
	}
	for _, rule := range rules {
		for _, name := range names {
			if globsFit(rule.Image, name) {
				return versions[name][0], rule.Repository, len(versions[name]) == 1
			}
		}
	}
	return image{}, "", false
}

// imageFacts are what an image tells of a deployment: its artifact and version,
// and, where the tag names the commit, from what the artifact was built.
func imageFacts(rules []imageRule, references []string) (artifact, version string, built *evenkeel.Artifact) {
	chosen, repository, found := chooseImage(rules, references)
	if !found {
		return "", "", nil
	}
	artifact, version = chosen.artifact(), chosen.tag
	if commit := chosen.commit(); artifact != "" && commit != "" && repository != "" {
		built = &evenkeel.Artifact{Artifact: artifact, Repository: repository, Commit: commit}
	}
	return artifact, version, built
}
