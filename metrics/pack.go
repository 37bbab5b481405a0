package metrics

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// Pack writes the columns as segments, by environment and month. The same
// Derived always gives the same bytes.
func (d Derived) Pack() []evenkeel.Segment {
	var segments []evenkeel.Segment
	environments := d.columns()
	for i, e := range environments {
		months, name := e.months(), e.name
		if i > 0 && environments[i-1].name == name {
			name += classMark + string(e.class)
		}
		for _, month := range sortedKeys(months) {
			segments = append(segments, months[month].pack(name, month))
		}
	}
	return segments
}

// pack writes the columns of a month.
func (e *environment) pack(name, month string) evenkeel.Segment {
	w := &coder{data: []byte(EngineVersion + "\n"), writing: true}
	e.code(w)
	return evenkeel.Segment{Environment: name, Month: month, Data: w.data}
}

// classMark comes between the name of an environment and its class in segments
// of one that other rules gave another class before.
const classMark = "\x1f"

// Unpack reads what Pack wrote, in any order. A segment of another engine
// version or with damaged data is an error that wraps evenkeel.ErrInvalid.
func Unpack(application string, segments []evenkeel.Segment) (Derived, error) {
	sorted := slices.Clone(segments)
	slices.SortStableFunc(sorted, func(a, b evenkeel.Segment) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Month, b.Month))
	})
	d := Derived{Application: application, lookup: &lookup{}}
	last := -1
	for i, s := range sorted {
		month, err := decode(s)
		if err != nil {
			return Derived{}, fmt.Errorf("metrics: segment %q %s: %w", s.Environment, s.Month, err)
		}
		if i == 0 || sorted[i-1].Environment != s.Environment {
			name := s.Environment
			if plain, class, marked := strings.Cut(name, classMark); marked && class == string(month.class) && last >= 0 && d.environments[last].name == plain {
				name = plain
			}
			d.environments = append(d.environments, &environment{name: name, class: month.class})
			last++
		}
		if d.environments[last].class != month.class {
			return Derived{}, fmt.Errorf("metrics: segment %q %s: %w: its class differs from the month before", s.Environment, s.Month, evenkeel.ErrInvalid)
		}
		d.environments[last].appendMonth(month)
	}
	for _, e := range d.environments {
		if !e.ascends() {
			return Derived{}, fmt.Errorf("metrics: environment %q: %w: its months overlap", e.name, evenkeel.ErrInvalid)
		}
	}
	return d, nil
}

func decode(s evenkeel.Segment) (*environment, error) {
	header := EngineVersion + "\n"
	if len(s.Data) < len(header) || string(s.Data[:len(header)]) != header {
		return nil, fmt.Errorf("%w: it is not of version %s", evenkeel.ErrInvalid, EngineVersion)
	}
	r := &coder{data: s.Data[len(header):]}
	e := &environment{name: s.Environment}
	e.code(r)
	if r.failed || len(r.data) > 0 || !e.sound() {
		return nil, fmt.Errorf("%w: its data is damaged", evenkeel.ErrInvalid)
	}
	return e, nil
}

// coder writes or reads columns; one description of the layout serves both.
type coder struct {
	data    []byte
	writing bool
	failed  bool
}

// length codes the length of a column of which a row takes at least so many bytes.
func (c *coder) length(n, least int) int {
	if c.writing {
		c.data = binary.AppendUvarint(c.data, uint64(n))
		return n
	}
	v, used := binary.Uvarint(c.data)
	if used <= 0 || v > uint64(len(c.data)-used)/uint64(least) {
		c.failed, c.data = true, nil
		return 0
	}
	c.data = c.data[used:]
	return int(v)
}

func (c *coder) varint(v int64) int64 {
	if c.writing {
		c.data = binary.AppendVarint(c.data, v)
		return v
	}
	v, used := binary.Varint(c.data)
	if used <= 0 {
		c.failed, c.data = true, nil
		return 0
	}
	c.data = c.data[used:]
	return v
}

func (c *coder) text(s *string) {
	n := c.length(len(*s), 1)
	if c.writing {
		c.data = append(c.data, *s...)
		return
	}
	*s, c.data = string(c.data[:n]), c.data[n:]
}

