package diagnosis

func markingScenarios() []scenario {
	limited := "pcmu,attr:x" // b= lines stand before the attributes
	return []scenario{
		{rule: "MED-23", name: "not marked", severity: "info", confidence: "proven", count: 1, says: []string{"the callee 0 (best effort)"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 dscp=0\n")},
		{rule: "MED-23", name: "changes in the middle", severity: "warning", says: []string{"The marking of the audio of the callee changes"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 500\n12.05 B>A rtp 500 seq=501 dscp=0\n")},
		{rule: "MED-23", name: "marked", silent: true, script: call(22.2, bothTalk)},
		{rule: "MED-23", name: "forty packets", silent: true, script: call(4.2, "2.05 A>B rtp 40 dscp=0\n2.05 B>A rtp 40 dscp=0\n")},
		{rule: "MED-23", name: "within one machine", silent: true, script: "host A 127.0.0.1\nhost B 127.0.0.2\n" + call(22.2, callerTalks+"2.05 B>A rtp 1000 dscp=0\n")},

		{rule: "MED-34", name: "twice the rate", severity: "info", confidence: "proven", says: []string{"80 kbit/s", "allows 64 (b=AS:64)"}, script: callOf("pcmu,as:64", limited, 22.2, callerTalks+"2.05 B>A rtp 1000\n")},
		{rule: "MED-34", name: "as allowed", silent: true, script: callOf("pcmu,as:80", limited, 22.2, callerTalks+"2.05 B>A rtp 1000\n")},
		{rule: "MED-34", name: "without the headers of IP", silent: true, script: callOf("pcmu,tias:64000", limited, 22.2, callerTalks+"2.05 B>A rtp 1000\n")},
		{rule: "MED-34", name: "for a moment", silent: true, script: callOf("pcmu,as:64", limited, 12.2, "2.05 A>B rtp 400\n2.05 B>A rtp 300\n")},

		{rule: "MED-39", name: "in pieces", severity: "warning", confidence: "proven", count: 1, says: []string{"20 of 1,000"}, script: call(22.2, callerTalks+"2.05 B>A rtp 980\n21.65 B>A rtp 20 seq=981 pieces\n")},
		{rule: "MED-39", name: "five packets", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 995\n21.95 B>A rtp 5 seq=996 pieces\n")},
	}
}
