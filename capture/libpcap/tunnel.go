//go:build cgo && !nopcap

package libpcap

import (
	"encoding/binary"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// A tunnel is a way to carry packets inside of others, where a capture filter
// sees the outer headers only.
type tunnel struct {
	name     string
	filter   string // lets it pass
	protocol uint8  // of IPv4, when not 0
	port     uint16 // of UDP, when not 0
	kind     uint16 // EtherType, when not 0
}

// tunnels are those that the decoder opens, on their usual ports.
var tunnels = [...]tunnel{
	{name: "GRE", filter: "proto 47", protocol: 47},
	{name: "IP in IP", filter: "proto 4 or proto 41", protocol: 4},
	{name: "VXLAN", filter: "udp port 4789", port: 4789},
	{name: "GENEVE", filter: "udp port 6081", port: 6081},
	{name: "GTP-U", filter: "udp port 2152", port: 2152},
	{name: "MPLS", filter: "ether proto 0x8847", kind: 0x8847},
	{name: "PPPoE", filter: "ether proto 0x8864", kind: 0x8864},
	{name: "L2TP", filter: "udp port 1701", port: 1701},
	{name: "CAPWAP", filter: "udp port 5247", port: 5247},
	{name: "TZSP", filter: "udp port 37008", port: 37008},
	{name: "Teredo", filter: "udp port 3544", port: 3544},
	{name: "HEP", filter: "port 9060", port: 9060},
	{name: "AH", filter: "proto 51", protocol: 51},
}

// example is the beginning of an Ethernet frame of the tunnel, between
// addresses that nobody has.
func (t *tunnel) example() []byte {
	b := make([]byte, 14, 64)
	if t.kind != 0 {
		binary.BigEndian.PutUint16(b[12:], t.kind)
		return b[:64]
	}
	b[12] = 8
	protocol := t.protocol
	if t.port != 0 {
		protocol = 17
	}
	b = append(b, 0x45, 0, 0, 50, 0, 1, 0, 0, 64, protocol, 0, 0, 240, 0, 0, 1, 240, 0, 0, 2, 0, 1)
	b = binary.BigEndian.AppendUint16(b, t.port)
	b = append(b, 0, 30, 0, 0)
	return b[:64]
}

// ethernet is LINKTYPE_ETHERNET.
const ethernet = 1

// hidden tells in which tunnels a filter would not find what it looks for,
// because their frames do not pass. It is about Ethernet; a filter that has no
// meaning there is not judged.
func hidden(expression string) []*tunnel {
	if !read(expression).network {
		return nil
	}
	program, err := compile(expression, ethernet)
	if err != nil {
		return nil
	}
	var found []*tunnel
	for i := range tunnels {
		frame := tunnels[i].example()
		if !program.Matches(gopacket.CaptureInfo{CaptureLength: len(frame), Length: len(frame)}, frame) {
			found = append(found, &tunnels[i])
		}
	}
	return found
}

func namesOf(list []*tunnel) []string {
	var names []string
	for _, t := range list {
		names = append(names, t.name)
	}
	return names
}

// filterOf is what lets all tunnels of a list pass.
func filterOf(list []*tunnel) string {
	var filters []string
	for _, t := range list {
		filters = append(filters, t.filter)
	}
	return strings.Join(filters, " or ")
}

// missed warns of what a filter of an interface does not let pass.
func missed(list []*tunnel) string {
	return "the capture filter does not match packets inside " + strings.Join(namesOf(list), ", ") +
		"; to have them too, add: or " + filterOf(list)
}

// A tunnelWatch counts the frames of tunnels that a filter of a file stopped,
// for one link type. It is nil where there is nothing to count.
type tunnelWatch struct {
	any  *pcap.BPF
	each []*pcap.BPF // as tunnels; nil for those that pass
}

// watchTunnels prepares the counting of the tunnels of a list. EtherTypes are
// known to some link types only.
func watchTunnels(list []*tunnel, link capture.LinkType) *tunnelWatch {
	w := &tunnelWatch{each: make([]*pcap.BPF, len(tunnels))}
	var known []*tunnel
	for i := range tunnels {
		for _, t := range list {
			if t != &tunnels[i] {
				continue
			}
			if program, err := compileTagged(t.filter, link); err == nil {
				w.each[i] = program
				known = append(known, t)
			}
		}
	}
	if len(known) == 0 {
		return nil
	}
	var err error
	if w.any, err = compileTagged(filterOf(known), link); err != nil {
		return nil
	}
	return w
}

// compileTagged compiles a filter so that it looks behind VLAN tags where the
// link type has them.
func compileTagged(expression string, link capture.LinkType) (*pcap.BPF, error) {
	if program, err := compile(behindTags("("+expression+")"), link); err == nil {
		return program, nil
	}
	return compile(expression, link)
}

// find gives the index of the tunnel that a frame belongs to, or -1.
func (w *tunnelWatch) find(info gopacket.CaptureInfo, data []byte) int {
	if w == nil || !w.any.Matches(info, data) {
		return -1
	}
	for i, program := range w.each {
		if program != nil && program.Matches(info, data) {
			return i
		}
	}
	return -1
}
