// Package openslo reads and writes service-level objectives as OpenSLO v1
// documents, and imports those of Sloth and Pyrra.
//
// [Read] takes whole files and answers a [Set]: the documents, a definition of
// every SLO that can be evaluated, and lints that name file, line and field.
// It is lenient where the specification's own examples are and strict where a
// slip would change a number: an SLO with an error has no definition. What
// OpenSLO has no field for stands in annotations that begin with
// "evenkeel.dev/", see [Annotations].
//
// Source of the fields: the OpenSLO specification, version v1.
package openslo
