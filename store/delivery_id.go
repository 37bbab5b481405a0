package store

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"time"
)

// A delivery's id is 20 hexadecimal digits: 11 of the millisecond in which it
// arrived, and 9 of a counter that begins at random in every process. So ids
// sort by arrival, differ within a process, and differ between processes but
// for one pair in 2^36 of the same millisecond.

const (
	counterBits = 36
	millisecond = instant(time.Millisecond / time.Microsecond)
	// idFormat and prefixFormat write an id and its first part.
	idFormat, prefixFormat = "%011x%09x", "%011x"
)

// arrivals numbers deliveries.
type arrivals struct{ last atomic.Uint64 }

func newArrivals() (*arrivals, error) {
	var raw [8]byte
	if _, err := rand.Read(raw[:]); err != nil {
		return nil, err
	}
	a := &arrivals{}
	a.last.Store(binary.BigEndian.Uint64(raw[:]))
	return a, nil
}

func (a *arrivals) id(at instant) string {
	return fmt.Sprintf(idFormat, milliseconds(at), a.last.Add(1)%(1<<counterBits))
}

// firstID is not greater than the ids of deliveries that arrived at the
// instant or later, and greater than those of earlier milliseconds.
func firstID(at instant) string { return fmt.Sprintf(prefixFormat, milliseconds(at)) }

func milliseconds(at instant) instant { return max(at, 0) / millisecond }
