package diagnosis

func pathScenarios() []scenario {
	return []scenario{
		{rule: "SIG-08", name: "BYE to the wrong machine", severity: "error", confidence: "strong", says: []string{"BYE went to 192.0.2.67:5060, but its Request-URI says 192.0.2.66"}, script: established + `
		9.0 A>C BYE 2 uri=b@192.0.2.66 to=b
		9.1 C>A 481 BYE 2 to=b`},
		{rule: "SIG-08", name: "by the Route", silent: true, script: established + `
		9.0 A>C BYE 2 uri=b@192.0.2.66 to=b +Route:<sip:192.0.2.67;lr>
		9.1 C>A 481 BYE 2 to=b`},
		{rule: "SIG-08", name: "an outbound proxy that works", silent: true, script: established + `
		9.0 A>C BYE 2 uri=b@192.0.2.66 to=b
		9.1 C>A 200 BYE 2 to=b`},

		{rule: "SIG-09", name: "Contact of a REGISTER", severity: "warning", confidence: "strong", says: []string{"says in Contact that it is at 192.168.1.5", "came from 203.0.113.7:30000"}, script: `
		host A 203.0.113.7:30000
		0.0 A>B REGISTER 1 contact=alice@192.168.1.5:5060 +Via:SIP/2.0/UDP_192.168.1.5:5060;branch=z9hG4bK1 -Via
		0.1 B>A 200 REGISTER 1`},
		{rule: "SIG-09", name: "SDP of the answer", says: []string{"c= of the SDP", "10.1.2.3"}, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 200 INVITE 1 sdp=at:10.1.2.3
		0.2 A>B ACK 1`},
		{rule: "SIG-09", name: "a registrar repeats the Contact", silent: true, script: `
		host A 192.168.1.5
		host B 203.0.113.7
		0.0 A>B REGISTER 1 contact=alice@192.168.1.5:5060 -Via +Via:SIP/2.0/UDP_192.168.1.5:5060;branch=z9hG4bK1
		0.1 B>A 200 REGISTER 1 contact=alice@192.168.1.5:5060 branch=z9hG4bK1`},
		{rule: "SIG-09", name: "a proxy passes on the Contact of who is behind it", silent: true, script: `
		host B 203.0.113.7
		0.0 A>B INVITE 1 sdp
		0.1 B>A 200 INVITE 1 sdp contact=bob@192.168.9.9:5060 +Record-Route:<sip:203.0.113.7;lr>`},
		{rule: "SIG-09", name: "with rport", silent: true, script: `
		host A 203.0.113.7:30000
		0.0 A>B REGISTER 1 contact=alice@192.168.1.5:5060
		0.1 B>A 200 REGISTER 1`},
		{rule: "SIG-09", name: "a program speaks to another on the same machine", silent: true, script: `
		host A 127.0.0.1:5070
		host B 127.0.0.1:5060
		0.0 A>B INVITE 1 sdp=at:10.1.2.3 contact=alice@10.1.2.3 -Via +Via:SIP/2.0/UDP_10.1.2.3:5070;branch=z9hG4bK1
		0.1 B>A 200 INVITE 1 sdp=at:10.1.2.3 branch=z9hG4bK1`},
		{rule: "SIG-09", name: "inside one network", silent: true, script: `
		host A 192.168.1.5
		host B 192.168.1.6
		0.0 A>B INVITE 1 sdp -Via +Via:SIP/2.0/UDP_192.168.1.7;branch=z9hG4bK1
		0.1 B>A 200 INVITE 1 sdp branch=z9hG4bK1`},

		{rule: "SIG-10", name: "both sides of the router", severity: "warning", confidence: "proven", says: []string{"The same INVITE has another Contact"}, script: `
		host A 192.168.1.5
		host D 203.0.113.9:1024
		0.000 A>B INVITE 1 sdp branch=z9hG4bK1 -Via +Via:SIP/2.0/UDP_192.168.1.5;branch=z9hG4bK1
		0.001 D>B INVITE 1 sdp branch=z9hG4bK1 from=a to= contact=a@203.0.113.9:1024 -Via +Via:SIP/2.0/UDP_192.168.1.5;branch=z9hG4bK1`},
		{rule: "SIG-10", name: "c= changed, o= forgotten", confidence: "suspect", says: []string{"203.0.113.9"}, script: `
		host A 192.168.1.5
		0.000 A>B INVITE 1 sdp=at:203.0.113.9,origin:192.168.1.5
		0.100 B>A 200 INVITE 1 sdp`},
		{rule: "SIG-10", name: "NAT that leaves SIP alone", silent: true, script: `
		host A 192.168.1.5
		host D 203.0.113.9:1024
		0.000 A>B INVITE 1 sdp branch=z9hG4bK1 -Via +Via:SIP/2.0/UDP_192.168.1.5;rport;branch=z9hG4bK1
		0.001 D>B INVITE 1 sdp=at:192.168.1.5,origin:192.168.1.5 branch=z9hG4bK1 from=a to= contact=a@192.168.1.5:5060 -Via +Via:SIP/2.0/UDP_192.168.1.5;rport;branch=z9hG4bK1`},
		{rule: "SIG-10", name: "proxies", silent: true, capture: "../../pcaps/proxies.pcap"},
	}
}
