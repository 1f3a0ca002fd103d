package roster

import (
	"strings"

	"sipsniff/decode/notice"
	"sipsniff/decode/sip"
)

// contents takes the body of a NOTIFY. One without a body leaves what is known.
func (s *Subscription) contents(x *exchange, m *sip.Message) {
	if strings.TrimSpace(m.Body) == "" {
		return
	}
	before := s.Contents
	s.Contents, s.MoreContents = nil, 0
	s.ContentAt, s.ContentFrame = x.at(), x.request.Frame
	if parts := m.Parts(); parts != nil {
		s.parts(parts)
	} else {
		c := readBody(m)
		if len(before) == 1 {
			c = c.After(before[0].Content)
		}
		s.Contents = []Content{{Content: c}}
	}
	s.said()
}

// said keeps what the latest content says, when it is something new.
func (s *Subscription) said() {
	words := s.Words()
	if len(words) > maxWords {
		words = strings.ToValidUTF8(words[:maxWords], "") + "…"
	}
	if n := len(s.Said); n > 0 && s.Said[n-1].Words == words {
		return
	}
	s.Said = tail(s.Said, Saying{At: s.ContentAt, Frame: s.ContentFrame, Words: words}, maxSayings, &s.SaidBefore)
}

// readBody reads a body that is not encoded.
func readBody(m *sip.Message) notice.Content {
	if encoding := text(m, sip.HeaderContentEncoding); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return notice.Content{Type: m.ContentType, Problem: "encoded with " + encoding}
	}
	return notice.Read(m.ContentType, m.Body)
}

// parts takes a list of resources (RFC 4662): a description of the list, then
// the state of each.
func (s *Subscription) parts(parts []sip.Part) {
	for i := range parts {
		p := &parts[i]
		if p.Parts != nil {
			s.parts(p.Parts)
			continue
		}
		kind, _, _ := strings.Cut(p.ContentType, ";")
		c := Content{Content: notice.Read(strings.TrimSpace(kind), p.Body)}
		c.Of = about(&c.Content)
		switch {
		case strings.EqualFold(c.Type, "application/rlmi+xml"): // names the parts; these say it themselves
		case len(s.Contents) >= maxContents:
			s.MoreContents++
		default:
			s.Contents = append(s.Contents, c)
		}
	}
}

// about is the URI that a content is about, as it says itself.
func about(c *notice.Content) string {
	switch {
	case c.Presence != nil:
		return c.Presence.Entity
	case c.Dialogs != nil:
		return c.Dialogs.Entity
	case c.Conference != nil:
		return c.Conference.Entity
	case c.Waiting != nil:
		return c.Waiting.Account
	}
	return ""
}

// Words says the latest content in a line, "" when there is none.
func (s *Subscription) Words() string {
	words := make([]string, len(s.Contents))
	for i := range s.Contents {
		words[i] = s.Contents[i].Words()
		if of := s.Contents[i].Of; of != "" && len(s.Contents) > 1 {
			words[i] = address(of) + ": " + words[i]
		}
	}
	return strings.Join(words, "; ")
}
