package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// gitlabListedFlag is a feature flag in a list of the interface, which tells
// no id: the name is one in its project.
type gitlabListedFlag struct {
	Name      string `json:"name"`
	Active    bool   `json:"active"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

// gitlabFlagCursor is what is known of the flags of a project, by name. The
// list has no order in time, so it is read as a whole and compared.
type gitlabFlagCursor struct {
	Known map[string]gitlabListedFlag `json:"known"`
	Done  int                         `json:"done"`
}

// flags tells of flags that are new, that changed, or that are gone.
func (l *gitlabList) flags(ctx context.Context, text json.RawMessage, take func(context.Context, Page) error) error {
	var c gitlabFlagCursor
	if len(text) > 0 {
		if err := json.Unmarshal(text, &c); err != nil {
			return fmt.Errorf("where reading stands cannot be read: %w", err)
		}
	}
	list, err := gitlabAll[gitlabListedFlag](ctx, l, "feature_flags", gitlabQuery{}, maxRecords)
	if err != nil {
		return err
	}
	known := c.Known
	c.Known = map[string]gitlabListedFlag{}
	var documents []Document
	tell := func(members map[string]any) {
		d, wrong := l.document(gitlabFlagEvent, gitlabFlagEvent, members)
		documents, err = append(documents, d), errors.Join(err, wrong)
	}
	for _, flag := range list {
		c.Known[flag.Name] = flag
		switch before, was := known[flag.Name]; {
		case !was:
			tell(map[string]any{"flag": flag})
		case before.UpdatedAt != flag.UpdatedAt || before.Active != flag.Active:
			tell(map[string]any{"flag": flag, "was_active": before.Active})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if _, is := c.Known[name]; !is {
			tell(map[string]any{"flag": known[name], "gone_at": l.outside.Now().UTC().Format(time.RFC3339)})
		}
	}
	if err != nil {
		return err
	}
	c.Done = len(list)
	cursor, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return take(ctx, Page{Documents: documents, Cursor: cursor, Done: c.Done, Total: c.Done, Complete: true})
}
