package metrics

import (
	"cmp"
	"slices"
)

// takingBack says which of the changes that revert something take work back. A
// revert of a revert does not: it applies again what the latter took back.
func (d *derivation) takingBack(reverted map[revertName][]int32) map[int32]bool {
	var reverts []int32
	for i := range d.changes {
		if d.changes[i].fact.Value.RevertOf != "" {
			reverts = append(reverts, int32(i))
		}
	}
	d.sortByID(reverts)
	back := map[int32]bool{}
	for _, i := range reverts {
		d.followReverts(i, reverted, back)
	}
	return back
}

// sortByID sorts changes by the ids of their facts.
func (d *derivation) sortByID(changes []int32) {
	slices.SortFunc(changes, func(a, b int32) int { return cmp.Compare(d.changes[a].fact.ID, d.changes[b].fact.ID) })
}

// followReverts goes from a revert to what it reverts, to the first change
// that is no revert or is settled, and settles the way back.
func (d *derivation) followReverts(i int32, reverted map[revertName][]int32, back map[int32]bool) {
	var way []int32
	visited := map[int32]bool{}
	for at := i; at >= 0 && !visited[at]; at = d.revertBelow(at, reverted) {
		if _, settled := back[at]; settled {
			break
		}
		visited[at] = true
		way = append(way, at)
	}
	for _, at := range slices.Backward(way) {
		below := d.revertBelow(at, reverted)
		back[at] = below < 0 || !back[below]
	}
}

// revertBelow is the revert that a change reverts; -1 if that is none.
func (d *derivation) revertBelow(i int32, reverted map[revertName][]int32) int32 {
	for _, other := range reverted[d.changes[i].revertOf()] {
		if other != i && d.changes[other].fact.Value.RevertOf != "" {
			return other
		}
	}
	return -1
}
