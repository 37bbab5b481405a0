package connectors

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/evenkeel-dev/evenkeel"
)

// gitLogFormat makes git rev-list print, after its own line "commit <id>",
// five fields that each end with NUL: id, parents, author date, committer date
// and message. NUL cannot occur in any of them.
const gitLogFormat = "--format=%x00%H%x00%P%x00%at%x00%ct%x00%B%x00"

// gitTagFormat makes git for-each-ref print one line of eight fields per tag,
// each ended by NUL.
const gitTagFormat = "--format=%(refname)%00%(objecttype)%00%(objectname)%00" +
	"%(*objecttype)%00%(*objectname)%00%(taggerdate:unix)%00%(committerdate:unix)%00%(*committerdate:unix)%00"

const (
	gitMaxParents = 4 << 20   // Bytes of parents; an octopus of 100,000 arms.
	gitMaxMessage = 256 << 10 // Bytes of a message that are looked at.
	gitMaxRefName = 64 << 10
)

// gitLastSecond is the last second of the year 2261, the last that facts keep.
const gitLastSecond = 9214646400 - 1

// gitCommit is one commit as git printed it.
type gitCommit struct {
	sha     evenkeel.SHA
	parents []evenkeel.SHA
	up      []int32 // Places of the parents in the history; -1 where unknown.
	// Unix seconds; 0 is unknown.
	authored  int64
	committed int64
	note      *gitNote
}

// merge says that the commit has several parents.
func (c *gitCommit) merge() bool { return len(c.parents) > 1 }

// dated is when the commit was recorded: its committer date, or its author
// date where that is unusable; 0 when both are.
func (c *gitCommit) dated() int64 {
	if c.committed != 0 {
		return c.committed
	}
	return c.authored
}

// gitReader reads fields that end with NUL.
type gitReader struct{ in *bufio.Reader }

func newGitReader(r io.Reader) *gitReader { return &gitReader{in: bufio.NewReaderSize(r, 64<<10)} }

// field reads up to the next NUL and keeps at most limit bytes; cut says that
// there was more. At the end of input the error is io.EOF, with what is left.
func (r *gitReader) field(limit int) (text string, cut bool, err error) {
	var kept []byte
	for {
		part, err := r.in.ReadSlice(0)
		end := err == nil
		if end {
			part = part[:len(part)-1]
		}
		room := limit - len(kept)
		cut = cut || len(part) > room
		if end && kept == nil && !cut {
			return string(part), false, nil
		}
		kept = append(kept, part[:min(room, len(part))]...)
		if end {
			return string(kept), cut, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(kept), cut, err
		}
	}
}

// readGitLog reads what git rev-list printed with gitLogFormat.
func readGitLog(r io.Reader, each func(gitCommit) error) error {
	in := newGitReader(r)
	for {
		head, _, err := in.field(gitMaxRefName)
		if errors.Is(err, io.EOF) && strings.Trim(head, "\n") == "" {
			return nil
		}
		if err != nil || !strings.HasPrefix(strings.TrimPrefix(head, "\n"), "commit ") {
			return gitBroken("log", err)
		}
		c, err := in.commit()
		if err != nil {
			return err
		}
		if err := each(c); err != nil {
			return err
		}
	}
}

// commit reads the five fields of one commit.
func (r *gitReader) commit() (c gitCommit, err error) {
	var fields [5]string
	for i := range fields {
		limit := gitMaxMessage
		if i == 1 {
			limit = gitMaxParents
		}
		var cut bool
		if fields[i], cut, err = r.field(limit); err != nil || cut && i < 4 {
			return c, gitBroken("log", err)
		}
	}
	var ok bool
	if c.sha, ok = evenkeel.ParseSHA(fields[0]); !ok {
		return c, gitBroken("log", nil)
	}
	if c.parents, ok = gitIDs(fields[1]); !ok {
		return c, gitBroken("log", nil)
	}
	c.authored, c.committed = gitSecond(fields[2]), gitSecond(fields[3])
	c.note = readGitNote(strings.ToValidUTF8(fields[4], "\uFFFD"))
	return c, nil
}

// gitBroken says that git's output does not have the form that was asked for.
func gitBroken(what string, cause error) error {
	if cause != nil && !errors.Is(cause, io.EOF) {
		return fmt.Errorf("git: read %s: %w", what, cause)
	}
	return fmt.Errorf("git: the %s ends early or has an unknown form: %w", what, evenkeel.ErrInvalid)
}

