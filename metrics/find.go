package metrics

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// table names the columns of an environment that hold facts.
type table uint8

const (
	tableDeployments table = iota
	tableRecords
	tableAttempts
	tableChanges
	tableUnshipped
	tableIncidents
	tableRecoveries
	tableNotes
	tableCount
)

// picked are some rows of each table.
type picked [tableCount][]int32

// of is nil for a nil receiver.
func (p *picked) of(t table) []int32 {
	if p == nil {
		return nil
	}
	return p[t]
}

func (e *environment) ids(t table) []ID {
	return [tableCount][]ID{
		tableDeployments: e.deployments.id, tableRecords: e.deployments.records, tableAttempts: e.attempts.id,
		tableChanges: e.changes.id, tableUnshipped: e.unshipped.id, tableIncidents: e.incidents.id,
		tableRecoveries: e.recoveries.id, tableNotes: e.notes.id,
	}[t]
}

// kind is the kind of fact in a row; empty where another table tells.
func (e *environment) kind(t table, row int32) evenkeel.Kind {
	switch t {
	case tableDeployments, tableRecords, tableAttempts:
		return evenkeel.KindDeployment
	case tableChanges, tableUnshipped:
		return evenkeel.KindChange
	case tableIncidents:
		return evenkeel.KindIncident
	case tableNotes:
		if code := e.notes.code[row]; noteKinds()[code].metric != "" {
			return noteSubject(code)
		}
	}
	return ""
}

// find looks facts up: their rows by environment, and their kinds.
func (d Derived) find(ids map[ID]bool) (rows map[*environment]*picked, kinds map[ID]evenkeel.Kind) {
	rows, kinds = map[*environment]*picked{}, map[ID]evenkeel.Kind{}
	for i, sorted := range d.sorted() {
		e := d.columns()[i]
		for t := range tableCount {
			column := e.ids(t)
			for id := range ids {
				at, _ := slices.BinarySearchFunc(sorted[t], id, func(row int32, id ID) int { return column[row].compare(id) })
				for ; at < len(sorted[t]) && column[sorted[t][at]] == id; at++ {
					row := sorted[t][at]
					if rows[e] == nil {
						rows[e] = &picked{}
					}
					rows[e][t] = append(rows[e][t], row)
					if kind := e.kind(t, row); kind != "" {
						kinds[id] = kind
					}
				}
			}
		}
	}
	return rows, kinds
}

// sorted lists the rows of every environment's tables by id. It is made when
// it is first needed.
func (d Derived) sorted() []picked {
	d.lookup.sorting.Do(func() {
		d.lookup.sorted = make([]picked, len(d.columns()))
		for i, e := range d.columns() {
			for t := range tableCount {
				d.lookup.sorted[i][t] = sortedRows(e.ids(t))
			}
		}
	})
	return d.lookup.sorted
}

func sortedRows(ids []ID) []int32 {
	rows := make([]int32, len(ids))
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortFunc(rows, func(a, b int32) int { return ids[a].compare(ids[b]) })
	return rows
}
