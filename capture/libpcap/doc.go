// Package libpcap captures live from network interfaces and compiles capture
// filters, both by libpcap. It is the only room that imports gopacket.
//
// Built without cgo, or with the tag nopcap, it has the same functions, and
// those that need libpcap return ErrNotBuilt.
package libpcap
