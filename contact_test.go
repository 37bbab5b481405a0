package evenkeel_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
)

// TestWhatConnectionsKnow, by hand, in hours after the connection was made. One
// that is asked since half past one has read the past, down to ten hours before,
// by hour 2, was last read at hour 5, and again at hour 20, when it had read up
// what was missed. Up to an hour after it was last read it is taken to be known.
func TestWhatConnectionsKnow(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	h := func(n float64) time.Time { return made.Add(time.Duration(n * float64(time.Hour))) }
	windows := func(ends ...float64) (list []evenkeel.Window) {
		for i := 0; i < len(ends); i += 2 {
			list = append(list, evenkeel.Window{From: h(ends[i]), To: h(ends[i+1])})
		}
		return list
	}
	asked := evenkeel.Contact{From: h(1.5), Begun: h(1.5), Until: h(1.5)}
	read := evenkeel.Contact{From: h(-10), Begun: h(2), Until: h(5)}
	again := evenkeel.Contact{From: h(5), Begun: h(20), Until: h(30)}
	told := evenkeel.Contact{From: h(25), Begun: h(25)}
	span := func(contacts ...evenkeel.Contact) evenkeel.ConnectionSpan {
		return evenkeel.ConnectionSpan{From: made, Contacts: contacts}
	}
	removed := span(asked, read)
	removed.Until = h(12)
	soon := removed
	soon.Until = h(5.5)
	for what, one := range map[string]struct {
		span evenkeel.ConnectionSpan
		at   float64
		want []evenkeel.Window
	}{
		"one that tells by itself":                       {span(), 7, windows(0, 7)},
		"one that tells by itself, and was removed":      {evenkeel.ConnectionSpan{From: made, Until: h(3)}, 7, windows(0, 3)},
		"before it was made":                             {span(), -1, nil},
		"asked, and not read yet":                        {span(asked), 9, windows(0, 1.5)},
		"asked from the beginning":                       {span(evenkeel.Contact{From: h(0.1), Begun: h(0.1), Until: h(0.1)}), 9, nil},
		"before it was asked":                            {span(asked, read), 0.5, windows(0, 0.5)},
		"while the past is read":                         {span(asked, read), 1.7, windows(0, 1.5)},
		"when the past is read":                          {span(asked, read), 3, windows(-10, 3, 0, 1.5)},
		"within an hour of the last time":                {span(asked, read), 6, windows(-10, 6, 0, 1.5)},
		"later it is known up to the last time":          {span(asked, read), 6.1, windows(-10, 5, 0, 1.5)},
		"and stays so, whatever was read up later":       {span(asked, read, again), 19, windows(-10, 5, 0, 1.5)},
		"what was missed is known when it was read up":   {span(asked, read, again), 20, windows(-10, 5, 5, 20, 0, 1.5)},
		"removed without contact":                        {removed, 40, windows(-10, 5, 0, 1.5)},
		"removed in contact":                             {soon, 40, windows(-10, 5.5, 0, 1.5)},
		"before it was removed":                          {soon, 5.2, windows(-10, 5.2, 0, 1.5)},
		"not asked any more, it tells by itself":         {span(asked, read, told), 40, windows(-10, 5, 25, 40, 0, 1.5)},
		"asked again, it is known up to when that began": {span(told, evenkeel.Contact{From: h(30), Begun: h(30), Until: h(30)}), 40, windows(25, 30, 0, 25)},
	} {
		if diff := cmp.Diff(one.want, one.span.Known(h(one.at))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", what, diff)
		}
	}
}
