package ladder

import (
	"fmt"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
)

// directions are the names of RFC 8866 §6.7, by sdp.Direction.
var directions = [...]string{sdp.SendRecv: "sendrecv", sdp.SendOnly: "sendonly", sdp.RecvOnly: "recvonly", sdp.Inactive: "inactive"}

// details are the lines under an arrow that tell of its session description,
// each in several forms from long to short.
func (l *labeller) details(m *correlate.Message, mode SDPMode) [][]Label {
	if m.SDP == nil || mode != SDPAddress && mode != SDPFull {
		return nil
	}
	var lines [][]Label
	for i := range m.SDP.Media {
		media := &m.SDP.Media[i]
		address, kind := mediaAddress(media), ""
		if len(m.SDP.Media) > 1 || mode == SDPFull {
			kind = media.Type + " "
		}
		forms := []string{kind + address + " " + directions[media.Direction], kind + address, address}
		if mode == SDPFull {
			forms = append([]string{MediaSummary(media)}, forms...)
		}
		if media.Direction != sdp.SendRecv { // that is worth more than the address
			forms = append(forms[:len(forms)-2], directions[media.Direction]+" "+address, directions[media.Direction])
		}
		var line []Label
		for _, form := range forms {
			line = append(line, Label{Text: l.clean(form)})
		}
		lines = append(lines, line)
	}
	return lines
}

// MediaSummary writes one media line with what matters of its attributes:
// "audio 192.0.2.1:4000 RTP/AVP sendrecv ptime 20". The text is as on the
// wire and has to be cleaned.
func MediaSummary(m *sdp.Media) string {
	parts := []string{m.Type, mediaAddress(m), m.Protocol, directions[m.Direction]}
	if m.Port == 0 {
		parts = append(parts, "refused or removed")
	}
	if m.PTime > 0 {
		parts = append(parts, fmt.Sprintf("ptime %g", m.PTime))
	}
	if len(m.Crypto) > 0 {
		parts = append(parts, "crypto")
	}
	if m.Fingerprint != "" {
		parts = append(parts, "dtls")
	}
	if len(m.Candidates) > 0 {
		parts = append(parts, fmt.Sprintf("ice %d", len(m.Candidates)))
	}
	return strings.Join(parts, " ")
}

// CodecSummary writes the codecs of a media line with payload types and clock
// rates: "8 PCMA/8000  101 telephone-event/8000". It has to be cleaned.
func CodecSummary(m *sdp.Media) string {
	var parts []string
	for i := range m.Codecs {
		c := &m.Codecs[i]
		switch {
		case c.Name == "":
			parts = append(parts, fmt.Sprint(c.PayloadType))
		case c.ClockRate == 0:
			parts = append(parts, fmt.Sprintf("%d %s", c.PayloadType, c.Name))
		default:
			parts = append(parts, fmt.Sprintf("%d %s/%d", c.PayloadType, c.Name, c.ClockRate))
		}
	}
	if len(parts) == 0 {
		return formatSummary(m)
	}
	return strings.Join(parts, "  ")
}

// formatSummary writes the formats of a media line without payload types; for
// a message session what its attributes say of them (RFC 4975 §8.6).
func formatSummary(m *sdp.Media) string {
	text := strings.Join(m.Formats, " ")
	if text != "*" {
		return text
	}
	for _, a := range m.Attributes {
		if types, ok := strings.CutPrefix(a, "accept-types:"); ok {
			return strings.TrimSpace(types)
		}
	}
	return text
}

func mediaAddress(m *sdp.Media) string {
	if !m.Address.IsValid() {
		return fmt.Sprintf("port %d", m.Port)
	}
	if m.Address.Is6() {
		return fmt.Sprintf("[%s]:%d", m.Address, m.Port)
	}
	return fmt.Sprintf("%s:%d", m.Address, m.Port)
}
