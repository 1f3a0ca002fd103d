package scene

import (
	"fmt"
	"net/netip"
	"strings"
)

// codecs are the payload types and rtpmap values that scripts name.
var codecs = map[string]struct{ payloadType, rtpmap string }{
	"pcmu": {"0", "PCMU/8000"}, "pcma": {"8", "PCMA/8000"}, "g729": {"18", "G729/8000"}, "g722": {"9", "G722/8000"}, "gsm": {"3", "GSM/8000"},
	"opus": {"96", "opus/48000/2"}, "dtmf": {"101", "telephone-event/8000"}, "cn": {"13", "CN/8000"},
}

// description writes the SDP of a line.
func (w *writing) description(list string) string {
	d := describing{address: w.from.Addr(), origin: w.from.Addr(), port: "4000", proto: "RTP/AVP", direction: "sendrecv", version: "1"}
	for _, word := range strings.Split(list, ",") {
		if word != "" {
			d.take(word)
		}
	}
	return d.text()
}

// describing is an SDP being put together.
type describing struct {
	address, origin             netip.Addr
	port, proto, direction      string
	version                     string
	formats, lines, more, extra []string
	limits                      []string // b= lines
	image                       bool
}

func (d *describing) take(word string) {
	name, value, _ := strings.Cut(word, ":")
	if c, ok := codecs[name]; ok {
		d.formats = append(d.formats, c.payloadType)
		d.lines = append(d.lines, "a=rtpmap:"+c.payloadType+" "+c.rtpmap)
		return
	}
	switch name {
	case "sendrecv", "sendonly", "recvonly", "inactive":
		d.direction = name
	case "port":
		d.port = value
	case "at":
		d.address = netip.MustParseAddr(value)
	case "origin":
		d.origin = netip.MustParseAddr(value)
	case "zero":
		d.address = netip.IPv4Unspecified()
	case "ptime":
		d.lines = append(d.lines, "a=ptime:"+value)
	case "proto":
		d.proto = value
	case "crypto":
		d.lines = append(d.lines, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz")
	case "pt": // NUMBER:NAME, of 8000 Hz
		number, codec, _ := strings.Cut(value, ":")
		d.formats = append(d.formats, number)
		d.lines = append(d.lines, "a=rtpmap:"+number+" "+codec+"/8000")
	case "as", "tias", "rs", "rr":
		d.limits = append(d.limits, "b="+strings.ToUpper(name)+":"+value)
	case "video":
		d.more = append(d.more, "m=video 4002 RTP/AVP 31")
	case "novideo":
		d.more = append(d.more, "m=video 0 RTP/AVP 31")
	case "t38":
		d.image = true
	case "attr":
		d.extra = append(d.extra, "a="+spaced(value))
	case "version":
		d.version = value
	default:
		panic("scene: sdp: " + word)
	}
}

func (d *describing) text() string {
	family := func(a netip.Addr) string {
		if a.Is6() {
			return "IP6 " + a.String()
		}
		return "IP4 " + a.String()
	}
	lines := []string{
		"v=0", fmt.Sprintf("o=- 1 %s IN %s", d.version, family(d.origin)), "s=-", "c=IN " + family(d.address), "t=0 0",
	}
	if d.image {
		lines = append(lines, "m=image 4004 udptl t38")
	} else {
		if len(d.formats) == 0 {
			d.formats = []string{"0"}
		}
		lines = append(lines, fmt.Sprintf("m=audio %s %s %s", d.port, d.proto, strings.Join(d.formats, " ")))
		lines = append(append(append(append(lines, d.limits...), d.lines...), d.extra...), "a="+d.direction)
	}
	return strings.Join(append(lines, d.more...), "\r\n") + "\r\n"
}
