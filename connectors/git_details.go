package connectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/evenkeel-dev/evenkeel"
)

// gitDetailChunk is how many commits one run of git describes. An interrupted
// pass loses at most the work on one chunk.
const gitDetailChunk = 400

// gitMaxFolders is the most folders that a commit names. Of a commit that
// touches more, the folders stay unknown: part of a list would lay the commit
// to the wrong applications.
const gitMaxFolders = 1000

// gitDetail is what the contents of a commit say.
type gitDetail struct {
	files, added, deleted int
	folders               map[string]bool
	binary                bool
	patchID               string
}

// Details is the second, slower pass over a repository: sizes of changes,
// touched folders and patch ids, newest commits first. The events repeat what
// [Git.Import] says of a commit and add to it.
//
// Commits of which has says true are left out, so that a pass that was
// interrupted goes on where it ended; has may be nil. Commits and changes are
// handed over together, chunk by chunk. A commit whose parent is missing from
// a shallow clone is left out. The error wraps ErrInvalid for a partial clone,
// which holds no contents.
func (g *Git) Details(ctx context.Context, o GitOptions, has func(sha string) bool, emit func([]evenkeel.Event) error, progress func(done, total int)) (GitSummary, error) {
	if g.partial {
		return GitSummary{Repository: g.repository}, fmt.Errorf("git: this is a partial clone without the contents of files; clone it in full, or leave the details out: %w", evenkeel.ErrInvalid)
	}
	t, err := g.translation(ctx, o, nil)
	if err != nil {
		return GitSummary{Repository: g.repository, Shallow: g.shallow}, err
	}
	changes := make(map[int32]gitMerge, len(t.changes))
	for _, m := range t.changes {
		changes[m.at] = m
	}
	todo := t.undetailed(has)
	done := 0
	for chunk := range slices.Chunk(todo, gitDetailChunk) {
		found, err := g.details(ctx, t, chunk)
		if err != nil {
			return t.summary, err
		}
		if err := emit(t.detailEvents(chunk, found, changes)); err != nil {
			return t.summary, err
		}
		if done += len(chunk); progress != nil {
			progress(done, len(todo))
		}
	}
	return t.summary, nil
}

// undetailed lists the commits that the pass must describe, newest first.
func (t *gitTranslation) undetailed(has func(sha string) bool) []int32 {
	var todo []int32
	for i := range t.history.commits {
		at := int32(i)
		c := &t.history.commits[at]
		switch {
		case !t.keeps(at) || has != nil && has(c.sha.Hex()):
		case t.compared(c) < 0 && len(c.parents) > 0:
			t.summary.skip("details: the parent is missing from the clone", c.sha.Hex())
		default:
			todo = append(todo, at)
		}
	}
	return todo
}

// compared is the parent that a commit's contents are compared with; -1 when
// there is none or it was not read.
func (t *gitTranslation) compared(c *gitCommit) int32 {
	if len(c.up) == 0 {
		return -1
	}
	return c.up[t.trunk.onward(c)]
}

// pair is a line of input of git diff-tree: a commit, and what to compare it with.
func (t *gitTranslation) pair(at int32) string {
	c := &t.history.commits[at]
	if parent := t.compared(c); parent >= 0 {
		return c.sha.Hex() + " " + t.history.commits[parent].sha.Hex() + "\n"
	}
	return c.sha.Hex() + "\n"
}

// details describes some commits.
func (g *Git) details(ctx context.Context, t *gitTranslation, chunk []int32) (map[string]*gitDetail, error) {
	var pairs strings.Builder
	for _, at := range chunk {
		pairs.WriteString(t.pair(at))
	}
	var found map[string]*gitDetail
	err := g.stream(ctx, strings.NewReader(pairs.String()), func(r io.Reader) (err error) {
		found, err = readGitNumstat(r)
		return err
	}, gitDiff("--numstat", "-z")...)
	if err != nil {
		return nil, err
	}
	pairs.Reset()
	for _, at := range chunk {
		c := &t.history.commits[at]
		d := found[c.sha.Hex()]
		// Patches of binary files, modes and merges have no dependable id.
		if d != nil && !d.binary && d.added+d.deleted > 0 && !c.merge() {
			pairs.WriteString(t.pair(at))
		}
	}
	if pairs.Len() == 0 {
		return found, nil
	}
	ids, err := g.patchIDs(ctx, pairs.String())
	for sha, id := range ids {
		if d := found[sha]; d != nil {
			d.patchID = id
		}
	}
	return found, err
}

