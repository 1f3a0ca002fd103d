package correlate

import (
	"net/netip"
	"strings"

	"sipsniff/decode/sip"
)

// elsewhere reports whether a message may give another address than the one
// that it came from, as that of its sender: in a Contact or a Via. When it is
// false the text need not be read again to find out.
func elsewhere(m *sip.Message, src netip.Addr) bool {
	if len(m.Findings) > 0 {
		return true // who knows
	}
	src = src.Unmap()
	other := func(a netip.Addr) bool { return a.IsValid() && a.Unmap() != src }
	for i := range m.Headers {
		h := &m.Headers[i]
		switch h.ID {
		case sip.HeaderContact:
			if line, _, _ := strings.Cut(h.Value, "\n"); other(sip.ContactLiteral(line)) {
				return true
			}
		case sip.HeaderVia:
			if line, _, _ := strings.Cut(h.Value, "\n"); other(sip.ViaLiteral(line)) {
				return true
			}
		}
	}
	return false
}
