package sdp

import (
	"slices"
	"strconv"
	"strings"
)

// attribute reads one a= line (RFC 8866 §6). The value is kept whole as
// well, for those that have no field of their own.
func (p *parser) attribute(value string) {
	if !p.keep(value) {
		return
	}
	name, argument, _ := strings.Cut(value, ":")
	argument = strings.Trim(argument, " \t")
	s := p.section()
	switch name {
	case "sendrecv", "sendonly", "recvonly", "inactive":
		s.direction, s.hasDirection = direction(name), true
	case "ptime":
		p.time(&s.ptime, argument)
	case "maxptime":
		p.time(&s.maxPTime, argument)
	case "fingerprint":
		s.fingerprint = argument
	case "setup":
		s.setup = argument
	case "rtpmap":
		p.rtpmap(s, argument)
	case "fmtp":
		p.fmtp(s, argument)
	case "group":
		p.group(argument)
	default:
		if n := len(p.session.Media); n > 0 {
			p.mediaAttribute(&p.session.Media[n-1], name, argument)
		}
	}
}

// keep stores the attribute as it stands and reports whether there was room.
func (p *parser) keep(value string) bool {
	list := &p.session.Attributes
	if n := len(p.session.Media); n > 0 {
		list = &p.session.Media[n-1].Attributes
	}
	if len(*list) >= maxAttributes {
		p.finding("limit")
		return false
	}
	if *list == nil {
		*list = make([]string, 0, 8)
	}
	*list = append(*list, value)
	return true
}

// direction reads the name of a direction that is known to be one.
func direction(name string) Direction {
	switch name {
	case "sendonly":
		return SendOnly
	case "recvonly":
		return RecvOnly
	case "inactive":
		return Inactive
	}
	return SendRecv
}

// mediaAttribute reads the attributes that only media sections have.
func (p *parser) mediaAttribute(m *Media, name, argument string) {
	ok := true
	switch name {
	case "rtcp-mux":
		m.RTCPMux = true
	case "rtcp":
		m.RTCP, ok = controlAddress(argument)
	case "mid":
		m.MID = argument
	case "crypto":
		ok = len(m.Crypto) < maxCrypto
		if ok {
			m.Crypto = append(m.Crypto, argument)
		}
	case "candidate":
		ok = p.candidate(m, argument)
	case "ssrc":
		ok = p.ssrc(m, argument)
	}
	if !ok {
		p.finding("attribute_bad")
	}
}

func (p *parser) candidate(m *Media, argument string) bool {
	c, ok := candidate(argument)
	if ok && len(m.Candidates) < maxCandidates {
		m.Candidates = append(m.Candidates, c)
	}
	return ok
}

// ssrc reads "number attribute…" (RFC 5576 §4.1).
func (p *parser) ssrc(m *Media, argument string) bool {
	number, _ := field(argument)
	n, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return false
	}
	if len(m.SSRCs) < maxSSRCs && !slices.Contains(m.SSRCs, uint32(n)) {
		m.SSRCs = append(m.SSRCs, uint32(n))
	}
	return true
}

// time reads a packet time in ms; values nobody could mean are faults.
func (p *parser) time(to *float64, argument string) {
	ms, err := strconv.ParseFloat(argument, 64)
	if err != nil || !(ms > 0 && ms <= 10_000) {
		p.finding("attribute_bad")
		return
	}
	*to = ms
}

// rtpmap reads "type name/clock[/channels]" (RFC 8866 §6.6).
func (p *parser) rtpmap(s *section, argument string) {
	number, rest := field(argument)
	n, err := strconv.ParseUint(number, 10, 8)
	name, rest, _ := strings.Cut(rest, "/")
	if err != nil || n > 127 || name == "" {
		p.finding("attribute_bad")
		return
	}
	if len(s.maps) >= maxFormats {
		p.finding("limit")
		return
	}
	clock, channels, _ := strings.Cut(rest, "/")
	c := Codec{PayloadType: uint8(n), Name: strings.TrimRight(name, " \t"), Channels: 1}
	if rate, err := strconv.ParseUint(strings.TrimSpace(clock), 10, 32); err == nil {
		c.ClockRate = uint32(rate)
	} else {
		p.finding("attribute_bad")
	}
	if count, err := strconv.ParseUint(strings.TrimSpace(channels), 10, 8); err == nil && count > 0 {
		c.Channels = uint8(count)
	}
	if s.maps == nil {
		s.maps = make([]Codec, 0, 4)
	}
	s.maps = append(s.maps, c)
}

// fmtp reads "type parameters" (RFC 8866 §6.15). Formats that are no RTP
// payload types have no place here; the attribute is kept whole anyway.
func (p *parser) fmtp(s *section, argument string) {
	number, value := field(argument)
	n, err := strconv.ParseUint(number, 10, 8)
	if err != nil || n > 127 {
		return
	}
	if len(s.parameters) >= maxFormats {
		p.finding("limit")
		return
	}
	s.parameters = append(s.parameters, parameter{payloadType: uint8(n), value: value})
}

// group reads "BUNDLE mid mid …" (RFC 9143 §7.1); the first bundle counts.
func (p *parser) group(argument string) {
	kind, rest := field(argument)
	if kind != "BUNDLE" || len(p.session.BundleMIDs) > 0 {
		return
	}
	for rest != "" && len(p.session.BundleMIDs) < maxMIDs {
		var mid string
		mid, rest = field(rest)
		p.session.BundleMIDs = append(p.session.BundleMIDs, mid)
	}
}
