package metrics

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// ID is a fact id in binary; its text is 20 hexadecimal digits.
type ID [10]byte

// parseID reads a fact id. Any other text is given an id of its own by its
// digest, so that unusual ids are still told apart.
func parseID(text string) (id ID) {
	if len(text) == hex.EncodedLen(len(id)) {
		if _, err := hex.Decode(id[:], []byte(text)); err == nil {
			return id
		}
	}
	sum := sha256.Sum256([]byte(text))
	copy(id[:], sum[:])
	return id
}

// String is the id as 20 hexadecimal digits.
func (i ID) String() string { return hex.EncodeToString(i[:]) }

// compare looks at the first bytes first, which nearly always decide.
func (i ID) compare(other ID) int {
	if a, b := binary.BigEndian.Uint64(i[:8]), binary.BigEndian.Uint64(other[:8]); a != b {
		return cmp.Compare(a, b)
	}
	return bytes.Compare(i[8:], other[8:])
}