func (c *coder) ids(column *[]ID) {
	n := c.length(len(*column), len(ID{}))
	if c.writing {
		for _, id := range *column {
			c.data = append(c.data, id[:]...)
		}
		return
	}
	for range n {
		*column = append(*column, ID(c.data[:len(ID{})]))
		c.data = c.data[len(ID{}):]
	}
}

// ascending codes instants as differences.
func (c *coder) ascending(column *[]int64) {
	var last int64
	n := c.length(len(*column), 1)
	for i := range n {
		if c.writing {
			c.varint((*column)[i] - last)
			last = (*column)[i]
			continue
		}
		last += c.varint(0)
		*column = append(*column, last)
	}
}

func numbers[T ~uint8 | ~uint16 | ~int32 | ~int64](c *coder, column *[]T) {
	n := c.length(len(*column), 1)
	for i := range n {
		if c.writing {
			c.varint(int64((*column)[i]))
			continue
		}
		*column = append(*column, T(c.varint(0)))
	}
}

// code describes the layout of a segment.
func (e *environment) code(c *coder) {
	c.text((*string)(&e.class))
	d := &e.deployments
	c.ids(&d.id)
	c.ascending(&d.at)
	numbers(c, &d.flags)
	numbers(c, &d.rung)
	numbers(c, &d.method)
	numbers(c, &d.shipped)
	numbers(c, &d.nearGap)
	c.ids(&d.records)
	numbers(c, &d.recordOf)
	c.ids(&e.attempts.id)
	c.ascending(&e.attempts.at)
	numbers(c, &e.attempts.flags)
	c.ids(&e.changes.id)
	numbers(c, &e.changes.deployment)
	numbers(c, &e.changes.flags)
	numbers(c, &e.changes.method)
	numbers(c, &e.changes.lead)
	for p := range e.changes.phases {
		numbers(c, &e.changes.phases[p])
	}
	numbers(c, &e.changes.buildRun)
	numbers(c, &e.changes.deployRun)
	numbers(c, &e.changes.size)
	numbers(c, &e.changes.begun)
	c.ids(&e.commits.id)
	numbers(c, &e.commits.deployment)
	numbers(c, &e.commits.flags)
	numbers(c, &e.commits.lead)
	i := &e.incidents
	c.ids(&i.id)
	c.ascending(&i.at)
	numbers(c, &i.flags)
	numbers(c, &i.rung)
	c.ids(&i.deployment)
	numbers(c, &i.restored)
	numbers(c, &i.recovery)
	c.ids(&i.automatic)
	numbers(c, &i.automaticRung)
	r := &e.recoveries
	c.ids(&r.id)
	c.ascending(&r.at)
	numbers(c, &r.flags)
	numbers(c, &r.recovery)
	numbers(c, &r.fromDeployment)
	e.notes.columns(c)
	e.unshipped.columns(c)
	c.ascending(&e.reversals.at)
	c.ids(&e.reversals.by)
	c.ids(&e.reversals.id)
	c.ascending(&e.blames.at)
	c.ids(&e.blames.by)
	c.ids(&e.blames.id)
	numbers(c, &e.blames.rung)
	numbers(c, &e.blames.flags)
	e.open.columns(c)
	e.builds.columns(c)
}

func (o *open) columns(c *coder) {
	c.ids(&o.id)
	c.ascending(&o.at)
	numbers(c, &o.merged)
	numbers(c, &o.closed)
	numbers(c, &o.flags)
	numbers(c, &o.size)
}

func (b *builds) columns(c *coder) {
	c.ids(&b.id)
	c.ascending(&b.at)
	numbers(c, &b.flags)
	numbers(c, &b.wait)
	numbers(c, &b.run)
}

func (n *notes) columns(c *coder) {
	c.ascending(&n.at)
	numbers(c, &n.code)
	numbers(c, &n.flags)
	c.ids(&n.id)
}

