package metrics_test

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

const repository = "github.com/acme/shop"

// scenario is one hand-worked vector; testdata/README.md describes it.
type scenario struct {
	Name          string                       `json:"name"`
	Window        [2]time.Time                 `json:"window"`
	AsOf          time.Time                    `json:"as_of"`
	Environment   string                       `json:"environment"`
	InferFailures *bool                        `json:"infer_failures"`
	Claims        []string                     `json:"claims"`
	Foreign       []string                     `json:"foreign"`
	Commits       []string                     `json:"commits"`
	Changes       []named[evenkeel.Change]     `json:"changes"`
	Deployments   []named[evenkeel.Deployment] `json:"deployments"`
	Incidents     []named[evenkeel.Incident]   `json:"incidents"`
	Artifacts     []evenkeel.Artifact          `json:"artifacts"`
	Want          map[string]any               `json:"want"`
}

type named[T any] struct {
	ID    string
	Value T
}

func (n *named[T]) UnmarshalJSON(data []byte) error {
	var head struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	n.ID = head.ID
	return json.Unmarshal(data, &n.Value)
}

// sha gives a commit name its id.
func sha(name string) string {
	if name == "" || evenkeel.ValidSHA(name) {
		return name
	}
	sum := sha1.Sum([]byte(name))
	return hex.EncodeToString(sum[:])
}

func binarySHA(name string) evenkeel.SHA {
	s, _ := evenkeel.ParseSHA(sha(name))
	return s
}

func fact[T any](k evenkeel.Kind, id string, v T) evenkeel.Fact[T] {
	return evenkeel.Fact[T]{ID: evenkeel.FactID(k, "test\x1f"+id), Source: "test", ExternalID: id, Value: v}
}

// node reads "name instant parent … | path …".
func node(t *testing.T, line string) evenkeel.Node {
	t.Helper()
	left, right, _ := strings.Cut(line, "|")
	words := strings.Fields(left)
	at, err := time.Parse(time.RFC3339, words[1])
	if err != nil {
		t.Fatal(err)
	}
	n := evenkeel.Node{SHA: binarySHA(words[0]), Authored: at, Committed: at}
	for _, parent := range words[2:] {
		n.Parents = append(n.Parents, binarySHA(parent))
	}
	for word := range strings.FieldsSeq(right) {
		if from, ok := strings.CutPrefix(word, "cherry:"); ok {
			n.Trailers = map[string][]string{"cherry picked from commit": {sha(from)}}
			continue
		}
		n.Paths = append(n.Paths, word)
	}
	return n
}

func (s *scenario) input(t *testing.T) metrics.Input {
	t.Helper()
	in := metrics.Input{Application: "shop", Graphs: map[string]*evenkeel.Graph{}, Foreign: map[string]bool{}, PathClaims: map[string][]evenkeel.PathClaim{}}
	var nodes []evenkeel.Node
	for _, line := range s.Commits {
		nodes = append(nodes, node(t, line))
	}
	if nodes != nil {
		in.Graphs[repository] = evenkeel.NewGraph(nodes)
	}
	for _, text := range s.Claims {
		application, path, _ := strings.Cut(text, ":")
		in.PathClaims[repository] = append(in.PathClaims[repository], evenkeel.PathClaim{Application: application, Path: path})
	}
	for _, id := range s.Foreign {
		in.Foreign[fact(evenkeel.KindIncident, id, evenkeel.Incident{}).ID] = true
	}
	for _, c := range s.Changes {
		v := c.Value
		v.Repository, v.MergeCommit, v.Head = repository, sha(v.MergeCommit), sha(v.Head)
		for i := range v.Commits {
			v.Commits[i].SHA = sha(v.Commits[i].SHA)
		}
		in.Changes = append(in.Changes, fact(evenkeel.KindChange, c.ID, v))
	}
	for _, d := range s.Deployments {
		v := d.Value
		v.Commit = sha(v.Commit)
		if v.Commit != "" {
			v.Repository = repository
		}
		if v.Environment == "" {
			v.Environment = "production"
		}
		if v.Status == "" {
			v.Status = evenkeel.StatusSuccess
		}
		in.Deployments = append(in.Deployments, fact(evenkeel.KindDeployment, d.ID, v))
	}
	for _, i := range s.Incidents {
		in.Incidents = append(in.Incidents, fact(evenkeel.KindIncident, i.ID, i.Value))
	}
	for _, a := range s.Artifacts {
		a.Repository, a.Commit = repository, sha(a.Commit)
		in.Artifacts = append(in.Artifacts, fact(evenkeel.KindArtifact, a.Artifact, a))
	}
	return in
}

func (s *scenario) query() metrics.Query {
	p := evenkeel.DefaultPolicy()
	if s.InferFailures != nil {
		p.InferFailures = *s.InferFailures
	}
	return metrics.Query{Window: evenkeel.Window{From: s.Window[0], To: s.Window[1]}, Environment: s.Environment, Policy: p, AsOf: s.AsOf}
}

func scenarios(t testing.TB) []scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/scenarios.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []scenario
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// asJSON is a value as JSON sees it.
func asJSON(t testing.TB, v any) any {
	t.Helper()
	return decoded(t, v)
}

func decoded(t interface{ Fatal(...any) }, v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// missing lists where got lacks what want names; numbers may differ by a
// millionth.
func missing(path string, want, got any) []string {
	var out []string
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: got %v", path, got)}
		}
		for key, value := range w {
			have, ok := g[key]
			if !ok {
				out = append(out, fmt.Sprintf("%s.%s is absent", path, key))
			}
			out = append(out, missing(path+"."+key, value, have)...)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{fmt.Sprintf("%s: got %v, want %v", path, got, want)}
		}
		for i := range w {
			out = append(out, missing(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])...)
		}
	case float64:
		g, ok := got.(float64)
		if !ok || math.Abs(g-w) > 1e-6*max(1, math.Abs(w)) {
			out = append(out, fmt.Sprintf("%s: got %v, want %v", path, got, want))
		}
	default:
		if got != want {
			out = append(out, fmt.Sprintf("%s: got %v, want %v", path, got, want))
		}
	}
	return out
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			q := s.query()
			report := metrics.Compute(q, metrics.Derive(s.input(t), q.Policy))
			for _, difference := range missing("report", s.Want, asJSON(t, report)) {
				t.Error(difference)
			}
		})
	}
}
