package metrics

import "time"

// Judgement is what a chart says of one judged week.
type Judgement struct {
	// Beyond is 1 above the limits, -1 below them, and 0 within.
	Beyond int
	// Shift is 1 while the level is seen to have risen, -1 while it is seen to
	// have fallen, and else 0.
	Shift int
	// Since is the index of the week in which the shift probably began.
	Since int
}

// Judge reads judged weeks, oldest first, against a chart. The cumulative sum
// begins with the first of them.
func Judge(c Chart, weeks []Observation) []Judgement {
	list := make([]Judgement, len(weeks))
	var sum Shift
	var high, low int // Where the sums last left 0.
	for i, o := range weeks {
		next := sum.Next(c.Score(o))
		if sum.High == 0 {
			high = i
		}
		if sum.Low == 0 {
			low = i
		}
		sum = next
		j := Judgement{Beyond: beyond(o.Value, c.Limits(o)), Shift: sum.Side()}
		switch j.Shift {
		case 1:
			j.Since = high
		case -1:
			j.Since = low
		}
		list[i] = j
	}
	return list
}

// beyond is 1 above the limits, -1 below them, and 0 within. What lies on a
// limit but for rounding is within.
func beyond(value float64, l Limits) int {
	const rounding = 1e-9
	switch {
	case value > l.Upper*(1+rounding):
		return 1
	case value < l.Lower*(1-rounding):
		return -1
	}
	return 0
}

// judge lists the signals of the judged weeks and draws the verdict. A week
// without a value leaves the cumulative sum as it is.
func (w *weeks) judge(c *Control, f charted, chart Chart, all []reading) {
	var at []time.Time
	var judged []Observation
	for i := w.judged; i < len(all); i++ {
		if all[i].use == UseJudged {
			at, judged = append(at, w.buckets[i].From), append(judged, all[i].Observation)
		}
	}
	c.Verdict, c.Found = NoClearChange, FoundNothing
	side := 0
	for i, j := range Judge(chart, judged) {
		o := judged[i]
		centre := chart.Limits(o).Centre
		if j.Beyond != 0 {
			c.Signals = append(c.Signals, signal(at[i], BeyondLimits, j.Beyond, f.toward(j.Beyond, centre, o.Value), o.Value))
			if c.Found == FoundNothing {
				c.Found = FoundUnusual
			}
		}
		switch j.Shift {
		case side:
		case 0:
			c.Verdict, c.Found = NoClearChange, FoundReturn
		default:
			s := signal(at[i], Shifted, j.Shift, f.toward(j.Shift, centre, level(judged[j.Since:i+1])), o.Value)
			s.Since = &at[j.Since]
			c.Signals = append(c.Signals, s)
			c.Verdict, c.Found = s.Direction, FoundShift
		}
		side = j.Shift
	}
}

func signal(at time.Time, r Rule, side int, d Direction, value float64) Signal {
	s := Signal{At: at, Rule: r, Side: "above", Direction: d, Value: value}
	if side < 0 {
		s.Side = "below"
	}
	return s
}

// level is the mean of some weeks: of all their cases for proportions, of
// their values for counts and durations.
func level(weeks []Observation) float64 {
	sum, n := 0.0, 0.0
	for _, o := range weeks {
		sum += o.Value * o.Of
		n += o.Of
	}
	return sum / n
}
