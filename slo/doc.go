// Package slo turns measurements of a service into service levels, error
// budgets, burn rates, alerts, forecasts and a ledger of who spent the budget.
//
// It is pure: measurements and an instant in, numbers with their evidence out.
// A [Definition] says what is promised. Measured slices are judged one by one
// ([Indicator.Judge]) and gathered in a [Series], of which any span has a
// [Tally]; [Evaluate] makes a [Result] of tallies. Nothing is clamped, and what
// was not measured has no value.
//
// Terms and budgeting methods are those of OpenSLO v1; burn rates are those of
// the SRE Workbook, chapter 5.
package slo
