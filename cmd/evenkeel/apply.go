package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/store"
)

func newApply(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Make the local store follow a configuration",
		Long: `Make groups, applications and policy of the local store what a configuration
says. Applications and claims that an import registered stay, although the
configuration does not name them; --prune removes them. Facts are never removed.`,
		Args: arguments(0, "no arguments; name the configuration with -f"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.apply(cmd) },
	}
	addFileFlag(cmd)
	cmd.Flags().Bool("prune", false, "remove applications and claims that the configuration does not name")
	return cmd
}

func (p *Process) apply(cmd *cobra.Command) error {
	settings, err := p.settings(cmd)
	if err != nil {
		return err
	}
	s, err := p.openConfigured(cmd.Context(), settings, p.logger(cmd, slog.LevelWarn))
	if err != nil {
		return err
	}
	defer s.Close()
	prune, _ := cmd.Flags().GetBool("prune")
	if err := applyConfig(cmd.Context(), s, settings, prune); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "applied %d groups and %d applications to the workspace %q\n", len(settings.Catalogue.Groups), len(settings.Catalogue.Applications), settings.Workspace)
	return nil
}

// applyConfig makes the store follow the configuration. Without a file it
// only makes sure that the workspace is there.
func applyConfig(ctx context.Context, s *store.Store, c config.Config, prune bool) error {
	if err := ensureWorkspace(ctx, s, c.Workspace); err != nil {
		return err
	}
	if len(c.Files) == 0 {
		return nil
	}
	w := s.In(c.Workspace)
	if err := w.SetPolicy(ctx, c.Policy); err != nil {
		return err
	}
	wanted := c.Catalogue
	if !prune {
		present, _, err := w.Catalogue(ctx)
		if err != nil {
			return err
		}
		wanted = withRegistered(wanted, present)
	}
	return w.ApplyCatalogue(ctx, wanted)
}

// withRegistered adds what imports registered: applications that are present
// and not wanted by name, and claims of those that are. They lose a group that
// is no longer there, and claims that another application is to have.
func withRegistered(wanted, present evenkeel.Catalogue) evenkeel.Catalogue {
	all := evenkeel.Catalogue{Groups: wanted.Groups, Applications: slices.Clone(wanted.Applications)}
	owner := map[string]string{}
	for _, a := range wanted.Applications {
		for _, claim := range a.Claims {
			owner[claim] = a.Slug
		}
	}
	for _, a := range present.Applications {
		claims := slices.DeleteFunc(slices.Clone(a.Claims), func(claim string) bool { return owner[claim] != "" })
		at := slices.IndexFunc(all.Applications, func(w evenkeel.Application) bool { return w.Slug == a.Slug })
		if at >= 0 {
			all.Applications[at].Claims = slices.Concat(all.Applications[at].Claims, claims)
			continue
		}
		if !slices.ContainsFunc(wanted.Groups, func(g evenkeel.Group) bool { return g.Slug == a.Group }) {
			a.Group = ""
		}
		a.Claims = claims
		all.Applications = append(all.Applications, a)
	}
	return all
}
