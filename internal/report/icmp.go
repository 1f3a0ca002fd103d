package report

import (
	"sipsniff/correlate"
)

// icmpJSON is what ICMP says became of packets: all errors of one kind from
// one host.
type icmpJSON struct {
	From        string `json:"from"`    // who says so
	Version     int    `json:"version"` // 4 or 6, of ICMP
	Kind        uint8  `json:"type"`
	Code        uint8  `json:"code"`
	Text        string `json:"text"`
	Transport   string `json:"transport"` // of the packets
	Source      string `json:"source"`
	Destination string `json:"destination"`
	MTU         uint32 `json:"mtu,omitempty"`
	Count       int    `json:"count"`
	First       string `json:"first"`
	Last        string `json:"last"`
	Frames      []int  `json:"frames"`          // 20 at most
	About       int    `json:"about,omitempty"` // frame of the message that the first one quotes
}

func newICMP(list []correlate.NetworkError) []icmpJSON {
	out := make([]icmpJSON, len(list))
	for i := range list {
		n := &list[i]
		out[i] = icmpJSON{
			From: n.From.String(), Version: 4, Kind: n.Type, Code: n.Code, Text: n.Text(), Transport: n.Transport.String(),
			Source: addr(n.Src), Destination: addr(n.Dst), MTU: n.MTU, Count: n.Count,
			First: stamp(n.First), Last: stamp(n.Last), Frames: n.Frames, About: n.About,
		}
		if n.V6 {
			out[i].Version = 6
		}
	}
	return out
}
