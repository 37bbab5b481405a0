package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/intake"
)

// eventName is the name of the sub-command: the kind's own with hyphens, or
// what people say.
func eventName(k evenkeel.Kind) string {
	switch k {
	case evenkeel.KindDeployment:
		return "deploy"
	case evenkeel.KindFlagChange:
		return "flag"
	}
	return strings.ReplaceAll(string(k), "_", "-")
}

func newEvent(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "event",
		Short: "Post one event from a pipeline: a deployment, an incident, a build, …",
		Long: `Post one event, to the server that EVENKEEL_URL and EVENKEEL_TOKEN name or to
the local store. Every member of the format is a flag; docs/events.md says what
it means. On GitHub Actions, GitLab CI and Jenkins, repository, commit, ref and
id are known and need not be given.

A server that does not answer is asked again, with growing pauses, for as long
as --wait says. Posting an event again is harmless.

Exit codes: 0 recorded, 2 wrong command line, 3 invalid event, 4 unknown
workspace, 5 token refused, 7 the server did not answer in time (0 with
--soft-fail, so that a pipeline goes on).`,
		Example: `  evenkeel event deploy --application checkout --environment production --status success --version 2.14.0
  evenkeel event incident --id INC-7 --application checkout --severity sev2 --opened-at now
  evenkeel event incident --id INC-7 --resolved-at now`,
	}
	for _, kind := range evenkeel.Kinds() {
		cmd.AddCommand(newEventOf(p, kind))
	}
	return cmd
}

func newEventOf(p *Process, kind evenkeel.Kind) *cobra.Command {
	cmd := &cobra.Command{
		Use:   eventName(kind),
		Short: "Post one " + strings.ReplaceAll(string(kind), "_", " "),
		Args:  arguments(0, "flags only"),
		RunE:  func(cmd *cobra.Command, _ []string) error { return p.event(cmd, kind) },
	}
	if name := strings.ReplaceAll(string(kind), "_", "-"); name != eventName(kind) {
		cmd.Aliases = []string{name}
	}
	flags := cmd.Flags()
	addWorkspaceFlag(cmd)
	flags.String("id", "", "the source's own name of the fact")
	flags.String("source", "", "the source instance (default: \"cli\")")
	flags.String("observed-at", "", "when this was known: RFC 3339, or now")
	if !kind.IsSeries() {
		flags.Bool("deleted", false, "the source no longer has the fact")
		flags.Bool("final", false, "the fields given hold against later reports")
	}
	for _, m := range connectors.Members(kind) {
		addMemberFlag(cmd, m)
	}
	flags.Bool("dry-run", false, "check the event and record nothing")
	flags.Bool("json", false, "print the result as JSON")
	flags.Bool("print", false, "print the event and send nothing")
	flags.Bool("soft-fail", false, "exit with 0 where the server does not answer")
	flags.Duration("wait", defaultWait, "how long to try a server that does not answer")
	return cmd
}

func addMemberFlag(cmd *cobra.Command, m connectors.Member) {
	usage := strings.ReplaceAll(m.Note, "`", "")
	if m.Enum != nil {
		usage += " One of " + strings.Join(m.Enum, ", ") + "."
	}
	if m.Required {
		usage += " Required."
	}
	name := flagOf(m.Name)
	switch m.Form {
	case connectors.MemberTexts:
		cmd.Flags().StringArray(name, nil, usage+" Give it once per value.")
	case connectors.MemberInstant:
		cmd.Flags().String(name, "", usage+" RFC 3339, or now.")
	case connectors.MemberJSON:
		cmd.Flags().String(name, "", usage+" JSON.")
	case connectors.MemberText, connectors.MemberLiteral:
		cmd.Flags().String(name, "", usage)
	}
}

func flagOf(member string) string { return strings.ReplaceAll(member, "_", "-") }

