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

const slicesVersion = 1

// hourOf is the beginning of the hour of an instant.
func hourOf(at instant) instant {
	const hour = instant(time.Hour / time.Microsecond)
	return at - at%hour
}

// packSlices packs the slices of one hour, which are in the order of time.
func packSlices(hour instant, list []slice) []byte {
	b := binary.AppendUvarint([]byte{slicesVersion}, uint64(len(list)))
	var at, observed instant
	for _, s := range list {
		b = binary.AppendVarint(b, int64((s.at-hour)/instant(time.Second/time.Microsecond)-at))
		at = (s.at - hour) / instant(time.Second/time.Microsecond)
	}
	for _, s := range list {
		b = binary.AppendVarint(b, int64(s.observed-observed))
		observed = s.observed
	}
	for _, s := range list {
		b = append(binary.AppendUvarint(b, uint64(len(s.body))), s.body...)
	}
	encoder, _ := codec()
	return encoder.EncodeAll(b, nil)
}

// unpackSlices reads what packSlices wrote; errSlices on other bytes.
func unpackSlices(hour instant, packed []byte) ([]slice, error) {
	_, decoder := codec()
	body, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSlices, err)
	}
	r := segmentReader{rest: body}
	if version := r.byte(); r.failed || version != slicesVersion {
		return nil, fmt.Errorf("%w: unknown version", errSlices)
	}
	list := make([]slice, r.count())
	var seconds, observed int64
	for i := range list {
		seconds += r.varint()
		list[i].at = hour + instant(seconds)*instant(time.Second/time.Microsecond)
	}
	for i := range list {
		observed += r.varint()
		list[i].observed = instant(observed)
	}
	for i := range list {
		list[i].body = r.bytes(r.count())
	}
	if r.failed || len(r.rest) != 0 {
		return nil, errSlices
	}
	return list, nil
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
