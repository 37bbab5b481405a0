package vendortest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Weigh has queries for more pull requests than n fail as too much work; 0
// ends that.
func (g *GitHub) Weigh(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.weight = n
}

// Queries is how many queries were answered.
func (g *GitHub) Queries() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.queries
}

var asked = regexp.MustCompile(`(p\d+): pullRequest\(number: (\d+)\)`)

// serveQuery answers a query for pull requests by what the REST interface
// would show of them.
func (g *GitHub) serveQuery(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Query     string            `json:"query"`
		Variables map[string]string `json:"variables"`
	}
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	numbers := asked.FindAllStringSubmatch(said.Query, -1)
	if g.weight > 0 && len(numbers) > g.weight {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	g.queries++
	at := "repos/" + said.Variables["owner"] + "/" + said.Variables["name"] + "/pulls/"
	nodes, wrong := map[string]any{}, []any{}
	for _, number := range numbers {
		if g.records[at+number[2]] == nil {
			nodes[number[1]] = nil
			wrong = append(wrong, map[string]any{"type": "NOT_FOUND", "path": []string{"repository", number[1]}, "message": "Could not resolve to a PullRequest"})
			continue
		}
		nodes[number[1]] = g.node(at + number[2])
	}
	answer := map[string]any{"data": map[string]any{"repository": nodes}}
	if len(wrong) > 0 {
		answer["errors"] = wrong
	}
	_, _ = w.Write(text(answer))
}

// node is a pull request in the words of GraphQL.
func (g *GitHub) node(at string) map[string]any {
	var pull map[string]any
	if err := json.Unmarshal(g.records[at], &pull); err != nil {
		panic(err) // A mistake of the test.
	}
	node := map[string]any{
		"number": pull["number"], "state": strings.ToUpper(fmt.Sprint(pull["state"])), "isDraft": pull["draft"], "merged": pull["merged"],
		"body": orEmpty(pull["body"]), "createdAt": pull["created_at"], "updatedAt": pull["updated_at"], "closedAt": pull["closed_at"], "mergedAt": pull["merged_at"],
		"changedFiles": pull["changed_files"], "additions": pull["additions"], "deletions": pull["deletions"], "author": actor(pull["user"]),
		"headRefName": inside(pull, "head", "ref"), "headRefOid": inside(pull, "head", "sha"), "baseRefName": inside(pull, "base", "ref"),
		"mergeCommit": nil, "labels": g.nodes(list(pull["labels"]), func(label map[string]any) any { return map[string]any{"name": label["name"]} }),
	}
	if merged, _ := pull["merged"].(bool); merged {
		node["state"], node["mergeCommit"] = "MERGED", map[string]any{"oid": pull["merge_commit_sha"]}
	}
	node["commits"] = g.nodes(records(g.lists[at+"/commits"]), func(commit map[string]any) any {
		return map[string]any{"commit": map[string]any{"oid": commit["sha"], "authoredDate": inside(commit, "commit", "author", "date")}}
	})
	node["reviews"] = g.nodes(records(g.lists[at+"/reviews"]), func(review map[string]any) any {
		return map[string]any{"state": review["state"], "submittedAt": review["submitted_at"], "author": actor(review["user"])}
	})
	return node
}

// nodes are the first hundred of a list.
func (*GitHub) nodes(list []map[string]any, node func(map[string]any) any) map[string]any {
	nodes := []any{}
	for _, one := range list[:min(len(list), 100)] {
		nodes = append(nodes, node(one))
	}
	return map[string]any{"pageInfo": map[string]any{"hasNextPage": len(list) > 100}, "nodes": nodes}
}

// actor is a user; the names of bots have no suffix here.
func actor(user any) any {
	known, ok := user.(map[string]any)
	if !ok || known["login"] == "ghost" {
		return nil
	}
	return map[string]any{"__typename": known["type"], "login": strings.TrimSuffix(fmt.Sprint(known["login"]), "[bot]"), "databaseId": known["id"]}
}

func orEmpty(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func inside(v map[string]any, path ...string) any {
	for _, name := range path[:len(path)-1] {
		v, _ = v[name].(map[string]any)
	}
	return v[path[len(path)-1]]
}

func list(v any) (all []map[string]any) {
	elements, _ := v.([]any)
	for _, one := range elements {
		if known, ok := one.(map[string]any); ok {
			all = append(all, known)
		}
	}
	return all
}

func records(raw []json.RawMessage) (all []map[string]any) {
	for _, one := range raw {
		var known map[string]any
		if err := json.Unmarshal(one, &known); err != nil {
			panic(err) // A mistake of the test.
		}
		all = append(all, known)
	}
	return all
}
