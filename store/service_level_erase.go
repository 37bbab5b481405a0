package store

import "slices"

// eraseLevels takes persons out of who kept and corrected service levels, and
// out of the reasons of corrections.
func (e *erasure) eraseLevels() error {
	versions, err := of[serviceLevelVersionRow](e.w, e.w.reader).Omit("body").Find(e.ctx)
	if err != nil {
		return err
	}
	versions = slices.DeleteFunc(versions, func(v serviceLevelVersionRow) bool { return !e.names.in([]byte(v.Author)) })
	for some := range slices.Chunk(versions, eraseChunk) {
		err := e.eraseSome(len(some), func(r *recording) error {
			for _, v := range some {
				v.Author = erasedName
				if _, err := of[serviceLevelVersionRow](e.w, r.tx).Where("level = ? AND number = ?", v.Level, v.Number).Update(e.ctx, "author", v.Author); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return e.eraseCorrections()
}

func (e *erasure) eraseCorrections() error {
	rows, err := of[correctionRow](e.w, e.w.reader).Find(e.ctx)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(c correctionRow) bool {
		return !e.names.in([]byte(c.Author)) && !e.names.in([]byte(c.Reason)) && !e.names.in([]byte(c.WithdrawnBy))
	})
	for some := range slices.Chunk(rows, eraseChunk) {
		err := e.eraseSome(len(some), func(r *recording) error {
			for _, c := range some {
				for _, text := range []*string{&c.Author, &c.Reason, &c.WithdrawnBy} {
					if e.names.in([]byte(*text)) {
						*text = erasedName
					}
				}
				if _, err := of[correctionRow](e.w, r.tx).Where("id = ?", c.ID).Select("author", "reason", "withdrawn_by").Updates(e.ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eraseSome changes some rows of service levels, with a revision: answers that
// hold a name are old now.
func (e *erasure) eraseSome(n int, work func(r *recording) error) error {
	_, err := e.w.transact(e.ctx, e.secret, func(r *recording) error {
		if err := work(r); err != nil {
			return err
		}
		_, err := e.w.announce(e.ctx, r.tx, r.workspace)
		return err
	})
	if err == nil {
		e.done.ServiceLevels += n
	}
	return err
}
