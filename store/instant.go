package store

import "time"

// instant is a point in time as it is stored: microseconds since 1970 in UTC,
// and 0 for an unknown time. An integer column means the same in every
// database, session and time zone, and a time.Time cannot be put where an
// instant is asked for, neither in a row nor in a condition.
type instant int64

func instantOf(t time.Time) instant {
	if t.IsZero() {
		return 0
	}
	return instant(t.UnixMicro())
}

// Time is the instant in UTC; the zero time for an unknown one.
func (i instant) Time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(i)).UTC()
}

// earlier is the earlier of two instants, not counting unknown ones.
func earlier(a, b instant) instant {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}
