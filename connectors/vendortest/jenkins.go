package vendortest

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Jenkins answers as the JSON interface of Jenkins does, below the path
// /jenkins/. It heeds of the parameter tree what asks for jobs and for a range
// of builds, and gives all members of what it shows.
type Jenkins struct {
	mu sync.Mutex
	// items are folders and jobs by their full names, in the order they came.
	names []string
	class map[string]string
	// builds are those of a job, the newest first.
	builds map[string][]map[string]any
}

// The classes of what Jenkins shows.
const (
	JenkinsJob         = "org.jenkinsci.plugins.workflow.job.WorkflowJob"
	JenkinsFolder      = "com.cloudbees.hudson.plugins.folder.Folder"
	JenkinsMultibranch = "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
)

// NewJenkins has no jobs.
func NewJenkins() *Jenkins {
	return &Jenkins{class: map[string]string{}, builds: map[string][]map[string]any{}}
}

// Make makes a job or a folder, "acme/checkout", in a folder that was made.
func (j *Jenkins) Make(name, class string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.names = append(j.names, name)
	j.class[name] = class
}

// Build adds a build to a job, or replaces the one with its number.
func (j *Jenkins) Build(job string, build map[string]any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, known := range j.builds[job] {
		if known["number"] == build["number"] {
			j.builds[job][i] = build
			return
		}
	}
	j.builds[job] = append([]map[string]any{build}, j.builds[job]...)
}

// Rename gives a job another name, with which its builds go.
func (j *Jenkins) Rename(from, to string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, name := range j.names {
		if name == from {
			j.names[i] = to
		}
	}
	j.class[to], j.builds[to] = j.class[from], j.builds[from]
	delete(j.class, from)
	delete(j.builds, from)
}

// Discard throws the oldest builds of a job away but for some.
func (j *Jenkins) Discard(job string, keep int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.builds[job] = j.builds[job][:keep]
}

// ServeHTTP implements http.Handler.
func (j *Jenkins) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	w.Header().Set("X-Jenkins", "2.504.3")
	address, below := strings.CutPrefix(r.URL.Path, "/jenkins/")
	address, isAPI := strings.CutSuffix(address, "api/json")
	if !below || !isAPI {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	parts := strings.Split(strings.TrimSuffix(address, "/"), "/")
	var name []string
	for len(parts) >= 2 && parts[0] == "job" {
		name, parts = append(name, parts[1]), parts[2:]
	}
	full, rest := strings.Join(name, "/"), strings.Join(parts, "/")
	var found any
	switch {
	case full == "" && rest == "":
		found = j.item("", "hudson.model.Hudson")
	case j.class[full] == "":
	case rest != "":
		found = j.build(full, rest)
	default:
		found = j.page(full, r.URL.Query().Get("tree"))
	}
	if found == nil {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "<html>Not Found</html>")
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	writeJSON(w, found)
}

// item is a job, or a folder with all that lies in it.
func (j *Jenkins) item(name, class string) map[string]any {
	shown := map[string]any{"_class": class, "name": name[strings.LastIndexByte(name, '/')+1:]}
	if class == JenkinsJob {
		return shown
	}
	inside := []any{}
	for _, one := range j.names {
		folder := ""
		if at := strings.LastIndexByte(one, '/'); at >= 0 {
			folder = one[:at]
		}
		if folder == name {
			inside = append(inside, j.item(one, j.class[one]))
		}
	}
	shown["jobs"] = inside
	return shown
}

func (j *Jenkins) build(job, number string) any {
	for _, build := range j.builds[job] {
		if fmt.Sprint(build["number"]) == number {
			return build
		}
	}
	return nil
}

// jenkinsRange is the range of builds that is asked for.
var jenkinsRange = regexp.MustCompile(`allBuilds\[.*\]\{(\d+),(\d+)\}$`)

func (j *Jenkins) page(job, tree string) any {
	asked := jenkinsRange.FindStringSubmatch(tree)
	if asked == nil {
		return nil
	}
	from, _ := strconv.Atoi(asked[1])
	to, _ := strconv.Atoi(asked[2])
	builds := j.builds[job]
	from, to = min(from, len(builds)), min(to, len(builds))
	return map[string]any{"_class": j.class[job], "allBuilds": append([]map[string]any{}, builds[from:to]...)}
}
