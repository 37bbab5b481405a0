package connectors

import (
	"errors"
	"regexp"
	"strings"
)

// codeGitHub compiles a pattern of GitHub's CODEOWNERS, which is one of
// gitignore without negation, character ranges and an escaped "#". A pattern
// that ends with "/*" means files of that folder only.
func codeGitHub(pattern string) (*regexp.Regexp, error) {
	switch {
	case strings.HasPrefix(pattern, "!"):
		return nil, errors.New("begins with \"!\"; GitHub has no exceptions, so it leaves the line out")
	case strings.HasPrefix(pattern, `\#`):
		return nil, errors.New("begins with an escaped \"#\", which GitHub does not take, so it leaves the line out")
	case strings.ContainsAny(pattern, "[]"):
		return nil, errors.New("holds a range in brackets, which GitHub does not take, so it leaves the line out")
	}
	name := strings.TrimSuffix(pattern, "/")
	if strings.Trim(name, "/") == "" {
		return nil, errors.New("names no file")
	}
	inside, head := "(?:/.+)?", ""
	switch {
	case name != pattern:
		inside = "/.+"
	case strings.HasSuffix(name, "/*"):
		inside = ""
	}
	if !strings.Contains(name, "/") {
		head = "(?:.*/)?"
	}
	name = strings.TrimPrefix(name, "/")
	if folder, ok := strings.CutSuffix(name, "/**"); ok {
		name, inside = folder, "/.+"
	}
	body, err := globExpression(name, false)
	if err != nil {
		return nil, err
	}
	return regexp.Compile("^" + head + body + inside + "$")
}

// codeGitLab compiles a pattern of GitLab's CODEOWNERS: "*" alone is
// everything, a pattern without "/" at its start holds at any depth, one with
// "/" at its end for all below.
func codeGitLab(pattern string) (*regexp.Regexp, error) {
	if strings.Trim(pattern, "/") == "" {
		return nil, errors.New("names no file")
	}
	if pattern == "*" {
		pattern = "/**/*"
	}
	if !strings.HasPrefix(pattern, "/") {
		pattern = "/**/" + pattern
	}
	if strings.HasSuffix(pattern, "/") {
		pattern += "**/*"
	}
	return fnmatch(strings.TrimPrefix(pattern, "/"))
}

// fnmatch compiles a pattern over paths: "*" and "?" do not match "/", "**/"
// is any folders, "[a-z]" a character, "\" takes the next one as it is.
func fnmatch(pattern string) (*regexp.Regexp, error) {
	body, err := globExpression(pattern, true)
	if err != nil {
		return nil, err
	}
	return regexp.Compile("^" + body + "$")
}

// globExpression is a pattern as a regular expression.
func globExpression(pattern string, ranges bool) (string, error) {
	var out strings.Builder
	for i := 0; i < len(pattern); {
		rest := pattern[i:]
		begins := i == 0 || pattern[i-1] == '/'
		switch {
		case begins && strings.HasPrefix(rest, "**/"):
			out.WriteString("(?:.*/)?")
			i += 3
		case rest[0] == '*':
			out.WriteString("[^/]*")
			i += len(rest) - len(strings.TrimLeft(rest, "*"))
		case rest[0] == '?':
			out.WriteString("[^/]")
			i++
		case rest[0] == '[' && ranges:
			class, length, err := globRange(rest)
			if err != nil {
				return "", err
			}
			out.WriteString(class)
			i += length
		case rest[0] == '\\' && len(rest) > 1:
			i++
			fallthrough
		default:
			letter := []rune(pattern[i:])[0]
			out.WriteString(regexp.QuoteMeta(string(letter)))
			i += len(string(letter))
		}
	}
	return out.String(), nil
}

// globRange reads "[a-z]" or "[!a-z]".
func globRange(text string) (class string, length int, err error) {
	end := strings.IndexByte(text[1:], ']') + 1
	if end <= 1 {
		return "", 0, errors.New("holds a \"[\" without its \"]\"")
	}
	inside, head := text[1:end], "["
	if inside[0] == '!' || inside[0] == '^' {
		inside, head = inside[1:], "[^/"
	}
	class = head + strings.NewReplacer(`\`, `\\`, "[", `\[`, "^", `\^`, "&", `\&`, "~", `\~`).Replace(inside) + "]"
	if _, err := regexp.Compile(class); err != nil || inside == "" {
		return "", 0, errors.New("holds a range that cannot be read")
	}
	return class, end + 1, nil
}
