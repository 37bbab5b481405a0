package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// servicenowPage is how many records one call asks for.
const servicenowPage = 100

// servicenowList is a query of a table that is read, and the event that its
// records become.
type servicenowList struct{ name, event, work, table, query, use string }

// lists are the queries of the settings.
func (c *servicenowClient) lists() (lists []servicenowList) {
	s := &c.settings
	if s.Incidents != nil {
		lists = append(lists, servicenowList{name: "incidents", event: servicenowIncident, table: "incident", query: s.Incidents.Query, use: "incidents"})
	}
	if s.ChangeRequests != nil {
		lists = append(lists, servicenowList{name: "change-requests", event: servicenowChange, table: "change_request", query: s.ChangeRequests.Query, use: "approvals, and the deployments that caused incidents"})
	}
	for _, w := range s.WorkItems {
		lists = append(lists, servicenowList{name: "work-items " + w.Name, event: servicenowWorkItem, work: w.Name, table: w.Table, query: w.Query, use: "work items"})
	}
	return lists
}

// columns are those that are asked for; none holds a person or what one wrote.
func (l servicenowList) columns(s *servicenowSettings) []string {
	columns := []string{"sys_id", "number", "sys_updated_on", "sys_mod_count", "opened_at", "closed_at", "state", "cmdb_ci", "business_service", "assignment_group"}
	switch l.event {
	case servicenowIncident:
		columns = append(columns, "resolved_at", "reopened_time", s.SeverityField)
		if s.Deployment.Field != "" {
			columns = append(columns, "caused_by", "caused_by.sys_updated_on", "caused_by.sys_mod_count", "caused_by."+s.Deployment.Field)
		}
	case servicenowChange:
		columns = append(columns, "approval", "approval_set", "type", "close_code")
		if s.Deployment.Field != "" {
			columns = append(columns, s.Deployment.Field)
		}
	case servicenowWorkItem:
		columns = append(columns, "work_start", "due_date", "active")
	}
	return columns
}

func joined(columns []string) string { return strings.Join(columns, ",") }

