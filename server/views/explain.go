package views

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// Explanation is a figure with its definition, and what it rests on.
type Explanation struct {
	Metric     metrics.Metric `json:"metric"`
	Definition string         `json:"definition" doc:"What the figure is, in plain words"`
	Formula    string         `json:"formula"`
	Statistic  string         `json:"statistic" enum:"median,rate,share"`
	Unit       string         `json:"unit" enum:"seconds,per_day,share"`
	// Window is what was asked about.
	Window   evenkeel.Window   `json:"window"`
	Policy   metrics.PolicyRef `json:"policy"`
	Value    *float64          `json:"value"`
	N        int               `json:"n"`
	Low      *float64          `json:"low"`
	High     *float64          `json:"high"`
	Coverage *float64          `json:"coverage"`
	// Exclusions count the facts of the window that are left out.
	Exclusions []Excluded        `json:"exclusions"`
	Anomalies  []metrics.Anomaly `json:"anomalies"`
	Methods    *metrics.Methods  `json:"methods"`
	// Sensitivity is left out of answers on other figures than the fail rate.
	Sensitivity []metrics.WindowRate `json:"sensitivity,omitempty" doc:"The rate as other failure windows give it; of the change fail rate only"`
	Chain       []metrics.Step       `json:"chain"`
	// Known is left out of answers of the present.
	Known *Known `json:"known,omitempty"`
}

// Excluded says how many facts are left out for a reason; ids names at most 20.
type Excluded struct {
	Reason string   `json:"reason"`
	Count  int      `json:"count"`
	IDs    []string `json:"ids"`
}

// Include chooses rows of an explanation.
type Include string

// The choices of rows.
const (
	IncludeAll      Include = "all"
	IncludeIncluded Include = "included"
	IncludeExcluded Include = "excluded"
)

// Explain computes a figure as [Dora] does, with the rows behind it, newest
// first.
func Explain(r *jobs.Results, q Question, metric metrics.Metric, include Include) (Explanation, []metrics.Row, error) {
	parts, err := r.Parts(q.Scope)
	if err != nil {
		return Explanation{}, nil, err
	}
	query, _, err := q.prepare(r)
	if err != nil {
		return Explanation{}, nil, err
	}
	e, err := metrics.Explain(query, metric, parts...)
	if err != nil {
		return Explanation{}, nil, err
	}
	words := DefinitionUnder(metric, query.Policy)
	view := Explanation{
		Metric: metric, Definition: words.Text, Formula: words.Formula, Statistic: e.Statistic, Unit: e.Unit,
		Window: query.Window, Policy: metrics.PolicyRef{Version: query.Policy.Version},
		Value: e.Value, N: e.N, Low: e.Low, High: e.High, Coverage: e.Coverage,
		Exclusions: make([]Excluded, len(e.Exclusions)), Anomalies: e.Anomalies, Methods: e.Methods, Sensitivity: e.Sensitivity, Chain: e.Chain, Known: KnownOf(r),
	}
	for i, x := range e.Exclusions {
		view.Exclusions[i] = Excluded{x.Reason, x.Count, x.IDs}
	}
	return view, include.of(e.Rows), nil
}

func (i Include) of(rows []metrics.Row) []metrics.Row {
	if i != IncludeIncluded && i != IncludeExcluded {
		return rows
	}
	return slices.DeleteFunc(rows, func(row metrics.Row) bool { return row.Included != (i == IncludeIncluded) })
}

// RowPage cuts one page out of rows; next is empty on the last. The cursor
// names the last row of the page before, so that rows which arrive meanwhile
// shift nothing.
func RowPage(rows []metrics.Row, cursor string, limit int) (page []metrics.Row, next string, err error) {
	if cursor != "" {
		last, err := parseRowCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		from, exact := slices.BinarySearchFunc(rows, last, compareRows)
		if exact {
			from++
		}
		rows = rows[from:]
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	return rows[:limit], rowCursor(rows[limit-1]), nil
}

// compareRows is the order of rows: newest first, then by id and reason.
func compareRows(a, b metrics.Row) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
}

func rowCursor(row metrics.Row) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%s.%s", row.At.UnixMicro(), row.ID, row.Reason))
}

func parseRowCursor(text string) (row metrics.Row, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.SplitN(string(raw), ".", 3)
	if err != nil || len(parts) < 3 {
		return row, errRowCursor()
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return row, errRowCursor()
	}
	return metrics.Row{At: time.UnixMicro(at).UTC(), ID: parts[1], Reason: parts[2]}, nil
}

func errRowCursor() error {
	return evenkeel.FieldErrors{{Field: "cursor", Rule: "this is not the next of a page of this list; begin again without a cursor"}}
}
