package store

import "gorm.io/gorm"

// Version 6 adds what people said of incidents. These types are frozen.

func keepLinks(tx *gorm.DB) error {
	return tx.Migrator().CreateTable(&v6IncidentLink{}, &v6LinkedDeployment{})
}

type v6IncidentLink struct {
	Workspace   string `gorm:"primaryKey"`
	Incident    string `gorm:"primaryKey"`
	Seq         int64  `gorm:"primaryKey;autoIncrement:false"`
	At          int64
	Actor       string
	Reason      string
	Deployments []byte
	Withdrawn   bool
}

func (v6IncidentLink) TableName() string { return "incident_links" }

type v6LinkedDeployment struct {
	Workspace  string `gorm:"primaryKey;index:linked_incidents,priority:1"`
	Deployment string `gorm:"primaryKey;index:linked_incidents,priority:3"`
	Incident   string `gorm:"primaryKey;index:linked_incidents,priority:2"`
}

func (v6LinkedDeployment) TableName() string { return "linked_deployments" }
