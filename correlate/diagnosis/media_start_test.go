package diagnosis

func startScenarios() []scenario {
	return []scenario{
		{rule: "MED-03", name: "the callee begins 1.5 s late", severity: "warning", confidence: "proven", count: 1, says: []string{"The audio of the callee began 1.5 s after the answer"},
			script: call(22.2, callerTalks+"3.5 B>A rtp 900\n")},
		{rule: "MED-03", name: "3 s late", severity: "error", script: call(22.2, callerTalks+"5.0 B>A rtp 850\n")},
		{rule: "MED-03", name: "0.9 s", silent: true, script: call(22.2, callerTalks+"2.9 B>A rtp 900\n")},
		{rule: "MED-03", name: "early media that goes on", silent: true, script: call(22.2, callerTalks+"0.5 B>A rtp 1000\n")},
		{rule: "MED-03", name: "the answer to the offer comes with the ACK", silent: true, script: `
			0.000 A>B INVITE 1
			2.000 B>A 200 INVITE 1 sdp
			5.000 A>B ACK 1 sdp
			5.100 A>B rtp 300
			5.100 B>A rtp 300
			12.0 A>B BYE 2
			12.1 B>A 200 BYE 2`},
		{rule: "MED-03", name: "on hold from the start", silent: true, script: callOf("pcmu,sendonly", "pcmu,recvonly", 22.2, callerTalks+"9.0 B>A rtp 500\n")},
		{rule: "MED-03", name: "the capture begins inside the call", silent: true, script: `
			0.0 A>B INVITE 3 to=b sdp
			0.1 B>A 200 INVITE 3 sdp
			0.2 A>B ACK 3
			4.0 A>B rtp 300
			4.0 B>A rtp 300
			12.0 A>B BYE 4
			12.1 B>A 200 BYE 4`},

		{rule: "MED-05", name: "the callee goes on", severity: "warning", confidence: "proven", count: 1, says: []string{"The callee went on sending for", "after hanging up was confirmed"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 1200\n")},
		{rule: "MED-05", name: "half a second longer", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 1035\n")},
		{rule: "MED-05", name: "the BYE was not answered", silent: true, script: up("pcmu", "pcmu") + callerTalks + "2.05 B>A rtp 1200\n22.2 A>B BYE 2\n"},
	}
}
