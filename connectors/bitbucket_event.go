package connectors

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// bitbucketDelivery is one delivery while it is read.
type bitbucketDelivery struct {
	*payload
	receiver *bitbucketReceiver
}

// bitbucketHash is a commit or a branch by its name, bitbucketLink an address.
type bitbucketHash struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
}

type bitbucketLink struct {
	Href string `json:"href"`
}

// bitbucketCommit is a commit of Cloud. Without parents or date nothing certain
// is known of it.
type bitbucketCommit struct {
	Hash    string           `json:"hash"`
	Date    string           `json:"date"`
	Message string           `json:"message"`
	Parents *[]bitbucketHash `json:"parents"`
}

// bitbucketStatus is a build status of Cloud.
type bitbucketStatus struct {
	Key       string        `json:"key"`
	Name      string        `json:"name"`
	State     string        `json:"state"`
	URL       string        `json:"url"`
	RefName   string        `json:"refname"`
	CreatedOn string        `json:"created_on"`
	UpdatedOn string        `json:"updated_on"`
	Commit    bitbucketHash `json:"commit"`
	Links     struct {
		Commit bitbucketLink `json:"commit"`
	} `json:"links"`
}

// bitbucketPull is a pull request of Cloud.
type bitbucketPull struct {
	ID        int64           `json:"id"`
	State     string          `json:"state"`
	Draft     bool            `json:"draft"`
	CreatedOn string          `json:"created_on"`
	UpdatedOn string          `json:"updated_on"`
	Author    bitbucketPerson `json:"author"`
	Source    struct {
		Commit bitbucketHash `json:"commit"`
	} `json:"source"`
	Merge bitbucketHash `json:"merge_commit"`
	Into  struct {
		Branch bitbucketHash `json:"branch"`
	} `json:"destination"`
}

// bitbucketReview is an approval, or a request for changes.
type bitbucketReview struct {
	Date string          `json:"date"`
	User bitbucketPerson `json:"user"`
}

// bitbucketRepository is a repository of Cloud, or of Data Center, where it has
// a project and a number.
type bitbucketRepository struct {
	UUID     string `json:"uuid,omitempty"`
	Number   int64  `json:"id,omitempty"`
	FullName string `json:"full_name"`
	Slug     string `json:"slug"`
	Project  struct {
		Key string `json:"key"`
	} `json:"project"`
	Links struct {
		HTML  bitbucketLink `json:"html"`
		Clone []struct {
			Href string `json:"href"`
			Name string `json:"name"`
		} `json:"clone"`
	} `json:"links"`
}

// id stays when the repository is renamed; empty if it is not told.
func (r bitbucketRepository) id() string {
	return firstText(bitbucketID(r.UUID), numberID(r.Number))
}

// bitbucketID is an id without its braces.
func bitbucketID(uuid string) string { return strings.ToLower(strings.Trim(uuid, "{}")) }

// locate finds the name under which the repository is kept, and the source.
func (d *bitbucketDelivery) locate(field string, r bitbucketRepository) string {
	name := GitRepositoryName(r.Links.HTML.Href)
	for _, clone := range r.Links.Clone {
		if clone.Name != "ssh" && strings.HasPrefix(clone.Href, "http") {
			name = GitRepositoryName(clone.Href)
		}
	}
	if host := d.receiver.settings.Host; host != "" && r.Project.Key != "" && r.Slug != "" && r.FullName == "" {
		name = GitRepositoryName("https://" + host + "/scm/" + r.Project.Key + "/" + r.Slug)
	}
	if name == "" {
		d.wrong(field, "names no address of the repository; name the host of Data Center in the setting host")
		return ""
	}
	host, within, _ := strings.Cut(name, "/")
	d.source = bitbucketName + ":" + host
	return host + "/" + d.receiver.settings.Names.kept(r.id(), within)
}

// repository is the one that a delivery of Cloud comes from.
func (d *bitbucketDelivery) repository() string {
	var r bitbucketRepository
	d.into("repository", &r)
	return d.locate("repository.links.html.href", r)
}

// push reads which commits came. Of a commit without parents or date nothing
// certain is known, so it is left out.
func (d *bitbucketDelivery) push() ([]evenkeel.Event, error) {
	var push struct {
		Changes []struct {
			New *struct {
				Type   string          `json:"type"`
				Target bitbucketCommit `json:"target"`
			} `json:"new"`
			Commits []bitbucketCommit `json:"commits"`
		} `json:"changes"`
	}
	d.into("push", &push)
	repository := d.repository()
	seen := map[string]bool{}
	var events []evenkeel.Event
	for _, change := range push.Changes {
		list := change.Commits
		if change.New != nil && change.New.Type == "branch" {
			list = append(list, change.New.Target)
		}
		for _, c := range list {
			if c.Parents == nil || c.Date == "" || seen[c.Hash] {
				continue
			}
			seen[c.Hash] = true
			facts := &evenkeel.Commit{
				Repository: repository, SHA: d.sha("push.changes[].commits[].hash", c.Hash), Parents: []string{},
				CommittedAt: d.instant("push.changes[].commits[].date", c.Date), Trailers: readGitNote(c.Message).trailers(),
			}
			for _, parent := range *c.Parents {
				facts.Parents = append(facts.Parents, d.sha("push.changes[].commits[].parents[].hash", parent.Hash))
			}
			events = append(events, d.event(facts.SHA, facts.CommittedAt, facts))
		}
	}
	if len(events) == 0 {
		return nil, ignored("the push names no commit with its parents")
	}
	return events, nil
}

