package openslo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	yaml "go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel/slo"
)

// MaxFile is the size in bytes of the largest file that is read.
const MaxFile = 16 << 20

// File is a file's name and its whole text.
type File struct {
	Name string
	Text []byte
	// Roots are documents that stand in a file of another kind, in place of Text.
	Roots []*yaml.Node
}

// Set is what files say together.
type Set struct {
	// Documents are those that could be read, in their order.
	Documents []Document
	// Definitions are those of the SLOs without errors, in their order, and
	// Sources the files that they were read from.
	Definitions []slo.Definition
	Sources     []string
	// Lints are the remarks by file and line.
	Lints []Lint

	first map[key]Document
}

// key names a document within a set.
type key struct {
	kind Kind
	name string
}

// Err are the errors of a set: nil, or a text of one line per error.
func (s *Set) Err() error {
	var lines []string
	for _, one := range s.Lints {
		if one.Severity == Error {
			lines = append(lines, one.String())
		}
	}
	if lines == nil {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// Read reads files of OpenSLO documents. References between documents are
// resolved across all of them.
func Read(files ...File) *Set {
	s := &Set{first: map[key]Document{}}
	for _, one := range files {
		s.read(one)
	}
	return s.finish()
}

// finish makes definitions of the documents that were taken in.
func (s *Set) finish() *Set {
	s.build()
	for _, d := range s.Definitions {
		s.Sources = append(s.Sources, s.first[key{KindSLO, d.Name}].file)
	}
	s.Lints = sorted(s.Lints)
	return s
}

func (s *Set) read(file File) {
	roots, lints := parse(file)
	s.Lints = append(s.Lints, lints...)
	for _, root := range roots {
		d := decoder{file: file.Name, lines: map[string]int{}}
		if doc, ok := d.document(root); ok {
			s.add(doc)
		}
		s.Lints = append(s.Lints, d.lints...)
	}
}

// add takes a document in. Of two of one name the first stands.
func (s *Set) add(doc Document) {
	k := key{doc.Kind, doc.Metadata.Name}
	if before, twice := s.first[k]; twice {
		s.lint(doc, Error, "metadata.name", slo.Said{Text: fmt.Sprintf("%s %s is given already at %s:%d", k.kind, quoted(k.name), before.file, before.Line())}, "rename or remove one")
		return
	}
	s.first[k] = doc
	s.Documents = append(s.Documents, doc)
}

func (s *Set) lint(doc Document, severity Severity, field string, said slo.Said, fix string) {
	s.Lints = append(s.Lints, Lint{File: doc.file, Line: doc.line(field), Field: field, Severity: severity, Text: said.Text, Fix: fix, Code: said.Code, Values: said.Values})
}

// parse splits a file into its documents: several in one file, or a list.
func parse(file File) (roots []*yaml.Node, lints []Lint) {
	refuse := func(line int, text, fix string) {
		lints = append(lints, Lint{File: file.Name, Line: line, Severity: Error, Text: text, Fix: fix})
	}
	if len(file.Text) > MaxFile {
		refuse(1, fmt.Sprintf("is %d bytes long; at most %d are read", len(file.Text), MaxFile), "split it into several files")
		return nil, lints
	}
	if file.Roots != nil {
		return file.Roots, nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file.Text, []byte("\ufeff"))))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, text := syntaxError(err)
			refuse(line, "is not YAML near here: "+text, "")
			return roots, lints
		}
		if n, what := fancy(&node); n != nil {
			refuse(n.Line, what, "write the value out")
			continue
		}
		roots = append(roots, topsOf(&node)...)
	}
	if len(roots) == 0 && lints == nil {
		refuse(1, "holds no document", "")
	}
	return roots, lints
}

// topsOf are the objects of a YAML document: none, one, or those of a list.
func topsOf(document *yaml.Node) []*yaml.Node {
	if len(document.Content) == 0 || isNull(document.Content[0]) {
		return nil
	}
	if top := document.Content[0]; top.Kind == yaml.SequenceNode {
		return top.Content
	}
	return document.Content[:1]
}

var linePattern = regexp.MustCompile(`^line (\d+): `)

func syntaxError(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	line = 1
	if m := linePattern.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.TrimPrefix(text, m[0])
	}
	return line, text
}

