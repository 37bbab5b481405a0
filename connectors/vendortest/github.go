package vendortest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// GitHub answers as the REST interface of GitHub does, and a part of its
// GraphQL, from lists of records.
type GitHub struct {
	mu sync.Mutex
	// lists are records by address, "repos/acme/checkout/deployments", and
	// single records by theirs.
	lists   map[string][]json.RawMessage
	records map[string]json.RawMessage
	// moved are the numbers of repositories by the addresses that they had.
	moved map[string]string
	page  int
	// weight is how many pull requests a query takes; 0 is any number.
	weight  int
	queries int
}

// NewGitHub has no repositories. Its pages are of at most so many records.
func NewGitHub(page int) *GitHub {
	return &GitHub{lists: map[string][]json.RawMessage{}, records: map[string]json.RawMessage{}, moved: map[string]string{}, page: page}
}

// Put sets a record.
func (g *GitHub) Put(address string, record any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.records[address] = text(record)
}

// Add puts a record on top of a list, where GitHub shows the newest.
func (g *GitHub) Add(list string, record any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lists[list] = append([]json.RawMessage{text(record)}, g.lists[list]...)
}

// Clear empties a list.
func (g *GitHub) Clear(list string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.lists, list)
}

func text(record any) json.RawMessage {
	raw, err := json.Marshal(record)
	if err != nil {
		panic(err) // A mistake of the test.
	}
	return raw
}

// Rename gives a repository another name and owner. What is asked for by the
// old one is led to its number, as GitHub does it.
func (g *GitHub) Rename(from, to string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	from, to = "repos/"+from, "repos/"+to
	var itself map[string]any
	if err := json.Unmarshal(g.records[from], &itself); err != nil {
		panic(err) // A mistake of the test.
	}
	itself["full_name"] = strings.TrimPrefix(to, "repos/")
	itself["html_url"] = "https://github.com/" + strings.TrimPrefix(to, "repos/")
	g.moved[from] = fmt.Sprint(itself["id"])
	for address, list := range maps.Clone(g.lists) {
		if rest, inside := strings.CutPrefix(address, from+"/"); inside {
			g.lists[to+"/"+rest] = list
			delete(g.lists, address)
		}
	}
	for address, record := range maps.Clone(g.records) {
		if rest, inside := strings.CutPrefix(address, from); inside {
			g.records[to+rest] = record
			delete(g.records, address)
		}
	}
	g.records[to] = text(itself)
}

