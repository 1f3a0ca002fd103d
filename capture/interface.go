package capture

import (
	"net"
	"slices"
	"strconv"
)

// linkSLL2 is the link type whose frames carry the index of their interface.
const linkSLL2 LinkType = 276

// InterfaceName names where a packet was captured; index is what its link
// header says, else Frame.Interface. "" is unknown: a pcap file does not tell.
// Of a Linux cooked capture in a file only the number is known: "if3".
func (i *SourceInfo) InterfaceName(index int) string {
	switch cooked := slices.Contains(i.LinkTypes, linkSLL2); {
	case cooked && i.Format == "live":
		if link, err := net.InterfaceByIndex(index); err == nil {
			return link.Name
		}
		return "if" + strconv.Itoa(index)
	case cooked:
		return "if" + strconv.Itoa(index)
	case i.Format == "live":
		return i.Name
	case index >= 0 && index < len(i.Interfaces):
		return i.Interfaces[index]
	}
	return ""
}
