package store

import "gorm.io/gorm"

// Version 3 adds what lists of all facts are read by, series, and an index
// of the revisions that may have changed figures. These types are frozen.

func exploreFacts(tx *gorm.DB) error {
	for _, index := range []string{"facts_at", "facts_seq"} {
		if err := tx.Migrator().CreateIndex(&v3Fact{}, index); err != nil {
			return err
		}
	}
	if err := tx.Migrator().CreateIndex(&v3Revision{}, "revisions_touching"); err != nil {
		return err
	}
	return tx.Migrator().CreateTable(&v3Series{}, &v3SeriesBatch{}, &v3SeriesSegment{})
}

// v3Fact is the columns of facts that version 3 has indexed.
type v3Fact struct {
	Workspace string `gorm:"index:facts_at,priority:1,where:gone = false;index:facts_seq,priority:1,where:gone = false"`
	ID        string `gorm:"index:facts_at,priority:3;index:facts_seq,priority:3"`
	At        int64  `gorm:"index:facts_at,priority:2"`
	Seq       int64  `gorm:"index:facts_seq,priority:2"`
}

func (v3Fact) TableName() string { return "facts" }

type v3Revision struct {
	Workspace string `gorm:"index:revisions_touching,priority:1,where:length(applications) > 2"`
	Seq       int64  `gorm:"index:revisions_touching,priority:2"`
}

func (v3Revision) TableName() string { return "revisions" }

type v3Series struct {
	Workspace    string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Kind         int16
	Source       string
	Name         string
	Application  string
	Environment  string
	SliceSeconds int64
	Subject      string
	FirstAt      int64
	LastAt       int64
	Batches      int64
	Seq          int64
}

func (v3Series) TableName() string { return "series" }

type v3SeriesBatch struct {
	Workspace string `gorm:"primaryKey"`
	Batch     string `gorm:"primaryKey"`
	Series    string
	Seq       int64
}

func (v3SeriesBatch) TableName() string { return "series_batches" }

type v3SeriesSegment struct {
	Workspace string `gorm:"primaryKey"`
	Series    string `gorm:"primaryKey"`
	HourAt    int64  `gorm:"primaryKey;autoIncrement:false"`
	Seq       int64  `gorm:"primaryKey;autoIncrement:false"`
	Body      []byte
}

func (v3SeriesSegment) TableName() string { return "series_segments" }
