package connectors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

// CSVMap says how the rows of a CSV file become events of one kind. The zero
// value is not valid; see [ParseCSVMap] for the file format. A map built by
// hand is checked by [CSVEvents].
type CSVMap struct {
	Kind evenkeel.Kind
	// Source is the source of the events; empty is EventOptions.DefaultSource.
	Source string
	// ID is a column, or a template of columns: "{service}-{number}".
	ID string
	// Delimiter separates columns: one character or "tab"; empty is a comma.
	Delimiter string
	// TimeFormat and TimeZone hold for every time whose field states none.
	TimeFormat, TimeZone string
	// Missing lists texts that mean unknown, as an empty cell does.
	Missing []string
	// Fields maps a member of the kind, or "observed_at", or "size.files", to
	// its content.
	Fields map[string]CSVField
}

// CSVField says where one member comes from: a column or a fixed text.
type CSVField struct {
	// Column is a name of the header line.
	Column string
	// Const is the member's text in every row; only without Column.
	Const string
	// Format is how times are written: "rfc3339" (also the meaning of an empty
	// one), "epoch" (seconds), "epoch_ms", a strftime pattern such as
	// "%d.%m.%Y %H:%M", or a Go layout.
	Format string
	// TimeZone is the IANA zone of times that are written without one.
	TimeZone string
	// Values translates the column's texts; nil takes them as they are, else
	// a text that is not listed is refused.
	Values map[string]string
	// Separator splits a text into the elements of a list; empty is a comma.
	Separator string

	line int
}

// mapFile is the file format of a CSVMap.
type mapFile struct {
	Kind       string    `yaml:"kind"`
	Source     string    `yaml:"source"`
	ID         string    `yaml:"id"`
	Delimiter  string    `yaml:"delimiter"`
	TimeFormat string    `yaml:"time_format"`
	TimeZone   string    `yaml:"time_zone"`
	Missing    []string  `yaml:"missing"`
	Fields     yaml.Node `yaml:"fields"`
}

// ParseCSVMap reads a mapping in YAML:
//
//	kind: deployment
//	id: "{service}-{run}"
//	delimiter: ";"
//	fields:
//	  application: service
//	  environment: {const: production}
//	  status: {column: result, values: {OK: success, FAILED: failure}}
//	  finished_at: {column: end, format: "%d.%m.%Y %H:%M", time_zone: Europe/Berlin}
//
// Unknown keys are refused. Errors wrap ErrInvalid: a [*SyntaxError] for text
// that is not YAML, else [evenkeel.FieldErrors] with every broken rule.
func ParseCSVMap(text []byte) (CSVMap, error) {
	if !utf8.Valid(text) {
		return CSVMap{}, &SyntaxError{Line: 1, Column: 1, Rule: "the mapping is not UTF-8; convert it"}
	}
	var file mapFile
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	switch err := decoder.Decode(&file); {
	case errors.Is(err, io.EOF):
		return CSVMap{}, &SyntaxError{Line: 1, Column: 1, Rule: "the mapping is empty; it needs kind, id and fields"}
	case err != nil:
		return CSVMap{}, yamlError(err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return CSVMap{}, &SyntaxError{Line: 1, Column: 1, Rule: "the mapping holds more than one YAML document; keep one"}
	}
	m := CSVMap{
		Kind: evenkeel.Kind(file.Kind), Source: file.Source, ID: file.ID, Delimiter: file.Delimiter,
		TimeFormat: file.TimeFormat, TimeZone: file.TimeZone, Missing: file.Missing,
	}
	var p mapProblems
	m.Fields = p.fields(&file.Fields)
	if len(p.list) > 0 {
		return CSVMap{}, p.list
	}
	_, err := m.plan()
	return m, err
}

// yamlLine finds the line in messages of the YAML reader.
var yamlLine = regexp.MustCompile(`line (\d+): `)

// yamlError turns errors of the YAML reader into a SyntaxError.
func yamlError(err error) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	text = strings.TrimSpace(strings.TrimPrefix(text, "unmarshal errors:"))
	if found := yamlLine.FindStringSubmatchIndex(text); found != nil {
		line, _ = strconv.Atoi(text[found[2]:found[3]])
		text = text[:found[0]] + text[found[1]:]
	}
	text = strings.ReplaceAll(text, " in type connectors.mapFile", "; use kind, source, id, delimiter, time_format, time_zone, missing or fields")
	text = strings.ReplaceAll(text, "field ", "the key ")
	return &SyntaxError{Line: max(line, 1), Column: 1, Rule: strings.ReplaceAll(text, "\n", ";")}
}

