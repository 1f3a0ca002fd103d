package hide

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
)

// A spelling is an IPv4 address in hexadecimal digits, in the order of the network or of a PC: in Call-IDs and branches
// programs write theirs so.
type spelling [8]byte

func spelled(octets []byte) (out spelling) {
	hex.Encode(out[:], octets)
	return out
}

// spell notes the spellings of all addresses that are known. Those without a letter could be any number.
func (t *addresses) spell() {
	for a := range t.known {
		if !a.Is4() || kindOf(a) == kindNobody || kindOf(a) == kindMulticast {
			continue
		}
		was, is := a.AsSlice(), t.mask(a).AsSlice()
		for range 2 {
			if s := spelled(was); !allDigits(s[:]) {
				t.spellings[s] = spelled(is)
			}
			slices.Reverse(was)
			slices.Reverse(is)
		}
	}
}

// spellingsIn masks addresses that are not written as usual.
func (h *Hider) spellingsIn(b, marks []byte) {
	if !h.covers(Addresses) {
		return
	}
	h.escapedAddresses(b, marks)
	for i := 0; i < len(b) && !h.learning; {
		if !isHexDigit(b[i]) || marks[i] != open {
			i++
			continue
		}
		end := i
		for end < len(b) && isHexDigit(b[end]) && marks[end] == open {
			end++
		}
		h.hexRun(b, marks, i, end)
		i = end
	}
}

// hexRun masks what hexadecimal digits spell, or begin to.
func (h *Hider) hexRun(b, marks []byte, from, to int) {
	if n := cardEnd(b, from, to); n > 0 {
		h.card(b[from:from+n], marks[from:from+n])
		return
	}
	if to-from == 12 && (h.addresses.isCard(b[from:to]) || isNode(b, from)) {
		h.card(b[from:to], marks[from:to])
		return
	}
	if h.parted(b, marks, from, to) {
		return
	}
	var s spelling
	for i := from; i+len(s) <= to; i++ {
		copy(s[:], bytes.ToLower(b[i:i+len(s)]))
		if m, ok := h.addresses.spellings[s]; ok {
			overwrite(b[i:i+len(s)], string(m[:]))
			for j := range s {
				marks[i+j] = isAddress
			}
			i += len(s) - 1
		}
	}
}

// cardEnd is how long a MAC address is that is written in pairs, 0 when there is none.
func cardEnd(b []byte, from, to int) int {
	const length = 17
	if to-from != 2 || from+length > len(b) || b[to] != ':' && b[to] != '-' || from > 0 && (b[from-1] == b[to] || isWord(b[from-1])) {
		return 0
	}
	for i := from; i < from+length; i++ {
		if pair := (i - from) % 3; pair < 2 && !isHexDigit(b[i]) || pair == 2 && b[i] != b[to] {
			return 0
		}
	}
	if end := from + length; end < len(b) && (isWord(b[end]) || b[end] == b[to]) {
		return 0
	}
	return length
}

// isNode reports whether twelve digits are those of the host in a UUID that was made of its address and the time.
func isNode(b []byte, from int) bool {
	return from >= 11 && b[from-1] == '-' && b[from-6] == '-' && b[from-11] == '-' && b[from-10] == '1' && isHex(b[from-5:from-1])
}

// card masks a MAC address in a text, as in the frames.
func (h *Hider) card(b, marks []byte) {
	var octets, digits []byte
	for _, c := range b {
		if isHexDigit(c) {
			digits = append(digits, c)
		}
	}
	octets, err := hex.DecodeString(string(digits))
	if err != nil || len(octets) != 6 {
		return
	}
	h.addresses.hardware(octets)
	capitals := bytes.ContainsAny(b, "ABCDEF")
	text := hex.EncodeToString(octets)
	for i, c := range b {
		if marks[i] = isAddress; isHexDigit(c) {
			if b[i], text = text[0], text[1:]; capitals {
				b[i] = bytes.ToUpper(b[i : i+1])[0]
			}
		}
	}
}

// isCard reports whether twelve digits are a MAC address of a frame.
func (t *addresses) isCard(digits []byte) bool {
	octets, err := hex.DecodeString(string(digits))
	return err == nil && t.knownCards[[6]byte(octets)]
}

// parted masks an address that is known and has other signs between its numbers, in either order: 192-0-2-99.
func (h *Hider) parted(b, marks []byte, from, to int) bool {
	if to >= len(b) || b[to] != '-' && b[to] != '_' {
		return false
	}
	var octets [4]byte
	at := from
	for part := range octets {
		end := at
		for end < len(b) && isDigit(b[end]) && end-at < 3 {
			end++
		}
		n, err := strconv.ParseUint(string(b[at:end]), 10, 8)
		if err != nil || part < 3 && (end >= len(b) || b[end] != b[to]) {
			return false
		}
		octets[part] = byte(n)
		if at = end + 1; part == 3 {
			at = end
		}
	}
	for _, reversed := range []bool{false, true} {
		a := octets
		if reversed {
			slices.Reverse(a[:])
		}
		if known := netip.AddrFrom4(a); h.addresses.known[known] {
			m := h.addresses.mask(known).As4()
			if reversed {
				slices.Reverse(m[:])
			}
			write4(b[from:at], m)
			for i := from; i < at; i++ {
				marks[i] = isAddress
			}
			return true
		}
	}
	return false
}

// escapedAddresses masks IPv6 addresses whose colons are escaped, in the headers of URIs.
func (h *Hider) escapedAddresses(b, marks []byte) {
	for from := 0; from < len(b); {
		var plain []byte
		var places []int
		at, escaped := from, false
		for at < len(b) && marks[at] == open {
			switch {
			case isHexDigit(b[at]), b[at] == ':', b[at] == '.':
				plain, places = append(plain, b[at]), append(places, at)
				at++
				continue
			case at+3 <= len(b) && bytes.EqualFold(b[at:at+3], []byte("%3a")):
				plain, places, escaped = append(plain, ':'), append(places, at), true
				at += 3
				continue
			}
			break
		}
		if escaped {
			h.addressRun(plain, make([]byte, len(plain)))
			for i, place := range places {
				if plain[i] != ':' {
					b[place] = plain[i]
				}
			}
		}
		from = max(at, from+1)
	}
}
