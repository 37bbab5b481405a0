package connectors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/evenkeel-dev/evenkeel"
)

// maxEntities is how many documents one file may hold.
const maxEntities = 2000

// entity is one document of a catalog-info.yaml, as far as it is of interest.
type entity struct {
	ref entityRef
	// source is the file, and the line of the name.
	source evenkeel.SuggestionSource
	// document counts from 1.
	document    int
	title       string
	annotations map[string]entityText
	labels      map[string]entityText
	spec        *yaml.Node
}

// entityText is a text and where it stands.
type entityText struct {
	value string
	line  int
}

// parseEntities reads the documents of a file. Documents of a wrong form are
// reported and left out; unread says that what follows the last document that
// was returned could not be read at all.
func parseEntities(name string, text []byte) (entities []entity, problems []OwnershipNote, unread bool) {
	wrong := func(document, line int, field, rule string) {
		problems = append(problems, OwnershipNote{Path: name, Document: document, Line: line, Field: field, Rule: rule})
	}
	switch {
	case len(text) > MaxOwnershipFile:
		wrong(0, 0, "", fmt.Sprintf("is longer than %d bytes; split it", MaxOwnershipFile))
		return nil, problems, true
	case !utf8.Valid(text):
		wrong(0, 0, "", "is not UTF-8; convert it")
		return nil, problems, true
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for document := 1; ; document++ {
		var node yaml.Node
		err := decoder.Decode(&node)
		switch {
		case errors.Is(err, io.EOF):
			return entities, problems, false
		case err != nil:
			broken := &SyntaxError{}
			if errors.As(yamlError(err), &broken) {
				wrong(document, broken.Line, "", "is not YAML: "+broken.Rule)
			}
			return entities, problems, true
		case document > maxEntities:
			wrong(document, node.Line, "", fmt.Sprintf("is more than the %d documents that one file may hold; split it", maxEntities))
			return entities, problems, true
		}
		if one, ok := readEntity(name, document, &node, wrong); ok {
			entities = append(entities, one)
		}
	}
}

// readEntity reads the head of a document: kind, name and metadata.
func readEntity(name string, document int, node *yaml.Node, wrong func(document, line int, field, rule string)) (entity, bool) {
	top := node
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		top = node.Content[0]
	}
	if top.Kind == yaml.ScalarNode && top.ShortTag() == "!!null" {
		return entity{}, false // Nothing stands between two marks.
	}
	e := entity{source: evenkeel.SuggestionSource{Kind: evenkeel.SourceBackstage, Path: name, Line: top.Line}, document: document, spec: yamlMember(top, "spec")}
	bad := func(line int, field, rule string) { wrong(document, line, field, rule) }
	if top.Kind != yaml.MappingNode {
		bad(top.Line, "", "is not an entity; it needs apiVersion, kind and metadata")
		return e, false
	}
	metadata := yamlMember(top, "metadata")
	kind, okKind := textMember(top, "kind")
	called, okName := textMember(metadata, "name")
	if !okKind {
		bad(top.Line, "kind", "is required, a text such as Component")
	}
	if !okName {
		bad(top.Line, "metadata.name", "is required, a text such as checkout")
	}
	if !okKind || !okName {
		return e, false
	}
	namespace, _ := textMember(metadata, "namespace")
	e.ref = entityRef{kind.value, namespace.value, called.value}.folded()
	if !entityName(called.value) {
		bad(called.line, "metadata.name", shortQuote(called.value)+" is not a name; use 1 to 63 letters, digits, '-', '_' and '.'")
		return e, false
	}
	title, _ := textMember(metadata, "title")
	e.title, e.source.Line = title.value, called.line
	e.annotations, e.labels = textMembers(yamlMember(metadata, "annotations")), textMembers(yamlMember(metadata, "labels"))
	return e, true
}

// yamlMember is the value of a key of a mapping, nil where there is none. An alias
// is what it stands for.
func yamlMember(node *yaml.Node, key string) *yaml.Node {
	node = resolved(node)
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return resolved(node.Content[i+1])
		}
	}
	return nil
}

func resolved(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// textMember is the text of a key; a list or mapping is none.
func textMember(node *yaml.Node, key string) (entityText, bool) {
	value := yamlMember(node, key)
	if value == nil || !isText(value) || value.ShortTag() == "!!null" || strings.TrimSpace(value.Value) == "" {
		return entityText{}, false
	}
	return entityText{strings.TrimSpace(value.Value), value.Line}, true
}

// textMembers are the members of a mapping whose values are texts.
func textMembers(node *yaml.Node) map[string]entityText {
	node = resolved(node)
	found := map[string]entityText{}
	if node == nil || node.Kind != yaml.MappingNode {
		return found
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if value := resolved(node.Content[i+1]); isText(value) {
			found[node.Content[i].Value] = entityText{strings.TrimSpace(value.Value), value.Line}
		}
	}
	return found
}

// specText reads a text of the specification; what is there and no text is
// reported.
func (e entity) specText(key string, wrong func(e entity, line int, field, rule string)) (entityText, bool) {
	text, ok := textMember(e.spec, key)
	if value := yamlMember(e.spec, key); !ok && value != nil {
		wrong(e, value.Line, "spec."+key, "must be a text")
	}
	return text, ok
}

// specList reads a list of texts of the specification.
func (e entity) specList(key string, wrong func(e entity, line int, field, rule string)) []entityText {
	list := yamlMember(e.spec, key)
	if list == nil || list.ShortTag() == "!!null" {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		wrong(e, list.Line, "spec."+key, "must be a list of texts")
		return nil
	}
	var found []entityText
	for i, one := range list.Content {
		one = resolved(one)
		if !isText(one) || one.ShortTag() == "!!null" || strings.TrimSpace(one.Value) == "" {
			wrong(e, one.Line, fmt.Sprintf("spec.%s[%d]", key, i), "must be a text")
			continue
		}
		found = append(found, entityText{strings.TrimSpace(one.Value), one.Line})
	}
	return found
}
