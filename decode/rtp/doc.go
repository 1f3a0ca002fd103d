// Package rtp answers "could these octets be RTP?" and reads the headers of
// RTP and RTCP (RFC 3550) through pion, guarded against what pion accepts
// too easily. It is the only room that imports pion, and keeps no state.
package rtp
