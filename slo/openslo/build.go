package openslo

import (
	"reflect"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// builder makes a definition of a document and notes what is wrong.
type builder struct {
	set *Set
	doc Document
	bad bool
	// incidents are those that the SLO's own annotations name; nil without.
	incidents *slo.Incidents
}

func (b *builder) error(field, text, fix string) {
	b.bad = true
	b.set.lint(b.doc, Error, field, slo.Said{Text: text}, fix)
}

// warn and note name what they say; values are names and what they stand for, in
// turns.
func (b *builder) warn(field, code, text, fix string, values ...string) {
	b.set.lint(b.doc, Warning, field, slo.Say(code, text, values...), fix)
}

func (b *builder) note(field, code, text, fix string, values ...string) {
	b.set.lint(b.doc, Note, field, slo.Say(code, text, values...), fix)
}

// build makes definitions of all SLOs and checks the other documents.
func (s *Set) build() {
	for _, doc := range s.Documents {
		b := &builder{set: s, doc: doc, bad: doc.broken}
		switch spec := doc.Spec.(type) {
		case *SLO:
			if d, ok := b.slo(*spec); ok {
				s.Definitions = append(s.Definitions, d)
			}
		case *SLI:
			b.indicator("spec", doc.Metadata, *spec)
		case *DataSource:
			b.dataSource(*spec)
		case *AlertPolicy:
			b.policy("spec", *spec)
		case *AlertCondition:
			b.condition("spec", *spec)
		case *NotificationTarget:
			if spec.Target == "" {
				b.warn("spec.target", "target_missing", "is required by OpenSLO", "name what is told, such as email")
			}
		}
	}
	s.checkSeries()
}

// slo makes a definition; ok is false if the document has an error.
func (b *builder) slo(spec SLO) (d slo.Definition, ok bool) {
	d = slo.Definition{
		Name: b.doc.Metadata.Name, DisplayName: b.doc.Metadata.DisplayName, Description: spec.Description,
		Service: spec.Service, Labels: joined(b.doc.Metadata.Labels),
	}
	b.service(spec.Service)
	b.method(spec.BudgetingMethod, &d)
	b.window(spec.TimeWindow, &d)
	b.annotations(&d)
	b.objectives(spec, &d)
	b.policies(spec.AlertPolicies, &d)
	if b.bad {
		return d, false
	}
	if err := d.Check(); err != nil {
		b.refused(err)
		return d, false
	}
	b.doubts(d)
	return d, true
}

// refused reports what [slo.Definition.Check] says; it begins with the field.
func (b *builder) refused(err error) {
	field, text, _ := strings.Cut(err.Error(), ": ")
	annotations := map[string]string{"slice": "slice", "missing": "missing", "composite": "composite", "compositeTarget": "composite-target", "confidence": "confidence"}
	if name, ok := annotations[field]; ok {
		field = "metadata.annotations." + Annotation(name)
	} else {
		field = "spec." + field
	}
	b.error(field, text, "")
}

func (b *builder) service(name string) {
	switch {
	case name == "":
		b.error("spec.service", "is required", "name the application by its slug")
	case !evenkeel.ValidSlug(name):
		b.warn("spec.service", "no_slug", quoted(name)+" is not the slug of an application, so nothing can be measured for it", "write lower-case letters, digits and hyphens", "name", name)
	}
}

func (b *builder) method(name string, d *slo.Definition) {
	methods := []string{string(slo.Occurrences), string(slo.Timeslices), string(slo.RatioTimeslices)}
	switch {
	case name == "":
		b.error("spec.budgetingMethod", "is required", oneOf(name, methods))
	case !slices.Contains(methods, name):
		b.error("spec.budgetingMethod", quoted(name)+" is no budgeting method", oneOf(name, methods))
	}
	d.Method = slo.Method(name)
}

// checkSeries reports series that two SLOs would fill. The later one loses its
// definition.
func (s *Set) checkSeries() {
	readers := Readers{}
	s.Definitions = slices.DeleteFunc(s.Definitions, func(d slo.Definition) bool {
		lint, spoiled := readers.Spoiled(d)
		if spoiled {
			s.lint(s.first[key{KindSLO, d.Name}], lint.Severity, lint.Field, slo.Said{Code: lint.Code, Values: lint.Values, Text: lint.Text}, lint.Fix)
		} else {
			readers.Add(d)
		}
		return spoiled
	})
}

// joined are labels of one text each; several values are joined by commas.
func joined(labels map[string]Values) map[string]string {
	if len(labels) == 0 {
		return nil
	}
	m := make(map[string]string, len(labels))
	for name, values := range labels {
		m[name] = strings.Join(values, ",")
	}
	return m
}

// indicatorsOf are the indicators that a definition reads.
func indicatorsOf(d slo.Definition) []slo.Indicator {
	var list []slo.Indicator
	for _, o := range d.Objectives {
		if one := o.In(d); !slices.ContainsFunc(list, func(have slo.Indicator) bool { return reflect.DeepEqual(have, one) }) {
			list = append(list, one)
		}
	}
	return list
}

func sameQuestion(a, b slo.Indicator) bool {
	a.Name, b.Name = "", ""
	return reflect.DeepEqual(a, b)
}
