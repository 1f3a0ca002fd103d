package decode

import "slices"

// Stats counts what a Decoder met.
type Stats struct {
	Frames uint64

	// Duplicates are the frames whose packet had been captured before (spec
	// §9.2), Routed those of them that were captured on the other side of a
	// router. DuplicatePairs says where, most frames first.
	Duplicates     uint64
	Routed         uint64
	DuplicatePairs []DuplicatePair

	// Fragments are the frames that held a part of an IP datagram,
	// Reassembled the datagrams put together from them, FragmentsLost the
	// datagrams that stayed incomplete and FragmentOverlaps the fragments
	// that disagreed with octets received before (possible evasion). Of the
	// incomplete ones FragmentsHeadless had no first fragment, so that nobody
	// knows their ports.
	Fragments         uint64
	Reassembled       uint64
	FragmentsLost     uint64
	FragmentsHeadless uint64
	FragmentOverlaps  uint64

	// UDP, TCP and SCTP count the packets of each transport, duplicates
	// included, after reassembly.
	UDP, TCP, SCTP uint64

	// ICMPErrors are the frames with an ICMP error about a packet of one of
	// these.
	ICMPErrors uint64

	// Signalling counts what was met on the way from there to SIP messages.
	Signalling SignallingStats

	// Undecoded counts the frames of which nothing was made, by reason.
	Undecoded map[string]uint64
}

// A reason says why nothing was made of a frame.
type reason uint8

const (
	linkTypeUnsupported reason = iota
	truncatedLink
	truncatedIP
	truncatedTransport
	malformedIP
	malformedTransport
	malformedTunnel
	malformedFragment
	fragmentIncomplete
	notIP
	otherIPProtocol
	icmp
	icmpError
	esp
	greUnknown
	macsecEncrypted
	wifiEncrypted
	wifiNotData
	wifiFragment
	hepOther
	hepReport
	hepCompressed
	tooDeep
	reasonCount
)

var reasonNames = [reasonCount]string{
	linkTypeUnsupported: "link_type_unsupported",
	truncatedLink:       "truncated_link",
	truncatedIP:         "truncated_ip",
	truncatedTransport:  "truncated_transport",
	malformedIP:         "malformed_ip",
	malformedTransport:  "malformed_transport",
	malformedTunnel:     "malformed_tunnel",
	malformedFragment:   "malformed_fragment",
	fragmentIncomplete:  "fragment_incomplete",
	notIP:               "not_ip",
	otherIPProtocol:     "other_ip_protocol",
	icmp:                "icmp",
	icmpError:           "icmp_error",
	esp:                 "esp",
	greUnknown:          "gre_unknown",
	macsecEncrypted:     "macsec_encrypted",
	wifiEncrypted:       "wifi_encrypted",
	wifiNotData:         "wifi_not_data",
	wifiFragment:        "wifi_fragment",
	hepOther:            "hep_other",
	hepReport:           "hep_report",
	hepCompressed:       "hep_compressed",
	tooDeep:             "too_deep",
}

// Stats returns the counts so far.
func (d *Decoder) Stats() Stats {
	s := d.stats
	s.DuplicatePairs = d.duplicates.list()
	s.Undecoded = make(map[string]uint64)
	for r, n := range d.undecoded {
		if n > 0 {
			s.Undecoded[reasonNames[r]] = n
		}
	}
	return s
}

// Reasons lists what Stats.Undecoded may have for keys.
func Reasons() []string { return slices.Clone(reasonNames[:]) }