// status reads a build status of Cloud. A pipeline that is run again on the
// same commit has another address, which keeps the two apart.
func (d *bitbucketDelivery) status() []evenkeel.Event {
	var said bitbucketStatus
	var of bitbucketRepository
	d.into("commit_status", &said)
	d.into("repository", &of)
	run := pipelineRun{
		repository: d.locate("repository.links.html.href", of),
		commit:     d.sha("commit_status.commit.hash", firstText(said.Commit.Hash, path.Base(said.Links.Commit.Href))),
		pipeline:   firstText(said.Name, d.text("commit_status.key", said.Key)),
		branch:     said.RefName,
		started:    d.instant("commit_status.created_on", said.CreatedOn),
	}
	address := sha256.Sum256([]byte(said.Key + "\n" + d.addressed(of, said.URL)))
	run.id = "status:" + run.commit + "/" + hex.EncodeToString(address[:8])
	observed := d.instant("commit_status.updated_on", said.UpdatedOn)
	if said.State != "INPROGRESS" {
		run.result = d.bitbucketResult("commit_status.state", said.State)
	}
	build := run.build()
	events := []evenkeel.Event{d.event(run.id, observed, build)}
	if run.result != "" {
		run.ended, build.Result = observed, ""
		events = append(events, d.final(run.id, observed, &evenkeel.Build{
			Repository: run.repository, Commit: run.commit, Pipeline: run.pipeline, FinishedAt: observed, Result: run.result,
		}))
	}
	rule, fits := ruleFor(d.receiver.settings.Deployments, run)
	if byKey := run; !fits {
		byKey.pipeline = said.Key
		rule, fits = ruleFor(d.receiver.settings.Deployments, byKey)
	}
	if fits {
		events = append(events, d.deployed(rule, run, observed)...)
	}
	return events
}

// addressed is an address as it was under the name under which the repository
// is kept: Bitbucket writes the present name into those of its own pipelines.
func (d *bitbucketDelivery) addressed(r bitbucketRepository, address string) string {
	kept := d.receiver.settings.Names.kept(r.id(), r.FullName)
	if r.FullName == "" || strings.EqualFold(kept, r.FullName) {
		return address
	}
	return strings.Replace(address, "/"+r.FullName+"/", "/"+kept+"/", 1)
}

// bitbucketPerson is whoever did something. Nothing of it is kept.
type bitbucketPerson struct {
	UUID string `json:"uuid"`
	Type string `json:"type"`
}

// pull reads an event of a pull request of Cloud.
func (d *bitbucketDelivery) pull() ([]evenkeel.Event, error) {
	var pull bitbucketPull
	var approval, changes bitbucketReview
	d.into("pullrequest", &pull)
	d.into("approval", &approval)
	d.into("changes_request", &changes)
	change := d.change(pull)
	updated := d.instant("pullrequest.updated_on", pull.UpdatedOn)
	if approval.Date != "" {
		return d.reviewed(change, d.instant("approval.date", approval.Date), approval.User == pull.Author, true)
	}
	if changes.Date != "" {
		return d.reviewed(change, d.instant("changes_request.date", changes.Date), changes.User == pull.Author, false)
	}
	if pull.State == "OPEN" && !pull.Draft && pull.CreatedOn == pull.UpdatedOn {
		change.ReadyAt = change.OpenedAt
	}
	return d.changed(change, pull.changeState(), updated, updated, fullSHA(pull.Merge.Hash))
}

// changeState is empty for a state that Bitbucket does not document.
func (p bitbucketPull) changeState() evenkeel.ChangeState {
	return map[string]evenkeel.ChangeState{
		"OPEN": evenkeel.ChangeOpen, "MERGED": evenkeel.ChangeMerged, "DECLINED": evenkeel.ChangeClosed, "SUPERSEDED": evenkeel.ChangeClosed,
	}[p.State]
}

// change is what a pull request of Cloud is, however it stands.
func (d *bitbucketDelivery) change(pull bitbucketPull) *evenkeel.Change {
	return &evenkeel.Change{
		Repository: d.repository(), Number: d.changeNumber("pullrequest.id", pull.ID), OpenedAt: d.instant("pullrequest.created_on", pull.CreatedOn),
		Head: fullSHA(pull.Source.Commit.Hash), Base: d.text("pullrequest.destination.branch.name", pull.Into.Branch.Name),
	}
}

