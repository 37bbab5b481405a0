package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
)

// statuspageIncidents is the only stream of a page.
const statuspageIncidents = "incidents"

// statuspageClient asks the public interface of one page.
type statuspageClient struct{ *asker }

func newStatuspageClient(settings statuspageSettings, o Outside) (*statuspageClient, error) {
	asks, err := newAsker("Statuspage", settings.API.URL, nil, o)
	return &statuspageClient{asks}, err
}

// statuspageList is a list of incidents, and of which page they are.
type statuspageList struct {
	Page struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"page"`
	Incidents []json.RawMessage `json:"incidents"`
}

func (c *statuspageClient) list(ctx context.Context, address string) (list statuspageList, err error) {
	if _, err = c.get(ctx, "api/v2/"+address, &list); err == nil && list.Page.ID == "" {
		err = errors.New("the answer names no page; is api.url the address of one?")
	}
	return list, err
}

// Look implements Puller. Whoever can open a page can ask it.
func (c *statuspageClient) Look(ctx context.Context) (evenkeel.Access, error) {
	list, err := c.list(ctx, "summary.json")
	if err != nil {
		return evenkeel.Access{}, err
	}
	return evenkeel.Access{Identity: "a visitor of the page " + firstText(list.Page.Name, list.Page.ID), Streams: []string{statuspageIncidents}}, nil
}

// statuspageCursor holds of the incidents that the page shows when they were
// last changed.
type statuspageCursor struct {
	Known map[string]string `json:"known"`
}

// Pull implements Puller. A page has no more than its newest incidents, so
// every read is a whole one, and what has changed is given on.
func (c *statuspageClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	if stream != statuspageIncidents {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	var before statuspageCursor
	if len(cursor) > 0 {
		if err := json.Unmarshal(cursor, &before); err != nil {
			return fmt.Errorf("where reading stands cannot be read: %w", err)
		}
	}
	now, page := statuspageCursor{Known: map[string]string{}}, Page{Complete: true}
	for _, address := range []string{"incidents.json", "incidents/unresolved.json"} {
		list, err := c.list(ctx, address)
		if err != nil {
			return err
		}
		for _, incident := range list.Incidents {
			if err := now.note(&page, list.Page.ID, incident, before); err != nil {
				return err
			}
		}
	}
	page.Done, page.Total = len(now.Known), len(now.Known)
	var err error
	if page.Cursor, err = json.Marshal(now); err != nil {
		return err
	}
	return take(ctx, page)
}

// note adds an incident to a page, if it has changed.
func (now statuspageCursor) note(page *Page, id string, incident json.RawMessage, before statuspageCursor) error {
	var said struct {
		ID        string `json:"id"`
		UpdatedAt string `json:"updated_at"`
	}
	if err := json.Unmarshal(incident, &said); err != nil {
		return fmt.Errorf("an incident cannot be read: %w", err)
	}
	if known, has := now.Known[said.ID]; has && known == said.UpdatedAt {
		return nil // It stands in both lists.
	}
	now.Known[said.ID] = said.UpdatedAt
	if known, has := before.Known[said.ID]; has && known == said.UpdatedAt {
		return nil
	}
	body, err := json.Marshal(map[string]any{"page": map[string]string{"id": id}, statuspageIncident: incident})
	page.Documents = append(page.Documents, Document{Event: statuspageIncident, Body: body})
	return err
}
