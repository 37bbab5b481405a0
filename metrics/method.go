package metrics

// Method names how it was found that a deployment ships a change.
type Method string

// The methods, most trustworthy first. A deployment tells the least
// trustworthy one that it needed; see docs/formulas.md, section 3.
const (
	// MethodAncestry: the deployed commit reaches the change's own commits.
	MethodAncestry Method = "ancestry"
	// MethodArtifact: so does the commit that the deployed artifact was built from.
	MethodArtifact Method = "artifact"
	// MethodPick: a deployed commit says that it was picked from the change.
	MethodPick Method = "pick"
	// MethodRewrite: the request was rebased onto its branch; the author dates
	// of its commits, which rebasing keeps, lead to the deployed ones.
	MethodRewrite Method = "rewrite"
	// MethodPatch: a deployed commit has the change's patch id.
	MethodPatch Method = "patch"
	// MethodBranch: the change was merged to the deployed branch in time.
	MethodBranch Method = "branch"
	// MethodTime: the change was merged between two deployments.
	MethodTime Method = "time"
	// MethodNone: nothing leads from the deployment to changes.
	MethodNone Method = "none"
)

// Codes of methods in columns; the smallest is the most trustworthy.
const (
	methodAncestry uint8 = iota
	methodArtifact
	methodPick
	methodRewrite
	methodPatch
	methodBranch
	methodTime
	methodNone
	methodCount
)

func methodName(code uint8) Method {
	names := [methodCount]Method{MethodAncestry, MethodArtifact, MethodPick, MethodRewrite, MethodPatch, MethodBranch, MethodTime, MethodNone}
	return names[min(code, methodNone)]
}

// Confidence says how sure a method's answer is; empty where it has none.
type Confidence string

// The confidences, surest first.
const (
	ConfidenceCertain Confidence = "certain"
	ConfidenceLikely  Confidence = "likely"
	ConfidenceGuess   Confidence = "guess"
)

// confidence is that of a method; a gap of the commit graph lowers it by one.
func confidence(method uint8, flags uint16) Confidence {
	words := [...]Confidence{ConfidenceCertain, ConfidenceLikely, ConfidenceGuess, ConfidenceGuess}
	least := 0
	switch method {
	case methodAncestry, methodArtifact:
	case methodPick, methodRewrite, methodPatch, methodBranch:
		least = 1
	case methodTime:
		least = 2
	default:
		return ""
	}
	if flags&flagGap != 0 {
		least++
	}
	return words[least]
}
