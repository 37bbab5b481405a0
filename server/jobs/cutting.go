package jobs

import (
	"strconv"
	"strings"
	"sync"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/metrics"
)

// mostCuttings is how many cuttings are kept before all are dropped.
const mostCuttings = 20_000

// cuttings keeps what of the results of applications lies in the times that
// groups owned them, so that the same results are cut once. It is safe for
// concurrent use; nil keeps nothing.
type cuttings struct {
	mu   sync.Mutex
	held map[string]cutting
}

type cutting struct{ whole, part metrics.Derived }

// within is [metrics.Derived.Within], of the same results the same.
func (c *cuttings) within(d metrics.Derived, spans []evenkeel.Window) metrics.Derived {
	if c == nil || len(spans) == 1 && spans[0].From.IsZero() && spans[0].To.IsZero() {
		return d.Within(spans)
	}
	key := cuttingKey(d.Application, spans)
	c.mu.Lock()
	defer c.mu.Unlock()
	if held, ok := c.held[key]; ok && held.whole.Same(d) {
		return held.part
	}
	if c.held == nil || len(c.held) >= mostCuttings {
		c.held = map[string]cutting{}
	}
	one := cutting{d, d.Within(spans)}
	c.held[key] = one
	return one.part
}

func cuttingKey(application string, spans []evenkeel.Window) string {
	var key strings.Builder
	key.WriteString(application)
	for _, s := range spans {
		for _, at := range []int64{s.From.UnixMicro(), s.To.UnixMicro()} {
			key.WriteByte(' ')
			key.WriteString(strconv.FormatInt(at, 36))
		}
	}
	return key.String()
}
