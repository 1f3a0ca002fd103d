package correlate

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"strings"

	"sipsniff/decode/sip"
)

// A hasher makes the keys under which messages are told apart. The keys live
// inside one process only: the seed is chosen anew for each Tracker, so that
// nobody can prepare messages that share one.
type hasher struct {
	maphash.Hash
}

// text adds a string and its end.
func (h *hasher) text(s string) {
	h.WriteString(s)
	h.WriteByte(0xff) // never part of a length or of UTF-8 text
}

func (h *hasher) number(n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

func (h *hasher) address(a netip.Addr) {
	b := a.As16()
	h.Write(b[:])
}

func (h *hasher) endpoint(a netip.AddrPort) {
	h.address(a.Addr())
	h.number(uint64(a.Port()))
}

// link adds the unordered pair of IP addresses, so that a copy that a proxy
// spirals or forwards without a Via of its own is another hop (spec §3.2).
func (h *hasher) link(a, b netip.Addr) {
	if b.Less(a) {
		a, b = b, a
	}
	h.address(a)
	h.address(b)
}

// print is the fingerprint of spec §3.3 together with the directed way:
// equal for a message and its retransmissions, different for the copy that a
// proxy forwards.
func (h *hasher) print(m *sip.Message, e *Message) uint64 {
	h.Reset()
	h.text(m.Method)
	h.text(m.RequestURI)
	h.text(m.StatusText)
	h.text(m.Reason)
	h.via(&m.Via)
	h.text(m.CallID)
	h.number(uint64(m.CSeq.Number))
	h.text(m.CSeq.Method)
	h.text(m.From.Tag)
	h.text(m.To.Tag)
	h.text(m.Body)
	h.endpoint(e.Src)
	h.endpoint(e.Dst)
	h.number(uint64(e.Transport))
	return h.Sum64()
}

// via adds the branch and the sent-by of the topmost Via; the port defaults
// to 5060.
func (h *hasher) via(v *sip.Via) {
	h.text(v.Branch)
	h.text(strings.ToLower(v.Host))
	port := v.Port
	if port == 0 {
		port = 5060
	}
	h.number(uint64(port))
}

// hop names one passage of a transaction: the branch on its link. The INVITE,
// its responses, its CANCEL and the ACK to a failure share it.
func (h *hasher) hop(m *sip.Message, e *Message) uint64 {
	h.Reset()
	h.via(&m.Via)
	h.link(e.Src.Addr(), e.Dst.Addr())
	return h.Sum64()
}

// transaction is the hop transaction key of spec §3.2. The Call-ID is left
// out because every call has a table of its own; the CSeq number is always in
// it, since some devices use a branch again.
func (h *hasher) transaction(m *sip.Message, e *Message) uint64 {
	h.Reset()
	h.via(&m.Via)
	h.text(transactionMethod(m))
	h.number(uint64(m.CSeq.Number))
	h.link(e.Src.Addr(), e.Dst.Addr())
	if !magicBranch(m.Via.Branch) {
		h.text(m.From.URI)
		h.text(m.From.Tag)
	}
	return h.Sum64()
}

// target is the Request-URI where it tells transactions apart: in requests of
// RFC 2543 elements, but for the ACK, which belongs to its INVITE.
func (h *hasher) target(m *sip.Message) uint64 {
	if m.Method == "" || methodOf(m) == "ACK" || magicBranch(m.Via.Branch) {
		return 0
	}
	h.Reset()
	h.text(m.RequestURI)
	return h.Sum64()
}

// branch is the key of a transaction without its Call-ID, to find a branch
// that another call used; 0 for elements that make no unique branches.
func (h *hasher) branch(m *sip.Message, e *Message) uint64 {
	if !magicBranch(m.Via.Branch) {
		return 0
	}
	h.Reset()
	h.via(&m.Via)
	h.text(transactionMethod(m))
	h.link(e.Src.Addr(), e.Dst.Addr())
	return h.Sum64()
}

// transactionMethod folds the ACK into its INVITE; a CANCEL is a transaction
// of its own (RFC 3261 §17.1.3, §9.1).
func transactionMethod(m *sip.Message) string {
	if method := methodOf(m); method != "ACK" {
		return method
	}
	return "INVITE"
}

// magicBranch tells the branch of an RFC 3261 element, which is unique.
func magicBranch(branch string) bool {
	return len(branch) > 7 && strings.EqualFold(branch[:7], "z9hG4bK")
}
