package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// A delivery is unclaimed while a visible fact that it speaks of belongs to no
// application. That follows from the catalogue and is not kept with it.

// fewUnclaimed is up to how many unclaimed facts are looked up first. Where
// there are more, some are met soon by going through the deliveries.
const fewUnclaimed = 5000

// onlyUnclaimed narrows deliveries to those that are unclaimed.
func (w *Workspace) onlyUnclaimed(tx *gorm.DB, rows gorm.ChainInterface[deliveryRow]) (gorm.ChainInterface[deliveryRow], error) {
	n, err := w.countUnclaimed(tx)
	if err != nil {
		return nil, err
	}
	if n > fewUnclaimed {
		return rows.Where("EXISTS (?)", w.unclaimedLinks(tx).Where("delivery_facts.delivery = deliveries.id")), nil
	}
	facts := w.rows(tx.Model(&factRow{})).Select("id").
		Where("kind IN ? AND subject IN (?) AND gone = ?", kindsOf(evenkeel.Kinds()), w.unmatched(tx), false)
	return rows.Where("id IN (?) OR id IN (?)",
		w.rows(tx.Model(&deliveryFactRow{})).Select("delivery").Where("fact IN (?)", facts), w.unclaimedOthers(tx)), nil
}

// countUnclaimed counts unclaimed facts, as far as it matters.
func (w *Workspace) countUnclaimed(tx *gorm.DB) (int64, error) {
	var facts, others int64
	err := w.rows(tx.Model(&tallyRow{})).Select("coalesce(sum(n), 0)").Where("subject IN (?)", w.unmatched(tx)).Scan(&facts).Error
	if err != nil || facts > fewUnclaimed {
		return facts, err
	}
	err = tx.Table("(?) AS others", w.unclaimedOthers(tx).Limit(fewUnclaimed+1)).Count(&others).Error
	return facts + others, err
}

// unclaimedOthers are the deliveries of unclaimed facts that are not rows.
func (w *Workspace) unclaimedOthers(tx *gorm.DB) *gorm.DB {
	return w.rows(tx.Model(&deliveryFactRow{})).Select("delivery").Where("kind <> 0 AND subject IN (?)", w.unmatched(tx))
}

// unclaimedLinks are the links to unclaimed facts, looked up from the
// deliveries.
func (w *Workspace) unclaimedLinks(tx *gorm.DB) *gorm.DB {
	subject := w.rows(tx.Model(&subjectRow{})).Select("subject").Where("matched = ?", false)
	facts := w.rows(tx.Model(&factRow{})).Select("id").
		Where("facts.id = delivery_facts.fact AND gone = ? AND EXISTS (?)", false, subject.Session(&gorm.Session{}).Where("subjects.subject = facts.subject"))
	return w.rows(tx.Model(&deliveryFactRow{})).Select("delivery").
		Where("EXISTS (?) OR (kind <> 0 AND EXISTS (?))", facts, subject.Session(&gorm.Session{}).Where("subjects.subject = delivery_facts.subject"))
}

// unclaimedOf finds which of some deliveries are unclaimed.
func (w *Workspace) unclaimedOf(ctx context.Context, tx *gorm.DB, ids []string) (map[string]bool, error) {
	unclaimed := map[string]bool{}
	err := eachChunk(ids, func(some []string) error {
		var found []string
		err := w.unclaimedLinks(tx.WithContext(ctx)).Distinct("delivery").Where("delivery IN ?", some).Find(&found).Error
		for _, id := range found {
			unclaimed[id] = true
		}
		return err
	})
	return unclaimed, err
}

// deliveries reads rows into deliveries, with their marks.
func (w *Workspace) deliveries(ctx context.Context, tx *gorm.DB, rows []deliveryRow) ([]evenkeel.Delivery, error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	unclaimed, err := w.unclaimedOf(ctx, tx, ids)
	list := make([]evenkeel.Delivery, len(rows))
	for i, row := range rows {
		list[i] = row.delivery(unclaimed[row.ID])
	}
	return list, err
}
