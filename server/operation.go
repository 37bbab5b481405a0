package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// basePath is the root of the API.
const basePath = "/api/v1"

// maxBody is the most bytes of a request to an operation; the event intake
// has its own limit.
const maxBody = 1 << 20

type handler[I, O any] func(context.Context, *I) (*O, error)

type operationMiddleware = func(huma.Context, func(huma.Context))

func get[I, O any](s *Server, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	return operation(s, http.MethodGet, id, path, summary, tag, h, m...)
}

func post[I, O any](s *Server, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	return operation(s, http.MethodPost, id, path, summary, tag, h, m...)
}

func put[I, O any](s *Server, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	return operation(s, http.MethodPut, id, path, summary, tag, h, m...)
}

func del[I, O any](s *Server, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	return operation(s, http.MethodDelete, id, path, summary, tag, h, m...)
}

// operation describes one endpoint. Errors of handlers become problems here.
func operation[I, O any](s *Server, method, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	return operationUpTo(s, maxBody, method, id, path, summary, tag, h, m...)
}

// operationUpTo describes one endpoint that takes bodies of some size.
func operationUpTo[I, O any](s *Server, bytes int64, method, id, path, summary, tag string, h handler[I, O], m ...operationMiddleware) func(huma.API) {
	op := huma.Operation{
		OperationID:  id,
		Method:       method,
		Path:         basePath + path,
		Summary:      summary,
		Tags:         []string{tag},
		MaxBodyBytes: bytes,
		Middlewares:  m,
		Errors:       []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}
	return func(api huma.API) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := h(ctx, in)
			if err != nil {
				return nil, s.problem(ctx, err)
			}
			return out, nil
		})
	}
}

// body wraps an answer without headers.
type body[T any] struct{ Body T }

func answer[T any](value T) *body[T] { return &body[T]{Body: value} }

// list is how every list answers: next is null on the last page.
type list[T any] struct {
	Items []T     `json:"items" nullable:"false"`
	Next  *string `json:"next" doc:"Cursor of the next page; null on the last"`
}

func listOf[T any](items []T, next string) list[T] {
	if items == nil {
		items = []T{}
	}
	l := list[T]{Items: items}
	if next != "" {
		l.Next = &next
	}
	return l
}

// apiConfig describes the API as a whole: no external documentation page, no
// schema links in answers.
func apiConfig(version string) huma.Config {
	c := huma.DefaultConfig("Evenkeel", version)
	c.Info.Description = "Delivery performance, with the evidence behind every figure."
	c.OpenAPIPath = basePath + "/openapi"
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil
	c.RejectUnknownQueryParameters = true
	c.Transformers = append(c.Transformers, identifyProblem)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An API token"},
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "A signed-in browser"},
	}
	c.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	return c
}

// describeFiles corrects what the description says of answers that are files.
func describeFiles(paths map[string]*huma.PathItem) {
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	paths[basePath+"/tables/{table}"].Get.Responses["200"].Content = map[string]*huma.MediaType{typeCSV: text, typeNDJSON: text}
}

// describeNulls corrects what the description says of null: lists are never
// null, and these members, which are objects, may be.
func describeNulls(schemas map[string]*huma.Schema) {
	for _, schema := range schemas {
		for _, property := range schema.Properties {
			if property.Type == huma.TypeArray {
				property.Nullable = false
			}
		}
	}
	for name, members := range map[string][]string{
		"ApplicationView": {"group", "capability"}, "ApplicationDetail": {"group", "capability"}, "ChangeView": {"shipped"}, "Concern": {"application", "group"},
		"DORA": {"previous", "control", "benchmark", "standings"}, "Overview": {"previous", "control", "benchmark", "standings"},
		"Standings":      {"deployment_frequency", "change_lead_time", "change_fail_rate", "failed_deployment_recovery_time", "deployment_rework_rate"},
		"ConnectionView": {"asked", "health"}, "ConnectionHealth": {"turned_away"}, "ExplainView": {"methods"}, "StoryView": {"rolled_back_by", "rolls_back"},
		"FlowChange": {"group", "size"}, "IncidentDetail": {"link"}, "CoverageRow": {"group"},
		"LevelRow": {"last_spender", "alert", "composite", "experienced", "measuring"}, "LevelWhole": {"alert"}, "LevelComposite": {"alert", "no_forecast_why"}, "LevelApplication": {"group"}, "LevelBurndown": {"basis"}, "LevelPoint": {"why"}, "LevelDetail": {"composite", "measuring"},
		"LevelLate": {"change"}, "LevelShift": {"before", "now"}, "Series": {"last"},
	} {
		for _, member := range members {
			object := schemas[name].Properties[member]
			schemas[name].Properties[member] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: object.Ref}, {Type: "null"}}, Description: object.Description}
		}
	}
}
