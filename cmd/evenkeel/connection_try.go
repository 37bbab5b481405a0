package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/config"
	"github.com/evenkeel-dev/evenkeel/connectors"
)

// tryTimeout is how long a vendor may take.
const tryTimeout = 2 * time.Minute

// triedConnection is what a vendor says of the credentials of a connection.
type triedConnection struct {
	Name        string            `json:"name"`
	Source      string            `json:"source"`
	Identity    string            `json:"identity"`
	ExpiresAt   *time.Time        `json:"expires_at"`
	Permissions []triedPermission `json:"permissions"`
	Limits      []triedLimit      `json:"limits"`
	Notes       []string          `json:"notes"`
	Streams     []string          `json:"streams"`
}

type triedPermission struct {
	Name    string `json:"name"`
	For     string `json:"for"`
	Granted *bool  `json:"granted"`
}

type triedLimit struct {
	Name      string    `json:"name"`
	Remaining int       `json:"remaining"`
	Most      int       `json:"most"`
	Reset     time.Time `json:"reset"`
}

func newConnectionTest(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test NAME",
		Short: "Ask the vendor of a connection who we are and what we may",
		Long: `Ask the vendor of a connection of the configuration who we are and what we may,
before anything is applied. Permissions that the vendor does not grant make the
command end with code 5.`,
		Example: "  evenkeel connection test acme-github -f /etc/evenkeel",
		Args:    arguments(1, "the name of one connection"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.testConnection(cmd, args[0]) },
	}
	addFileFlag(cmd)
	cmd.Flags().Bool("json", false, "print the result as JSON")
	return cmd
}

func (p *Process) testConnection(cmd *cobra.Command, name string) error {
	file, _ := cmd.Flags().GetString("file")
	loaded, err := config.Load(file)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(loaded.Connections, func(c evenkeel.Connection) bool { return c.Name == name })
	if at < 0 {
		return fmt.Errorf("%s states no connection %q: %w", file, name, evenkeel.ErrNotFound)
	}
	tried, err := p.try(cmd.Context(), loaded.Connections[at])
	if err != nil {
		return err
	}
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		err = json.NewEncoder(p.Stdout).Encode(tried)
	} else {
		err = tried.print(p.Stdout)
	}
	if missing := tried.missing(); err == nil && len(missing) > 0 {
		err = fmt.Errorf("%w: the vendor does not grant %s", evenkeel.ErrDenied, strings.Join(missing, ", "))
	}
	return err
}

// try asks the vendor of a connection.
func (p *Process) try(ctx context.Context, c evenkeel.Connection) (triedConnection, error) {
	tried := triedConnection{Name: c.Name, Source: c.Source, Permissions: []triedPermission{}, Limits: []triedLimit{}, Notes: []string{}, Streams: []string{}}
	source, err := connectors.SourceNamed(c.Source)
	if err != nil {
		return tried, err
	}
	asker, err := source.Asker(c.Settings, connectors.Outside{Secret: p.secret, Now: p.Now, Sleep: sleep})
	if err != nil {
		return tried, err
	}
	if asker == nil {
		return tried, fmt.Errorf("%w: connection %s asks no vendor: it only takes deliveries; docs/connectors.md says which settings of %s make it ask", evenkeel.ErrInvalid, c.Name, c.Source)
	}
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	access, err := asker.Look(ctx)
	if err != nil {
		return tried, err
	}
	tried.Identity, tried.Streams, tried.Notes = access.Identity, append(tried.Streams, access.Streams...), append(tried.Notes, access.Notes...)
	if !access.ExpiresAt.IsZero() {
		tried.ExpiresAt = &access.ExpiresAt
	}
	for _, permission := range access.Permissions {
		tried.Permissions = append(tried.Permissions, triedPermission(permission))
	}
	for _, limit := range access.Limits {
		tried.Limits = append(tried.Limits, triedLimit(limit))
	}
	return tried, nil
}

// missing are the permissions that the vendor says it does not grant.
func (t triedConnection) missing() (names []string) {
	for _, permission := range t.Permissions {
		if permission.Granted != nil && !*permission.Granted {
			names = append(names, permission.Name)
		}
	}
	return names
}

func (t triedConnection) print(w io.Writer) error {
	fmt.Fprintf(w, "%s: the vendor answers, and takes us for %s\n", t.Name, t.Identity)
	if t.ExpiresAt != nil {
		fmt.Fprintf(w, "credentials end at %s\n", t.ExpiresAt.UTC().Format(time.RFC3339))
	}
	for _, limit := range t.Limits {
		fmt.Fprintf(w, "%d of %d %scalls are left until %s\n", limit.Remaining, limit.Most, named(limit.Name), limit.Reset.UTC().Format(time.RFC3339))
	}
	for _, note := range t.Notes {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	fmt.Fprintf(w, "%d lists can be read\n\n", len(t.Streams))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PERMISSION\tFOR\tGRANTED")
	for _, permission := range t.Permissions {
		fmt.Fprintf(table, "%s\t%s\t%s\n", permission.Name, permission.For, grantedText(permission.Granted))
	}
	return table.Flush()
}

// named is the vendor's name of a limit before a word; empty if it has none.
func named(limit string) string {
	if limit == "" {
		return ""
	}
	return limit + " "
}

func grantedText(granted *bool) string {
	switch {
	case granted == nil:
		return "the vendor does not say"
	case *granted:
		return "yes"
	}
	return "no"
}
