package hide

import (
	"net/netip"
	"strconv"
)

// What was done with an octet of a text already.
const (
	open      byte = iota
	isAddress      // part of an IP address
	isHost         // of a host's name
	isDone         // masked
)

// addressesIn masks every IP address in a text and marks where they are.
func (h *Hider) addressesIn(b, marks []byte) {
	for i := 0; i < len(b); {
		if !isHexDigit(b[i]) && b[i] != ':' {
			i++
			continue
		}
		end := i
		for end < len(b) && (isHexDigit(b[end]) || b[end] == ':' || b[end] == '.') {
			end++
		}
		h.addressRun(b[i:end], marks[i:end])
		i = end
	}
}

// addressRun looks for addresses in a run of hexadecimal digits, colons and points.
func (h *Hider) addressRun(run, marks []byte) {
	if start, end, ok := v6In(run); ok {
		h.address6(run[start:end], marks[start:end])
		return
	}
	for i := 0; i < len(run); {
		if !isDigit(run[i]) {
			i++
			continue
		}
		end := i
		for end < len(run) && (isDigit(run[end]) || run[end] == '.') {
			end++
		}
		h.quads(run[i:end], marks[i:end])
		i = end
	}
}

// v6In finds an IPv6 address in a run: the whole of it, or without what a port or punctuation added.
func v6In(run []byte) (start, end int, ok bool) {
	colons := 0
	for _, c := range run {
		if c == ':' {
			colons++
		}
	}
	if colons < 2 {
		return 0, 0, false
	}
	for start = 0; start < len(run); start++ {
		if start > 0 && run[start-1] != ':' && run[start-1] != '.' || start > 8 {
			continue
		}
		for end = len(run); end > start+2 && end > len(run)-8; end-- {
			if end < len(run) && run[end] != ':' && run[end] != '.' {
				continue
			}
			if a, err := netip.ParseAddr(string(run[start:end])); err == nil && a.Is6() {
				return start, end, true
			}
		}
	}
	return 0, 0, false
}

// address6 masks an IPv6 address, group for group.
func (h *Hider) address6(text, marks []byte) {
	for i := range marks {
		marks[i] = isAddress
	}
	a, err := netip.ParseAddr(string(text))
	if err != nil || !h.covers(Addresses) {
		return
	}
	if h.learning {
		h.addresses.learn(a)
		return
	}
	write6(text, h.addresses.mask(a).As16())
}

func hasPoint(b []byte) bool {
	for _, c := range b {
		if c == '.' {
			return true
		}
	}
	return false
}

// write6 writes the groups of m over those of a text of the same shape.
func write6(text []byte, m [16]byte) {
	head, tail := text, []byte(nil)
	for i := 0; i+1 < len(text); i++ {
		if text[i] == ':' && text[i+1] == ':' {
			head, tail = text[:i], text[i+2:]
			break
		}
	}
	write6Groups(head, m[:])
	write6Groups(tail, m[16-octets6(tail):])
}

// octets6 is how many octets the groups of a text stand for.
func octets6(text []byte) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if i == 0 || text[i-1] == ':' {
			n += 2
		}
	}
	if hasPoint(text) {
		n += 2
	}
	return n
}

func write6Groups(text, m []byte) {
	for i := 0; i < len(text) && len(m) >= 2; {
		end := i
		for end < len(text) && text[end] != ':' {
			end++
		}
		if hasPoint(text[i:end]) && len(m) >= 4 {
			write4(text[i:end], [4]byte(m[:4]))
			return
		}
		overwrite(text[i:end], strconv.FormatUint(uint64(m[0])<<8|uint64(m[1]), 16))
		m, i = m[2:], end+1
	}
}

// overwrite writes digits over a number at least as wide, behind zeros; with capitals if there were any.
func overwrite(text []byte, digits string) {
	capitals := false
	for _, c := range text {
		capitals = capitals || c >= 'A' && c <= 'F'
	}
	for i := range text {
		c := byte('0')
		if at := i - (len(text) - len(digits)); at >= 0 {
			c = digits[at]
		}
		if capitals && c >= 'a' {
			c -= 'a' - 'A'
		}
		text[i] = c
	}
}

// write4 writes an IPv4 address over one whose parts are as wide.
func write4(text []byte, m [4]byte) {
	for i, part := 0, 0; i < len(text) && part < 4; part++ {
		end := i
		for end < len(text) && text[end] != '.' {
			end++
		}
		overwrite(text[i:end], strconv.Itoa(int(m[part])))
		i = end + 1
	}
}

// quads looks for IPv4 addresses in a run of digits and points. Digits that belong to something else may touch them:
// then one that is known is looked for.
func (h *Hider) quads(run, marks []byte) {
	for start := 0; start < len(run); {
		end := quadEnd(run[start:])
		if end == 0 {
			next := start
			for next < len(run) && run[next] != '.' {
				next++
			}
			start = next + 1
			continue
		}
		from, to, a, ok := h.quad(run[start : start+end])
		if !ok {
			for start < len(run) && run[start] != '.' {
				start++
			}
			start++
			continue
		}
		h.address4(run[start+from:start+to], marks[start+from:start+to], a)
		start += to
		for start < len(run) && run[start] == '.' {
			start++
		}
	}
}

// quadEnd is where four numbers with points between them end, 0 when there are none.
func quadEnd(b []byte) int {
	points, digits := 0, 0
	for i, c := range b {
		if c != '.' {
			digits++
			continue
		}
		if digits == 0 {
			return 0
		}
		if points == 3 {
			return i
		}
		points, digits = points+1, 0
	}
	if points < 3 || digits == 0 {
		return 0
	}
	return len(b)
}

// quad finds the address in four numbers: all of it, or what is left of it without digits at its ends.
func (h *Hider) quad(b []byte) (from, to int, a netip.Addr, ok bool) {
	if a, ok := parse4(b); ok {
		return 0, len(b), a, true
	}
	first, last := 0, len(b)
	for b[first] != '.' {
		first++
	}
	for b[last-1] != '.' {
		last--
	}
	for from := 0; from < first; from++ {
		for to := len(b); to > last; to-- {
			if a, ok := parse4(b[from:to]); ok && (h.addresses.known[a] || h.learning) {
				return from, to, a, true
			}
		}
	}
	return 0, 0, a, false
}

// parse4 reads an IPv4 address; unlike netip it takes zeros in front.
func parse4(b []byte) (netip.Addr, bool) {
	var parts [4]byte
	i := 0
	for part := range 4 {
		n, digits := 0, 0
		for ; i < len(b) && isDigit(b[i]); i++ {
			if n, digits = n*10+int(b[i]-'0'), digits+1; n > 255 || digits > 3 {
				return netip.Addr{}, false
			}
		}
		if digits == 0 || part < 3 && (i >= len(b) || b[i] != '.') {
			return netip.Addr{}, false
		}
		parts[part] = byte(n)
		if part < 3 {
			i++
		}
	}
	return netip.AddrFrom4(parts), i == len(b)
}

func (h *Hider) address4(text, marks []byte, a netip.Addr) {
	for i := range marks {
		marks[i] = isAddress
	}
	switch {
	case !h.covers(Addresses):
	case h.learning:
		h.addresses.learn(a)
	default:
		write4(text, h.addresses.mask(a).As4())
	}
}
