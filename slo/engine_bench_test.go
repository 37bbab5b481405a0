package slo_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/slo"
)

// benchDefinition promises 99.9 % over 30 days by a method.
func benchDefinition(b *testing.B, method slo.Method) slo.Definition {
	b.Helper()
	share, err := slo.ParseShare("0.99")
	if err != nil {
		b.Fatal(err)
	}
	return slo.Definition{
		Name: "checkout", Service: "checkout", Method: method, Slice: time.Minute, Missing: slo.MissingExclude, Alerts: "workbook-30d",
		Window: slo.TimeWindow{Span: slo.Span{N: 30, Unit: slo.Day}}, Indicator: slo.Indicator{Kind: slo.GoodOfTotal},
		Objectives: []slo.Objective{{Target: target(b, "0.999"), SliceTarget: share, Weight: 1}},
	}
}

// benchSlices are minutes of about 1,000 requests of which a few are bad, with a
// hole of five minutes every day and an outage every week.
func benchSlices(days, kind int) []evenkeel.Slice {
	list := make([]evenkeel.Slice, 0, days*1440)
	amounts := make([]float64, 0, 2*days*1440)
	for i := range days * 1440 {
		total := float64(900 + (i*7919+kind*104729)%200)
		good := total - float64((i*31+kind)%997/990)
		if i%10080 < 20 {
			good = total / 2
		}
		amounts = append(amounts, good, total)
		if i%1440 >= 5 {
			list = append(list, evenkeel.Slice{At: at(i), Good: &amounts[2*i], Total: &amounts[2*i+1]})
		}
	}
	return list
}

const (
	benchSLOs = 5000
	benchDays = 30
)

// BenchmarkEngine judges, gathers and evaluates 5,000 objectives of 43,200
// minutes, 216 million slices in memory, from measured slices to what is said of
// each. Sixteen different series take turns: so many have 50 MiB as they are
// measured, and none of them stays in a cache of the processor.
func BenchmarkEngine(b *testing.B) {
	raw := make([][]evenkeel.Slice, 16)
	for i := range raw {
		raw[i] = benchSlices(benchDays, i)
	}
	window := evenkeel.Window{From: start, To: start.AddDate(0, 0, benchDays)}
	for _, method := range []slo.Method{slo.Occurrences, slo.Timeslices} {
		d := benchDefinition(b, method)
		for _, n := range []int{benchSLOs / 10, benchSLOs} {
			b.Run(fmt.Sprintf("%s/slos=%d", method, n), func(b *testing.B) {
				for b.Loop() {
					for i := range n {
						if r := slo.Evaluate(d, d.Objectives[0], slo.Gather(d, d.Objectives[0], raw[i%len(raw)], window), window.To); r.Consumed == nil {
							b.Fatal("nothing was counted")
						}
					}
				}
				slices := float64(n) * benchDays * 1440
				b.ReportMetric(slices*float64(b.N)/b.Elapsed().Seconds(), "slices/s")
				b.ReportMetric(slices/1e6, "million-slices")
			})
		}
	}
}

// BenchmarkAssess says all that is said of 5,000 objectives whose series are in
// memory: budget, seven burn rates, alerts and forecast. Sixty-four different
// series take turns.
func BenchmarkAssess(b *testing.B) {
	d := benchDefinition(b, slo.Occurrences)
	window := evenkeel.Window{From: start, To: start.AddDate(0, 0, benchDays)}
	series := benchSeries(d, benchDays, 64)
	for b.Loop() {
		for i := range benchSLOs {
			if _, err := slo.ReaderOf(d, d.Objectives[0], series[i%len(series)]).Assess(window.To); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/benchSLOs, "µs/slo")
}

func benchSeries(d slo.Definition, days, n int) []*slo.Series {
	series := make([]*slo.Series, n)
	window := evenkeel.Window{From: start, To: start.AddDate(0, 0, days)}
	for i := range series {
		series[i] = slo.Gather(d, d.Objectives[0], benchSlices(days, i), window)
	}
	return series
}

// BenchmarkNextMinute puts one more minute into each of 5,000 series and drops
// what leaves, with 30 or 300 days in memory; 64 series take turns.
func BenchmarkNextMinute(b *testing.B) {
	for _, days := range []int{30, 300} {
		b.Run(fmt.Sprintf("days=%d", days), func(b *testing.B) {
			d := benchDefinition(b, slo.Occurrences)
			series := benchSeries(d, days, 64)
			next, good := start.AddDate(0, 0, days), 999.0
			total := 1000.0
			i := 0
			for b.Loop() {
				for range benchSLOs {
					s := series[i%len(series)]
					at := next.Add(time.Duration(i/len(series)) * time.Minute)
					s.Put([]evenkeel.Slice{{At: at, Good: &good, Total: &total}}, evenkeel.Window{From: at, To: at.Add(time.Minute)})
					s.Forget(at.AddDate(0, 0, -days))
					i++
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchSLOs, "ns/slice")
		})
	}
}
