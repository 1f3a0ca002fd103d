package pipeline

import (
	"bytes"
	"cmp"
	"slices"

	"sipsniff/decode"
)

// A Port is one of UDP, and how many packets came on it.
type Port struct {
	Number  uint16
	Packets uint64
	SIP     bool // some of them are SIP
}

// Traffic is what came on the ports of UDP, to tell those who wait for SIP where
// it may be.
type Traffic struct {
	Ports  []Port // the busiest first
	Tagged uint64 // packets behind a VLAN tag
	Tunnel string // that some packets came through, "" when none did
}

const (
	mostPorts  = 4096 // that are counted
	shownPorts = 16   // that are published
)

// A portTally counts packets by the port that they are about: of SIP the one
// that requests go to, else the lower one, which is that of the service more often
// than not.
type portTally struct {
	always  bool // go on when SIP came
	over    bool // SIP came: nobody asks any more
	packets map[uint16]*Port
	tagged  uint64
	tunnel  string
}

func (t *portTally) add(p *decode.Packet, sip bool) {
	t.over = t.over || sip && !t.always
	if t.over {
		return
	}
	if p.VLANCount > 0 {
		t.tagged++
	}
	if p.Tunnel != "" {
		t.tunnel = p.Tunnel
	}
	number := min(p.Src.Port(), p.Dst.Port())
	switch {
	case sip && bytes.HasPrefix(p.Payload, []byte("SIP/")):
		number = p.Src.Port()
	case sip:
		number = p.Dst.Port()
	}
	port := t.packets[number]
	if port == nil {
		if len(t.packets) >= mostPorts {
			return
		}
		if t.packets == nil {
			t.packets = map[uint16]*Port{}
		}
		port = &Port{Number: number}
		t.packets[number] = port
	}
	port.Packets++
	port.SIP = port.SIP || sip
}

// busiest is what to publish.
func (t *portTally) busiest() Traffic {
	if t.over {
		return Traffic{}
	}
	out := Traffic{Tagged: t.tagged, Tunnel: t.tunnel}
	for _, p := range t.packets {
		out.Ports = append(out.Ports, *p)
	}
	slices.SortFunc(out.Ports, func(a, b Port) int {
		return cmp.Or(cmp.Compare(b.Packets, a.Packets), cmp.Compare(a.Number, b.Number))
	})
	out.Ports = slices.Clip(out.Ports[:min(len(out.Ports), shownPorts)])
	return out
}
