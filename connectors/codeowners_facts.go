package connectors

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// ownedSample is how many files of a repository are looked at to find out
// which team owns most of them.
const ownedSample = 5000

// codeOwners suggests the teams that own the folders of applications.
func (r *ownershipReader) codeOwners(files OwnershipFiles) {
	name, gitlab := codeOwnersOf(files)
	if name == "" {
		return
	}
	if len(files.Texts[name]) > MaxOwnershipFile {
		r.problem(files.Repository, OwnershipNote{Path: name, Rule: fmt.Sprintf("is longer than %d bytes, which is the most that is read", MaxOwnershipFile)}, true)
		return
	}
	file := parseCodeOwners(name, files.Texts[name], gitlab, r.groupOf(files.Repository))
	r.found.Persons += file.persons
	for _, problem := range file.problems {
		r.problem(files.Repository, problem, false)
	}
	claims := r.claimsOn(files.Repository)
	if len(claims) == 0 {
		r.note(OwnershipNote{Path: name, Rule: "leads to no application: none claims " + firstText(files.Repository, "this folder, whose repository is unknown")})
		return
	}
	source := evenkeel.SuggestionSource{Kind: evenkeel.SourceCodeOwners, Repository: files.Repository, Path: name, Commit: files.Commit}
	for _, owned := range r.ownedFolders(file, claims, files.Paths) {
		owned.Source.Kind, owned.Source.Repository, owned.Source.Path, owned.Source.Commit = source.Kind, source.Repository, source.Path, source.Commit
		r.suggest(owned)
	}
}

// codeOwnersOf finds the CODEOWNERS file that counts, and says whose rules it
// follows.
func codeOwnersOf(files OwnershipFiles) (name string, gitlab bool) {
	host, _, _ := strings.Cut(files.Repository, "/")
	_, inGitLab := files.Texts[".gitlab/CODEOWNERS"]
	_, inGitHub := files.Texts[".github/CODEOWNERS"]
	gitlab = onGitLab(files.Repository) || inGitLab && !inGitHub && !strings.Contains(host, "github")
	for _, name := range codeOwnersPlaces(gitlab) {
		if text, ok := files.Texts[name]; ok {
			return name, gitlab || !strings.Contains(host, "github") && !inGitHub && sectioned(string(text))
		}
	}
	return "", false
}

// sectioned says that a file has sections, which only GitLab knows.
func sectioned(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if codeHeading.MatchString(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
}

// groupOf says which names of one part are groups of GitLab: what the
// catalogue has, and the top of a namespace of several parts, for persons have
// no groups in theirs.
func (r *ownershipReader) groupOf(repository string) func(name string) bool {
	parts := strings.Split(repository, "/")
	return func(name string) bool {
		return len(parts) > 3 && strings.EqualFold(parts[1], name) || r.hasGroup(strings.ToLower(name))
	}
}

// claimsOn lists the claims on a repository by slug, longest path first: those
// of the catalogue, and those that have just been suggested.
func (r *ownershipReader) claimsOn(repository string) []evenkeel.PathClaim {
	if repository == "" {
		return nil
	}
	all := evenkeel.Catalogue{}
	for _, a := range r.catalogue.Applications {
		all.Applications = append(all.Applications, evenkeel.Application{ID: a.Slug, Claims: a.Claims})
	}
	for _, s := range r.found.Suggestions {
		if s.Aspect == evenkeel.AspectRepository {
			all.Applications = append(all.Applications, evenkeel.Application{ID: s.Application, Claims: []string{s.Value}})
		}
	}
	return slices.Compact(all.PathClaims(repository))
}

// ownedFolders suggests owners of the claimed folders.
func (r *ownershipReader) ownedFolders(file codeOwners, claims []evenkeel.PathClaim, paths []string) []evenkeel.Suggestion {
	var all []evenkeel.Suggestion
	shares := sharesOf(file, claims, paths)
	for _, claim := range claims {
		hits, method, confidence := file.of(path.Join(claim.Path, folderProbe)), "folder_rule", evenkeel.ConfidenceLikely
		share, counted := shares[claim.Application]
		if counted {
			if most := share.most(); len(most) > 0 {
				hits, method = most, "file_share"
			} else {
				confidence = evenkeel.ConfidenceGuess // No team owns most of what is there.
			}
		}
		for _, hit := range hits {
			s := evenkeel.Suggestion{
				Application: claim.Application, Aspect: evenkeel.AspectOwner, Value: slugOf(r.hasGroup, slices.Clone(hit.owner.parts)),
				Name: hit.owner.parts[len(hit.owner.parts)-1], Reference: hit.owner.reference, Method: method, Detail: hit.rule.pattern,
				Confidence: confidence, Source: evenkeel.SuggestionSource{Line: hit.rule.line},
			}
			if method == "file_share" {
				s.Detail = share.text(hit.owner)
			}
			if evenkeel.ValidSlug(s.Value) {
				all = append(all, s)
			}
		}
	}
	return all
}

// folderProbe is a file that no rule but one for everything in its folder matches.
const folderProbe = "evenkeel~folderProbe"

// ownedShare counts the files of an application by who owns them.
type ownedShare struct {
	files int
	owned map[string]int
	hits  map[string]codeHit
}

// most are the teams that own more than half of the files.
func (s *ownedShare) most() []codeHit {
	var found []codeHit
	for _, reference := range slices.Sorted(maps.Keys(s.owned)) {
		if 2*s.owned[reference] > s.files {
			found = append(found, s.hits[reference])
		}
	}
	return found
}

// text is "412/430".
func (s *ownedShare) text(owner codeOwner) string {
	return strconv.Itoa(s.owned[owner.reference]) + "/" + strconv.Itoa(s.files)
}

// sharesOf counts a sample of the files, by slug of the application whose they
// are.
func sharesOf(file codeOwners, claims []evenkeel.PathClaim, paths []string) map[string]*ownedShare {
	shares := map[string]*ownedShare{}
	paths = slices.Sorted(slices.Values(paths))
	step := max(1, (len(paths)+ownedSample-1)/ownedSample)
	for i := 0; i < len(paths); i += step {
		applications := evenkeel.Owners(claims, paths[i])
		if len(applications) == 0 {
			continue
		}
		hits := file.of(paths[i])
		for _, slug := range slices.Compact(applications) {
			share := shares[slug]
			if share == nil {
				share = &ownedShare{owned: map[string]int{}, hits: map[string]codeHit{}}
				shares[slug] = share
			}
			share.add(hits)
		}
	}
	return shares
}

// add counts one file once per team; its line is that of the first rule.
func (s *ownedShare) add(hits []codeHit) {
	s.files++
	seen := map[string]bool{}
	for _, hit := range hits {
		reference := hit.owner.reference
		if seen[reference] {
			continue
		}
		seen[reference] = true
		s.owned[reference]++
		if held, known := s.hits[reference]; !known || hit.rule.line < held.rule.line {
			s.hits[reference] = hit
		}
	}
}
