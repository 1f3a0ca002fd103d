package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sipsniff/tui/figure"
)

// portNames are what usually comes on some ports of UDP.
var portNames = map[uint16]string{
	53: "DNS", 67: "DHCP", 68: "DHCP", 69: "TFTP", 123: "NTP", 137: "NetBIOS", 138: "NetBIOS", 161: "SNMP", 162: "SNMP", 443: "QUIC",
	500: "IKE", 514: "syslog", 546: "DHCP", 1194: "OpenVPN", 1812: "RADIUS", 1813: "RADIUS", 1900: "SSDP", 4500: "IPsec", 4789: "VXLAN",
	5353: "mDNS", 5355: "LLMNR", 51820: "WireGuard",
}

// shownPorts is how many ports one line has.
const shownPorts = 4

// sipPorts are those with SIP that the capture filter stops.
func (u *UI) sipPorts() []uint16 {
	var list []uint16
	for _, p := range u.status.Traffic.Ports {
		if p.SIP && u.status.Traffic.Beside && len(list) < shownPorts {
			list = append(list, p.Number)
		}
	}
	slices.Sort(list)
	return list
}

// namedPorts is "port 5080" or "ports 5070, 5080".
func namedPorts(ports []uint16) string {
	if len(ports) == 1 {
		return fmt.Sprintf("port %d", ports[0])
	}
	return "ports " + strings.Trim(strings.ReplaceAll(fmt.Sprint(ports), " ", ", "), "[]")
}

// usePorts captures on the ports where SIP was seen as well.
func (u *UI) usePorts() {
	text := "(" + u.status.Filter + ")"
	for _, p := range u.sipPorts() {
		text += fmt.Sprintf(" or port %d", p)
	}
	u.filterCommand(text)
}

// busiestPorts is "5080 (1,911 packets, looks like SIP!), 53 (DNS), 123 (NTP)",
// those with SIP in front; "" where no packet of UDP came.
func (u *UI) busiestPorts() string {
	ports := slices.Clone(u.status.Traffic.Ports)
	slices.SortStableFunc(ports, func(a, b Port) int {
		switch {
		case a.SIP && !b.SIP:
			return -1
		case b.SIP && !a.SIP:
			return 1
		}
		return 0
	})
	var list []string
	for i, p := range ports[:min(shownPorts, len(ports))] {
		var notes []string
		if name := portNames[p.Number]; name != "" {
			notes = append(notes, name)
		}
		if i == 0 || p.SIP {
			notes = append(notes, figure.Counted(p.Packets, "packet"))
		}
		if p.SIP {
			notes = append(notes, "looks like SIP!")
		}
		text := fmt.Sprint(p.Number)
		if len(notes) > 0 {
			text += " (" + strings.Join(notes, ", ") + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// portAdvice is what the ports say about why there is no SIP.
func (u *UI) portAdvice() []string {
	t, indent := &u.status.Traffic, "    "
	seen := "none"
	if ports := u.sipPorts(); len(ports) > 0 {
		seen = strings.TrimPrefix(strings.TrimPrefix(namedPorts(ports), "ports "), "port ")
	}
	var lines []string
	if t.Beside {
		lines = append(lines, indent+"SIP ports seen: "+seen+".")
	}
	if busiest := u.busiestPorts(); busiest != "" {
		lines = append(lines, indent+"Busiest UDP ports: "+busiest+".")
	}
	if ports := u.sipPorts(); len(ports) > 0 {
		lines = append(lines, indent+u.set.To+" press Enter to listen on "+namedPorts(ports)+" too")
	}
	return lines
}

// taggedAdvice says whether what comes is wrapped: a filter on ports may not look
// inside.
func (u *UI) taggedAdvice() string {
	t := &u.status.Traffic
	var list []string
	if t.Tagged > 0 {
		list = append(list, figure.Counted(t.Tagged, "packet")+" with a VLAN tag")
	}
	if t.Tunnel != "" {
		list = append(list, "packets in a tunnel ("+t.Tunnel+")")
	}
	if len(list) == 0 {
		return "VLAN or tunnel? none seen"
	}
	return "VLAN or tunnel? " + strings.Join(list, ", ")
}

// protocols is "Protocols: RTP? 3,990 (5 streams → 3), DNS 120": what a capture
// without SIP is made of.
func (u *UI) protocols() string {
	t := &u.snap.Totals
	var parts []string
	add := func(name string, n uint64, note string) {
		if n > 0 {
			parts = append(parts, name+" "+figure.Grouped(n)+note)
		}
	}
	streams := fmt.Sprintf(" (%s %s 3)", plural(int(t.Streams), "stream"), u.set.To)
	add("RTP?", t.RTPPackets, streams)
	add("SRTP", t.SRTPPackets, "")
	add("RTCP", t.RTCPPackets, "")
	add("T.38", t.T38Packets, "")
	for _, p := range u.otherProtocols() {
		add(p.name, p.packets, "")
	}
	if len(parts) == 0 {
		return ""
	}
	return "Protocols: " + strings.Join(parts, ", ")
}

// A protocol is what some packets without SIP and media are.
type protocol struct {
	name    string
	packets uint64
}

// otherProtocols are those by the ports of UDP, and TCP, the most packets first.
func (u *UI) otherProtocols() []protocol {
	t := &u.status.Traffic
	list := []protocol{{"TCP", t.TCP}}
	for _, p := range t.Ports {
		name := portNames[p.Number]
		if name == "" {
			name = fmt.Sprintf("port %d:", p.Number)
		}
		if at := slices.IndexFunc(list, func(o protocol) bool { return o.name == name }); at >= 0 {
			list[at].packets += p.Packets
			continue
		}
		list = append(list, protocol{name, p.Packets})
	}
	slices.SortStableFunc(list, func(a, b protocol) int { return cmp.Compare(b.packets, a.packets) })
	return list[:min(shownPorts, len(list))]
}