// ServeHTTP implements http.Handler.
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Ratelimit-Limit", "5000")
	w.Header().Set("X-Ratelimit-Remaining", "4999")
	w.Header().Set("X-Ratelimit-Reset", "4102444800")
	address := strings.Trim(strings.TrimPrefix(r.URL.Path, "/api/v3"), "/")
	if address == "graphql" || address == "api/graphql" {
		g.serveQuery(w, r)
		return
	}
	if g.serveMoved(w, r, address) {
		return
	}
	address = g.byNumber(address)
	if record, ok := g.records[address]; ok {
		_, _ = w.Write(record) //nolint:gosec // A test's own JSON.
		return
	}
	if address == "rate_limit" {
		fmt.Fprint(w, `{"resources":{}}`)
		return
	}
	list, ok := g.lists[address]
	if !ok && g.records[strings.Join(strings.SplitN(address, "/", 4)[:min(3, strings.Count(address, "/")+1)], "/")] == nil {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"Not Found"}`)
		return
	}
	if strings.HasSuffix(address, "/deliveries") {
		g.serveDeliveries(w, r, list)
		return
	}
	g.servePage(w, r, address, list)
}

// serveMoved leads from a name that a repository had to its number.
func (g *GitHub) serveMoved(w http.ResponseWriter, r *http.Request, address string) bool {
	parts := strings.SplitN(address, "/", 4)
	if len(parts) < 3 || g.records[strings.Join(parts[:3], "/")] != nil {
		return false
	}
	number, ok := g.moved[strings.Join(parts[:3], "/")]
	if !ok {
		return false
	}
	to := "/repositories/" + number
	if len(parts) == 4 {
		to += "/" + parts[3]
	}
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusMovedPermanently)
	return true
}

// byNumber is the address by name of one by number, "repositories/1/pulls".
func (g *GitHub) byNumber(address string) string {
	rest, ok := strings.CutPrefix(address, "repositories/")
	if !ok {
		return address
	}
	number, rest, below := strings.Cut(rest, "/")
	for name, record := range g.records {
		var itself struct {
			ID int64 `json:"id"`
		}
		if strings.HasPrefix(name, "repos/") && strings.Count(name, "/") == 2 && json.Unmarshal(record, &itself) == nil && strconv.FormatInt(itself.ID, 10) == number {
			if below {
				name += "/" + rest
			}
			return name
		}
	}
	return address
}

// serveDeliveries pages by a cursor, which is the number of the first record.
func (g *GitHub) serveDeliveries(w http.ResponseWriter, r *http.Request, list []json.RawMessage) {
	from, err := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("cursor"), "v1_"))
	if err != nil {
		from = 0
	}
	to := min(from+g.page, len(list))
	if to < len(list) {
		w.Header().Set("Link", fmt.Sprintf("<http://%s%s?per_page=%d&cursor=v1_%d>; rel=%q", r.Host, r.URL.Path, g.page, to, "next"))
	}
	_, _ = w.Write(text(append([]json.RawMessage{}, list[from:to]...))) //nolint:gosec // A test's own JSON.
}

// shown is how many runs GitHub shows of one query.
const shown = 1000

// servePage writes one page of a list.
func (g *GitHub) servePage(w http.ResponseWriter, r *http.Request, address string, list []json.RawMessage) {
	runs := strings.HasSuffix(address, "/actions/runs")
	if runs {
		list = created(list, r.URL.Query().Get("created"))
	}
	total := len(list)
	if runs && r.URL.Query().Has("created") {
		list = list[:min(len(list), shown)]
	}
	number, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || number < 1 {
		number = 1
	}
	size, err := strconv.Atoi(r.URL.Query().Get("per_page"))
	if err != nil || size > g.page {
		size = g.page
	}
	from, to := min((number-1)*size, len(list)), min(number*size, len(list))
	if to < len(list) {
		query := r.URL.Query()
		query.Set("page", strconv.Itoa(number+1))
		w.Header().Set("Link", fmt.Sprintf("<http://%s%s?%s>; rel=%q", r.Host, r.URL.Path, query.Encode(), "next"))
	}
	page := append([]json.RawMessage{}, list[from:to]...)
	switch {
	case runs:
		_, _ = w.Write(text(map[string]any{"total_count": total, "workflow_runs": page}))
	case address == "installation/repositories":
		_, _ = w.Write(text(map[string]any{"total_count": total, "repositories": page}))
	case strings.Contains(address, "/compare/"):
		_, _ = w.Write(text(map[string]any{"status": "diverged", "total_commits": total, "merge_base_commit": g.records[address+"#base"], "commits": page}))
	default:
		_, _ = w.Write(text(page)) //nolint:gosec // A test's own JSON.
	}
}

// created are the records that a query for a window of time means, "A..B" with
// both ends.
func created(list []json.RawMessage, window string) []json.RawMessage {
	from, to, ok := strings.Cut(window, "..")
	if !ok {
		return list
	}
	var within []json.RawMessage
	for _, record := range list {
		var one struct {
			CreatedAt string `json:"created_at"`
		}
		if err := json.Unmarshal(record, &one); err != nil {
			panic(err) // A mistake of the test.
		}
		if one.CreatedAt >= from && one.CreatedAt <= to { // All of them end in Z.
			within = append(within, record)
		}
	}
	return within
}
