package config

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest finds the known word that was probably meant; empty if none is near.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, candidate := range known {
		if len(word)-len(candidate) >= least {
			continue // However long a wrong word is, comparing stays cheap.
		}
		if d := levenshtein.ComputeDistance(strings.ToLower(word), candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// didYouMean proposes the nearest of the known words, or lists them while they
// are few.
func didYouMean(word string, known []string, list string) string {
	if best := nearest(word, known); best != "" {
		return "did you mean " + quoted(best) + "?"
	}
	if list == "" || len(known) == 0 || len(known) > 12 {
		return ""
	}
	return list + " " + strings.Join(known, ", ")
}