// sound says whether columns of one kind are equally long, instants ascend,
// and rows refer to rows that exist; it restores the instants of shipments,
// which are those of their deployments.
func (e *environment) sound() bool {
	d, ch, co, i, r := &e.deployments, &e.changes, &e.commits, &e.incidents, &e.recoveries
	ok := equal(len(d.id), len(d.at), len(d.flags), len(d.rung), len(d.method), len(d.shipped), len(d.nearGap)) && equal(len(d.records), len(d.recordOf)) &&
		equal(len(e.attempts.id), len(e.attempts.at), len(e.attempts.flags)) &&
		equal(len(ch.id), len(ch.deployment), len(ch.flags), len(ch.method), len(ch.lead), len(ch.buildRun), len(ch.deployRun), len(ch.size), len(ch.begun)) &&
		equal(len(co.id), len(co.deployment), len(co.flags), len(co.lead)) &&
		equal(len(i.id), len(i.at), len(i.flags), len(i.rung), len(i.deployment), len(i.restored), len(i.recovery), len(i.automatic), len(i.automaticRung)) &&
		equal(len(r.id), len(r.at), len(r.flags), len(r.recovery), len(r.fromDeployment)) &&
		equal(len(e.reversals.at), len(e.reversals.by), len(e.reversals.id)) && e.notes.sound() && e.unshipped.sound() &&
		equal(len(e.blames.at), len(e.blames.by), len(e.blames.id), len(e.blames.rung), len(e.blames.flags)) && e.open.sound() && e.builds.sound()
	for p := range ch.phases {
		ok = ok && len(ch.phases[p]) == len(ch.id)
	}
	unnamed := func(m uint8) bool { return m >= methodCount }
	ok = ok && e.ascends() && !slices.ContainsFunc(d.method, unnamed) && !slices.ContainsFunc(ch.method, unnamed)
	for _, rows := range [][]int32{d.recordOf, ch.deployment, co.deployment} {
		ok = ok && slices.IsSorted(rows) && !slices.ContainsFunc(rows, func(row int32) bool { return row < 0 || int(row) >= len(d.id) })
	}
	if ok {
		ch.at, co.at = d.atRows(ch.deployment), d.atRows(co.deployment)
	}
	return ok
}

func (n *notes) sound() bool {
	return equal(len(n.at), len(n.code), len(n.flags), len(n.id)) && !slices.ContainsFunc(n.code, func(code uint8) bool { return code >= noteCount })
}

func (o *open) sound() bool {
	return equal(len(o.id), len(o.at), len(o.merged), len(o.closed), len(o.flags), len(o.size))
}

func (b *builds) sound() bool {
	return equal(len(b.id), len(b.at), len(b.flags), len(b.wait), len(b.run))
}

// ascends says that all instants are in order.
func (e *environment) ascends() bool {
	return slices.IsSorted(e.deployments.at) && slices.IsSorted(e.attempts.at) && slices.IsSorted(e.incidents.at) &&
		slices.IsSorted(e.recoveries.at) && slices.IsSorted(e.notes.at) && slices.IsSorted(e.unshipped.at) &&
		slices.IsSorted(e.reversals.at) && slices.IsSorted(e.blames.at) && slices.IsSorted(e.open.at) && slices.IsSorted(e.builds.at)
}

func equal(lengths ...int) bool {
	return slices.Min(lengths) == slices.Max(lengths)
}

func (c *deployments) atRows(rows []int32) []int64 {
	if len(rows) == 0 {
		return nil
	}
	at := make([]int64, len(rows))
	for i, row := range rows {
		at[i] = c.at[row]
	}
	return at
}

// months cuts an environment into its months.
func (e *environment) months() map[string]*environment {
	months := map[string]*environment{}
	month := func(name string) *environment {
		if months[name] == nil {
			months[name] = &environment{name: e.name, class: e.class}
		}
		return months[name]
	}
	for name, rows := range monthRows(e.deployments.at) {
		month(name).deployments = e.deployments.cut(rows)
		month(name).changes = e.changes.cut(rows)
		month(name).commits = e.commits.cut(rows)
	}
	for name, rows := range monthRows(e.attempts.at) {
		c := &e.attempts
		month(name).attempts = attempts{c.id[rows.from:rows.to], c.at[rows.from:rows.to], c.flags[rows.from:rows.to]}
	}
	for name, rows := range monthRows(e.incidents.at) {
		month(name).incidents = e.incidents.cut(rows)
	}
	for name, rows := range monthRows(e.recoveries.at) {
		month(name).recoveries = e.recoveries.cut(rows)
	}
	for name, rows := range monthRows(e.notes.at) {
		month(name).notes = e.notes.cut(rows)
	}
	for name, rows := range monthRows(e.unshipped.at) {
		month(name).unshipped = e.unshipped.cut(rows)
	}
	for name, rows := range monthRows(e.reversals.at) {
		c := &e.reversals
		month(name).reversals = reversals{c.at[rows.from:rows.to], c.by[rows.from:rows.to], c.id[rows.from:rows.to]}
	}
	for name, rows := range monthRows(e.blames.at) {
		c := &e.blames
		month(name).blames = blames{c.at[rows.from:rows.to], c.by[rows.from:rows.to], c.id[rows.from:rows.to], c.rung[rows.from:rows.to], c.flags[rows.from:rows.to]}
	}
	for name, rows := range monthRows(e.open.at) {
		month(name).open = e.open.cut(rows)
	}
	for name, rows := range monthRows(e.builds.at) {
		month(name).builds = e.builds.cut(rows)
	}
	return months
}

