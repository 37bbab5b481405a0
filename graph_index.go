package evenkeel

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// index finds commits by id. Ids are hashes and spread evenly, so that a table
// by their first bits leads to one or two of them; where they do not, what is
// left is searched by halves.
type index struct {
	keys   []key   // By id.
	starts []int32 // By the first bits of an id, where they begin in keys.
	shift  uint8
}

// key is the start of an id with the number of its commit.
type key struct {
	prefix uint32
	at     int32
}

func keyOf(sha *SHA, at int) key { return key{binary.BigEndian.Uint32(sha[:4]), int32(at)} }

func compareIDs(a, b *SHA) int {
	return cmp.Or(cmp.Compare(binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(b[:8])), bytes.Compare(a[8:], b[8:]))
}

// newIndex indexes keys that are in the order of their ids.
func newIndex(keys []key) index {
	width := max(bits.Len(uint(len(keys)))-1, 1)
	x := index{keys: keys, starts: make([]int32, 1<<width+1), shift: uint8(32 - width)}
	for _, k := range keys {
		x.starts[k.prefix>>x.shift+1]++
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	return x
}

// find is the number of a commit; shas are the ids by number.
func (x *index) find(shas []SHA, sha *SHA) (int32, bool) {
	if len(x.keys) == 0 {
		return 0, false
	}
	prefix := binary.BigEndian.Uint32(sha[:4])
	near := x.keys[x.starts[prefix>>x.shift]:x.starts[prefix>>x.shift+1]]
	low, high := 0, len(near)
	for low < high {
		middle := int(uint(low+high) >> 1)
		k := near[middle]
		order := cmp.Compare(k.prefix, prefix)
		if order == 0 {
			order = compareIDs(&shas[k.at], sha)
		}
		switch {
		case order == 0:
			return k.at, true
		case order < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return 0, false
}

// sortKeys puts keys in the order of their ids.
func sortKeys(keys []key, shas []SHA) {
	slices.SortFunc(keys, func(a, b key) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return compareIDs(&shas[a.at], &shas[b.at])
	})
}
