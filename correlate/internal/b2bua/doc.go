// Package b2bua writes the SIP of telephone networks whose calls run through
// back-to-back user agents, together with the truth about which Call-IDs are
// one call. It is for tests; what it does is modelled on how carriers, border
// controllers and PBXs behave and knows nothing of how legs are found.
//
// The network: carriers send calls to a border controller, that sends them on
// to a PBX, and that to gateways and telephones. Border controller and PBX
// make a new call each: Call-ID, tags, SDP and the way numbers are written
// are their own.
package b2bua
