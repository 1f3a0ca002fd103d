package diagnosis

func silenceScenarios() []scenario {
	return []scenario{
		{rule: "MED-01", name: "nothing from the callee", severity: "critical", confidence: "strong", count: 1,
			says:   []string{"The caller heard nothing", "no audio of the callee", "903 packets", "192.0.2.65:4000 to 192.0.2.66:4000"},
			frames: []int{3, 5}, script: call(22.2, callerTalks)},
		{rule: "MED-01", name: "nothing from the caller, who is behind a NAT", says: []string{"The callee heard nothing"},
			script: "host A 203.0.113.9\n" + callOf("pcmu,at:10.0.0.5", "pcmu", 22.2, calleeTalks)},
		{rule: "MED-01", name: "early media only", says: []string{"The caller heard nothing"}, script: call(22.2, callerTalks+"0.5 B>A rtp 60\n")},
		{rule: "MED-01", name: "ICMP says why", confidence: "proven", says: []string{"The caller heard nothing", "port unreachable"},
			script: call(22.2, callerTalks+"5.0 B>A icmp 3/3 5\n6.0 B>A icmp 3/3 5\n7.0 B>A icmp 3/3 5\n")},
		{rule: "MED-01", name: "nothing of the caller was captured", confidence: "suspect", says: []string{"may just not have been captured"}, script: `
				0.100 P>B INVITE 1 sdp=pcmu,at:192.0.2.65
				2.000 B>P 200 INVITE 1 sdp
				2.001 P>A 200 INVITE 1 sdp=pcmu,at:192.0.2.66
				2.010 P>B ACK 1
				2.100 B>A rtp 1000
				22.3 P>B BYE 2
				22.4 B>P 200 BYE 2`},
		{rule: "MED-01", name: "both can be heard", silent: true, script: call(22.2, bothTalk)},
		{rule: "MED-01", name: "a short call", silent: true, script: call(5.5, "2.05 A>B rtp 150\n")},
		{rule: "MED-01", name: "on hold", silent: true, script: call(22.2, `
			2.050 A>B rtp 1000
			2.050 B>A rtp 5
			2.5 B>A INVITE 7 sdp=pcmu,sendonly
			2.6 A>B 200 INVITE 7 sdp=pcmu,recvonly
			2.61 B>A ACK 7
		`)},
		{rule: "MED-01", name: "one side only listens", silent: true, script: callOf("pcmu", "pcmu,recvonly", 22.2, callerTalks)},
		{rule: "MED-01", name: "a late but long answer", silent: true, script: call(22.2, callerTalks+"9.0 B>A rtp 600\n")},
		{rule: "MED-01", name: "both phones behind one address, which talks with a third both ways", silent: true, script: `
			host B 192.0.2.65
			0.000 A>P INVITE 1
			0.010 P>B INVITE 1
			2.000 B>P 200 INVITE 1 sdp=pcmu,port:4376
			2.001 P>A 200 INVITE 1 sdp=pcmu,port:4376
			2.010 A>P ACK 1 sdp=pcmu,port:4374
			2.011 P>B ACK 1 sdp=pcmu,port:4374
			2.050 A>R rtp 1000 port=4374 to=4376
			2.060 R>A rtp 1000 port=4376 to=4376
			30.0 A>P OPTIONS 1 id=later`},
		{rule: "MED-01", name: "paging to a group", silent: true, script: callOf("pcmu", "pcmu,at:239.1.1.1", 22.2, "host G 239.1.1.1\n2.05 A>G rtp 1000\n")},

		{rule: "MED-02", name: "nothing although others have some", severity: "critical", confidence: "strong", count: 1, says: []string{"Nobody heard anything", "192.0.2.65:4000", "other calls"},
			script: call(22.2, "") + `
				30.0 A>B INVITE 1 id=other sdp=pcmu,port:4100
				31.0 B>A 200 INVITE 1 id=other sdp=pcmu,port:4100
				31.1 A>B ACK 1 id=other
				31.2 A>B rtp 300 port=4100 to=4100
				31.2 B>A rtp 300 port=4100 to=4100
				38.0 A>B BYE 2 id=other
				38.1 B>A 200 BYE 2 id=other`},
		{rule: "MED-02", name: "no media in the capture at all", silent: true, script: call(22.2, "")},
		{rule: "MED-02", name: "other calls have media, an hour later", silent: true, script: call(22.2, "") + `
				3630.0 A>B INVITE 1 id=other sdp=pcmu,port:4100
				3631.0 B>A 200 INVITE 1 id=other sdp=pcmu,port:4100
				3631.1 A>B ACK 1 id=other
				3631.2 A>B rtp 300 port=4100 to=4100
				3631.2 B>A rtp 300 port=4100 to=4100
				3638.0 A>B BYE 2 id=other
				3638.1 B>A 200 BYE 2 id=other`},
		{rule: "MED-02", name: "another leg has it", silent: true, script: "host S 192.0.2.83\n" + `
				0.000 A>S INVITE 1 sdp
				0.100 S>B INVITE 1 id=leg sdp=pcmu,at:192.0.2.65
				2.000 B>S 200 INVITE 1 id=leg sdp
				2.001 S>B ACK 1 id=leg
				2.010 S>A 200 INVITE 1 sdp=pcmu,port:9000
				2.020 A>S ACK 1
				2.100 A>B rtp 500
				2.100 B>A rtp 500
				2.100 S>A rtp 1 port=7000 to=7000
				22.0 A>S BYE 2
				22.1 S>A 200 BYE 2`},
		{rule: "MED-02", name: "it comes from another port", silent: true, script: call(22.2, "2.1 A>B rtp 900 port=7000 to=7000\n") + `
				30.0 A>B INVITE 1 id=other sdp=pcmu,port:4100
				31.0 B>A 200 INVITE 1 id=other sdp=pcmu,port:4100
				31.1 A>B ACK 1 id=other
				31.2 A>B rtp 300 port=4100 to=4100
				38.0 A>B BYE 2 id=other
				38.1 B>A 200 BYE 2 id=other`},

		{rule: "MED-04", name: "the callee falls silent", severity: "error", confidence: "strong", count: 1, says: []string{"The caller heard nothing any more for the last 12.2 s", "the audio of the callee"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 400\n")},
		{rule: "MED-04", name: "both fall silent", confidence: "suspect", count: 1, says: []string{"Both sides fell silent"}, script: call(42.2, bothTalk)},
		{rule: "MED-04", name: "a hole in the middle", severity: "critical", confidence: "proven", count: 1, says: []string{"was not seen for 8.0 s from 22:13:28.9", "399 packets", "The caller heard nothing of it"},
			script: call(22.2, callerTalks+"2.0 B>A rtp 350\n17.0 B>A rtp 250 seq=750\n")},
		{rule: "MED-04", name: "T.38 refused and a hole", severity: "critical", confidence: "proven", capture: "../../../shared/pcaps/files/c0077.pcap",
			says: []string{"Audio towards 10.23.1.52 was not seen for 34.3 s from", ":22:47.9", "1,712 packets"}},
		{rule: "MED-04", name: "a hole on both sides", confidence: "suspect", count: 2, says: []string{"was not seen for 8.0 s"},
			script: call(22.2, "2.0 A>B rtp 350\n17.0 A>B rtp 250 seq=750\n2.0 B>A rtp 350\n17.0 B>A rtp 250 seq=750\n")},
		{rule: "MED-04", name: "nine seconds before the end", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 560\n")},
		{rule: "MED-04", name: "comfort noise announces it", silent: true, script: callOf("pcmu,cn", "pcmu,cn", 22.2, callerTalks+"2.05 B>A rtp 400\n10.05 B>A rtp 1 pt=13 seq=401 size=1 ticks=64160\n")},
		{rule: "MED-04", name: "on hold", silent: true, script: call(22.2, `
			2.05 A>B rtp 300
			2.05 B>A rtp 300
			8.0 B>A INVITE 7 sdp=pcmu,inactive
			8.1 A>B 200 INVITE 7 sdp=pcmu,inactive
			8.11 B>A ACK 7
		`)},
		{rule: "MED-04", name: "a pause without packets", silent: true, script: call(22.2, callerTalks+"2.0 B>A rtp 350\n17.0 B>A rtp 250 seq=351 mark\n")},

		{rule: "MED-21", name: "silence both ways", severity: "error", confidence: "strong", says: []string{"no sound in them", "100 %"},
			script: call(22.2, "2.05 A>B rtp 1000 payload=255\n2.05 B>A rtp 1000 payload=244\n")},
		{rule: "MED-21", name: "one speaks", silent: true, script: call(22.2, "2.05 A>B rtp 1000 payload=255\n"+calleeTalks)},
		{rule: "MED-21", name: "a short call", silent: true, script: call(9.0, "2.05 A>B rtp 340 payload=255\n2.05 B>A rtp 340 payload=255\n")},
		{rule: "MED-21", name: "speech for a few seconds", silent: true, script: call(22.2, "2.05 A>B rtp 900 payload=255\n20.05 A>B rtp 100 seq=901\n2.05 B>A rtp 1000 payload=255\n")},

		{rule: "MED-22", name: "nothing moves", severity: "info", confidence: "strong", says: []string{"The caller sent nothing but digital silence", "the callee heard a dead line"},
			script: call(22.2, "2.05 A>B rtp 1000 payload=255\n"+calleeTalks)},
		{rule: "MED-22", name: "a quiet room", silent: true, script: call(22.2, "2.05 A>B rtp 1000 payload=-1 size=160\n"+calleeTalks)},
		{rule: "MED-22", name: "muted for eight seconds", silent: true, script: call(10.5, "2.05 A>B rtp 400 payload=255\n2.05 B>A rtp 400\n")},
	}
}
