package correlate

import (
	"errors"
	"hash/maphash"

	"sipsniff/decode"
	"sipsniff/decode/sip"
)

// ErrTextGone says that the text of a message is not where it was: its file has
// been changed since it was read, or cannot be read any more.
var ErrTextGone = errors.New("the file has changed since it was read: this message is not in it any more")

// texts reads the texts of messages of a capture again.
type texts struct {
	again func(source int, offset int64, piece []byte) error
}

// A textPlace is where the text of a message stands. The zero value is nowhere.
type textPlace struct {
	texts  *texts
	offset int64
	sum    uint32 // of the text, to know it by
	length int32
	source int32
}

var textSeed = maphash.MakeSeed()

// remember notes where the text of a message can be read again.
func (x *texts) remember(m *Message, p *decode.Packet) {
	if x == nil || p.Offset == 0 {
		return
	}
	m.where = textPlace{texts: x, offset: p.Offset, length: int32(len(m.Raw)), source: p.Source}
}

// settle takes the sum of a text that is about to be let go.
func (p *textPlace) settle(text string) { p.sum = uint32(maphash.String(textSeed, text)) }

func (p *textPlace) read() (string, error) {
	octets := make([]byte, p.length)
	if p.texts.again(int(p.source), p.offset, octets) != nil || uint32(maphash.Bytes(textSeed, octets)) != p.sum {
		return "", ErrTextGone
	}
	return string(octets), nil
}

// Read returns the whole message as on the wire. Of a file it may have to be
// read again; then the error is ErrTextGone when it is not there any more.
func (m *Message) Read() (string, error) {
	if m.Raw != "" || m.where.texts == nil {
		return m.Raw, nil
	}
	return m.where.read()
}

// A MessageKey tells a message from the others of a capture. It stays the same
// when a call that is over gets messages without their texts in place of those
// that it had.
type MessageKey struct {
	Frame  int
	Method string // of the request; "" for a response
	Status int
	CSeq   sip.CSeq

	offset int64 // in the file: a frame may hold several
}

// Key returns what the message is known by; that of nil is the zero value.
func (m *Message) Key() MessageKey {
	if m == nil {
		return MessageKey{}
	}
	return MessageKey{Frame: m.Frame, Method: m.Method, Status: m.StatusCode, CSeq: m.CSeq, offset: m.where.offset}
}

// Text is Read for those who can do without: "" when the text is gone.
func (m *Message) Text() string {
	text, _ := m.Read()
	return text
}

// Size is the length of the text in octets.
func (m *Message) Size() int { return max(len(m.Raw), int(m.where.length)) }

// SIP parses the message again as it was parsed at first, for those who want its headers. When its text
// is gone it has what was kept of it.
func (m *Message) SIP() *sip.Message {
	parsed := new(sip.Message)
	m.SIPInto(parsed)
	return parsed
}

// SIPInto is SIP into a message that is used again, as sip.ParseInto has it.
func (m *Message) SIPInto(parsed *sip.Message) {
	text, err := m.Read()
	if err != nil {
		*parsed = sip.Message{
			Method: m.Method, StatusCode: m.StatusCode, Reason: m.Reason, CSeq: m.CSeq, HasCallID: true,
			From: sip.Address{Tag: m.FromTag}, To: sip.Address{Tag: m.ToTag}, Via: sip.Via{Branch: m.Branch}, ContentLength: -1,
		}
		return
	}
	_ = sip.ParseWith(parsed, text, sip.Options{Stream: m.Transport.IsStream(), Cut: m.Cut != ""}) // what it understood is there all the same
}
