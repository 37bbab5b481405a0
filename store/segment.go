package store

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/evenkeel-dev/evenkeel"
)

// A segment is some commits of a repository in columns: ids, short digests of
// what was said of each, and a compressed body with parents, times and
// details. See docs/adr/0003-commits-in-segments.md.

// describedCommit is one statement on a commit.
type describedCommit struct {
	evenkeel.Node
	// Deleted says that the source no longer has the commit.
	Deleted bool
	// Digest is the start of the statement's SHA-256.
	Digest uint64
}

const (
	segmentVersion = 1
	shortID        = 20 // Bytes of a SHA-1.
	longID         = 32
	digestSize     = 8
)

// errSegment says that stored bytes are not a segment.
var errSegment = errors.New("the packed commits are damaged; restore a backup or import the repository again")

// codec compresses; its methods are safe for concurrent use.
//
//nolint:gochecknoglobals // Made once, never changed: compressors are costly to make.
var codec = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	const most = 256 << 20 // Bytes of one segment; a guard against damaged lengths.
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		panic(err) // The options are constants.
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(most))
	if err != nil {
		panic(err)
	}
	return encoder, decoder
})

// packedCommits is the columns of a segment.
type packedCommits struct{ shas, digests, body []byte }

// packCommits packs commits in the order given.
func packCommits(commits []describedCommit) packedCommits {
	width := idWidth(commits)
	p := packedCommits{shas: make([]byte, 0, width*len(commits)), digests: make([]byte, 0, digestSize*len(commits))}
	index := make(map[evenkeel.SHA]int, len(commits))
	for i, c := range commits {
		p.shas = append(p.shas, c.SHA[:width]...)
		p.digests = binary.BigEndian.AppendUint64(p.digests, c.Digest)
		index[c.SHA] = i
	}
	body := []byte{segmentVersion, byte(width)}
	body = binary.AppendUvarint(body, uint64(len(commits)))
	body = appendTimes(body, commits)
	body = appendParents(body, commits, index, width)
	body = appendDeleted(body, commits)
	body = appendDetails(body, commits)
	encoder, _ := codec()
	p.body = encoder.EncodeAll(body, nil)
	return p
}

// idWidth is the bytes that the longest id of the commits or parents needs.
func idWidth(commits []describedCommit) int {
	long := func(id evenkeel.SHA) bool { return [longID - shortID]byte(id[shortID:]) != [longID - shortID]byte{} }
	for _, c := range commits {
		if long(c.SHA) || slices.ContainsFunc(c.Parents, long) {
			return longID
		}
	}
	return shortID
}

// appendTimes writes three columns: observed and committed as differences to
// the commit before, authored as the difference to committed. The unit is the
// second where all times are whole seconds.
func appendTimes(b []byte, commits []describedCommit) []byte {
	unit := int64(time.Second / time.Microsecond)
	for _, c := range commits {
		for _, t := range []time.Time{c.ObservedAt, c.Committed, c.Authored} {
			if int64(instantOf(t))%unit != 0 {
				unit = 1
			}
		}
	}
	units := func(t time.Time) int64 { return int64(instantOf(t)) / unit }
	b = binary.AppendUvarint(b, uint64(unit))
	var observed, committed int64
	for _, c := range commits {
		b = binary.AppendVarint(b, units(c.ObservedAt)-observed)
		observed = units(c.ObservedAt)
	}
	for _, c := range commits {
		b = binary.AppendVarint(b, units(c.Committed)-committed)
		committed = units(c.Committed)
	}
	for _, c := range commits {
		b = binary.AppendVarint(b, units(c.Committed)-units(c.Authored))
	}
	return b
}

// appendParents writes the number of parents of each commit, then each parent
// as the distance to its place in the segment, or 0 and its id.
func appendParents(b []byte, commits []describedCommit, index map[evenkeel.SHA]int, width int) []byte {
	for _, c := range commits {
		b = binary.AppendUvarint(b, uint64(len(c.Parents)))
	}
	for i, c := range commits {
		for _, parent := range c.Parents {
			if at, ok := index[parent]; ok && at != i {
				b = binary.AppendVarint(b, int64(at-i))
				continue
			}
			b = append(binary.AppendVarint(b, 0), parent[:width]...)
		}
	}
	return b
}

func appendDeleted(b []byte, commits []describedCommit) []byte {
	var deleted []int
	for i, c := range commits {
		if c.Deleted {
			deleted = append(deleted, i)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(deleted)))
	for _, i := range deleted {
		b = binary.AppendUvarint(b, uint64(i))
	}
	return b
}

// The parts of a commit's details that are known.
const (
	knownPaths = 1 << iota
	knownPatch
	hexPatch
	knownTrailers
)