// rows is a span of rows.
type rows struct{ from, to int }

// monthRows says which rows of a sorted column lie in which month.
func monthRows(at []int64) map[string]rows {
	spans := map[string]rows{}
	for from := 0; from < len(at); {
		name, in := monthAt(at[from])
		to, _ := slices.BinarySearch(at[from:], in.to)
		spans[name] = rows{from, from + to}
		from += to
	}
	return spans
}

func (c *deployments) cut(r rows) deployments {
	from, _ := slices.BinarySearch(c.recordOf, int32(r.from))
	to, _ := slices.BinarySearch(c.recordOf, int32(r.to))
	return deployments{
		id: c.id[r.from:r.to], at: c.at[r.from:r.to], flags: c.flags[r.from:r.to], rung: c.rung[r.from:r.to], method: c.method[r.from:r.to],
		shipped: c.shipped[r.from:r.to], nearGap: c.nearGap[r.from:r.to], records: c.records[from:to], recordOf: shifted(c.recordOf[from:to], -r.from),
	}
}

func (c *changes) cut(r rows) changes {
	from, _ := slices.BinarySearch(c.deployment, int32(r.from))
	to, _ := slices.BinarySearch(c.deployment, int32(r.to))
	out := changes{id: c.id[from:to], deployment: shifted(c.deployment[from:to], -r.from), flags: c.flags[from:to], lead: c.lead[from:to]}
	for p := range c.phases {
		out.phases[p] = c.phases[p][from:to]
	}
	out.method = c.method[from:to]
	out.buildRun, out.deployRun, out.size, out.begun = c.buildRun[from:to], c.deployRun[from:to], c.size[from:to], c.begun[from:to]
	return out
}

func (c *commits) cut(r rows) commits {
	from, _ := slices.BinarySearch(c.deployment, int32(r.from))
	to, _ := slices.BinarySearch(c.deployment, int32(r.to))
	return commits{id: c.id[from:to], deployment: shifted(c.deployment[from:to], -r.from), flags: c.flags[from:to], lead: c.lead[from:to]}
}

func (c *incidents) cut(r rows) incidents {
	return incidents{
		c.id[r.from:r.to], c.at[r.from:r.to], c.flags[r.from:r.to], c.rung[r.from:r.to],
		c.deployment[r.from:r.to], c.restored[r.from:r.to], c.recovery[r.from:r.to],
		c.automatic[r.from:r.to], c.automaticRung[r.from:r.to],
	}
}

func (c *recoveries) cut(r rows) recoveries {
	return recoveries{c.id[r.from:r.to], c.at[r.from:r.to], c.flags[r.from:r.to], c.recovery[r.from:r.to], c.fromDeployment[r.from:r.to]}
}

func (n *notes) cut(r rows) notes {
	return notes{n.at[r.from:r.to], n.code[r.from:r.to], n.flags[r.from:r.to], n.id[r.from:r.to]}
}

func (o *open) cut(r rows) open {
	return open{o.id[r.from:r.to], o.at[r.from:r.to], o.merged[r.from:r.to], o.closed[r.from:r.to], o.flags[r.from:r.to], o.size[r.from:r.to]}
}

func (b *builds) cut(r rows) builds {
	return builds{b.id[r.from:r.to], b.at[r.from:r.to], b.flags[r.from:r.to], b.wait[r.from:r.to], b.run[r.from:r.to]}
}

func shifted(rows []int32, by int) []int32 {
	out := make([]int32, len(rows))
	for i, row := range rows {
		out[i] = row + int32(by)
	}
	return out
}

