package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// among is the condition that a column is one of some keys, for statements
// that ask for hundreds: PostgreSQL takes them as one list, which costs it a
// tenth of as many parameters.
type among struct {
	column string
	keys   []string
}

// Build implements clause.Expression.
func (a among) Build(builder clause.Builder) {
	stmt, ok := builder.(*gorm.Statement)
	if !ok || stmt.Name() != "postgres" {
		list := make([]any, len(a.keys))
		for i, key := range a.keys {
			list[i] = key
		}
		clause.IN{Column: a.column, Values: list}.Build(builder)
		return
	}
	builder.WriteQuoted(a.column)
	_, _ = builder.WriteString(" = ANY(") // It writes to memory.
	keys := unfilled(a.keys)
	stmt.Vars = append(stmt.Vars, keys) // AddVar would add one by one.
	stmt.BindVarTo(builder, stmt, keys)
	_ = builder.WriteByte(')')
}

// unfilled leaves out the keys with which a piece was filled up.
func unfilled(keys []string) []string {
	for len(keys) > 1 && keys[len(keys)-1] == keys[len(keys)-2] {
		keys = keys[:len(keys)-1]
	}
	return keys
}
