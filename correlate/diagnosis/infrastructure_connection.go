package diagnosis

import (
	"cmp"
	"net/netip"
	"slices"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/amount"
)

// connectionRules are about TCP connections of SIP.
func connectionRules() []*Rule {
	return []*Rule{
		{
			Code: "INF-08", Name: "connection-churn", Title: "Connections are not used again",
			Severity: correlate.Warning, Confidence: correlate.Proven, Needs: NeedRequests,
			Means:      "Between two hosts there is more than one new TCP or TLS connection for so many requests.",
			Advice:     "Keep connections open and use them again, in both directions (alias parameter); check idle timeouts of both sides and of firewalls.",
			Thresholds: []Threshold{{"requests", 5, "", "requests on a connection at least, on average"}, {"connections", 10, "", "new connections from which it counts"}},
			References: []string{"RFC 5923"},
			Survey:     churn,
		},
		{
			Code: "INF-09", Name: "slow-tcp", Title: "A TCP peer is slow or loses packets",
			Severity: correlate.Warning, Confidence: correlate.Proven,
			Means:      "A side of a connection could take no octets (zero window) for longer than that, or more of the segments than that were sent again.",
			Advice:     "A zero window: the program there does not read, look at its load. Segments sent again: the path loses packets.",
			Thresholds: []Threshold{{"window", 1, "s", "with a window of 0 at most"}, {"share", 3, "%", "of segments sent again at most"}, {"segments", 100, "", "segments from which the share counts"}},
			References: []string{"RFC 9293 §3.8.6"},
			Survey:     slowPeers,
		},
	}
}

// churn is INF-08.
func churn(s *Survey) {
	type pair struct{ client, server netip.Addr }
	type use struct {
		connections []*decode.TCPConnection
		requests    uint64
	}
	uses := make(map[pair]*use)
	list := s.snap.Input.Connections
	for i := range list {
		c := &list[i]
		if c.SYNs == 0 || !c.SIP {
			continue
		}
		key := pair{c.Client.Addr(), c.Server.Addr()}
		u := uses[key]
		if u == nil {
			u = &use{}
			uses[key] = u
		}
		u.connections = append(u.connections, c)
		u.requests += c.FromClient.Requests + c.FromServer.Requests
	}
	keys := make([]pair, 0, len(uses))
	for k := range uses {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b pair) int { return cmp.Or(a.client.Compare(b.client), a.server.Compare(b.server)) })
	for _, k := range keys {
		u := uses[k]
		n := float64(len(u.connections))
		if n < s.Number("connections") || float64(u.requests) >= n*s.Number("requests") {
			continue
		}
		d := s.Find("%s made %s connections to %s for %s.", k.client, amount.Grouped(len(u.connections)), k.server, amount.Of(u.requests, "request"))
		d.About, d.Count = k.client.String()+" and "+k.server.String(), len(u.connections)
		for _, c := range u.connections {
			d.Frame(c.FirstFrame, c.First, "connection from %s, %s", c.Client, amount.Of(c.FromClient.Requests+c.FromServer.Requests, "request"))
		}
	}
}

// slowPeers is INF-09: one finding for each side of each connection that is
// slow, but of many only the first.
func slowPeers(s *Survey) {
	list := s.snap.Input.Connections
	said := make(map[netip.Addr]bool)
	for i := range list {
		c := &list[i]
		for _, side := range [...]struct {
			of     *decode.TCPSide
			at, to netip.AddrPort
		}{{&c.FromClient, c.Client, c.Server}, {&c.FromServer, c.Server, c.Client}} {
			if said[side.at.Addr()] {
				continue
			}
			var d *Draft
			switch t := side.of; {
			case t.ZeroWindow > int64(s.Number("window")*1e9):
				d = s.Find("%s could take nothing from %s for %s.", side.at, side.to, span(t.ZeroWindow))
				d.Frame(c.FirstFrame, c.First, "the connection, with a window of 0 for %s", span(t.ZeroWindow))
			case float64(t.Segments) >= s.Number("segments") && 100*float64(t.Retransmitted) > s.Number("share")*float64(t.Segments):
				d = s.Find("%s sent %s of %s segments to %s again (%.1f %%).", side.at, amount.Grouped(t.Retransmitted), amount.Grouped(t.Segments), side.to, 100*float64(t.Retransmitted)/float64(t.Segments))
				d.Frame(c.FirstFrame, c.First, "the connection, %s sent again", amount.Of(t.Retransmitted, "segment"))
			default:
				continue
			}
			said[side.at.Addr()] = true
			d.About, d.Count = side.at.String(), 1
		}
	}
}
