package store

import (
	"slices"

	"github.com/evenkeel-dev/evenkeel"
)

// kind is a kind of fact in rows: short, because it is part of every index.
// Numbers are never given to another kind. Conditions that shall use a
// partial index name deployments as the literal 1.
type kind int16

const (
	kindDeployment  kind = 1
	kindChange      kind = 2
	kindCommit      kind = 3
	kindArtifact    kind = 4
	kindIncident    kind = 5
	kindDependency  kind = 6
	kindBuild       kind = 7
	kindWorkItem    kind = 8
	kindFlagChange  kind = 9
	kindEvidence    kind = 10
	kindMeasurement kind = 11
	kindFlagUsage   kind = 12
	kindAlert       kind = 13
)

// kindNames are the names by number.
//
//nolint:gochecknoglobals // A constant table.
var kindNames = []evenkeel.Kind{
	kindDeployment:  evenkeel.KindDeployment,
	kindChange:      evenkeel.KindChange,
	kindCommit:      evenkeel.KindCommit,
	kindArtifact:    evenkeel.KindArtifact,
	kindIncident:    evenkeel.KindIncident,
	kindDependency:  evenkeel.KindDependency,
	kindBuild:       evenkeel.KindBuild,
	kindWorkItem:    evenkeel.KindWorkItem,
	kindFlagChange:  evenkeel.KindFlagChange,
	kindEvidence:    evenkeel.KindEvidence,
	kindMeasurement: evenkeel.KindMeasurement,
	kindFlagUsage:   evenkeel.KindFlagUsage,
	kindAlert:       evenkeel.KindAlert,
}

// kindOf is the number of a kind; 0 is none.
func kindOf(k evenkeel.Kind) kind { return kind(max(slices.Index(kindNames, k), 0)) }

// name is the name of a kind; empty is none.
func (k kind) name() evenkeel.Kind {
	if k < 0 || int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}

// beside says that no figure is derived from facts of the kind: they may
// change without any application having to be derived anew.
func (k kind) beside() bool {
	switch k {
	case kindWorkItem, kindFlagChange, kindEvidence, kindMeasurement, kindFlagUsage, kindAlert:
		return true
	}
	return false
}
