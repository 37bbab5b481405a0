package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newCatalogue(p *Process) *cobra.Command {
	cmd := &cobra.Command{Use: "catalogue", Short: "Groups, applications and who owns them"}
	suggest := &cobra.Command{
		Use:   "suggest PATH…",
		Short: "Read catalog-info.yaml and CODEOWNERS, and suggest owners, tiers and dependencies",
		Long: `Read what repositories say of who owns what: Backstage's catalog-info.yaml, and
CODEOWNERS of GitHub and GitLab. A PATH is a git repository, of which HEAD is
read, another folder, or one file.

Suggestions change nothing until a person accepts them through the API;
--dry-run does not even keep them. Single persons that are named as owners are
counted and forgotten. See docs/ownership.md.`,
		Example: "  evenkeel catalogue suggest . --dry-run\n  evenkeel catalogue suggest ~/src/*\n  EVENKEEL_URL=https://evenkeel.acme.example EVENKEEL_TOKEN=… evenkeel catalogue suggest . --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("%s takes files, folders or git repositories: %w", cmd.CommandPath(), errUsage)
			}
			return nil
		},
		RunE: p.suggest,
	}
	addWorkspaceFlag(suggest)
	suggest.Flags().String("repository", "", "name of the repository, host/path (default: of the remote); for one PATH")
	suggest.Flags().Bool("dry-run", false, "keep nothing; without a store everything is new")
	suggest.Flags().Bool("json", false, "print what was found as JSON")
	cmd.AddCommand(suggest)
	return cmd
}

func (p *Process) suggest(cmd *cobra.Command, args []string) error {
	name, _ := cmd.Flags().GetString("repository")
	if name != "" && len(args) > 1 {
		return fmt.Errorf("--repository names one repository, and there are %d: %w", len(args), errUsage)
	}
	dry, _ := cmd.Flags().GetBool("dry-run")
	to, err := p.suggesting(cmd, dry)
	if err != nil {
		return err
	}
	defer to.close()
	total := server.OwnershipAnswer{Problems: []connectors.OwnershipNote{}, Notes: []connectors.OwnershipNote{}, Items: []views.Suggestion{}}
	for _, path := range args {
		files, err := connectors.GatherOwnership(cmd.Context(), path)
		if err != nil {
			return err
		}
		if name != "" {
			files.Repository = strings.ToLower(strings.Trim(name, "/"))
		}
		one, err := to.suggest(cmd.Context(), files, dry)
		if err != nil {
			return err
		}
		joinOwnership(&total, one, path, len(args) > 1)
	}
	return p.reportOwnership(cmd, total)
}

// suggester reads files that tell who owns what.
type suggester interface {
	suggest(ctx context.Context, files connectors.OwnershipFiles, dry bool) (server.OwnershipAnswer, error)
	close() error
}

// suggesting is where suggestions go to. A dry run on a machine without a
// store makes none.
func (p *Process) suggesting(cmd *cobra.Command, dry bool) (suggester, error) {
	_, err := os.Stat(".evenkeel")
	if dry && errors.Is(err, os.ErrNotExist) && p.Env("EVENKEEL_URL")+p.Env("EVENKEEL_DB")+p.Env("EVENKEEL_DATA") == "" {
		return nowhere{}, nil
	}
	return p.target(cmd)
}

// joinOwnership adds what one path said; several paths are told apart.
func joinOwnership(total *server.OwnershipAnswer, one server.OwnershipAnswer, path string, several bool) {
	for _, notes := range [][]connectors.OwnershipNote{one.Problems, one.Notes} {
		for i := range notes {
			if several {
				notes[i].Path = strings.TrimSuffix(path, "/") + "/" + notes[i].Path
			}
		}
	}
	total.Files += one.Files
	total.Persons += one.Persons
	total.Problems, total.Notes = append(total.Problems, one.Problems...), append(total.Notes, one.Notes...)
	for _, item := range one.Items {
		if !slices.ContainsFunc(total.Items, func(v views.Suggestion) bool { return v.ID == item.ID }) {
			total.Items = append(total.Items, item)
		}
	}
	if one.Kept != nil {
		if total.Kept == nil {
			total.Kept = &evenkeel.SuggestionsKept{}
		}
		total.Kept.Opened += one.Kept.Opened
		total.Kept.Known += one.Kept.Known
		total.Kept.Withdrawn += one.Kept.Withdrawn
	}
}

