package connectors

import "github.com/evenkeel-dev/evenkeel"

// MemberForm is how a member of a neutral event is written.
type MemberForm string

// The forms of members.
const (
	// MemberText is a text, MemberLiteral a number, true or false.
	MemberText    MemberForm = "text"
	MemberLiteral MemberForm = "literal"
	MemberInstant MemberForm = "instant"
	// MemberTexts is a list of texts.
	MemberTexts MemberForm = "texts"
	// MemberJSON is an object, or a list of objects.
	MemberJSON MemberForm = "json"
)

// Member describes a member of the events of one kind.
type Member struct {
	Name     string
	Form     MemberForm
	Required bool
	// Note says what it means.
	Note string
	// Enum lists the allowed texts; nil allows any.
	Enum []string
}

// Members lists the members of the events of a kind in the order of the
// documentation, without those that every event has. An unknown kind has none.
func Members(k evenkeel.Kind) []Member {
	s, ok := shapes()[k]
	if !ok {
		return nil
	}
	list := make([]Member, len(s.members))
	for i, m := range s.members {
		list[i] = Member{Name: m.name, Form: m.shape.memberForm(), Required: m.required, Note: m.note, Enum: m.shape.enum}
	}
	return list
}

func (s *shape) memberForm() MemberForm {
	switch s.form {
	case formText:
		return MemberText
	case formWhole, formNumber, formBoolean:
		return MemberLiteral
	case formInstant:
		return MemberInstant
	case formList:
		if s.element.form == formText {
			return MemberTexts
		}
	case formDictionary, formRecord:
	}
	return MemberJSON
}
