package store

import "gorm.io/gorm"

// Version 11 adds searches for service levels. These types are frozen.

func keepLevelSearches(tx *gorm.DB) error { return tx.Migrator().CreateTable(&v11LevelSearch{}) }

type v11LevelSearch struct {
	Workspace string `gorm:"primaryKey"`
	Running   bool
	SeenAt    int64
	Body      []byte
	Version   int64
}

func (v11LevelSearch) TableName() string { return "service_level_searches" }
