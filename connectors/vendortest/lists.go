package vendortest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Lists answers as an interface does that gives lists of records, page by page
// in the way of a vendor.
type Lists struct {
	mu sync.Mutex
	// lists are records by address, and single records by theirs.
	lists   map[string][]json.RawMessage
	records map[string]json.RawMessage
	size    int
	// page writes a part of a list; where says where the part begins, and go on
	// at the rest if there is more.
	where func(*http.Request) int
	page  func(w http.ResponseWriter, r *http.Request, part []json.RawMessage, rest, all int)
	// wants says whether a request asks for a record; nil asks for all.
	wants func(query url.Values, record json.RawMessage) bool
}

func newLists(size int) *Lists {
	return &Lists{lists: map[string][]json.RawMessage{}, records: map[string]json.RawMessage{}, size: size}
}

// NewBitbucket answers as Bitbucket Cloud, with pages that have an address.
func NewBitbucket(size int) *Lists {
	l := newLists(size)
	l.where = func(r *http.Request) int { return offset(r.URL.Query().Get("page"), 1) * size }
	l.page = func(w http.ResponseWriter, r *http.Request, part []json.RawMessage, rest, all int) {
		answer := map[string]any{"values": part, "size": all}
		if rest > 0 {
			query := r.URL.Query()
			query.Set("page", strconv.Itoa(rest/size+1))
			answer["next"] = "http://" + r.Host + r.URL.EscapedPath() + "?" + query.Encode()
		}
		_, _ = w.Write(text(answer))
	}
	return l
}

// NewCircleCI answers as CircleCI, with tokens in the answers.
func NewCircleCI(size int) *Lists {
	l := newLists(size)
	l.where = func(r *http.Request) int { return offset(r.URL.Query().Get("page-token"), 0) }
	l.page = func(w http.ResponseWriter, _ *http.Request, part []json.RawMessage, rest, _ int) {
		var next any
		if rest > 0 {
			next = strconv.Itoa(rest)
		}
		_, _ = w.Write(text(map[string]any{"items": part, "next_page_token": next}))
	}
	return l
}

// NewAzureDevOps answers as Azure DevOps, with tokens in a header or by
// counting. Pull requests are chosen by status and by when they were closed.
func NewAzureDevOps(size int) *Lists {
	l := newLists(size)
	l.where = func(r *http.Request) int {
		return offset(r.URL.Query().Get("$skip"), 0) + offset(r.URL.Query().Get("continuationToken"), 0)
	}
	l.page = func(w http.ResponseWriter, r *http.Request, part []json.RawMessage, rest, _ int) {
		if rest > 0 && !r.URL.Query().Has("$skip") {
			w.Header().Set("X-Ms-Continuationtoken", strconv.Itoa(rest))
		}
		_, _ = w.Write(text(map[string]any{"count": len(part), "value": part}))
	}
	l.wants = azureWants
	return l
}

func azureWants(query url.Values, record json.RawMessage) bool {
	var pull struct {
		Status string    `json:"status"`
		Closed time.Time `json:"closedDate"`
	}
	if !query.Has("searchCriteria.status") || json.Unmarshal(record, &pull) != nil {
		return true
	}
	if status := query.Get("searchCriteria.status"); status != "all" && status != pull.Status {
		return false
	}
	lower, lowerErr := time.Parse(time.RFC3339, query.Get("searchCriteria.minTime"))
	upper, upperErr := time.Parse(time.RFC3339, query.Get("searchCriteria.maxTime"))
	return (lowerErr != nil || !pull.Closed.IsZero() && !pull.Closed.Before(lower)) && (upperErr != nil || !pull.Closed.After(upper))
}

// offset reads a count that begins with first.
func offset(text string, first int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n - first
}

// Put sets a record.
func (l *Lists) Put(address string, record any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records[address] = text(record)
}

// Add puts a record on top of a list, where the newest are.
func (l *Lists) Add(list string, records ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, record := range records {
		l.lists[list] = append([]json.RawMessage{text(record)}, l.lists[list]...)
	}
}

// Clear empties a list.
func (l *Lists) Clear(list string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lists[list] = nil
}

// ServeHTTP implements http.Handler.
func (l *Lists) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	address := strings.Trim(r.URL.Path, "/")
	if record, ok := l.records[address]; ok {
		_, _ = w.Write(record) //nolint:gosec // A test's own JSON.
		return
	}
	list, ok := l.lists[address]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"Not Found"}`)
		return
	}
	wanted := []json.RawMessage{}
	for _, record := range list {
		if l.wants == nil || l.wants(r.URL.Query(), record) {
			wanted = append(wanted, record)
		}
	}
	from := min(l.where(r), len(wanted))
	to, rest := min(from+l.size, len(wanted)), 0
	if to < len(wanted) {
		rest = to
	}
	l.page(w, r, wanted[from:to], rest, len(wanted))
}
