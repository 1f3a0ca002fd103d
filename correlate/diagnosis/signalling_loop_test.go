package diagnosis

func loopScenarios() []scenario {
	return []scenario{
		{rule: "SIG-18", name: "483", severity: "error", confidence: "proven", count: 1, frames: []int{2, 3}, says: []string{"483"}, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>B INVITE 1 sdp
		0.50 B>P 483 INVITE 1
		0.51 P>A 483 INVITE 1`},
		{rule: "SIG-18", name: "three visits", says: []string{"3 times: servers send it around"}, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>B INVITE 1 sdp vias=2 branch=z9hG4bK1
		0.02 B>P INVITE 1 sdp vias=3 branch=z9hG4bK2 from=a to=
		0.03 P>B INVITE 1 sdp vias=4 branch=z9hG4bK3
		0.04 B>P INVITE 1 sdp vias=5 branch=z9hG4bK4 from=a to=
		0.05 P>B INVITE 1 sdp vias=6 branch=z9hG4bK5`},
		{rule: "SIG-18", name: "a proxy that is passed twice", silent: true, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>C INVITE 1 sdp vias=2 branch=z9hG4bK1
		0.02 C>P INVITE 1 sdp vias=3 branch=z9hG4bK2 from=a to= uri=bob@192.0.2.66
		0.03 P>B INVITE 1 sdp vias=4 branch=z9hG4bK3 uri=bob@192.0.2.66`},
		{rule: "SIG-18", name: "proxies", silent: true, capture: "../../pcaps/proxies.pcap"},

		{rule: "SIG-19", name: "back to where it came from", severity: "warning", confidence: "proven", says: []string{"sip:bob@192.0.2.66, where it had been already"}, script: `
		0.0 A>B INVITE 1 sdp uri=bob@192.0.2.66
		0.1 B>A 302 INVITE 1 contact=carol@192.0.2.67
		0.2 A>B ACK 1 nack
		0.3 A>C INVITE 2 sdp uri=carol@192.0.2.67
		0.4 C>A 302 INVITE 2 contact=bob@192.0.2.66
		0.5 A>C ACK 2 nack`},
		{rule: "SIG-19", name: "nobody follows", confidence: "strong", says: []string{"nobody followed"}, script: `
		0.0 A>B INVITE 1 sdp uri=bob@192.0.2.66
		0.1 B>A 302 INVITE 1 contact=carol@192.0.2.67
		0.2 A>B ACK 1 nack
		9.0 A>B OPTIONS 1 id=other
		9.1 B>A 200 OPTIONS 1 id=other
		60 end`},
		{rule: "SIG-19", name: "followed", silent: true, capture: "../../pcaps/redirected.pcap"},
	}
}
