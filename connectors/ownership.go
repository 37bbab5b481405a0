package connectors

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	// MaxOwnershipFile is the most bytes of one file that tells of ownership;
	// it is what GitHub reads of a CODEOWNERS file.
	MaxOwnershipFile = 3 << 20
	// maxOwnershipNotes is how many problems and notes are listed of one reading.
	maxOwnershipNotes = 500
)

// OwnershipFiles are files of one repository or folder that tell who owns what.
type OwnershipFiles struct {
	// Repository is host and path, "github.com/acme/checkout"; empty is unknown.
	Repository string
	// Commit is the commit that was read; empty is unknown.
	Commit string
	// Texts are the files by path, with "/" between folders.
	Texts map[string][]byte
	// Paths are all files of the repository, for the share that a team owns.
	// Nil is unknown.
	Paths []string
	// Whole says that Texts holds every file of the repository that
	// [WantsOwnership] names, so that what is not there is gone.
	Whole bool
}

// OwnershipNote is a mistake in a file, or what was left out of it.
type OwnershipNote struct {
	Path string `json:"path"`
	// Document counts the documents of a YAML file from 1; 0 is none.
	Document int    `json:"document"`
	Line     int    `json:"line"`
	Field    string `json:"field"`
	Rule     string `json:"rule"`
}

// String is "catalog-info.yaml:12: document 2: spec.owner: is …".
func (n OwnershipNote) String() string {
	text := n.Path
	if n.Line > 0 {
		text += ":" + strconv.Itoa(n.Line)
	}
	if n.Document > 0 {
		text += ": document " + strconv.Itoa(n.Document)
	}
	if n.Field != "" {
		text += ": " + n.Field
	}
	return text + ": " + n.Rule
}

// Ownership is what files suggest for the applications of a catalogue.
type Ownership struct {
	Suggestions []evenkeel.Suggestion
	// Scopes say what was read.
	Scopes []evenkeel.ReadScope
	// Problems are mistakes in files, Notes what was left out on purpose.
	Problems, Notes []OwnershipNote
	// Files counts the files that were read.
	Files int
	// Persons counts how often single persons are named as owners. Their names
	// are not kept.
	Persons int
}

// WantsOwnership says that a file, by its path in a repository, is one that
// [ReadOwnership] reads: catalog-info.yaml anywhere, and the places of CODEOWNERS.
func WantsOwnership(name string) bool {
	return isCatalogInfo(name) || slices.Contains(codeOwnersPlaces(false), name) || slices.Contains(codeOwnersPlaces(true), name)
}

func isCatalogInfo(name string) bool {
	base := path.Base(name)
	return base == "catalog-info.yaml" || base == "catalog-info.yml"
}

