package server

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
	"github.com/evenkeel-dev/evenkeel/server/views"
)

// maxExportRows is the most rows of a table as a file.
const maxExportRows = 100_000

type exportInput struct {
	FlowInput
	Table  string         `path:"table" enum:"figures,series,groups,capabilities,applications,rows,stages,changes,assisted,benchmarks,coverage" doc:"figures, series, groups, capabilities, applications, rows (behind the figure metric), stages and changes of the value stream, assisted, benchmarks, coverage of applications and signals"`
	Format string         `query:"format" enum:"csv,ndjson" doc:"Form of the file; by Accept if it is not given, CSV otherwise"`
	Accept string         `header:"Accept"`
	Metric metrics.Metric `query:"metric" enum:"deployment_frequency,change_lead_time,change_fail_rate,failed_deployment_recovery_time,deployment_rework_rate" default:"change_lead_time" doc:"The figure of the table rows"`
}

// file is an answer that browsers save.
type file struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Vary               string `header:"Vary"`
	Body               []byte
}

// getTable answers a table as a file, with what its columns mean at the top.
func (s *Server) getTable(ctx context.Context, in *exportInput) (*file, error) {
	results, question, slug, err := s.asked(ctx, &in.FlowInput)
	if err != nil {
		return nil, err
	}
	table, err := s.table(ctx, in, results, question, slug)
	if err != nil {
		return nil, err
	}
	table.Name = in.Table
	if len(table.Rows) > maxExportRows {
		return nil, evenkeel.FieldErrors{{Field: "from", Rule: fmt.Sprintf("the table has %d rows, and a file holds %d at most; ask for a shorter window", len(table.Rows), maxExportRows)}}
	}
	out := &file{Vary: "Accept", ContentType: typeCSV + "; charset=utf-8", ContentDisposition: disposition(table.Name, "csv")}
	if in.Format == "ndjson" || in.Format == "" && exportType(in.Accept) == typeNDJSON {
		out.ContentType, out.ContentDisposition = typeNDJSON, disposition(table.Name, "ndjson")
		out.Body, err = tableNDJSON(table)
		return out, err
	}
	out.Body, err = tableCSV(table)
	return out, err
}

func disposition(table, ending string) string {
	return `attachment; filename="evenkeel-` + table + "." + ending + `"`
}

func (s *Server) table(ctx context.Context, in *exportInput, r *jobs.Results, q views.Question, slug string) (views.Table, error) {
	switch in.Table {
	case "groups", "capabilities":
		q.ByCapability = in.Table == "capabilities"
		o, err := s.overviews.answer(r, q)
		return views.GroupsTable(o), err
	case "applications":
		return views.ApplicationsTable(r, q)
	case "rows":
		return rowsTable(in, r, q)
	case "stages", "changes":
		return flowTable(in.Table, r, q, changesByID(ctx, s.factsOf(slug, r)))
	case "assisted":
		a, err := views.NewAssistedChanges(r, q)
		return views.AssistedTable(a, r.Policy.Version), err
	case "coverage":
		return s.coverageTable(ctx, in, r)
	case "benchmarks":
		return views.BenchmarksTable(metrics.Benchmarks()), nil
	case "series":
		if q.Series == "" {
			q.Series = metrics.Week
		}
		d, err := views.Dora(r, q)
		return views.SeriesTable(d), err
	}
	d, err := views.Dora(r, q)
	return views.FiguresTable(d), err
}

func rowsTable(in *exportInput, r *jobs.Results, q views.Question) (views.Table, error) {
	a, err := views.Answer(r, q)
	if err != nil {
		return views.Table{}, err
	}
	_, rows, err := views.Explain(r, q, in.Metric, views.IncludeAll)
	return views.RowsTable(a, r.Policy.Version, in.Metric, rows), err
}

func flowTable(table string, r *jobs.Results, q views.Question, changes views.ChangesByID) (views.Table, error) {
	if table == "stages" {
		v, err := views.NewValueStream(r, q, changes)
		return views.StagesTable(v, r.Policy.Version), err
	}
	a, err := views.Answer(r, q)
	if err != nil {
		return views.Table{}, err
	}
	longest, _, err := views.FlowChanges(r, q, "total", 0, maxExportRows, changes)
	return views.ChangesTable(a, r.Policy.Version, longest), err
}

// tableCSV writes what a table is and what its columns mean as lines that
// begin with a number sign, then the table (RFC 4180).
func tableCSV(t views.Table) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# table: %s\n# about: %s\n", t.Name, t.About)
	for _, f := range t.Facts {
		fmt.Fprintf(&out, "# %s: %s\n", f.Name, f.Value)
	}
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		unit := ""
		if c.Unit != "" {
			unit = " (" + c.Unit + ")"
		}
		fmt.Fprintf(&out, "# column %s%s: %s\n", c.Name, unit, c.Meaning)
		record[i] = c.Name
	}
	w := csv.NewWriter(&out)
	_ = w.Write(record) // A buffer takes everything.
	for _, row := range t.Rows {
		for i, cell := range row {
			record[i] = cellText(cell)
		}
		_ = w.Write(record)
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// cellText writes a cell; no value is empty.
func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return plainCell(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(cell)
}

// tableNDJSON writes what a table is as the first object, then one object for
// each row.
func tableNDJSON(t views.Table) ([]byte, error) {
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(t); err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		line, err := rowJSON(t.Columns, row)
		if err != nil {
			return nil, err
		}
		out.Write(line)
	}
	return out.Bytes(), nil
}

// rowJSON is one row with its members in the order of the columns.
func rowJSON(columns []views.TableColumn, row []any) ([]byte, error) {
	line := []byte{'{'}
	for i, c := range columns {
		if i > 0 {
			line = append(line, ',')
		}
		cell, err := json.Marshal(row[i])
		if err != nil {
			return nil, err
		}
		line = append(append(strconv.AppendQuote(line, c.Name), ':'), cell...)
	}
	return append(line, '}', '\n'), nil
}
