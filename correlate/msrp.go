package correlate

import (
	"net/netip"

	"sipsniff/decode"
)

// An MSRP is what went over the message sessions (RFC 4975) of one call, or
// over one session whose call is not known. Only counts are kept of it.
type MSRP struct {
	// Source is the side of the caller; without a call, the one that was
	// heard first. The addresses are those of its first frame.
	Source, Destination netip.AddrPort
	Transport           decode.Transport
	Sessions            []string // the session ids, that of the source first; only without a call

	FromSource, FromDestination MSRPCount

	Responses    map[int]uint64    // by status code, of every hop
	Reports      map[int]uint64    // requests to REPORT by the status they tell of
	ContentTypes map[string]uint64 // of the chunks that have one

	Incomplete            uint64 // requests and responses with octets missing, or without their end
	FirstFrame, LastFrame int
	First, Last           int64 // Unix ns
}

// An MSRPCount counts the requests of one side. What a relay passed on (RFC
// 4976) and was captured once more is in Copies and in nothing else.
type MSRPCount struct {
	Sends    uint64 // SEND requests, each a chunk
	Empty    uint64 // of these, the ones without a body, which open a connection
	Reports  uint64 // REPORT requests
	Others   uint64 // AUTH and the like
	Octets   uint64 // of bodies
	Messages uint64 // whole: their last chunk went by
	Aborted  uint64 // given up by their sender
	Copies   uint64
}
