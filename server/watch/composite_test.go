package watch_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
)

// journey promises 99.9 % of answers and of payments over 30 days, and the mean of
// both as one.
const journey = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: shop-availability
  annotations:
    evenkeel.dev/environment: production
    evenkeel.dev/composite: weighted
    evenkeel.dev/alerts: workbook-30d
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow:
    - duration: 30d
      isRolling: true
  objectives:
    - displayName: answers
      target: 0.999
      indicator:
        metadata: {name: availability}
        spec: {ratioMetric: {counter: false, bad: {metricSource: {type: Pushed, spec: {}}}, total: {metricSource: {type: Pushed, spec: {}}}}}
    - target: 0.999
      indicator:
        metadata: {name: payments}
        spec: {ratioMetric: {counter: false, bad: {metricSource: {type: Pushed, spec: {}}}, total: {metricSource: {type: Pushed, spec: {}}}}}
`

// pay records minutes in which 10,000 payments went well.
func (c *scene) pay(from, n int) {
	c.t.Helper()
	m := &evenkeel.Measurement{Application: "shop", Environment: "production", Series: "payments", SliceSeconds: 60}
	for minute := from; minute < from+n; minute++ {
		m.Slices = append(m.Slices, evenkeel.Slice{At: after(minute), Bad: new(0.0), Total: new(10_000.0)})
	}
	_, err := c.w.Record(c.t.Context(), []evenkeel.Event{{Kind: evenkeel.KindMeasurement, ID: fmt.Sprint("paid ", from), Source: "probe", ObservedAt: after(from + n), Payload: m}})
	c.must(err)
}

// TestACompositeIsFollowedAndTold: answers fail for half an hour, and payments do
// not. As one they burn at half the rate: the hour exceeds 14.4 after 18 minutes
// (50*18/60 = 15), and five minutes hold less again after 34 (50/5 = 10). Six hours
// would need 44 minutes for 6. A restart in between changes nothing.
func TestACompositeIsFollowedAndTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		_, _, err := c.w.SaveServiceLevel(t.Context(), evenkeel.ServiceLevelChange{ID: level, Application: "shop", Document: journey, Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile}, By: "test"})
		c.must(err)
		c.pay(-3*24*60, 3*24*60)
		running := c.replica(c.webhook())
		for minute := 1; minute <= 62; minute++ {
			c.pay(minute-1, 1)
			if c.until(minute, minute, incident, running); minute == 25 {
				running = c.replica(c.webhook())
			}
		}
		page, err := c.w.AlertSpans(t.Context(), evenkeel.AlertSpanFilter{ServiceLevels: []string{level}})
		c.must(err)
		var spans []string
		for _, s := range page.Items {
			spans = append(spans, fmt.Sprint(s.Objective, " ", s.Row, " ", s.State, " ", s.From.Sub(start).Minutes(), " ", s.Until.Sub(start).Minutes()))
		}
		expect(t, "history", []string{"answers 6h/30m resolved 22 59", " 1h/5m resolved 18 34", "answers 1h/5m resolved 9 35"}, spans)
		var told []string
		for _, body := range c.told.bodies {
			var m struct {
				Type string
				Data struct {
					Objective *string
					Long      string
				}
			}
			c.must(json.Unmarshal([]byte(body), &m))
			if m.Data.Objective == nil {
				told = append(told, strings.TrimPrefix(m.Type, "slo.alert.")+" "+m.Data.Long)
			}
		}
		expect(t, "messages of all objectives as one", []string{"firing 1h", "resolved 1h"}, told)
	})
}
