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

// keys are the hashes by which one message is told apart.
type keys struct {
	print       uint64 // of the message on its way
	hop         uint64 // of its branch on its link
	transaction uint64
	target      uint64 // of the Request-URI where it belongs to the transaction, else 0
}

// keys makes all keys of a message.
func (h *hasher) keys(m *sip.Message, e *Message) keys {
	via := h.via(&m.Via)
	h.Reset()
	h.number(via)
	h.link(e.Src.Addr(), e.Dst.Addr())
	hop := h.Sum64()
	k := keys{hop: hop, print: h.print(m, e, via), transaction: h.transaction(m, hop)}
	if !magicBranch(m.Via.Branch) && m.Method != "" && methodOf(m) != "ACK" {
		h.Reset()
		h.text(m.RequestURI)
		k.target = h.Sum64()
	}
	return k
}

// branch is the transaction in any call, to find a branch that two calls use;
// 0 when the element makes no unique branches.
func (h *hasher) branch(m *sip.Message, hop uint64) uint64 {
	if !magicBranch(m.Via.Branch) {
		return 0
	}
	h.Reset()
	h.number(hop)
	h.text(transactionMethod(m))
	return h.Sum64()
}

// via is the branch and the sent-by of the topmost Via; the port defaults to
// 5060.
func (h *hasher) via(v *sip.Via) uint64 {
	h.Reset()
	h.text(v.Branch)
	h.text(strings.ToLower(v.Host))
	port := v.Port
	if port == 0 {
		port = 5060
	}
	h.number(uint64(port))
	return h.Sum64()
}

// print is the fingerprint of spec §3.3 together with the directed way:
// equal for a message and its retransmissions, different for the copy that a
// proxy forwards.
func (h *hasher) print(m *sip.Message, e *Message, via uint64) uint64 {
	h.Reset()
	h.number(via)
	h.text(m.Method)
	h.text(m.RequestURI)
	h.text(m.StatusText)
	h.text(m.Reason)
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

// transaction is the hop transaction key of spec §3.2. The Call-ID is left
// out because every call has a table of its own; the CSeq number is always in
// it, since some devices use a branch again. RFC 2543 elements make no unique
// branches, so more is needed.
func (h *hasher) transaction(m *sip.Message, hop uint64) uint64 {
	h.Reset()
	h.number(hop)
	h.text(transactionMethod(m))
	h.number(uint64(m.CSeq.Number))
	if !magicBranch(m.Via.Branch) {
		h.text(m.From.URI)
		h.text(m.From.Tag)
	}
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
