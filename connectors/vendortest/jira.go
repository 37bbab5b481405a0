package vendortest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// JiraIssue is an issue of a fake Jira.
type JiraIssue struct {
	Key     string
	Updated time.Time
	// Fields are as Jira answers, without updated.
	Fields map[string]any
	// Histories are the changes, the newest first.
	Histories []map[string]any
}

// Jira answers as the REST interface of Jira does, from issues. It reads the
// times of queries in the zone of the account.
type Jira struct {
	// Cloud says which edition it is.
	Cloud bool
	// Zone is that of the account, Reads the one in which times of queries are
	// read; it is Zone unless a test says otherwise.
	Zone, Reads *time.Location
	// Late takes the later of two instants that a time may mean.
	Late bool
	// Lists say which issues queries find; a query that is not there finds all.
	Lists map[string]func(JiraIssue) bool
	// Denied are projects that the account may not browse.
	Denied map[string]bool

	mu     sync.Mutex
	issues map[string]JiraIssue
	page   int
}

// NewJira has no issues. Its pages are of at most so many.
func NewJira(cloud bool, zone *time.Location, page int) *Jira {
	return &Jira{Cloud: cloud, Zone: zone, Reads: zone, Lists: map[string]func(JiraIssue) bool{}, Denied: map[string]bool{}, issues: map[string]JiraIssue{}, page: page}
}

// Put sets an issue.
func (j *Jira) Put(issue JiraIssue) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.issues[issue.Key] = issue
}

// Remove takes an issue away.
func (j *Jira) Remove(key string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.issues, key)
}

// shownHistory is how many changes the Cloud shows with an issue.
const shownHistory = 40

// ServeHTTP implements http.Handler.
func (j *Jira) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	address := strings.TrimPrefix(r.URL.Path, "/rest/api/")
	key, isIssue := strings.CutPrefix(address, "2/issue/")
	changelog, isLog := strings.CutPrefix(address, "3/issue/")
	switch {
	case address == "2/myself":
		answer(w, map[string]any{"displayName": "Kim Lee", "emailAddress": "kim@acme.example", "timeZone": j.Zone.String()})
	case address == "2/serverInfo":
		answer(w, map[string]any{"baseUrl": "https://jira.acme.example", "deploymentType": map[bool]string{true: "Cloud", false: "Server"}[j.Cloud]})
	case address == "2/status":
		answer(w, []any{JiraStatus("1", "To Do", "new"), JiraStatus("3", "In Progress", "indeterminate"), JiraStatus("4", "Monitoring", "indeterminate"), JiraStatus("5", "Resolved", "done"), JiraStatus("6", "Closed", "done")})
	case address == "2/mypermissions":
		j.permissions(w, r)
	case address == "3/search/jql" && j.Cloud, address == "2/search" && !j.Cloud:
		j.search(w, r)
	case isIssue && j.issues[key].Key != "":
		answer(w, j.shown(j.issues[key], nil))
	case isLog && j.Cloud:
		j.changelog(w, r, strings.TrimSuffix(changelog, "/changelog"))
	default:
		w.WriteHeader(map[bool]int{true: http.StatusGone, false: http.StatusNotFound}[strings.HasSuffix(address, "/search")])
		fmt.Fprint(w, `{"errorMessages":["The requested interface is not there."]}`)
	}
}

// JiraStatus is a status as Jira answers.
func JiraStatus(id, name, category string) map[string]any {
	return map[string]any{"id": id, "name": name, "statusCategory": map[string]any{"key": category}}
}

func answer(w http.ResponseWriter, v any) {
	_, _ = w.Write(text(v)) //nolint:gosec // A test's own JSON.
}

func (j *Jira) permissions(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("permissions") == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	answer(w, map[string]any{"permissions": map[string]any{"BROWSE_PROJECTS": map[string]any{"havePermission": !j.Denied[r.URL.Query().Get("projectKey")]}}})
}

