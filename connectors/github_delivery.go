package connectors

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// githubDelivery is one body while it is read.
type githubDelivery struct {
	*payload
	settings *githubSettings
	action   string
	// repository is host/owner/name.
	repository    string
	defaultBranch string
}

// newGithubDelivery opens a body and holds it to the event it is said to be.
func newGithubDelivery(settings *githubSettings, event githubEvent, body []byte) (*githubDelivery, error) {
	body, err := githubJSON(body)
	if err != nil {
		return nil, err
	}
	read, err := readPayload("GitHub", "", body)
	if err != nil {
		return nil, err
	}
	d := &githubDelivery{payload: read, settings: settings}
	for _, name := range event.needs {
		if _, has := d.members[name]; !has {
			d.wrong(name, "is missing; the body is not that of the event "+event.name)
		}
	}
	for _, name := range event.without {
		if _, has := d.members[name]; has {
			d.wrong(name, "belongs to another event than "+event.name)
		}
	}
	if d.into("action", &d.action); d.members["repository"] != nil {
		d.locate()
	}
	_, err = d.judge(nil, nil)
	return d, err
}

// githubJSON is the JSON of a body, which a webhook may also send as the one
// field of a form. The body itself tells which it is: no JSON begins so, and
// the header that says it is not signed.
func githubJSON(body []byte) ([]byte, error) {
	field, isForm := bytes.CutPrefix(body, []byte("payload="))
	if !isForm {
		return body, nil
	}
	text, err := url.QueryUnescape(string(field))
	if err != nil || bytes.ContainsAny(field, "&;") {
		return nil, evenkeel.FieldErrors{{Field: "body", Rule: "is not a form with the one field payload"}}
	}
	return []byte(text), nil
}

// locate reads where the delivery comes from. The host is part of the source,
// so that ids of several installations do not meet.
func (d *githubDelivery) locate() {
	var repository struct {
		ID            int64  `json:"id"`
		HTMLURL       string `json:"html_url"`
		DefaultBranch string `json:"default_branch"`
	}
	if d.into("repository", &repository); len(d.problems.list) > 0 {
		return
	}
	name := GitRepositoryName(repository.HTMLURL)
	host, within, _ := strings.Cut(name, "/")
	if !strings.HasPrefix(repository.HTMLURL, "https://") && !strings.HasPrefix(repository.HTMLURL, "http://") || strings.Count(name, "/") != 2 {
		d.wrong("repository.html_url", "is not the address of a repository, https://host/owner/name")
		return
	}
	d.repository = host + "/" + d.settings.Names.kept(numberID(repository.ID), within)
	d.source, d.defaultBranch = "github:"+host, repository.DefaultBranch
}

// unread says that an action of an event is not known.
func (d *githubDelivery) unread(event string) error {
	if d.action == "" {
		d.wrong("action", "is missing")
	}
	return ignored("the action %s of the event %s is not read", shortQuote(d.action), event)
}

// githubStep sets changes of state apart from what else happened in the same
// second: GitHub's clock counts whole seconds, and of two reports of one
// instant neither would be the newer.
const githubStep = time.Millisecond

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
