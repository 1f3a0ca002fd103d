package capture

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	formatEmpty     = "empty file"
	formatText      = "a text file, not a capture"
	formatDirectory = "is a directory"
)

const (
	hintConvert = "convert it with Wireshark's tool: editcap -F pcap %s OUT.pcap"
	hintUnpack  = "unpack it first; gzip, zstd and lz4 are read as they are"
)

// foreign lists what people hand to a sniffer that is neither pcap nor pcapng
// and can be told by how it begins. The magic numbers are those of
// Wireshark's wiretap readers and of file(1).
var foreign = [...]struct {
	magic  string
	format string
	hint   string
}{
	{"snoop\x00\x00\x00", "snoop", hintConvert},
	{"RTSS", "Microsoft NetMon 1", hintConvert},
	{"GMBU", "Microsoft NetMon 2", hintConvert},
	{"TRSNIFF data    \x1a", "NAI Sniffer", hintConvert},
	{"XCP\x00", "NetXray / Sniffer for Windows", hintConvert},
	{"\x05VNF", "Visual Networks", hintConvert},
	{"iptrace 1.0", "AIX iptrace", hintConvert},
	{"iptrace 2.0", "AIX iptrace", hintConvert},
	{"ObserverPktBuffer", "Network Instruments Observer", hintConvert},
	{"\xaa\xaa\xaa\xaa", "InfoVista 5View", hintConvert},
	{"\x54\x52\x00\x64\x00", "HP-UX nettl", hintConvert},
	{"btsnoop\x00", "Bluetooth snoop", ""},
	{"\x1c\x00\x01\xac", "Ixia pcap (hardware times)", hintConvert},
	{"\xac\x01\x00\x1c", "Ixia pcap (hardware times)", hintConvert},
	{"\x1c\x00\x01\xab", "Ixia pcap (software times)", hintConvert},
	{"\xab\x01\x00\x1c", "Ixia pcap (software times)", hintConvert},
	{"\xfd7zXZ\x00", "xz", hintUnpack},
	{"BZh", "bzip2", hintUnpack},
	{"PK\x03\x04", "zip", hintUnpack},
	{"7z\xbc\xaf\x27\x1c", "7-zip", hintUnpack},
	{"Rar!\x1a\x07", "rar", hintUnpack},
	{"\x1f\x9d", "compress (.Z)", hintUnpack},
	{"\x7fELF", "ELF program", ""},
	{"%PDF-", "PDF", ""},
}

// sniffLength is how many octets at the start of a file are looked at to name
// a foreign format.
const sniffLength = 512

// unsupported names what begins with head, as far as that can be known.
func unsupported(name string, head []byte) *UnsupportedError {
	e := &UnsupportedError{Name: name}
	if len(head) == 0 {
		e.Format = formatEmpty
		return e
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			e.Format = f.format
			e.hint = strings.ReplaceAll(f.hint, "%s", ShellQuote(name))
			return e
		}
	}
	if isText(head) {
		e.Format = formatText
		e.hint = "a capture is what tcpdump -w or Wireshark writes; a hex dump becomes one with text2pcap"
	}
	return e
}

// isText reports whether head is UTF-8 without control characters other than
// the white space of text files. A rune cut at the end is forgiven.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return false
		}
		head = head[n:]
	}
	return true
}
