package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v3"
)

// parse reads one file into the document.
func (d *document) parse(file string, data []byte) {
	before := len(d.problems)
	if root := d.decode(file, data); root != nil {
		d.readTop(file, root)
	}
	// A value that is missing at the end stands, for the parser, after the end.
	last := bytes.Count(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) + 1
	for i := before; i < len(d.problems); i++ {
		d.problems[i].Line = min(d.problems[i].Line, last)
	}
}

// decode is the top value of a file; nil if the file is empty or cannot be read.
func (d *document) decode(file string, data []byte) *yaml.Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if p, bad := badCharacter(file, data); bad {
		d.refuse(p)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var root yaml.Node
	err := decoder.Decode(&root)
	if errors.Is(err, io.EOF) {
		return nil // Nothing but comments.
	}
	if err != nil {
		d.refuse(syntaxProblem(file, data, err))
		return nil
	}
	var second yaml.Node
	if err := decoder.Decode(&second); err == nil {
		d.refuse(at(file, &second, "").problem("starts a second document", "write each document to its own file"))
	} else if !errors.Is(err, io.EOF) {
		d.refuse(syntaxProblem(file, data, err))
	}
	if !d.plainNodes(file, &root) {
		d.unread = true
		return nil
	}
	if top := root.Content[0]; top.ShortTag() != "!!null" {
		return top
	}
	return nil // A document without content.
}

// refuse reports a problem that keeps a file from being read to its end.
func (d *document) refuse(p Problem) {
	d.add(p)
	d.unread = true
}

// badCharacter finds the first byte that is not UTF-8 and the first character
// that YAML does not allow.
func badCharacter(file string, data []byte) (Problem, bool) {
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		here := place{file: file, line: line, column: column}
		switch {
		case r == utf8.RuneError && size == 1:
			return here.problem(fmt.Sprintf("byte 0x%02x is not UTF-8", data[i]), "save the file as UTF-8"), true
		case r == '\n':
			line, column = line+1, 0
		case r == '\r' && !bytes.HasPrefix(data[i+1:], []byte("\n")), r == 0x85, r == 0x2028, r == 0x2029:
			// YAML ends lines there and editors do not, so no place would be right.
			return here.problem(fmt.Sprintf("U+%04X ends a line", r), "end lines with a line feed"), true
		case r < ' ' && r != '\t' && r != '\r', r >= 0x7f && r < 0xa0:
			return here.problem(fmt.Sprintf("control character U+%04X is not allowed", r), "remove it"), true
		}
		column++
		i += size
	}
	return Problem{}, false
}

var linePattern = regexp.MustCompile(`^line (\d+): `)

// syntaxProblem places an error of the YAML parser. The parser names a line or
// none (the first), and for rules of its grammar the line before.
func syntaxProblem(file string, data []byte, err error) Problem {
	if p, ok := tabProblem(file, data); ok {
		return p
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := linePattern.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.TrimPrefix(text, m[0])
	}
	if grammar, ok := strings.CutPrefix(text, "did not find expected "); ok && line > 1 {
		switch grammar {
		case "node content", "key", "'-' indicator", "',' or ']'", "',' or '}'", "<document start>":
			line++
		}
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	line = min(line, len(lines))
	column := len(lines[line-1]) - len(strings.TrimLeft(lines[line-1], " ")) + 1
	return place{file: file, line: line, column: column}.problem("is not YAML near here: "+text, "")
}

// tabProblem finds the first line that is indented with a tab.
func tabProblem(file string, data []byte) (Problem, bool) {
	for i, line := range strings.Split(string(data), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && len(indent) < len(line) {
			return place{file: file, line: i + 1, column: tab + 1}.problem("is indented with a tab", "indent with spaces"), true
		}
	}
	return Problem{}, false
}

func at(file string, n *yaml.Node, where string) place {
	return place{file: file, line: max(1, n.Line), column: max(1, n.Column), where: where}
}

// plainNodes reports anchors, aliases, merge keys and tags: what a file says
// is what stands there, and no short text becomes a large one.
func (d *document) plainNodes(file string, n *yaml.Node) bool {
	plain := true
	refuse := func(what, fix string) {
		d.add(at(file, n, "").problem(what, fix))
		plain = false
	}
	switch {
	case n.Kind == yaml.AliasNode:
		refuse("*"+n.Value+" is an alias", "write the value out")
		return false
	case n.Anchor != "":
		refuse("&"+n.Anchor+" is an anchor", "remove it, and write the value out where it is used")
	case n.ShortTag() == "!!merge":
		refuse("<< merges keys", "write the keys out")
	case n.Style&yaml.TaggedStyle != 0:
		refuse(quoted(n.ShortTag())+" is a tag", "remove it")
	}
	for _, child := range n.Content {
		plain = d.plainNodes(file, child) && plain
	}
	return plain
}
