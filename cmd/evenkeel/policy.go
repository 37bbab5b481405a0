package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/store"
)

func newPolicy(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "policy",
		Short:   "Versions of the policy, and what a change of it would do",
		Example: "  evenkeel policy list\n  evenkeel policy diff 3 4\n  evenkeel policy preview -f deploy/example",
	}
	add := func(use, short string, args cobra.PositionalArgs, run func(*cobra.Command, []string, target) error) *cobra.Command {
		sub := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
			to, err := p.existing(cmd)
			if err != nil {
				return err
			}
			defer to.close()
			return run(cmd, args, to)
		}}
		addWorkspaceFlag(sub)
		sub.Flags().Bool("json", false, "print JSON")
		cmd.AddCommand(sub)
		return sub
	}
	add("list", "List the versions, newest first", arguments(0, "no arguments"), p.listPolicies)
	add("show VERSION", "Show one version; its number or name", arguments(1, "a version"), p.showPolicy)
	add("diff VERSION VERSION", "Show what differs between two versions", arguments(2, "two versions"), p.diffPolicies)
	preview := add("preview", "Show what the policy of a configuration would make of the last year", arguments(0, "no arguments; name the configuration with -f"), p.previewPolicy)
	preview.Example = "  evenkeel policy preview -f deploy/example --json"
	addFileFlag(preview)
	return cmd
}

// printed writes JSON where that is wanted.
func (p *Process) printed(cmd *cobra.Command, value any) (bool, error) {
	asJSON, _ := cmd.Flags().GetBool("json")
	if !asJSON {
		return false, nil
	}
	return true, json.NewEncoder(p.Stdout).Encode(value)
}

func (p *Process) listPolicies(cmd *cobra.Command, _ []string, to target) error {
	versions, err := to.policies(cmd.Context())
	if err != nil {
		return err
	}
	if done, err := p.printed(cmd, map[string]any{"items": versions}); done {
		return err
	}
	table := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VERSION\tSINCE\tBY\tCHANGES\tNOTE")
	for _, v := range versions {
		since, mark := "always", ""
		if v.At != nil {
			since = stamp(*v.At)
		}
		if v.InForce {
			mark = " (in force)"
		}
		fmt.Fprintf(table, "%s%s\t%s\t%s\t%d\t%s\n", v.Version, mark, since, v.Author, len(v.Changes), v.Note)
	}
	return table.Flush()
}

func versionNamed(versions []views.PolicyVersion, name string) (views.PolicyVersion, error) {
	at := slices.IndexFunc(versions, func(v views.PolicyVersion) bool {
		return v.Version == name || strconv.FormatInt(v.Number, 10) == name
	})
	if at < 0 {
		return views.PolicyVersion{}, fmt.Errorf("policy version %q; 'evenkeel policy list' names them: %w", name, evenkeel.ErrNotFound)
	}
	return versions[at], nil
}

func (p *Process) showPolicy(cmd *cobra.Command, args []string, to target) error {
	versions, err := to.policies(cmd.Context())
	if err != nil {
		return err
	}
	v, err := versionNamed(versions, args[0])
	if err != nil {
		return err
	}
	if done, err := p.printed(cmd, v); done {
		return err
	}
	fmt.Fprintf(p.Stdout, "version %s by %s: %s\n\n", v.Version, v.Author, v.Note)
	return writeChanges(p.Stdout, views.PolicyLines(v.Policy))
}

func (p *Process) diffPolicies(cmd *cobra.Command, args []string, to target) error {
	versions, err := to.policies(cmd.Context())
	if err != nil {
		return err
	}
	before, err := versionNamed(versions, args[0])
	if err != nil {
		return err
	}
	after, err := versionNamed(versions, args[1])
	if err != nil {
		return err
	}
	changes := views.BodyDiff(before.Policy, after.Policy)
	if done, err := p.printed(cmd, map[string]any{"items": changes}); done {
		return err
	}
	if len(changes) == 0 {
		fmt.Fprintln(p.Stdout, "no difference")
	}
	return writeChanges(p.Stdout, changes)
}

