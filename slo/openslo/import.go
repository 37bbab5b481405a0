package openslo

import (
	"maps"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// Format is what specifications are written in that can be imported.
type Format string

// The formats.
const (
	Sloth Format = "sloth"
	Pyrra Format = "pyrra"
)

// Formats are the formats that can be imported.
func Formats() []string { return []string{string(Sloth), string(Pyrra)} }

func (f Format) title() string { return strings.ToUpper(string(f[:1])) + string(f[1:]) }

// ImportOptions say what specifications leave open.
type ImportOptions struct {
	// From is the format; empty finds it out of each document.
	From Format
	// Service is the application's slug, where specifications name none or all
	// are of one; empty takes what they name.
	Service string
	// Window is that of Sloth, which has it on its command line; zero is 30d.
	Window slo.Span
	// DataSource is the connection that is asked; empty is the one of the type.
	DataSource string
}

// Import reads specifications of Sloth and Pyrra as OpenSLO documents. The
// set's lints say what could not be carried over, on top of those of [Read].
func Import(o ImportOptions, files ...File) *Set {
	if o.Window.N == 0 {
		o.Window = slo.Span{N: 30, Unit: slo.Day}
	}
	s := &Set{first: map[key]Document{}}
	for _, file := range files {
		roots, lints := parse(file)
		s.Lints = append(s.Lints, lints...)
		for _, root := range roots {
			s.take(o, file.Name, root)
		}
	}
	return s.finish()
}

// take imports one object.
func (s *Set) take(o ImportOptions, file string, root *yaml.Node) {
	format := formatOf(root)
	d := &decoder{file: file, format: format.titleOr("the format"), lines: map[string]int{"": root.Line}}
	switch {
	case format == "":
		d.lint(root, Error, "", "is neither a specification of Sloth nor of Pyrra", "")
	case o.From != "" && o.From != format:
		d.lint(root, Error, "", "is a specification of "+format.title()+", not of "+o.From.title(), "leave the format out to have it found out")
	default:
		importer := &importer{decoder: d, options: o}
		if format == Sloth {
			importer.sloth(root)
		} else {
			importer.pyrra(root)
		}
		for _, doc := range importer.documents {
			s.add(doc)
		}
	}
	s.Lints = append(s.Lints, d.lints...)
}

func (f Format) titleOr(other string) string {
	if f == "" {
		return other
	}
	return f.title()
}

// formatOf is the format of a document; empty if it is none of them.
func formatOf(root *yaml.Node) Format {
	version := memberText(root, "apiVersion")
	switch {
	case strings.HasPrefix(memberText(root, "version"), "prometheus/"), strings.HasPrefix(version, "sloth.slok.dev/"):
		return Sloth
	case strings.HasPrefix(version, "pyrra.dev/"):
		return Pyrra
	}
	return ""
}

// importer makes OpenSLO documents of one specification.
type importer struct {
	*decoder
	options   ImportOptions
	documents []Document
}

// say notes something about a field of the specification.
func (i *importer) say(severity Severity, field, text, fix string) {
	i.lints = append(i.lints, Lint{File: i.file, Line: Document{lines: i.lines}.line(field), Field: field, Severity: severity, Text: text, Fix: fix})
}

// service is the application: the option's, or the specification's.
func (i *importer) service(named string) string {
	if i.options.Service != "" {
		return i.options.Service
	}
	return slug(named)
}

// add takes in a document that was made of the fields at a path; places says
// where its own fields stand in the specification.
func (i *importer) add(m Metadata, spec *SLO, path string, places map[string]string) {
	doc := Document{APIVersion: Version, Kind: KindSLO, Metadata: m, Spec: spec, file: i.file}
	doc.lines = map[string]int{"": Document{lines: i.lines}.line(path)}
	for own, theirs := range places {
		doc.lines[own] = Document{lines: i.lines}.line(theirs)
	}
	doc.broken = slices.ContainsFunc(i.lints, func(l Lint) bool { return l.Severity == Error && strings.HasPrefix(l.Field, path) })
	i.documents = append(i.documents, doc)
}

// asked is a query of Prometheus.
func (i *importer) asked(query string) *Metric {
	return &Metric{MetricSource{MetricSourceRef: i.options.DataSource, Type: "Prometheus", Spec: map[string]any{"query": strings.TrimSpace(query)}}}
}

// windowSet is the annotation of a window set that is known; none else.
func (i *importer) windowSet(name string) map[string]string {
	if _, err := slo.ParseWindowSet(name); err != nil {
		return map[string]string{}
	}
	return map[string]string{Annotation("alerts"): name}
}

// labels are those of several places; later ones stand.
func labels(all ...map[string]string) map[string]Values {
	m := map[string]Values{}
	for _, one := range all {
		for name, value := range one {
			m[name] = Values{value}
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// rolling is a window that moves with time.
func rolling(duration string) []TimeWindow {
	yes := true
	return []TimeWindow{{Duration: duration, IsRolling: &yes}}
}

// slug is a text in lower-case letters, digits and hyphens.
func slug(text string) string {
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(parts, "-")
}

// notCarried notes parts of a specification that OpenSLO and we have no place
// for.
func (i *importer) notCarried(field string, parts map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if parts[name] {
			i.say(Note, join(field, name), "is not carried over", "")
		}
	}
}
