package evenkeel

import (
	"slices"
	"strings"
)

// Subject is what a fact says it is about. Which applications that means is
// derived from the catalogue; facts with the same subject belong together.
type Subject struct {
	// Applications are slugs named by the fact, sorted, without repetition.
	Applications []string
	Origin       string
	Repository   string
	// Apart says that no application can claim the fact.
	Apart bool
}

func newSubject(application string, applications []string, origin, repository string) Subject {
	s := Subject{Origin: origin, Repository: repository}
	if application != "" {
		s.Applications = append(s.Applications, application)
	}
	s.Applications = append(s.Applications, applications...)
	slices.Sort(s.Applications)
	s.Applications = slices.Compact(s.Applications)
	if len(s.Applications) > 0 {
		s.Origin, s.Repository = "", "" // An explicit application is the strongest claim.
	}
	return s
}

// String is the subject's canonical text; [ParseSubject] reads it back.
func (s Subject) String() string {
	if s.Apart {
		return subjectApart
	}
	if len(s.Applications) > 0 {
		return "app:" + strings.Join(s.Applications, ",")
	}
	return "origin:" + s.Origin + "\x1f" + s.Repository
}

// subjectApart is the text of all subjects that are apart.
const subjectApart = "apart:"

// ParseSubject reads what [Subject.String] wrote.
func ParseSubject(text string) Subject {
	if text == subjectApart {
		return Subject{Apart: true}
	}
	if list, ok := strings.CutPrefix(text, "app:"); ok {
		return Subject{Applications: strings.Split(list, ",")}
	}
	origin, repository, _ := strings.Cut(strings.TrimPrefix(text, "origin:"), "\x1f")
	return Subject{Origin: origin, Repository: repository}
}
