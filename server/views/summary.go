package views

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Summary is one line on a fact, from its fields, and who acted. A fact whose
// fields cannot be read has an empty one.
func Summary(k evenkeel.Kind, fields json.RawMessage) (string, evenkeel.ActorKind) {
	payload, err := evenkeel.Decode(k, fields)
	if err != nil {
		return "", ""
	}
	switch f := payload.(type) {
	case *evenkeel.Deployment:
		return deploymentSummary(f), f.ActorKind
	case *evenkeel.Change:
		return changeSummary(f), ""
	case *evenkeel.Artifact:
		return "built from " + short(f.Commit), ""
	case *evenkeel.Build:
		return buildSummary(f), ""
	case *evenkeel.Incident:
		return incidentSummary(f), ""
	case *evenkeel.Dependency:
		return words(f.From, "needs", f.To, bracketed(string(f.Basis))), ""
	case *evenkeel.WorkItem:
		return words(string(f.Type), string(f.State), dated("due", f.DueAt)), ""
	case *evenkeel.FlagChange:
		return words(f.Flag, string(f.Action), flagState(f.After)), f.ActorKind
	case *evenkeel.Evidence:
		return words(f.Check, string(f.Result), bracketed(f.Value)), ""
	}
	return "", ""
}

func deploymentSummary(d *evenkeel.Deployment) string {
	what := d.Version
	if what == "" {
		what = short(d.Commit)
	}
	if what == "" {
		what = d.Ref
	}
	status := string(d.Status)
	if d.RollbackOf != "" || d.ChangeKind == evenkeel.ChangeRollback {
		status = words(status, "rollback")
	}
	return words(what, status, bracketed(took(d.StartedAt, d.FinishedAt)))
}

func changeSummary(c *evenkeel.Change) string {
	name := short(c.MergeCommit)
	if c.Number > 0 {
		name = "#" + strconv.Itoa(c.Number)
	}
	size := ""
	if c.Size != nil {
		size = fmt.Sprintf("+%d −%d", c.Size.Added, c.Size.Deleted)
		if files := counted(c.Size.Files, "file"); files != "" {
			size += " in " + files
		}
	}
	revert := ""
	if c.RevertOf != "" {
		revert = "reverts " + short(c.RevertOf)
	}
	return words(name, string(c.State), size, revert)
}

func buildSummary(b *evenkeel.Build) string {
	attempt := ""
	if b.Attempt > 1 {
		attempt = "attempt " + strconv.Itoa(b.Attempt)
	}
	result := string(b.Result)
	if result == "" {
		result = "running"
	}
	return words(b.Pipeline, result, attempt, bracketed(took(b.StartedAt, b.FinishedAt)))
}

func incidentSummary(i *evenkeel.Incident) string {
	state := "open"
	switch {
	case !i.ResolvedAt.IsZero():
		state = "resolved"
		if length := took(i.OpenedAt, i.ResolvedAt); length != "" {
			state += " after " + length
		}
	case !i.MitigatedAt.IsZero():
		state = "mitigated"
	}
	return words(i.Severity, state)
}

func flagState(s *evenkeel.FlagState) string {
	if s == nil {
		return ""
	}
	var parts []string
	for _, variant := range slices.Sorted(maps.Keys(s.Shares)) {
		parts = append(parts, variant+" "+strconv.FormatFloat(s.Shares[variant]*100, 'f', -1, 64)+" %")
	}
	return bracketed(strings.Join(parts, ", "))
}

// words joins what is not empty.
func words(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}

func bracketed(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func dated(word string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return word + " " + t.UTC().Format(time.DateOnly)
}

// took is the length of time between two instants, to the second.
func took(from, to time.Time) string {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return ""
	}
	return to.Sub(from).Round(time.Second).String()
}

// short is the beginning of a commit id, and any other text as it is.
func short(sha string) string {
	const shown = 8
	if evenkeel.ValidSHA(sha) {
		return sha[:shown]
	}
	return sha
}
