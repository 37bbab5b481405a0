package main

import (
	"context"
	"fmt"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/server/measure"
	"github.com/evenkeel-dev/evenkeel/slo"
	"github.com/evenkeel-dev/evenkeel/slo/openslo"
	"github.com/evenkeel-dev/evenkeel/store"
)

// measuredLevels are the service levels of the store that are in force, for
// those who measure them.
func measuredLevels(s *store.Store) func(slug string) measure.Levels {
	return func(slug string) measure.Levels { return keptLevels{s.In(slug)} }
}

type keptLevels struct{ w *store.Workspace }

// SLOs implements measure.Levels. A document that no longer loads is not
// measured; the pages say what is wrong with it.
func (k keptLevels) SLOs(ctx context.Context) (list []slo.Definition, err error) {
	levels, err := k.w.AllServiceLevels(ctx, evenkeel.LastRevision)
	for _, one := range levels {
		list = append(list, openslo.Read(openslo.File{Name: one.ID, Text: []byte(one.Document)}).Definitions...)
	}
	return list, err
}

// SLO implements measure.Levels.
func (k keptLevels) SLO(ctx context.Context, name string) (slo.Definition, error) {
	level, err := k.w.ServiceLevel(ctx, evenkeel.LastRevision, name)
	if err != nil {
		return slo.Definition{}, err
	}
	found := openslo.Read(openslo.File{Name: name, Text: []byte(level.Document)}).Definitions
	if len(found) == 0 || !level.RetiredAt.IsZero() {
		return slo.Definition{}, fmt.Errorf("service level %q: %w", name, evenkeel.ErrNotFound)
	}
	return found[0], nil
}
