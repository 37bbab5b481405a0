package store

import "gorm.io/gorm"

// Version 10 adds service levels, and ways to find what was measured. These
// types are frozen.

func keepServiceLevels(tx *gorm.DB) error {
	for _, index := range []struct {
		table any
		name  string
	}{{&v10SeriesSegment{}, "series_segments_seq"}, {&v10Series{}, "series_name"}} {
		if err := tx.Migrator().CreateIndex(index.table, index.name); err != nil {
			return err
		}
	}
	return tx.Migrator().CreateTable(
		&v10ServiceLevel{}, &v10ServiceLevelVersion{}, &v10Correction{}, &v10AlertSpan{},
	)
}

// v10SeriesSegment has the columns of the index that version 10 has added.
type v10SeriesSegment struct {
	Workspace string `gorm:"index:series_segments_seq,priority:1"`
	Seq       int64  `gorm:"index:series_segments_seq,priority:2"`
}

func (v10SeriesSegment) TableName() string { return "series_segments" }

// v10Series has the columns of the index that version 10 has added.
type v10Series struct {
	Workspace   string `gorm:"index:series_name,priority:1"`
	Application string `gorm:"index:series_name,priority:2"`
	Name        string `gorm:"index:series_name,priority:3"`
}

func (v10Series) TableName() string { return "series" }

type v10ServiceLevel struct {
	Workspace string `gorm:"primaryKey;uniqueIndex:service_levels_name,priority:1"`
	ID        string `gorm:"primaryKey"`
	Name      string `gorm:"uniqueIndex:service_levels_name,priority:2"`
	CreatedAt int64  `gorm:"autoCreateTime:false"`
}

func (v10ServiceLevel) TableName() string { return "service_levels" }

type v10ServiceLevelVersion struct {
	Workspace   string `gorm:"primaryKey"`
	Level       string `gorm:"primaryKey"`
	Number      int64  `gorm:"primaryKey;autoIncrement:false"`
	Seq         int64
	At          int64
	Author      string
	Origin      string
	Source      string
	Application string
	Retired     bool
	Body        []byte
}

func (v10ServiceLevelVersion) TableName() string { return "service_level_versions" }

type v10Correction struct {
	Workspace    string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Level        string
	FromAt       int64
	ToAt         int64
	Mode         string
	Reason       string
	Author       string
	Seq          int64
	At           int64
	WithdrawnSeq int64
	WithdrawnAt  int64
	WithdrawnBy  string
}

func (v10Correction) TableName() string { return "service_level_corrections" }

type v10AlertSpan struct {
	Workspace string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:1,where:until_at = 0"`
	Level     string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:2"`
	Objective string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:3"`
	Series    string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:4"`
	Severity  string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:5"`
	Line      string `gorm:"primaryKey;uniqueIndex:service_level_alerts_open,priority:6"`
	FromAt    int64  `gorm:"primaryKey;autoIncrement:false"`
	UntilAt   int64
	Peak      float64 `gorm:"type:double precision"`
	State     string
}

func (v10AlertSpan) TableName() string { return "service_level_alerts" }
