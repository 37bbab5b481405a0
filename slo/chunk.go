package slo

// chunkLen is how many slices a chunk has, and blockLen how many a block.
const (
	chunkLen = 1024
	blockLen = 64
)

// chunk is a part of a series. Blocks and the whole are summed up as soon as
// they are full, so that long spans are added up in few steps and nothing is ever
// taken away.
type chunk struct {
	// good and bad are events; of a slice without data those of the last slice
	// before it that had some.
	good, bad [chunkLen]float64
	states    [chunkLen]state
	blocks    [chunkLen / blockLen]Tally
	whole     Tally
}

// state is what a counted slice is.
type state uint8

const (
	// counted has events.
	counted state = 1 << iota
	// badSlice is not good enough; of a slice that is held, the one it repeats.
	badSlice
	// held has no data, and some slice before it has.
	held
	isIdle
	isOverfull
	isUnusable
)

// add adds slices one by one to a tally.
func (c *chunk) add(t *Tally, from, to int) {
	for j := from; j < to; j++ {
		state := c.states[j]
		if state&(isOverfull|isUnusable|isIdle) != 0 {
			state.note(t)
		}
		good := state&badSlice == 0
		switch {
		case state&counted != 0:
			t.Good += c.good[j]
			t.Bad += c.bad[j]
			c.share(j, good, &t.GoodSlices, &t.BadSlices, &t.BadRatios)
		case state&held != 0:
			t.NoData++
			c.share(j, good, &t.HeldGood, &t.HeldBad, &t.HeldBadRatios)
		default:
			t.NoData++
		}
	}
}

// share counts a slice as good or bad and adds its bad share.
func (c *chunk) share(j int, isGood bool, good, bad *int64, ratios *float64) {
	if isGood {
		*good++
	} else {
		*bad++
	}
	if c.bad[j] > 0 {
		*ratios += c.bad[j] / (c.good[j] + c.bad[j])
	}
}

// note counts what is odd of a slice.
func (s state) note(t *Tally) {
	if s&isOverfull != 0 {
		t.Overfull++
	}
	if s&isUnusable != 0 {
		t.Unusable++
	}
	if s&isIdle != 0 {
		t.Idle++
	}
}