// event posts one event.
func (p *Process) event(cmd *cobra.Command, kind evenkeel.Kind) error {
	text, err := p.eventText(cmd, kind)
	if err != nil {
		return err
	}
	if show, _ := cmd.Flags().GetBool("print"); show {
		_, err := fmt.Fprintf(p.Stdout, "%s\n", text)
		return err
	}
	to, err := p.target(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	dryRun, _ := cmd.Flags().GetBool("dry-run")
	source, _ := cmd.Flags().GetString("source")
	items := connectors.DecodeEvents(bytes.NewReader(text), connectors.EventOptions{DefaultSource: cmp.Or(source, "cli")})
	sum, err := intake.Take(cmd.Context(), items, intake.Options{Received: p.Now(), DryRun: dryRun, Record: to.record})
	err = p.reportIntake(cmd, sum, err)
	if soft, _ := cmd.Flags().GetBool("soft-fail"); soft && isUnavailable(err) {
		fmt.Fprintf(p.Stderr, "evenkeel: %v; going on because of --soft-fail\n", err)
		return nil
	}
	return err
}

// eventText writes what the flags say as a neutral event.
func (p *Process) eventText(cmd *cobra.Command, kind evenkeel.Kind) ([]byte, error) {
	members := map[string]json.RawMessage{"kind": quotedJSON(string(kind))}
	detected := p.pipeline()
	if !slices.Contains([]evenkeel.Kind{evenkeel.KindDeployment, evenkeel.KindBuild, evenkeel.KindArtifact, evenkeel.KindEvidence}, kind) {
		delete(detected, "id") // Only these are what a job itself does.
	}
	for _, name := range []string{"id", "source"} {
		value, _ := cmd.Flags().GetString(name)
		if value = cmp.Or(value, detected[name]); value != "" {
			members[name] = quotedJSON(value)
		}
	}
	if members["id"] == nil {
		return nil, fmt.Errorf("--id is needed: the name of the fact in its source, so that posting it again is no second fact: %w", errUsage)
	}
	for _, name := range []string{"deleted", "final"} {
		if set, _ := cmd.Flags().GetBool(name); set {
			members[name] = json.RawMessage("true")
		}
	}
	described := append(connectors.Members(kind), connectors.Member{Name: "observed_at", Form: connectors.MemberInstant})
	for _, m := range described {
		value, err := p.memberValue(cmd, m, detected)
		if err != nil {
			return nil, err
		}
		if value != nil {
			members[m.Name] = value
		}
	}
	p.addInstant(kind, members)
	return json.Marshal(members)
}

// memberValue is what a flag says, else what the pipeline is known to say.
func (p *Process) memberValue(cmd *cobra.Command, m connectors.Member, detected map[string]string) (json.RawMessage, error) {
	if m.Form == connectors.MemberTexts {
		values, _ := cmd.Flags().GetStringArray(flagOf(m.Name))
		if len(values) == 0 {
			return nil, nil
		}
		return json.Marshal(values)
	}
	value, _ := cmd.Flags().GetString(flagOf(m.Name))
	if !cmd.Flags().Changed(flagOf(m.Name)) {
		value = detected[m.Name]
	}
	if value == "" {
		return nil, nil
	}
	switch m.Form {
	case connectors.MemberInstant:
		if value == "now" {
			value = p.Now().UTC().Format(time.RFC3339Nano)
		}
	case connectors.MemberLiteral, connectors.MemberJSON:
		if !json.Valid([]byte(value)) {
			return nil, fmt.Errorf("--%s %q is not JSON: %w", flagOf(m.Name), value, errUsage)
		}
		return json.RawMessage(value), nil
	case connectors.MemberText, connectors.MemberTexts:
	}
	return quotedJSON(value), nil
}

func quotedJSON(text string) json.RawMessage {
	data, _ := json.Marshal(text) // A text is always written.
	return data
}

// addInstant says that what happened, happened now, where no flag says when.
func (p *Process) addInstant(kind evenkeel.Kind, members map[string]json.RawMessage) {
	given := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return members[name] != nil })
	}
	now := quotedJSON(p.Now().UTC().Format(time.RFC3339Nano))
	switch kind {
	case evenkeel.KindDeployment:
		switch strings.Trim(string(members["status"]), `"`) {
		case "success", "failure", "cancelled":
			if !given("finished_at") {
				members["finished_at"] = now
			}
		case "running":
			if !given("started_at") {
				members["started_at"] = now
			}
		}
	case evenkeel.KindBuild:
		if given("result") && !given("finished_at") {
			members["finished_at"] = now
		}
	case evenkeel.KindFlagChange, evenkeel.KindEvidence:
		if !given("at") {
			members["at"] = now
		}
	case evenkeel.KindIncident:
		if !given("opened_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "reopened_at", "deleted") {
			members["opened_at"] = now
		}
	}
}
