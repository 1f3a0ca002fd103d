package gen

import (
	"fmt"
	"net/netip"
	"strings"
)

// names are of people who do not exist, by first name only.
var names = [...]string{
	"Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy", "Mallory", "Niaj", "Olivia", "Peggy", "Rupert", "Sybil", "Trent", "Victor", "Walter",
}

// newParty invents a subscriber. +999 is no country, so no telephone has the number.
func newParty(n, name int) party {
	user := fmt.Sprintf("+999%09d", n)
	return party{user: user, display: `"` + names[name] + `" `, uri: "sip:" + user + "@" + domain}
}

// The kinds of host, by the documentation network they live in (RFC 5737, RFC 3849).
type kind byte

const (
	callers   kind = iota // 198.51.100.0/24, 2001:db8:a::/64
	callees               // 203.0.113.0/24, 2001:db8:b::/64
	exchanges             // 192.0.2.0/24, 2001:db8:c::/64
)

// address is that of host n of a kind.
func address(v6 bool, k kind, n int) netip.Addr {
	if v6 {
		return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 0x0a + byte(k), 15: byte(n + 1)})
	}
	net := [...][3]byte{{198, 51, 100}, {203, 0, 113}, {192, 0, 2}}[k]
	return netip.AddrFrom4([4]byte{net[0], net[1], net[2], byte(n + 1)})
}

// evilNames are display names and header lines that upset what shows or
// parses them carelessly: colour tags, terminal controls, text that runs the
// other way, wide and combining characters, bytes that are no UTF-8.
func evilNames() []string {
	return []string{
		`"[red]x" `,
		`"[Sales] Ann" `,
		"\"\x1b]0;x\x07title\" ",
		"\"\x1b[2J\x1b[31mclear\" ",
		"\"\u202egnp.exe\" ",
		`"会議室の電話" `,
		`"👩‍👩‍👧‍👦 family 📞" `,
		"\"e\u0301\u0301\u0301\u0301 stacked\" ",
		"\"\xff\xfe\xc0\x80 bytes\" ",
		`"quote \" and \\ back" `,
		`"` + strings.Repeat("long ", 200) + `" `,
		"\"tab\there\" ",
	}
}

// makeEvil changes the caller of exchange n and returns header lines.
func makeEvil(x *exchange, n int) string {
	all := evilNames()
	x.from.display = all[(n-1)%len(all)]
	switch (n - 1) % 6 {
	case 0:
		return "Subject: " + strings.Repeat("five kilobytes ", 342) + "\r\n"
	case 1:
		x.to.uri = "sip:" + x.to.user + "@[2001:db8:ab::b]"
		return "X-Colour: [::b]bold[-:-:-] [\"region\"]\r\n"
	case 2:
		x.from.uri = "sip:%5Bred%5D@" + domain
		return "X-Bell: \x07\x08\x7f\r\n"
	case 3:
		return "X-Fold: first\r\n second\r\n\tthird\r\n"
	case 4:
		return "X-Empty:\r\nx-no-space:value\r\nX-NUL: a\x00b\r\n"
	default:
		return "Reason: SIP;cause=200;text=\"\u202eevil\x1b[0m\"\r\n"
	}
}
