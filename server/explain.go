package server

import (
	"context"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// ExplainView is a figure with a page of the facts behind it.
type ExplainView struct {
	views.Explanation
	Rows list[ExplainRow] `json:"rows"`
}

// ExplainRow is a fact that a figure counts, or leaves out for a reason.
type ExplainRow struct {
	ID          string        `json:"id"`
	Kind        evenkeel.Kind `json:"kind"`
	At          *time.Time    `json:"at" doc:"The instant under which it is counted; null where it is unknown"`
	Value       *float64      `json:"value" doc:"What it adds: seconds of a median, 1 or 0 of a share, 1 of a rate; null where it is left out"`
	Included    bool          `json:"included"`
	Reason      string        `json:"reason" doc:"Why it is left out; empty if it is not"`
	Flags       []string      `json:"flags" nullable:"false" doc:"failed, inferred, rollback, redeploy, rework, baseline, immature"`
	Deployment  string        `json:"deployment" doc:"Ships the change, is blamed for the incident, or stands for the group; else empty"`
	Rung        *metrics.Rung `json:"rung" doc:"Evidence of the failure"`
	ExternalID  string        `json:"external_id"`
	Source      string        `json:"source"`
	Repository  string        `json:"repository"`
	Environment string        `json:"environment"`
	Status      string        `json:"status"`
	Summary     string        `json:"summary"`
	Belongs     []NamedView   `json:"belongs_to" nullable:"false"`
}

type explainInput struct {
	WorkspaceInput
	PageInput
	Metric metrics.Metric `query:"metric" required:"true" enum:"deployment_frequency,change_lead_time,change_fail_rate,failed_deployment_recovery_time,deployment_rework_rate" doc:"The figure"`
	ScopeInput
	Environment string        `query:"environment" doc:"Name of an environment, or a class; the production class by default" maxLength:"200"`
	From        string        `query:"from" doc:"RFC 3339 instant, a date in tz, or a length such as 90d counted back from to" maxLength:"40"`
	To          string        `query:"to" doc:"RFC 3339 instant or a date in tz; not included; now by default" maxLength:"40"`
	TimeZone    string        `query:"tz" doc:"IANA time zone of dates; the policy's by default" maxLength:"60" example:"Europe/Berlin"`
	Include     views.Include `query:"include" enum:"all,included,excluded" default:"all" doc:"Which rows"`
	AsOfInput
}

func (s *Server) getExplain(ctx context.Context, in *explainInput) (*body[ExplainView], error) {
	results, question, err := s.figures(ctx, in.WorkspaceInput, WindowInput{From: in.From, To: in.To, TimeZone: in.TimeZone, AsOfInput: in.AsOfInput})
	if err != nil {
		return nil, err
	}
	question.Scope, question.Environment = in.scope(), in.Environment
	explanation, rows, err := views.Explain(results, question, in.Metric, in.Include)
	if err != nil {
		return nil, err
	}
	page, next, err := views.RowPage(rows, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, err := explainRows(ctx, s.factsOf(question.Workspace.Slug, results), results, page)
	if err != nil {
		return nil, err
	}
	return answer(ExplainView{Explanation: explanation, Rows: listOf(shown, next)}), nil
}

// explainRows joins rows with the facts that they are about. A fact that went
// away since the figure was computed is shown by its id.
func explainRows(ctx context.Context, w Facts, r *jobs.Results, rows []metrics.Row) ([]ExplainRow, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	facts, err := w.EntriesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := namesOf(r.Catalogue)
	shown := make([]ExplainRow, len(rows))
	for i, row := range rows {
		e := facts[row.ID]
		shown[i] = ExplainRow{
			ID: row.ID, Kind: row.Kind, At: optional(row.At), Value: row.Value, Included: row.Included, Reason: row.Reason,
			Flags: row.Flags, Deployment: row.Deployment, Rung: row.Rung,
			ExternalID: e.ExternalID, Source: e.Source, Repository: e.Repository, Environment: e.Environment, Status: e.Status,
			Belongs: known.belongs(r.Catalogue, e.Subject),
		}
		shown[i].Summary, _ = views.Summary(e.Kind, e.Fields)
	}
	return shown, nil
}
