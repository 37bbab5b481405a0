package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

func newImportGit(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "git PATH",
		Short: "Read a local git repository: no credentials, no network",
		Long: `Read commits, changes and deployments from the history of a local repository.

Release tags are deployments by default; pre-releases are left out. Merges and
squashed requests are changes. Reverts, and releases that raise only the last
number, say that the release before failed; such failures are inferred and
marked so. Importing again adds what is new and changes nothing else.

--details is a second pass for sizes, touched folders and patch ids; it can be
interrupted and goes on where it stopped. See docs/git.md.`,
		Example: `  evenkeel import git . --application checkout
  evenkeel import git ../mono --application cli --tag-pattern '^cli/v\d+\.\d+\.\d+$'
  evenkeel import git . --deployments branch:production --since 2026-01-01`,
		Args: arguments(1, "the folder of a repository"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.importGit(cmd, args[0]) },
	}
	addWorkspaceFlag(cmd)
	f := cmd.Flags()
	f.String("application", "", "slug of the application (default: made of the repository's name)")
	f.String("repository", "", "name of the repository (default: from its remote, host/path)")
	f.String("branch", "", "branch that changes are merged to (default: the remote's default branch)")
	f.String("environment", "production", "environment that deployments go to")
	f.String("deployments", "tags", "what is a deployment: tags, merges or branch:NAME")
	f.String("tag-pattern", connectors.GitTagPattern, "regular expression on tags that are deployments")
	f.Bool("plain-patches", false, "releases that raise only the last number are not fixes")
	f.String("since", "", "leave out deployments before this date or instant")
	f.Bool("details", false, "also read sizes, touched folders and patch ids")
	f.Bool("json", false, "print the result as JSON")
	return cmd
}

// gitReport is what an import of a repository did.
type gitReport struct {
	Application string               `json:"application"`
	Workspace   string               `json:"workspace"`
	Repository  string               `json:"repository"`
	Branch      string               `json:"branch"`
	Shallow     bool                 `json:"shallow"`
	Commits     int                  `json:"commits"`
	Changes     int                  `json:"changes"`
	Deployments int                  `json:"deployments"`
	Patches     int                  `json:"patches"`
	First       *time.Time           `json:"first_deployment_at"`
	Last        *time.Time           `json:"last_deployment_at"`
	Skipped     []connectors.GitSkip `json:"skipped"`
	Recorded    evenkeel.Recorded    `json:"recorded"`
	Candidates  []string             `json:"candidates,omitempty"`
	URL         string               `json:"url,omitempty"`
}

func (p *Process) importGit(cmd *cobra.Command, folder string) error {
	ctx := cmd.Context()
	options, err := p.gitOptions(cmd)
	if err != nil {
		return err
	}
	git, err := connectors.OpenGit(ctx, folder)
	if err != nil {
		return err
	}
	options.Repository = cmp.Or(options.Repository, git.Repository())
	options.Application = cmp.Or(options.Application, slugOf(path.Base(options.Repository)))
	to, err := p.target(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	report, err := p.takeGit(ctx, git, options, to)
	if err != nil {
		return err
	}
	if details, _ := cmd.Flags().GetBool("details"); details {
		if err := p.takeDetails(ctx, git, options, to, &report); err != nil {
			return err
		}
	}
	if err := to.finish(ctx); err != nil {
		return err
	}
	report.Workspace, _ = cmd.Flags().GetString("workspace")
	if base := cmp.Or(p.Env("EVENKEEL_OPEN"), p.Env("EVENKEEL_URL")); base != "" {
		report.URL = strings.TrimSuffix(base, "/") + "/w/" + report.Workspace + "/applications/" + report.Application
	}
	return p.reportGit(ctx, cmd, git, options, report)
}

func (p *Process) gitOptions(cmd *cobra.Command) (connectors.GitOptions, error) {
	flag := func(name string) string { text, _ := cmd.Flags().GetString(name); return text }
	plain, _ := cmd.Flags().GetBool("plain-patches")
	o := connectors.GitOptions{
		Application: flag("application"), Repository: flag("repository"), Branch: flag("branch"), Environment: flag("environment"),
		Deployments: flag("deployments"), TagPattern: flag("tag-pattern"), PlainPatches: plain,
	}
	since := flag("since")
	if since == "" {
		return o, nil
	}
	var err error
	if o.Since, err = time.Parse(time.DateOnly, since); err != nil {
		if o.Since, err = time.Parse(time.RFC3339, since); err != nil {
			return o, fmt.Errorf("--since %q is neither a date (2026-01-31) nor an instant (2026-01-31T00:00:00Z): %w", since, errUsage)
		}
	}
	return o, nil
}

// slugOf makes a slug of a name; "application" where nothing is left of it.
func slugOf(name string) string {
	slug := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._-", r) {
			return r
		}
		return '-'
	}, strings.ToLower(strings.TrimSuffix(name, ".git")))
	slug = strings.Trim(slug[:min(len(slug), 63)], "._-")
	return cmp.Or(slug, "application")
}

