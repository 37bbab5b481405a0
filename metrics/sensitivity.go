package metrics

import (
	"slices"
	"time"
)

// usualWindows are the failure windows that reports compare.
func usualWindows() []time.Duration {
	return []time.Duration{24 * time.Hour, 72 * time.Hour, 168 * time.Hour}
}

// windows are the usual ones and the policy's own, in microseconds, ascending.
func (u *union) windows() []int64 {
	list := []int64{u.query.Policy.FailureWindow.Microseconds()}
	for _, w := range usualWindows() {
		list = append(list, w.Microseconds())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fails says whether a deployment fails under a failure window.
func (one joinedDeployment) fails(window int64) bool {
	return one.flags&flagEvident != 0 || (one.nearGap != none && one.nearGap <= window)
}

func (u *union) sensitivity(c cuts, windows []int64) []WindowRate {
	failed := make([]int, len(windows))
	n, actual, differs := 0, 0, false
	own := u.query.Policy.FailureWindow.Microseconds()
	span := cuts{c[0], c[len(c)-1]}
	for _, p := range u.parts {
		if p.unplacedOnly {
			continue
		}
		span.each(p.deployments.at, func(_, row int) {
			one, counts := p.deployment(row)
			if !counts {
				return
			}
			n++
			for i, w := range windows {
				if one.fails(w) {
					failed[i]++
				}
			}
			fails := one.flags&flagFailed != 0
			if fails {
				actual++
			}
			differs = differs || fails != one.fails(own)
		})
	}
	rates := make([]WindowRate, 0, len(windows)+1)
	for i, w := range windows {
		length := float64(w) / 1e6
		rates = append(rates, windowRate(&length, failed[i], n, w == own && !differs))
	}
	if differs {
		rates = append(rates, windowRate(nil, actual, n, true))
	}
	return rates
}

func windowRate(length *float64, failed, n int, inForce bool) WindowRate {
	r := WindowRate{Window: length, Value: share(failed, n), Failed: failed, N: n, InForce: inForce}
	r.Low, r.High = wilson(failed, n, z95)
	return r
}
