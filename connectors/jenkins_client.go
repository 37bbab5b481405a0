package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	// jenkinsPage is how many builds one call asks for.
	jenkinsPage = 100
	// jenkinsDepth is how deep folders are looked into.
	jenkinsDepth = 10
	// jenkinsMost is how many jobs one connection reads.
	jenkinsMost = 5000
	// jenkinsFields are what is asked of a build, and nothing of people.
	jenkinsFields = "number,queueId,building,result,timestamp,duration," +
		"actions[lastBuiltRevision[SHA1,branch[name]],remoteUrls,queuingDurationMillis,causes[_class]]"
)

// The streams of Jenkins: "builds acme/deploy" are those of a job, and "branch
// acme/checkout/main" those of a branch of a multibranch project.
const (
	jenkinsBuildsOf = "builds"
	jenkinsBranchOf = "branch"
)

// jenkinsClient asks one Jenkins.
type jenkinsClient struct {
	*asker
	settings jenkinsSettings
	now      func() time.Time
}

func newJenkinsClient(settings jenkinsSettings, o Outside) (*jenkinsClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	asks, err := newAsker("Jenkins", settings.API.URL, outgoing.Basic{Name: settings.API.User, Password: token}, o)
	return &jenkinsClient{asker: asks, settings: settings, now: o.Now}, err
}

// jenkinsItem is a job, or something that jobs lie in.
type jenkinsItem struct {
	Class string `json:"_class"`
	Name  string `json:"name"`
	// Jobs is nil for a job.
	Jobs *[]jenkinsItem `json:"jobs"`
}

// Look implements Puller.
func (c *jenkinsClient) Look(ctx context.Context) (evenkeel.Access, error) {
	var top jenkinsItem
	header, err := c.get(ctx, "api/json?tree="+url.QueryEscape(jenkinsTree(jenkinsDepth)), &top)
	if err != nil {
		return evenkeel.Access{}, err
	}
	access := evenkeel.Access{Identity: strings.TrimSpace("a user of Jenkins " + header.Get("X-Jenkins")), Limits: c.callLimits()}
	if access.Streams, err = c.streams(top, ""); err != nil {
		return access, err
	}
	granted := true
	access.Permissions = []evenkeel.Permission{{Name: "Overall/Read", For: "being answered at all", Granted: &granted}, {Name: "Job/Read", For: "jobs and their builds"}}
	if len(access.Streams) > 0 { // Jenkins leaves out what may not be seen, and does not say so.
		access.Permissions[1].Granted = &granted
	}
	return access, nil
}

// jenkinsTree asks for names down to a depth, and of what lies deeper for one,
// to know that it is there.
func jenkinsTree(depth int) string {
	if depth == 0 {
		return "jobs[name]{0,1}"
	}
	return "jobs[_class,name," + jenkinsTree(depth-1) + "]"
}

// streams are those of the jobs below an item that are to be read.
func (c *jenkinsClient) streams(item jenkinsItem, name string) (names []string, err error) {
	if item.Jobs == nil {
		return nil, errors.New("the answer names no jobs; is api.url the address of Jenkins?")
	}
	kind := jenkinsBuildsOf
	if strings.HasSuffix(item.Class, "MultiBranchProject") {
		kind = jenkinsBranchOf
	}
	for _, one := range *item.Jobs {
		full := strings.TrimPrefix(name+"/"+one.Name, "/")
		if one.Jobs == nil {
			if c.settings.API.reads(full) {
				names = append(names, kind+" "+full)
			}
			continue
		}
		if deepest := strings.Count(full, "/") == jenkinsDepth-1; deepest {
			if len(*one.Jobs) > 0 && c.settings.API.reads(full) {
				return nil, fmt.Errorf("what lies in %s is nested deeper than %d folders and cannot be read", shortQuote(full), jenkinsDepth)
			}
			continue
		}
		below, err := c.streams(one, full)
		if err != nil {
			return nil, err
		}
		names = append(names, below...)
	}
	if len(names) > jenkinsMost {
		return nil, fmt.Errorf("more than %d jobs fit api.jobs; name fewer, or make several connections", jenkinsMost)
	}
	return names, nil
}

// jenkinsList is the builds of one job while they are read.
type jenkinsList struct {
	*jenkinsClient
	job jenkinsJob
	// at is the address of the job below that of Jenkins.
	at string
}

// Pull implements Puller.
func (c *jenkinsClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	kind, name, _ := strings.Cut(stream, " ")
	l := &jenkinsList{jenkinsClient: c, job: jenkinsJob{Name: name}}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
		}
		l.at += "job/" + url.PathEscape(part) + "/"
	}
	switch at := strings.LastIndexByte(name, '/'); {
	case kind == jenkinsBranchOf && at > 0:
		branch, err := url.PathUnescape(name[at+1:])
		if err != nil {
			branch = name[at+1:]
		}
		l.job = jenkinsJob{Name: name[:at], Branch: branch}
	case kind != jenkinsBuildsOf:
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	history, _ := evenkeel.ParseDuration(c.settings.API.History) // It was checked.
	return newestFirst{page: numbered(l.builds), one: l.again, since: c.now().Add(-history)}.read(ctx, cursor, take)
}

// builds is a page of builds, by their numbers.
func (l *jenkinsList) builds(ctx context.Context, number int) ([]record, int, error) {
	from := (number - 1) * jenkinsPage
	tree := "allBuilds[" + jenkinsFields + "]{" + strconv.Itoa(from) + "," + strconv.Itoa(from+jenkinsPage) + "}"
	var page struct {
		Builds []json.RawMessage `json:"allBuilds"`
	}
	if _, err := l.get(ctx, l.at+"api/json?tree="+url.QueryEscape(tree), &page); err != nil {
		return nil, 0, err
	}
	next := 0
	if len(page.Builds) >= jenkinsPage {
		next = number + 1
	}
	list, err := records(page.Builds, l.build)
	return list, next, err
}

// again reads a build that ran; one that Jenkins has thrown away is let go of.
func (l *jenkinsList) again(ctx context.Context, id string) (record, error) {
	var element json.RawMessage
	_, err := l.get(ctx, l.at+id+"/api/json?tree="+url.QueryEscape(jenkinsFields), &element)
	switch {
	case errors.Is(err, evenkeel.ErrNotFound):
		return record{}, nil
	case err != nil:
		return record{}, err
	}
	return l.build(element)
}

func (l *jenkinsList) build(element json.RawMessage) (record, error) {
	var build jenkinsRun
	if err := json.Unmarshal(element, &build); err != nil {
		return record{}, fmt.Errorf("a build cannot be read: %w", err)
	}
	body, err := json.Marshal(map[string]any{"jenkins": l.base.String(), "job": l.job, "build": element})
	return record{
		id: strconv.FormatInt(build.Number, 10), at: time.UnixMilli(build.Timestamp), open: !build.ended(),
		documents: []Document{{Event: jenkinsBuildEvent, Body: body}},
	}, err
}
