package sdp

import (
	"strconv"
	"strings"
)

// section is what has to be remembered of one part of the body until all of
// it was read.
type section struct {
	offset       int  // of its m= line
	connection   bool // there was a c= line
	hasDirection bool
	direction    Direction
	fingerprint  string
	setup        string
	ptime        float64
	maxPTime     float64
	maps         []Codec     // the a=rtpmap lines
	parameters   []parameter // the a=fmtp lines
}

// parameter is one a=fmtp line.
type parameter struct {
	payloadType uint8
	value       string
}

// startMedia reads "media port[/count] proto format …". A section that
// makes no sense keeps its place, because answers pair with offers by place.
func (p *parser) startMedia(value string) {
	if len(p.media) >= maxMedia {
		p.finding("limit")
		p.full = true
		return
	}
	p.media = append(p.media, section{offset: p.offset})
	p.current = &p.media[len(p.media)-1]
	p.session.Media = append(p.session.Media, Media{PortCount: 1})
	m := &p.session.Media[len(p.session.Media)-1]

	m.Formats = make([]string, 0, 4)
	var number, rest string
	m.Type, rest = field(value)
	number, rest = field(rest)
	m.Protocol, rest = field(rest)
	p.mediaPort(m, number)
	if m.Protocol == "" {
		p.finding("media_bad")
	}
	for rest != "" {
		var f string
		f, rest = field(rest)
		if len(m.Formats) >= maxFormats {
			p.finding("limit")
			return
		}
		m.Formats = append(m.Formats, f)
	}
}

// mediaPort reads "port[/count]". A port that is none counts as 0, rejected.
func (p *parser) mediaPort(m *Media, s string) {
	number, count, counted := strings.Cut(s, "/")
	var ok bool
	if m.Port, ok = port(number); !ok {
		m.Port = 0
		p.finding("port_bad")
	}
	if !counted {
		return
	}
	n, err := strconv.ParseUint(count, 10, 8)
	if err != nil || n == 0 {
		p.finding("port_bad")
		return
	}
	m.PortCount = int(n)
}

// complete fills in what the session says for all media and joins the
// formats with their rtpmap and fmtp lines.
func (s *section) complete(p *parser, m *Media) {
	if !s.connection {
		m.Address = p.session.Connection
		if !p.common.connection && m.Port != 0 {
			p.findingAt("connection_missing", s.offset)
		}
	}
	m.Direction = p.common.direction
	if s.hasDirection {
		m.Direction = s.direction
	}
	m.Fingerprint = first(s.fingerprint, p.common.fingerprint)
	m.Setup = first(s.setup, p.common.setup)
	m.PTime = firstTime(s.ptime, p.common.ptime)
	m.MaxPTime = firstTime(s.maxPTime, p.common.maxPTime)
	if m.RTP() {
		s.codecs(p, m)
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func firstTime(a, b float64) float64 {
	if a != 0 {
		return a
	}
	return b
}

// codecs lists the payload types of an RTP section in the order of its m= line.
func (s *section) codecs(p *parser, m *Media) {
	m.Codecs = make([]Codec, 0, len(m.Formats))
	for _, f := range m.Formats {
		n, err := strconv.ParseUint(f, 10, 8)
		if err != nil || n > 127 {
			p.findingAt("media_bad", s.offset)
			continue
		}
		m.Codecs = append(m.Codecs, s.codec(p, uint8(n)))
	}
}

// codec joins what is known of one payload type. An rtpmap beats the static
// assignment, even where it redefines it.
func (s *section) codec(p *parser, payloadType uint8) Codec {
	c, static := Static(payloadType)
	mapped := false
	for i := range s.maps {
		if s.maps[i].PayloadType == payloadType {
			if static && !strings.EqualFold(c.Name, s.maps[i].Name) {
				p.findingAt("static_redefined", s.offset)
			}
			c, mapped = s.maps[i], true
			break
		}
	}
	if !mapped && !static {
		p.findingAt("rtpmap_missing", s.offset)
		c.PayloadType = payloadType
	}
	for i := range s.parameters {
		if s.parameters[i].payloadType == payloadType {
			c.FMTP = s.parameters[i].value
			break
		}
	}
	return c
}

// Codec returns the codec that the section gives to a payload type, nil when
// it does not list it.
func (m *Media) Codec(payloadType uint8) *Codec {
	for i := range m.Codecs {
		if m.Codecs[i].PayloadType == payloadType {
			return &m.Codecs[i]
		}
	}
	return nil
}

// UDPTL reports whether the media line describes T.38 fax over UDPTL (RFC 3362).
func (m *Media) UDPTL() bool { return strings.EqualFold(m.Protocol, "udptl") }
