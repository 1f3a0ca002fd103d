package sdp

import (
	"strconv"
	"strings"
)

// A Bandwidth is what the b= lines of a section allow (RFC 8866 §5.8). A value
// that is absent, or 0, is 0.
type Bandwidth struct {
	AS   int64 // kbit/s, with the headers of IP, UDP and RTP
	TIAS int64 // bit/s, without those of IP and UDP (RFC 3890)

	// b=RS:0 and b=RR:0 keep senders and receivers from sending RTCP (RFC 3556).
	NoSenderReports, NoReceiverReports bool
}

// ControlForbidden reports whether nobody may send RTCP.
func (b *Bandwidth) ControlForbidden() bool { return b.NoSenderReports && b.NoReceiverReports }

// bandwidth reads "bwtype:bandwidth" into the current section; types that are
// not known are passed over.
func (p *parser) bandwidth(value string) {
	b := &p.session.Bandwidth
	if n := len(p.session.Media); n > 0 {
		b = &p.session.Media[n-1].Bandwidth
	}
	kind, number, _ := strings.Cut(value, ":")
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
	if err != nil || n < 0 {
		return
	}
	switch strings.ToUpper(strings.TrimSpace(kind)) {
	case "AS":
		b.AS = n
	case "TIAS":
		b.TIAS = n
	case "RS":
		b.NoSenderReports = n == 0
	case "RR":
		b.NoReceiverReports = n == 0
	}
}