// Pull implements Puller.
func (c *servicenowClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	lists := c.lists()
	at := slices.IndexFunc(lists, func(l servicenowList) bool { return l.name == stream })
	if at < 0 {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	s := servicenowSearch{servicenowClient: c, list: lists[at]}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	return updates{query: s.list.table + " " + s.list.query, page: s.page, since: c.outside.Now().Add(-history)}.read(ctx, cursor, take)
}

// servicenowSearch is one query while it is read.
type servicenowSearch struct {
	*servicenowClient
	list servicenowList
}

// servicenowAlone marks a place within one second, of which the records are
// read in the order of their ids: what is updated meanwhile would move what an
// offset counts. The last id that was read stands behind it.
const servicenowAlone = ">"

// page reads records that were updated at from or later.
func (s *servicenowSearch) page(ctx context.Context, from time.Time, at spot) (page updatesPage, err error) {
	last, alone := strings.CutPrefix(at.After, servicenowAlone)
	offset := 0
	if !alone {
		offset, _ = strconv.Atoi(at.After)
	}
	rows, total, err := s.rows(ctx, s.list.table, s.query(from, at, last, alone), s.list.columns(&s.settings), offset, servicenowPage)
	if err != nil {
		return page, err
	}
	if page.records, err = s.records(ctx, rows, from); err != nil {
		return page, err
	}
	page.total = total
	more := total > offset+servicenowPage || total == 0 && len(rows) >= servicenowPage
	switch {
	case alone:
		page.next, err = s.behindAlone(rows, at, more)
	case more:
		page.next = behind(page.records, at, offset)
	}
	return page, err
}

// query is the encoded query of a page.
func (s *servicenowSearch) query(from time.Time, at spot, last string, alone bool) string {
	text := func(t time.Time) string { return t.UTC().Format(time.DateTime) }
	parts := []string{"sys_updated_on>=" + text(from.Truncate(time.Second))}
	switch {
	case alone:
		parts = []string{"sys_updated_on=" + text(at.Before.Add(-time.Second))}
		if last != "" {
			parts = append(parts, "sys_id>"+last)
		}
	case !at.Before.IsZero():
		parts = append(parts, "sys_updated_on<"+text(at.Before))
	}
	if s.list.query != "" {
		parts = append(parts, s.list.query)
	}
	if alone {
		return strings.Join(append(parts, "ORDERBYsys_id"), "^")
	}
	return strings.Join(append(parts, "ORDERBYDESCsys_updated_on", "ORDERBYDESCsys_id"), "^")
}

// behind is the place of the next page. Where the user may see no record of a
// page, only an offset leads behind it; where all of them are of one second,
// that second is read alone.
func behind(records []record, at spot, offset int) *spot {
	below := at.below(records, time.Second, servicenowAlone)
	if len(records) == 0 {
		below.After = strconv.Itoa(offset + servicenowPage)
	}
	return &below
}

// behindAlone is the place of the next page within a second, or below it.
func (s *servicenowSearch) behindAlone(rows []servicenowRow, at spot, more bool) (*spot, error) {
	switch {
	case !more:
		return &spot{Before: at.Before.Add(-time.Second)}, nil
	case len(rows) == 0:
		return nil, errors.New("the user may see none of " + strconv.Itoa(servicenowPage) + " records of table " + s.list.table + " that were updated at once; let it read them, or leave them out by the query")
	}
	return &spot{at.Before, servicenowAlone + rows[len(rows)-1]["sys_id"].Value}, nil
}

// records makes records of rows. None can be older than was asked for, unless
// ServiceNow has left a condition out that it did not understand.
func (s *servicenowSearch) records(ctx context.Context, rows []servicenowRow, from time.Time) ([]record, error) {
	list := make([]record, len(rows))
	for i, row := range rows {
		at, err := time.Parse(time.DateTime, row["sys_updated_on"].Value)
		if err != nil {
			return nil, fmt.Errorf("a record of table %s does not say when it was updated; may the user read the column sys_updated_on?", s.list.table)
		}
		if at.Before(from.Add(-time.Minute)) {
			return nil, fmt.Errorf("a record of table %s was updated before what was asked for: ServiceNow does not hold to the query %s", s.list.table, shortQuote(s.list.query))
		}
		d, err := s.document(s.list, row)
		if err != nil {
			return nil, err
		}
		list[i] = record{id: row["sys_id"].Value, at: at, documents: []Document{d}}
	}
	return list, s.addCaused(ctx, list)
}

// addCaused adds the incidents that name change requests as their causes: they
// are not updated when a change request learns of its deployment.
func (s *servicenowSearch) addCaused(ctx context.Context, changes []record) error {
	if s.list.event != servicenowChange || s.settings.Incidents == nil || s.settings.Deployment.Field == "" || len(changes) == 0 {
		return nil
	}
	ids := make([]string, len(changes))
	of := map[string]*record{}
	for i := range changes {
		ids[i] = changes[i].id
		of[ids[i]] = &changes[i]
	}
	incidents := s.lists()[0]
	query := "caused_byIN" + joined(ids)
	if incidents.query != "" {
		query += "^" + incidents.query
	}
	for offset := 0; offset < maxPages*servicenowPage; offset += servicenowPage {
		rows, total, err := s.rows(ctx, incidents.table, query+"^ORDERBYsys_id", incidents.columns(&s.settings), offset, servicenowPage)
		if err != nil {
			return err
		}
		for _, row := range rows {
			d, err := s.document(incidents, row)
			if err != nil {
				return err
			}
			if change := of[row["caused_by"].Value]; change != nil {
				change.documents = append(change.documents, d)
			}
		}
		if total <= offset+servicenowPage && (total > 0 || len(rows) < servicenowPage) {
			return nil
		}
	}
	return errEndless
}

// document is a record as it is kept: of a row no more than was asked for.
func (s *servicenowSearch) document(list servicenowList, row servicenowRow) (Document, error) {
	kept := servicenowRow{}
	for _, column := range list.columns(&s.settings) {
		if value, has := row[column]; has && value != (servicenowValue{}) {
			kept[column] = value
		}
	}
	body, err := json.Marshal(map[string]any{"event": list.event, "list": list.work, "site": s.base.String(), "record": kept})
	return Document{Event: list.event, Body: body}, err
}
