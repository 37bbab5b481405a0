package vendortest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// PagerDuty answers as the REST interface of PagerDuty does: incidents made
// between two instants at most 180 days apart, no further down than Most, and
// their logs.
type PagerDuty struct {
	// Most is how far down it can be asked, 10,000 at first.
	Most int

	mu        sync.Mutex
	incidents []map[string]any
	logs      map[string][]map[string]any
}

// NewPagerDuty has no incidents.
func NewPagerDuty() *PagerDuty { return &PagerDuty{Most: 10_000, logs: map[string][]map[string]any{}} }

// Put sets an incident by its id, and its log as pairs of type and instant.
func (p *PagerDuty) Put(incident map[string]any, log ...[2]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := fmt.Sprint(incident["id"])
	p.incidents = slices.DeleteFunc(p.incidents, func(known map[string]any) bool { return known["id"] == incident["id"] })
	p.incidents = append(p.incidents, incident)
	p.logs[id] = nil
	for _, entry := range log {
		p.logs[id] = append([]map[string]any{{"type": entry[0], "created_at": entry[1], "agent": map[string]any{"summary": "Kim Doe"}}}, p.logs[id]...)
	}
}

// ServeHTTP implements http.Handler.
func (p *PagerDuty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Ratelimit-Limit", "960")
	w.Header().Set("Ratelimit-Remaining", "959")
	w.Header().Set("Ratelimit-Reset", "30")
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case r.Header.Get("Accept") != "application/vnd.pagerduty+json;version=2" || parts[0] != "incidents":
		w.WriteHeader(http.StatusNotFound)
	case len(parts) == 1:
		p.list(w, r)
	case len(parts) == 3 && parts[2] == "log_entries":
		p.page(w, r, "log_entries", p.logs[parts[1]])
	default:
		p.one(w, parts[1])
	}
}

func (p *PagerDuty) one(w http.ResponseWriter, id string) {
	for _, incident := range p.incidents {
		if incident["id"] == id {
			writeJSON(w, map[string]any{"incident": incident})
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func (p *PagerDuty) list(w http.ResponseWriter, r *http.Request) {
	since, err := time.Parse(time.RFC3339, r.URL.Query().Get("since"))
	until, wrong := time.Parse(time.RFC3339, r.URL.Query().Get("until"))
	if err != nil || wrong != nil || until.Sub(since) > 180*24*time.Hour {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var found []map[string]any
	for _, incident := range p.incidents {
		if at := pagerdutyInstant(incident); !at.Before(since) && at.Before(until) {
			found = append(found, incident)
		}
	}
	slices.SortStableFunc(found, func(a, b map[string]any) int { return pagerdutyInstant(b).Compare(pagerdutyInstant(a)) })
	p.page(w, r, "incidents", found)
}

func pagerdutyInstant(incident map[string]any) time.Time {
	at, err := time.Parse(time.RFC3339, fmt.Sprint(incident["created_at"]))
	if err != nil {
		panic(err) // A mistake of the test.
	}
	return at
}

func (p *PagerDuty) page(w http.ResponseWriter, r *http.Request, name string, list []map[string]any) {
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if offset+limit > p.Most || limit < 1 || limit > 100 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	from, to := min(offset, len(list)), min(offset+limit, len(list))
	writeJSON(w, map[string]any{name: append([]map[string]any{}, list[from:to]...), "offset": offset, "limit": limit, "more": to < len(list), "total": nil})
}

func writeJSON(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err) // A mistake of the test.
	}
}
