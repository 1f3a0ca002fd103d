package diagnosis

import "fmt"

func identityScenarios() []scenario {
	recording := `
		0.000 A>B INVITE 1 sdp +Require:siprec
		2.000 B>A 200 INVITE 1 sdp=pcmu,recvonly
		2.010 A>B ACK 1
		2.050 A>B rtp 300
		9.0 A>B BYE 2
		9.1 B>A 200 BYE 2`
	return []scenario{
		{rule: "MED-16", name: "four sources within a minute", severity: "warning", confidence: "proven", count: 1, says: []string{"changed its source number 3 times within a minute"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 250 ssrc=1\n7.05 B>A rtp 250 ssrc=2\n12.05 B>A rtp 250 ssrc=3\n17.05 B>A rtp 250 ssrc=4\n")},
		{rule: "MED-16", name: "two at a time", says: []string{"Two sources send audio of the callee at the same time"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 ssrc=1\n2.06 B>A rtp 1000 ssrc=2\n")},
		{rule: "MED-16", name: "reflected", says: []string{"the same source number 0x00000007"}, script: call(22.2, "2.05 A>B rtp 1000 ssrc=7\n2.06 B>A rtp 1000 ssrc=7\n")},
		{rule: "MED-16", name: "one change", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 500 ssrc=1\n12.05 B>A rtp 500 ssrc=2\n")},
		{rule: "MED-16", name: "a change every half minute", silent: true, script: call(122.2, callerTalks+"2.05 B>A rtp 1400 ssrc=1\n31.05 B>A rtp 1400 ssrc=2\n61.05 B>A rtp 1400 ssrc=3\n91.05 B>A rtp 1400 ssrc=4\n")},

		{rule: "MED-17", name: "each packet twice", severity: "warning", confidence: "proven", count: 1, says: []string{"came twice"}, script: call(22.2, callerTalks+"2.05 B>A rtp 960\n21.25 B>A rtp 40 seq=961 twice\n")},
		{rule: "MED-17", name: "no numbers at all", says: []string{"hardly counts its packets"}, script: call(22.2, callerTalks+same(60))},
		{rule: "MED-17", name: "begins anew", says: []string{"began anew twice"}, script: call(22.2, callerTalks+"2.05 B>A rtp 300\n8.05 B>A rtp 300 seq=20000\n14.05 B>A rtp 300 seq=40000\n")},
		{rule: "MED-17", name: "the end of a key sent again as it is", silent: true, script: call(5.2, "2.05 A>B rtp 150\n2.05 B>A rtp 100\n"+
			"4.05 B>A rtp 5 pt=101 seq=101 step=0 ticks=16160 event=5 mark\n4.15 B>A rtp 1 pt=101 seq=106 step=0 ticks=16160 event=5 end=1 length=960\n"+
			"4.16 B>A rtp 1 pt=101 seq=106 step=0 ticks=16160 event=5 end=1 length=960\n4.17 B>A rtp 1 pt=101 seq=106 step=0 ticks=16160 event=5 end=1 length=960\n")},
		{rule: "MED-17", name: "one packet twice", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 999\n22.03 B>A rtp 1 seq=1000 twice\n")},
		{rule: "MED-17", name: "begins anew once", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 300\n8.05 B>A rtp 300 seq=20000\n")},

		{rule: "MED-37", name: "a copy to a recorder", severity: "info", confidence: "strong", count: 1, says: []string{"goes to 192.0.2.65:4000 and, at the same time, to 192.0.2.90:7000"},
			script: "host R 192.0.2.90\n" + call(22.2, bothTalk+"2.05 B>R rtp 1000 to=7000\n")},
		{rule: "MED-37", name: "SIPREC", confidence: "proven", says: []string{"the recording of another one"}, script: recording},
		{rule: "MED-37", name: "a router in between", silent: true, script: "host R 192.0.2.90\n" + call(22.2, bothTalk+"2.05 B>R rtp 1000 to=7000 ttl=63\n")},
		{rule: "MED-37", name: "two calls of one program", silent: true, script: "host R 192.0.2.90\n" + call(22.2, bothTalk+"30.05 B>R rtp 1000 to=7000\n")},
	}
}

// same is seconds of packets that all have the same number.
func same(packets int) (lines string) {
	for i := range 2 * packets {
		lines += fmt.Sprintf("%.2f B>A rtp 1 seq=7 ticks=%d\n", 2.05+float64(i)*0.02, 160*i)
	}
	return lines
}
