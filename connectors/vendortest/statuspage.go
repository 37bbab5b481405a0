package vendortest

import (
	"net/http"
	"sync"
)

// Statuspage answers as the public interface of a page does.
type Statuspage struct {
	// Page is how the page describes itself.
	Page map[string]any

	mu        sync.Mutex
	incidents []map[string]any
}

// Put sets an incident by its id; a new one goes to the top.
func (s *Statuspage) Put(incident map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, known := range s.incidents {
		if known["id"] == incident["id"] {
			s.incidents[i] = incident
			return
		}
	}
	s.incidents = append([]map[string]any{incident}, s.incidents...)
}

// ServeHTTP implements http.Handler.
func (s *Statuspage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := []map[string]any{}
	for _, incident := range s.incidents {
		if incident["status"] != "resolved" && incident["status"] != "postmortem" {
			open = append(open, incident)
		}
	}
	answer := map[string]any{"page": s.Page}
	switch r.URL.Path {
	case "/api/v2/summary.json":
		answer["incidents"], answer["components"], answer["scheduled_maintenances"] = open, []any{}, []any{}
	case "/api/v2/incidents.json":
		answer["incidents"] = s.incidents[:min(len(s.incidents), 50)]
	case "/api/v2/incidents/unresolved.json":
		answer["incidents"] = open
	default:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	writeJSON(w, answer)
}