var jiraQuery = regexp.MustCompile(`^\((.*)\) AND updated >= "([^"]+)"(?: AND updated < "([^"]+)")? ORDER BY updated DESC, key DESC$`)

func (j *Jira) search(w http.ResponseWriter, r *http.Request) {
	jql := r.URL.Query().Get("jql")
	if strings.Contains(jql, "nonsense") {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"errorMessages":["Field 'nonsense' does not exist or you do not have permission to view it."]}`)
		return
	}
	found := j.found(jql)
	size, err := strconv.Atoi(r.URL.Query().Get("maxResults"))
	if err != nil || size > j.page {
		size = j.page
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
	if token := r.URL.Query().Get("nextPageToken"); token != "" {
		from = slices.IndexFunc(found, func(i JiraIssue) bool { return jiraToken(i) < token })
		if from < 0 {
			from = len(found)
		}
	}
	from = min(from, len(found))
	to := min(from+size, len(found))
	shown := []any{}
	for _, issue := range found[from:to] {
		shown = append(shown, j.shown(issue, strings.Split(r.URL.Query().Get("fields"), ",")))
	}
	if !j.Cloud {
		answer(w, map[string]any{"startAt": from, "maxResults": size, "total": len(found), "issues": shown})
		return
	}
	page := map[string]any{"issues": shown, "isLast": to == len(found)}
	if to < len(found) && to > from {
		page["nextPageToken"] = jiraToken(found[to-1])
	}
	answer(w, page)
}

// jiraToken is where an issue stands, so that what is removed moves nothing.
func jiraToken(i JiraIssue) string {
	return i.Updated.UTC().Format("2006-01-02T15:04:05.000") + " " + i.Key
}

// found are the issues of a query, the last updated first.
func (j *Jira) found(jql string) []JiraIssue {
	parts := jiraQuery.FindStringSubmatch(jql)
	if parts == nil {
		parts = []string{"", jql, "1970-01-01 00:00", ""}
	}
	fits, listed := j.Lists[parts[1]]
	lower := j.instant(parts[2])
	var found []JiraIssue
	for _, issue := range j.issues {
		if issue.Updated.Before(lower) || parts[3] != "" && !issue.Updated.Before(j.instant(parts[3])) || listed && !fits(issue) {
			continue
		}
		found = append(found, issue)
	}
	slices.SortFunc(found, func(a, b JiraIssue) int { return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.Key, a.Key)) })
	return found
}

// instant reads the time of a query.
func (j *Jira) instant(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, j.Reads)
	if err != nil {
		panic(err) // A mistake of the client.
	}
	for _, other := range []time.Time{at.Add(-time.Hour), at.Add(time.Hour)} {
		if other.Format("2006-01-02 15:04") == text && other.After(at) == j.Late {
			return other
		}
	}
	return at
}

// shown is an issue as Jira answers; nil asks for all fields.
func (j *Jira) shown(issue JiraIssue, asked []string) map[string]any {
	fields := maps.Clone(issue.Fields)
	if fields == nil {
		fields = map[string]any{}
	}
	fields["updated"] = issue.Updated.In(j.Zone).Format("2006-01-02T15:04:05.000-0700")
	maps.DeleteFunc(fields, func(name string, _ any) bool { return asked != nil && !slices.Contains(asked, name) })
	histories := issue.Histories
	if j.Cloud {
		histories = histories[:min(len(histories), shownHistory)]
	}
	return map[string]any{"id": "1" + issue.Key, "key": issue.Key, "fields": fields, "changelog": map[string]any{"total": len(histories), "histories": append([]map[string]any{}, histories...)}}
}

// changelog answers with a part of the history, the oldest first.
func (j *Jira) changelog(w http.ResponseWriter, r *http.Request, key string) {
	all := slices.Clone(j.issues[key].Histories)
	slices.Reverse(all)
	from, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
	from = min(from, len(all))
	to := min(from+j.page, len(all))
	answer(w, map[string]any{"startAt": from, "total": len(all), "isLast": to == len(all), "values": append([]map[string]any{}, all[from:to]...)})
}
