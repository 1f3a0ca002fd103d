package diagnosis

func addressScenarios() []scenario {
	return []scenario{
		{rule: "MED-06", name: "audio goes to a private address", severity: "error", confidence: "proven", count: 1, says: []string{"The caller wants its audio at 10.0.0.5:4000", "came from 203.0.113.9", "1,000 packets"},
			script: "host A 203.0.113.9\nhost X 10.0.0.5\n" + callOf("pcmu,at:10.0.0.5", "pcmu", 22.2, callerTalks+"2.05 B>X rtp 1000 port=4000\n")},
		{rule: "MED-06", name: "nothing comes back", confidence: "strong", says: []string{"No audio was seen on its way to the caller"},
			script: "host A 203.0.113.9\n" + callOf("pcmu,at:192.168.1.20", "pcmu", 22.2, callerTalks)},
		{rule: "MED-06", name: "the server answers where the packets come from", silent: true,
			script: "host A 203.0.113.9\n" + callOf("pcmu,at:192.168.1.20", "pcmu", 22.2, bothTalk)},
		{rule: "MED-06", name: "all of it in one private network", silent: true, script: "host A 10.0.0.5\nhost B 10.0.0.6\n" + call(22.2, callerTalks)},
		{rule: "MED-06", name: "with ICE", silent: true, script: "host A 203.0.113.9\n" +
			callOf("pcmu,at:192.168.1.20,attr:candidate:1_1_UDP_1_192.168.1.20_4000_typ_host", "pcmu", 22.2, callerTalks)},

		{rule: "MED-07", name: "to an address that was given up", severity: "error", confidence: "strong", count: 1, says: []string{"The callee goes on sending to 192.0.2.65:4000", "gave up for 192.0.2.65:4800"},
			script: call(22.2, `
				2.05 A>B rtp 400
				2.05 B>A rtp 1000
				10.0 A>B INVITE 2 to=b sdp=pcmu,port:4800
				10.1 B>A 200 INVITE 2 sdp=pcmu
				10.11 A>B ACK 2
				10.2 A>B rtp 580 seq=401 port=4800
			`)},
		{rule: "MED-07", name: "to the port for RTCP", says: []string{"the port for RTCP"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 to=4001\n")},
		{rule: "MED-07", name: "two beside", says: []string{"2 beside the port"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 to=4002\n")},
		{rule: "MED-07", name: "nobody listens", confidence: "proven", says: []string{"port unreachable"},
			script: call(22.2, bothTalk+"2.1 B>A icmp 3/3 5\n3.0 B>A icmp 3/3 5\n7.0 B>A icmp 3/3 5\n")},
		{rule: "MED-07", name: "who listened left", silent: true, script: call(22.2, bothTalk+"9.0 B>A icmp 3/3 5\n10.0 B>A icmp 3/3 5\n11.0 B>A icmp 3/3 5\n")},
		{rule: "MED-07", name: "the port closes at the end", silent: true, script: call(22.2, bothTalk+"22.01 B>A icmp 3/3 5\n22.02 B>A icmp 3/3 5\n22.03 B>A icmp 3/3 5\n")},
		{rule: "MED-07", name: "moves at once", silent: true, script: call(22.2, `
				2.05 A>B rtp 400
				2.05 B>A rtp 405
				10.0 A>B INVITE 2 to=b sdp=pcmu,port:4800
				10.1 B>A 200 INVITE 2 sdp=pcmu
				10.11 A>B ACK 2
				10.2 A>B rtp 580 seq=401 port=4800
				10.2 B>A rtp 580 seq=406 to=4800
			`)},
		{rule: "MED-07", name: "the move was refused", silent: true, script: call(22.2, bothTalk+`
				10.0 A>B INVITE 2 to=b sdp=pcmu,port:4800
				10.1 B>A 488 INVITE 2
				10.11 A>B ACK 2 nack
			`)},
		{rule: "MED-07", name: "it also sends from there", silent: true, script: call(22.2, "2.05 A>B rtp 1000 port=4002\n2.05 B>A rtp 1000 to=4002\n")},

		{rule: "MED-24", name: "another port after a gap", severity: "warning", confidence: "strong", count: 1, says: []string{"came from 192.0.2.65:4000 until", "from 192.0.2.65:9000"},
			script: call(22.2, calleeTalks+"2.05 A>B rtp 400\n12.5 A>B rtp 480 seq=524 port=9000\n")},
		{rule: "MED-24", name: "another port at once", silent: true, script: call(22.2, calleeTalks+"2.05 A>B rtp 400\n10.07 A>B rtp 590 seq=401 port=9000\n")},
		{rule: "MED-24", name: "a description says so", silent: true, script: call(22.2, calleeTalks+`
				2.05 A>B rtp 400
				11.0 A>B INVITE 2 to=b sdp=pcmu,port:9000
				11.1 B>A 200 INVITE 2 sdp=pcmu
				11.11 A>B ACK 2
				12.5 A>B rtp 480 seq=524 port=9000
			`)},

		{rule: "MED-38", name: "a stranger sends as well", severity: "error", confidence: "strong", count: 1, says: []string{"The callee got audio from 192.0.2.77:6000 as well"},
			script: "host M 192.0.2.77\n" + call(22.2, bothTalk+"5.0 M>B rtp 200 port=6000 ssrc=99\n")},
		{rule: "MED-38", name: "two calls with one port", count: 2, says: []string{"Two calls that were up at the same time await their audio at 192.0.2.66:4000"},
			script: call(22.2, bothTalk) + `
				4.0 C>B INVITE 1 id=other from=c to= sdp=pcmu,origin:192.0.2.67
				5.0 B>C 200 INVITE 1 id=other from=c sdp=pcmu,version:9
				5.1 C>B ACK 1 id=other from=c
				5.2 C>B rtp 500
				16.0 C>B BYE 2 id=other from=c
				16.1 B>C 200 BYE 2 id=other from=c`},
		{rule: "MED-38", name: "the caller is behind a NAT", silent: true, script: "host M 192.0.2.77\n" + call(22.2, calleeTalks+"2.05 M>B rtp 1000 port=6000\n")},
		{rule: "MED-38", name: "a few stray packets", silent: true, script: "host M 192.0.2.77\n" + call(22.2, bothTalk+"5.0 M>B rtp 15 port=6000 ssrc=99\n")},
		{rule: "MED-38", name: "one call after the other", silent: true, script: call(22.2, bothTalk) + `
				24.0 C>B INVITE 1 id=other from=c to= sdp=pcmu
				25.0 B>C 200 INVITE 1 id=other from=c sdp=pcmu,version:9
				25.1 C>B ACK 1 id=other from=c
				25.2 C>B rtp 500
				36.0 C>B BYE 2 id=other from=c
				36.1 B>C 200 BYE 2 id=other from=c`},

		{rule: "MED-40", name: "IPv4 and IPv6", severity: "error", confidence: "strong", count: 1, says: []string{"192.0.2.65:4000", "[2001:db8::66]:4000"},
			script: callOf("pcmu", "pcmu,at:2001:db8::66", 22.2, "")},
		{rule: "MED-40", name: "both IPv6", silent: true, script: callOf("pcmu,at:2001:db8::65", "pcmu,at:2001:db8::66", 22.2, "")},
		{rule: "MED-40", name: "something translates", silent: true, script: "host X 2001:db8::66\nhost Y 2001:db8::1\n" + callOf("pcmu", "pcmu,at:2001:db8::66", 22.2, "2.05 B>A rtp 1000\n2.05 Y>X rtp 1000\n")},
	}
}
