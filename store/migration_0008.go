package store

import "gorm.io/gorm"

// Version 8 adds where reading the lists of vendors stands. These types are
// frozen.

func readStreams(tx *gorm.DB) error { return tx.Migrator().CreateTable(&v8Stream{}) }

type v8Stream struct {
	Workspace  string `gorm:"primaryKey"`
	Connection string `gorm:"primaryKey"`
	Name       string `gorm:"primaryKey"`
	Cursor     []byte
	Done       int
	Total      int
	Complete   bool
	LastAt     int64
	NextAt     int64 `gorm:"index:streams_due"`
	Failures   int
	Error      string
	Version    int64
}

func (v8Stream) TableName() string { return "streams" }
