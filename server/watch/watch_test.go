package watch_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/connectors/vendortest"
)

// incident is half an hour in which a tenth of all events fail, a burn of 100.
// An hour holds more than 14.4 after 9 minutes (100*9/60 = 15), 6 hours more
// than 6 after 22 (100*22/360 = 6.1); a day would need 44 for 3. The short
// lookbacks let go 5 minutes after the end, and 29.
func incident(minute int) float64 {
	if minute >= 0 && minute < 30 {
		return 1000
	}
	return 0
}

func history() []string { return []string{"page 1h/5m resolved 9 35", "page 6h/30m resolved 22 59"} }

func messages() []string {
	return []string{"slo.alert.firing 1h/5m 9", "slo.alert.firing 6h/30m 22", "slo.alert.resolved 1h/5m 35", "slo.alert.resolved 6h/30m 59"}
}

func expect(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// TestTwoReplicasTellOnce: both follow the same incident, and each of its
// messages comes once.
func TestTwoReplicasTellOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		c.until(1, 65, incident, c.replica(c.webhook()), c.replica(c.webhook()))
		expect(t, "history", history(), c.spans())
		expect(t, "messages", messages(), c.told.messages(t))
	})
}

// TestARestartLosesNothing: the process ends at minute 15, while the first
// alert stands. Another begins at minute 30, and finds the second one, which had
// begun when nobody looked.
func TestARestartLosesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		c.until(1, 15, incident, c.replica(c.webhook()))
		expect(t, "before", []string{"page 1h/5m firing 9 now"}, c.spans())
		c.until(16, 29, incident)
		c.until(30, 32, incident, c.replica(c.webhook()))
		expect(t, "between", messages()[:2], c.told.messages(t))
		c.until(33, 65, incident, c.replica(c.webhook()))
		expect(t, "history", history(), c.spans())
		expect(t, "messages", messages(), c.told.messages(t))
	})
}

// TestWhatWasOverIsHistory: nobody looked from minute 6 to 39. The alert that
// began and ended meanwhile is in the history, and nobody is called for it; one
// that was known to stand is told to be over.
func TestWhatWasOverIsHistory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		running := c.replica(c.webhook())
		c.until(1, 5, incident, running)
		c.until(6, 39, incident)
		c.until(40, 65, incident, running)
		expect(t, "history", history(), c.spans())
		expect(t, "messages", []string{"slo.alert.firing 6h/30m 22", "slo.alert.resolved 6h/30m 59"}, c.told.messages(t))
		c.until(66, 66, incident, c.replica(c.webhook()))
		expect(t, "history once more", history(), c.spans())
	})
}

// TestWithoutDataAnAlertStands: data stop after 20 minutes and come back, well,
// at minute 60. From minute 25 on, the last five are unknown.
func TestWithoutDataAnAlertStands(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		silent := func(minute int) float64 {
			switch {
			case minute >= 20 && minute < 60:
				return -1
			case minute >= 0 && minute < 20:
				return 1000
			}
			return 0
		}
		c.until(1, 30, silent, c.replica(c.webhook()))
		expect(t, "without data", []string{"page 1h/5m no_data 9 now"}, c.spans())
		c.until(31, 62, silent, c.replica(c.webhook())) // Another process goes on.
		var fast []string
		for _, m := range c.told.messages(t) {
			if strings.Contains(m, " 1h/5m ") {
				fast = append(fast, m)
			}
		}
		expect(t, "messages", []string{"slo.alert.firing 1h/5m 9", "slo.alert.no_data 1h/5m 25", "slo.alert.resolved 1h/5m 61"}, fast)
		if spans := c.spans(); spans[0] != "page 1h/5m resolved 9 61" {
			t.Errorf("%q", spans)
		}
	})
}

// TestAnAlertOutlastsALongSilence: data stop at minute 20 and no server runs for
// four days. The one that starts then knows of the alert by its span alone, and
// tells when it is over.
func TestAnAlertOutlastsALongSilence(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		const days = 4 * 24 * 60
		silent := func(minute int) float64 {
			switch {
			case minute >= 20 && minute < days:
				return -1
			case minute >= 0 && minute < 20:
				return 1000
			}
			return 0
		}
		c.until(1, 30, silent, c.replica(c.webhook()))
		running := c.replica(c.webhook())
		c.until(days, days, silent, running)
		expect(t, "after four days", []string{"page 1h/5m no_data 9 now"}, c.spans())
		c.until(days+1, days+2, silent, running)
		expect(t, "history", []string{"page 1h/5m resolved 9 5761"}, c.spans())
		expect(t, "messages", []string{"slo.alert.firing 1h/5m 9", "slo.alert.no_data 1h/5m 25", "slo.alert.resolved 1h/5m 5761"}, c.told.messages(t))
	})
}

// TestASendThatFailsIsRepeated: the receiver is broken for two looks; what it
// missed comes with the third. Neither address nor anything of it is logged.
func TestASendThatFailsIsRepeated(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		running := c.replica(c.webhook())
		c.until(1, 8, incident, running)
		c.told.Always(vendortest.Status(http.StatusInternalServerError))
		c.until(9, 10, incident, running)
		c.told.Always(nil)
		expect(t, "while it is broken", nil, c.told.messages(t))
		c.until(11, 12, incident, running)
		expect(t, "messages", messages()[:1], c.told.messages(t))
		if want := map[string]int{"webhook sent": 1, "webhook failed": 2}; !cmp.Equal(want, c.counts) {
			t.Errorf("counted %v", c.counts)
		}
		if text := c.log.String(); strings.Count(text, "not told") != 2 || strings.Contains(text, "s3cret") {
			t.Errorf("log: %s", text)
		}
	})
}

