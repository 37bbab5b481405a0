package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	pagerdutyIncidents = "incidents"
	// pagerdutyPage is how many records one call asks for, the most that
	// PagerDuty gives.
	pagerdutyPage = 100
	// pagerdutyMost is how far down a list PagerDuty can be asked: offset and
	// limit together.
	pagerdutyMost = 10_000
	// pagerdutyWindow is the longest time between since and until.
	pagerdutyWindow = 180 * 24 * time.Hour
	// pagerdutyLog is how much of the log of one incident is read.
	pagerdutyLog = 1000
)

// pagerdutyClient asks one account of PagerDuty.
type pagerdutyClient struct {
	*asker
	settings *pagerdutyAPI
	now      func() time.Time
	// most is how far down a list can be asked.
	most int
}

func newPagerdutyClient(settings pagerdutySettings, o Outside) (*pagerdutyClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	asks, err := newAsker("PagerDuty", settings.API.URL, outgoing.Header{Name: "Authorization", Value: "Token token=" + token}, o)
	if err != nil {
		return nil, err
	}
	asks.accept = "application/vnd.pagerduty+json;version=2"
	return &pagerdutyClient{asker: asks, settings: settings.API, now: o.Now, most: pagerdutyMost}, nil
}

// pagerdutyList is a page of incidents.
type pagerdutyList struct {
	Incidents []pagerdutyRecord `json:"incidents"`
	More      bool              `json:"more"`
}

// incidents asks for those made between two instants, the newest first.
func (c *pagerdutyClient) incidents(ctx context.Context, since, until time.Time, offset, limit int) (list pagerdutyList, err error) {
	query := url.Values{
		"since": {since.UTC().Format(time.RFC3339)}, "until": {until.UTC().Format(time.RFC3339)}, "sort_by": {"created_at:desc"}, "time_zone": {"UTC"},
		"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(limit)},
	}
	if len(c.settings.Services) > 0 {
		query["service_ids[]"] = c.settings.Services
	}
	_, err = c.get(ctx, "incidents?"+query.Encode(), &list)
	return list, err
}

// Look implements Puller.
func (c *pagerdutyClient) Look(ctx context.Context) (evenkeel.Access, error) {
	if _, err := c.incidents(ctx, c.now().Add(-time.Hour), c.now(), 0, 1); err != nil {
		return evenkeel.Access{}, err
	}
	granted := true
	return evenkeel.Access{
		Identity: "an API key for " + c.base.Host, Limits: c.callLimits(), Streams: []string{pagerdutyIncidents},
		Permissions: []evenkeel.Permission{{Name: "incidents.read", For: "incidents and their log", Granted: &granted}},
	}, nil
}

// Pull implements Puller.
func (c *pagerdutyClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	if stream != pagerdutyIncidents {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.History) // It was checked.
	return newestFirst{page: c.page, one: c.again, since: c.now().Add(-history)}.read(ctx, cursor, take)
}

// page reads a page of a window, and passes over windows in which nothing
// happened.
func (c *pagerdutyClient) page(ctx context.Context, at place) (listing, error) {
	until := at.Before
	if until.IsZero() {
		until = c.now().Add(time.Minute) // Clocks differ.
	}
	for {
		since := at.since
		if most := until.Add(-pagerdutyWindow); since.Before(most) {
			since = most
		}
		offset := (at.Page - 1) * pagerdutyPage
		list, err := c.incidents(ctx, since, until, offset, pagerdutyPage)
		if err != nil {
			return listing{}, err
		}
		next := c.next(list, at, since, until)
		if len(list.Incidents) == 0 && next.Page != 0 {
			at.Page, until = 1, next.Before
			continue
		}
		found := listing{next: next, records: make([]record, len(list.Incidents))}
		for i, incident := range list.Incidents {
			if found.records[i], err = c.record(ctx, incident); err != nil {
				return listing{}, err
			}
		}
		return found, nil
	}
}

// next is the page below: of the same window as far as PagerDuty can
// be asked, then of what is left of the window below the last incident, and at
// its end of the window below.
func (c *pagerdutyClient) next(list pagerdutyList, at place, since, until time.Time) place {
	n := len(list.Incidents)
	switch {
	case list.More && n > 0 && (at.Page+1)*pagerdutyPage <= c.most:
		return place{Page: at.Page + 1, Before: until}
	case list.More && n > 0:
		last, _ := vendorInstant(list.Incidents[n-1].CreatedAt)
		return place{Page: 1, Before: last.Add(time.Second)} // Whole seconds: others of that second may be left.
	case since.After(at.since):
		return place{Page: 1, Before: since}
	}
	return place{}
}

// again reads an incident that was open; one that is gone is let go of.
func (c *pagerdutyClient) again(ctx context.Context, id string) (record, error) {
	var one struct {
		Incident pagerdutyRecord `json:"incident"`
	}
	_, err := c.get(ctx, "incidents/"+url.PathEscape(id)+"?time_zone=UTC", &one)
	switch {
	case errors.Is(err, evenkeel.ErrNotFound):
		return record{}, nil
	case err != nil:
		return record{}, err
	}
	return c.record(ctx, one.Incident)
}

// record is an incident with its log, and nothing of people.
func (c *pagerdutyClient) record(ctx context.Context, incident pagerdutyRecord) (record, error) {
	at, _ := vendorInstant(incident.CreatedAt)
	if incident.ID == "" || at.IsZero() {
		return record{}, errors.New("an incident has no id or no time; is api.url the address of PagerDuty?")
	}
	entries := []pagerdutyEntry{}
	for more := true; more && len(entries) < pagerdutyLog; {
		var page struct {
			Entries []pagerdutyEntry `json:"log_entries"`
			More    bool             `json:"more"`
		}
		query := url.Values{"limit": {strconv.Itoa(pagerdutyPage)}, "offset": {strconv.Itoa(len(entries))}, "time_zone": {"UTC"}}
		if _, err := c.get(ctx, "incidents/"+url.PathEscape(incident.ID)+"/log_entries?"+query.Encode(), &page); err != nil {
			return record{}, err
		}
		entries, more = append(entries, page.Entries...), page.More && len(page.Entries) > 0
	}
	body, err := json.Marshal(map[string]any{"incident": incident, "log_entries": entries})
	return record{id: incident.ID, at: at, open: incident.Status != "resolved", documents: []Document{{Event: pagerdutyAsked, Body: body}}}, err
}
