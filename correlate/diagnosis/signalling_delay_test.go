package diagnosis

func delayScenarios() []scenario {
	return []scenario{
		{rule: "SIG-05", name: "5 s to 180", severity: "warning", confidence: "proven", frames: []int{1, 3}, says: []string{"5.0 s from the INVITE to ringing"}, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 100 INVITE 1
		5.0 B>A 180 INVITE 1
		6.0 B>A 200 INVITE 1 sdp
		6.1 A>B ACK 1`},
		{rule: "SIG-05", name: "9 s behind a proxy", severity: "error", says: []string{"9.0 s from the INVITE to progress", "9.0 s of it behind 192.0.2.66:5060"}, script: `
		0.00 A>P INVITE 1 sdp
		0.01 P>A 100 INVITE 1
		0.01 P>B INVITE 1 sdp
		0.02 B>P 100 INVITE 1
		9.00 B>P 183 INVITE 1 sdp
		9.01 P>A 183 INVITE 1 sdp
		10.0 B>P 200 INVITE 1 sdp
		10.1 P>A 200 INVITE 1 sdp`},
		{rule: "SIG-05", name: "2 s", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 100 INVITE 1
		2.0 B>A 180 INVITE 1
		20.0 B>A 200 INVITE 1 sdp
		20.1 A>B ACK 1`},
		{rule: "SIG-05", name: "a refusal after 5 s", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		0.1 B>A 100 INVITE 1
		5.0 B>A 486 INVITE 1
		5.1 A>B ACK 1 nack`},

		{rule: "SIG-06", name: "183 without SDP", severity: "warning", confidence: "suspect", says: []string{"for 7.0 s"}, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1`},
		{rule: "SIG-06", name: "early audio that does not come", says: []string{"none came from it in the 7.0 s"}, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1
		8.2 A>B rtp 100
		8.2 B>A rtp 100`},
		{rule: "SIG-06", name: "180", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 180 INVITE 1
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1`},
		{rule: "SIG-06", name: "early audio", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		1.1 B>A rtp 300
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1`},
		{rule: "SIG-06", name: "no audio in the capture", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1`},

		{rule: "SIG-07", name: "announcement", severity: "info", confidence: "proven", says: []string{"6.0 s of audio came from 192.0.2.66:4000"}, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		1.1 B>A rtp 301
		8.0 B>A 480 INVITE 1 +Reason:Q.850;cause=20
		8.1 A>B ACK 1 nack`},
		{rule: "SIG-07", name: "answered", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		1.1 B>A rtp 301
		8.0 B>A 200 INVITE 1 sdp
		8.1 A>B ACK 1
		9.0 A>B BYE 2
		9.1 B>A 200 BYE 2`},
		{rule: "SIG-07", name: "half a second", silent: true, script: `
		0.0 A>B INVITE 1 sdp
		1.0 B>A 183 INVITE 1 sdp
		1.1 B>A rtp 25
		8.0 B>A 480 INVITE 1
		8.1 A>B ACK 1 nack`},
	}
}