// appendMonth adds the rows of the next month.
func (e *environment) appendMonth(m *environment) {
	offset := len(e.deployments.id)
	d, o := &e.deployments, &m.deployments
	d.id, d.at, d.flags = append(d.id, o.id...), append(d.at, o.at...), append(d.flags, o.flags...)
	d.rung, d.method, d.shipped = append(d.rung, o.rung...), append(d.method, o.method...), append(d.shipped, o.shipped...)
	d.nearGap = append(d.nearGap, o.nearGap...)
	d.records, d.recordOf = append(d.records, o.records...), append(d.recordOf, shifted(o.recordOf, offset)...)
	a := &e.attempts
	a.id, a.at, a.flags = append(a.id, m.attempts.id...), append(a.at, m.attempts.at...), append(a.flags, m.attempts.flags...)
	ch := &e.changes
	ch.id, ch.at, ch.flags = append(ch.id, m.changes.id...), append(ch.at, m.changes.at...), append(ch.flags, m.changes.flags...)
	ch.deployment, ch.lead = append(ch.deployment, shifted(m.changes.deployment, offset)...), append(ch.lead, m.changes.lead...)
	for p := range ch.phases {
		ch.phases[p] = append(ch.phases[p], m.changes.phases[p]...)
	}
	ch.buildRun, ch.deployRun = append(ch.buildRun, m.changes.buildRun...), append(ch.deployRun, m.changes.deployRun...)
	ch.size, ch.begun = append(ch.size, m.changes.size...), append(ch.begun, m.changes.begun...)
	ch.method = append(ch.method, m.changes.method...)
	co := &e.commits
	co.id, co.at, co.flags = append(co.id, m.commits.id...), append(co.at, m.commits.at...), append(co.flags, m.commits.flags...)
	co.deployment, co.lead = append(co.deployment, shifted(m.commits.deployment, offset)...), append(co.lead, m.commits.lead...)
	i := &e.incidents
	i.id, i.at, i.flags, i.rung = append(i.id, m.incidents.id...), append(i.at, m.incidents.at...), append(i.flags, m.incidents.flags...), append(i.rung, m.incidents.rung...)
	i.deployment, i.restored, i.recovery = append(i.deployment, m.incidents.deployment...), append(i.restored, m.incidents.restored...), append(i.recovery, m.incidents.recovery...)
	i.automatic, i.automaticRung = append(i.automatic, m.incidents.automatic...), append(i.automaticRung, m.incidents.automaticRung...)
	r := &e.recoveries
	r.id, r.at, r.flags = append(r.id, m.recoveries.id...), append(r.at, m.recoveries.at...), append(r.flags, m.recoveries.flags...)
	r.recovery, r.fromDeployment = append(r.recovery, m.recoveries.recovery...), append(r.fromDeployment, m.recoveries.fromDeployment...)
	e.notes.appendMonth(&m.notes)
	e.unshipped.appendMonth(&m.unshipped)
	v := &e.reversals
	v.at, v.by, v.id = append(v.at, m.reversals.at...), append(v.by, m.reversals.by...), append(v.id, m.reversals.id...)
	l := &e.blames
	l.at, l.by, l.id = append(l.at, m.blames.at...), append(l.by, m.blames.by...), append(l.id, m.blames.id...)
	l.rung, l.flags = append(l.rung, m.blames.rung...), append(l.flags, m.blames.flags...)
	e.open.appendMonth(&m.open)
	e.builds.appendMonth(&m.builds)
}

func (o *open) appendMonth(m *open) {
	o.id, o.at, o.merged, o.closed = append(o.id, m.id...), append(o.at, m.at...), append(o.merged, m.merged...), append(o.closed, m.closed...)
	o.flags, o.size = append(o.flags, m.flags...), append(o.size, m.size...)
}

func (b *builds) appendMonth(m *builds) {
	b.id, b.at, b.flags = append(b.id, m.id...), append(b.at, m.at...), append(b.flags, m.flags...)
	b.wait, b.run = append(b.wait, m.wait...), append(b.run, m.run...)
}

func (n *notes) appendMonth(o *notes) {
	n.at, n.code, n.flags, n.id = append(n.at, o.at...), append(n.code, o.code...), append(n.flags, o.flags...), append(n.id, o.id...)
}
