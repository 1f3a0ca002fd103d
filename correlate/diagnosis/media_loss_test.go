package diagnosis

func lossScenarios() []scenario {
	// The callee loses four of a hundred packets; its receiver reports.
	behind := "7.1 A>B rtcp about=16896 highest=251 lost=25 fraction=26 count=4\n"
	return []scenario{
		{rule: "MED-11", name: "four of a hundred, each alone", severity: "error", confidence: "proven", count: 1,
			says: []string{"3.9 % of the speech of the callee was lost", "39 of 999 packets", "They come regularly, every 25 packets"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=25\n")},
		{rule: "MED-11", name: "two of a hundred", severity: "warning", says: []string{"2.0 %"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=50\n")},
		{rule: "MED-11", name: "a fifth", severity: "critical", script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=5\n")},
		{rule: "MED-11", name: "in bursts", says: []string{"in bursts", "10 in a row"}, script: call(22.2, callerTalks+`
			2.05 B>A rtp 200
			6.25 B>A rtp 93 seq=211
			8.31 B>A rtp 333 seq=314
			15.17 B>A rtp 300 seq=657`)},
		{rule: "MED-11", name: "when more goes over the link", says: []string{"They grow with the traffic between these hosts"}, script: call(62.2, "2.05 A>B rtp 3000\n2.05 B>A rtp 1000\n"+
			"22.05 B>A rtp 1000 seq=1001 lose=9\n42.05 B>A rtp 1000 seq=2001\n") + `
				21.0 A>B INVITE 1 id=other sdp=pcmu,port:4100
				22.0 B>A 200 INVITE 1 id=other sdp=pcmu,port:4100
				22.01 A>B ACK 1 id=other
				22.05 B>A rtp 1000 port=4100 to=4100 ssrc=9 lose=11
				22.05 A>B rtp 1000 port=4100 to=4100 ssrc=10
				42.0 A>B BYE 2 id=other
				42.1 B>A 200 BYE 2 id=other`},
		{rule: "MED-11", name: "the receiver got them", severity: "info", says: []string{"the capture did not"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=25 seq=1\n7.05 A>B rtcp about=16896 highest=251 count=3\n")},
		{rule: "MED-11", name: "and more behind", says: []string{"% more got lost behind this measuring point"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=25\n7.05 A>B rtcp about=16896 highest=251 lost=25 fraction=25 count=3\n")},
		{rule: "MED-11", name: "a relay shows where", says: []string{"only 0.0 % is missing: it was lost between 192.0.2.80 and here"},
			script: "host P 192.0.2.80\n" + callOf("pcmu,at:192.0.2.80,port:5002", "pcmu,at:192.0.2.80,port:5004", 22.2,
				"2.05 P>A rtp 1000 port=5004 ssrc=7 lose=25\n2.05 B>P rtp 1000 to=5002 ssrc=7\n2.05 A>P rtp 1000 to=5004\n")},
		{rule: "MED-11", name: "another leg shows where", count: 1, says: []string{"On the hop before (192.0.2.65:4000 to 192.0.2.83:5000) only 0.0 % is missing: it was lost between 192.0.2.83 and here"}, script: "host P 192.0.2.83\n" + `
				0.000 A>P INVITE 1 sdp +Session-ID:ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000
				0.100 P>B INVITE 1 id=leg sdp=pcmu,port:5002 +Session-ID:ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000
				2.000 B>P 200 INVITE 1 id=leg sdp
				2.001 P>B ACK 1 id=leg
				2.010 P>A 200 INVITE 1 sdp=pcmu,port:5000
				2.020 A>P ACK 1
				2.050 P>B rtp 1000 port=5002 ssrc=99 lose=25
				2.050 A>P rtp 1000 to=5000
				2.050 B>P rtp 1000 to=5002
				2.050 P>A rtp 1000 port=5000
				22.2 A>P BYE 2
				22.21 P>B BYE 2 id=leg
				22.3 B>P 200 BYE 2 id=leg
				22.31 P>A 200 BYE 2`},
		{rule: "MED-11", name: "two packets in all", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=500\n")},
		{rule: "MED-11", name: "a packet now and then", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=130\n")},
		{rule: "MED-11", name: "one hole, told of by another rule", silent: true, script: call(22.2, callerTalks+"2.0 B>A rtp 350\n17.0 B>A rtp 250 seq=750\n")},
		{rule: "MED-11", name: "a hole and losses beside it", severity: "error", says: []string{"21 of 597 packets"}, script: call(22.2, callerTalks+"2.0 B>A rtp 350 lose=25\n17.0 B>A rtp 250 seq=750 lose=25\n")},
		{rule: "MED-11", name: "lossy", capture: "../../pcaps/call-lossy.pcap"},

		{rule: "MED-29", name: "a tenth more at the receiver", severity: "warning", confidence: "strong", count: 1, says: []string{"The caller reports", "was lost between this measuring point and 192.0.2.65"},
			script: call(27.2, callerTalks+"2.05 B>A rtp 1200\n"+behind)},
		{rule: "MED-29", name: "two reports only", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 1000\n7.0 A>B rtcp about=16896 highest=251 lost=25 fraction=26 count=2\n")},
		{rule: "MED-29", name: "it was lost here already", silent: true, script: call(27.2, callerTalks+"2.05 B>A rtp 1200 lose=10\n"+behind)},

		{rule: "MED-30", name: "frozen", severity: "critical", confidence: "proven", count: 1, says: []string{"The caller heard nothing for 15.0 s", "towards 192.0.2.65:4000"},
			script: call(27.2, callerTalks+"2.05 B>A rtp 1200\n7.0 A>B rtcp about=16896 highest=251 count=4 step=0\n")},
		{rule: "MED-30", name: "it goes on", silent: true, script: call(27.2, callerTalks+"2.05 B>A rtp 1200\n7.0 A>B rtcp about=16896 highest=251 count=4\n")},
		{rule: "MED-30", name: "nothing is sent either", silent: true, script: call(27.2, callerTalks+"2.05 B>A rtp 250\n7.06 A>B rtcp about=16896 highest=250 count=4 step=0\n")},
		{rule: "MED-30", name: "for five seconds", silent: true, script: call(27.2, callerTalks+"2.05 B>A rtp 1200\n7.0 A>B rtcp about=16896 highest=251 count=2 step=0\n17.0 A>B rtcp about=16896 highest=700\n")},
	}
}
