package b2bua

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"
)

// Start is the time of the first call.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixNano()

const (
	ms     = int64(1e6)
	second = int64(1e9)
)

// A Packet is one SIP message on the wire.
type Packet struct {
	Nanos    int64
	Src, Dst netip.AddrPort
	Text     string
}

// A Scene is what a probe sees, in order of time, and what it means.
type Scene struct {
	Packets []Packet
	Calls   map[string]int // by Call-ID: the number of the end-to-end call
}

// A Helper is a header that tells which legs belong together.
type Helper uint8

// The helpers.
const (
	NoHelper  Helper = iota
	SessionID        // RFC 7989, passed on by all
	XCID             // X-CID, the Call-ID of the leg before
)

// Options say how much happens.
type Options struct {
	Calls     int     // of three legs; others come on top
	PerSecond float64 // calls that begin
	Seed      uint64
	Helper    Helper
}

// A host is one address with what is particular to its software.
type host struct {
	addr    netip.AddrPort
	agent   string
	origin  string // user name in o=
	codecs  string // payload types that it offers
	style   style  // of the numbers that it sends
	callID  func(r *rand.Rand, h *host) string
	hops    int  // Max-Forwards of its own requests
	reduces bool // passes Max-Forwards on, reduced by one
	ports   int  // next RTP port
}

// A network is the hosts and the subscribers.
type network struct {
	r         *rand.Rand
	carriers  []*host
	borders   [][2]*host // outer and inner address, often the same
	pbx       *host
	gateways  []*host
	phones    []*host
	customers []number // who calls, each a private line
	companies []number // main numbers that many calls come from
	lines     []number // who is called
	hotlines  []number
}

// A number is a German telephone number without prefixes.
type number struct{ area, local string }

// A style is how a trunk writes numbers.
type style uint8

const (
	plus      style = iota // +4930123456
	zeros                  // 004930123456
	national               // 030123456
	bare                   // 4930123456
	separated              // +49-30-123456
	bracketed              // (030)123-456
)

func (n number) in(s style) string {
	switch s {
	case zeros:
		return "0049" + n.area + n.local
	case national:
		return "0" + n.area + n.local
	case bare:
		return "49" + n.area + n.local
	case separated:
		return "+49-" + n.area + "-" + n.local
	case bracketed:
		return "(0" + n.area + ")" + n.local[:3] + "-" + n.local[3:]
	}
	return "+49" + n.area + n.local
}

func newNetwork(r *rand.Rand) *network {
	n := &network{r: r}
	for i, s := range []style{plus, zeros, plus, bare} {
		n.carriers = append(n.carriers, &host{
			addr: at("203.0.113.%d", 10+i, 5060), agent: "Carrier/" + fmt.Sprint(i+1), origin: "-",
			codecs: []string{"8 0 18 101", "8 101", "8 18 101", "9 8 0 101"}[i], style: s, callID: []func(*rand.Rand, *host) string{uuid, hexAtHost, uuidAtHost, counter}[i], hops: 70,
		})
	}
	single := &host{addr: at("192.0.2.%d", 10, 5060), agent: "Border/7", origin: "BorderCtl", codecs: "8 101", style: national, callID: border, hops: 70, reduces: true}
	outer := &host{addr: at("192.0.2.%d", 20, 5060), agent: "Border/7", origin: "BorderCtl", codecs: "8 101", style: plus, callID: border, hops: 70, reduces: true}
	inner := *outer
	inner.addr, inner.style = at("10.1.0.%d", 20, 5060), bracketed
	n.borders = [][2]*host{{single, single}, {outer, &inner}}
	n.pbx = &host{addr: at("10.1.0.%d", 30, 5060), agent: "PBX 18.2", origin: "-", codecs: "9 8 0 101", style: separated, callID: uuid, hops: 70}
	for i := range 3 {
		n.gateways = append(n.gateways, &host{addr: at("10.1.0.%d", 41+i, 5060), agent: "Gateway", origin: "gw", codecs: "8 0 101"})
	}
	for i := range 60 {
		n.phones = append(n.phones, &host{addr: at("10.1.1.%d", 1+i, 5060), agent: "Phone 66.86", origin: "user", codecs: "9 8 101"})
	}
	n.customers, n.companies = n.numbers(500), n.numbers(20)
	n.lines, n.hotlines = n.numbers(400), n.numbers(12)
	return n
}

func at(format string, n int, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(fmt.Sprintf(format, n)), port)
}

func (n *network) numbers(count int) []number {
	areas := []string{"30", "89", "40", "221", "69", "711", "351", "4021"}
	list := make([]number, count)
	for i := range list {
		list[i] = number{area: areas[n.r.IntN(len(areas))], local: digits(n.r, 6+n.r.IntN(3))}
	}
	return list
}

func digits(r *rand.Rand, count int) string {
	b := []byte{byte('1' + r.IntN(9))}
	for len(b) < count {
		b = append(b, byte('0'+r.IntN(10)))
	}
	return string(b)
}

func (n *network) chance(p float64) bool { return n.r.Float64() < p }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// about is a time around its median, now and then several times as long.
func (n *network) about(median int64, spread float64) int64 {
	return int64(float64(median) * math.Exp(spread*n.r.NormFloat64()))
}

// The ways in which programs make Call-IDs.

func hexes(r *rand.Rand, count int) string {
	var b strings.Builder
	for range count {
		fmt.Fprintf(&b, "%x", r.IntN(16))
	}
	return b.String()
}

func uuid(r *rand.Rand, _ *host) string {
	return hexes(r, 8) + "-" + hexes(r, 4) + "-4" + hexes(r, 3) + "-a" + hexes(r, 3) + "-" + hexes(r, 12)
}

func hexAtHost(r *rand.Rand, h *host) string {
	return hexes(r, 32) + "@" + h.addr.Addr().String() + ":5060"
}

// uuidAtHost is a UUID by time: those that one host makes within a minute
// have all but the first digits in common.
func uuidAtHost(r *rand.Rand, h *host) string {
	return hexes(r, 8) + "-1617-11ef-9a2b-00163e5c7d1f@" + h.addr.Addr().String()
}

func counter(r *rand.Rand, h *host) string {
	h.ports++
	return fmt.Sprintf("%d-%d@carrier-four.example.net", 1_000_000+h.ports, r.IntN(1000))
}

func border(r *rand.Rand, h *host) string {
	return "SBC" + hexes(r, 20) + "-" + digits(r, 8) + "@" + h.addr.Addr().String()
}
