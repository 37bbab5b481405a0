package connectors

import (
	"slices"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/evenkeel-dev/evenkeel"
)

// shorten shows a value of unknown length in a message.
func shorten(text []byte) string {
	const most = 64
	if len(text) > most {
		return strings.ToValidUTF8(string(text[:most]), "") + "…"
	}
	return string(text)
}

func shortQuote(text string) string { return strconv.Quote(shorten([]byte(text))) }

func kindList() string {
	return "one of " + strings.Join(texts(evenkeel.Kinds()...), ", ")
}

func unknownKind(kind string) string {
	rule := shortQuote(kind) + " is not " + kindList()
	if near := nearest(kind, texts(evenkeel.Kinds()...)); near != "" {
		rule += "; did you mean " + strconv.Quote(near) + "?"
	}
	return rule
}

// unknownMember explains a name that a record does not have. The event itself
// also has the members of the header.
func unknownMember(name string, s *shape, kind evenkeel.Kind, top bool) string {
	names := s.names()
	if top {
		for h := range header {
			names = append(names, h)
		}
		slices.Sort(names)
	}
	if near := nearest(name, names); near != "" {
		return "is not a member; did you mean " + strconv.Quote(near) + "?"
	}
	if top {
		if owners := kindsWith(name); len(owners) > 0 {
			return "is a member of " + enumerate(owners) + " events, not of " + string(kind)
		}
	}
	return "is not a member; the members are " + strings.Join(names, ", ")
}

// enumerate joins names as people do: "a, b and c".
func enumerate(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func kindsWith(name string) []string {
	var found []string
	for _, kind := range evenkeel.Kinds() {
		if _, ok := shapes()[kind].places[name]; ok {
			found = append(found, string(kind))
		}
	}
	return found
}

// synonyms lists what other formats call a member.
//
//nolint:gochecknoglobals // A constant table.
var synonyms = map[string][]string{
	"service": {"application"}, "app": {"application"}, "component": {"application"},
	"sha": {"commit", "merge_commit"}, "revision": {"commit"}, "commit_sha": {"commit", "sha"},
	"created_at": {"opened_at", "started_at"}, "deployed_at": {"finished_at"}, "ended_at": {"finished_at"}, "completed_at": {"finished_at"},
	"result": {"status"}, "status": {"result", "state"}, "outcome": {"status", "result"}, "conclusion": {"status", "result"}, "branch": {"ref", "base"}, "tag": {"ref"},
	"pull_request": {"number"}, "digest": {"artifact"}, "image": {"artifact"},
	"timestamp": {"observed_at"}, "time": {"observed_at"}, "started": {"started_at", "opened_at"}, "closed_at": {"resolved_at"},
	"date": {"committed_at"}, "url": {"repository"}, "type": {"kind"},
	"key": {"flag"}, "workflow": {"pipeline"}, "deadline": {"due_at"}, "variants": {"shares", "counts"}, "enabled": {"on"},
	"name": {"series", "flag", "check"}, "metric": {"series"}, "step": {"slice_seconds"}, "interval": {"slice_seconds"},
}

// nearest finds the valid name that was probably meant; empty if none is near.
func nearest(name string, valid []string) string {
	plain := plainName(name)
	for _, v := range valid {
		if plainName(v) == plain {
			return v
		}
	}
	for _, other := range synonyms[strings.ToLower(name)] {
		if slices.Contains(valid, other) {
			return other
		}
	}
	best, least := "", len(plain)/3+1
	for _, v := range valid {
		if len(plain) > 2 && strings.HasPrefix(plainName(v), plain) {
			return v
		}
		if d := levenshtein.ComputeDistance(plain, plainName(v)); d < least || d == least && best == "" && d <= 1 {
			best, least = v, d
		}
	}
	return best
}

// plainName is a name without the marks in which spellings differ.
func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(shorten([]byte(name))))
}
