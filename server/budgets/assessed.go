package budgets

import (
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// assessed is where a budget stood when it was last assessed, and what that
// followed from.
type assessed struct {
	grounds                  grounds
	contractual, experienced slo.Assessment
	until                    *float64
}

// grounds are what an assessment follows from: the same document, corrections,
// alerts and measurements at the same instant say the same.
type grounds struct {
	at             time.Time
	level, version int64
	series         string
	corrections    []slo.Correction
	alerts         []evenkeel.AlertSpan
}

func (b *Budget) grounds(book *Book, version int64) grounds {
	return grounds{book.At, b.level.Number, version, b.Series.ID, b.level.Corrections, book.standing[b.alertKey()]}
}

// key tells budgets of a workspace apart.
func (b *Budget) key() string {
	return strings.Join([]string{b.level.ID, b.Objective.Name, b.Objective.Target.String(), strconv.FormatFloat(b.Objective.Value, 'g', -1, 64), b.Environment, b.Labels}, "\x1f")
}