// fancy finds an alias, an anchor or a merged key: what a document says is what
// stands there, and no short text becomes a large one.
func fancy(n *yaml.Node) (*yaml.Node, string) {
	switch {
	case n.Kind == yaml.AliasNode:
		return n, quoted("*"+n.Value) + " is an alias"
	case n.Anchor != "":
		return n, quoted("&"+n.Anchor) + " is an anchor"
	}
	for _, child := range n.Content {
		if found, what := fancy(child); found != nil {
			return found, what
		}
	}
	return nil, ""
}

// document reads one object; ok is false if it is none of OpenSLO v1.
func (d *decoder) document(root *yaml.Node) (doc Document, ok bool) {
	d.lines[""] = root.Line
	doc = Document{file: d.file, lines: d.lines}
	if root.Kind != yaml.MappingNode {
		d.wrong(root, "", "write apiVersion, kind, metadata and spec")
		return doc, false
	}
	if foreign := formatOf(root); foreign != "" {
		d.lint(root, Error, "", "is a specification of "+foreign.title(), "read it with evenkeel slo import")
		return doc, false
	}
	if version, _ := member(root, "apiVersion"); version != nil && version.Value == versionAlpha {
		return d.alpha(root)
	}
	known := []string{"apiVersion", "kind", "metadata", "spec"}
	var spec *yaml.Node
	for key, value := range d.members(root, "") {
		if !slices.Contains(known, key.Value) {
			d.unknown(key, known, "")
			continue
		}
		d.lines[key.Value] = key.Line
		if key.Value == "spec" {
			spec = value
			continue
		}
		field := map[string]any{"apiVersion": &doc.APIVersion, "kind": &doc.Kind, "metadata": &doc.Metadata}[key.Value]
		d.decode(value, reflect.ValueOf(field).Elem(), key.Value)
	}
	return d.body(root, spec, doc)
}

// body checks what a document says of itself and reads its spec.
func (d *decoder) body(root, spec *yaml.Node, doc Document) (Document, bool) {
	if doc.APIVersion != Version {
		d.at("apiVersion", root, quoted(doc.APIVersion)+" is not read", "write "+Version)
		return doc, false
	}
	if doc.Spec = newSpec(doc.Kind); doc.Spec == nil {
		d.at("kind", root, quoted(string(doc.Kind))+" is no kind of OpenSLO v1", oneOf(string(doc.Kind), kinds()))
		return doc, false
	}
	if doc.Metadata.Name == "" {
		d.at("metadata.name", root, "is required", "name the document, such as checkout-availability")
		return doc, false
	}
	if rule := nameRule(doc.Metadata.Name); rule != "" {
		d.at("metadata.name", root, quoted(doc.Metadata.Name)+" "+rule, "write lower-case letters, digits and hyphens")
	}
	if spec != nil {
		d.decode(spec, reflect.ValueOf(doc.Spec).Elem(), "spec")
	}
	doc.broken = slices.ContainsFunc(d.lints, func(l Lint) bool { return l.Severity == Error })
	return doc, true
}

// nameRule is what a name breaks; empty if it is well.
func nameRule(name string) string {
	const most = 255 // Of the specification.
	switch {
	case len(name) > most:
		return "is longer than " + strconv.Itoa(most) + " bytes"
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "holds a blank or a character that cannot be seen"
	}
	return ""
}

// at reports an error of a field where it stands, or of its document.
func (d *decoder) at(field string, root *yaml.Node, text, fix string) {
	d.tell(field, root, Error, slo.Said{Text: text}, fix)
}

// tell reports on a field where it stands, or on its document.
func (d *decoder) tell(field string, root *yaml.Node, severity Severity, said slo.Said, fix string) {
	line := root.Line
	if n, ok := d.lines[field]; ok {
		line = n
	}
	d.lints = append(d.lints, Lint{File: d.file, Line: line, Field: field, Severity: severity, Text: said.Text, Fix: fix, Code: said.Code, Values: said.Values})
}

// member is the value of a key of a mapping.
func member(n *yaml.Node, name string) (value *yaml.Node, ok bool) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1], true
		}
	}
	return nil, false
}

// memberText is the text of a key of a mapping; empty if there is none.
func memberText(n *yaml.Node, name string) string {
	if value, ok := member(n, name); ok && value.Kind == yaml.ScalarNode {
		return value.Value
	}
	return ""
}
