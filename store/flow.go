package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// flowRow is one flow as the database gathers it. Its days are one text, so
// that half a year of every subject is not as many rows as there are days.
type flowRow struct {
	Kind    kind
	Source  string
	Subject string
	LastAt  instant
	// Days are "20000:3,20001:1", days since 1970 and counts, in any order.
	Days string
}

const dayMicros = instant(24 * time.Hour / time.Microsecond)

// Flows counts the facts of the window by kind, source and subject, for each
// day. Commits are counted by repository, each once, by when they were
// committed; series are not counted.
func (w *Workspace) Flows(ctx context.Context, window evenkeel.Window) ([]evenkeel.Flow, error) {
	var flows []evenkeel.Flow
	err := w.read(ctx, func(tx *gorm.DB) error {
		owners, err := w.owners(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := w.flowRows(tx.WithContext(ctx), window)
		if err != nil {
			return err
		}
		for _, row := range rows {
			flow, err := row.flow(owners[row.Subject])
			if err != nil {
				return err
			}
			flows = append(flows, flow)
		}
		commits, err := w.commitFlows(ctx, tx, window, owners)
		flows = append(flows, commits...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: flows: %w", err)
	}
	return flows, nil
}

func (w *Workspace) flowRows(tx *gorm.DB, window evenkeel.Window) ([]flowRow, error) {
	days := "group_concat(day || ':' || n)"
	if tx.Name() == "postgres" {
		days = "string_agg(day || ':' || n, ',')"
	}
	var rows []flowRow
	err := tx.Raw(`SELECT kind, source, subject, max(last_at) AS last_at, `+days+` AS days
		FROM (SELECT kind, source, subject, at / ? AS day, count(*) AS n, max(at) AS last_at
			FROM facts WHERE workspace = ? AND gone = false AND at >= ? AND at < ?
			GROUP BY kind, source, subject, day) AS daily
		GROUP BY kind, source, subject`,
		dayMicros, w.slug, instantOf(window.From), instantOf(window.To)).Scan(&rows).Error
	return rows, err
}

func (r flowRow) flow(applications []string) (evenkeel.Flow, error) {
	f := evenkeel.Flow{Kind: r.Kind.name(), Source: r.Source, Applications: applications, LastAt: r.LastAt.Time()}
	for pair := range strings.SplitSeq(r.Days, ",") {
		day, n, _ := strings.Cut(pair, ":")
		d, err := strconv.Atoi(day)
		if err != nil {
			return f, err
		}
		count, err := strconv.Atoi(n)
		if err != nil {
			return f, err
		}
		f.Days = append(f.Days, evenkeel.DayCount{Day: evenkeel.Day(d), N: count})
	}
	slices.SortFunc(f.Days, byDay)
	return f, nil
}

func byDay(a, b evenkeel.DayCount) int { return int(a.Day - b.Day) }

// commitFlows counts commits. Only segments that reach into the window are
// read, and of them only ids and times.
func (w *Workspace) commitFlows(ctx context.Context, tx *gorm.DB, window evenkeel.Window, owners map[string][]string) ([]evenkeel.Flow, error) {
	var heads []commitSegmentRow
	err := w.rows(tx.WithContext(ctx).Model(&commitSegmentRow{})).Select("repository, max(last_at) AS last_at").
		Where("first_at < ?", instantOf(window.To)).Group("repository").Order("repository").Find(&heads).Error
	if err != nil {
		return nil, err
	}
	counts := map[string]*commitDays{}
	from, to := instantOf(window.From), instantOf(window.To)
	rows, err := w.rows(tx.WithContext(ctx).Model(&commitSegmentRow{})).Select("repository, shas, body").Where("last_at >= ? AND first_at < ?", from, to).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var repository string
		var shas, body []byte
		if err := rows.Scan(&repository, &shas, &body); err != nil {
			return nil, err
		}
		if counts[repository] == nil {
			counts[repository] = &commitDays{seen: map[idPrefix]bool{}, days: map[evenkeel.Day]int{}}
		}
		if err := counts[repository].add(shas, body, from, to); err != nil {
			return nil, fmt.Errorf("%s: %w", repository, err)
		}
	}
	flows := make([]evenkeel.Flow, 0, len(heads))
	for _, head := range heads {
		f := evenkeel.Flow{
			Kind: evenkeel.KindCommit, Repository: head.Repository, LastAt: min(head.LastAt, to-1).Time(),
			Applications: owners[evenkeel.Subject{Repository: head.Repository}.String()],
		}
		if c := counts[head.Repository]; c != nil {
			f.Days = c.sorted()
		}
		flows = append(flows, f)
	}
	return flows, rows.Err()
}

// commitDays counts the commits of one repository, each once.
type commitDays struct {
	seen map[idPrefix]bool
	days map[evenkeel.Day]int
}

func (c *commitDays) add(shas, packed []byte, from, to instant) error {
	times, err := committedTimes(packed)
	if err != nil {
		return err
	}
	if len(times) == 0 {
		return nil
	}
	width := len(shas) / len(times)
	for i, at := range times {
		if id := prefixOf(shas[i*width:]); at >= from && at < to && !c.seen[id] {
			c.seen[id] = true
			c.days[evenkeel.Day(at/dayMicros)]++
		}
	}
	return nil
}

func (c *commitDays) sorted() []evenkeel.DayCount {
	days := make([]evenkeel.DayCount, 0, len(c.days))
	for day, n := range c.days {
		days = append(days, evenkeel.DayCount{Day: day, N: n})
	}
	slices.SortFunc(days, byDay)
	return days
}

// committedTimes reads when the commits of a packed body were committed, and
// nothing else.
func committedTimes(packed []byte) ([]instant, error) {
	_, decoder := codec()
	body, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSegment, err)
	}
	r := segmentReader{rest: body}
	if version := r.bytes(2); r.failed || version[0] != segmentVersion {
		return nil, fmt.Errorf("%w: unknown version", errSegment)
	}
	times := make([]instant, r.count())
	unit := int64(r.uvarint())
	for range times {
		r.varint() // When it was observed.
	}
	var committed int64
	for i := range times {
		committed += r.varint()
		times[i] = instant(committed * unit)
	}
	if r.failed {
		return nil, errSegment
	}
	return times, nil
}