// appendDetails writes, per commit, what is known beyond its identity. Texts
// are numbers into a list of distinct texts that comes first.
func appendDetails(b []byte, commits []describedCommit) []byte {
	texts := dictionary{number: map[string]uint64{}}
	var details []byte
	for _, c := range commits {
		details = appendDetail(details, c, &texts)
	}
	b = binary.AppendUvarint(b, uint64(len(texts.list)))
	for _, text := range texts.list {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return append(b, details...)
}

type dictionary struct {
	number map[string]uint64
	list   []string
}

func (d *dictionary) append(b []byte, text string) []byte {
	n, ok := d.number[text]
	if !ok {
		n = uint64(len(d.list))
		d.number[text] = n
		d.list = append(d.list, text)
	}
	return binary.AppendUvarint(b, n)
}

func appendDetail(b []byte, c describedCommit, texts *dictionary) []byte {
	var flags byte
	patch, err := hex.DecodeString(c.PatchID)
	if c.Paths != nil {
		flags |= knownPaths
	}
	switch {
	case c.PatchID == "":
	case err == nil && hex.EncodeToString(patch) == c.PatchID && len(patch) == shortID:
		flags |= knownPatch | hexPatch
	default:
		flags |= knownPatch
	}
	if c.Trailers != nil {
		flags |= knownTrailers
	}
	b = append(b, flags)
	if flags&knownPaths != 0 {
		b = appendTexts(b, c.Paths, texts)
	}
	switch {
	case flags&hexPatch != 0:
		b = append(b, patch...)
	case flags&knownPatch != 0:
		b = texts.append(b, c.PatchID)
	}
	if flags&knownTrailers != 0 {
		b = binary.AppendUvarint(b, uint64(len(c.Trailers)))
		for _, key := range slices.Sorted(maps.Keys(c.Trailers)) {
			b = appendTexts(texts.append(b, key), c.Trailers[key], texts)
		}
	}
	return b
}

func appendTexts(b []byte, list []string, texts *dictionary) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, text := range list {
		b = texts.append(b, text)
	}
	return b
}

// unpackCommits reads what packCommits wrote, except digests. It fails with
// errSegment on bytes that are not a segment.
func unpackCommits(shas, packed []byte) ([]describedCommit, error) {
	_, decoder := codec()
	body, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSegment, err)
	}
	r := segmentReader{rest: body}
	if version := r.bytes(1); r.failed || version[0] != segmentVersion {
		return nil, fmt.Errorf("%w: unknown version", errSegment)
	}
	width := int(r.byte())
	n := r.count()
	if r.failed || (width != shortID && width != longID) || n*width != len(shas) {
		return nil, errSegment
	}
	commits := make([]describedCommit, n)
	for i := range commits {
		copy(commits[i].SHA[:], shas[i*width:(i+1)*width])
	}
	r.times(commits)
	r.parents(commits, width)
	r.deleted(commits)
	r.details(commits)
	if r.failed || len(r.rest) != 0 {
		return nil, errSegment
	}
	return commits, nil
}

// segmentReader reads the body of a segment. After the first failure it
// reads zeros, so that only the end has to be checked.
type segmentReader struct {
	rest   []byte
	failed bool
}

func (r *segmentReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	return advance(r, v, n)
}

func (r *segmentReader) varint() int64 {
	v, n := binary.Varint(r.rest)
	return advance(r, v, n)
}

func advance[T any](r *segmentReader, v T, n int) T {
	if n <= 0 {
		r.failed, r.rest = true, nil
		var zero T
		return zero
	}
	r.rest = r.rest[n:]
	return v
}

// count reads a number of things of at least one byte each.
func (r *segmentReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.failed, r.rest = true, nil
		return 0
	}
	return int(n)
}

func (r *segmentReader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *segmentReader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.failed, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *segmentReader) times(commits []describedCommit) {
	unit := int64(r.uvarint())
	var observed, committed int64
	for i := range commits {
		observed += r.varint()
		commits[i].ObservedAt = instant(observed * unit).Time()
	}
	for i := range commits {
		committed += r.varint()
		commits[i].Committed = instant(committed * unit).Time()
	}
	for i := range commits {
		commits[i].Authored = instant(int64(instantOf(commits[i].Committed)) - r.varint()*unit).Time()
	}
}

func (r *segmentReader) parents(commits []describedCommit, width int) {
	counts := make([]int, len(commits))
	total := 0
	for i := range commits {
		counts[i] = r.count()
		total += counts[i]
	}
	if total > len(r.rest) {
		r.failed, r.rest = true, nil
		return
	}
	all := make([]evenkeel.SHA, total)
	for i := range commits {
		mine := all[:counts[i]:counts[i]]
		all = all[counts[i]:]
		for p := range mine {
			mine[p] = r.parent(commits, i, width)
		}
		if len(mine) > 0 {
			commits[i].Parents = mine
		}
	}
}

func (r *segmentReader) parent(commits []describedCommit, i, width int) (id evenkeel.SHA) {
	distance := r.varint()
	if distance == 0 {
		copy(id[:], r.bytes(width))
		return id
	}
	at := int64(i) + distance
	if at < 0 || at >= int64(len(commits)) {
		r.failed, r.rest = true, nil
		return id
	}
	return commits[at].SHA
}

func (r *segmentReader) deleted(commits []describedCommit) {
	for range r.count() {
		at := r.uvarint()
		if at >= uint64(len(commits)) {
			r.failed = true
			return
		}
		commits[at].Deleted = true
	}
}

func (r *segmentReader) details(commits []describedCommit) {
	texts := make([]string, r.count())
	for i := range texts {
		texts[i] = string(r.bytes(r.count()))
	}
	for i := range commits {
		r.detail(&commits[i], texts)
	}
}

func (r *segmentReader) detail(c *describedCommit, texts []string) {
	flags := r.byte()
	if flags&knownPaths != 0 {
		c.Paths = r.texts(texts)
	}
	switch {
	case flags&hexPatch != 0:
		c.PatchID = hex.EncodeToString(r.bytes(shortID))
	case flags&knownPatch != 0:
		c.PatchID = r.text(texts)
	}
	if flags&knownTrailers != 0 {
		n := r.count()
		c.Trailers = make(map[string][]string, n)
		for range n {
			key := r.text(texts)
			c.Trailers[key] = r.texts(texts)
		}
	}
}

func (r *segmentReader) texts(texts []string) []string {
	list := make([]string, r.count())
	for i := range list {
		list[i] = r.text(texts)
	}
	return list
}

func (r *segmentReader) text(texts []string) string {
	n := r.uvarint()
	if n >= uint64(len(texts)) {
		r.failed = true
		return ""
	}
	return texts[n]
}