// TestAlertmanagerIsToldAgain: of what stands within the time for which it
// believes, also by a process that has just started, and of its end once.
func TestAlertmanagerIsToldAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		c.until(1, 16, incident, c.replica(c.alertmanager()))
		c.until(17, 40, incident, c.replica(c.alertmanager()))
		var fast []string
		for _, body := range c.told.bodies {
			var alerts []struct {
				Labels           map[string]string
				StartsAt, EndsAt string
			}
			if err := json.Unmarshal([]byte(body), &alerts); err != nil {
				t.Fatal(err)
			}
			for _, a := range alerts {
				if a.Labels["evenkeel_long"] == "1h" {
					fast = append(fast, a.StartsAt[11:16]+" "+a.EndsAt[11:16])
				}
			}
		}
		// At minutes 9, 14, 17, 22, 27, 32, and resolved at 35.
		expect(t, "told", []string{"12:09 12:24", "12:09 12:29", "12:09 12:32", "12:09 12:37", "12:09 12:42", "12:09 12:47", "12:09 12:35"}, fast)
	})
}

// TestATargetOfAnotherWorkspaceHearsNothing of this one.
func TestATargetOfAnotherWorkspaceHearsNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		hook, manager := c.webhook(), c.alertmanager()
		hook.Workspace, manager.Workspace = "other", "other"
		c.until(1, 12, incident, c.replica(hook, manager))
		expect(t, "bodies", nil, c.told.bodies)
	})
}

// TestARowThatIsNoMoreEnds: the alerts of a level are switched off, or the level
// is retired, while one stands. What became of it is not known, and nobody is
// told that it is well.
func TestARowThatIsNoMoreEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *scene){
		"alerts: none": func(c *scene) { c.promise("none") },
		"retired": func(c *scene) {
			_, err := c.w.RetireServiceLevel(c.t.Context(), level, "test")
			c.must(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, c *scene) {
				running := c.replica(c.webhook())
				c.until(1, 12, incident, running)
				end(c)
				c.until(13, 14, incident, running)
				expect(t, "history", []string{"page 1h/5m no_data 9 13"}, c.spans())
				expect(t, "messages", messages()[:1], c.told.messages(t))
			})
		})
	}
}

// policed promises what the document does with an alert policy in place of a
// window set.
func (c *scene) policed(policy string) {
	c.t.Helper()
	text := strings.Replace(fmt.Sprintf(document, "none"), "  indicator:\n", "  alertPolicies:\n    - kind: AlertPolicy\n      metadata: {name: high-priority}\n      spec:\n"+policy+"  indicator:\n", 1)
	_, _, err := c.w.SaveServiceLevel(c.t.Context(), evenkeel.ServiceLevelChange{
		ID: level, Application: "shop", Document: text, Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromFile}, By: "test",
	})
	c.must(err)
}

const condition = "        conditions: [{kind: AlertCondition, spec: {severity: page, condition: {op: gt, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}}}]\n"

// TestAPolicyIsFollowedAndToldAsItSays: of the incident's hour more than 2 burn
// from minute 2 on, and five minutes later it fires; less than two bad minutes of
// sixty are left at 89. The policy does not want to hear of the end.
func TestAPolicyIsFollowedAndToldAsItSays(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		c.policed("        alertWhenResolved: false\n" + condition)
		c.until(1, 95, incident, c.replica(c.webhook()))
		expect(t, "history", []string{"page high-priority 1h resolved 2 89"}, c.spans())
		expect(t, "messages", []string{"slo.alert.firing 1h/1h 7"}, c.told.messages(t))
		for _, want := range []string{`"policy":"high-priority"`, "more than 2 times the rate that it can hold over the last 1h, at most"} {
			if !strings.Contains(c.told.bodies[0], want) {
				t.Errorf("%s lacks %s", c.told.bodies[0], want)
			}
		}
	})
}

// TestAPolicyTellsOfSilence: data stop at minute 10, of the hour nothing is known
// from minute 70 on, and five minutes later people hear of it; at minute 90 data
// are back.
func TestAPolicyTellsOfSilence(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		c.policed("        alertWhenNoData: true\n" + condition)
		c.until(1, 92, func(minute int) float64 {
			if minute >= 10 && minute < 90 {
				return -1
			}
			return 0
		}, c.replica(c.webhook()))
		expect(t, "history", []string{"page high-priority 1h resolved 70 91"}, c.spans())
		expect(t, "messages", []string{"slo.alert.no_data 1h/1h 70", "slo.alert.resolved 1h/1h 91"}, c.told.messages(t))
		if want := "Nothing was measured over the last 1h"; !strings.Contains(c.told.bodies[0], want) {
			t.Errorf("%s lacks %s", c.told.bodies[0], want)
		}
	})
}

// TestADocumentThatNoLongerLoadsIsLogged once, and again when it is another.
func TestADocumentThatNoLongerLoadsIsLogged(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, c *scene) {
		keep := func(document string) {
			change := evenkeel.ServiceLevelChange{ID: "older", Application: "shop", Document: document, By: "test", Source: evenkeel.ServiceLevelSource{Kind: evenkeel.FromUI}}
			_, _, err := c.w.SaveServiceLevel(t.Context(), change)
			c.must(err)
		}
		running := c.replica()
		keep("kind: SLO of another time")
		c.must(running.Look(t.Context()))
		c.must(running.Look(t.Context()))
		keep("apiVersion: openslo/v0")
		c.must(running.Look(t.Context()))
		text := c.log.String()
		if n := strings.Count(text, "is not measured"); n != 2 || !strings.Contains(text, "service_level=older") || !strings.Contains(text, "version=2") {
			t.Errorf("%d\n%s", n, text)
		}
	})
}