// takeGit registers the application and records the history.
func (p *Process) takeGit(ctx context.Context, git *connectors.Git, o connectors.GitOptions, to target) (gitReport, error) {
	report := gitReport{Application: o.Application}
	claim := "repo:" + strings.ToLower(o.Repository)
	if err := to.register(ctx, evenkeel.Application{Slug: o.Application, Name: o.Application, Claims: []string{claim}}); err != nil {
		return report, err
	}
	bar := p.progress("Reading history")
	defer bar.finish()
	sum, err := git.Import(ctx, o, func(events []evenkeel.Event) error {
		recorded, err := to.record(ctx, events)
		report.add(recorded)
		return err
	}, bar.set)
	report.Repository, report.Branch, report.Shallow = sum.Repository, sum.Branch, sum.Shallow
	report.Commits, report.Changes, report.Deployments, report.Patches = sum.Commits, sum.Changes, sum.Deployments, sum.Patches
	report.First, report.Last, report.Skipped = optionalTime(sum.First), optionalTime(sum.Last), sum.Skipped
	return report, err
}

// takeDetails records sizes, folders and patch ids of commits that have none yet.
func (p *Process) takeDetails(ctx context.Context, git *connectors.Git, o connectors.GitOptions, to target, report *gitReport) error {
	known, err := to.detailed(ctx, o.Application, report.Repository)
	if err != nil {
		return err
	}
	bar := p.progress("Reading contents")
	defer bar.finish()
	_, err = git.Details(ctx, o, known, func(events []evenkeel.Event) error {
		recorded, err := to.record(ctx, events)
		report.add(recorded)
		return err
	}, bar.set)
	return err
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (r *gitReport) add(recorded evenkeel.Recorded) {
	r.Recorded.Observations += recorded.Observations
	r.Recorded.Repeated += recorded.Repeated
	r.Recorded.Facts += recorded.Facts
	r.Recorded.Revision = max(r.Recorded.Revision, recorded.Revision)
}

// mostlyPatches says that releases are probably numbered by the last number,
// so that it says nothing about repair.
func (r *gitReport) mostlyPatches() bool { return r.Deployments >= 5 && 2*r.Patches > r.Deployments }

// errNoDeployments says that the history was read and no deployment was found.
var errNoDeployments = errors.New("no deployments were found")

func (p *Process) reportGit(ctx context.Context, cmd *cobra.Command, git *connectors.Git, o connectors.GitOptions, r gitReport) error {
	if r.Deployments == 0 {
		candidates, err := git.Candidates(ctx)
		if err != nil {
			return err
		}
		r.Candidates = candidates.Flags()
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		if err := json.NewEncoder(p.Stdout).Encode(r); err != nil {
			return err
		}
	} else {
		p.printGit(r)
	}
	if r.Deployments == 0 {
		return fmt.Errorf("%w with --deployments %s and --tag-pattern %s; the commits and changes were recorded: %w", errNoDeployments, cmp.Or(o.Deployments, "tags"), shellQuote(o.TagPattern), evenkeel.ErrInvalid)
	}
	return nil
}

func (p *Process) printGit(r gitReport) {
	fmt.Fprintf(p.Stdout, "%s: %s, %s, %s (patch releases among them: %d)\n", r.Repository,
		howMany(r.Commits, "commit", "commits"), howMany(r.Changes, "change", "changes"), howMany(r.Deployments, "deployment", "deployments"), r.Patches)
	fmt.Fprintf(p.Stdout, "recorded %d new observations, %d known already, %d facts created or changed\n", r.Recorded.Observations, r.Recorded.Repeated, r.Recorded.Facts)
	if r.Shallow {
		fmt.Fprintln(p.Stdout, "the clone is shallow: older history is missing, so the lead time of its first deployments is not counted; 'git fetch --unshallow' completes it")
	}
	if r.mostlyPatches() {
		fmt.Fprintf(p.Stdout, "%d of %d deployments raise only the last number of the version and count as unplanned fixes; if that is how every release is numbered here, import again with --plain-patches\n", r.Patches, r.Deployments)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(p.Stdout, "left out: %d, %s (%s)\n", s.Count, s.Reason, strings.Join(s.Examples, ", "))
	}
	if len(r.Candidates) > 0 {
		fmt.Fprintln(p.Stdout, "\nWhat could be deployments here:")
		for _, flags := range r.Candidates {
			fmt.Fprintln(p.Stdout, "  "+flags)
		}
	}
	if r.URL != "" && r.Deployments > 0 {
		fmt.Fprintf(p.Stdout, "\nSee %s\n", r.URL)
	}
}
