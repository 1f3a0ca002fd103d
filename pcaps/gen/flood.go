package gen

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
)

// A flood is strangers who send one request each, under a Call-ID that nobody
// else has, and one RTP packet of an SSRC that nobody else has. Nobody answers,
// and nobody sends to where real calls talk.
type flood struct {
	random *rand.Rand
	count  int
}

const (
	floodRate  = 10_000 // strangers per second
	floodPorts = 40_000 // above those of calls
)

// act sends what one stranger sends.
func (f *flood) act(g *generator, now int64) (int64, error) {
	f.count++
	from := netip.AddrPortFrom(address(false, exchanges, f.random.IntN(hosts)), uint16(floodPorts+f.random.IntN(25_000)))
	host := address(false, callees, f.random.IntN(hosts))
	if err := f.request(g, now, from, netip.AddrPortFrom(host, 5060)); err != nil {
		return 0, err
	}
	if err := f.media(g, now, from, netip.AddrPortFrom(host, uint16(floodPorts+f.random.IntN(25_000)))); err != nil {
		return 0, err
	}
	g.truth.Totals.Strangers++
	if f.count == g.o.Flood {
		return done, nil
	}
	return now + 1000 + int64(f.random.ExpFloat64()/floodRate*1e9), nil
}

// request is an INVITE, REGISTER or OPTIONS, in turns.
func (f *flood) request(g *generator, now int64, from, to netip.AddrPort) error {
	method := [...]string{"INVITE", "REGISTER", "OPTIONS"}[f.count%3]
	body := ""
	if method == "INVITE" {
		body = fmt.Sprintf("v=0\r\no=- %d 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\n", f.count, from.Addr(), from.Addr(), from.Port())
	}
	text := fmt.Appendf(g.scratch[:0], "%[1]s sip:%[2]d@%[3]s SIP/2.0\r\nVia: SIP/2.0/UDP %[4]s;branch=z9hG4bKflood%[2]d\r\nFrom: <sip:%[2]d@%[5]s>;tag=f%[2]d\r\n"+
		"To: <sip:%[2]d@%[3]s>\r\nCall-ID: flood-%[2]d@%[5]s\r\nCSeq: 1 %[1]s\r\nMax-Forwards: 70\r\nContact: <sip:%[4]s>\r\n",
		method, f.count, to.Addr(), from, from.Addr())
	if body != "" {
		text = append(text, "Content-Type: application/sdp\r\n"...)
	}
	text = fmt.Appendf(text, "Content-Length: %d\r\n\r\n%s", len(body), body)
	g.scratch = text
	t := &g.truth.Totals
	t.SIPMessages++
	t.Methods[method]++
	t.Transports["udp"]++
	return f.send(g, now, from, to, text)
}

// media is one packet of G.711.
func (f *flood) media(g *generator, now int64, from, to netip.AddrPort) error {
	be := binary.BigEndian
	packet := make([]byte, rtpHeader+samples)
	packet[0] = 0x80
	be.PutUint16(packet[2:], uint16(f.random.Uint32()))
	be.PutUint32(packet[4:], f.random.Uint32())
	be.PutUint32(packet[8:], uint32(f.count)*0x9e3779b1) // odd, so that none comes twice
	copy(packet[rtpHeader:], g.tones[1])
	g.truth.Totals.RTPPackets++
	return f.send(g, now, from, to, packet)
}

func (f *flood) send(g *generator, now int64, from, to netip.AddrPort, payload []byte) error {
	p := path{source: from, destination: to, vlan: g.o.VLAN, id: f.random.Uint32()}
	b := p.appendEthernet(nil)
	b = p.appendIP(b, 8+len(payload), protocolUDP, 0)
	_, err := g.write(now, p.appendUDP(b, payload))
	return err
}
