package store_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/evenkeel-dev/evenkeel"
	"github.com/evenkeel-dev/evenkeel/store"
)

func TestSigningKeysLiveAsLongAsTheirWorkspace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *store.Store) {
		ensure(t, s, "other")
		key := func(workspace, purpose string) []byte {
			return must[[]byte](t)(s.In(workspace).SigningKey(t.Context(), purpose))
		}
		first := key("acme", "badge")
		if len(first) != 32 || !bytes.Equal(first, key("acme", "badge")) {
			t.Errorf("%d bytes, or another key when asked again", len(first))
		}
		if bytes.Equal(first, key("acme", "else")) || bytes.Equal(first, key("other", "badge")) {
			t.Error("two purposes or two workspaces share a key")
		}
		ensure(t, s, "acme")
		if !bytes.Equal(first, key("acme", "badge")) {
			t.Error("naming a workspace again changes its key")
		}
		if err := s.RemoveWorkspace(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.In("acme").SigningKey(t.Context(), "badge"); !errors.Is(err, evenkeel.ErrNotFound) {
			t.Errorf("the key of a workspace that is gone = %v", err)
		}
		ensure(t, s, "acme")
		if bytes.Equal(first, key("acme", "badge")) {
			t.Error("a workspace that is made again has the old key")
		}
	})
}
