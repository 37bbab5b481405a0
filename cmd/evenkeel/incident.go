package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

func newIncident(p *Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "incident",
		Short: "See what an incident was laid to, and say what caused it",
		Long: `See which deployments an incident was laid to and why, and say which caused it,
or that none did. What people say goes before the rules; the answer of the rules
stays beside it, and everything is audited. Incidents and deployments are named by
their fact ids, as lists and pages show them.`,
		Example: "  evenkeel incident show 5f1c0d9e2ab34c7788aa\n  evenkeel incident link 5f1c0d9e2ab34c7788aa 0a1b2c3d4e5f60718293 --reason 'the release notes say so'",
	}
	cmd.AddCommand(newIncidentShow(p), newIncidentLink(p), newIncidentUnlink(p))
	return cmd
}

func incidentCommand(p *Process, use, short, example string, args cobra.PositionalArgs, ask func(ctx context.Context, to incidents, args []string, reason string) (views.Incident, error)) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Example: example, Args: args}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		to, err := p.existing(cmd)
		if err != nil {
			return err
		}
		defer to.close()
		at, ok := to.(incidents)
		if !ok {
			return errors.New("this store knows no incidents")
		}
		reason, _ := cmd.Flags().GetString("reason")
		view, err := ask(cmd.Context(), at, args, reason)
		if err != nil {
			return err
		}
		if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
			return json.NewEncoder(p.Stdout).Encode(view)
		}
		p.printIncident(view)
		return nil
	}
	addWorkspaceFlag(cmd)
	cmd.Flags().Bool("json", false, "print JSON")
	return cmd
}

func newIncidentShow(p *Process) *cobra.Command {
	var cmd *cobra.Command
	cmd = incidentCommand(p, "show INCIDENT", "Tell what an incident was laid to, and what may have caused it",
		"  evenkeel incident show 5f1c0d9e2ab34c7788aa --json\n  evenkeel incident show 5f1c0d9e2ab34c7788aa --as-of 2026-05-12", cobra.ExactArgs(1),
		func(ctx context.Context, to incidents, args []string, _ string) (views.Incident, error) {
			asOf, _ := cmd.Flags().GetString("as-of")
			return to.incident(ctx, args[0], asOf)
		})
	addAsOfFlag(cmd)
	return cmd
}

func newIncidentLink(p *Process) *cobra.Command {
	cmd := incidentCommand(p, "link INCIDENT DEPLOYMENT...", "Say which deployments caused an incident",
		"  evenkeel incident link 5f1c0d9e2ab34c7788aa 0a1b2c3d4e5f60718293 --reason 'seen in the log'", cobra.MinimumNArgs(2),
		func(ctx context.Context, to incidents, args []string, reason string) (views.Incident, error) {
			return to.sayOfIncident(ctx, evenkeel.IncidentLink{Incident: args[0], Deployments: args[1:], Reason: reason})
		})
	cmd.Flags().String("reason", "", "why; other people read it")
	return cmd
}

func newIncidentUnlink(p *Process) *cobra.Command {
	var withdraw bool
	cmd := incidentCommand(p, "unlink INCIDENT", "Say that no deployment caused an incident, or leave it to the rules again",
		"  evenkeel incident unlink 5f1c0d9e2ab34c7788aa --reason 'a cable was cut'\n  evenkeel incident unlink 5f1c0d9e2ab34c7788aa --withdraw", cobra.ExactArgs(1),
		func(ctx context.Context, to incidents, args []string, reason string) (views.Incident, error) {
			return to.sayOfIncident(ctx, evenkeel.IncidentLink{Incident: args[0], Deployments: []string{}, Reason: reason, Withdrawn: withdraw})
		})
	cmd.Flags().String("reason", "", "why; other people read it")
	cmd.Flags().BoolVar(&withdraw, "withdraw", false, "take back what people said, so that the rules decide again")
	return cmd
}

