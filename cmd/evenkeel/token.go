package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server"
	"github.com/evenkeel-dev/evenkeel/store"
)

func newToken(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke API tokens of the local store",
		Args:  arguments(0, "a sub-command: create, list or revoke"),
	}
	cmd.AddCommand(newTokenCreate(p), newTokenList(p), newTokenRevoke(p))
	return cmd
}

// withStore runs a command on the local store.
func (p *Process) withStore(open opener, run func(cmd *cobra.Command, s *store.Store, workspace string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		workspace, _ := cmd.Flags().GetString("workspace")
		l, err := open(cmd.Context(), workspace, p.logger(cmd, slog.LevelWarn))
		if err != nil {
			return err
		}
		defer l.close()
		return run(cmd, l.store, workspace)
	}
}

func newTokenCreate(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Make a token and print its secret once",
		Example: "  evenkeel token create --name ci --scope ingest --days 90",
		Args:    arguments(0, "no arguments"),
		RunE:    p.withStore(p.local, p.createToken),
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().String("name", "", "what the token is for; the source of events sent with it")
	cmd.Flags().StringSlice("scope", []string{"read"}, "ingest, read or admin; may be repeated")
	cmd.Flags().Int("days", 365, "days until the token expires")
	cmd.Flags().Bool("json", false, "print JSON")
	_ = cmd.MarkFlagRequired("name")
	return cmd
}

func (p *Process) createToken(cmd *cobra.Command, s *store.Store, workspace string) error {
	name, _ := cmd.Flags().GetString("name")
	names, _ := cmd.Flags().GetStringSlice("scope")
	days, _ := cmd.Flags().GetInt("days")
	if days < 1 || days > 3650 {
		return fmt.Errorf("--days %d is not between 1 and 3650: %w", days, errUsage)
	}
	var scopes []evenkeel.Scope
	for _, n := range names {
		if !slices.Contains([]evenkeel.Scope{evenkeel.ScopeIngest, evenkeel.ScopeRead, evenkeel.ScopeAdmin}, evenkeel.Scope(n)) {
			return fmt.Errorf("--scope %q is not one of ingest, read, admin: %w", n, errUsage)
		}
		scopes = append(scopes, evenkeel.Scope(n))
	}
	secret, hash := server.NewSecret()
	token, err := s.CreateToken(cmd.Context(), evenkeel.Token{
		Workspace: workspace, Name: name, Scopes: scopes, CreatedBy: "operator", CreatedAt: p.Now(), ExpiresAt: p.Now().AddDate(0, 0, days),
	}, hash)
	if err != nil {
		return err
	}
	err = s.Audit(cmd.Context(), evenkeel.AuditEntry{Workspace: workspace, At: p.Now(), Actor: "operator", Action: "token.create", Object: token.ID, Detail: name})
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(map[string]any{"id": token.ID, "name": token.Name, "scopes": scopes, "expires_at": token.ExpiresAt, "token": secret})
	}
	fmt.Fprintln(p.Stdout, secret)
	fmt.Fprintf(p.Stderr, "The token %q expires on %s and is not shown again.\n", name, token.ExpiresAt.Format(time.DateOnly))
	return nil
}

func newTokenList(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List tokens", Args: arguments(0, "no arguments"),
		RunE: p.withStore(p.existingLocal, func(cmd *cobra.Command, s *store.Store, workspace string) error {
			tokens, err := s.Tokens(cmd.Context(), workspace)
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return json.NewEncoder(p.Stdout).Encode(tokens)
			}
			w := tabwriter.NewWriter(p.Stdout, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "ID\tNAME\tSCOPES\tEXPIRES\tLAST USED\tSTATE")
			for _, t := range tokens {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Scopes, date(t.ExpiresAt), date(t.LastUsedAt), tokenState(t, p.Now()))
			}
			return w.Flush()
		}),
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

func date(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateOnly)
}

func tokenState(t evenkeel.Token, now time.Time) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "revoked"
	case !now.Before(t.ExpiresAt):
		return "expired"
	}
	return "active"
}

func newTokenRevoke(p *Process) *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use: "revoke ID", Short: "Revoke a token", Args: arguments(1, "the token's id"),
	}
	revoke := p.withStore(p.existingLocal, func(cmd *cobra.Command, s *store.Store, workspace string) error {
		if err := s.RevokeToken(cmd.Context(), workspace, id); err != nil {
			return err
		}
		return s.Audit(cmd.Context(), evenkeel.AuditEntry{Workspace: workspace, At: p.Now(), Actor: "operator", Action: "token.revoke", Object: id})
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id = args[0]
		return revoke(cmd, nil)
	}
	addWorkspaceFlag(cmd)
	return cmd
}
