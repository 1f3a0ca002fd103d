package tui

import (
	"fmt"
	"strings"

	"sipsniff/decode/sdp"
)

// sessions compares two descriptions by what they mean: address, codecs,
// direction and packet time of each media line. Either may be missing.
func (d *difference) sessions(a, b *sdp.Session) {
	la, lb := mediaOf(a), mediaOf(b)
	for i := range max(len(la), len(lb)) {
		var ma, mb *sdp.Media
		if i < len(la) {
			ma = &la[i]
		}
		if i < len(lb) {
			mb = &lb[i]
		}
		d.media(i, ma, mb)
	}
}

func mediaOf(s *sdp.Session) []sdp.Media {
	if s == nil {
		return nil
	}
	return s.Media
}

func (d *difference) media(i int, a, b *sdp.Media) {
	one := a
	if one == nil {
		one = b
	}
	name := "SDP " + one.Type
	if i > 0 {
		name = fmt.Sprintf("%s %d", name, i+1)
	}
	va, vb := meaning(a), meaning(b)
	d.values(name, va, vb, false)
}

// meaning says what a media line means; nil for none.
func meaning(m *sdp.Media) *string {
	if m == nil {
		return nil
	}
	parts := []string{fmt.Sprintf("port %d", m.Port)}
	switch {
	case m.Port == 0:
		parts = []string{"refused"}
	case m.Address.Is6():
		parts = []string{fmt.Sprintf("[%s]:%d", m.Address, m.Port)}
	case m.Address.IsValid():
		parts = []string{fmt.Sprintf("%s:%d", m.Address, m.Port)}
	}
	parts = append(parts, codecNames(m)...)
	if m.Direction != sdp.SendRecv {
		parts = append(parts, [...]string{sdp.SendRecv: "", sdp.SendOnly: "sendonly", sdp.RecvOnly: "recvonly", sdp.Inactive: "inactive"}[m.Direction])
	}
	if m.PTime > 0 {
		parts = append(parts, fmt.Sprintf("ptime %g", m.PTime))
	}
	if m.Protocol != "" && m.Protocol != "RTP/AVP" {
		parts = append(parts, m.Protocol)
	}
	text := strings.Join(parts, " ")
	return &text
}

func codecNames(m *sdp.Media) []string {
	var names []string
	for i := range m.Codecs {
		if name := m.Codecs[i].Name; name != "" {
			names = append(names, name)
		} else {
			names = append(names, fmt.Sprintf("PT%d", m.Codecs[i].PayloadType))
		}
	}
	if len(names) == 0 {
		return m.Formats
	}
	return names
}
