package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store"
)

func newApply(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Make the local store follow a configuration",
		Long: `Make groups, applications, connections and policy of the local store what a configuration
says. Applications and claims that an import registered stay, although the
configuration does not name them, and so does what people accepted of suggestions
where the configuration states nothing; --prune removes them. Facts are never removed.`,
		Args: arguments(0, "no arguments; name the configuration with -f"),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.apply(cmd) },
	}
	addFileFlag(cmd)
	cmd.Flags().Bool("dry-run", false, "change nothing, and print what the policy would do")
	cmd.Flags().Bool("force", false, "apply a policy by which nothing counts")
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
	if done, err := p.tryPolicy(cmd, s, settings); done || err != nil {
		return err
	}
	if err := applyConfig(cmd.Context(), s, settings, prune); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "applied %s to the workspace %q\n", holds(settings), settings.Workspace)
	connections, err := s.In(settings.Workspace).Connections(cmd.Context())
	for _, c := range connections {
		fmt.Fprintf(p.Stdout, "  %-20s %s%s\n", c.Name, settings.Server.PublicURL, server.HookPath(c))
	}
	return err
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
	if _, _, err := w.SavePolicy(ctx, evenkeel.PolicyChange{Policy: c.Policy, Author: "config", Note: "configuration applied"}); err != nil {
		return err
	}
	wanted := c.Catalogue
	if !prune {
		present, _, err := w.Catalogue(ctx)
		if err != nil {
			return err
		}
		decided, err := w.Suggestions(ctx)
		if err != nil {
			return err
		}
		wanted = withRegistered(withDecided(wanted, present, decided), present)
	}
	if err := w.ApplyCatalogue(ctx, wanted); err != nil {
		return err
	}
	if err := applyConnections(ctx, w, c.Connections); err != nil {
		return err
	}
	return applyServiceLevels(ctx, w, c.ServiceLevels)
}

// applyServiceLevels makes the service levels that files state follow them; those
// that came otherwise stay.
func applyServiceLevels(ctx context.Context, w *store.Workspace, wanted []evenkeel.ServiceLevelChange) error {
	present, err := w.AllServiceLevels(ctx, evenkeel.LastRevision)
	if err != nil {
		return err
	}
	for _, c := range wanted {
		at := slices.IndexFunc(present, func(l evenkeel.ServiceLevel) bool { return l.ID == c.ID })
		if at >= 0 {
			if present[at].Source.Kind != evenkeel.FromConfig {
				return fmt.Errorf("SLO %q did not come from a configuration (%s); remove it or give this one another name: %w", c.ID, present[at].Source.Kind, evenkeel.ErrConflict)
			}
			present = slices.Delete(present, at, at+1)
		}
		if _, _, err := w.SaveServiceLevel(ctx, c); err != nil {
			return err
		}
	}
	for _, l := range present {
		if l.Source.Kind != evenkeel.FromConfig {
			continue
		}
		if _, err := w.RetireServiceLevel(ctx, l.ID, "config"); err != nil {
			return err
		}
	}
	return nil
}

// applyConnections makes the connections that files state follow them; those
// made through the API stay.
func applyConnections(ctx context.Context, w *store.Workspace, wanted []evenkeel.Connection) error {
	present, err := w.Connections(ctx)
	if err != nil {
		return err
	}
	for _, c := range wanted {
		at := slices.IndexFunc(present, func(p evenkeel.Connection) bool { return p.Name == c.Name })
		if at >= 0 {
			if present[at].Managed != c.Managed {
				return fmt.Errorf("connection %q was made through the API; remove it there or give this one another name: %w", c.Name, evenkeel.ErrConflict)
			}
			c.ID, c.CreatedAt = present[at].ID, present[at].CreatedAt
			present = slices.Delete(present, at, at+1)
		}
		if _, err := w.SaveConnection(ctx, c); err != nil {
			return fmt.Errorf("connection %q: %w", c.Name, err)
		}
	}
	for _, c := range present {
		if c.Managed != "config" {
			continue
		}
		if err := w.RemoveConnection(ctx, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// statedBy is what a configuration states of a workspace.
func statedBy(c config.Config) func(workspace string) evenkeel.Catalogue {
	return func(workspace string) evenkeel.Catalogue {
		if workspace != c.Workspace {
			return evenkeel.Catalogue{}
		}
		return c.Catalogue
	}
}

// withDecided adds what people accepted of suggestions where the configuration
// states nothing: owners, capabilities, tiers and lifecycles, with the groups
// and capabilities that were made for them.
func withDecided(wanted, present evenkeel.Catalogue, decided []evenkeel.Suggestion) evenkeel.Catalogue {
	wanted.Groups, wanted.Capabilities, wanted.Applications = slices.Clone(wanted.Groups), slices.Clone(wanted.Capabilities), slices.Clone(wanted.Applications)
	for _, s := range decided {
		_, holds := present.Present(s, nil)
		if stated, _ := wanted.Present(s, nil); s.Status != evenkeel.SuggestionAccepted || !holds || !s.Aspect.Single() || stated != "" {
			continue
		}
		held := present.Applications[slices.IndexFunc(present.Applications, func(a evenkeel.Application) bool { return a.Slug == s.Application })]
		switch s.Aspect {
		case evenkeel.AspectOwner:
			wanted.Groups = withNode(wanted.Groups, present.Groups, s.Value)
		case evenkeel.AspectCapability:
			wanted.Capabilities = withNode(wanted.Capabilities, present.Capabilities, s.Value)
		}
		i := slices.IndexFunc(wanted.Applications, func(a evenkeel.Application) bool { return a.Slug == s.Application })
		if i < 0 {
			continue // It stays as it is.
		}
		a := &wanted.Applications[i]
		switch s.Aspect {
		case evenkeel.AspectOwner:
			a.Group, a.Owners = held.Group, held.Owners
		case evenkeel.AspectCapability:
			a.Capability = held.Capability
		case evenkeel.AspectTier:
			a.Tier = held.Tier
		case evenkeel.AspectLifecycle:
			a.Lifecycle = held.Lifecycle
		}
	}
	return wanted
}

// withNode adds a node of one tree to another; a parent that is not there is
// left out.
func withNode(tree, from []evenkeel.Group, slug string) []evenkeel.Group {
	known := func(tree []evenkeel.Group, slug string) int {
		return slices.IndexFunc(tree, func(g evenkeel.Group) bool { return g.Slug == slug })
	}
	at := known(from, slug)
	if at < 0 || known(tree, slug) >= 0 {
		return tree
	}
	node := from[at]
	if known(tree, node.Parent) < 0 {
		node.Parent = ""
	}
	return append(tree, node)
}

// withRegistered adds what imports registered: applications that are present
// and not wanted by name, and claims of those that are. They lose a group or
// capability that is no longer there, and claims that another application is to have.
func withRegistered(wanted, present evenkeel.Catalogue) evenkeel.Catalogue {
	all := evenkeel.Catalogue{Groups: wanted.Groups, Capabilities: wanted.Capabilities, Applications: slices.Clone(wanted.Applications)}
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
		if !slices.ContainsFunc(wanted.Capabilities, func(g evenkeel.Group) bool { return g.Slug == a.Capability }) {
			a.Capability = ""
		}
		if !slices.ContainsFunc(wanted.Groups, func(g evenkeel.Group) bool { return g.Slug == a.Group }) {
			a.Group, a.Owners = "", nil
		}
		a.Claims = claims
		all.Applications = append(all.Applications, a)
	}
	return all
}
