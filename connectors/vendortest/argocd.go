package vendortest

import (
	"encoding/json"
	"net/http"
	"sync"
)

// ArgoCD answers as the interface of Argo CD does, to whoever has a token.
type ArgoCD struct {
	// URL is its address in its own settings.
	URL string

	mu           sync.Mutex
	applications []json.RawMessage
}

// Set replaces all Applications.
func (a *ArgoCD) Set(applications ...json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.applications = applications
}

// ServeHTTP implements http.Handler.
func (a *ArgoCD) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/api/v1/settings":
		writeJSON(w, map[string]any{"url": a.URL, "appLabelKey": "app.kubernetes.io/instance"})
	case "/api/v1/session/userinfo":
		writeJSON(w, map[string]any{"loggedIn": r.Header.Get("Authorization") == "Bearer good", "username": "evenkeel"})
	case "/api/v1/applications":
		writeJSON(w, map[string]any{"items": append([]json.RawMessage{}, a.applications...)})
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}
