package store

import (
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// batchSizes are the numbers of rows of one INSERT. Few sizes mean few
// statements for SQLite to prepare; the largest keeps the parameters of the
// widest table far below its limit.
//
//nolint:gochecknoglobals // A constant table.
var batchSizes = []int{256, 64, 16, 4, 1}

// insert adds rows in few statements. conflict says what to do about rows
// that exist, once at most; no key may be twice among rows. In a transaction
// on PostgreSQL errors may come as late as with its end.
func insert[T any](tx *gorm.DB, rows []T, conflict ...clause.OnConflict) error {
	if len(rows) == 0 {
		return nil
	}
	if p, ok := tx.Statement.ConnPool.(*pipeline); ok {
		return insertTogether(tx, p, rows, conflict)
	}
	var clauses []clause.Expression
	for _, c := range conflict {
		clauses = append(clauses, c)
	}
	for _, size := range batchSizes {
		for len(rows) >= size {
			batch := rows[:size]
			if err := tx.Clauses(clauses...).Create(&batch).Error; err != nil {
				return err
			}
			rows = rows[size:]
		}
	}
	return nil
}

// lookupSizes are the numbers of keys of one IN list, for the same reason.
//
//nolint:gochecknoglobals // A constant table.
var lookupSizes = []int{1, 4, 16, 64, 256, 1000}

// eachChunk calls work with the keys in pieces that one IN list can hold. A
// piece is filled up to its size with a key of its own, so keys are not told
// once each.
func eachChunk(keys []string, work func(some []string) error) error {
	sorted := distinct(keys)
	for some := range slices.Chunk(sorted, lookupSizes[len(lookupSizes)-1]) {
		size, _ := slices.BinarySearch(lookupSizes, len(some))
		filled := append(make([]string, 0, lookupSizes[size]), some...)
		for len(filled) < lookupSizes[size] {
			filled = append(filled, some[len(some)-1])
		}
		if err := work(filled); err != nil {
			return err
		}
	}
	return nil
}

// distinct sorts keys and leaves out repetitions.
func distinct(keys []string) []string {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}
