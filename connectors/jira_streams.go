package connectors

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

const (
	jiraIncidentsList = "incidents"
	jiraWorkList      = "work-items "
	// jiraPage is how many issues one call asks for, the most that Jira gives
	// with their fields.
	jiraPage = 100
	// jiraShortHistory is how many changes Jira Cloud shows with an issue; of one
	// that shows as many there may be more.
	jiraShortHistory = 40
)

// jiraList is a query that is read, and the event that its issues become.
type jiraList struct{ name, event, work, jql string }

// lists are the queries of the settings.
func (c *jiraClient) lists() (lists []jiraList) {
	if i := c.settings.Incidents; i != nil {
		jql := "project in (" + jqlTexts(i.Projects) + ") AND issuetype in (" + jqlTexts(i.Types) + ")"
		if strings.TrimSpace(i.JQL) != "" {
			jql += " AND (" + i.JQL + ")"
		}
		lists = append(lists, jiraList{name: jiraIncidentsList, event: jiraIncidentEvent, jql: jql})
	}
	for _, w := range c.settings.WorkItems {
		lists = append(lists, jiraList{name: jiraWorkList + w.Name, event: jiraWorkEvent, work: w.Name, jql: w.JQL})
	}
	return lists
}

func jqlTexts(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = `"` + text + `"` // They hold no quotes, which was checked.
	}
	return strings.Join(quoted, ", ")
}

