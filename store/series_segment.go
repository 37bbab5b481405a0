package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// slice is what one batch says of one slice of time.
type slice struct {
	at instant
	// observed is the batch's, and decides between batches.
	observed instant
	// body is the amounts, written so that equal amounts are equal bytes.
	body []byte
	// since is the revision that made the amounts known; 0 before it is kept.
	since int64
}

// beats says whether a slice holds against another one of its time: the newest
// does, and of two at one instant the greater. What holds therefore does not
// depend on the order of arrival.
func (s slice) beats(other slice) bool {
	if s.observed != other.observed {
		return s.observed > other.observed
	}
	return bytes.Compare(s.body, other.body) > 0
}

// errSlices says that stored bytes are not a segment of a series.
var errSlices = errors.New("the packed slices are damaged; restore a backup")

// slicesVersion is that of what packSlices writes. Version 1 knew no since: its
// slices are known since the revision of their row.
const slicesVersion = 2

// hourOf is the beginning of the hour of an instant.
func hourOf(at instant) instant {
	const hour = instant(time.Hour / time.Microsecond)
	return at - at%hour
}

// packSlices packs the slices of a row, which are in the order of time and since.
func packSlices(row seriesSegmentRow, list []slice) []byte {
	const second = instant(time.Second / time.Microsecond)
	b := binary.AppendUvarint([]byte{slicesVersion}, uint64(len(list)))
	at, observed, since := row.HourAt, instant(0), row.Seq
	for _, s := range list {
		b = binary.AppendVarint(b, int64((s.at-at)/second))
		at = s.at
	}
	for _, s := range list {
		b = binary.AppendVarint(b, int64(s.observed-observed))
		observed = s.observed
	}
	for _, s := range list {
		b = binary.AppendVarint(b, s.since-since)
		since = s.since
	}
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s.body))), s.body...)
	}
	encoder, _ := codec()
	return encoder.EncodeAll(b, nil)
}

// unpack reads what packSlices wrote, now or before there was a since;
// errSlices on other bytes.
func (row seriesSegmentRow) unpack() ([]slice, error) {
	_, decoder := codec()
	body, err := decoder.DecodeAll(row.Body, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSlices, err)
	}
	r := segmentReader{rest: body}
	version := r.byte()
	if r.failed || version == 0 || version > slicesVersion {
		return nil, fmt.Errorf("%w: unknown version", errSlices)
	}
	list := make([]slice, r.count())
	at, observed, since := row.HourAt, int64(0), row.Seq
	for i := range list {
		at += instant(r.varint()) * instant(time.Second/time.Microsecond)
		list[i].at = at
	}
	for i := range list {
		observed += r.varint()
		list[i].observed = instant(observed)
	}
	for i := range list {
		if version > 1 {
			since += r.varint()
		}
		list[i].since = since
	}
	for i := range list {
		list[i].body = r.bytes(r.count())
	}
	if r.failed || len(r.rest) != 0 {
		return nil, errSlices
	}
	return list, nil
}

// knownAt leaves those of a row's slices that held at a revision: of each time
// the last that was known.
func knownAt(list []slice, revision int64) []slice {
	held := list[:0]
	for _, s := range list {
		switch last := len(held) - 1; {
		case s.since > revision:
		case last >= 0 && held[last].at == s.at:
			held[last] = s
		default:
			held = append(held, s)
		}
	}
	return held
}

// packMeasured writes amounts so that the order of the bytes is that of good,
// then bad, total and value, and what was not measured is least.
func packMeasured(s evenkeel.Slice) []byte {
	b := make([]byte, 0, 4*(1+8))
	for _, amount := range []*float64{s.Good, s.Bad, s.Total, s.Value} {
		if amount == nil {
			b = append(b, 0)
			continue
		}
		bits := math.Float64bits(*amount)
		if math.Signbit(*amount) {
			bits = ^bits
		} else {
			bits |= 1 << 63
		}
		b = binary.BigEndian.AppendUint64(append(b, 1), bits)
	}
	return b
}

func unpackMeasured(s slice) (evenkeel.Slice, error) {
	r := segmentReader{rest: s.body}
	amounts := make([]float64, 4) // One allocation for all of them.
	amount := func() *float64 {
		if r.byte() == 0 {
			return nil
		}
		raw := r.bytes(8)
		if r.failed {
			return nil
		}
		bits := binary.BigEndian.Uint64(raw)
		if bits>>63 == 1 {
			bits &^= 1 << 63
		} else {
			bits = ^bits
		}
		n := &amounts[0]
		*n, amounts = math.Float64frombits(bits), amounts[1:]
		return n
	}
	m := evenkeel.Slice{At: s.at.Time(), Good: amount(), Bad: amount(), Total: amount(), Value: amount()}
	if r.failed || len(r.rest) != 0 {
		return m, errSlices
	}
	return m, nil
}

// packUsed writes counts so that the order of the bytes is that of variant and
// count, one after the other. Names of variants hold no NUL byte.
func packUsed(s evenkeel.UsageSlice) []byte {
	var b []byte
	for _, variant := range slices.Sorted(maps.Keys(s.Counts)) {
		b = binary.BigEndian.AppendUint64(append(append(b, variant...), 0), uint64(s.Counts[variant]))
	}
	return b
}

func unpackUsed(s slice) (evenkeel.UsageSlice, error) {
	u := evenkeel.UsageSlice{At: s.at.Time(), Counts: map[string]int{}}
	for rest := s.body; len(rest) > 0; {
		variant, after, ok := bytes.Cut(rest, []byte{0})
		if !ok || len(after) < 8 {
			return u, errSlices
		}
		u.Counts[string(variant)] = int(binary.BigEndian.Uint64(after))
		rest = after[8:]
	}
	return u, nil
}
