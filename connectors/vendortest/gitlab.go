package vendortest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// GitLab answers as the REST interface of GitLab does, from lists of records:
// pages by number or by keyset, filtered and sorted by the last change, no
// deeper than GitLab goes.
type GitLab struct {
	mu sync.Mutex
	// lists are records by address below the interface, "projects/30/jobs", and
	// single records by theirs.
	lists   map[string][]gitlabRecord
	records map[string]json.RawMessage
	page    int
}

// gitlabRecord is a record with what lists are sorted by.
type gitlabRecord struct {
	text    json.RawMessage
	id      int64
	updated time.Time
}

// gitlabDeepest is how many records are given by numbers of pages.
const gitlabDeepest = 50_000

// NewGitLab has no projects. Its pages are of at most so many records.
func NewGitLab(page int) *GitLab {
	return &GitLab{lists: map[string][]gitlabRecord{}, records: map[string]json.RawMessage{}, page: page}
}

// Put sets a record, or what stands outside the interface, "/oauth/token/info".
func (g *GitLab) Put(address string, record any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.records[address] = text(record)
}

// Add puts a record on top of a list; one of the same id is replaced.
func (g *GitLab) Add(list string, record any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := gitlabRecord{text: text(record)}
	var known struct {
		ID      json.RawMessage `json:"id"`
		Updated time.Time       `json:"updated_at"`
	}
	_ = json.Unmarshal(one.text, &known) // Some records have neither.
	one.id, _ = strconv.ParseInt(string(known.ID), 10, 64)
	one.updated = known.Updated
	others := slices.DeleteFunc(g.lists[list], func(held gitlabRecord) bool { return one.id != 0 && held.id == one.id })
	g.lists[list] = append([]gitlabRecord{one}, others...)
}

// Clear empties a list.
func (g *GitLab) Clear(list string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.lists, list)
}

// ServeHTTP implements http.Handler.
func (g *GitLab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Ratelimit-Limit", "2000")
	w.Header().Set("Ratelimit-Remaining", "1999")
	w.Header().Set("Ratelimit-Reset", "4102444800")
	_, address, inside := strings.Cut(r.URL.EscapedPath(), "/api/v4/")
	if !inside {
		address = r.URL.Path
	}
	if record, ok := g.records[address]; ok {
		_, _ = w.Write(record) //nolint:gosec // A test's own JSON.
		return
	}
	list, ok := g.lists[address]
	if !ok && !g.below(address) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"404 Not Found"}`)
		return
	}
	g.serveList(w, r, address, filtered(list, r.URL.Query()))
}

// below says that an address is that of a list of a project or a group that
// there is.
func (g *GitLab) below(address string) bool {
	parts := strings.SplitN(address, "/", 3)
	return address == "projects" || len(parts) == 3 && g.records[parts[0]+"/"+parts[1]] != nil
}

// filtered are the records that a query wants, in its order.
func filtered(list []gitlabRecord, query url.Values) []gitlabRecord {
	after, _ := time.Parse(time.RFC3339, query.Get("updated_after"))
	before, _ := time.Parse(time.RFC3339, query.Get("updated_before"))
	wanted := slices.DeleteFunc(slices.Clone(list), func(one gitlabRecord) bool {
		return one.updated.Before(after) && !after.IsZero() || one.updated.After(before) && !before.IsZero()
	})
	direction := 1
	if query.Get("sort") == "desc" {
		direction = -1
	}
	switch query.Get("order_by") {
	case "updated_at":
		slices.SortStableFunc(wanted, func(a, b gitlabRecord) int { return direction * a.updated.Compare(b.updated) })
	case "id":
		slices.SortStableFunc(wanted, func(a, b gitlabRecord) int { return direction * cmp.Compare(a.id, b.id) })
	}
	return wanted
}

func (g *GitLab) serveList(w http.ResponseWriter, r *http.Request, address string, list []gitlabRecord) {
	query := r.URL.Query()
	size, err := strconv.Atoi(query.Get("per_page"))
	if err != nil || size > g.page {
		size = g.page
	}
	if query.Get("pagination") == "keyset" {
		g.serveKeyset(w, r, address, list, size)
		return
	}
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	if (number-1)*size >= gitlabDeepest {
		w.WriteHeader(http.StatusMethodNotAllowed)
		fmt.Fprint(w, `{"error":"Offset pagination has a maximum allowed offset of 50000"}`)
		return
	}
	from, to := min((number-1)*size, len(list)), min(number*size, len(list))
	w.Header().Set("X-Page", strconv.Itoa(number))
	w.Header().Set("X-Next-Page", "")
	if len(list) <= 10_000 {
		w.Header().Set("X-Total", strconv.Itoa(len(list)))
	}
	if to < len(list) {
		query.Set("page", strconv.Itoa(number+1))
		w.Header().Set("X-Next-Page", strconv.Itoa(number+1))
		leadOn(w, r, query)
	}
	serve(w, list[from:to])
}

// serveKeyset gives a page by the id at which the one before it ended.
func (g *GitLab) serveKeyset(w http.ResponseWriter, r *http.Request, address string, list []gitlabRecord, size int) {
	query := r.URL.Query()
	if query.Get("order_by") != "id" || address != "projects" && !strings.HasSuffix(address, "/jobs") {
		w.WriteHeader(http.StatusMethodNotAllowed)
		fmt.Fprint(w, `{"error":"Keyset pagination is not yet available for this type of request"}`)
		return
	}
	from := 0
	if last, err := strconv.ParseInt(query.Get("cursor"), 10, 64); err == nil {
		from = slices.IndexFunc(list, func(one gitlabRecord) bool {
			return query.Get("sort") == "desc" && one.id < last || query.Get("sort") != "desc" && one.id > last
		})
	}
	if from < 0 {
		from = len(list)
	}
	to := min(from+size, len(list))
	if to-from == size { // GitLab says so of every full page.
		query.Set("cursor", strconv.FormatInt(list[to-1].id, 10))
		leadOn(w, r, query)
	}
	serve(w, list[from:to])
}

func leadOn(w http.ResponseWriter, r *http.Request, query url.Values) {
	w.Header().Set("Link", fmt.Sprintf("<http://%s%s?%s>; rel=%q", r.Host, r.URL.EscapedPath(), query.Encode(), "next"))
}

func serve(w http.ResponseWriter, list []gitlabRecord) {
	shown := make([]json.RawMessage, len(list))
	for i, one := range list {
		shown[i] = one.text
	}
	_, _ = w.Write(text(shown))
}
