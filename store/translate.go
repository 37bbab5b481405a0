package store

import (
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/evenkeel-dev/evenkeel"
)

// translate turns what a database says into the sentinels of the vocabulary.
// Everything else stays an internal error.
func translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fmt.Errorf("%w: it exists already: %w", evenkeel.ErrConflict, err)
	case errors.Is(err, gorm.ErrRecordNotFound):
		return fmt.Errorf("%w: %w", evenkeel.ErrNotFound, err)
	}
	return err
}
