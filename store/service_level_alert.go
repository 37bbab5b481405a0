package store

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// alertSpanRow is one time that an alert stood. The index keeps replicas from
// opening one twice.
type alertSpanRow struct {
	Workspace string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:1,where:until_at = 0"`
	Level     string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:2"`
	Objective string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:3"`
	Series    string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:4"`
	Severity  string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:5"`
	Line      string  `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:6"`
	FromAt    instant `gorm:"primaryKey;autoIncrement:false"`
	UntilAt   instant
	Peak      float64 `gorm:"type:double precision"`
	State     string
}

func (alertSpanRow) TableName() string { return "service_level_alerts" }

// alertKey names an alert.
type alertKey struct{ level, objective, series, severity, line string }

func (r alertSpanRow) key() alertKey {
	return alertKey{r.Level, r.Objective, r.Series, r.Severity, r.Line}
}

func (r alertSpanRow) span(level string) evenkeel.AlertSpan {
	return evenkeel.AlertSpan{
		ServiceLevel: level, Objective: r.Objective, Series: r.Series, Severity: r.Severity, Row: r.Line,
		From: r.FromAt.Time(), Until: r.UntilAt.Time(), Peak: r.Peak, State: r.State,
	}
}

func (w *Workspace) alertSpanRow(s evenkeel.AlertSpan, level string) alertSpanRow {
	return alertSpanRow{
		Workspace: w.slug, Level: level, Objective: clean(s.Objective), Series: clean(s.Series), Severity: clean(s.Severity), Line: clean(s.Row),
		FromAt: instantOf(s.From), UntilAt: instantOf(s.Until), Peak: s.Peak, State: clean(s.State),
	}
}

