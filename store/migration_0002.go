package store

import "gorm.io/gorm"

// The tables of version 2: what sources deliver, by which connections, and
// which facts it speaks of. These types are frozen, like those of version 1.

func createDeliveries(tx *gorm.DB) error {
	for _, column := range []string{"Final", "RecordedAt"} {
		if err := tx.Migrator().AddColumn(&v2Observation{}, column); err != nil {
			return err
		}
	}
	return tx.Migrator().CreateTable(&v2Delivery{}, &v2DeliveryBody{}, &v2DeliveryFact{}, &v2Connection{})
}

// v2Observation holds the columns that version 2 adds.
type v2Observation struct {
	Final      bool  `gorm:"default:false"`
	RecordedAt int64 `gorm:"default:0"`
}

func (v2Observation) TableName() string { return "observations" }

type v2Delivery struct {
	Workspace   string `gorm:"primaryKey;uniqueIndex:deliveries_identity,priority:1;index:deliveries_outcome,priority:1;index:deliveries_connection,priority:1"`
	ID          string `gorm:"primaryKey;index:deliveries_outcome,priority:3;index:deliveries_connection,priority:3"`
	Connection  string `gorm:"index:deliveries_connection,priority:2"`
	Source      string
	Event       string
	ExternalKey string
	Identity    string `gorm:"uniqueIndex:deliveries_identity,priority:2"`
	Size        int64
	ReceivedAt  int64
	Outcome     string `gorm:"index:deliveries_outcome,priority:2;index:deliveries_connection,priority:4"`
	Reason      string
	Expired     bool
	Repeats     int64 `gorm:"index:deliveries_connection,priority:5"`
	LastAt      int64 `gorm:"index:deliveries_connection,priority:6"`
	Facts       int64
}

func (v2Delivery) TableName() string { return "deliveries" }

type v2DeliveryBody struct {
	Workspace string `gorm:"primaryKey"`
	Delivery  string `gorm:"primaryKey"`
	Headers   []byte
	Body      []byte
}

func (v2DeliveryBody) TableName() string { return "delivery_bodies" }

type v2DeliveryFact struct {
	Workspace  string `gorm:"primaryKey;index:delivery_facts_fact,priority:1;index:delivery_facts_subject,priority:1"`
	Delivery   string `gorm:"primaryKey;index:delivery_facts_fact,priority:3;index:delivery_facts_subject,priority:3"`
	Fact       string `gorm:"primaryKey;index:delivery_facts_fact,priority:2"`
	Digest     []byte `gorm:"primaryKey"`
	Fresh      bool
	Kind       int16
	Subject    string `gorm:"index:delivery_facts_subject,priority:2,where:kind <> 0"`
	ExternalID string
	At         int64
}

func (v2DeliveryFact) TableName() string { return "delivery_facts" }

type v2Connection struct {
	ID        string `gorm:"primaryKey"`
	Workspace string `gorm:"uniqueIndex:connections_name,priority:1"`
	Source    string
	Name      string `gorm:"uniqueIndex:connections_name,priority:2"`
	Secrets   []byte
	Settings  []byte
	Managed   string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (v2Connection) TableName() string { return "connections" }
