package diagnosis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/scene"
)

// healthy are calls in which nothing is wrong with the media, by what is
// special about them.
func healthy() map[string]string {
	reports := "4.0 A>B rtcp packets=100 ntp=1001 count=4\n4.0 B>A rtcp packets=100 ntp=1002 count=4\n"
	hold := func(direction, back string) string {
		return fmt.Sprintf(`
			8.0 B>A INVITE 7 sdp=pcmu,dtmf,%s,version:2
			8.1 A>B 200 INVITE 7 sdp=pcmu,dtmf,%s,version:2
			8.11 B>A ACK 7
			30.0 B>A INVITE 8 sdp=pcmu,dtmf,version:3
			30.1 A>B 200 INVITE 8 sdp=pcmu,dtmf,version:3
			30.11 B>A ACK 8
		`, direction, back)
	}
	// The sender sleeps while it is held: its timestamps stand still or go on.
	silence := "2.05 A>B rtp 300\n2.05 B>A rtp 300\n30.15 A>B rtp 500 seq=301\n30.15 B>A rtp 500 seq=301 ticks=272960 mark\n"
	music := "2.05 A>B rtp 300\n2.05 B>A rtp 300\n8.2 B>A rtp 1090 ssrc=5\n30.15 A>B rtp 500 seq=301\n30.15 B>A rtp 500 seq=301\n"
	noise := "2.05 A>B rtp 1000\n"
	for i := range 6 { // speech for two seconds, a second of silence
		at, seq, ticks := 2.05+3*float64(i), 1+101*i, 24000*i
		noise += fmt.Sprintf("%.3f B>A rtp 100 seq=%d ticks=%d mark\n%.3f B>A rtp 1 seq=%d ticks=%d pt=13 size=1\n", at, seq, ticks, at+2, seq+100, ticks+16000)
	}
	return map[string]string{
		"plain":               call(22.2, bothTalk+reports),
		"held with silence":   call(40.2, hold("sendonly", "recvonly")+silence),
		"held with music":     call(40.2, hold("sendonly", "recvonly")+music),
		"held by inactive":    call(40.2, hold("inactive", "inactive")+silence),
		"held by 0.0.0.0":     call(40.2, hold("zero", "sendrecv")+silence),
		"offer in the answer": "0.0 A>B INVITE 1\n2.0 B>A 200 INVITE 1 sdp\n2.3 A>B ACK 1 sdp\n2.35 A>B rtp 900\n2.35 B>A rtp 900\n20.4 A>B BYE 2\n20.5 B>A 200 BYE 2",
		"early media": "0.0 A>B INVITE 1 sdp\n0.5 B>A 183 INVITE 1 sdp\n0.6 B>A rtp 70 ssrc=3\n2.0 B>A 200 INVITE 1 sdp\n2.1 A>B ACK 1\n" +
			bothTalk + "22.2 A>B BYE 2\n22.3 B>A 200 BYE 2",
		"early media of another server": "host M 192.0.2.99\n0.0 A>B INVITE 1 sdp\n0.5 B>A 183 INVITE 1 sdp=pcmu,at:192.0.2.99,port:6000\n0.6 M>A rtp 70 port=6000\n" +
			"2.0 B>A 200 INVITE 1 sdp\n2.1 A>B ACK 1\n" + bothTalk + "22.2 A>B BYE 2\n22.3 B>A 200 BYE 2",
		"forked": "0.0 A>P INVITE 1 sdp\n0.1 P>B INVITE 1 sdp\n0.1 P>C INVITE 1 sdp branch=z9hG4bK-c\n0.5 B>P 183 INVITE 1 sdp\n0.6 P>A 183 INVITE 1 to=b sdp\n0.7 C>P 180 INVITE 1 branch=z9hG4bK-c\n" +
			"0.8 P>A 180 INVITE 1 to=c\n0.9 B>A rtp 40 ssrc=8\n2.0 C>P 200 INVITE 1 sdp branch=z9hG4bK-c\n2.01 P>A 200 INVITE 1 to=c sdp=pcmu,at:192.0.2.67\n2.02 A>P ACK 1 to=c\n2.03 P>C ACK 1 to=c\n" +
			"2.1 A>C rtp 500\n2.1 C>A rtp 500\n12.3 A>P BYE 2 to=c\n12.31 P>C BYE 2 to=c\n12.4 C>P 200 BYE 2\n12.41 P>A 200 BYE 2 to=c",
		"silence suppressed": callOf("pcmu,cn", "pcmu,cn", 22.2, noise),
		"behind a NAT":       "host A 203.0.113.9\n" + callOf("pcmu,at:192.168.1.20", "pcmu", 22.2, "2.05 A>B rtp 1000 port=40012\n2.2 B>A rtp 1000 to=40012\n"),
		"both behind one NAT": "host A 203.0.113.9\nhost B 203.0.113.9:5070\nhost S 198.51.100.1\n" +
			"0.0 A>S INVITE 1 sdp=pcmu,at:192.168.1.20\n2.0 S>A 200 INVITE 1 sdp\n2.01 A>S ACK 1\n2.1 A>S rtp 500\n2.1 S>A rtp 500\n13.0 A>S BYE 2\n13.1 S>A 200 BYE 2",
		"encrypted": callOf("pcmu,proto:RTP/SAVP,crypto", "pcmu,proto:RTP/SAVP,crypto", 22.2, "2.05 A>B rtp 1000 size=170\n2.05 B>A rtp 1000 size=170\n"+reports),
		"video":     callOf("pcmu,video", "pcmu,video", 22.2, bothTalk+video(2, 600, 1)),
		"fax": call(40.2, bothTalk+`
			22.3 B>A INVITE 7 sdp=t38
			22.4 A>B 200 INVITE 7 sdp=t38
			22.41 B>A ACK 7
		`+strings.ReplaceAll(udptl(100, 0), "4004", "4004")),
		"another codec in the middle": callOf("pcmu,pcma", "pcmu,pcma", 22.2, `
			2.05 A>B rtp 400
			2.05 B>A rtp 400
			10.0 A>B INVITE 2 to=b sdp=pcma,version:2
			10.05 B>A 200 INVITE 2 sdp=pcma,version:2
			10.06 A>B ACK 2
			10.07 A>B rtp 590 seq=401 pt=8
			10.07 B>A rtp 590 seq=401 pt=8
		`),
		"another port in the middle": call(22.2, `
			2.05 A>B rtp 400
			2.05 B>A rtp 405
			10.0 A>B INVITE 2 to=b sdp=pcmu,dtmf,port:4800
			10.1 B>A 200 INVITE 2 sdp=pcmu,dtmf
			10.11 A>B ACK 2
			10.2 A>B rtp 590 seq=409 port=4800
			10.2 B>A rtp 590 seq=409 to=4800
		`),
		"keys":                  call(22.2, bothTalk+"10.0 A>B rtp 8 pt=101 seq=399 step=0 ticks=63840 event=5 end=6 mark length=1280\n"),
		"moved to a conference": call(22.2, "2.05 A>B rtp 1000\n2.05 B>A rtp 400\n10.05 B>A rtp 590 seq=40000 ssrc=77\n"),
	}
}

