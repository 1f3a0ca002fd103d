package roster

import (
	"net/netip"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/notice"
	"sipsniff/decode/sip"
)

// pause is how long two may be silent before a MESSAGE begins another
// conversation (spec §3.7).
const pause = 600 * second

// A Conversation is the MESSAGEs between two addresses, in either direction
// (RFC 3428).
type Conversation struct {
	A, B          string         // URI; A wrote first
	Source        netip.AddrPort // of the first MESSAGE
	Destination   netip.AddrPort
	Transport     decode.Transport
	Started, Last int64             // Unix ns
	Calls         []*correlate.Call // the latest 50

	AToB, BToA   Direction
	Challenges   int // 401 and 407: tried again, and not counted as messages
	ContentTypes []TypeCount

	Texts   []Text // the latest
	Earlier int    // messages that are not in Texts
	Frames  []int
}

// A Direction counts the messages one way.
type Direction struct {
	Messages   int
	Delivered  int // 200
	Relayed    int // 202: taken for delivery
	Failed     int
	Unanswered int
	Open       int // their time has not run out, or the capture hides the answer
	Octets     int // of the bodies
	Reports    int // delivery reports (RFC 5438), not counted as messages
	Typing     int // indications that somebody is typing (RFC 3994), likewise
	Failures   []StatusCount
}

// A TypeCount is how many messages had a media type.
type TypeCount struct {
	Type  string
	Count int
}

// A Text is one message. What it says is to be shown only to those who ask for
// it (spec §9.14).
type Text struct {
	At          int64
	Frame       int
	FromA       bool
	Status      int // 0 when there is no response
	ContentType string
	Octets      int
	MessageID   string // of CPIM
	Wants       string // reports that are asked for
	Report      *notice.DeliveryReport
	Body        string // the content, without the wrapper of CPIM
}

func (c *collector) conversations() (list []*Conversation, omitted int) {
	known, beyond := make(map[[2]string]*Conversation), make(map[[2]string]struct{})
	for _, x := range inOrder(c.message) {
		m := c.parse(x.lead())
		from, to := address(m.From.URI), address(m.To.URI)
		key := [2]string{min(from, to), max(from, to)}
		v := known[key]
		if v == nil || x.at()-v.Last > pause {
			if len(list) >= maxRecords {
				beyond[key] = struct{}{}
				continue
			}
			v = &Conversation{A: m.From.URI, B: m.To.URI, Started: x.at(), Transport: x.lead().Transport}
			v.Source, v.Destination = x.ends()
			known[key] = v
			list = append(list, v)
		}
		v.take(c, x, m, from == address(v.A))
	}
	return list, len(beyond)
}

// take adds one MESSAGE; m is what its lead says.
func (v *Conversation) take(c *collector, x *exchange, m *sip.Message, fromA bool) {
	v.Last = max(v.Last, x.at())
	v.Frames = x.frames(v.Frames, new(int))
	v.Calls = x.callIn(v.Calls)
	if code := x.status(); code == 401 || code == 407 {
		v.Challenges++
		return
	}
	d := &v.AToB
	if !fromA {
		d = &v.BToA
	}
	t := Text{At: x.at(), Frame: x.lead().Frame, FromA: fromA, Status: x.status()}
	if x.request != nil {
		t.read(m)
	}
	v.kind(t.ContentType)
	v.Texts = tail(v.Texts, t, maxTexts, &v.Earlier)
	d.Octets += t.Octets
	switch {
	case t.Report != nil:
		d.Reports++
	case strings.EqualFold(t.ContentType, "application/im-iscomposing+xml"):
		d.Typing++
	default:
		d.count(x, c.now)
	}
}

// count adds a message and what became of it.
func (d *Direction) count(x *exchange, now int64) {
	d.Messages++
	switch code := x.status(); {
	case code == 202:
		d.Relayed++
	case code >= 200 && code < 300:
		d.Delivered++
	case code != 0:
		d.Failed++
		d.Failures = addStatus(d.Failures, code)
	case x.unanswered(now) == NoReply:
		d.Unanswered++
	default:
		d.Open++
	}
}

func (v *Conversation) kind(name string) {
	if name == "" {
		return
	}
	name = strings.ToLower(name)
	i := slices.IndexFunc(v.ContentTypes, func(t TypeCount) bool { return t.Type == name })
	switch {
	case i >= 0:
		v.ContentTypes[i].Count++
	case len(v.ContentTypes) < maxKinds:
		v.ContentTypes = append(v.ContentTypes, TypeCount{name, 1})
	}
}

// read takes the body, out of its wrapper when it has one.
func (t *Text) read(m *sip.Message) {
	t.ContentType, t.Body, t.Octets = m.ContentType, m.Body, len(m.Body)
	if strings.EqualFold(t.ContentType, "message/cpim") {
		if w, ok := notice.ParseCPIM(m.Body); ok {
			t.Body, t.MessageID, t.Wants = w.Content, w.MessageID, w.Disposition
			if w.ContentType != "" {
				t.ContentType = w.ContentType
			}
		}
	}
	if strings.EqualFold(t.ContentType, "message/imdn+xml") {
		t.Report, _ = notice.ParseDeliveryReport(t.Body)
	}
}
