package diagnosis

func formatScenarios() []scenario {
	return []scenario{
		{rule: "MED-08", name: "a codec that was not offered", severity: "error", confidence: "proven", count: 1, says: []string{"The callee sends 500 packets of payload type 8 (PCMA)", "the caller did not list", "0 PCMU"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 500\n12.05 B>A rtp 500 seq=501 pt=8\n")},
		{rule: "MED-08", name: "its own number", says: []string{"payload type 97 (its own number for G726-32)"},
			script: callOf("pcmu,pt:96:G726-32", "pcmu,pt:97:G726-32", 22.2, callerTalks+"2.05 B>A rtp 1000 pt=97 size=80\n")},
		{rule: "MED-08", name: "nine packets", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 990\n21.85 B>A rtp 9 seq=991 pt=8\n")},
		{rule: "MED-08", name: "agreed on by a re-INVITE", silent: true, script: call(22.2, callerTalks+`
			2.05 B>A rtp 400
			10.0 A>B INVITE 2 to=b sdp=pcma
			10.1 B>A 200 INVITE 2 sdp=pcma
			10.11 A>B ACK 2
			10.2 B>A rtp 500 seq=401 pt=8
		`)},
		{rule: "MED-08", name: "comfort noise", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 900\n20.05 B>A rtp 20 seq=901 pt=13 size=1\n")},

		{rule: "MED-09", name: "two codecs", severity: "info", confidence: "proven", says: []string{"The caller sends PCMU and the callee PCMA"},
			script: callOf("pcmu,pcma", "pcmu,pcma", 22.2, callerTalks+"2.05 B>A rtp 1000 pt=8\n")},
		{rule: "MED-09", name: "two legs", capture: "../../pcaps/b2bua-plain.pcap", silent: true},
		{rule: "MED-09", name: "one codec", silent: true, script: callOf("pcmu,pcma", "pcmu,pcma", 22.2, bothTalk)},
		{rule: "MED-09", name: "key presses are no codec", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 900\n20.05 B>A rtp 100 seq=901 pt=101 size=4 event=5\n")},

		{rule: "MED-10", name: "30 ms although 20 were asked for", severity: "info", count: 1, says: []string{"The callee sends packets of 30 ms; the caller asked for 20 ms"},
			script: callOf("pcmu,ptime:20", "pcmu", 22.2, callerTalks+"2.05 B>A rtp 660 every=30 size=240\n")},
		{rule: "MED-10", name: "longer than maxptime", severity: "warning", says: []string{"40 ms at most"},
			script: callOf("pcmu,attr:maxptime:40", "pcmu", 22.2, callerTalks+"2.05 B>A rtp 330 every=60 size=480\n")},
		{rule: "MED-10", name: "each another", says: []string{"of 20 ms and the callee of 30 ms"}, script: call(22.2, callerTalks+"2.05 B>A rtp 660 every=30 size=240\n")},
		{rule: "MED-10", name: "as asked for", silent: true, script: callOf("pcmu,ptime:20", "pcmu,ptime:20", 22.2, bothTalk)},

		{rule: "MED-20", name: "not agreed on", severity: "warning", confidence: "proven", count: 1, says: []string{"The callee sends comfort noise", "the caller did not list"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 400\n10.05 B>A rtp 10 seq=401 pt=13 size=1 every=200 ticks=64160 step=1600\n12.05 B>A rtp 400 seq=411 ticks=80000 mark\n")},
		{rule: "MED-20", name: "beside a codec of another clock", confidence: "proven", says: []string{"beside opus of 48000 Hz"},
			script: callOf("opus,cn", "opus,cn", 22.2, callerTalks+"2.05 B>A rtp 400 pt=96 step=960\n10.05 B>A rtp 10 seq=401 pt=13 size=1 every=200\n")},
		{rule: "MED-20", name: "chopped", confidence: "suspect", says: []string{"cut into pieces"}, script: call(22.2, callerTalks+spurts("B>A", 30, 7, 500))},
		{rule: "MED-20", name: "pauses without a word", confidence: "suspect", says: []string{"stops sending in pauses"}, script: call(62.2, callerTalks+spurts("B>A", 15, 50, 3000))},
		{rule: "MED-20", name: "agreed on", silent: true, script: callOf("pcmu,cn", "pcmu,cn", 22.2, callerTalks+"2.05 B>A rtp 400\n10.05 B>A rtp 10 seq=401 pt=13 size=1 every=200 ticks=64160 step=1600\n12.05 B>A rtp 400 seq=411 ticks=80000 mark\n")},
		{rule: "MED-20", name: "a few pauses", silent: true, script: call(62.2, callerTalks+spurts("B>A", 5, 50, 3000))},
	}
}
