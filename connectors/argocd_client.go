package connectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/outgoing"
)

const (
	// argoApplications is the only stream of an Argo CD.
	argoApplications = "applications"
	// argoFields are what is asked of Applications.
	argoFields = "items.metadata.name,items.metadata.namespace,items.metadata.labels,items.spec.project,items.spec.destination," +
		"items.status.history,items.status.operationState,items.status.health,items.status.reconciledAt,items.status.summary"
)

// argoClient asks one Argo CD.
type argoClient struct {
	*asker
	projects []string
}

func newArgoClient(settings argoSettings, o Outside) (*argoClient, error) {
	token, err := resolveSecret(o, "api.token", settings.API.Token)
	if err != nil {
		return nil, err
	}
	asks, err := newAsker("Argo CD", settings.API.URL, outgoing.Bearer(token), o)
	return &argoClient{asker: asks, projects: settings.API.Projects}, err
}

// argoObject is an Application as Kubernetes keeps it, and of it what our
// template tells.
type argoObject struct {
	Metadata struct {
		Name      string            `json:"name"`
		Namespace string            `json:"namespace"`
		Labels    map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Project     string          `json:"project"`
		Destination json.RawMessage `json:"destination"`
	} `json:"spec"`
	Status struct {
		History []argoEntry `json:"history"`
		State   *argoState  `json:"operationState"`
		Health  struct {
			Status             string `json:"status"`
			LastTransitionTime string `json:"lastTransitionTime"`
		} `json:"health"`
		ReconciledAt string `json:"reconciledAt"`
		Summary      struct {
			Images []string `json:"images"`
		} `json:"summary"`
	} `json:"status"`
}

// argoBy says whether Argo CD itself began a sync.
type argoBy struct {
	Automated bool `json:"automated"`
}

// argoEntry is an entry of the history.
type argoEntry struct {
	Revision  string       `json:"revision"`
	Revisions []string     `json:"revisions"`
	Source    argoSource   `json:"source"`
	Sources   []argoSource `json:"sources"`
	Started   string       `json:"deployStartedAt"`
	Deployed  string       `json:"deployedAt"`
	By        argoBy       `json:"initiatedBy"`
}

// argoState is the operation that ran last, or runs.
type argoState struct {
	Phase     string `json:"phase"`
	Started   string `json:"startedAt"`
	Finished  string `json:"finishedAt"`
	Operation struct {
		By   argoBy `json:"initiatedBy"`
		Sync struct {
			DryRun    bool              `json:"dryRun"`
			Resources []json.RawMessage `json:"resources"`
			Heals     int               `json:"autoHealAttemptsCount"`
		} `json:"sync"`
	} `json:"operation"`
	Result struct {
		Revision  string       `json:"revision"`
		Revisions []string     `json:"revisions"`
		Source    argoSource   `json:"source"`
		Sources   []argoSource `json:"sources"`
	} `json:"syncResult"`
}

// Look implements Puller.
func (c *argoClient) Look(ctx context.Context) (evenkeel.Access, error) {
	var who struct {
		LoggedIn bool `json:"loggedIn"`
	}
	if _, err := c.get(ctx, "api/v1/session/userinfo", &who); err != nil {
		return evenkeel.Access{}, err
	}
	if !who.LoggedIn {
		return evenkeel.Access{}, fmt.Errorf("%w: the token is wrong, was revoked or has expired", ErrRefused)
	}
	list, err := c.applications(ctx, "items.metadata.name")
	if err != nil {
		return evenkeel.Access{}, err
	}
	access := evenkeel.Access{
		Identity: "an account of " + c.base.Host, Streams: []string{argoApplications},
		Permissions: []evenkeel.Permission{{Name: "applications: get", For: "Applications and their history"}},
	}
	if granted := true; len(list) > 0 { // Argo CD leaves out what may not be seen, and does not say so.
		access.Permissions[0].Granted = &granted
	}
	return access, nil
}

func (c *argoClient) applications(ctx context.Context, fields string) ([]argoObject, error) {
	query := url.Values{"fields": {fields}}
	if len(c.projects) > 0 {
		query["projects"] = c.projects
	}
	var list struct {
		Items []argoObject `json:"items"`
	}
	_, err := c.get(ctx, "api/v1/applications?"+query.Encode(), &list)
	return list.Items, err
}

