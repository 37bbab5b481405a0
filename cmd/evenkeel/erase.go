package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
)

// minName is the length of the shortest name that can be told from other text.
const minName = 3

func newErase(p *Process) *cobra.Command {
	var names []string
	cmd := &cobra.Command{
		Use:   "erase --person NAME",
		Short: "Take everything that names a person out of the local store",
		Long: `Take a person out of the local store: reviews lose their author, and bodies of
deliveries that hold a name are dropped; who laid an incident to a deployment is forgotten. Give every name that sources use for the
person: logins, e-mail addresses, full names. What was counted stays counted.

The command works on the store itself, beside a running server. Copies in backups
are not reached. The erasure is audited without the names.`,
		Example: "  evenkeel erase --person jdoe --person jane.doe@example.com --person 'Jane Doe'",
		Args:    arguments(0, "flags only"),
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.erase(cmd, names) },
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().StringArrayVar(&names, "person", nil, "a login, e-mail address or name; more than once")
	cmd.Flags().Bool("json", false, "print the result as JSON")
	_ = cmd.MarkFlagRequired("person")
	return cmd
}

func (p *Process) erase(cmd *cobra.Command, names []string) error {
	if p.Env("EVENKEEL_URL") != "" {
		return fmt.Errorf("erase works on the store itself; unset EVENKEEL_URL and name the store with EVENKEEL_DB or EVENKEEL_DATA: %w", errUsage)
	}
	for _, name := range names {
		if len(strings.TrimSpace(name)) < minName {
			return fmt.Errorf("--person %q is shorter than 3 characters and would be found everywhere: %w", name, errUsage)
		}
	}
	to, err := p.existing(cmd)
	if err != nil {
		return err
	}
	defer to.close()
	l, ok := to.(*local)
	if !ok {
		return fmt.Errorf("erase works on the store itself: %w", errUsage)
	}
	erased, err := l.store.In(l.workspace).Erase(cmd.Context(), names)
	if err != nil {
		return err
	}
	if err := l.audit(cmd.Context(), "person.erase", "", fmt.Sprintf("%d names: %d observations, %d facts, %d bodies, %d links, %d of service levels", len(names), erased.Observations, erased.Facts, erased.Bodies, erased.Links, erased.ServiceLevels)); err != nil {
		return err
	}
	return p.printErased(cmd, erased)
}

func (p *Process) printErased(cmd *cobra.Command, erased evenkeel.Erased) error {
	if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
		return json.NewEncoder(p.Stdout).Encode(erased)
	}
	fmt.Fprintf(p.Stdout, "%d observations and %d facts lost an author, %d bodies were dropped, %d links of incidents and %d versions and corrections of service levels lost a name\n",
		erased.Observations, erased.Facts, erased.Bodies, erased.Links, erased.ServiceLevels)
	return nil
}
