package diagnosis

func reportingScenarios() []scenario {
	const usual = "4.0 A>B rtcp packets=100 ntp=1001 count=4\n4.0 B>A rtcp packets=100 ntp=1002 count=4\n"
	return []scenario{
		{rule: "MED-27", name: "twenty seconds without", severity: "info", confidence: "strong", count: 1, says: []string{"Neither end sends RTCP"}, script: call(22.2, bothTalk)},
		{rule: "MED-27", name: "with reports", silent: true, script: call(22.2, bothTalk+usual)},
		{rule: "MED-27", name: "ten seconds", silent: true, script: call(12.2, "2.05 A>B rtp 500\n2.05 B>A rtp 500\n")},
		{rule: "MED-27", name: "forbidden", silent: true, script: callOf("pcmu,rs:0,rr:0", "pcmu", 22.2, bothTalk)},

		{rule: "MED-28", name: "ten a second", severity: "info", confidence: "proven", count: 1, says: []string{"every 0.10 s"}, script: call(22.2, bothTalk+"4.0 B>A rtcp packets=100 ntp=1002 count=100 every=100 step=5\n")},
		{rule: "MED-28", name: "jitter of an hour", says: []string{"jitter"}, script: call(22.2, bothTalk+"7.0 A>B rtcp about=16896 highest=251 jitter=28800000 count=3\n")},
		{rule: "MED-28", name: "usual", silent: true, script: call(22.2, bothTalk+usual)},
		{rule: "MED-28", name: "feedback", silent: true, script: callOf("pcmu,proto:RTP/AVPF", "pcmu,proto:RTP/AVPF", 22.2, bothTalk+"4.0 B>A rtcp packets=100 ntp=1002 count=100 every=100 step=5\n")},
	}
}
