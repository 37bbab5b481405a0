package server

import (
	"context"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/views"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
)

// ServiceLevelRequest is a document.
type ServiceLevelRequest struct {
	Document string `json:"document" minLength:"1" maxLength:"200000" doc:"OpenSLO v1, YAML: one SLO, and what it refers to"`
	Base     int64  `json:"base,omitempty" minimum:"0" doc:"Number of the version that the change was made from; 0 replaces whatever is there"`
}

type previewLevelInput struct {
	WorkspaceInput
	Body ServiceLevelRequest
}

// postServiceLevelPreview says where a document would stand. It changes
// nothing, so that whoever may read may try.
func (s *Server) postServiceLevelPreview(ctx context.Context, in *previewLevelInput) (*body[views.LevelPreview], error) {
	results, slug, err := s.results(ctx, in.WorkspaceInput)
	if err != nil {
		return nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	level, err := s.Budgets.Preview(bounded, slug, in.Body.Document, s.present(results))
	if err != nil {
		return nil, err
	}
	asked, err := s.askers(ctx, slug, false, level)
	if err != nil {
		return nil, err
	}
	preview := views.NewLevelPreview(level, s.present(results), results.Catalogue)
	asked.tell(level, preview.Budgets)
	return answer(preview), nil
}

type createLevelInput struct {
	WorkspaceInput
	Body ServiceLevelRequest
}

// SavedLevel is a service level, and whether its content is new.
type SavedLevel struct {
	ID     string `json:"id"`
	Number int64  `json:"number" doc:"Of the version"`
	Saved  bool   `json:"saved" doc:"False where the content was in force already"`
}

func (s *Server) postServiceLevel(ctx context.Context, in *createLevelInput) (*body[SavedLevel], error) {
	return s.saveServiceLevel(ctx, in.WorkspaceInput, in.Body, "")
}

type changeLevelInput struct {
	WorkspaceInput
	ID   string `path:"id" maxLength:"253" doc:"Name of a service level"`
	Body ServiceLevelRequest
}

func (s *Server) putServiceLevel(ctx context.Context, in *changeLevelInput) (*body[SavedLevel], error) {
	return s.saveServiceLevel(ctx, in.WorkspaceInput, in.Body, in.ID)
}

// saveServiceLevel keeps a document as the next version of a service level, or
// as the first of a new one.
func (s *Server) saveServiceLevel(ctx context.Context, in WorkspaceInput, request ServiceLevelRequest, before string) (*body[SavedLevel], error) {
	w, slug, err := s.in(ctx, in, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	d, err := readDocument(request.Document)
	if err != nil {
		return nil, err
	}
	if err := s.checkSpoiled(ctx, slug, d, before); err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	saved, isNew, err := w.SaveServiceLevel(ctx, evenkeel.ServiceLevelChange{
		Before: before, ID: d.Name, Application: d.Service, Document: request.Document,
		Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromUI}, By: principal.actor(), Base: request.Base, New: before == "",
	})
	if err != nil {
		return nil, err
	}
	if isNew {
		if err := s.audit(ctx, slug, "service_level.save", saved.ID, request.Document); err != nil {
			return nil, err
		}
	}
	return answer(SavedLevel{saved.ID, saved.Number, isNew}), nil
}

// checkSpoiled refuses a definition that would fill the series of another service
// level with answers to another question.
func (s *Server) checkSpoiled(ctx context.Context, slug string, d slo.Definition, before string) error {
	lint, spoiled, err := s.Budgets.Spoiled(ctx, slug, d, before)
	if err == nil && spoiled {
		err = evenkeel.FieldErrors{{Field: "document." + lint.Field, Rule: lint.Text + "; " + lint.Fix}}
	}
	return err
}

// readDocument reads the one SLO of a document; what is wrong is told by field.
func readDocument(text string) (slo.Definition, error) {
	set := openslo.Read(openslo.File{Name: "document", Text: []byte(text)})
	var broken evenkeel.FieldErrors
	for _, lint := range set.Lints {
		if lint.Severity == openslo.Error {
			broken = append(broken, evenkeel.FieldError{Field: "document." + lint.Field, Rule: strings.TrimSuffix(lint.Text+"; "+lint.Fix, "; ")})
		}
	}
	switch {
	case broken != nil:
		return slo.Definition{}, broken
	case len(set.Definitions) != 1:
		return slo.Definition{}, evenkeel.FieldErrors{{Field: "document", Rule: "holds no SLO, or several; give one at a time"}}
	}
	return set.Definitions[0], nil
}

type retireLevelInput struct {
	WorkspaceInput
	ID string `path:"id" maxLength:"253" doc:"Name of a service level"`
}

func (s *Server) deleteServiceLevel(ctx context.Context, in *retireLevelInput) (*struct{}, error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	retired, err := w.RetireServiceLevel(ctx, in.ID, principal.actor())
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.audit(ctx, slug, "service_level.retire", retired.ID, "")
}

type correctionInput struct {
	WorkspaceInput
	ID   string `path:"id" maxLength:"253" doc:"Name of a service level"`
	Body struct {
		From   time.Time               `json:"from"`
		To     time.Time               `json:"to" doc:"Not included"`
		Mode   evenkeel.CorrectionMode `json:"mode" enum:"exclude,good" doc:"Leave the time out, or count its bad as good"`
		Reason string                  `json:"reason" minLength:"1" maxLength:"500" doc:"Why these slices do not count"`
	}
}

func (s *Server) postCorrection(ctx context.Context, in *correctionInput) (*body[views.LevelCorrection], error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	c := slo.Correction{From: in.Body.From, To: in.Body.To, Mode: slo.CorrectionMode(in.Body.Mode), Reason: strings.TrimSpace(in.Body.Reason)}
	if err := c.Check(); err != nil {
		field, rule, _ := strings.Cut(err.Error(), ": ")
		return nil, evenkeel.FieldErrors{{Field: field, Rule: rule}}
	}
	kept, err := w.AddCorrection(ctx, evenkeel.Correction{ServiceLevel: in.ID, From: c.From, To: c.To, Mode: in.Body.Mode, Reason: c.Reason, Author: principal.actor()})
	if err != nil {
		return nil, err
	}
	return answer(views.NewLevelCorrection(kept)), s.audit(ctx, slug, "service_level.correct", in.ID, kept.ID+" "+string(kept.Mode)+": "+kept.Reason)
}

type withdrawCorrectionInput struct {
	WorkspaceInput
	ID         string `path:"id" maxLength:"253" doc:"Name of a service level"`
	Correction string `path:"correction" maxLength:"63"`
}

func (s *Server) deleteCorrection(ctx context.Context, in *withdrawCorrectionInput) (*struct{}, error) {
	w, slug, err := s.in(ctx, in.WorkspaceInput, evenkeel.ScopeAdmin)
	if err != nil {
		return nil, err
	}
	principal, _ := principalOf(ctx)
	if _, err := w.WithdrawCorrection(ctx, in.ID, in.Correction, principal.actor()); err != nil {
		return nil, err
	}
	return &struct{}{}, s.audit(ctx, slug, "service_level.withdraw_correction", in.ID, in.Correction)
}