// Nothing that is worse than a warning, and nothing that is proven and more
// than a remark, is said about the media of healthy calls: whole, of one
// direction, of requests or responses alone, and from the middle on.
func TestHealthyMedia(t *testing.T) {
	for name, script := range healthy() {
		t.Run(name, func(t *testing.T) {
			for how, text := range partsOf(script) {
				snap := scene.Play(t, text)
				for index, list := range New(Options{}).Run(snap).ByCall {
					for _, f := range list {
						worse := f.Severity >= correlate.Error && f.Confidence != correlate.Suspect || f.Confidence == correlate.Proven && f.Severity > correlate.Info
						if strings.HasPrefix(f.Code, "MED") && worse {
							t.Errorf("%s: call %d: %s %s %s: %s", how, index, f.Code, f.Severity, f.Confidence, f.Explanation)
						}
					}
				}
			}
		})
	}
}

// partsOf are what captures may have of a script.
func partsOf(script string) map[string]string {
	var lines []string
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	pick := func(keep func(fields []string) bool) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
			fields := strings.Fields(line)
			return fields[0] != "host" && !keep(fields)
		}), "\n")
	}
	response := func(f []string) bool { return f[2][0] >= '1' && f[2][0] <= '9' }
	signalling := func(f []string) bool { return response(f) || strings.ToUpper(f[2]) == f[2] }
	return map[string]string{
		"whole":              script,
		"requests only":      pick(func(f []string) bool { return !signalling(f) || !response(f) }),
		"responses only":     pick(func(f []string) bool { return !signalling(f) || response(f) }),
		"from the caller":    pick(func(f []string) bool { return strings.HasPrefix(f[1], "A>") }),
		"to the caller":      pick(func(f []string) bool { return strings.HasSuffix(f[1], ">A") }),
		"without signalling": pick(func(f []string) bool { return !signalling(f) }),
		"from the middle on": pick(func(f []string) bool {
			return len(f[0]) > 3 && f[0] > "5" || strings.Contains(f[0], "1") && len(f[0]) > 4
		}),
	}
}
