// Package rules writes service-level objectives that are measured by Prometheus
// as rules for Prometheus: recording rules for error ratios and multi-window
// alerts, so that a Prometheus without Evenkeel alerts alike.
//
// Every slice, a rule records how much was bad and how much there was. An error
// ratio of a lookback divides the sums of these, so that a service at rest, 0 of
// 0, adds nothing to a ratio and blinds no alert. Metrics and labels that the
// rules make are named evenkeel… and clash with none that are asked for.
package rules
