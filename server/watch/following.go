package watch

import (
	"context"
	"errors"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors"
	"github.com/evenkeel-dev/evenkeel/server/budgets"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// furthest is how far back is caught up with what nobody looked at.
const furthest = 6 * time.Hour

// key names a row of a budget, as spans do.
type key struct{ level, objective, series, severity, row string }

func keyOf(s evenkeel.AlertSpan) key {
	return key{s.ServiceLevel, s.Objective, s.Series, s.Severity, s.Row}
}

// following is what is known of the alerts of one workspace. All of it but what
// was not saved yet can be lost: it follows from measurements and kept spans.
type following struct {
	slug, link string
	past       time.Duration
	now        time.Time
	histories  map[key]slo.AlertHistory
	// open are the spans that stand, as they were last said to the store.
	open map[key]evenkeel.AlertSpan
	// ended is when the last span of a row was over.
	ended map[key]time.Time
	// seen are the rows of this pass.
	seen map[key]bool
	// unsaved is what the store has not been told.
	unsaved []change
	// standing are notices of the alerts that stand.
	standing map[key]connectors.AlertNotice
}

// change is a span that is new or different, and what others hear of it.
type change struct {
	span   evenkeel.AlertSpan
	notice connectors.AlertNotice
	// quiet is history only: it was over before anybody noticed, is no longer
	// watched, or is nothing that the alert policy tells.
	quiet bool
}

// begin takes up what was kept of a workspace.
func begin(ctx context.Context, w Workspace, slug string, o Options) (*following, error) {
	f := &following{
		slug: slug, link: o.Link, past: o.Past, histories: map[key]slo.AlertHistory{}, open: map[key]evenkeel.AlertSpan{},
		ended: map[key]time.Time{}, standing: map[key]connectors.AlertNotice{},
	}
	filter := evenkeel.AlertSpanFilter{Window: evenkeel.Window{From: o.Now().Add(-furthest)}, Limit: 500}
	for {
		page, err := w.AlertSpans(ctx, filter)
		if err != nil {
			return nil, err
		}
		for _, span := range page.Items {
			if k := keyOf(span); span.Until.IsZero() {
				f.open[k] = span
			} else if span.Until.After(f.ended[k]) {
				f.ended[k] = span.Until
			}
		}
		if filter.Cursor = page.Next; filter.Cursor == "" {
			return f, nil
		}
	}
}

// follow goes on with every row of every budget of a book.
func (f *following) follow(ctx context.Context, b *budgets.Budgets, book *budgets.Book) error {
	f.now, f.seen = book.At, map[key]bool{}
	if err := b.Readers(ctx, f.slug, book, f.spans, f.budget); err != nil {
		return err
	}
	for k, span := range f.open {
		if level, err := book.Level(k.level); !f.seen[k] && (errors.Is(err, evenkeel.ErrNotFound) || level.Problem == "") {
			f.leave(k, span)
		}
	}
	return nil
}

// leave ends a span whose row is no more: what became of it is not known.
func (f *following) leave(k key, span evenkeel.AlertSpan) {
	span.State, span.Until = string(slo.AlertNoData), f.now
	f.unsaved = append(f.unsaved, change{span: span, quiet: true})
	delete(f.open, k)
	delete(f.standing, k)
	delete(f.histories, k)
}

// watched is a row of a budget.
type watched struct {
	key
	budget *budgets.Budget
	row    slo.AlertRow
	// after is where following goes on, and to the last instant.
	after, to time.Time
}

// rows are those of a budget.
func (f *following) rows(b *budgets.Budget) (list []watched, err error) {
	d := b.Definition()
	rows, err := b.Rows()
	for _, row := range rows {
		w := watched{key: key{b.Level().ID, b.Objective.Name, b.AlertSeries(), string(row.Severity), row.Name()}, budget: b, row: row, to: f.now.Add(-d.Delay)}
		w.after = w.to.Add(-min(row.Long+row.For, furthest))
		if h, known := f.histories[w.key]; known {
			w.after = later(w.after, h.Seen)
		} else if span, open := f.open[w.key]; open {
			w.after = later(w.to.Add(-furthest), span.From)
		} else if w.after = later(w.after, f.ended[w.key]); f.past > 0 {
			w.after = w.to.Add(-f.past)
		}
		list = append(list, w)
	}
	return list, err
}

// spans are those whose ends are looked at, an hour apart.
func (f *following) spans(b *budgets.Budget) (list []evenkeel.Window) {
	rows, _ := f.rows(b) // A budget whose set is not known has no assessment either.
	for _, w := range rows {
		for at := w.after.Truncate(time.Hour); !at.After(w.to); at = at.Add(time.Hour) {
			end := at.Add(59 * time.Minute) // Any instant of the hour but its beginning.
			list = append(list, evenkeel.Window{From: end.Add(-w.row.Long), To: end}, evenkeel.Window{From: end.Add(-w.row.Short), To: end})
		}
	}
	return list
}

// budget goes on with the rows of a budget.
func (f *following) budget(b *budgets.Budget, reader slo.Reader) error {
	rows, err := f.rows(b)
	for _, w := range rows {
		f.seen[w.key] = true
		h := reader.Follow(w.row, f.history(w, reader), w.after, w.to)
		f.note(w, h)
		h.Past = nil
		f.histories[w.key] = h
	}
	return err
}

// history is what a row's goes on from: what is in memory, the span that was
// kept, or the alert that stood when looking begins.
func (f *following) history(w watched, reader slo.Reader) slo.AlertHistory {
	h, known := f.histories[w.key]
	if known && (h.Now != nil || !h.Seen.Before(w.after)) {
		return h
	}
	if span, open := f.open[w.key]; open && !known {
		return slo.Resume(w.row, slo.AlertState(span.State), span.From, span.Peak, w.after)
	}
	h = slo.AlertHistory{Seen: w.after}
	if !w.after.Equal(f.ended[w.key]) {
		h.Now = reader.Alert(reader.Read(w.row, w.after))
	}
	return h
}

// note finds what is new in a history.
func (f *following) note(w watched, h slo.AlertHistory) {
	for _, a := range h.Past {
		_, stood := f.open[w.key]
		f.unsaved = append(f.unsaved, change{span: w.span(a), notice: f.notice(w, a), quiet: !stood || !w.row.Tells(a.State)})
		delete(f.open, w.key)
		delete(f.standing, w.key)
	}
	if h.Now == nil || !h.Now.Lasts() {
		return
	}
	span, notice, tells := w.span(*h.Now), f.notice(w, *h.Now), w.row.Tells(h.Now.State)
	if delete(f.standing, w.key); tells {
		f.standing[w.key] = notice
	}
	if before, stood := f.open[w.key]; !stood || before.State != span.State || before.Peak < span.Peak {
		f.unsaved = append(f.unsaved, change{span: span, notice: notice, quiet: !tells})
	}
	f.open[w.key] = span
}

func (w watched) span(a slo.Alert) evenkeel.AlertSpan {
	return evenkeel.AlertSpan{
		ServiceLevel: w.level, Objective: w.objective, Series: w.series, Severity: w.severity, Row: w.key.row,
		From: a.From, Until: a.Until, Peak: a.Peak, State: string(a.State),
	}
}

// save tells the store what is new, and returns what others are to hear from
// here.
func (f *following) save(ctx context.Context, w Workspace) (tell []connectors.AlertNotice, err error) {
	if len(f.unsaved) == 0 {
		return nil, nil
	}
	spans, notices := make([]evenkeel.AlertSpan, len(f.unsaved)), map[news]change{}
	for i, c := range f.unsaved {
		spans[i], notices[newsOf(c.span)] = c.span, c
	}
	changed, err := w.SaveAlertSpans(ctx, spans)
	if err != nil {
		return nil, err
	}
	f.unsaved = nil
	for _, span := range changed {
		if c := notices[newsOf(span)]; !c.quiet {
			tell = append(tell, c.notice)
		}
	}
	return tell, nil
}

// news names a change of a row. A span that is kept may have begun at another
// instant than the one that was said.
type news struct {
	key
	state string
	until int64
}

func newsOf(s evenkeel.AlertSpan) news { return news{keyOf(s), s.State, s.Until.UnixMicro()} }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
