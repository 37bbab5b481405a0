package views

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics/quality"
	"github.com/evenkeel-dev/evenkeel/server/jobs"
)

// CoverageCell is one signal of one application.
type CoverageCell struct {
	Signal quality.Signal `json:"signal"`
	State  quality.State  `json:"state" enum:"flowing,stale,never,not_expected"`
	Reason quality.Reason `json:"reason" doc:"Why it is in its state, as a code"`
	LastAt *time.Time     `json:"last_at" doc:"The last fact's own instant"`
	Recent *int           `json:"recent" doc:"Facts of the last 90 days; null where they are not counted"`
	// Usual, Limit and Silent are what the state was judged by.
	Usual  *float64 `json:"usual_seconds" doc:"The usual silence between days with a fact; null where it is not known"`
	Limit  *float64 `json:"limit_seconds" doc:"The longest silence that is not remarkable"`
	Silent *float64 `json:"silent_seconds" doc:"How long it has been silent"`
	Have   int      `json:"have" doc:"Applications that have the signal"`
	Of     int      `json:"of" doc:"All applications"`
	Fix    string   `json:"fix" enum:",connection,claims,docs,catalogue" doc:"Where to mend it: the connection, claims on facts that nobody claims, the documentation of connections, or the catalogue; empty where nothing is to be done"`
}

// CoverageRow is one application of the matrix.
type CoverageRow struct {
	Application Named          `json:"application"`
	Group       *Named         `json:"group"`
	Gaps        int            `json:"gaps" doc:"Signals that are stale or were never seen"`
	Cells       []CoverageCell `json:"cells" nullable:"false" doc:"By signal, in the order of signals"`

	id string
}

// SignalCounts counts applications by the state of one signal.
type SignalCounts struct {
	Signal      quality.Signal `json:"signal"`
	Flowing     int            `json:"flowing"`
	Stale       int            `json:"stale"`
	Never       int            `json:"never"`
	NotExpected int            `json:"not_expected"`
}

// CoverageGroup is the matrix of a group and those below it, added up.
type CoverageGroup struct {
	Group        Named          `json:"group"`
	Path         []string       `json:"path" nullable:"false" doc:"Names of the groups above, outermost first"`
	Applications int            `json:"applications"`
	Gaps         int            `json:"gaps"`
	Signals      []SignalCounts `json:"signals" nullable:"false"`
}

// Coverage is the matrix of applications and signals at an instant.
type Coverage struct {
	Now time.Time
	// Rows are by name.
	Rows []CoverageRow

	catalogue evenkeel.Catalogue
}

// NewCoverage makes the matrix from what flowed in the last weeks.
func NewCoverage(r *jobs.Results, flows []evenkeel.Flow, series []evenkeel.SeriesInfo, now time.Time) Coverage {
	known := newSignals(r, flows, series, now)
	c := Coverage{Now: now, catalogue: r.Catalogue}
	for _, a := range r.Catalogue.Applications {
		row := CoverageRow{Application: Named{a.Slug, a.Name}, Group: GroupOf(r.Catalogue, a.Group), id: a.ID}
		for _, signal := range quality.Signals() {
			cell := known.cell(a, signal)
			if cell.State == quality.Stale || cell.State == quality.Never {
				row.Gaps++
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	slices.SortFunc(c.Rows, byName)
	return c
}

func byName(a, b CoverageRow) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Application.Name), strings.ToLower(b.Application.Name)), strings.Compare(a.Application.Slug, b.Application.Slug))
}

// Of narrows the matrix to some applications, by id.
func (c Coverage) Of(ids []string) Coverage {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	of := c
	of.Rows = slices.DeleteFunc(slices.Clone(c.Rows), func(row CoverageRow) bool { return !wanted[row.id] })
	return of
}

// With keeps the applications whose name or slug holds a text.
func (c Coverage) With(text string) Coverage {
	text = strings.ToLower(text)
	of := c
	of.Rows = slices.DeleteFunc(slices.Clone(c.Rows), func(row CoverageRow) bool {
		return !strings.Contains(strings.ToLower(row.Application.Name), text) && !strings.Contains(row.Application.Slug, text)
	})
	return of
}

// In keeps the applications with a signal in a state; an empty signal is any,
// an empty state is all.
func (c Coverage) In(signal quality.Signal, state quality.State) Coverage {
	if state == "" {
		return c
	}
	of := c
	of.Rows = slices.DeleteFunc(slices.Clone(c.Rows), func(row CoverageRow) bool {
		return !slices.ContainsFunc(row.Cells, func(cell CoverageCell) bool {
			return cell.State == state && (signal == "" || cell.Signal == signal)
		})
	})
	return of
}

// Sorted orders the rows: by "name", "group", "gaps", or by how a signal does,
// the worst last. Rows that are equal are by name.
func (c Coverage) Sorted(by string, descending bool) Coverage {
	of := c
	of.Rows = slices.Clone(c.Rows)
	slices.SortStableFunc(of.Rows, func(a, b CoverageRow) int {
		order := 0
		switch by {
		case "", "name":
			order = byName(a, b)
		case "group":
			order = strings.Compare(a.groupName(), b.groupName())
		case "gaps":
			order = cmp.Compare(a.Gaps, b.Gaps)
		default:
			order = a.cell(quality.Signal(by)).worse(b.cell(quality.Signal(by)))
		}
		if descending {
			return -order
		}
		return order
	})
	return of
}

func (r CoverageRow) groupName() string {
	if r.Group == nil {
		return "\U0010ffff" // Unowned comes last.
	}
	return strings.ToLower(r.Group.Name)
}

func (r CoverageRow) cell(signal quality.Signal) CoverageCell {
	at := slices.IndexFunc(r.Cells, func(c CoverageCell) bool { return c.Signal == signal })
	if at < 0 {
		return CoverageCell{}
	}
	return r.Cells[at]
}

// worse orders cells from what needs nothing to what needs most.
func (c CoverageCell) worse(other CoverageCell) int {
	order := []quality.State{quality.NotExpected, quality.Flowing, quality.Stale, quality.Never}
	return cmp.Or(slices.Index(order, c.State)-slices.Index(order, other.State), cmp.Compare(deref(c.Silent), deref(other.Silent)))
}

func deref(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

// Counts adds the matrix up by signal.
func (c Coverage) Counts() []SignalCounts {
	counts := make([]SignalCounts, len(quality.Signals()))
	for i, signal := range quality.Signals() {
		counts[i].Signal = signal
	}
	for _, row := range c.Rows {
		for i, cell := range row.Cells {
			switch cell.State {
			case quality.Flowing:
				counts[i].Flowing++
			case quality.Stale:
				counts[i].Stale++
			case quality.Never:
				counts[i].Never++
			case quality.NotExpected:
				counts[i].NotExpected++
			}
		}
	}
	return counts
}

// Groups adds the matrix up by group, each with all below it, in the order of
// the catalogue.
func (c Coverage) Groups() []CoverageGroup {
	path := pathsIn(c.catalogue.Groups)
	list := make([]CoverageGroup, len(c.catalogue.Groups))
	for i, g := range c.catalogue.Groups {
		of := c.Of(c.catalogue.Owned(g.Slug))
		list[i] = CoverageGroup{Group: Named{g.Slug, g.Name}, Path: path(g.Slug), Applications: len(of.Rows), Signals: of.Counts()}
		for _, row := range of.Rows {
			list[i].Gaps += row.Gaps
		}
	}
	return list
}