func (p *Process) reportOwnership(cmd *cobra.Command, read server.OwnershipAnswer) error {
	for _, problem := range read.Problems {
		fmt.Fprintln(p.Stderr, problem)
	}
	done, err := p.printed(cmd, read)
	if !done {
		err = writeOwnership(p.Stdout, read)
	}
	if err == nil && len(read.Problems) > 0 {
		err = fmt.Errorf("%s in the files; what could be read was taken: %w", howMany(len(read.Problems), "mistake", "mistakes"), evenkeel.ErrInvalid)
	}
	return err
}

func writeOwnership(out io.Writer, read server.OwnershipAnswer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(read.Items) > 0 {
		fmt.Fprintln(table, "APPLICATION\tWHAT\tSUGGESTED\tTODAY\tSAID BY\tHOW SURE")
	}
	contradicted := 0
	for _, s := range read.Items {
		sure := s.Confidence
		if s.Contradicted() {
			sure += ", contradicted"
			contradicted++
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", s.Application.Slug, s.Aspect, s.Value, dashed(s.Present), placeOf(s.Source), sure)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, note := range read.Notes {
		fmt.Fprintf(out, "left out: %s\n", note)
	}
	fmt.Fprintf(out, "%s of %s, %d of them contradicted; %s of single persons not kept\n",
		howMany(len(read.Items), "suggestion", "suggestions"), howMany(read.Files, "file", "files"), contradicted, howMany(read.Persons, "mention", "mentions"))
	if read.Kept != nil {
		fmt.Fprintf(out, "%d are new, %d were known, %d are no longer said; docs/ownership.md says how to accept them\n", read.Kept.Opened, read.Kept.Known, read.Kept.Withdrawn)
	}
	return nil
}

func dashed(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func placeOf(s evenkeel.SuggestionSource) string {
	switch {
	case s.Path == "":
		return s.Kind
	case s.Line == 0:
		return s.Path
	}
	return fmt.Sprintf("%s:%d", s.Path, s.Line)
}

func (l *local) suggest(ctx context.Context, files connectors.OwnershipFiles, dry bool) (server.OwnershipAnswer, error) {
	read, err := server.TakeOwnership(ctx, l.store.In(l.workspace), evenkeel.Catalogue{}, dry, files)
	if err != nil || dry {
		return read, err
	}
	return read, l.audit(ctx, "suggestions.read", files.Repository, fmt.Sprintf("%s, %s", howMany(read.Files, "file", "files"), howMany(read.Kept.Opened, "new suggestion", "new suggestions")))
}

func (r *remote) suggest(ctx context.Context, files connectors.OwnershipFiles, dry bool) (read server.OwnershipAnswer, err error) {
	request := server.OwnershipRequest{Repository: files.Repository, Commit: files.Commit, Paths: files.Paths, Whole: files.Whole, DryRun: dry, Files: []server.OwnershipFile{}}
	for name, text := range files.Texts {
		request.Files = append(request.Files, server.OwnershipFile{Path: name, Text: string(text)})
	}
	body, err := json.Marshal(request)
	if err == nil {
		err = r.call(ctx, http.MethodPost, "/api/v1/suggestions", nil, jsonHeader(), body, &read)
	}
	return read, err
}

// nowhere is no store: everything that files say is new.
type nowhere struct{}

func (nowhere) suggest(_ context.Context, files connectors.OwnershipFiles, _ bool) (server.OwnershipAnswer, error) {
	read := connectors.ReadOwnership(evenkeel.Catalogue{}, files)
	return server.ShownOwnership(read, nil, views.Suggestions(read.Suggestions, evenkeel.Catalogue{}, evenkeel.Catalogue{}, nil)), nil
}

func (nowhere) close() error { return nil }
