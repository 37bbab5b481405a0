package demo

import (
	"container/heap"
	"time"
)

// agenda runs actions in the order of their instants; equal instants run in
// the order in which they were planned.
type agenda struct {
	now    time.Time
	items  actions
	serial int
}

type action struct {
	at     time.Time
	serial int
	do     func()
}

// at plans an action for a whole second. An instant in the past means now.
func (a *agenda) at(t time.Time, do func()) {
	if t = t.Truncate(time.Second); t.Before(a.now) {
		t = a.now
	}
	a.serial++
	heap.Push(&a.items, action{at: t, serial: a.serial, do: do})
}

// run performs all actions up to and including end.
func (a *agenda) run(end time.Time) {
	for len(a.items) > 0 && !a.items[0].at.After(end) {
		next := heap.Pop(&a.items).(action)
		a.now = next.at
		next.do()
	}
}

// actions implements heap.Interface.
type actions []action

func (a actions) Len() int      { return len(a) }
func (a actions) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a actions) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].serial < a[j].serial
}
func (a *actions) Push(x any) { *a = append(*a, x.(action)) }
func (a *actions) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	(*a)[last] = action{}
	*a = (*a)[:last]
	return x
}
