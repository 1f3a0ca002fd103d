package gen

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
)

// noise is traffic that is neither SIP nor RTP: names asked and answered, ARP,
// web connections and datagrams full of random octets.
type noise struct {
	random *rand.Rand
}

func newNoise(g *generator) *noise { return &noise{g.random(1 << 50)} }

// act never is done; the generator stops when nothing else is left.
func (z *noise) act(g *generator, now int64) (int64, error) {
	g.truth.Totals.Noise++
	if _, err := g.write(now, z.frame(g)); err != nil {
		return 0, err
	}
	return now + 1 + int64(z.random.ExpFloat64()/max(g.o.Noise, 1e-3)*1e9), nil
}

func (z *noise) frame(g *generator) []byte {
	host := func() netip.Addr { return address(false, exchanges, z.random.IntN(hosts)) }
	high := func() uint16 { return uint16(1024 + z.random.IntN(60000)) }
	p := path{source: netip.AddrPortFrom(host(), high()), destination: netip.AddrPortFrom(host(), 53), vlan: g.o.VLAN, id: z.random.Uint32()}
	switch z.random.IntN(4) {
	case 0:
		return z.arp(&p)
	case 1:
		return z.udp(&p, z.question())
	case 2:
		return z.web(&p)
	default:
		p.destination = netip.AddrPortFrom(p.destination.Addr(), high())
		junk := make([]byte, 1+z.random.IntN(300))
		for i := range junk {
			junk[i] = byte(z.random.Uint32())
		}
		return z.udp(&p, junk)
	}
}

func (z *noise) udp(p *path, payload []byte) []byte {
	b := p.appendEthernet(nil)
	b = p.appendIP(b, 8+len(payload), protocolUDP, 0)
	return p.appendUDP(b, payload)
}

// question is a DNS query for an address of a host of example.com.
func (z *noise) question() []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(z.random.Uint32()))
	b = append(b, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	b = append(b, "\x05host"...)
	b = append(b, byte('a'+z.random.IntN(26)))
	return append(b, "\x07example\x03com\x00\x00\x01\x00\x01"...)
}

// web is the opening segment of a connection to port 443.
func (z *noise) web(p *path) []byte {
	p.destination = netip.AddrPortFrom(p.destination.Addr(), 443)
	be := binary.BigEndian
	b := p.appendEthernet(nil)
	b = p.appendIP(b, tcpHeader, protocolTCP, 0)
	start := len(b)
	b = be.AppendUint16(b, p.source.Port())
	b = be.AppendUint16(b, 443)
	b = be.AppendUint64(b, uint64(z.random.Uint32())<<32)
	b = append(b, tcpHeader/4<<4, flagSYN, 0xfa, 0xf0, 0, 0, 0, 0)
	be.PutUint16(b[start+16:], ^fold(sum(b[start:], p.pseudoSum(tcpHeader, protocolTCP))))
	return b
}

// arp is a request (RFC 826) for the destination of p.
func (z *noise) arp(p *path) []byte {
	b := p.appendEthernet(nil)
	b = append(b[:len(b)-2], 0x08, 0x06)
	b = append(b, 0, 1, 8, 0, 6, 4, 0, 1)
	b = appendLinkAddress(b, p.source.Addr())
	b = append(b, p.source.Addr().AsSlice()...)
	b = append(b, 0, 0, 0, 0, 0, 0)
	return append(b, p.destination.Addr().AsSlice()...)
}