// address is that of Argo CD as its notifications name it.
func (c *argoClient) address(ctx context.Context) (string, error) {
	var settings struct {
		URL string `json:"url"`
	}
	_, err := c.get(ctx, "api/v1/settings", &settings)
	return firstText(settings.URL, c.base.String()), err
}

// argoCursor holds of every Application a digest of what was told of it.
type argoCursor struct {
	Known map[string]string `json:"known"`
}

// Pull implements Puller. The history is short, so every read is a whole one,
// and what has changed is given on.
func (c *argoClient) Pull(ctx context.Context, stream string, cursor json.RawMessage, take func(context.Context, Page) error) error {
	if stream != argoApplications {
		return fmt.Errorf("%w: stream %s", evenkeel.ErrNotFound, shortQuote(stream))
	}
	var before argoCursor
	if len(cursor) > 0 {
		if err := json.Unmarshal(cursor, &before); err != nil {
			return fmt.Errorf("where reading stands cannot be read: %w", err)
		}
	}
	address, err := c.address(ctx)
	if err != nil {
		return err
	}
	list, err := c.applications(ctx, argoFields)
	if err != nil {
		return err
	}
	now, page := argoCursor{Known: map[string]string{}}, Page{Complete: true, Done: len(list), Total: len(list)}
	for i := range list {
		name := list[i].Metadata.Namespace + "/" + list[i].Metadata.Name
		documents, digest, err := list[i].documents(address)
		if err != nil {
			return err
		}
		if now.Known[name] = digest; before.Known[name] != digest {
			page.Documents = append(page.Documents, documents...)
		}
	}
	if page.Cursor, err = json.Marshal(now); err != nil {
		return err
	}
	return take(ctx, page)
}

// documents are what the notifications of an Application would have told, and a
// digest of what matters in them: an Application is compared every few minutes.
func (a *argoObject) documents(address string) (list []Document, digest string, err error) {
	sum := sha256.New()
	add := func(operation argoOperation, more map[string]any) error {
		body := map[string]any{
			"argocd": address, "name": a.Metadata.Name, "namespace": a.Metadata.Namespace, "labels": a.Metadata.Labels,
			"project": a.Spec.Project, "destination": a.Spec.Destination, "operation": operation,
		}
		maps.Copy(body, more)
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		list = append(list, Document{Event: argoEvent, Body: text})
		delete(body, "reconciledAt")
		told, err := json.Marshal(body)
		sum.Write(told)
		return err
	}
	state := a.Status.State
	for i, entry := range a.Status.History {
		if entry.Started == "" {
			continue // Argo CD before 1.7 did not keep it; the deployment would have another name than its notification gives it.
		}
		more := map[string]any{"history": true}
		switch {
		case i+1 < len(a.Status.History):
			more["supersededAt"] = a.Status.History[i+1].Started
		case state != nil && state.Started == entry.Started && a.running():
			more["health"], more["images"], more["reconciledAt"] = a.Status.Health, a.Status.Summary.Images, a.Status.ReconciledAt
		case state != nil && state.Started != entry.Started:
			more["supersededAt"] = state.Started
		}
		if err := add(entry.operation(), more); err != nil {
			return nil, "", err
		}
	}
	if state != nil && (state.Phase == "Failed" || state.Phase == "Error") {
		if err := add(state.operation(), nil); err != nil {
			return nil, "", err
		}
	}
	return list, hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// running says that what was synced last runs by all that Argo CD knows, so
// that the images are those of the sync.
func (a *argoObject) running() bool {
	reconciled, _ := vendorInstant(a.Status.ReconciledAt)
	finished, _ := vendorInstant(a.Status.State.Finished)
	return a.Status.Health.Status == "Healthy" && !finished.IsZero() && reconciled.After(finished)
}

func (e *argoEntry) operation() argoOperation {
	return argoOperation{
		Phase: "Succeeded", StartedAt: e.Started, FinishedAt: e.Deployed, Automated: e.By.Automated,
		Revision: e.Revision, Revisions: e.Revisions, Source: e.Source, Sources: e.Sources,
	}
}

func (s *argoState) operation() argoOperation {
	return argoOperation{
		Phase: s.Phase, StartedAt: s.Started, FinishedAt: s.Finished, Automated: s.Operation.By.Automated,
		DryRun: s.Operation.Sync.DryRun, Partial: len(s.Operation.Sync.Resources) > 0, Heals: s.Operation.Sync.Heals,
		Revision: s.Result.Revision, Revisions: s.Result.Revisions, Source: s.Result.Source, Sources: s.Result.Sources,
	}
}
