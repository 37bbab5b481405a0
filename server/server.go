// Package server is the contract with browsers, pipelines and senders: it
// decodes requests, asks the store and the pure packages, and encodes answers.
package server

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/server/intake"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/telemetry"
)

// Config is all that a server needs. Every member is required unless it says
// otherwise.
type Config struct {
	Store Store
	// Workspace gives access to one workspace's data.
	Workspace func(slug string) Workspace
	// Past gives access to a workspace's facts as they were known.
	Past    func(slug string, known evenkeel.Known) Facts
	Deriver *jobs.Deriver
	// Budgets keeps the error budgets of workspaces.
	Budgets *budgets.Budgets
	// Dashboard is the built front end; its index.html is served for pages.
	Dashboard fs.FS
	Logger    *slog.Logger
	Now       func() time.Time
	Version   string
	// PublicURL is how browsers reach the server; https makes cookies secure.
	PublicURL string
	// Secrets resolves a reference to a secret, "${env:NAME}". What is no
	// reference is ErrInvalid, what is not there ErrNotFound.
	Secrets func(reference string) (string, error)
	// Committer keeps signed deliveries; the caller runs it.
	Committer *intake.Committer
	// KeepBodies keeps the bodies of deliveries, not only their digests, so
	// that they can be looked at and replayed.
	KeepBodies bool
	// Telemetry takes what is told of the program itself.
	Telemetry *telemetry.Telemetry
	// Local lists the workspaces that a browser on this machine may view
	// without signing in. Optional; set by the demo only.
	Local []string
	// Stated is what a configuration states of a workspace; suggestions against
	// it are not accepted. Optional.
	Stated func(workspace string) evenkeel.Catalogue
	// MaxEvents is the most bytes, after decompression, of one request to the
	// event intake. Zero is 64 MiB.
	MaxEvents int64
	// Patience is how long a request waits while service levels are counted for
	// the first time. Zero is 20 seconds.
	Patience time.Duration
}

func (c Config) validate() error {
	switch {
	case c.Store == nil:
		return errors.New("server: Config.Store is missing")
	case c.Workspace == nil:
		return errors.New("server: Config.Workspace is missing")
	case c.Past == nil:
		return errors.New("server: Config.Past is missing")
	case c.Deriver == nil:
		return errors.New("server: Config.Deriver is missing")
	case c.Budgets == nil:
		return errors.New("server: Config.Budgets is missing")
	case c.Dashboard == nil:
		return errors.New("server: Config.Dashboard is missing")
	case c.Committer == nil:
		return errors.New("server: Config.Committer is missing")
	case c.Telemetry == nil:
		return errors.New("server: Config.Telemetry is missing")
	case c.Secrets == nil:
		return errors.New("server: Config.Secrets is missing")
	case c.Logger == nil || c.Now == nil:
		return errors.New("server: Config.Logger and Config.Now are needed")
	}
	return nil
}

// Server answers HTTP requests. Make one with New.
type Server struct {
	Config
	echo     *echo.Echo
	api      huma.API
	sessions *scs.SessionManager
	index    indexPage
	// overviews are answers of the current revisions.
	overviews overviews
	// coverages are matrices of the current revisions.
	coverages coverages
	// lastSpenders are who spent budgets last.
	lastSpenders spenders
	// headlines are those of the last scrape.
	headlines headlines
	// streams counts the live views that are open; closing ends them and searches.
	streams atomic.Int64
	closing chan struct{}
	closes  sync.Once
	// searches are those that run.
	searches sync.WaitGroup
	// connections, receivers, hookMemory and turnedAway are for deliveries.
	connections connectionCache
	receivers   intake.Receivers
	hookMemory  memory
	turnedAway  turnedAway
	// comparing lets one comparison with a peer be made at a time: each reads
	// all facts of its scope.
	comparing sync.Mutex
}

// New builds a server with all its routes.
func New(c Config) (*Server, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	if c.MaxEvents == 0 {
		c.MaxEvents = 64 << 20
	}
	if c.Patience == 0 {
		c.Patience = 20 * time.Second
	}
	s := &Server{Config: c, echo: echo.New(), sessions: newSessions(c), closing: make(chan struct{})}
	index, err := readIndex(c.Dashboard)
	if err != nil {
		return nil, err
	}
	s.index = index
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.Pre(negotiate)
	s.echo.Use(s.Telemetry.Middleware(), s.requestID, s.logRequests, middleware.Recover(), s.hostGuard, securityHeaders)
	s.echo.Use(s.authenticate, s.csrf())
	s.pages()
	s.operations()
	return s, nil
}

