package connectors

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// repositoryNames are the names under which repositories are kept, by the
// vendor's ids of them: those that they had first. An id stays when a
// repository is renamed or transferred. A nil map keeps every repository under
// the name that it has.
type repositoryNames map[string]string

const (
	// nameMark stands between a name that is taken and an id. No name that a
	// vendor lists holds it.
	nameMark = "~"
	// mostNamed is how many things a note names.
	mostNamed = 5
)

var (
	// vendorNumber is an id of vendors that count.
	vendorNumber = regexp.MustCompile(`^[1-9]\d{0,18}$`)
	// vendorID is an id of vendors that do not, or that do.
	vendorID = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
	// keptPath is the path of a repository on its host, with a mark and its id
	// where the path was taken already.
	keptPath = regexp.MustCompile(`^[\w.-]+(?:/[\w.~-]+)+$`)
)

// withoutMark is a name as the vendor knows it, or once knew it.
func withoutMark(kept string) string {
	name, _, _ := strings.Cut(kept, nameMark)
	return name
}

// numberID is an id that is a number; empty for none.
func numberID(number int64) string {
	if number <= 0 {
		return ""
	}
	return strconv.FormatInt(number, 10)
}

// namesNote describes the setting; the names have the form of the example.
func namesNote(vendor, example string) Setting {
	return Setting{
		"names", "texts by text", "learned when " + vendor + " is asked",
		"Name under which the facts of a repository are kept, `" + example + "`, by " + vendor + "'s id of it. A repository that is renamed or transferred keeps the name that it had first, and rules go by that name; write it here where " + vendor + " is not asked",
	}
}

// check adds what is wrong with names that somebody wrote: rule is said of
// those that do not fit.
func (n repositoryNames) check(add func(field, rule string), fits func(id, name string) bool, rule string) {
	for _, id := range slices.Sorted(maps.Keys(n)) {
		if !fits(id, n[id]) {
			add("names."+id, rule)
		}
	}
}

// kept is the name under which the facts of a repository are kept, in lower
// case: the one that it had first, else the one that it has now. A name that
// belonged to another before gets the id behind it, so that the facts of the
// two never meet. Where the vendor tells no id, the present name leads on.
func (n repositoryNames) kept(id, now string) string {
	name := n[firstText(id, now)]
	switch {
	case name != "":
	case id != "" && n.idOf(now) != "":
		name = now + nameMark + id
	default:
		name = now
	}
	return strings.ToLower(name)
}

// idOf is the id of the repository that is kept under a name; empty if none is.
func (n repositoryNames) idOf(kept string) string {
	for id, name := range n {
		if strings.EqualFold(name, kept) {
			return id
		}
	}
	return ""
}

// nameLearning are names while a vendor's list of repositories is gone through.
type nameLearning struct {
	names repositoryNames
	taken map[string]bool
	// renamed are those whose names changed, as texts.
	renamed []string
}

// learning begins with what is known.
func (n repositoryNames) learning() *nameLearning {
	l := &nameLearning{names: maps.Clone(n), taken: map[string]bool{}}
	if l.names == nil {
		l.names = repositoryNames{}
	}
	for _, name := range n {
		l.taken[strings.ToLower(name)] = true
	}
	return l
}

// name is that under which a repository is kept, which is learned where it is
// met for the first time.
func (l *nameLearning) name(id, now string) string {
	kept := l.names[id]
	if kept == "" {
		if kept = now; l.taken[strings.ToLower(now)] {
			kept += nameMark + id
		}
		l.names[id], l.taken[strings.ToLower(kept)] = kept, true
	}
	if told := now + " as " + kept; !strings.EqualFold(kept, now) && !slices.Contains(l.renamed, told) {
		l.renamed = append(l.renamed, told)
	}
	return kept
}

// notes say which repositories are kept under another name than they have.
func (l *nameLearning) notes() []string {
	return noteOf("%d repositories are kept under the name that they had first: %s", l.renamed)
}

// noteOf counts things and names some of them; nil if there are none.
func noteOf(text string, list []string) []string {
	if len(list) == 0 {
		return nil
	}
	named := strings.Join(list[:min(len(list), mostNamed)], ", ")
	if len(list) > mostNamed {
		named += ", …"
	}
	return []string{fmt.Sprintf(text, len(list), named)}
}
