package connectors

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// codeOwnersPlaces are where a CODEOWNERS file is looked for, first one first.
func codeOwnersPlaces(gitlab bool) []string {
	if gitlab {
		return []string{"CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}
	}
	return []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}
}

// codeOwner is a team or group that owns files. Single persons are none.
type codeOwner struct {
	// reference is how the file writes it, "@acme/payments".
	reference string
	parts     []string
}

// codeRule says who owns the files that a pattern matches.
type codeRule struct {
	pattern string
	match   *regexp.Regexp
	owners  []codeOwner
	line    int
	// except takes files out of the section for good.
	except bool
}

// codeSection is a part of the file in which the last matching rule decides;
// GitHub knows only one.
type codeSection struct {
	name  string
	rules []codeRule
}

// codeOwners is a CODEOWNERS file.
type codeOwners struct {
	sections []*codeSection
	// persons counts users and addresses; their names are not kept.
	persons  int
	problems []OwnershipNote
}

// codeReader reads a CODEOWNERS file line by line.
type codeReader struct {
	file   codeOwners
	name   string
	gitlab bool
	// group says that a name of one part is a group of GitLab, not a person.
	group    func(name string) bool
	section  *codeSection
	defaults []codeOwner
}

// parseCodeOwners reads a CODEOWNERS file as GitHub or GitLab do: rules that
// break the syntax are reported and left out.
func parseCodeOwners(name string, text []byte, gitlab bool, group func(name string) bool) codeOwners {
	r := codeReader{name: name, gitlab: gitlab, group: group}
	if !utf8.Valid(text) {
		r.wrong(0, "is not UTF-8; convert it")
		return r.file
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	r.begin("")
	number := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if gitlab && r.heading(line) {
			continue
		}
		r.rule(number, line)
	}
	return r.file
}

func (r *codeReader) wrong(line int, rule string) {
	if len(r.file.problems) < maxOwnershipNotes {
		r.file.problems = append(r.file.problems, OwnershipNote{Path: r.name, Line: line, Rule: rule})
	}
}

// codeHeading is a section heading: optional, name, approvals, default owners.
var codeHeading = regexp.MustCompile(`^\^?\[([^\]]+)\](?:\[\d+\])?((?:\s.*)?)$`)

// heading reads a section heading; what cannot be read as one is a rule.
func (r *codeReader) heading(line string) bool {
	found := codeHeading.FindStringSubmatch(line)
	if found == nil {
		return false
	}
	r.begin(found[1])
	r.defaults, _ = r.owners(strings.Fields(found[2]))
	return true
}

// begin goes on in the section of a name; case does not tell sections apart.
func (r *codeReader) begin(name string) {
	name = strings.ToLower(strings.TrimSpace(name))
	at := slices.IndexFunc(r.file.sections, func(s *codeSection) bool { return s.name == name })
	if at < 0 {
		at = len(r.file.sections)
		r.file.sections = append(r.file.sections, &codeSection{name: name})
	}
	r.section, r.defaults = r.file.sections[at], nil
}

// rule reads one pattern with its owners.
func (r *codeReader) rule(number int, line string) {
	pattern, rest := codePattern(line)
	one := codeRule{pattern: pattern, line: number}
	glob := pattern
	if r.gitlab {
		glob, one.except = strings.CutPrefix(pattern, "!")
	}
	match, err := r.compile(glob)
	if err != nil {
		r.wrong(number, err.Error())
		return
	}
	owners, ok := r.owners(strings.Fields(rest))
	if !ok {
		r.wrong(number, "names an owner that is neither @organisation/team nor @user nor an address; GitHub leaves the line out")
		return
	}
	if len(owners) == 0 && strings.TrimSpace(rest) == "" {
		owners = r.defaults
	}
	one.match, one.owners = match, owners
	r.section.rules = append(r.section.rules, one)
}

func (r *codeReader) compile(glob string) (*regexp.Regexp, error) {
	if r.gitlab {
		return codeGitLab(glob)
	}
	return codeGitHub(glob)
}

// codePattern cuts a line at the first blank that is not escaped.
func codePattern(line string) (pattern, rest string) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ' ', '\t':
			return line[:i], line[i:]
		}
	}
	return line, ""
}

var (
	codeTeam  = regexp.MustCompile(`^@[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+$`)
	codeUser  = regexp.MustCompile(`^@[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	codeGroup = regexp.MustCompile(`^@[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+$`)
)

// owners reads who owns: teams are kept, persons counted. It is not ok where
// GitHub would leave the line out.
func (r *codeReader) owners(words []string) (teams []codeOwner, ok bool) {
	persons := 0
	for _, word := range words {
		name := strings.TrimPrefix(word, "@")
		switch {
		case !r.gitlab && strings.HasPrefix(word, "#"):
			r.file.persons += persons
			return teams, true
		case !r.gitlab && codeTeam.MatchString(word), r.gitlab && codeGroup.MatchString(word), r.gitlab && codeUser.MatchString(word) && r.group(name):
			teams = append(teams, codeOwner{word, strings.Split(name, "/")})
		case r.gitlab && strings.HasPrefix(word, "@@"): // A role, such as @@maintainer.
		case codeUser.MatchString(word), strings.Contains(strings.TrimLeft(word, "@"), "@"):
			persons++
		case !r.gitlab:
			return nil, false
		}
	}
	r.file.persons += persons
	return teams, true
}

// codeHit is an owner of a file, and the rule that says so.
type codeHit struct {
	owner codeOwner
	rule  codeRule
}

// of lists the owners of a file: in each section the last rule that matches
// decides, and what a section takes out it owns no more.
func (c codeOwners) of(file string) []codeHit {
	var hits []codeHit
	for _, section := range c.sections {
		if rule, ok := section.last(file); ok {
			for _, owner := range rule.owners {
				hits = append(hits, codeHit{owner, rule})
			}
		}
	}
	return hits
}

func (s *codeSection) last(file string) (found codeRule, ok bool) {
	for _, rule := range slices.Backward(s.rules) {
		switch {
		case !rule.except && ok, !rule.match.MatchString(file):
		case rule.except:
			return codeRule{}, false
		default:
			found, ok = rule, true
		}
	}
	return found, ok
}