func gitIDs(text string) (ids []evenkeel.SHA, ok bool) {
	for word := range strings.FieldsSeq(text) {
		id, ok := evenkeel.ParseSHA(word)
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// gitSecond reads a date in Unix seconds. A date that git could not read (it
// prints 0), one before 1970 or after 2261 is unknown: 0.
func gitSecond(text string) int64 {
	second, err := strconv.ParseInt(text, 10, 64)
	if err != nil || second <= 0 || second > gitLastSecond {
		return 0
	}
	return second
}

// gitInstant is Unix seconds as an instant; 0 is the zero time.
func gitInstant(second int64) time.Time {
	if second == 0 {
		return time.Time{}
	}
	return time.Unix(second, 0).UTC()
}

// gitTag is one tag as git printed it.
type gitTag struct {
	name   string
	kind   string // Of what the tag leads to: "commit", "tree", "blob"; "tag" for a tag of a tag.
	target string // Id of what the tag leads to.
	at     int64  // When the tag was made, or its commit for a light tag; 0 is unknown.
}

// readGitTags reads what git for-each-ref printed with gitTagFormat.
func readGitTags(r io.Reader, each func(gitTag) error) error {
	in := newGitReader(r)
	for {
		name, _, err := in.field(gitMaxRefName)
		if errors.Is(err, io.EOF) && strings.Trim(name, "\n") == "" {
			return nil
		}
		var rest [7]string
		for i := range rest {
			if err == nil {
				rest[i], _, err = in.field(gitMaxRefName)
			}
		}
		name, ok := strings.CutPrefix(strings.TrimPrefix(name, "\n"), "refs/tags/")
		if err != nil || !ok {
			return gitBroken("list of tags", err)
		}
		if err := each(newGitTag(name, rest)); err != nil {
			return err
		}
	}
}

// newGitTag reads type, id, peeled type, peeled id, tagger date, committer
// date and peeled committer date.
func newGitTag(name string, f [7]string) gitTag {
	if f[0] != "tag" {
		return gitTag{name: name, kind: f[0], target: f[1], at: gitSecond(f[5])}
	}
	t := gitTag{name: name, kind: f[2], target: f[3], at: gitSecond(f[4])}
	if f[4] == "" { // Tags of old versions of git name no tagger.
		t.at = gitSecond(f[6])
	}
	return t
}

// gitNote is what a commit's message says that matters for figures.
type gitNote struct {
	number   int      // Number of the request that the commit merges or squashes; 0 is none.
	issueish bool     // The number is only a "(#12)" at the end of the subject.
	gitlab   bool     // The number was written in the style of GitLab, "!12".
	branch   string   // The merged branch, where the subject names it.
	pullOf   string   // The branch that a local pull merged into its own copy, else empty.
	pullFrom string   // The repository of that pull; empty is the clone's own remote.
	reverts  []string // Commit ids (perhaps short) or "#12".
	revert   bool     // The subject says that the commit is a revert.
	picked   []string // Full ids of commits that this one copies.
	fixes    []string
	changeID []string
	tools    map[string][]string // By trailer, the tools that helped; see gitTools.
}

var (
	gitMergeNumber = regexp.MustCompile(`^(?:Merge pull request #(\d{1,9}) (?:from|in) (\S+)` +
		`|Merged in (\S+) \(pull request #(\d{1,9})\)` +
		`|Pull request #(\d{1,9}): ` +
		`|Merged PR (\d{1,9}): ` +
		`|Merge #(\d{1,9})\b` +
		`|Auto merge of #(\d{1,9}) ` +
		`|Merge pull request '.*' \(#(\d{1,9})\) from )`)
	gitMergeBranch   = regexp.MustCompile(`^Merge (?:remote-tracking )?branch '([^']+)'(?: of (\S+))?(?: into '?([^' ]+)'?)?$`)
	gitSubjectNumber = regexp.MustCompile(`\(([#!])(\d{1,9})\)$`)
	gitRequestLine   = regexp.MustCompile(`(?m)^See merge request \S*!(\d{1,9})\s*$`)
	gitRevertLine    = regexp.MustCompile(`(?m)^(?:This reverts commit ([0-9a-f]{7,64})\b|This reverts merge request \S*!(\d{1,9})\b|Reverts (?:[\w.-]+/[\w.-]+)?#(\d{1,9})\s*$)`)
	gitPickLine      = regexp.MustCompile(`(?m)^\(cherry picked from commit ([0-9a-f]{40}(?:[0-9a-f]{24})?)\)`)
	gitTrailerLine   = regexp.MustCompile(`(?m)^(?:[Ff]ixes: *([0-9a-f]{7,64}|#\d{1,9}|[A-Z][A-Z0-9]+-\d{1,9})\b|Change-Id: *(I[0-9a-f]{40})\s*$)`)
	gitRevertSubject = regexp.MustCompile(`^(?:Revert|Reapply) "|^(?i:revert(?:\([^)]*\))?!?): `)
)

// readGitNote reads a message; nil when it says nothing of interest.
func readGitNote(message string) *gitNote {
	subject, body, _ := strings.Cut(strings.TrimLeft(message, "\n"), "\n")
	subject = strings.TrimRight(subject, " \t\r")
	n := &gitNote{revert: gitRevertSubject.MatchString(subject)}
	n.readBody(body)
	n.readSubject(subject)
	if n.number == 0 && n.branch == "" && n.pullOf == "" && !n.revert &&
		n.reverts == nil && n.picked == nil && n.fixes == nil && n.changeID == nil && n.tools == nil {
		return nil
	}
	return n
}

func (n *gitNote) readSubject(subject string) {
	if strings.HasPrefix(subject, "Merge") || strings.HasPrefix(subject, "Pull") || strings.HasPrefix(subject, "Auto") {
		n.readMerge(subject)
	}
	if n.number != 0 {
		return
	}
	if found := gitSubjectNumber.FindStringSubmatch(subject); found != nil {
		n.number, _ = strconv.Atoi(found[2])
		n.gitlab = found[1] == "!"
		n.issueish = !n.gitlab
	}
}

func (n *gitNote) readMerge(subject string) {
	if found := gitMergeNumber.FindStringSubmatch(subject); found != nil {
		n.branch = found[2] + found[3]
		if found[2] != "" {
			_, n.branch, _ = strings.Cut(found[2], "/")
		}
		n.number, _ = strconv.Atoi(found[1] + found[4] + found[5] + found[6] + found[7] + found[8] + found[9])
		n.gitlab = false
		return
	}
	found := gitMergeBranch.FindStringSubmatch(subject)
	if found == nil {
		return
	}
	n.branch = found[1]
	source, remote := strings.CutPrefix(found[1], "origin/")
	pulled := GitRepositoryName(found[2]) != "" || remote && strings.HasPrefix(subject, "Merge remote-tracking ")
	if pulled && (found[3] == source || found[3] == "" && (source == "main" || source == "master")) {
		n.pullOf, n.pullFrom = source, GitRepositoryName(found[2])
	}
}

func (n *gitNote) readBody(body string) {
	if strings.Contains(body, "See merge request ") {
		if all := gitRequestLine.FindAllStringSubmatch(body, -1); all != nil {
			n.number, _ = strconv.Atoi(all[len(all)-1][1])
			n.gitlab = n.number != 0
		}
	}
	if strings.Contains(body, "everts ") {
		for _, found := range gitRevertLine.FindAllStringSubmatch(body, 16) {
			if found[1] != "" {
				n.reverts = append(n.reverts, found[1])
			} else if number, _ := strconv.Atoi(found[2] + found[3]); number > 0 {
				n.reverts = append(n.reverts, "#"+strconv.Itoa(number))
			}
		}
	}
	if strings.Contains(body, "(cherry picked from commit ") {
		for _, found := range gitPickLine.FindAllStringSubmatch(body, 16) {
			n.picked = append(n.picked, found[1])
		}
	}
	n.tools = gitTools(body)
	if !strings.Contains(body, "ixes:") && !strings.Contains(body, "Change-Id:") {
		return
	}
	for _, found := range gitTrailerLine.FindAllStringSubmatch(body, 16) {
		if found[1] != "" {
			n.fixes = append(n.fixes, found[1])
		} else {
			n.changeID = append(n.changeID, found[2])
		}
	}
}

// trailers are the parts of a message that commits keep. Trailers that name
// persons are never kept.
func (n *gitNote) trailers() map[string][]string {
	if n == nil {
		return nil
	}
	kept := map[string][]string{}
	for _, target := range n.reverts {
		if evenkeel.ValidSHA(target) {
			kept["reverts"] = append(kept["reverts"], target)
		}
	}
	for key, values := range map[string][]string{"cherry-picked-from": n.picked, "fixes": n.fixes, "change-id": n.changeID} {
		if values != nil {
			kept[key] = values
		}
	}
	maps.Copy(kept, n.tools)
	if len(kept) == 0 {
		return nil
	}
	return kept
}
