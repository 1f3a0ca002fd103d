// Package srtp opens SRTP and SRTCP (RFC 3711) with keys that were said in
// SDP (RFC 4568) or agreed on in DTLS (RFC 5764). It looks on: it knows
// neither the rollover counter at the beginning of a capture nor whether a
// key is the right one, and finds out both by authentication. The ciphers
// are pion's.
package srtp
