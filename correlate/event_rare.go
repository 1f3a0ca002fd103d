package correlate

import (
	"strings"

	"sipsniff/decode/sip"
)

// rarities are the facts that few messages have. Strings are substrings of
// the message.
type rarities struct {
	referTo    string // Refer-To of a REFER
	referredBy string
	event      string // Event header
	join       string // Join of an INVITE
	focus      string // URI of a Contact with isfocus (RFC 4579)
	minSE      string // of a 422
	refresher  string // "uac" or "uas", of Session-Expires
	infoKind   string // Info-Package of an INFO, else its media type
	info       string // body of an INFO
	diversions []string
	history    []string
}

// maxRarities bounds the headers of one name that are kept.
const maxRarities = 16

// few returns the rare facts of an event, empty when there are none.
func (f *facts) few() rarities {
	if f.rarities == nil {
		return rarities{}
	}
	return *f.rarities
}

func (f *facts) note() *rarities {
	if f.rarities == nil {
		f.rarities = new(rarities)
	}
	return f.rarities
}

// rare reads the facts that only some methods have.
func (f *facts) rare(m *sip.Message, method string) {
	switch method {
	case "INVITE":
		f.ofInvite(m)
	case "UPDATE":
		f.ofContact(m)
	case "REFER", "NOTIFY", "SUBSCRIBE":
		if m.IsRequest() {
			f.ofSubscription(m)
		}
	case "INFO":
		if m.IsRequest() {
			f.ofInfo(m)
		}
	}
}

func (f *facts) ofInvite(m *sip.Message) {
	for i := range m.Headers {
		h := &m.Headers[i]
		switch h.ID {
		case sip.HeaderReferredBy:
			f.note().referredBy = h.Value
		case sip.HeaderJoin:
			f.note().join = h.Value
		case sip.HeaderMinSE:
			if m.StatusCode == 422 {
				f.note().minSE = h.Value
			}
		case sip.HeaderSessionExpires:
			if s, ok := sip.ParseSessionExpires(h.Value); ok && s.Refresher != "" && m.StatusCode != 0 {
				f.note().refresher = s.Refresher
			}
		case sip.HeaderDiversion:
			if r := f.note(); m.IsRequest() && len(r.diversions) < maxRarities {
				r.diversions = append(r.diversions, h.Value)
			}
		case sip.HeaderHistoryInfo:
			if r := f.note(); m.IsRequest() && len(r.history) < maxRarities {
				r.history = append(r.history, h.Value)
			}
		}
	}
	f.ofContact(m)
}

// ofContact finds where a 3xx redirects to, and the focus of a conference.
func (f *facts) ofContact(m *sip.Message) {
	redirects := m.StatusCode/100 == 3
	value, ok := m.Get(sip.HeaderContact)
	if !ok || !redirects && !strings.Contains(value, "isfocus") {
		return
	}
	for a := range m.Addresses(sip.HeaderContact) {
		if redirects {
			f.uri = a.URI
			return
		}
		if _, ok := a.Param("isfocus"); ok {
			f.note().focus = a.URI
			return
		}
	}
}

func (f *facts) ofSubscription(m *sip.Message) {
	for i := range m.Headers {
		switch h := &m.Headers[i]; h.ID {
		case sip.HeaderEvent:
			f.note().event = h.Value
		case sip.HeaderReferTo:
			f.note().referTo = h.Value
		case sip.HeaderReferredBy:
			f.note().referredBy = h.Value
		}
	}
}

func (f *facts) ofInfo(m *sip.Message) {
	r := f.note()
	r.info, r.infoKind = m.Body, m.ContentType
	if name, ok := m.Header("Info-Package"); ok {
		r.infoKind = name
	}
}

// infoStep makes a step of an INFO (RFC 6086 and what came before it).
func (r *rarities) infoStep() Step {
	kind := strings.ToLower(r.infoKind)
	switch {
	case strings.HasPrefix(kind, "application/dtmf-relay"):
		return Step{Kind: StepDTMF, Detail: signalOf(r.info)}
	case strings.HasPrefix(kind, "application/dtmf"), kind == "dtmf":
		return Step{Kind: StepDTMF, Detail: strings.TrimSpace(r.info)}
	case strings.Contains(r.info, "picture_fast_update"):
		return Step{Kind: StepPictureUpdate}
	}
	return Step{Kind: StepInfo, Detail: strings.TrimSpace(r.infoKind)}
}

// signalOf finds the digit in a body of application/dtmf-relay,
// "Signal=5\r\nDuration=160".
func signalOf(body string) string {
	for line := range strings.Lines(body) {
		name, value, _ := strings.Cut(line, "=")
		if strings.EqualFold(strings.TrimSpace(name), "Signal") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