// OpenAPI describes the API of a version of the program, OpenAPI 3.1 as JSON.
func OpenAPI(version string) ([]byte, error) {
	s := &Server{Config: Config{Version: version}, echo: echo.New()}
	s.operations()
	return s.api.OpenAPI().MarshalJSON()
}

// Close ends live views and searches, which would otherwise outlast a stopping
// server.
func (s *Server) Close() { s.closes.Do(func() { close(s.closing) }) }

// Wait waits until nothing goes on behind answers. It is called after Close, when
// no request runs any more.
func (s *Server) Wait() { s.searches.Wait() }

// Handler is the server as an http.Handler.
func (s *Server) Handler() http.Handler { return s.echo }

// pages lists the routes that are no operations of the API description, in
// the order of the documentation.
func (s *Server) pages() {
	e := s.echo
	e.GET("/livez", s.getLive)
	e.GET("/readyz", s.getReady)
	e.GET("/metrics", s.getMetrics)
	e.GET("/signin", s.getSignIn)
	e.GET(badgePath+"*", s.getBadge)
	e.HEAD(badgePath+"*", s.getBadge)
	e.GET("/*", s.getDashboard)
	e.GET(basePath+"/events/schema", s.getEventSchema)
	e.POST(basePath+"/events", s.postEvents)
	e.POST("/hooks/:source/:connection", s.postHook)
	e.POST("/hooks/:source/:connection/*", s.postHook)
	for _, prefix := range devlakePrefixes() {
		e.POST(prefix+"*", s.postDevlake)
	}
	e.GET(exportPath, s.getEntryExport)
	e.GET(basePath+"/facts/stream", s.getEntryStream)
	e.Any("/api/*", s.notFound)
}

