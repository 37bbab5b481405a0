package store

import "gorm.io/gorm"

// Version 9 adds what files suggest of applications, and lifecycles. These
// types are frozen.

func keepSuggestions(tx *gorm.DB) error {
	if err := tx.Migrator().AddColumn(&v9Application{}, "Lifecycle"); err != nil {
		return err
	}
	return tx.Migrator().CreateTable(&v9Suggestion{})
}

// v9Application is the column of applications that version 9 has added.
type v9Application struct {
	Lifecycle string `gorm:"not null;default:''"`
}

func (v9Application) TableName() string { return "applications" }

type v9Suggestion struct {
	Workspace     string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"`
	Application   string
	ApplicationID string
	Aspect        string
	Value         string
	Name          string
	Parent        string
	Type          string
	Reference     string
	Method        string
	Detail        string
	Confidence    string
	Source        string
	Repository    string
	Path          string
	Line          int
	Commit        string
	FirstSeen     int64
	Status        string
	Actor         string
	DecidedAt     int64
}

func (v9Suggestion) TableName() string { return "suggestions" }
