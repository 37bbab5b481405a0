package connectors

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// csvPlan is a checked mapping.
type csvPlan struct {
	kind    evenkeel.Kind
	shape   *shape
	source  string
	comma   rune
	id      []templatePart
	missing map[string]bool
	cells   []csvCell
}

// csvCell leads one column, or a fixed text, to one member.
type csvCell struct {
	field     string
	column    string
	fixed     string
	place     int
	values    map[string]string
	separator string
	clock     *clock

	shape *shape
	// outer is the index of the Go field; inner is the index in the record
	// that it holds, -1 for a plain member. Both are -1 for observed_at.
	outer, inner int
	required     bool
}

// find leads a name of the mapping to its member.
func (p *csvPlan) find(name string, cell *csvCell) bool {
	cell.outer, cell.inner = -1, -1
	if name == "observed_at" {
		cell.shape = &shape{form: formInstant}
		return true
	}
	outside, inside, nested := strings.Cut(name, ".")
	place, known := p.shape.places[outside]
	if !known {
		return false
	}
	m := p.shape.members[place]
	cell.outer, cell.shape, cell.required = m.index, m.shape, m.required
	if nested {
		place, known = m.shape.places[inside]
		if !known || m.shape.form != formRecord {
			return false
		}
		m = m.shape.members[place]
		cell.inner, cell.shape, cell.required = m.index, m.shape, m.required
	}
	switch cell.shape.form {
	case formText, formWhole, formBoolean, formInstant:
		return true
	case formList:
		return cell.shape.element.form == formText
	case formNumber, formDictionary, formRecord:
	}
	return false
}

// demanded lists what a mapping must hold: the required members, and those of
// a record of which it holds one.
func (p *csvPlan) demanded() []string {
	var names []string
	for _, m := range p.shape.members {
		if m.required {
			names = append(names, m.name)
		}
		begun := slices.ContainsFunc(p.cells, func(c csvCell) bool { return c.outer == m.index && c.inner >= 0 })
		if !begun {
			continue
		}
		for _, inner := range m.shape.members {
			if inner.required {
				names = append(names, m.name+"."+inner.name)
			}
		}
	}
	return names
}

// try says why the member cannot hold a text; empty if it can.
func (c *csvCell) try(text string) string {
	if c.shape.form == formInstant {
		_, rule := c.clock.parse(text)
		return rule
	}
	switch role := c.shape.role; {
	case role == roleSlug && c.shape.form == formText && !evenkeel.ValidSlug(text):
		return shortQuote(text) + " is not a slug; use lower-case letters, digits, '.', '_' and '-'"
	case role == roleSHA && c.shape.form == formText && !evenkeel.ValidSHA(strings.ToLower(text)):
		return shortQuote(text) + " is not a full commit id"
	}
	types := map[form]reflect.Type{formText: reflect.TypeFor[string](), formWhole: reflect.TypeFor[int](), formBoolean: reflect.TypeFor[bool](), formList: reflect.TypeFor[[]string]()}
	return c.set(reflect.New(types[c.shape.form]).Elem(), text)
}

// set puts a text into a Go field; the result says what is wrong with it.
func (c *csvCell) set(v reflect.Value, text string) string {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch c.shape.form {
	case formBoolean:
		if text != "true" && text != "false" {
			return shortQuote(text) + " is not true or false; translate it with values"
		}
		v.SetBool(text == "true")
		return ""
	case formWhole:
		n, rule := parseWhole(text)
		if rule == "" {
			v.SetInt(n)
		}
		return rule
	case formInstant:
		t, rule := c.clock.parse(text)
		*v.Addr().Interface().(*time.Time) = t
		return rule
	case formList:
		list := []string{}
		for part := range strings.SplitSeq(text, c.separator) {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			kept, rule := c.shape.element.role.normal(part)
			if rule != "" {
				return rule
			}
			list = append(list, kept)
		}
		v.Set(reflect.ValueOf(list))
		return ""
	case formText, formNumber, formDictionary, formRecord:
	}
	kept, rule := c.shape.role.normal(text)
	v.SetString(kept)
	return rule
}

// templatePart is a fixed text or a column of an id.
type templatePart struct {
	text, column string
	place        int
}

// parseTemplate reads "{service}-{number}"; a text without braces is a column.
func parseTemplate(text string) (parts []templatePart, rule string) {
	if text == "" {
		return nil, `is required; give a column, or a template such as "{service}-{number}"`
	}
	if !strings.ContainsAny(text, "{}") {
		return []templatePart{{column: text}}, ""
	}
	columns := 0
	for rest := text; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		if before != "" {
			parts = append(parts, templatePart{text: before})
		}
		if !found {
			break
		}
		column, behind, closed := strings.Cut(after, "}")
		if !closed || column == "" || strings.Contains(before, "}") {
			return nil, shortQuote(text) + " is not a template; write columns as {name}"
		}
		parts, rest, columns = append(parts, templatePart{column: column}), behind, columns+1
	}
	if columns == 0 {
		return nil, shortQuote(text) + " holds no column; every row would have the same id"
	}
	return parts, ""
}
