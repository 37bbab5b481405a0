package store

import "github.com/evenkeel-dev/evenkeel"

// kind is a kind of fact in rows: short, because it is part of every index.
// Numbers are never given to another kind. Conditions that shall use a
// partial index name deployments as the literal 1.
type kind int16

const (
	kindDeployment kind = 1
	kindChange     kind = 2
	kindCommit     kind = 3
	kindArtifact   kind = 4
	kindIncident   kind = 5
	kindDependency kind = 6
)

func kindOf(k evenkeel.Kind) kind {
	switch k {
	case evenkeel.KindDeployment:
		return kindDeployment
	case evenkeel.KindChange:
		return kindChange
	case evenkeel.KindCommit:
		return kindCommit
	case evenkeel.KindArtifact:
		return kindArtifact
	case evenkeel.KindIncident:
		return kindIncident
	case evenkeel.KindDependency:
		return kindDependency
	}
	return 0
}

func (k kind) name() evenkeel.Kind {
	switch k {
	case kindDeployment:
		return evenkeel.KindDeployment
	case kindChange:
		return evenkeel.KindChange
	case kindCommit:
		return evenkeel.KindCommit
	case kindArtifact:
		return evenkeel.KindArtifact
	case kindIncident:
		return evenkeel.KindIncident
	case kindDependency:
		return evenkeel.KindDependency
	}
	return ""
}
