package config

import (
	"slices"
	"strings"
)

// nearest finds the known word that was probably meant; empty if none is near.
func nearest(word string, known []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, candidate := range known {
		if d := distance(strings.ToLower(word), candidate, least); d < least {
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

// distance counts the insertions, deletions and replacements between two
// words (Levenshtein 1965). Words whose lengths alone differ by limit or more
// have the distance limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = slices.Min([]int{replace, row[j] + 1, diagonal + 1})
		}
	}
	return row[len(b)]
}
