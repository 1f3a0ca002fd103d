package hide

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"slices"
)

// addresses are the IP addresses of a capture, each with another one to stand for it: of the same kind (private, link
// local, public …) and as long when written, digit for digit, so that texts keep their length.
type addresses struct {
	secret *secret
	random *rand.Rand
	known  map[netip.Addr]bool
	masks  map[netip.Addr]netip.Addr
	used   map[netip.Addr]bool
	cards  map[[6]byte][6]byte // MAC addresses
}

func newAddresses(s *secret) *addresses {
	return &addresses{secret: s, random: rand.New(rand.NewChaCha8(*s)), known: map[netip.Addr]bool{}, masks: map[netip.Addr]netip.Addr{}, used: map[netip.Addr]bool{}, cards: map[[6]byte][6]byte{}}
}

func (t *addresses) learn(a netip.Addr) { t.known[a] = true }

// settle makes the masks of what was learned, in an order that does not depend on that of the capture.
func (t *addresses) settle() {
	list := make([]netip.Addr, 0, len(t.known))
	for a := range t.known {
		list = append(list, a)
	}
	slices.SortFunc(list, netip.Addr.Compare)
	for _, a := range list {
		t.mask(a)
	}
}

// mask is the address that stands for another. Those of nobody stay: loopback, "no address", all hosts.
func (t *addresses) mask(a netip.Addr) netip.Addr {
	if m, ok := t.masks[a]; ok {
		return m
	}
	m := a
	switch {
	case a.IsLoopback(), a.IsUnspecified(), a == allHosts:
	case a.Is4In6():
		m = netip.AddrFrom16(t.mask(a.Unmap()).As16())
	default:
		m = t.draw(a)
	}
	t.masks[a], t.used[m] = m, true
	return m
}

var allHosts = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// draw is an address at random that is nobody's, if there is one.
func (t *addresses) draw(a netip.Addr) netip.Addr {
	shuffle := t.shuffle6
	if a.Is4() {
		shuffle = t.shuffle4
	}
	for try := range 3 * draws {
		if m := shuffle(a); m != a && kindOf(m) == kindOf(a) && (try >= 2*draws || !t.used[m]) && (try >= draws || !t.known[m]) {
			return m
		}
	}
	if a.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// shuffle4 is an IPv4 address of as many digits in each part. The parts that make it private stay.
func (t *addresses) shuffle4(a netip.Addr) netip.Addr {
	b, kept := a.As4(), 0
	switch k := kindOf(a); {
	case k == kindPrivate && b[0] == 192, k == kindLinkLocal:
		kept = 2
	case k == kindPrivate, k == kindShared, k == kindMulticast:
		kept = 1
	}
	for i := kept; i < 4; i++ {
		switch v := b[i]; {
		case v < 10:
			b[i] = byte(t.random.IntN(10))
		case v < 100:
			b[i] = byte(10 + t.random.IntN(90))
		default:
			b[i] = byte(100 + t.random.IntN(156))
		}
	}
	return netip.AddrFrom4(b)
}

// shuffle6 is an IPv6 address with as many hexadecimal digits in each group. Groups of zero stay, so that they can be
// left out in the same place, and the first digits, which say what kind it is.
func (t *addresses) shuffle6(a netip.Addr) netip.Addr {
	b := a.As16()
	for i := 0; i < 16; i += 2 {
		v := binary.BigEndian.Uint16(b[i:])
		digits := (bits.Len16(v) + 3) / 4
		if digits == 0 {
			continue
		}
		kept := uint16(0)
		if i == 0 {
			switch k := kindOf(a); {
			case k == kindPrivate:
				kept = 0xff00
			case k == kindPublic && digits == 4:
				kept = 0xf000
			default:
				continue
			}
		}
		low := 1 << (4 * (digits - 1))
		drawn := uint16(low + t.random.IntN(low*15))
		binary.BigEndian.PutUint16(b[i:], v&kept|drawn&^kept)
	}
	return netip.AddrFrom16(b)
}

// A kind of address matters to what is said of a call.
type kind uint8

const (
	kindPublic kind = iota
	kindPrivate
	kindShared
	kindLinkLocal
	kindMulticast
	kindNobody
)

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

func kindOf(a netip.Addr) kind {
	switch {
	case a.IsLoopback(), a.IsUnspecified(), a == allHosts:
		return kindNobody
	case a.IsPrivate():
		return kindPrivate
	case a.IsLinkLocalUnicast():
		return kindLinkLocal
	case a.IsMulticast():
		return kindMulticast
	case sharedSpace.Contains(a):
		return kindShared
	}
	return kindPublic
}

// hardware masks a MAC address in place: another one that was given out by nobody. Groups stay groups; all hosts and
// "no address" stay.
func (t *addresses) hardware(b []byte) {
	if bytes.Equal(b, []byte{255, 255, 255, 255, 255, 255}) || bytes.Equal(b, make([]byte, 6)) {
		return
	}
	was := [6]byte(b)
	m, ok := t.cards[was]
	if !ok {
		next := t.secret.stream('m', b)
		binary.BigEndian.PutUint32(m[:], next())
		binary.BigEndian.PutUint16(m[4:], uint16(next()))
		m[0] = m[0]&^3 | 2 | was[0]&1
		t.cards[was] = m
	}
	copy(b, m[:])
}
