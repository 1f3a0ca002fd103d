package correlate

import (
	"fmt"
	"net/netip"
	"slices"

	"sipsniff/decode"
)

// A NetworkError is what ICMP says became of packets from one address to
// another: all errors of one kind from one host, of one call or stream.
type NetworkError struct {
	V6         bool
	Type, Code uint8
	From       netip.Addr // who says so

	Transport decode.Transport // of the packets
	Src, Dst  netip.AddrPort

	// Unreachable is set when nobody is there, TooBig when the packets were
	// too large; MTU is the size that fits, 0 unknown.
	Unreachable, TooBig bool
	MTU                 uint32

	Count       int
	First, Last int64 // Unix ns
	Frames      []int // of the errors, 20 at most
	About       int   // frame of the first message that one is about, 0 unknown
}

// Text says it in the words of the standards: "port unreachable".
func (n *NetworkError) Text() string {
	kind := [2]uint8{n.Type, n.Code}
	words, ok := errorWords4[kind]
	if n.V6 {
		words, ok = errorWords6[kind]
	}
	switch {
	case ok:
	case n.V6 && n.Type == decode.ICMPv6Unreachable, !n.V6 && n.Type == decode.ICMPUnreachable:
		words = fmt.Sprintf("unreachable (code %d)", n.Code)
	case n.TooBig:
		words = "packet too big"
	default:
		words = fmt.Sprintf("error of type %d, code %d", n.Type, n.Code)
	}
	if n.TooBig && n.MTU != 0 {
		words += fmt.Sprintf(", at most %d octets pass", n.MTU)
	}
	return words
}

// The words of RFC 792, RFC 1812 and RFC 4443, by type and code.
var (
	errorWords4 = map[[2]uint8]string{
		{3, 0}: "network unreachable", {3, 1}: "host unreachable", {3, 2}: "protocol unreachable", {3, 3}: "port unreachable",
		{3, 4}: "fragmentation needed", {3, 5}: "source route failed", {3, 6}: "network unknown", {3, 7}: "host unknown",
		{3, 9}: "network prohibited", {3, 10}: "host prohibited", {3, 13}: "prohibited by a filter",
		{11, 0}: "time to live exceeded", {11, 1}: "fragments did not come in time",
	}
	errorWords6 = map[[2]uint8]string{
		{1, 0}: "no route", {1, 1}: "prohibited by a filter", {1, 2}: "beyond the scope of the source", {1, 3}: "address unreachable",
		{1, 4}: "port unreachable", {1, 5}: "source address refused", {1, 6}: "route rejected", {3, 0}: "hop limit exceeded",
		{3, 1}: "fragments did not come in time",
	}
)

// maxErrorKinds bounds the kinds of errors that are told apart of one call,
// or of one pair of addresses; errorApart is how far apart two are of one kind
// and yet two.
const (
	maxErrorKinds = 8
	errorApart    = 60 * second
)

// networkErrors are the errors of one call or of one pair of addresses.
type networkErrors struct{ list []NetworkError }

// add counts an error and reports whether it is of a new kind.
func (l *networkErrors) add(p *decode.Packet, e *decode.ICMPError, about int) (fresh bool) {
	for i := range l.list {
		n := &l.list[i]
		if n.From == e.From && n.Type == e.Type && n.Code == e.Code && n.V6 == e.V6 && n.Src == e.Src && n.Dst == e.Dst && n.Transport == e.Transport &&
			(p.Nanos-n.Last <= errorApart || len(l.list) == maxErrorKinds) {
			n.Count++
			n.First, n.Last = min(n.First, p.Nanos), max(n.Last, p.Nanos)
			if len(n.Frames) < maxEvidence {
				n.Frames = append(n.Frames, p.Frame)
			}
			return false
		}
	}
	if len(l.list) == maxErrorKinds {
		return false
	}
	l.list = append(l.list, NetworkError{
		V6: e.V6, Type: e.Type, Code: e.Code, From: e.From, Transport: e.Transport, Src: e.Src, Dst: e.Dst,
		Unreachable: e.Unreachable(), TooBig: e.TooBig(), MTU: e.MTU,
		Count: 1, First: p.Nanos, Last: p.Nanos, Frames: []int{p.Frame}, About: about,
	})
	return true
}

// publish copies the errors: what was handed out never changes.
func (l *networkErrors) publish() []NetworkError {
	if l == nil || len(l.list) == 0 {
		return nil
	}
	list := slices.Clone(l.list)
	for i := range list {
		list[i].Frames = slices.Clip(list[i].Frames)
	}
	return list
}
