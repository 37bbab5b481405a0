package evenkeel

import "time"

// ContactPause is how long a vendor may go unread before what it has to tell is
// taken for unknown: the longest pause after reads that failed.
const ContactPause = time.Hour

// Contact is a time in which all that a vendor knows was read again and again.
type Contact struct {
	// From is since when all is known, and Begun when that became known: the past
	// was read to its end, or what was missed was read up.
	From, Begun time.Time
	// Until is when all was last read. It is zero where the vendor is not asked
	// any more, and tells by itself. As From, it says that nothing was read yet.
	Until time.Time
}

// ConnectionSpan is when there was a connection to a source.
type ConnectionSpan struct {
	Source string
	From   time.Time
	// Until is when it was removed; zero while it is there.
	Until time.Time
	// Contacts are those with the vendor, in their order; without any it was never
	// asked, and tells by itself.
	Contacts []Contact
}

// Known are the times of which an instant knows, through the connection, what
// happened. One that tells by itself is taken to tell all while it is there; one
// that is asked tells what was read, also in the first hour, before somebody began
// to ask. They may overlap.
func (s ConnectionSpan) Known(at time.Time) (list []Window) {
	end := at
	if !s.Until.IsZero() && s.Until.Before(at) {
		end = s.Until
	}
	told := Window{From: s.From, To: end}
	add := func(w Window) {
		if w.From.Before(w.To) {
			list = append(list, w)
		}
	}
	for i, c := range s.Contacts {
		if c.Begun.After(at) {
			break
		}
		if i == 0 && c.Begun.Sub(s.From) <= ContactPause {
			told.To = s.From
		} else if i == 0 && c.Begun.Before(told.To) {
			told.To = c.Begun
		}
		if !c.Until.Equal(c.From) {
			to := c.lasted(end)
			if i+1 < len(s.Contacts) && s.Contacts[i+1].Begun.Before(to) {
				to = s.Contacts[i+1].Begun
			}
			add(Window{From: c.From, To: to})
		}
	}
	add(told)
	return list
}

// lasted is up to when the contact lasted, as of an instant.
func (c Contact) lasted(at time.Time) time.Time {
	if c.Until.IsZero() || !at.After(c.Until.Add(ContactPause)) {
		return at
	}
	return c.Until
}
