// Package hepnet speaks HEP on the network: a Source is the collector to which
// capture agents send what they saw, a Sender the agent that sends to
// collectors. The format itself is that of package decode/hep.
//
// A Source yields each packet as the IP packet it came in, or would have come
// in over UDP, under the time that the agent captured it. So it is decoded
// like HEP found in any capture, and can be recorded as it is.
package hepnet