// Pull implements Puller.
func (c *jiraClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	lists := c.lists()
	at := slices.IndexFunc(lists, func(l jiraList) bool { return l.name == stream })
	if at < 0 {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	site, err := c.site(ctx)
	if err != nil {
		return err
	}
	s := jiraSearch{jiraClient: c, site: site, list: lists[at]}
	if s.categories, err = c.categories(ctx); err != nil {
		return err
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	return updates{query: s.list.jql, page: s.page, since: c.outside.Now().Add(-history)}.read(ctx, cursor, take)
}

// categories are those of all statuses, by the ids of the statuses.
func (c *jiraClient) categories(ctx context.Context) (map[string]string, error) {
	var statuses []jiraStatus
	if _, err := c.get(ctx, "rest/api/2/status", &statuses); err != nil {
		return nil, err
	}
	of := map[string]string{}
	for _, s := range statuses {
		of[s.ID] = s.Category.Key
	}
	return of, nil
}

// jiraSearch is one query while it is read.
type jiraSearch struct {
	*jiraClient
	site       jiraSite
	list       jiraList
	categories map[string]string
}

// jiraFound is a page of issues, as either edition answers.
type jiraFound struct {
	Issues []struct {
		jiraIssue
		Changelog *jiraChangelog `json:"changelog"`
	} `json:"issues"`
	// Token and Last are of the Cloud, Total is of a Data Center.
	Token string `json:"nextPageToken"`
	Last  bool   `json:"isLast"`
	Total int    `json:"total"`
}

// page reads issues that were updated at from or later.
func (s *jiraSearch) page(ctx context.Context, from time.Time, at spot) (updatesPage, error) {
	lower, first := jqlFrom(from, s.site.zone)
	jql := "(" + s.list.jql + `) AND updated >= "` + lower + `"`
	if !at.Before.IsZero() {
		jql += ` AND updated < "` + jqlBefore(at.Before, s.site.zone) + `"`
	}
	query := url.Values{
		"jql": {jql + " ORDER BY updated DESC, key DESC"}, "fields": {strings.Join(s.fields(), ",")}, "expand": {"changelog"}, "maxResults": {strconv.Itoa(jiraPage)},
	}
	start, counted := jiraOffset(at.After)
	switch {
	case !s.site.Cloud:
		query.Set("startAt", strconv.Itoa(start))
	case at.After != "":
		query.Set("nextPageToken", at.After)
	}
	var found jiraFound
	if _, err := s.get(ctx, s.site.search()+query.Encode(), &found); err != nil {
		return updatesPage{}, err
	}
	page, err := s.read(ctx, found, first)
	if err != nil {
		return page, err
	}
	page.next = s.behind(found, page.records, at, start, counted)
	page.total = found.Total
	return page, nil
}

// behind is the place of the next page; nil after the last.
func (s *jiraSearch) behind(found jiraFound, records []record, at spot, start, counted int) *spot {
	next := start + len(records)
	switch {
	case s.site.Cloud:
		if found.Token == "" || found.Last {
			return nil
		}
		below := at.below(records, time.Minute, found.Token)
		return &below
	case at.After != "" && found.Total != counted:
		return &spot{at.Before, "0/" + strconv.Itoa(found.Total)} // Something left the list, and moved what is behind it.
	case len(records) == 0 || next >= found.Total:
		return nil
	}
	below := at.below(records, time.Minute, strconv.Itoa(next)+"/"+strconv.Itoa(found.Total))
	return &below
}

// jiraOffset reads how far a Data Center's list is read, and how many issues it
// had then.
func jiraOffset(after string) (start, counted int) {
	if first, second, ok := strings.Cut(after, "/"); ok {
		start, _ = strconv.Atoi(first)
		counted, _ = strconv.Atoi(second)
	}
	return start, counted
}

// read makes records of a page. None can be older than was asked for, unless
// Jira reads times in another zone than it says; then it may also leave out
// newer ones.
func (s *jiraSearch) read(ctx context.Context, found jiraFound, first time.Time) (page updatesPage, err error) {
	for _, issue := range found.Issues {
		var updated string
		if raw := issue.Fields["updated"]; raw != nil {
			if err := json.Unmarshal(raw, &updated); err != nil {
				return page, fmt.Errorf("issue %s cannot be read: %w", shortQuote(issue.Key), err)
			}
		}
		at := githubTime(updated)
		if at.IsZero() {
			return page, fmt.Errorf("issue %s does not say when it was updated", shortQuote(issue.Key))
		}
		if at.Before(first.Add(-time.Minute)) {
			return page, fmt.Errorf("issue %s was updated before what was asked for: jira does not read times in the zone %s, which it says is the account's; save the account's profile anew", shortQuote(issue.Key), s.site.zone)
		}
		d, err := s.document(ctx, issue.jiraIssue, issue.Changelog)
		if err != nil {
			return page, err
		}
		page.records = append(page.records, record{id: issue.Key, at: at, documents: []Document{d}})
	}
	return page, nil
}

// jiraChangelog is the history of an issue, or a part of it.
type jiraChangelog struct {
	Total     int           `json:"total"`
	Last      bool          `json:"isLast"`
	Histories []jiraHistory `json:"histories"`
	// Values are the histories where a part of them was asked for.
	Values []jiraHistory `json:"values"`
}

// jiraHistory is what somebody changed at one instant.
type jiraHistory struct {
	Created string `json:"created"`
	Items   []struct {
		Field    string `json:"field"`
		From     string `json:"from"`
		FromText string `json:"fromString"`
		To       string `json:"to"`
		ToText   string `json:"toString"`
	} `json:"items"`
}

// changes are those of an issue that are read, and none of people.
func (s *jiraSearch) changes(ctx context.Context, key string, shown *jiraChangelog) ([]jiraChange, error) {
	var histories []jiraHistory
	if shown != nil {
		histories = shown.Histories
	}
	if shown == nil || shown.Total > len(histories) || s.site.Cloud && len(histories) >= jiraShortHistory {
		var err error
		if histories, err = s.histories(ctx, key); err != nil {
			return nil, err
		}
	}
	changes := []jiraChange{}
	for _, h := range histories {
		for _, item := range h.Items {
			switch strings.ToLower(item.Field) {
			case "status":
				changes = append(changes, jiraChange{At: h.Created, Field: "status", From: item.From, To: item.To, Name: item.ToText})
			case "key":
				changes = append(changes, jiraChange{At: h.Created, Field: "key", From: item.FromText, To: item.ToText})
			}
		}
	}
	return changes, nil
}

// histories asks for all of the history of an issue.
func (s *jiraSearch) histories(ctx context.Context, key string) (all []jiraHistory, err error) {
	if !s.site.Cloud {
		var issue struct {
			Changelog jiraChangelog `json:"changelog"`
		}
		_, err := s.get(ctx, "rest/api/2/issue/"+url.PathEscape(key)+"?expand=changelog&fields=updated", &issue)
		return issue.Changelog.Histories, err
	}
	for range maxPages {
		var page jiraChangelog
		query := url.Values{"startAt": {strconv.Itoa(len(all))}, "maxResults": {strconv.Itoa(jiraPage)}}
		if _, err := s.get(ctx, "rest/api/3/issue/"+url.PathEscape(key)+"/changelog?"+query.Encode(), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Values...)
		if page.Last || len(page.Values) == 0 || len(all) >= page.Total {
			return all, nil
		}
	}
	return nil, errEndless
}

// fields are the fields of an issue that are asked for.
func (s *jiraSearch) fields() []string {
	names := []string{"created", "updated", "resolutiondate", "statuscategorychangedate", "duedate", "project", "issuetype", "status", "priority", "components"}
	for _, id := range s.settings.Fields.all() {
		if id != "" {
			names = append(names, id)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// document is an issue as it is kept: of every field no more than is read.
func (s *jiraSearch) document(ctx context.Context, issue jiraIssue, shown *jiraChangelog) (Document, error) {
	changes, err := s.changes(ctx, issue.Key, shown)
	if err != nil {
		return Document{}, err
	}
	kept, used := jiraIssue{Key: issue.Key, Fields: map[string]json.RawMessage{}}, map[string]string{}
	for _, name := range s.fields() {
		if raw := jiraKept(name, issue.Fields[name]); raw != nil {
			kept.Fields[name] = raw
		}
	}
	for _, change := range changes {
		for _, id := range []string{change.From, change.To} {
			if category := s.categories[id]; category != "" && change.Field == "status" {
				used[id] = category
			}
		}
	}
	body, err := json.Marshal(map[string]any{
		"webhookEvent": s.list.event, "list": s.list.work, "site": s.site.Address, "issue": kept, "changes": changes, "categories": used,
	})
	return Document{Event: s.list.event, Body: body}, err
}

// jiraKept is what is kept of a field; nil where it is empty.
func jiraKept(name string, raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	shapes := map[string]any{"project": &struct {
		Key string `json:"key"`
	}{}, "status": &jiraStatus{}, "priority": &jiraNamed{}, "issuetype": &jiraNamed{}, "components": &[]jiraNamed{}}
	shape, plain := shapes[name], ""
	switch {
	case shape != nil:
		if json.Unmarshal(raw, shape) != nil {
			return nil // The receiver says that it is missing.
		}
	case jiraField.MatchString(name):
		shape = jiraTexts(raw)
	case json.Unmarshal(raw, &plain) == nil:
		shape = plain
	}
	text, err := json.Marshal(shape)
	if err != nil || shape == nil {
		return nil
	}
	return text
}
