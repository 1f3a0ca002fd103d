package report

import (
	"strconv"

	"sipsniff/capture"
)

// linkTypeNames are the names of tcpdump.org's list of link types.
var linkTypeNames = map[capture.LinkType]string{
	0: "NULL", 1: "EN10MB", 9: "PPP", 12: "RAW", 14: "RAW", 50: "PPP_SERIAL", 51: "PPP_ETHER", 101: "RAW", 104: "C_HDLC",
	105: "IEEE802_11", 108: "LOOP", 113: "LINUX_SLL", 119: "PRISM_HEADER", 127: "IEEE802_11_RADIO", 192: "PPI", 219: "MPLS",
	220: "USB_LINUX_MMAPPED", 228: "IPV4", 229: "IPV6", 239: "NFLOG", 252: "WIRESHARK_UPPER_PDU", 276: "LINUX_SLL2",
}

// linkTypeName names a link type; one without a name is given by its number.
func linkTypeName(t capture.LinkType) string {
	if name, ok := linkTypeNames[t]; ok {
		return name
	}
	return "DLT " + strconv.FormatUint(uint64(t), 10)
}
