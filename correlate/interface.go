package correlate

import "sipsniff/decode"

// maxInterfaceNames bounds the interfaces whose names are remembered; those
// beyond have none.
const maxInterfaceNames = 4096

// interfaces remembers the names of interfaces, so that messages share them.
type interfaces struct {
	name  func(source int, index int32) string // nil: nobody knows
	known map[[2]int32]string
}

// of is the name of the interface that a packet was captured on. Of what an
// agent reports it is unknown.
func (i *interfaces) of(p *decode.Packet) string {
	if i.name == nil || p.Agent != 0 {
		return ""
	}
	key := [2]int32{p.Source, p.Interface}
	name, ok := i.known[key]
	if !ok && len(i.known) < maxInterfaceNames {
		if i.known == nil {
			i.known = make(map[[2]int32]string)
		}
		name = i.name(int(p.Source), p.Interface)
		i.known[key] = name
	}
	return name
}

// place notes on a message where and how its packet was captured.
func (m *Message) place(p *decode.Packet, i *interfaces) {
	m.Interface = i.of(p)
	m.DSCP, m.TTL, m.WireLength = p.DSCP, p.TTL, int32(min(p.WireLength, 1<<30))
	m.Fragmented = p.FirstFrame != p.Frame || len(p.Fragments) > 1
	m.Agent = p.Agent != 0
	if p.VLANCount > 0 {
		m.VLAN = p.VLANs[0]
	}
}
