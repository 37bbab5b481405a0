package store

import "gorm.io/gorm"

// Version 7 adds who owned an application before, and business capabilities.
// These types are frozen.

func dateOwners(tx *gorm.DB) error {
	for _, column := range []string{"Owners", "Capability"} {
		if err := tx.Migrator().AddColumn(&v7Application{}, column); err != nil {
			return err
		}
	}
	return tx.Migrator().CreateTable(&v7Capability{})
}

// v7Application is the columns of applications that version 7 has added.
type v7Application struct {
	Owners     []byte
	Capability string `gorm:"not null;default:''"`
}

func (v7Application) TableName() string { return "applications" }

type v7Capability struct {
	Workspace string `gorm:"primaryKey"`
	Slug      string `gorm:"primaryKey"`
	Name      string
	Parent    string
}

func (v7Capability) TableName() string { return "capabilities" }
