package store

import "gorm.io/gorm"

// Version 5 numbers the versions of policies and adds who saved them, and
// why. These types are frozen.

func numberPolicies(tx *gorm.DB) error {
	for _, column := range []string{"Number", "Author", "Note", "Digest"} {
		if err := tx.Migrator().AddColumn(&v5Policy{}, column); err != nil {
			return err
		}
	}
	var held []v5Policy
	if err := tx.Select("workspace", "version", "at").Order("workspace, at, version").Find(&held).Error; err != nil {
		return err
	}
	numbers := map[string]int64{}
	for _, p := range held {
		numbers[p.Workspace]++
		row := tx.Model(&v5Policy{}).Where("workspace = ? AND version = ?", p.Workspace, p.Version)
		if err := row.Update("number", numbers[p.Workspace]).Error; err != nil {
			return err
		}
	}
	return nil
}

// v5Policy holds the columns that version 5 adds, and those it reads.
type v5Policy struct {
	Workspace string `gorm:"primaryKey"`
	Version   string `gorm:"primaryKey"`
	At        int64
	Number    int64  `gorm:"default:0"`
	Author    string `gorm:"default:''"`
	Note      string `gorm:"default:''"`
	Digest    string `gorm:"default:''"`
}

func (v5Policy) TableName() string { return "policies" }