// incidents is a target that tells of incidents and takes what people say.
type incidents interface {
	// incident is what is known of an incident, or was known at an instant.
	incident(ctx context.Context, id, asOf string) (views.Incident, error)
	sayOfIncident(ctx context.Context, link evenkeel.IncidentLink) (views.Incident, error)
}

func (l *local) incident(ctx context.Context, id, asOf string) (views.Incident, error) {
	results, err := l.resultsAsOf(ctx, asOf, "", l.now())
	if err != nil {
		return views.Incident{}, err
	}
	return views.IncidentOf(ctx, l.factsOf(results), results, id)
}

func (l *local) sayOfIncident(ctx context.Context, link evenkeel.IncidentLink) (views.Incident, error) {
	w := l.store.In(l.workspace)
	if _, err := w.Incident(ctx, link.Incident); err != nil {
		return views.Incident{}, err
	}
	results, err := l.deriver.Results(ctx, l.workspace)
	if err != nil {
		return views.Incident{}, err
	}
	if err := views.Linkable(ctx, w, results, link.Deployments); err != nil {
		return views.Incident{}, err
	}
	link.By = "operator"
	if link, err = w.LinkIncident(ctx, link); err != nil {
		return views.Incident{}, err
	}
	action := "incident.link"
	if link.Withdrawn {
		action = "incident.withdraw"
	}
	if err := l.audit(ctx, action, link.Incident, fmt.Sprintf("%d deployments", len(link.Deployments))); err != nil {
		return views.Incident{}, err
	}
	return l.incident(ctx, link.Incident, "")
}

func (r *remote) incident(ctx context.Context, id, asOf string) (view views.Incident, err error) {
	err = r.call(ctx, http.MethodGet, "/api/v1/incidents/"+url.PathEscape(id), given(map[string]string{"as_of": asOf}), nil, nil, &view)
	return view, err
}

func (r *remote) sayOfIncident(ctx context.Context, link evenkeel.IncidentLink) (view views.Incident, err error) {
	path := "/api/v1/incidents/" + url.PathEscape(link.Incident) + "/link"
	if link.Withdrawn {
		return view, r.call(ctx, http.MethodDelete, path, url.Values{"reason": {link.Reason}}, nil, nil, &view)
	}
	body, err := json.Marshal(map[string]any{"deployments": link.Deployments, "reason": link.Reason})
	if err != nil {
		return view, err
	}
	return view, r.call(ctx, http.MethodPost, path, nil, jsonHeader(), body, &view)
}

func (p *Process) printIncident(v views.Incident) {
	say := func(format string, values ...any) { fmt.Fprintf(p.Stdout, format+"\n", values...) }
	say("incident %s of %s, began %s, restored %s, reopened %d times", v.ExternalID, v.Source, timeText(v.StartedAt), timeText(v.RestoredAt), len(v.Reopenings))
	switch {
	case v.Unlinked:
		say("laid to no deployment: a person said that none caused it")
	case len(v.Laid) == 0:
		say("laid to no deployment: none is known to have caused it")
	}
	for _, c := range v.Laid {
		say("laid to %s", causeText(c))
	}
	if v.Link != nil {
		say("reason: %s", v.Link.Reason)
		for _, c := range v.Automatic {
			say("the rules alone say %s", causeText(c))
		}
	}
	for _, c := range v.Candidates {
		say("candidate %s  %s of %s in %s, %s before it, %d changes", c.ID, c.Version, c.Application.Slug, c.Environment, gapText(c.GapSeconds), c.Changes)
	}
}

func causeText(c views.Cause) string {
	parts := []string{c.Deployment.ID, "", c.Deployment.Version, "of", c.Application.Slug + ":", string(c.Rung)}
	if c.GapSeconds != nil {
		parts = append(parts, gapText(*c.GapSeconds), "before it")
	}
	return strings.Join(parts, " ")
}

func gapText(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

func timeText(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return at.Format(time.RFC3339)
}