func writeChanges(out io.Writer, changes []views.PolicyChange) error {
	for _, c := range changes {
		line := c.Member + ": " + c.After
		if c.Before != "" {
			line = c.Member + ": " + c.Before + " -> " + c.After
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

func (p *Process) previewPolicy(cmd *cobra.Command, _ []string, to target) error {
	file, _ := cmd.Flags().GetString("file")
	settings, err := config.Load(file)
	if err != nil {
		return err
	}
	preview, err := to.previewPolicy(cmd.Context(), settings.Policy)
	if err != nil {
		return err
	}
	if done, err := p.printed(cmd, preview); done {
		return err
	}
	return writePreview(p.Stdout, preview)
}

// writePreview prints what a policy would do.
func writePreview(out io.Writer, v views.PolicyPreview) error {
	fmt.Fprintf(out, "%s\n(%s to %s)\n", v.Sentence, stamp(v.Window.From), stamp(v.Window.To))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nSCOPE\tDEPLOYMENTS\tFAILURES\tFAIL RATE\tLEAD TIME\tRECOVERY")
	for _, row := range append([]views.PreviewRow{v.Whole}, v.Applications...) {
		b, a := row.Before, row.After
		fmt.Fprintf(table, "%s\t%d -> %d\t%d -> %d\t%s -> %s\t%s -> %s\t%s -> %s\n", row.Slug, b.Deployments, a.Deployments, b.Failures, a.Failures,
			percent(b.FailRate), percent(a.FailRate), span(b.LeadTime), span(a.LeadTime), span(b.Recovery), span(a.Recovery))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if rest := v.ApplicationsTotal - len(v.Applications); rest > 0 {
		fmt.Fprintf(out, "and %d applications more\n", rest)
	}
	fmt.Fprintf(out, "\nnewly counted: %d deployments; no longer counted: %d\n", v.Added.Total, v.Removed.Total)
	for _, w := range v.Warnings {
		fmt.Fprintf(out, "warning: %s: %s\n", w.Field, w.Text)
	}
	return writeChanges(out, v.Changes)
}

func (l *local) policies(ctx context.Context) ([]views.PolicyVersion, error) {
	w := l.store.In(l.workspace)
	versions, err := w.PolicyVersions(ctx)
	if err != nil {
		return nil, err
	}
	catalogue, _, err := w.Catalogue(ctx)
	return views.PolicyVersions(versions, catalogue), err
}

// previewPolicy tries a policy on what the local store holds. Overrides may
// name applications that the configuration is yet to make.
func (l *local) previewPolicy(ctx context.Context, policy evenkeel.Policy) (views.PolicyPreview, error) {
	policy.Version = "proposed"
	before, after, err := l.deriver.Preview(ctx, l.workspace, policy)
	if err != nil {
		return views.PolicyPreview{}, err
	}
	info := evenkeel.WorkspaceInfo{Slug: l.workspace, Name: l.workspace}
	return views.NewPolicyPreview(info, before, after, views.Present(l.now())), nil
}

func (r *remote) policies(ctx context.Context) ([]views.PolicyVersion, error) {
	var answer struct {
		Items []views.PolicyVersion `json:"items"`
	}
	err := r.call(ctx, http.MethodGet, "/api/v1/policies", url.Values{}, nil, nil, &answer)
	return answer.Items, err
}

func (r *remote) previewPolicy(ctx context.Context, policy evenkeel.Policy) (preview views.PolicyPreview, err error) {
	body, err := json.Marshal(map[string]any{"policy": views.PolicyBodyOf(policy)})
	if err != nil {
		return preview, err
	}
	err = r.call(ctx, http.MethodPost, "/api/v1/policies/preview", nil, jsonHeader(), body, &preview)
	return preview, err
}

// errNothingCounts refuses a policy by which nothing would count.
var errNothingCounts = errors.New("a policy by which nothing would count is not applied without --force")

// tryPolicy previews the policy of a configuration before it is applied:
// done says that nothing more is wanted. A policy by which nothing would count
// is refused.
func (p *Process) tryPolicy(cmd *cobra.Command, s *store.Store, c config.Config) (done bool, err error) {
	dry, _ := cmd.Flags().GetBool("dry-run")
	force, _ := cmd.Flags().GetBool("force")
	if err := views.CheckPolicy(c.Policy, c.Catalogue, p.Now()); err != nil {
		return true, err
	}
	if err := ensureWorkspace(cmd.Context(), s, c.Workspace); err != nil {
		return true, err
	}
	inForce, err := s.In(c.Workspace).Policy(cmd.Context())
	if err != nil || !dry && (force || inForce.Digest() == c.Policy.Digest()) {
		return false, err
	}
	l := &local{store: s, workspace: c.Workspace, deriver: newDeriver(s), now: p.Now}
	preview, err := l.previewPolicy(cmd.Context(), c.Policy)
	switch {
	case err != nil:
		return true, err
	case dry:
		return true, writePreview(p.Stdout, preview)
	case preview.Nothing:
		return true, fmt.Errorf("%s: %w: %w", preview.Warnings[0].Text, errNothingCounts, evenkeel.ErrInvalid)
	}
	return false, nil
}