// gitDiff are the arguments that compare the commits named on standard input
// without running anything that the repository configures.
func gitDiff(form ...string) []string {
	return append([]string{"diff-tree", "--stdin", "-r", "--root", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color"}, form...)
}

// readGitNumstat reads what git diff-tree --numstat -z printed: an id, then
// "added<TAB>deleted<TAB>path" of each file, each ended by NUL.
func readGitNumstat(r io.Reader) (map[string]*gitDetail, error) {
	in := newGitReader(r)
	found := map[string]*gitDetail{}
	var d *gitDetail
	for {
		text, _, err := in.field(gitMaxRefName)
		switch {
		case errors.Is(err, io.EOF) && text == "":
			return found, nil
		case err != nil:
			return nil, gitBroken("list of touched files", err)
		case evenkeel.ValidSHA(text):
			d = &gitDetail{folders: map[string]bool{}}
			found[text] = d
		case d == nil || !d.file(text):
			return nil, gitBroken("list of touched files", nil)
		}
	}
}

// file adds one file; ok is false for a line of unknown form.
func (d *gitDetail) file(line string) (ok bool) {
	parts := strings.SplitN(line, "\t", 3)
	if len(parts) != 3 {
		return false
	}
	d.files++
	if parts[0] == "-" {
		d.binary = true
	} else {
		added, errAdded := strconv.Atoi(parts[0])
		deleted, errDeleted := strconv.Atoi(parts[1])
		if errAdded != nil || errDeleted != nil {
			return false
		}
		d.added, d.deleted = d.added+added, d.deleted+deleted
	}
	if len(d.folders) <= gitMaxFolders {
		d.folders[gitPathFolder(parts[2])] = true
	}
	return true
}

// gitPathFolder is the folder of a file, "." at the top; of a folder name
// longer than facts keep, the enclosing one that fits.
func gitPathFolder(file string) string {
	file = strings.ReplaceAll(strings.ToValidUTF8(file, "\uFFFD"), "\x00", "")
	for {
		at := strings.LastIndexByte(file, '/')
		if at < 0 {
			return "."
		}
		if file = file[:at]; len(file) <= evenkeel.MaxText {
			return file
		}
	}
}

// paths are the touched folders, sorted; nil when there are too many.
func (d *gitDetail) paths() []string {
	if len(d.folders) > gitMaxFolders {
		return nil
	}
	paths := make([]string, 0, len(d.folders))
	for folder := range d.folders {
		paths = append(paths, folder)
	}
	slices.Sort(paths)
	return paths
}

// patchIDs runs git diff-tree into git patch-id.
func (g *Git) patchIDs(ctx context.Context, pairs string) (map[string]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("git: %w", err)
	}
	diff := g.command(ctx, gitDiff("-p", "--full-index")...)
	stderr := &gitStderr{}
	diff.Stdin, diff.Stdout, diff.Stderr = strings.NewReader(pairs), writer, stderr
	err = diff.Start()
	_ = writer.Close() // The child has its own.
	if err != nil {
		_ = reader.Close()
		return nil, fmt.Errorf("git: start: %w", err)
	}
	var ids map[string]string
	err = g.stream(ctx, reader, func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, gitMaxAnswer))
		ids = readGitPatchIDs(text)
		return err
	}, "patch-id", "--stable")
	_ = reader.Close()
	if err != nil {
		cancel()
	}
	if waitErr := diff.Wait(); err == nil && waitErr != nil {
		err = g.outcome(ctx, []string{"diff-tree"}, nil, waitErr, stderr)
	}
	return ids, err
}

// readGitPatchIDs reads lines of patch id and commit id.
func readGitPatchIDs(text []byte) map[string]string {
	ids := map[string]string{}
	for line := range bytes.Lines(text) {
		id, sha, ok := strings.Cut(strings.TrimSpace(string(line)), " ")
		if ok && evenkeel.ValidSHA(id) && evenkeel.ValidSHA(sha) {
			ids[sha] = id
		}
	}
	return ids
}

// detailEvents are the events of one chunk.
func (t *gitTranslation) detailEvents(chunk []int32, found map[string]*gitDetail, changes map[int32]gitMerge) []evenkeel.Event {
	var events []evenkeel.Event
	add := func(e evenkeel.Event) error {
		events = append(events, e)
		return nil
	}
	for _, at := range chunk {
		sha := t.history.commits[at].sha.Hex()
		d := found[sha]
		if d == nil { // git is silent about a commit that changes nothing.
			d = &gitDetail{}
		}
		e := t.commitEvent(at)
		commit := e.Payload.(*evenkeel.Commit) //nolint:forcetypeassert // commitEvent makes it.
		commit.Paths, commit.PatchID = d.paths(), d.patchID
		if commit.Paths == nil {
			t.summary.skip("details: more than "+strconv.Itoa(gitMaxFolders)+" folders are touched; which ones stays unknown", sha)
		}
		_ = t.emit(e, &t.summary.Commits, add) // add never fails.
		if m, ok := changes[at]; ok {
			_ = t.emit(t.sizeEvent(m, d), &t.summary.Changes, add)
		}
	}
	return events
}

// sizeEvent says how much a change touches.
func (t *gitTranslation) sizeEvent(m gitMerge, d *gitDetail) evenkeel.Event {
	c := &t.history.commits[m.at]
	sha := c.sha.Hex()
	return t.fact(gitChangeID(m, sha), c.dated(), &evenkeel.Change{
		Repository:  t.plan.Repository,
		Number:      m.number,
		MergeCommit: sha,
		Size:        &evenkeel.Size{Files: d.files, Added: d.added, Deleted: d.deleted},
	})
}