// isYAML says that a file can hold entities: those named by Locations have
// any name.
func isYAML(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// ReadOwnership reads what repositories say of who owns what, and leads it to
// the applications of a catalogue. Files that cannot be read are problems; the
// others are read all the same. The suggestions have ids, are in order and
// hold no names of persons.
func ReadOwnership(c evenkeel.Catalogue, repositories ...OwnershipFiles) Ownership {
	r := ownershipReader{catalogue: c}
	entities := r.entities(repositories)
	r.backstage(entities)
	for _, files := range repositories {
		r.codeOwners(files)
		r.scope(files)
	}
	r.namespaces()
	return r.done()
}

// ownershipReader gathers what is suggested.
type ownershipReader struct {
	catalogue evenkeel.Catalogue
	found     Ownership
	// broken are the files that could not be read, by repository.
	broken map[string][]string
	// described are the applications of components; empty is none.
	described map[entityPlace]string
}

func (r *ownershipReader) problem(repository string, n OwnershipNote, unread bool) {
	if unread {
		if r.broken == nil {
			r.broken = map[string][]string{}
		}
		r.broken[repository] = append(r.broken[repository], n.Path)
	}
	if len(r.found.Problems) < maxOwnershipNotes {
		r.found.Problems = append(r.found.Problems, n)
	}
}

func (r *ownershipReader) note(n OwnershipNote) {
	if len(r.found.Notes) < maxOwnershipNotes {
		r.found.Notes = append(r.found.Notes, n)
	}
}

// suggest keeps a suggestion that a catalogue can hold.
func (r *ownershipReader) suggest(s evenkeel.Suggestion) {
	s.Status = evenkeel.SuggestionOpen
	if a, ok := r.application(s.Application); ok {
		s.ApplicationID = a.ID
	}
	r.found.Suggestions = append(r.found.Suggestions, s.Named())
}

func (r *ownershipReader) application(slug string) (evenkeel.Application, bool) {
	i := slices.IndexFunc(r.catalogue.Applications, func(a evenkeel.Application) bool { return a.Slug == slug })
	if i < 0 {
		return evenkeel.Application{}, false
	}
	return r.catalogue.Applications[i], true
}

// scope says what was read of a repository.
func (r *ownershipReader) scope(files OwnershipFiles) {
	r.found.Files += len(files.Texts)
	broken := slices.Clone(r.broken[files.Repository])
	for _, kind := range []string{evenkeel.SourceBackstage, evenkeel.SourceCodeOwners} {
		if files.Whole && files.Repository != "" {
			r.found.Scopes = append(r.found.Scopes, evenkeel.ReadScope{Kind: kind, Repository: files.Repository, Except: broken})
			continue
		}
		for name := range files.Texts {
			r.found.Scopes = append(r.found.Scopes, evenkeel.ReadScope{Kind: kind, Repository: files.Repository, Path: name, Except: broken})
		}
	}
}

// done puts everything in order; of what is said twice the surer way is kept.
func (r *ownershipReader) done() Ownership {
	order := []evenkeel.Confidence{evenkeel.ConfidenceStated, evenkeel.ConfidenceLikely, evenkeel.ConfidenceGuess}
	slices.SortFunc(r.found.Suggestions, func(a, b evenkeel.Suggestion) int {
		return cmp.Or(
			cmp.Compare(a.Application, b.Application), cmp.Compare(a.Aspect, b.Aspect), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID),
			cmp.Compare(slices.Index(order, a.Confidence), slices.Index(order, b.Confidence)), cmp.Compare(a.Source.Line, b.Source.Line),
			cmp.Compare(a.Method, b.Method), cmp.Compare(a.Detail, b.Detail),
		)
	})
	r.found.Suggestions = slices.CompactFunc(r.found.Suggestions, func(a, b evenkeel.Suggestion) bool { return a.ID == b.ID })
	slices.SortFunc(r.found.Scopes, func(a, b evenkeel.ReadScope) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.Path, b.Path))
	})
	for _, notes := range [][]OwnershipNote{r.found.Problems, r.found.Notes} {
		slices.SortStableFunc(notes, func(a, b OwnershipNote) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field))
		})
	}
	return r.found
}

// slugOf is the slug of a group, or of what has its name from a place with
// several parts: the first of these that the catalogue has, the parts joined
// by ".", by "-", and the last part alone; else the last part.
func slugOf(known func(slug string) bool, parts []string) string {
	for i := range parts {
		parts[i] = strings.ToLower(parts[i])
	}
	last := parts[len(parts)-1]
	for _, slug := range []string{strings.Join(parts, "."), strings.Join(parts, "-"), last} {
		if known(slug) {
			return slug
		}
	}
	return last
}

func (r *ownershipReader) hasGroup(slug string) bool {
	return slices.ContainsFunc(r.catalogue.Groups, func(g evenkeel.Group) bool { return g.Slug == slug })
}

// namespaces suggests the groups in which GitLab keeps the repositories that
// applications claim. A namespace of one part may be a person's own, so it is
// taken only where it is a group of the catalogue.
func (r *ownershipReader) namespaces() {
	r.found.Scopes = append(r.found.Scopes, evenkeel.ReadScope{Kind: evenkeel.SourceNamespace})
	for _, a := range r.catalogue.Applications {
		for _, text := range a.Claims {
			claim, err := evenkeel.ParseClaim(text)
			if err != nil || !onGitLab(claim.Repository) {
				continue
			}
			parts := strings.Split(claim.Repository, "/")
			names := parts[1 : len(parts)-1]
			if len(names) == 0 || len(names) == 1 && !r.hasGroup(names[0]) {
				continue
			}
			r.namespace(a, strings.Join(names, "/"), names)
		}
	}
}

func (r *ownershipReader) namespace(a evenkeel.Application, full string, names []string) {
	slug := slugOf(r.hasGroup, slices.Clone(names))
	if !evenkeel.ValidSlug(slug) {
		return
	}
	r.suggest(evenkeel.Suggestion{
		Application: a.Slug, Aspect: evenkeel.AspectOwner, Value: slug, Name: names[len(names)-1], Reference: full,
		Method: "namespace", Detail: full, Confidence: evenkeel.ConfidenceGuess,
		Source: evenkeel.SuggestionSource{Kind: evenkeel.SourceNamespace},
	})
}

// onGitLab says that a repository lies on a host that is called GitLab.
func onGitLab(repository string) bool {
	host, _, _ := strings.Cut(repository, "/")
	return strings.Contains(host, "gitlab")
}
