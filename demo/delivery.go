package demo

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// Hook is the connection that the company's code host delivers through.
const Hook = "larkmoor-github"

// deliveryDays is how long ago the code host began to deliver.
const deliveryDays = 3

// Deliveries yields, oldest first, what the code host delivered in the last
// days, as it came: the changes that Events tells of too, runs, and what every
// installation has a few of: tests, events of no interest, bodies that cannot
// be understood, a repository that nobody claims. Each has Event, Key, Headers,
// Body and ReceivedAt.
func (w World) Deliveries() []evenkeel.Delivery {
	if w.deliveries == nil {
		return nil // A world for measurements has none.
	}
	return w.deliveries()
}

// hookLog writes deliveries as the code host does.
type hookLog struct {
	chance
	now        time.Time
	deliveries []evenkeel.Delivery
}

func deliveries(l *ledger, o Options) []evenkeel.Delivery {
	h := &hookLog{chance: newChance(o.Seed, "deliveries"), now: o.Now}
	from := o.Now.Add(-deliveryDays * day)
	h.post(from, "ping", map[string]any{"zen": "Keep it logically awesome.", "hook_id": 4711}, "larkmoor/checkout-web")
	for _, e := range l.events {
		if e.ObservedAt.Before(from) {
			continue
		}
		switch f := e.Payload.(type) {
		case *evenkeel.Change:
			h.change(e.ObservedAt, f)
		case *evenkeel.Build:
			h.run(e, f)
		}
	}
	h.oddities(from)
	return h.deliveries
}

// post adds a delivery that arrives seconds after what it tells of.
func (h *hookLog) post(at time.Time, event string, body map[string]any, repository string) {
	received := at.Add(h.spread(1500*time.Millisecond, 0.6) + time.Second)
	if received.After(h.now) {
		return
	}
	_, name, _ := strings.Cut(repository, "/")
	body["repository"] = map[string]any{
		"id": len(name) * 7919, "name": name, "full_name": repository, "html_url": (&url.URL{Scheme: "https", Host: host, Path: "/" + repository}).String(),
		"default_branch": "main", "private": true,
	}
	body["sender"] = map[string]any{"login": "larkmoor-bot", "id": 90001, "type": "Bot"}
	h.raw(received, event, encode(body))
}

func (h *hookLog) raw(received time.Time, event string, body []byte) {
	key := strconv.FormatUint(h.Uint64(), 16) + "-" + strconv.Itoa(len(h.deliveries))
	h.deliveries = append(h.deliveries, evenkeel.Delivery{
		Event: event, Key: key, Body: body, ReceivedAt: received,
		Headers: map[string]string{"X-GitHub-Event": event, "X-GitHub-Delivery": key, "Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/larkmoor"},
	})
}

func encode(body map[string]any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		panic(err) // Texts, numbers and times only.
	}
	return out.Bytes()
}

// path is the repository without its host.
func path(repository string) string { return strings.TrimPrefix(repository, host+"/") }

// change tells of a pull request as it stood when something was done to it.
func (h *hookLog) change(at time.Time, c *evenkeel.Change) {
	pull := map[string]any{
		"number": c.Number, "state": "open", "draft": false, "merged": false, "title": "Change " + strconv.Itoa(c.Number), "body": nil,
		"user": opener(c), "created_at": c.OpenedAt, "updated_at": c.OpenedAt, "closed_at": nil, "merged_at": nil,
		"merge_commit_sha": nil, "labels": labels(c.Labels), "head": map[string]any{"ref": "topic-" + strconv.Itoa(c.Number), "sha": c.Head},
		"base": map[string]any{"ref": c.Base, "sha": c.Head},
	}
	if c.Size != nil {
		pull["changed_files"], pull["additions"], pull["deletions"] = c.Size.Files, c.Size.Added, c.Size.Deleted
	}
	action := "synchronize" //nolint:misspell // GitHub's spelling.
	switch {
	case !c.MergedAt.IsZero():
		action = "closed"
		pull["state"], pull["merged"], pull["merged_at"], pull["closed_at"], pull["merge_commit_sha"] = "closed", true, c.MergedAt, c.MergedAt, c.MergeCommit
	case !c.ClosedAt.IsZero():
		action = "closed"
		pull["state"], pull["closed_at"] = "closed", c.ClosedAt
	}
	pull["updated_at"] = at
	h.post(at, "pull_request", map[string]any{"action": action, "number": c.Number, "pull_request": pull}, path(c.Repository))
}

// opener is who opened a change, as the code host tells it.
func opener(c *evenkeel.Change) map[string]any {
	switch c.ActorKind {
	case evenkeel.ActorBot:
		return map[string]any{"login": c.Bot, "id": 90003, "type": "Bot"}
	case evenkeel.ActorHuman:
		return map[string]any{"login": "larkmoor-dev", "id": 90002, "type": "User"}
	}
	return nil
}

func labels(names []string) []map[string]any {
	list := []map[string]any{}
	for _, name := range names {
		list = append(list, map[string]any{"name": name})
	}
	return list
}

// run tells of a finished build.
func (h *hookLog) run(e evenkeel.Event, b *evenkeel.Build) {
	number, _ := strconv.ParseInt(strings.TrimPrefix(strings.Split(e.ID, "/")[0], "run:"), 10, 64)
	run := map[string]any{
		"id": number, "name": "ci", "path": b.Pipeline, "event": "push", "status": "completed", "conclusion": string(b.Result), "head_sha": b.Commit,
		"head_branch": "main", "run_attempt": b.Attempt, "created_at": b.QueuedAt, "run_started_at": b.StartedAt, "updated_at": b.FinishedAt,
		"triggering_actor": map[string]any{"login": "larkmoor-bot", "type": "Bot"},
	}
	h.post(e.ObservedAt, "workflow_run", map[string]any{"action": "completed", "workflow_run": run, "workflow": map[string]any{"name": "ci", "path": b.Pipeline}}, path(b.Repository))
}

// oddities are what every installation has a few of.
func (h *hookLog) oddities(from time.Time) {
	for i := range 5 {
		at := from.Add(time.Duration(i*13+2)*time.Hour + 7*time.Minute)
		h.post(at, "star", map[string]any{"action": "created", "starred_at": at}, "larkmoor/route-planner")
		h.post(at.Add(41*time.Minute), "issues", map[string]any{"action": "opened", "issue": map[string]any{
			"id": 600000 + i, "number": 40 + i, "state": "open", "labels": []any{}, "created_at": at, "updated_at": at, "closed_at": nil,
		}}, "larkmoor/search-api")
		h.deployment(at.Add(95*time.Minute), i)
	}
	// A proxy in between has cut bodies off, and a fork of the code host leaves
	// out what the others send.
	for i, text := range []string{`{"action":"closed","number":77,"pull_request":{"number":77,"state":"clo`, `{"action":"opened","pull_request":{"number":"seventy-eight"}}`, `not json at all`} {
		h.raw(from.Add(time.Duration(20*i+9)*time.Hour), "pull_request", []byte(text))
	}
}

// deployment tells of a preview of a repository that no application claims.
func (h *hookLog) deployment(at time.Time, n int) {
	h.post(at, "deployment", map[string]any{"action": "created", "deployment": map[string]any{
		"id": 880000 + n, "sha": artifact("skunkworks", strconv.Itoa(n))[len("sha256:"):][:40], "ref": "main", "environment": "preview", "task": "deploy",
		"created_at": at, "updated_at": at, "creator": map[string]any{"login": "larkmoor-bot", "type": "Bot"},
	}}, "larkmoor/skunkworks")
}