// mapProblems gathers what is wrong with a mapping.
type mapProblems struct{ list evenkeel.FieldErrors }

func (p *mapProblems) add(line int, field, rule string) {
	if line > 0 {
		rule += " (line " + strconv.Itoa(line) + " of the mapping)"
	}
	p.list = append(p.list, evenkeel.FieldError{Field: field, Rule: rule})
}

// fields reads the "fields" member, whose values are a column or a record.
func (p *mapProblems) fields(node *yaml.Node) map[string]CSVField {
	all := map[string]CSVField{}
	if node.Kind == 0 {
		return all
	}
	if node.Kind != yaml.MappingNode {
		p.add(node.Line, "fields", "must be a mapping of members to columns")
		return all
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if _, repeated := all[name.Value]; repeated {
			p.add(name.Line, "fields."+name.Value, "is given twice; keep one")
		}
		all[name.Value] = p.field("fields."+name.Value, value)
	}
	return all
}

func (p *mapProblems) field(path string, node *yaml.Node) CSVField {
	f := CSVField{line: node.Line}
	switch {
	case isText(node):
		f.Column = node.Value
	case node.Kind == yaml.MappingNode:
		seen := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			if seen[key.Value] {
				p.add(key.Line, path+"."+key.Value, "is given twice; keep one")
			}
			seen[key.Value] = true
			p.setting(&f, path, key, value)
		}
	default:
		p.add(node.Line, path, "must be the name of a column, or {column: ...}, or {const: ...}")
	}
	return f
}

func (p *mapProblems) setting(f *CSVField, path string, key, value *yaml.Node) {
	targets := map[string]*string{"column": &f.Column, "const": &f.Const, "format": &f.Format, "time_zone": &f.TimeZone, "separator": &f.Separator}
	target, known := targets[key.Value]
	switch {
	case key.Value == "values":
		f.Values = p.values(path+".values", value)
	case !known:
		names := append(slices.Sorted(maps.Keys(targets)), "values")
		p.add(key.Line, path+"."+shorten([]byte(key.Value)), "is not a setting; use "+strings.Join(names, ", "))
	case !isText(value) || value.Value == "":
		p.add(value.Line, path+"."+key.Value, "must be a text that is not empty")
	default:
		*target = value.Value
	}
}

func (p *mapProblems) values(path string, node *yaml.Node) map[string]string {
	if node.Kind != yaml.MappingNode || len(node.Content) == 0 {
		p.add(node.Line, path, "must be a mapping of the column's texts to values")
		return nil
	}
	all := map[string]string{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		from, to := node.Content[i], node.Content[i+1]
		if _, repeated := all[from.Value]; repeated {
			p.add(from.Line, path, shortQuote(from.Value)+" is given twice; keep one")
		}
		if !isText(from) || !isText(to) {
			p.add(from.Line, path, "must lead texts to texts")
			continue
		}
		all[from.Value] = to.Value
	}
	return all
}

// isText accepts every scalar but null as the text it is written as.
func isText(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag != "!!null"
}

func (m CSVMap) comma() (rune, string) {
	switch {
	case m.Delimiter == "":
		return ',', ""
	case m.Delimiter == "tab" || m.Delimiter == `\t`:
		return '\t', ""
	case utf8.RuneCountInString(m.Delimiter) != 1 || strings.ContainsAny(m.Delimiter, "\"\r\n\x00\ufeff\ufffd"):
		return 0, shortQuote(m.Delimiter) + ` is not a delimiter; use one character, such as ";", or "tab"`
	}
	r, _ := utf8.DecodeRuneInString(m.Delimiter)
	return r, ""
}

