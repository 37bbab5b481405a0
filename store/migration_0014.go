package store

import "gorm.io/gorm"

// Version 14 remembers contacts with vendors that are asked. What was known
// before stays known: connections that are asked have had contact since they were
// made, until they were last looked at. These types are frozen.

func keepContacts(tx *gorm.DB) error {
	if err := tx.Migrator().CreateTable(&v14Contact{}); err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO contacts (workspace, connection, begun_at, from_at, until_at)
		SELECT c.workspace, c.id, c.created_at, c.created_at, CASE WHEN s.last_at > c.created_at THEN s.last_at ELSE c.created_at END
		FROM connections c JOIN streams s ON s.workspace = c.workspace AND s.connection = c.id AND s.name = ''`).Error
}

type v14Contact struct {
	Workspace  string `gorm:"primaryKey"`
	Connection string `gorm:"primaryKey"`
	BegunAt    int64  `gorm:"primaryKey;autoIncrement:false"`
	FromAt     int64
	UntilAt    int64
}

func (v14Contact) TableName() string { return "contacts" }
