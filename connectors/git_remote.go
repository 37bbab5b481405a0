package connectors

import (
	"net"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evenkeel-dev/evenkeel"
)

// gitShorthand is the form user@host:path of an address of an SSH server.
var gitShorthand = regexp.MustCompile(`^(?:[^@/:\s]+@)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{2,}):(.*)$`)

// gitHost is what a host may consist of after it was made lower case.
var gitHost = regexp.MustCompile(`^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$`)

// GitRepositoryName is the name of a repository by the address of its remote:
// host and path in lower case without scheme, user, password, port and ".git".
// git@github.com:Acme/Checkout.git and https://me:secret@github.com/acme/checkout
// are both "github.com/acme/checkout". Empty when the address is a local path
// or not an address.
func GitRepositoryName(remote string) string {
	remote = strings.TrimSpace(remote)
	if !utf8.ValidString(remote) || strings.ContainsFunc(remote, unicode.IsControl) {
		return ""
	}
	host, path := gitAddress(remote)
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	path = gitRemotePath(path)
	if path == "" || !gitHost.MatchString(host) {
		return ""
	}
	name := strings.ToLower(host + "/" + path)
	if len(name) > evenkeel.MaxText {
		return ""
	}
	return name
}

// gitAddress splits a remote into host and path; both are empty for a local one.
func gitAddress(remote string) (host, path string) {
	if !strings.Contains(remote, "://") {
		found := gitShorthand.FindStringSubmatch(remote)
		if found == nil || strings.HasPrefix(found[2], ":") { // name::address names a helper program.
			return "", ""
		}
		return found[1], found[2]
	}
	u, err := url.Parse(remote)
	if err != nil {
		return "", ""
	}
	switch strings.ToLower(u.Scheme) {
	case "ssh", "git", "http", "https", "git+ssh", "ssh+git", "git+http", "git+https":
	default:
		return "", ""
	}
	host = u.Hostname()
	if net.ParseIP(host) != nil && strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host, u.Path
}

// gitRemotePath tidies the path of an address. A path that could hold part of
// a password (an "@" after an unescaped "/") or climbs is refused.
func gitRemotePath(path string) string {
	if strings.ContainsAny(path, "@\\") || strings.ContainsFunc(path, unicode.IsControl) {
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "":
			continue
		case ".", "..":
			return ""
		}
		parts = append(parts, part)
	}
	path = strings.Join(parts, "/")
	if strings.HasSuffix(strings.ToLower(path), ".git") {
		path = path[:len(path)-len(".git")]
	}
	return strings.TrimSuffix(path, "/")
}

// gitLocalName is the name of a repository without a remote, by its folder.
func gitLocalName(folder string) string {
	folder = strings.TrimSuffix(folder, ".git")
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || r == '/' || r == '\\' {
			return '-'
		}
		return unicode.ToLower(r)
	}, strings.ToValidUTF8(folder, "-")), " -.")
	if name == "" {
		name = "repository"
	}
	return "local/" + name
}
