package server

import (
	"context"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// DeliveryHead is what is known of one signed request of a source.
type DeliveryHead struct {
	ID         string           `json:"id"`
	Connection ConnectionNamed  `json:"connection"`
	Source     string           `json:"source"`
	Event      string           `json:"event" doc:"The source's name of what happened; may be empty"`
	Key        string           `json:"key" doc:"The source's own id of the delivery; may be empty"`
	ReceivedAt time.Time        `json:"received_at"`
	Outcome    evenkeel.Outcome `json:"outcome" enum:"recorded,ignored,rejected"`
	Reason     string           `json:"reason" doc:"Why it was ignored or rejected"`
	Size       int              `json:"size" doc:"Bytes of the body after decompression"`
	Repeats    int              `json:"repeats" doc:"How often the same delivery came again"`
	Unclaimed  bool             `json:"unclaimed" doc:"A fact that it names belongs to no application"`
	Expired    bool             `json:"expired" doc:"The body is not kept any more; the delivery cannot be replayed"`
}

// DeliveryView is a delivery in a list.
type DeliveryView struct {
	DeliveryHead
	Facts int `json:"facts" doc:"Distinct facts that it names"`
}

// DeliveryDetail is a delivery with what was sent and what it became.
type DeliveryDetail struct {
	DeliveryHead
	Headers       map[string]string `json:"headers"`
	Body          *string           `json:"body" doc:"The body without what names persons or secrets; null when it is not kept"`
	BodyTruncated bool              `json:"body_truncated" doc:"The body is longer than what is shown"`
	Facts         []DeliveryFact    `json:"facts" nullable:"false" doc:"The facts that it names"`
}

// DeliveryFact is a fact that a delivery speaks of.
type DeliveryFact struct {
	ID          string        `json:"id"`
	Kind        evenkeel.Kind `json:"kind"`
	ExternalID  string        `json:"external_id"`
	Fresh       bool          `json:"fresh" doc:"This delivery was the first to say what it says of the fact"`
	Gone        bool          `json:"gone" doc:"The fact was deleted, or another took it in"`
	Environment string        `json:"environment"`
	Status      string        `json:"status"`
	At          *time.Time    `json:"at"`
	Belongs     []NamedView   `json:"belongs_to" nullable:"false"`
	Uses        []UseView     `json:"uses" nullable:"false" doc:"Where the fact is counted, or why not"`
}

type deliveriesInput struct {
	WorkspaceInput
	PageInput
	Outcomes   []string `query:"outcome" doc:"recorded, ignored or rejected" maxItems:"3"`
	Unclaimed  bool     `query:"unclaimed" doc:"Only deliveries with a fact that belongs to no application"`
	Source     string   `query:"source" maxLength:"63"`
	Connection string   `query:"connection" doc:"Id of a connection" maxLength:"100"`
	Event      string   `query:"event" doc:"The source's name of an event" maxLength:"200"`
	From       string   `query:"from" doc:"Only what arrived at or after this: an RFC 3339 instant, a date, or a length such as 90d" maxLength:"40"`
	To         string   `query:"to" doc:"Only what arrived before this: an RFC 3339 instant or a date" maxLength:"40"`
}

func (s *Server) getDeliveries(ctx context.Context, in *deliveriesInput) (*body[list[DeliveryView]], error) {
	w, _, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeRead)
	if err != nil {
		return nil, err
	}
	f := evenkeel.DeliveryFilter{
		Source: in.Source, Connection: in.Connection, Event: in.Event, Unclaimed: in.Unclaimed, Cursor: in.Cursor, Limit: in.Limit,
	}
	if f.Outcomes, err = intake.Outcomes("outcome", in.Outcomes); err != nil {
		return nil, err
	}
	if f.Window, err = s.arrivals(ctx, w, in.From, in.To); err != nil {
		return nil, err
	}
	page, err := w.Deliveries(ctx, f)
	if err != nil {
		return nil, err
	}
	names, err := connectionNames(ctx, w)
	if err != nil {
		return nil, err
	}
	shown := make([]DeliveryView, len(page.Items))
	for i, d := range page.Items {
		shown[i] = DeliveryView{DeliveryHead: deliveryHead(d, names), Facts: d.Facts}
	}
	return answer(listOf(shown, page.Next)), nil
}

// arrivals is a window on the arrival of deliveries.
func (s *Server) arrivals(ctx context.Context, w Workspace, from, to string) (evenkeel.Window, error) {
	policy, err := w.Policy(ctx)
	if err != nil {
		return evenkeel.Window{}, err
	}
	return views.ParseBounds(from, to, s.Now(), policy.Location())
}

func deliveryHead(d evenkeel.Delivery, names map[string]string) DeliveryHead {
	return DeliveryHead{
		ID: d.ID, Connection: ConnectionNamed{ID: d.Connection, Name: names[d.Connection]}, Source: d.Source, Event: d.Event, Key: d.Key,
		ReceivedAt: d.ReceivedAt.UTC(), Outcome: d.Outcome, Reason: d.Reason, Size: d.Size, Repeats: d.Repeats,
		Unclaimed: d.Unclaimed, Expired: d.Expired,
	}
}

type deliveryInput struct {
	WorkspaceInput
	ID string `path:"id" pattern:"^[0-9a-f]{20}$" doc:"The delivery's id" example:"0199f0c2d3e4a1b2c3d4"`
}

func (s *Server) getDelivery(ctx context.Context, in *deliveryInput) (*body[DeliveryDetail], error) {
	results, slug, err := s.results(ctx, in.WorkspaceInput)
	if err != nil {
		return nil, err
	}
	w := s.Workspace(slug)
	d, err := w.Delivery(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := connectionNames(ctx, w)
	if err != nil {
		return nil, err
	}
	facts, err := w.DeliveredFacts(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	view := DeliveryDetail{DeliveryHead: deliveryHead(d, names), Headers: shownHeaders(d.Headers), Facts: s.deliveryFacts(results, facts)}
	if !d.Expired {
		text, cut := redact(d.Body)
		view.Body, view.BodyTruncated = &text, cut
	}
	return answer(view), nil
}

// shownHeaders are the kept headers without any that could prove who signed.
func shownHeaders(kept map[string]string) map[string]string {
	shown := make(map[string]string, len(kept))
	for name, value := range kept {
		if secretName(strings.ToLower(name)) {
			value = redacted
		}
		shown[name] = value
	}
	return shown
}

func (s *Server) deliveryFacts(r *jobs.Results, facts []evenkeel.DeliveredFact) []DeliveryFact {
	entries := make([]evenkeel.Entry, len(facts))
	for i, f := range facts {
		entries[i] = f.Entry
	}
	known, uses := namesOf(r.Catalogue), s.usesOf(r, entries)
	shown := make([]DeliveryFact, len(facts))
	for i, f := range facts {
		shown[i] = DeliveryFact{
			ID: f.Entry.ID, Kind: f.Entry.Kind, ExternalID: f.Entry.ExternalID, Fresh: f.Fresh, Gone: f.Gone,
			Environment: f.Entry.Environment, Status: f.Entry.Status, At: optional(f.Entry.At), Belongs: known.belongs(r.Catalogue, f.Entry.Subject),
			Uses: useViews(r, uses[f.Entry.ID]),
		}
	}
	return shown
}
