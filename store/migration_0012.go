package store

import "gorm.io/gorm"

// Version 12 lets rows of segments grow: they have the last revision that
// changed them, by which changes are found. These types are frozen.

func growSegments(tx *gorm.DB) error {
	if err := tx.Migrator().AddColumn(&v12SeriesSegment{}, "LastSeq"); err != nil {
		return err
	}
	// The index on seq has nobody left who asks by it.
	if err := tx.Migrator().DropIndex(&v12SeriesSegment{}, "series_segments_seq"); err != nil {
		return err
	}
	if err := tx.Model(&v12SeriesSegment{}).Where("true").Update("last_seq", gorm.Expr("seq")).Error; err != nil {
		return err
	}
	return tx.Migrator().CreateIndex(&v12SeriesSegment{}, "series_segments_last")
}

// v12SeriesSegment has the column that version 12 adds, and those of its index.
type v12SeriesSegment struct {
	Workspace string `gorm:"index:series_segments_last,priority:1"`
	LastSeq   int64  `gorm:"index:series_segments_last,priority:2"`
}

func (v12SeriesSegment) TableName() string { return "series_segments" }