// operations lists the API, in the order of the documentation.
func (s *Server) operations() {
	s.api = humaecho.New(s.echo, apiConfig(s.Version))
	s.register(
		get(s, "session", "/session", "Who is signed in, and to what", "access", s.getSession),
		post(s, "sign-out", "/session/sign-out", "End the session", "access", s.postSignOut),
		get(s, "list-tokens", "/tokens", "Tokens of a workspace", "access", s.getTokens),
		post(s, "create-token", "/tokens", "Make a token; its secret is shown once", "access", s.postToken),
		del(s, "revoke-token", "/tokens/{id}", "Revoke a token", "access", s.deleteToken),
		get(s, "list-audit", "/audit", "Who did what", "access", s.getAudit),

		get(s, "list-sources", "/sources", "Sources that can deliver", "deliveries", s.getSources),
		get(s, "list-connections", "/connections", "Connections of a workspace, and what came through them", "deliveries", s.getConnections),
		post(s, "create-connection", "/connections", "Let an installation of a source deliver", "deliveries", s.postConnection),
		put(s, "change-connection", "/connections/{id}", "Change name, secrets or settings of a connection", "deliveries", s.putConnection),
		post(s, "preview-alert-rules", "/connections/{id}/alert-rules/preview", "What rules would make of the alerts of the last 30 days; nothing is stored", "deliveries", s.postAlertPreview),
		get(s, "get-connection-example", "/connections/{id}/example", "A delivery to send by hand, which changes nothing", "deliveries", s.getConnectionExample),
		get(s, "list-deliveries", "/deliveries", "Deliveries, newest first", "deliveries", s.getDeliveries),
		get(s, "get-delivery", "/deliveries/{id}", "One delivery, what was sent and what it became", "deliveries", s.getDelivery),
		post(s, "replay-deliveries", "/deliveries/replay", "Parse kept deliveries again", "deliveries", s.postReplay),
		get(s, "list-streams", "/connections/{id}/streams", "What is read of the vendor of a connection, and where reading stands", "deliveries", s.getStreams),
		del(s, "remove-connection", "/connections/{id}", "Remove a connection; its deliveries stay", "deliveries", s.deleteConnection),

		get(s, "overview", "/overview", "One answer for the executive overview", "figures", s.getOverview, s.etag),
		get(s, "dora", "/metrics/dora", "The five DORA metrics of an application, group or workspace", "figures", s.getDora, s.etag),
		get(s, "explain", "/explain", "One figure, and every fact behind it", "figures", s.getExplain, s.etag),
		get(s, "peer", "/peer", "Our figures beside those of another product on the same facts, and what makes them differ", "figures", s.getPeer, s.etag),
		get(s, "changed", "/changed", "What changed in an application and in what it needs", "figures", s.getChanged, s.etag),
		get(s, "value-stream", "/value-stream", "Where the changes of an application, group or workspace spend their time", "figures", s.getValueStream, s.etag),
		get(s, "value-stream-changes", "/value-stream/changes", "The changes that took longest", "figures", s.getValueStreamChanges, s.etag),
		get(s, "assisted", "/assisted", "Changes made with a model's help beside others, matched by application and size", "figures", s.getAssisted, s.etag),
		get(s, "get-table", "/tables/{table}", "A table or series as a CSV or NDJSON file, with its definitions", "figures", s.getTable),
		get(s, "list-badges", "/badges", "Signed addresses of badges, pictures of a figure for pages of others", "figures", s.getBadges),
		get(s, "list-benchmarks", "/benchmarks", "Published benchmark sets", "figures", s.getBenchmarks),

		get(s, "data-coverage", "/data-quality/coverage", "Which signals of each application flow, are stale or were never seen, and why", "data quality", s.getCoverage, s.etag),
		get(s, "data-coverage-groups", "/data-quality/groups", "The same, added up by group", "data quality", s.getCoverageGroups, s.etag),
		get(s, "data-chain", "/data-quality/chain", "What became of all that arrived on its way to a figure", "data quality", s.getChain),
		get(s, "data-anomalies", "/data-quality/anomalies", "What looks wrong with the data", "data quality", s.getAnomalies),

		get(s, "list-service-levels", "/service-levels", "Error budgets, the least first", "service levels", s.getServiceLevels, s.etag),
		post(s, "preview-service-level", "/service-levels/preview", "Where a document would stand; nothing is stored", "service levels", s.postServiceLevelPreview),
		post(s, "suggest-service-levels", "/service-levels/suggestions", "Begin to look for what services could promise, from what a Prometheus knows of them", "service levels", s.postServiceLevelSuggestions),
		get(s, "get-service-level-search", "/service-levels/suggestions/search", "How far the last search is, and what services could promise", "service levels", s.getLevelSearch),
		del(s, "stop-service-level-search", "/service-levels/suggestions/search", "Stop the search that runs", "service levels", s.deleteLevelSearch),
		operationUpTo(s, maxAccepted, http.MethodPost, "accept-service-levels", "/service-levels/accept", "Keep many documents as new service levels", "service levels", s.postServiceLevelAccept),
		get(s, "list-series", "/series", "Measured series, which service levels can be made of", "service levels", s.getSeries),
		get(s, "get-service-level", "/service-levels/{id}", "One service level, its objectives and its definition", "service levels", s.getServiceLevel, s.etag),
		get(s, "service-level-burndown", "/service-levels/{id}/burndown", "How a budget was spent, and what becomes of it", "service levels", s.getServiceLevelBurndown, s.etag),
		get(s, "service-level-spend", "/service-levels/{id}/spend", "Who spent a budget", "service levels", s.getServiceLevelSpend, s.etag),
		get(s, "service-level-burn", "/service-levels/{id}/burn", "How fast a budget is spent, and what would raise an alert", "service levels", s.getServiceLevelBurn, s.etag),
		get(s, "service-level-alerts", "/service-levels/{id}/alerts", "Alerts that stood, the newest first", "service levels", s.getServiceLevelAlerts),
		get(s, "service-level-what-if", "/service-levels/{id}/what-if", "How the past would look with other targets", "service levels", s.getServiceLevelWhatIf, s.etag),
		post(s, "create-service-level", "/service-levels", "Keep the document of a new service level", "service levels", s.postServiceLevel),
		put(s, "change-service-level", "/service-levels/{id}", "Keep a document as the next version", "service levels", s.putServiceLevel),
		del(s, "retire-service-level", "/service-levels/{id}", "Retire a service level; its past stays", "service levels", s.deleteServiceLevel),
		post(s, "correct-service-level", "/service-levels/{id}/corrections", "Say that a stretch of time does not count", "service levels", s.postCorrection),
		del(s, "withdraw-correction", "/service-levels/{id}/corrections/{correction}", "Withdraw a correction; it stays in the audit", "service levels", s.deleteCorrection),

		get(s, "list-policies", "/policies", "Versions of the policy, newest first", "policies", s.getPolicies),
		post(s, "preview-policy", "/policies/preview", "What a policy would make of the last year; nothing is stored", "policies", s.postPolicyPreview),
		get(s, "get-policy", "/policies/{version}", "One version of the policy", "policies", s.getPolicy),
		post(s, "save-policy", "/policies", "Put a policy in force as the next version", "policies", s.postPolicy),

		get(s, "list-applications", "/applications", "Applications", "catalogue", s.getApplications, s.etag),
		get(s, "get-application", "/applications/{slug}", "One application", "catalogue", s.getApplication, s.etag),
		post(s, "register-application", "/applications", "Register an application, or add claims to it", "catalogue", s.postApplication),
		get(s, "list-groups", "/groups", "Groups", "catalogue", s.getGroups, s.etag),
		get(s, "list-capabilities", "/capabilities", "Business capabilities", "catalogue", s.getCapabilities, s.etag),
		get(s, "list-suggestions", "/suggestions", "What files suggest of applications, until people decide", "catalogue", s.getSuggestions),
		operationUpTo(s, maxOwnershipBody, http.MethodPost, "read-suggestions", "/suggestions", "Read files that tell who owns what; the catalogue stays as it is", "catalogue", s.postSuggestions),
		post(s, "accept-suggestions", "/suggestions/accept", "Make suggestions hold", "catalogue", s.postAccept),
		post(s, "dismiss-suggestions", "/suggestions/dismiss", "Put suggestions aside until their source says something else", "catalogue", s.postDismiss),
		post(s, "reopen-suggestions", "/suggestions/reopen", "Bring dismissed suggestions back", "catalogue", s.postReopen),
		get(s, "list-unclaimed", "/unclaimed", "Facts that no application claims", "catalogue", s.getUnclaimed, s.etag),

		get(s, "list-facts", "/facts", "Facts of every kind, newest first; as a file where Accept asks for NDJSON or CSV", "facts", s.getEntries, s.etag),
		get(s, "summarise-facts", "/facts/summary", "How many facts there are, over time and by value", "facts", s.getEntrySummary, s.etag),
		get(s, "get-fact", "/facts/{id}", "One fact of any kind, what was said of it, and where it is counted", "facts", s.getEntry),
		get(s, "list-deployments", "/deployments", "Deployments, newest first", "facts", s.getDeployments, s.etag),
		get(s, "get-deployment", "/deployments/{id}", "One deployment", "facts", s.getDeployment, s.etag),
		get(s, "deployment-story", "/deployments/{id}/story", "One deployment, what it shipped and what followed", "facts", s.getStory, s.etag),
		get(s, "list-changes", "/changes", "Changes, newest first", "facts", s.getChanges, s.etag),
		get(s, "get-change", "/changes/{id}", "One change", "facts", s.getChange, s.etag),
		get(s, "list-incidents", "/incidents", "Incidents, newest first", "facts", s.getIncidents, s.etag),
		get(s, "get-incident", "/incidents/{id}", "One incident, what it was laid to and why, and what may have caused it", "facts", s.getIncident, s.etag),
		post(s, "link-incident", "/incidents/{id}/link", "Say which deployments caused an incident, or that none did", "facts", s.postIncidentLink),
		del(s, "withdraw-incident-link", "/incidents/{id}/link", "Give the question what caused an incident back to the rules", "facts", s.deleteIncidentLink),
		get(s, "list-dependencies", "/dependencies", "Dependencies between applications", "facts", s.getDependencies, s.etag),
	)
	describeNulls(s.api.OpenAPI().Components.Schemas.Map())
	describeFiles(s.api.OpenAPI().Paths)
}

// register adds operations to the API.
func (s *Server) register(operations ...func(huma.API)) {
	for _, add := range operations {
		add(s.api)
	}
}
