//go:build cgo && !nopcap

package libpcap

import (
	"regexp"
	"strings"
)

// The words of capture filters that matter for widening them.
const (
	// linkWords are those that speak of frames and not of what they carry.
	linkWords = " and or not ether fddi tr wlan link src dst host multicast broadcast proto inbound outbound ifindex" +
		" len less greater type subtype dir addr1 addr2 addr3 addr4 ra ta "
	// carrierWords move the octets that the words behind them look at. Who
	// writes them has thought of what lies in front of the IP header.
	carrierWords = " vlan mpls pppoed pppoes geneve vxlan "
	// portWords look behind the IP header, at octets that only the first
	// fragment has.
	portWords = " port portrange "
)

// A reading is what the words of a capture filter say about what it looks at.
type reading struct {
	network  bool // something in IP packets
	ports    bool // something behind the IP header
	carriers bool // tags, labels or fragments, so that it is complete as it is
	icmp     bool // ICMP, so that it says itself which of it is wanted
}

var (
	wordPattern     = regexp.MustCompile(`[0-9a-z_][0-9a-z_.:/-]*`)
	literalPattern  = regexp.MustCompile(`^(0x[0-9a-f]+|[0-9]+|([0-9a-f]{1,2}[:.-]){5}[0-9a-f]{1,2})$`)
	insidePattern   = regexp.MustCompile(`\b(udp|tcp|sctp|icmp6?)\s*\[`)
	icmpPattern     = regexp.MustCompile(`\bicmp6?\b`)
	fragmentPattern = regexp.MustCompile(`\bip6?\s*\[\s*6\b`)
)

// read reads the words of a filter. It does not check them.
func read(expression string) reading {
	text := strings.ToLower(expression)
	r := reading{
		ports:    insidePattern.MatchString(text),
		carriers: fragmentPattern.MatchString(text),
		icmp:     icmpPattern.MatchString(text),
	}
	for _, word := range wordPattern.FindAllString(text, -1) {
		spaced := " " + word + " "
		switch {
		case strings.Contains(carrierWords, spaced):
			r.carriers = true
		case strings.Contains(portWords, spaced):
			r.ports, r.network = true, true
		case !strings.Contains(linkWords, spaced) && !literalPattern.MatchString(word):
			r.network = true
		}
	}
	return r
}

// What a filter on ports misses of fragmented packets: every fragment of IPv4
// but the first, and every one of IPv6, because libpcap looks for the port
// right behind the fixed header.
const fragments = "(ip[6:2] & 0x1fff != 0) or (ip6[6] = 44)"

// What a filter on ports misses of the answers of the network: ICMP errors,
// which quote the packets that they are about (RFC 792, RFC 4443).
const icmpErrors = "(icmp[0] = 3) or (icmp[0] = 11) or (icmp[0] = 12) or (icmp6 and ip6[40] < 128)"

// widenings gives the forms of a filter that let more pass, the widest first
// and the filter itself last. A link type without VLAN tags knows no filter on
// them. The word vlan moves everything behind it, so it must stand last.
func widenings(expression string) []string {
	r := read(expression)
	if r.carriers || !r.network {
		return []string{expression}
	}
	plain := "(" + expression + ")"
	if r.ports {
		plain += " or " + fragments
	}
	if r.ports && !r.icmp {
		plain += " or " + icmpErrors
	}
	if r.ports {
		return []string{behindTags(plain), plain, expression}
	}
	return []string{behindTags(plain), expression}
}

// behindTags lets pass what a filter does, also behind one or two VLAN tags.
func behindTags(plain string) string {
	return plain + " or (vlan and (" + plain + " or (vlan and (" + plain + "))))"
}
