package store

import "gorm.io/gorm"

// Version 13 remembers connections that are removed. These types are frozen.

func rememberConnections(tx *gorm.DB) error {
	return tx.Migrator().CreateTable(&v13RemovedConnection{})
}

type v13RemovedConnection struct {
	ID        string `gorm:"primaryKey"`
	Workspace string `gorm:"index:removed_connections_workspace"`
	Source    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	RemovedAt int64
}

func (v13RemovedConnection) TableName() string { return "removed_connections" }
