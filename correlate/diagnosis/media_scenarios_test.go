package diagnosis

import (
	"fmt"
	"slices"
)

// mediaScenarios are those of the rules MED-01 to MED-40.
func mediaScenarios() []scenario {
	return slices.Concat(
		silenceScenarios(), startScenarios(), addressScenarios(), formatScenarios(), lossScenarios(), timingScenarios(), identityScenarios(),
		dtmfScenarios(), markingScenarios(), protectionScenarios(), mediaPathScenarios(), reportingScenarios(), qualityScenarios(), faxScenarios(),
	)
}

// up is a call that is answered at second 2, with what both sides describe.
func up(offer, answer string) string {
	return fmt.Sprintf(`
		0.000 A>B INVITE 1 sdp=%s
		0.010 B>A 180 INVITE 1
		2.000 B>A 200 INVITE 1 sdp=%s
		2.010 A>B ACK 1`, offer, answer)
}

// call is a call of PCMU with lines of its own that ends at a second.
func call(end float64, lines string) string { return callOf("pcmu,dtmf", "pcmu,dtmf", end, lines) }

// callOf is a call between two descriptions.
func callOf(offer, answer string, end float64, lines string) string {
	return up(offer, answer) + "\n" + lines + fmt.Sprintf(`
		%.3f A>B BYE 2
		%.3f B>A 200 BYE 2`, end, end+0.05)
}

// Audio of both sides for twenty seconds, to second 22, and of one of them.
const (
	callerTalks = "\n2.050 A>B rtp 1000\n"
	calleeTalks = "\n2.050 B>A rtp 1000\n"
	bothTalk    = callerTalks + calleeTalks
)

// spurts are talkspurts of so many packets, one every so many ms, the first at
// second 2; the timestamps go on between them.
func spurts(way string, times, packets, every int) (lines string) {
	for i := range times {
		lines += fmt.Sprintf("%.3f %s rtp %d seq=%d ticks=%d mark\n", 2+float64(i*every)/1000, way, packets, 1+i*packets, 8*i*every)
	}
	return lines
}
