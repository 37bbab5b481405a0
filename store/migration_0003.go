package store

import "gorm.io/gorm"

// Version 3 adds what lists of all facts are read by. These types are frozen.

func exploreFacts(tx *gorm.DB) error {
	for _, index := range []string{"facts_at", "facts_seq"} {
		if err := tx.Migrator().CreateIndex(&v3Fact{}, index); err != nil {
			return err
		}
	}
	return nil
}

// v3Fact is the columns of facts that version 3 has indexed.
type v3Fact struct {
	Workspace string `gorm:"index:facts_at,priority:1,where:gone = false;index:facts_seq,priority:1,where:gone = false"`
	ID        string `gorm:"index:facts_at,priority:3;index:facts_seq,priority:3"`
	At        int64  `gorm:"index:facts_at,priority:2"`
	Seq       int64  `gorm:"index:facts_seq,priority:2"`
}

func (v3Fact) TableName() string { return "facts" }
