package diagnosis

import "fmt"

func qualityScenarios() []scenario {
	return []scenario{
		{rule: "MED-31", name: "a tenth lost", severity: "warning", confidence: "proven", count: 1, says: []string{"What the caller heard is estimated at MOS 3.", "packet loss (9.9 %)"}, next: "(MED-11",
			script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=10\n")},
		{rule: "MED-31", name: "a third lost", severity: "error", script: call(22.2, callerTalks+"2.05 B>A rtp 1000 lose=3\n")},
		{rule: "MED-31", name: "too late", says: []string{"packets that come too late"}, next: "(MED-12", script: call(22.2, callerTalks+"2.05 B>A rtp 1000 late=7 by=700\n")},
		{rule: "MED-31", name: "a codec of 16 kbit/s", says: []string{"the codec ("}, next: "prefer a codec that sounds better", script: callOf("pt:99:G726-16", "pt:99:G726-16", 22.2, "2.05 A>B rtp 1000 pt=99 size=40\n2.05 B>A rtp 1000 pt=99 size=40\n")},
		{rule: "MED-31", name: "forty packets, five of them lost", silent: true, script: call(3.2, "2.05 A>B rtp 50\n2.05 B>A rtp 40 lose=8\n")},
		{rule: "MED-31", name: "clean", silent: true, script: call(22.2, bothTalk)},
		{rule: "MED-31", name: "GSM", silent: true, script: callOf("gsm", "gsm", 22.2, "2.05 A>B rtp 1000 pt=3 size=33\n2.05 B>A rtp 1000 pt=3 size=33\n")},

		{rule: "MED-33", name: "for two seconds", severity: "warning", confidence: "proven", count: 1, says: []string{"The picture of the callee froze once, 2."},
			script: callOf("pcmu,video", "pcmu,video", 22.2, bothTalk+video(2, 300, 1)+video(14, 180, 301))},
		{rule: "MED-33", name: "half a second", silent: true, script: callOf("pcmu,video", "pcmu,video", 22.2, bothTalk+video(2, 300, 1)+video(12.5, 180, 301))},
		{rule: "MED-33", name: "steady", silent: true, script: callOf("pcmu,video", "pcmu,video", 22.2, bothTalk+video(2, 450, 1))},
	}
}

// video is frames of one packet, thirty a second, from a second on.
func video(from float64, frames, seq int) (lines string) {
	for i := range frames {
		at := from + float64(i)/30
		lines += fmt.Sprintf("%.4f B>A rtp 1 pt=31 port=4002 to=4002 ssrc=31 seq=%d ticks=%d mark size=600\n", at, seq+i, int(at*90000))
	}
	return lines
}
