package store

import (
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// batchSizes are the numbers of rows of one INSERT. Few sizes mean few
// statements for the databases to prepare; the largest keeps the parameters
// of the widest table far below every limit.
//
//nolint:gochecknoglobals // A constant table.
var batchSizes = []int{256, 64, 16, 4, 1}

// insert adds rows in few statements. conflict says what to do about rows
// that exist; no key may be twice among rows.
func insert[T any](tx *gorm.DB, rows []T, conflict ...clause.Expression) error {
	for _, size := range batchSizes {
		for len(rows) >= size {
			batch := rows[:size]
			if err := tx.Clauses(conflict...).Create(&batch).Error; err != nil {
				return err
			}
			rows = rows[size:]
		}
	}
	return nil
}

// lookups is how many keys one IN list holds.
const lookups = 1000

// eachChunk calls work with the keys, sorted and without repetition, in
// pieces that one statement can hold.
func eachChunk(keys []string, work func(some []string) error) error {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	for some := range slices.Chunk(sorted, lookups) {
		if err := work(some); err != nil {
			return err
		}
	}
	return nil
}