// fullSHA is a commit id; empty if it is shortened.
func fullSHA(text string) string {
	if text = strings.ToLower(text); evenkeel.ValidSHA(text) {
		return text
	}
	return ""
}

func (d *bitbucketDelivery) changeNumber(field string, number int64) int {
	d.number(field, number)
	return int(number)
}

// reviewed tells of a review, which may approve.
func (d *bitbucketDelivery) reviewed(change *evenkeel.Change, at time.Time, own, approves bool) ([]evenkeel.Event, error) {
	if own {
		return nil, ignored("a review by the author of the pull request")
	}
	facts := &evenkeel.Change{Repository: change.Repository, Number: change.Number, FirstReviewAt: at}
	if approves {
		facts.ApprovedAt = at
	}
	return []evenkeel.Event{d.event(strconv.Itoa(change.Number), at, facts)}, nil
}

// changed tells how a pull request stands; a merge is final.
func (d *bitbucketDelivery) changed(change *evenkeel.Change, state evenkeel.ChangeState, updated, ended time.Time, merge string) ([]evenkeel.Event, error) {
	id := strconv.Itoa(change.Number)
	switch state {
	case evenkeel.ChangeOpen:
		e := d.event(id, updated, change)
		change.State, e.Cleared = state, []string{"closed_at"}
		return []evenkeel.Event{e}, nil
	case evenkeel.ChangeClosed:
		change.State, change.ClosedAt = state, ended
		return []evenkeel.Event{d.event(id, updated, change)}, nil
	case evenkeel.ChangeMerged:
		facts := &evenkeel.Change{Repository: change.Repository, Number: change.Number, State: state, MergedAt: ended, ClosedAt: ended, MergeCommit: merge}
		return []evenkeel.Event{d.event(id, updated, change), d.final(id, ended, facts)}, nil
	}
	d.wrong("pullrequest.state", "is not one that Bitbucket documents")
	return nil, nil
}

// centerPull reads an event of a pull request of Data Center, whose times are
// milliseconds since 1970.
func (d *bitbucketDelivery) centerPull() ([]evenkeel.Event, error) {
	type ref struct {
		DisplayID    string              `json:"displayId"`
		LatestCommit string              `json:"latestCommit"`
		Repository   bitbucketRepository `json:"repository"`
	}
	type person struct {
		ID int64 `json:"id"`
	}
	var pull struct {
		ID      int64  `json:"id"`
		State   string `json:"state"`
		Draft   bool   `json:"draft"`
		Created int64  `json:"createdDate"`
		Updated int64  `json:"updatedDate"`
		Closed  int64  `json:"closedDate"`
		From    ref    `json:"fromRef"`
		To      ref    `json:"toRef"`
		Author  struct {
			User person `json:"user"`
		} `json:"author"`
		Properties struct {
			Merge struct {
				ID string `json:"id"`
			} `json:"mergeCommit"`
		} `json:"properties"`
	}
	var participant struct {
		User     person `json:"user"`
		Approved bool   `json:"approved"`
	}
	var at string
	d.into("pullRequest", &pull)
	d.into("participant", &participant)
	d.into("date", &at)
	happened := d.instant("date", at)
	change := &evenkeel.Change{
		Repository: d.locate("pullRequest.toRef.repository", pull.To.Repository), Number: d.changeNumber("pullRequest.id", pull.ID),
		OpenedAt: d.moment("pullRequest.createdDate", pull.Created), Head: fullSHA(pull.From.LatestCommit), Base: d.text("pullRequest.toRef.displayId", pull.To.DisplayID),
	}
	if participant.Approved {
		return d.reviewed(change, happened, participant.User == pull.Author.User, true)
	}
	if pull.State == "OPEN" && !pull.Draft && pull.Created == pull.Updated {
		change.ReadyAt = change.OpenedAt
	}
	ended := happened
	if pull.Closed != 0 {
		ended = d.moment("pullRequest.closedDate", pull.Closed)
	}
	return d.changed(change, map[string]evenkeel.ChangeState{
		"OPEN": evenkeel.ChangeOpen, "MERGED": evenkeel.ChangeMerged, "DECLINED": evenkeel.ChangeClosed,
	}[pull.State], latest(d.moment("pullRequest.updatedDate", pull.Updated), ended), ended, fullSHA(pull.Properties.Merge.ID))
}

// moment is a time in milliseconds since 1970.
func (d *bitbucketDelivery) moment(field string, milliseconds int64) time.Time {
	if milliseconds <= 0 || milliseconds > 9e12 {
		d.wrong(field, "is not a count of milliseconds since 1970")
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}
