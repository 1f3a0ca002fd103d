package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode/sdp"
	"sipsniff/internal/scene"
)

func dtmfScenarios() []scenario {
	// A key for 160 ms; its last packet comes three times.
	key := func(at, pt string) string {
		return at + " A>B rtp 8 pt=" + pt + " seq=400 step=0 ticks=90000 event=5 end=6 mark size=4 length=1280\n"
	}
	refused := `
		5.0 A>B INFO 2 to=b body=application/dtmf-relay:Signal=_5|Duration=_160|
		5.1 B>A 415 INFO 2
	`
	return []scenario{
		{rule: "MED-18", name: "another payload type", severity: "error", confidence: "strong", count: 1, says: []string{"payload type 99", "takes them as 101"},
			script: callOf("pcmu,pt:99:telephone-event", "pcmu,dtmf", 22.2, bothTalk+key("10.0", "99"))},
		{rule: "MED-18", name: "INFO refused", says: []string{"192.0.2.66 does not take that: 415"}, script: call(22.2, bothTalk+refused)},
		{rule: "MED-18", name: "by two methods", says: []string{"telephone events (RFC 4733)", "SIP INFO", "2 keys"},
			script: call(22.2, bothTalk+key("10.0", "101")+"12.0 A>B rtp 8 pt=101 seq=500 step=0 ticks=110000 event=5 end=6 mark length=1280\n"+`
				10.05 A>B INFO 2 to=b body=application/dtmf-relay:Signal=_5|Duration=_160|
				10.1 B>A 200 INFO 2
				12.05 A>B INFO 3 to=b body=application/dtmf-relay:Signal=_5|Duration=_160|
				12.1 B>A 200 INFO 3
			`)},
		{rule: "MED-18", name: "tones although events were agreed on", says: []string{"as tones in the sound (3 of them)", "the callee does not listen"}, snapshot: tones(3, 0)},
		{rule: "MED-18", name: "tones beside events", silent: true, snapshot: tones(3, 3)},
		{rule: "MED-18", name: "one tone, perhaps of a voice", silent: true, snapshot: tones(1, 0)},
		{rule: "MED-18", name: "as agreed on", silent: true, script: call(22.2, bothTalk+key("10.0", "101"))},
		{rule: "MED-18", name: "INFO accepted", silent: true, script: call(22.2, bothTalk+"5.0 A>B INFO 2 to=b body=application/dtmf-relay:Signal=_5|Duration=_160|\n5.1 B>A 200 INFO 2\n")},
		{rule: "MED-18", name: "an INFO about something else refused", silent: true, script: call(22.2, bothTalk+"5.0 A>B INFO 2 to=b body=application/media\\_control+xml:x\n5.1 B>A 415 INFO 2\n")},

		{rule: "MED-19", name: "20 ms", severity: "warning", confidence: "proven", count: 1, says: []string{"1 of 1 key press is broken", "lasts only 20 ms"},
			script: call(22.2, bothTalk+"10.0 A>B rtp 3 pt=101 seq=400 step=0 ticks=90000 event=5 end=1 mark length=160\n")},
		{rule: "MED-19", name: "no end", says: []string{"has no end"}, script: call(22.2, bothTalk+"10.0 A>B rtp 5 pt=101 seq=400 step=0 ticks=90000 event=5 mark\n")},
		{rule: "MED-19", name: "too quiet", says: []string{"-40 dBm0"}, script: call(22.2, bothTalk+"10.0 A>B rtp 8 pt=101 seq=400 step=0 ticks=90000 event=5 end=6 mark length=1280 volume=40\n")},
		{rule: "MED-19", name: "comes apart", says: []string{"two pieces"}, script: call(22.2, bothTalk+
			"10.0 A>B rtp 4 pt=101 seq=400 step=0 ticks=90000 event=5 end=2 mark length=640\n10.1 A>B rtp 4 pt=101 seq=404 step=0 ticks=90800 event=5 end=2 mark length=640\n")},
		{rule: "MED-19", name: "40 ms", silent: true, script: call(22.2, bothTalk+"10.0 A>B rtp 4 pt=101 seq=400 step=0 ticks=90000 event=5 end=2 mark length=320\n")},
		{rule: "MED-19", name: "real ones", capture: "../../pcaps/dtmf.pcap", silent: true},
	}
}

// tones is a call that agreed on telephone events, with keys of the caller in
// the sound and as events.
func tones(inSound, events int) *correlate.Snapshot {
	described := sdp.Parse("v=0\r\no=- 1 1 IN IP4 192.0.2.65\r\ns=-\r\nc=IN IP4 192.0.2.65\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n")
	c := &correlate.Call{Index: 1, CallID: "call", Method: "INVITE", Started: second, Answered: 2 * second, StreamIDs: []int{1}}
	for i, caller := range []bool{true, false} {
		m := &correlate.Message{Frame: i + 1, Nanos: int64(i+1) * second, SDP: described}
		c = c.WithMessages(append(c.Messages(), m), append(c.Descriptions(), correlate.Description{Message: m, FromCaller: caller})...)
	}
	press := func(source string, n int) {
		for i := range n {
			c.DTMF = append(c.DTMF, correlate.Digit{Source: source, Key: "5", At: int64(10+2*i) * second, Duration: 160e6, Frame: 100 + i, Stream: 1, FromCaller: true, Ended: true})
		}
	}
	press(correlate.DigitInband, inSound)
	press(correlate.DigitEvent, events)
	s := &correlate.Stream{ID: 1, Call: &correlate.CallRef{Index: 1, CallID: "call"}, Media: "audio", Codec: "PCMU", FromCaller: true, First: 2 * second, Last: 30 * second, Packets: 1400}
	return &correlate.Snapshot{Calls: []*correlate.Call{c}, Streams: []*correlate.Stream{s}, First: second, Last: 30 * second}
}

// Speech in a format that nobody took is no consequence of keys in one that
// nobody took; and the keys are said of once.
func TestKeysHideNoSpeech(t *testing.T) {
	snap := scene.Play(t, callOf("pcma,dtmf", "pcmu", 22.2, "2.05 A>B rtp 900 pt=8\n20.05 A>B rtp 20 seq=901 pt=101 size=4 event=5 end=2\n"))
	var said []string
	for _, f := range New(Options{}).Run(snap).Of(snap.Calls[0].Index) {
		if f.Code == "MED-08" || f.Code == "MED-18" {
			said = append(said, f.Code+" "+f.Explanation)
		}
	}
	slices.Sort(said)
	if len(said) != 2 || !strings.Contains(said[0], "MED-08 The caller sends 900 packets of payload type 8 (its own number for PCMA)") ||
		!strings.Contains(said[1], "MED-18 The caller sends its key presses as payload type 101") {
		t.Errorf("said %q", said)
	}
}
