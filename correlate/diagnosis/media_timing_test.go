package diagnosis

import "fmt"

func timingScenarios() []scenario {
	return []scenario{
		{rule: "MED-12", name: "each third packet 55 ms late", severity: "warning", confidence: "proven", count: 1, says: []string{"The audio of the callee arrives unevenly"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 1000 late=3 by=55\n")},
		{rule: "MED-12", name: "each second packet 120 ms late", severity: "error", script: call(22.2, callerTalks+"2.05 B>A rtp 1000 late=2 by=120\n")},
		{rule: "MED-12", name: "six packets too late", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 990\n21.85 B>A rtp 6 seq=991 every=60 step=160\n")},
		{rule: "MED-12", name: "the sender does not keep up", script: call(22.2, callerTalks+"2.05 B>A rtp 300 every=30 step=160\n")},
		{rule: "MED-12", name: "each third packet 15 ms late", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 late=3 by=15\n")},
		{rule: "MED-12", name: "a few packets", silent: true, script: call(4.0, "2.05 A>B rtp 90\n2.05 B>A rtp 90 late=3 by=90\n")},

		// The report of the caller at 8.000 is answered 400 ms later, of which the
		// callee waited 62.5 ms, that of the callee at 8.500 after 100 ms.
		{rule: "MED-13", name: "a satellite", severity: "warning", confidence: "proven", count: 1, says: []string{"It takes 437 ms to the other end and back", "218 ms one way"},
			script: call(22.2, bothTalk+`
				8.000 A>B rtcp packets=300 ntp=1001
				8.400 B>A rtcp packets=310 ntp=1002
				8.400 B>A rtcp about=16640 highest=300 last=65601536 delay=4096
				8.500 A>B rtcp about=16896 highest=300 last=65667072 delay=0
			`)},
		{rule: "MED-13", name: "far away", severity: "error", script: call(22.2, bothTalk+`
				8.000 A>B rtcp packets=300 ntp=1001
				8.600 B>A rtcp packets=310 ntp=1002 about=16640 highest=300 last=65601536 delay=0
				8.700 A>B rtcp about=16896 highest=300 last=65667072 delay=0
			`)},
		{rule: "MED-13", name: "a short way", silent: true, script: call(22.2, bothTalk+`
				8.000 A>B rtcp packets=300 ntp=1001
				8.100 B>A rtcp packets=310 ntp=1002 about=16640 highest=300 last=65601536 delay=0
				8.200 A>B rtcp about=16896 highest=300 last=65667072 delay=0
			`)},

		{rule: "MED-14", name: "200 ppm", severity: "warning", confidence: "strong", says: []string{"The clock of the callee runs 200 ppm too slow", "20 ms of sound every 100 s"}, script: call(122.2, callerTalks+drifting(200))},
		{rule: "MED-14", name: "400 ppm", severity: "error", says: []string{"400 ppm"}, script: call(122.2, callerTalks+drifting(400))},
		{rule: "MED-14", name: "60 ppm", silent: true, script: call(122.2, callerTalks+drifting(60))},

		{rule: "MED-15", name: "half the rate", severity: "error", confidence: "proven", count: 1, says: []string{"The timestamps of the callee run at 0.50 times their rate (8000 Hz"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 1000 step=80\n")},
		{rule: "MED-15", name: "standing still", says: []string{"stand still"}, script: call(22.2, callerTalks+"2.05 B>A rtp 1000 step=0\n")},
		{rule: "MED-15", name: "jumps", severity: "warning", says: []string{"jump by more than a second, 2 times"},
			script: call(22.2, callerTalks+"2.05 B>A rtp 300\n8.05 B>A rtp 300 seq=301 ticks=500000\n14.05 B>A rtp 300 seq=601 ticks=900000\n")},
		{rule: "MED-15", name: "right", silent: true, script: call(22.2, bothTalk)},
		{rule: "MED-15", name: "half the rate for eight seconds", silent: true, script: call(22.2, callerTalks+"2.05 B>A rtp 400 step=80\n10.05 B>A rtp 500 seq=401 ticks=32080\n")},
		{rule: "MED-15", name: "a jump with the marker", silent: true,
			script: call(22.2, callerTalks+"2.05 B>A rtp 300\n8.05 B>A rtp 300 seq=301 ticks=500000 mark\n14.05 B>A rtp 300 seq=601 ticks=900000 mark\n")},
	}
}

// drifting is two minutes of audio of the callee whose timestamps lag behind by
// so many parts in a million.
func drifting(ppm float64) (lines string) {
	for i := range 120 {
		lines += fmt.Sprintf("%d.050 B>A rtp 50 seq=%d ticks=%d\n", 2+i, 1+50*i, 8000*i-int(float64(8000*i)*ppm/1e6+0.5))
	}
	return lines
}
