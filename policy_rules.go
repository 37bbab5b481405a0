package evenkeel

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Digest is 12 hexadecimal digits that differ where the contents of policies
// do; the version is no part of it.
func (p Policy) Digest() string {
	p.Version = ""
	return digestOf(p)
}

// RulesDigest is 12 hexadecimal digits of the members that decide what is
// derived from facts: what counts, what ships, what failed. Policies that
// differ only in what is asked of derived results (aggregation, unit, clock,
// time zone, benchmark, cadence) have the same. Overrides are no part of it;
// apply them with [Policy.For].
func (p Policy) RulesDigest() string {
	return digestOf(struct {
		Environments  []EnvironmentRule
		Deployments   DeploymentRule
		Start         LeadStart
		FailureWindow time.Duration
		InferFailures bool
		HotfixWindow  time.Duration
		Assisted      MarkRule
		Bots          MarkRule
	}{p.Environments, p.Deployments, p.Start, p.FailureWindow, p.InferFailures, p.HotfixWindow, p.Assisted, p.Bots})
}

func digestOf(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // A policy holds texts, numbers and instants of known years only.
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

// DeploymentFault names the first member of the rule by which a deployment of
// a source does not count: "sources", "refs", "exclude_refs" or
// "artifact_kinds"; empty if it counts.
func (r DeploymentRule) DeploymentFault(source string, d *Deployment) string {
	ref := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(d.Ref, "refs/heads/"), "refs/tags/"))
	kind := d.ArtifactKind
	if kind == "" {
		kind = ArtifactCode
	}
	listed := len(r.ArtifactKinds) == 0
	for _, k := range r.ArtifactKinds {
		listed = listed || k == kind
	}
	switch {
	case len(r.Sources) > 0 && !matchesAny(r.Sources, strings.ToLower(source)):
		return "sources"
	case len(r.Refs) > 0 && (ref == "" || !matchesAny(r.Refs, ref)):
		return "refs"
	case ref != "" && matchesAny(r.ExcludeRefs, ref):
		return "exclude_refs"
	case !listed:
		return "artifact_kinds"
	}
	return ""
}

// PolicyVersion is a policy as it was saved.
type PolicyVersion struct {
	// Number counts the versions of a workspace from 1; 0 is the built-in policy.
	Number int64
	// At is when it came into force, Author who saved it.
	At     time.Time
	Author string
	// Note says why, in the author's words.
	Note   string
	Policy Policy
}

// Era is a stretch of time that one version of a policy judges: from an
// instant until the next era begins. The first era of all has no From.
type Era struct {
	From    time.Time
	Version PolicyVersion
}

// Eras cuts time between the versions of a policy, given from the oldest to
// the one in force. A version judges what is at or after its effective_from;
// what is older is judged by the version before. There is at least one era
// where there is a version.
func Eras(versions []PolicyVersion) []Era {
	var eras []Era
	for _, v := range versions {
		from := v.Policy.EffectiveFrom
		for len(eras) > 0 && !eras[len(eras)-1].From.Before(from) {
			eras = eras[:len(eras)-1]
		}
		if len(eras) == 0 {
			from = time.Time{}
		}
		eras = append(eras, Era{From: from, Version: v})
	}
	return eras
}

// PolicyChange asks for a new version of a policy.
type PolicyChange struct {
	Policy Policy
	// Base is the digest of the policy that the change was made from; empty
	// replaces whatever is in force.
	Base         string
	Author, Note string
}
