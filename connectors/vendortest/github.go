package vendortest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// GitHub answers as the REST interface of GitHub does, from lists of records.
type GitHub struct {
	mu sync.Mutex
	// lists are records by address, "repos/acme/checkout/deployments", and
	// single records by theirs.
	lists   map[string][]json.RawMessage
	records map[string]json.RawMessage
	page    int
}

// NewGitHub has no repositories. Its pages are of at most so many records.
func NewGitHub(page int) *GitHub {
	return &GitHub{lists: map[string][]json.RawMessage{}, records: map[string]json.RawMessage{}, page: page}
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

// ServeHTTP implements http.Handler.
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Ratelimit-Limit", "5000")
	w.Header().Set("X-Ratelimit-Remaining", "4999")
	w.Header().Set("X-Ratelimit-Reset", "4102444800")
	address := strings.Trim(strings.TrimPrefix(r.URL.Path, "/api/v3"), "/")
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
	g.servePage(w, r, address, list)
}

func (g *GitHub) servePage(w http.ResponseWriter, r *http.Request, address string, list []json.RawMessage) {
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
	shown := append([]json.RawMessage{}, list[from:to]...)
	if strings.HasSuffix(address, "/actions/runs") {
		_, _ = w.Write(text(map[string]any{"total_count": len(list), "workflow_runs": shown}))
		return
	}
	_, _ = w.Write(text(shown)) //nolint:gosec // A test's own JSON.
}
