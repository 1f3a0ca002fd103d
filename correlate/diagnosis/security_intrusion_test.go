package diagnosis

func intrusionScenarios() []scenario {
	talk := answeredCall + "1 A>B rtp 200 seq=1 ssrc=7\n1 B>A rtp 200 ssrc=9\n"
	return []scenario{
		{rule: "SEC-05", name: "BYE of a stranger", severity: "error", confidence: "strong", count: 1, frames: []int{1, 5}, says: []string{"A BYE", "198.51.100.7:5060"}, script: "host E 198.51.100.7\n" + answeredCall + `
			9.0 E>B BYE 9 from=a to=b
			9.1 B>E 200 BYE 9 from=a to=b`},
		{rule: "SEC-05", name: "CANCEL of a stranger", count: 1, says: []string{"A CANCEL"}, script: `
			host E 198.51.100.7
			0.0 A>B INVITE 1 sdp
			0.1 B>A 180 INVITE 1
			1.0 E>B CANCEL 1 from=a branch=z9hG4bK-call-AB-INVITE-1
			1.1 B>E 200 CANCEL 1 from=a to=b branch=z9hG4bK-call-AB-INVITE-1`},
		{rule: "SEC-05", name: "BYE of the other side", silent: true, script: answeredCall + `
			9.0 B>A BYE 9
			9.1 A>B 200 BYE 9`},
		{rule: "SEC-05", name: "past the proxy, to the Contact", silent: true, script: `
			host C 203.0.113.5
			host B 198.51.100.9
			0.00 A>P INVITE 1 sdp
			0.01 P>C INVITE 1 sdp
			0.50 C>P 200 INVITE 1 sdp contact=bob@198.51.100.9
			0.51 P>A 200 INVITE 1 sdp to=c contact=bob@198.51.100.9
			0.60 A>P ACK 1 to=c
			9.00 B>A BYE 2 from=c to=a
			9.01 A>B 200 BYE 2 from=c to=a`},
		{rule: "SEC-05", name: "another server of the cluster", silent: true, script: `
			host D 192.0.2.200
			` + answeredCall + `
			9.0 D>A BYE 9 from=b to=a
			9.1 A>D 200 BYE 9 from=b to=a`},
		{rule: "SEC-07", name: "packets of a stranger", severity: "error", confidence: "strong", count: 1, says: []string{"198.51.100.7:4000 sent 50 packets to 192.0.2.66:4000", "0x00000007"},
			script: "host E 198.51.100.7\n" + talk + "2 E>B rtp 50 seq=51 ssrc=7\n"},
		{rule: "SEC-07", name: "a few packets", silent: true, script: "host E 198.51.100.7\n" + talk + "2 E>B rtp 10 seq=51 ssrc=7\n"},
		{rule: "SEC-07", name: "another identity", silent: true, script: "host E 198.51.100.7\n" + talk + "2 E>B rtp 50 seq=51 ssrc=8\n"},
		{rule: "SEC-07", name: "the sender moved", silent: true, script: "host E 198.51.100.7\n" + talk + "5.1 E>B rtp 100 seq=201 ssrc=7\n"},
	}
}
