package store

import (
	"reflect"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// copyFrom is from how many rows on PostgreSQL takes them by COPY, which costs
// a way to the server of its own; it knows nothing of conflicts.
const copyFrom = 128

// insertTogether adds rows to PostgreSQL: many by COPY, others as one
// statement that takes a list per column, so that its text is the same for
// any number of rows and waits with others of the transaction.
func insertTogether[T any](tx *gorm.DB, p *pipeline, rows []T, conflict []clause.OnConflict) error {
	stmt := &gorm.Statement{DB: tx, Clauses: map[string]clause.Clause{}}
	if err := stmt.Parse(&rows); err != nil {
		return err
	}
	fields := columnsOf(stmt.Schema)
	values := reflect.ValueOf(rows)
	if len(conflict) == 0 && len(rows) >= copyFrom {
		err := p.copyRows(stmt.Schema.Table, stmt.Schema.DBNames, len(rows), func(i int) ([]any, error) {
			return plainRow(fields, values.Index(i)), nil
		})
		if translator, ok := tx.Dialector.(gorm.ErrorTranslator); ok && err != nil {
			return translator.Translate(err) // As gorm does for what goes through it.
		}
		return err
	}
	lists := make([]any, len(fields))
	for i, f := range fields {
		lists[i] = plainList(f, values)
	}
	p.add(listStatement(tx, stmt, fields, conflict), lists...)
	return nil
}

// columnsOf are the fields of a table in the order of its names.
func columnsOf(table *schema.Schema) []*schema.Field {
	fields := make([]*schema.Field, len(table.DBNames))
	for i, name := range table.DBNames {
		fields[i] = table.FieldsByDBName[name]
	}
	return fields
}

// listStatement adds a row per place of lists that its parameters are.
func listStatement(tx *gorm.DB, stmt *gorm.Statement, fields []*schema.Field, conflict []clause.OnConflict) string {
	var lists []string
	stmt.SQL.WriteString("INSERT INTO ")
	stmt.WriteQuoted(clause.Table{Name: stmt.Schema.Table})
	stmt.SQL.WriteString(" (")
	for i, f := range fields {
		if i > 0 {
			stmt.SQL.WriteByte(',')
		}
		stmt.WriteQuoted(f.DBName)
		lists = append(lists, "$"+strconv.Itoa(i+1)+"::"+tx.DataTypeOf(f)+"[]")
	}
	stmt.SQL.WriteString(") SELECT * FROM unnest(" + strings.Join(lists, ",") + ")")
	for _, c := range conflict {
		stmt.SQL.WriteString(" ON CONFLICT ")
		spelledOut(c, stmt.Schema).Build(stmt)
	}
	return stmt.SQL.String()
}

// spelledOut names the columns that "all" means: the key, and what is not.
func spelledOut(c clause.OnConflict, table *schema.Schema) clause.OnConflict {
	if !c.UpdateAll {
		return c
	}
	var others []string
	for _, name := range table.DBNames {
		if table.FieldsByDBName[name].PrimaryKey {
			c.Columns = append(c.Columns, clause.Column{Name: name})
		} else {
			others = append(others, name)
		}
	}
	c.DoUpdates = clause.AssignmentColumns(others)
	return c
}

// plainList is one column of rows as a list of a type that the driver knows.
func plainList(f *schema.Field, rows reflect.Value) any {
	switch f.FieldType.Kind() {
	case reflect.String:
		return listOf(f, rows, reflect.Value.String)
	case reflect.Bool:
		return listOf(f, rows, reflect.Value.Bool)
	case reflect.Slice:
		return listOf(f, rows, reflect.Value.Bytes)
	}
	return listOf(f, rows, reflect.Value.Int)
}

func listOf[T any](f *schema.Field, rows reflect.Value, plain func(reflect.Value) T) []T {
	list := make([]T, rows.Len())
	for i := range list {
		list[i] = plain(rows.Index(i).FieldByIndex(f.StructField.Index))
	}
	return list
}

// plainRow is one row in types that the driver knows.
func plainRow(fields []*schema.Field, row reflect.Value) []any {
	values := make([]any, len(fields))
	for i, f := range fields {
		switch v := row.FieldByIndex(f.StructField.Index); v.Kind() {
		case reflect.String:
			values[i] = v.String()
		case reflect.Bool:
			values[i] = v.Bool()
		case reflect.Slice:
			values[i] = v.Bytes()
		default:
			values[i] = v.Int()
		}
	}
	return values
}
