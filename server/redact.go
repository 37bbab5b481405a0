package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// redacted stands for what is not shown.
	redacted = "[redacted]"
	// maxShown is the most bytes of a body that are shown.
	maxShown = 256 << 10
)

// secretParts are parts of names whose values may let somebody in.
//
//nolint:gochecknoglobals // A constant table.
var secretParts = []string{
	"token", "secret", "password", "passwd", "authorization", "signature", "api_key", "apikey", "private_key", "credential", "cookie",
}

// personNames are names whose values name or picture a person, wherever they stand.
//
//nolint:gochecknoglobals // A constant table.
var personNames = map[string]bool{
	"email": true, "login": true, "username": true, "user_name": true, "user_username": true, "user_email": true, "user_login": true,
	"avatar_url": true, "user_avatar": true, "gravatar_id": true, "display_name": true, "full_user_name": true, "phone": true,
	"user_id": true, "author_id": true, "assignee_id": true, "assignee_ids": true,
}

// persons are names of objects, or of lists of them, that describe persons;
// no text and no number within them is shown, but for what personFacts lists.
//
//nolint:gochecknoglobals // A constant table.
var persons = map[string]bool{
	"author": true, "committer": true, "sender": true, "user": true, "users": true, "pusher": true, "owner": true, "creator": true, "actor": true,
	"triggering_actor": true, "assignee": true, "assignees": true, "assigner": true, "requested_reviewer": true, "requested_reviewers": true,
	"reviewer": true, "reviewers": true, "merged_by": true, "merge_user": true, "closed_by": true, "reporter": true, "member": true, "agent": true,
	"last_edited_by": true, "updated_by": true, "created_by": true, "approver": true, "participants": true, "responders": true, "acknowledgers": true,
}

// personFacts are names whose values are shown within persons, too.
//
//nolint:gochecknoglobals // A constant table.
var personFacts = map[string]bool{"type": true, "date": true, "state": true, "timestamp": true}

// mail finds e-mail addresses in any text.
var mail = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// signer finds the persons of a commit message's trailers.
var signer = regexp.MustCompile(`(?i)\b((?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|helped|approved)-by: *)[^\n<]+`)

// mention finds the logins that people are called by in texts: "@name" at the
// beginning of a word.
var mention = regexp.MustCompile(`(^|[\s(\[{,;:"'])@[A-Za-z\d][A-Za-z\d-]{0,38}\b`)

func secretName(name string) bool {
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(name, part) })
}

// redact makes a body readable without what names persons or secrets: JSON is
// indented, other text is shown as it came, and data that are no text are
// told of. cut says that not all is shown.
func redact(body []byte) (text string, cut bool) {
	if !utf8.Valid(body) {
		return fmt.Sprintf("[%d bytes that are not UTF-8 text]", len(body)), false
	}
	if form, ok := bytes.CutPrefix(body, []byte("payload=")); ok {
		if text, err := url.QueryUnescape(string(form)); err == nil && utf8.ValidString(text) {
			body = []byte(text) // A form with one field, as GitHub can send it.
		}
	}
	p := printer{in: json.NewDecoder(bytes.NewReader(body))}
	p.in.UseNumber()
	err := p.print()
	switch {
	case p.out.Len() == 0 && err != nil:
		return cutText(anonymous(string(body)))
	case err != nil && !p.full():
		fmt.Fprintf(&p.out, "\n[the rest, %d bytes, is not JSON]", int64(len(body))-p.in.InputOffset())
	}
	return cutText(p.out.String())
}

// anonymous is free text without addresses and signatures of persons.
func anonymous(text string) string {
	text = signer.ReplaceAllString(text, "${1}"+redacted)
	text = mention.ReplaceAllString(text, "${1}"+redacted)
	return mail.ReplaceAllStringFunc(text, func(address string) string {
		if strings.HasPrefix(address, "git@") {
			return address
		}
		return redacted
	})
}

func cutText(text string) (shown string, cut bool) {
	if len(text) <= maxShown {
		return text, false
	}
	text = text[:maxShown]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text, true
}

// printer writes JSON values indented, in the order in which they came. It
// needs no memory for nesting but one level per bracket.
type printer struct {
	in     *json.Decoder
	out    strings.Builder
	levels []level
}

// level is an open object or list.
type level struct {
	object bool
	// key is the name of the member that comes next; empty before it is read.
	key    string
	keyed  bool
	filled bool
	// person says that the level describes a person, secret that it lies below
	// a secret's name.
	person, secret bool
}

func (p *printer) full() bool { return p.out.Len() > maxShown }

// print reads tokens to the end, or until there is more than is shown.
func (p *printer) print() error {
	for !p.full() {
		token, err := p.in.Token()
		switch {
		case errors.Is(err, io.EOF) && len(p.levels) == 0:
			return nil
		case err != nil:
			return err
		}
		p.token(token)
	}
	return nil
}

func (p *printer) token(token json.Token) {
	top := p.top()
	if end, ok := token.(json.Delim); ok && (end == '}' || end == ']') {
		p.levels = p.levels[:len(p.levels)-1]
		if top.filled {
			p.line()
		}
		p.out.WriteString(end.String())
		p.valueDone()
		return
	}
	if key, ok := token.(string); ok && top != nil && top.object && !top.keyed {
		p.separate(top)
		top.key, top.keyed = strings.ToLower(key), true
		p.text(key)
		p.out.WriteString(": ")
		return
	}
	if top == nil && p.out.Len() > 0 {
		p.out.WriteByte('\n')
	} else if top != nil && !top.object {
		p.separate(top)
	}
	p.value(token, top)
}

func (p *printer) top() *level {
	if len(p.levels) == 0 {
		return nil
	}
	return &p.levels[len(p.levels)-1]
}

func (p *printer) separate(top *level) {
	if top.filled {
		p.out.WriteByte(',')
	}
	top.filled = true
	p.line()
}

func (p *printer) line() {
	p.out.WriteByte('\n')
	for range p.levels {
		p.out.WriteString("  ")
	}
}

func (p *printer) valueDone() {
	if top := p.top(); top != nil {
		top.keyed = false
	}
}

// value writes a value or opens a level.
func (p *printer) value(token json.Token, top *level) {
	var at level
	if top != nil {
		at = *top
	}
	if begin, ok := token.(json.Delim); ok {
		p.out.WriteString(begin.String())
		p.levels = append(p.levels, level{
			object: begin == '{', key: at.key,
			person: at.person || at.keyed && persons[at.key], secret: at.secret || at.keyed && secretName(at.key),
		})
		return
	}
	p.scalar(token, at)
	p.valueDone()
}

func (p *printer) scalar(token json.Token, at level) {
	hidden := at.secret || secretName(at.key)
	switch value := token.(type) {
	case string:
		if hidden || personNames[at.key] || (at.person || persons[at.key]) && !personFacts[at.key] {
			value = redacted
		}
		p.text(anonymous(value))
	case json.Number:
		if hidden || at.person || personNames[at.key] {
			p.text(redacted)
			return
		}
		p.out.WriteString(value.String())
	default:
		text, _ := json.Marshal(value) // true, false or null.
		p.out.Write(text)
	}
}

func (p *printer) text(value string) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
	p.out.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