// plan checks a mapping and prepares it for use.
func (m CSVMap) plan() (*csvPlan, error) {
	var p mapProblems
	plan := &csvPlan{source: m.Source, missing: map[string]bool{"": true}}
	for _, text := range m.Missing {
		plan.missing[text] = true
	}
	var rule string
	if plan.comma, rule = m.comma(); rule != "" {
		p.add(0, "delimiter", rule)
	}
	if plan.id, rule = parseTemplate(m.ID); rule != "" {
		p.add(0, "id", rule)
	}
	plan.kind, plan.shape = m.Kind, shapes()[m.Kind]
	switch {
	case m.Kind == "":
		p.add(0, "kind", "is required; "+kindList())
	case plan.shape == nil:
		p.add(0, "kind", unknownKind(string(m.Kind)))
	case m.Kind.IsSeries():
		p.add(0, "kind", string(m.Kind)+" events hold lists of slices, which do not fit into a row; send such events as JSON")
	default:
		m.planFields(plan, &p)
	}
	if len(p.list) > 0 {
		return nil, p.list
	}
	return plan, nil
}

func (m CSVMap) planFields(plan *csvPlan, p *mapProblems) {
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		field := m.Fields[name]
		cell := csvCell{field: name, column: field.Column, fixed: field.Const, values: field.Values}
		if cell.separator = field.Separator; cell.separator == "" {
			cell.separator = ","
		}
		if !plan.find(name, &cell) {
			p.add(field.line, "fields."+shorten([]byte(name)), unmappable(name, plan.shape, plan.kind))
			continue
		}
		m.planField(&cell, field, p)
		plan.cells = append(plan.cells, cell)
	}
	for _, need := range plan.demanded() {
		if _, ok := m.Fields[need]; !ok {
			p.add(0, "fields."+need, "is required for "+string(m.Kind)+" events; map it to a column or a const")
		}
	}
}

func (m CSVMap) planField(cell *csvCell, field CSVField, p *mapProblems) {
	path := "fields." + cell.field
	if (field.Column == "") == (field.Const == "") {
		p.add(field.line, path, "needs either a column or a const")
	}
	isTime := cell.shape.form == formInstant
	if isTime {
		var rule string
		cell.clock, rule = newClock(firstText(field.Format, m.TimeFormat), firstText(field.TimeZone, m.TimeZone))
		if rule != "" {
			p.add(field.line, path, rule)
			return
		}
	} else if field.Format != "" || field.TimeZone != "" {
		p.add(field.line, path, "is not a time; format and time_zone do not apply")
	}
	if field.Separator != "" && cell.shape.form != formList {
		p.add(field.line, path, "is not a list; separator does not apply")
	}
	if field.Const != "" {
		m.tryText(cell, path, field.Const, field.line, p)
	}
	for _, from := range slices.Sorted(maps.Keys(field.Values)) {
		m.tryText(cell, path+".values", field.Values[from], field.line, p)
	}
}

// tryText reports a fixed text that the member cannot hold.
func (CSVMap) tryText(cell *csvCell, path, text string, line int, p *mapProblems) {
	if len(cell.shape.enum) > 0 && !slices.Contains(cell.shape.enum, text) {
		p.add(line, path, fmt.Sprintf("%s is not one of %s", shortQuote(text), strings.Join(cell.shape.enum, ", ")))
		return
	}
	if rule := cell.try(text); rule != "" {
		p.add(line, path, rule)
	}
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// unmappable explains why a name cannot be mapped.
func unmappable(name string, s *shape, kind evenkeel.Kind) string {
	outside, inside, nested := strings.Cut(name, ".")
	if place, known := s.places[outside]; known {
		m := s.members[place]
		switch _, known = m.shape.places[inside]; {
		case nested && !known && m.shape.form == formRecord:
			return unknownMember(inside, m.shape, kind, false)
		case !nested && m.shape.form == formRecord:
			return "has members of its own; map " + name + "." + strings.Join(m.shape.names(), ", "+name+".")
		}
		return "is too rich for a CSV column; send such events as JSON"
	}
	if _, known := header[name]; known {
		return "is not a field; give kind, id and source beside fields"
	}
	return unknownMember(name, s, kind, true)
}
