// Package decode turns one captured frame into what it carried: it walks the
// link layer, tags, tunnels and IP, puts fragments and TCP segments together
// again, and recognises SIP by its content on any port. It remembers only
// unfinished pieces, all of them bounded.
//
// decode says what octets could be; correlate, which has read the SDP, decides
// what they are.
package decode