// SaveAlertSpans keeps the spans of alerts, and returns those that this call
// has opened, brought to another state, or ended: of several replicas that say
// the same one is told so. A span goes on as the open one of its alert, whose
// beginning holds; where none is open it opens one, unless it begins before the
// last one of its alert ended. One that ended before the open one began is passed
// over. Levels that are not known are passed over.
func (w *Workspace) SaveAlertSpans(ctx context.Context, spans []evenkeel.AlertSpan) ([]evenkeel.AlertSpan, error) {
	var changed []evenkeel.AlertSpan
	err := w.write(ctx, func(tx *gorm.DB) error {
		workspace, err := w.lock(ctx, tx)
		if err != nil {
			return err
		}
		s, err := w.readSpans(ctx, tx, spans)
		if err != nil {
			return err
		}
		if changed, err = s.take(spans); err != nil || len(changed) == 0 {
			return err
		}
		_, err = w.announce(ctx, tx, workspace)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: alert spans: %w", err)
	}
	return changed, nil
}

// spanSaving is one transaction of alert spans.
type spanSaving struct {
	w   *Workspace
	ctx context.Context //nolint:containedctx // That of the transaction.
	tx  *gorm.DB
	ids map[string]string
	// last is the last span of every alert.
	last map[alertKey]alertSpanRow
}

func (w *Workspace) readSpans(ctx context.Context, tx *gorm.DB, spans []evenkeel.AlertSpan) (*spanSaving, error) {
	s := &spanSaving{w: w, ctx: ctx, tx: tx, last: map[alertKey]alertSpanRow{}}
	var err error
	if _, s.ids, err = w.levelNames(ctx, tx); err != nil {
		return s, err
	}
	levels := make([]string, len(spans))
	for i, span := range spans {
		levels[i] = s.ids[span.ServiceLevel]
	}
	err = eachChunk(levels, func(some []string) error {
		rows, err := of[alertSpanRow](w, tx).Where("level IN ?", some).Find(ctx)
		for _, row := range rows {
			if held, known := s.last[row.key()]; !known || held.FromAt < row.FromAt {
				s.last[row.key()] = row
			}
		}
		return err
	})
	return s, err
}

func (s *spanSaving) take(spans []evenkeel.AlertSpan) (changed []evenkeel.AlertSpan, err error) {
	for _, span := range spans {
		level := s.ids[span.ServiceLevel]
		if level == "" {
			continue
		}
		row := s.w.alertSpanRow(span, level)
		told, err := s.one(&row)
		if err != nil {
			return nil, err
		}
		s.last[row.key()] = row
		if told {
			changed = append(changed, row.span(span.ServiceLevel))
		}
	}
	return changed, nil
}

// one keeps a span, makes it what is kept, and says whether it is news.
func (s *spanSaving) one(row *alertSpanRow) (news bool, err error) {
	held, known := s.last[row.key()]
	switch {
	case !known, held.UntilAt != 0 && row.FromAt >= held.UntilAt:
		return true, s.tx.Create(row).Error
	case held.UntilAt != 0, row.UntilAt != 0 && row.UntilAt <= held.FromAt: // Told late, by a process that stood still.
		*row = held
		return false, nil
	}
	news = held.State != row.State || row.UntilAt != 0
	row.FromAt, row.Peak = held.FromAt, max(held.Peak, row.Peak)
	if !news && row.Peak == held.Peak {
		return false, nil
	}
	_, err = of[alertSpanRow](s.w, s.tx).
		Where("level = ? AND objective = ? AND series = ? AND severity = ? AND line = ? AND from_at = ?", row.Level, row.Objective, row.Series, row.Severity, row.Line, row.FromAt).
		Select("until_at", "peak", "state").Updates(s.ctx, *row)
	return news, err
}

// AlertSpans lists the spans of alerts that a filter finds, those that began
// last first. A wrong cursor is ErrInvalid.
func (w *Workspace) AlertSpans(ctx context.Context, f evenkeel.AlertSpanFilter) (evenkeel.Page[evenkeel.AlertSpan], error) {
	page := evenkeel.Page[evenkeel.AlertSpan]{Items: []evenkeel.AlertSpan{}}
	var after position
	var err error
	if f.Cursor != "" {
		if after, err = parseCursor(f.Cursor); err != nil {
			return page, fmt.Errorf("store: alert spans: %w", err)
		}
	}
	limit := pageLimit(f.Limit)
	err = w.read(ctx, func(tx *gorm.DB) error {
		names, ids, err := w.levelNames(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := w.spansFound(tx, f, ids).Find(ctx)
		if err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b alertSpanRow) int { return b.position().compare(a.position()) })
		for _, row := range rows {
			if f.Cursor != "" && row.position().compare(after) >= 0 {
				continue
			}
			if len(page.Items) == limit {
				page.Next = after.cursor()
				break
			}
			page.Items = append(page.Items, row.span(names[row.Level]))
			after = row.position()
		}
		return nil
	})
	if err != nil {
		return page, fmt.Errorf("store: alert spans: %w", err)
	}
	return page, nil
}

// position is the place of a span in lists.
func (r alertSpanRow) position() position {
	return position{r.FromAt, r.Level + "." + r.Severity + "." + r.Line + "." + r.Objective + "." + r.Series}
}

func (w *Workspace) spansFound(tx *gorm.DB, f evenkeel.AlertSpanFilter, ids map[string]string) gorm.ChainInterface[alertSpanRow] {
	rows := of[alertSpanRow](w, tx)
	if len(f.ServiceLevels) > 0 {
		levels := make([]string, len(f.ServiceLevels))
		for i, name := range f.ServiceLevels {
			levels[i] = ids[name]
		}
		rows = rows.Where("level IN ?", levels)
	}
	if f.Open {
		rows = rows.Where("until_at = 0")
	}
	if !f.Window.From.IsZero() {
		rows = rows.Where("until_at = 0 OR until_at > ?", instantOf(f.Window.From))
	}
	if !f.Window.To.IsZero() {
		rows = rows.Where("from_at < ?", instantOf(f.Window.To))
	}
	return rows
}
