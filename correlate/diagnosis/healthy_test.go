package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/allowance"
	"sipsniff/internal/scene"
)

// Healthy calls, with everything that the standards allow, have no finding of
// severity error or worse, and none that is proven, but for remarks that are
// true of them.
func TestHealthy(t *testing.T) {
	calls, batch := allowance.Share(10_000, 1_000), 500
	if testing.Short() {
		calls = 1000
	}
	told := make(map[string]int)
	for first := 0; first < calls; first += batch {
		var b strings.Builder
		r := rand.New(rand.NewPCG(uint64(first), 7))
		kinds := make(map[string]string) // by Call-ID
		for n := first; n < first+batch; n++ {
			h := newHealthy(&b, r, n, float64(n-first)*1.5)
			kinds[h.id] = h.variation()
		}
		snap := scene.Play(t, b.String())
		result := New(Options{}).Run(snap)
		for _, c := range snap.Calls {
			judgeHealthy(t, c, result.ByCall[c.Index], kinds[c.CallID], told)
		}
		for i := range result.Capture {
			f := &result.Capture[i]
			if f.Severity >= correlate.Error || f.Confidence == correlate.Proven && !remark(f, "") {
				t.Errorf("of the capture: %s %s %s: %s", f.Severity, f.Confidence, f.Code, f.Explanation)
			}
		}
		if t.Failed() {
			break
		}
	}
	t.Logf("%d calls of %d kinds; remarks: %v", calls, len(variations()), told)
}

func judgeHealthy(t *testing.T, c *correlate.Call, list []correlate.Finding, kind string, told map[string]int) {
	t.Helper()
	for i := range list {
		f := &list[i]
		if f.Severity >= correlate.Error || f.Confidence == correlate.Proven && !remark(f, kind) {
			t.Errorf("%s (%s): %s %s %s: %s", kind, c.CallID, f.Severity, f.Confidence, f.Code, f.Explanation)
			continue
		}
		told[f.Code+" "+f.Severity.String()]++
	}
}

// remark reports whether a proven finding is a remark that is true of a kind of
// call.
func remark(f *correlate.Finding, kind string) bool {
	if f.Severity != correlate.Info {
		return false
	}
	switch f.Code {
	case "SIG-37":
		return kind == "busy"
	case "SIG-22":
		return kind == "glare"
	}
	return slices.Contains(trueRemarks, f.Code)
}

// trueRemarks are the codes of remarks that are true of the packets of these
// calls: they have no RTCP, and the marking that internal/wire gives them.
var trueRemarks = []string{"MED-23", "MED-27", "MED-25", "INF-11"}

// A wholesome is one call being written.
type wholesome struct {
	b    *strings.Builder
	r    *rand.Rand
	n    int
	id   string
	at   float64
	v6   bool
	kind int
	sent int // packets of audio in either direction
}

// A variation is one legal way for a call to go.
type variation struct {
	name  string
	write func(*wholesome)
}

func variations() []variation {
	return []variation{
		{"plain", (*wholesome).plain}, {"auth", (*wholesome).auth}, {"early media", (*wholesome).early}, {"100rel", (*wholesome).reliable}, {"late offer", (*wholesome).late},
		{"hold", (*wholesome).hold}, {"reinvite", (*wholesome).reinvite}, {"fork", (*wholesome).fork}, {"nat", (*wholesome).nat}, {"dtx", (*wholesome).dtx},
		{"timer", (*wholesome).timer}, {"redirect", (*wholesome).redirect}, {"cancel", (*wholesome).cancel}, {"busy", (*wholesome).busy}, {"transfer", (*wholesome).transfer},
		{"proxy", (*wholesome).proxy}, {"lost", (*wholesome).lost}, {"register", (*wholesome).register}, {"other", (*wholesome).other}, {"glare", (*wholesome).glare}, {"video", (*wholesome).video},
		{"long ring", (*wholesome).longRing}, {"callee hangs up", (*wholesome).calleeEnds}, {"crossing byes", (*wholesome).crossingByes},
	}
}

func newHealthy(b *strings.Builder, r *rand.Rand, n int, at float64) *wholesome {
	h := &wholesome{b: b, r: r, n: n, id: fmt.Sprintf("healthy-%d", n), at: at, v6: r.IntN(10) == 0, kind: n % len(variations())}
	for i, letter := range "ABCP" {
		if h.v6 {
			fmt.Fprintf(b, "host %c [2001:db8:%x::%x]:5060\n", letter, n%500, i+1)
		} else {
			fmt.Fprintf(b, "host %c 10.%d.%d.%d\n", letter, n/200%200, n%200, i+1)
		}
	}
	return h
}

// variation writes the call and returns its kind.
func (h *wholesome) variation() string {
	v := variations()[h.kind]
	v.write(h)
	return v.name
}

// line writes a line of the script at an offset from the start of the call.
func (h *wholesome) line(offset float64, format string, args ...any) {
	fmt.Fprintf(h.b, "%.4f %s id=%s\n", h.at+offset, fmt.Sprintf(format, args...), h.id)
}

// codec is a description with a codec or several.
func (h *wholesome) codec() string {
	return []string{"pcmu", "pcma,dtmf", "pcmu,pcma,dtmf", "g722,pcma"}[h.n%4]
}

// talk writes audio both ways.
func (h *wholesome) talk(from, to float64) {
	pt := []int{0, 8, 0, 9}[h.n%4]
	count := int((to - from) * 50)
	for i, way := range []string{"A>B", "B>A"} {
		fmt.Fprintf(h.b, "%.4f %s rtp %d pt=%d ssrc=%d seq=%d mark\n", h.at+from+float64(i)*0.007, way, count, pt, h.n*2+i+1000, 1+h.n*37%65000+h.sent)
	}
	h.sent += count
}

func (h *wholesome) setup(ring float64) (answered float64) {
	s := h.codec()
	h.line(0, "A>B INVITE 1 sdp=%s", s)
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(ring, "B>A 200 INVITE 1 sdp=%s", strings.Split(s, ",")[0])
	h.line(ring+0.03, "A>B ACK 1")
	return ring + 0.03
}

func (h *wholesome) bye(at float64, number int) {
	h.line(at, "A>B BYE %d", number)
	h.line(at+0.02, "B>A 200 BYE %d", number)
}

func (h *wholesome) plain() {
	up := h.setup(1 + h.r.Float64()*2)
	h.talk(up, up+4)
	h.bye(up+4, 2)
}

func (h *wholesome) calleeEnds() {
	up := h.setup(1)
	h.talk(up, up+3)
	h.line(up+3, "B>A BYE 1")
	h.line(up+3.02, "A>B 200 BYE 1")
}

func (h *wholesome) longRing() {
	up := h.setup(40)
	h.talk(up, up+2)
	h.bye(up+2, 2)
}

func (h *wholesome) crossingByes() {
	up := h.setup(1)
	h.talk(up, up+3)
	h.line(up+3, "A>B BYE 2")
	h.line(up+3.001, "B>A BYE 1")
	h.line(up+3.02, "B>A 200 BYE 2")
	h.line(up+3.021, "A>B 200 BYE 1")
}

func (h *wholesome) auth() {
	h.line(0, "A>B INVITE 1 sdp=pcmu")
	h.line(0.02, `B>A 407 INVITE 1 +Proxy-Authenticate:Digest_realm="r",nonce="n%d",qop="auth"`, h.n)
	h.line(0.03, "A>B ACK 1 nack")
	h.line(0.05, `A>B INVITE 2 sdp=pcmu +Proxy-Authorization:Digest_username="alice",realm="r",nonce="n%d",uri="sip:b",qop=auth,nc=00000001,cnonce="c",response="00"`, h.n)
	h.line(0.07, "B>A 100 INVITE 2")
	h.line(0.5, "B>A 180 INVITE 2")
	h.line(1, "B>A 200 INVITE 2 sdp=pcmu")
	h.line(1.02, "A>B ACK 2")
	h.bye(5, 3)
}

func (h *wholesome) early() {
	h.line(0, "A>B INVITE 1 sdp=pcmu")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.4, "B>A 183 INVITE 1 sdp=pcmu")
	fmt.Fprintf(h.b, "%.4f B>A rtp 300 ssrc=%d\n", h.at+0.42, h.n*2+1000)
	fmt.Fprintf(h.b, "%.4f A>B rtp 150 ssrc=%d\n", h.at+3.42, h.n*2+1001)
	h.line(3.4, "B>A 200 INVITE 1 sdp=pcmu")
	h.line(3.42, "A>B ACK 1")
	h.bye(6.4, 2)
}

func (h *wholesome) reliable() {
	h.line(0, "A>B INVITE 1 sdp=pcmu +Supported:100rel")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 183 INVITE 1 sdp=pcmu +Require:100rel +RSeq:%d", 7)
	h.line(0.32, "A>B PRACK 2 +RAck:7_1_INVITE")
	h.line(0.34, "B>A 200 PRACK 2")
	h.line(0.4, "A>B UPDATE 3 to=b sdp=pcmu,version:2")
	h.line(0.42, "B>A 200 UPDATE 3 sdp=pcmu,version:2")
	h.line(0.5, "B>A 180 INVITE 1 +Require:100rel +RSeq:8")
	h.line(0.52, "A>B PRACK 4 +RAck:8_1_INVITE")
	h.line(0.54, "B>A 200 PRACK 4")
	h.line(1.5, "B>A 200 INVITE 1")
	h.line(1.52, "A>B ACK 1")
	h.bye(5, 5)
}

func (h *wholesome) late() {
	h.line(0, "A>B INVITE 1")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(1, "B>A 200 INVITE 1 sdp=pcmu,pcma")
	h.line(1.02, "A>B ACK 1 sdp=pcmu")
	h.bye(5, 2)
}

func (h *wholesome) hold() {
	up := h.setup(1)
	h.talk(up, up+2)
	way := []string{"sendonly", "inactive", "zero"}[h.n/len(variations())%3]
	answer := map[string]string{"sendonly": "recvonly", "inactive": "inactive", "zero": "sendrecv"}[way]
	first := strings.Split(h.codec(), ",")[0]
	h.line(up+2, "A>B INVITE 2 to=b sdp=%s,%s,version:2", first, way)
	h.line(up+2.02, "B>A 200 INVITE 2 sdp=%s,%s,version:2", first, answer)
	h.line(up+2.04, "A>B ACK 2")
	h.line(up+12, "A>B INVITE 3 to=b sdp=%s,version:3", first)
	h.line(up+12.02, "B>A 200 INVITE 3 sdp=%s,version:3", first)
	h.line(up+12.04, "A>B ACK 3")
	h.talk(up+12.05, up+14)
	h.bye(up+14, 4)
}

func (h *wholesome) reinvite() {
	up := h.setup(1)
	h.line(up+2, "B>A INVITE 1 to=a sdp=pcma,version:2")
	h.line(up+2.02, "A>B 100 INVITE 1")
	h.line(up+2.1, "A>B 200 INVITE 1 sdp=pcma,version:2")
	h.line(up+2.12, "B>A ACK 1")
	h.bye(up+4, 2)
}

func (h *wholesome) fork() {
	h.line(0, "A>P INVITE 1 sdp=pcmu")
	h.line(0.005, "P>A 100 INVITE 1")
	h.line(0.01, "P>B INVITE 1 sdp=pcmu branch=z9hG4bKb%d", h.n)
	h.line(0.01, "P>C INVITE 1 sdp=pcmu branch=z9hG4bKc%d", h.n)
	h.line(0.1, "B>P 180 INVITE 1 branch=z9hG4bKb%d", h.n)
	h.line(0.11, "P>A 180 INVITE 1 to=b")
	h.line(0.12, "C>P 180 INVITE 1 branch=z9hG4bKc%d", h.n)
	h.line(0.13, "P>A 180 INVITE 1 to=c")
	h.line(2, "C>P 200 INVITE 1 sdp=pcmu branch=z9hG4bKc%d", h.n)
	h.line(2.01, "P>A 200 INVITE 1 sdp=pcmu to=c")
	h.line(2.02, "P>B CANCEL 1 branch=z9hG4bKb%d", h.n)
	h.line(2.03, "B>P 200 CANCEL 1 branch=z9hG4bKb%d", h.n)
	h.line(2.04, "B>P 487 INVITE 1 branch=z9hG4bKb%d", h.n)
	h.line(2.05, "P>B ACK 1 nack branch=z9hG4bKb%d", h.n)
	h.line(2.06, "A>P ACK 1 to=c branch=z9hG4bKack%d", h.n)
	h.line(2.07, "P>C ACK 1 branch=z9hG4bKackc%d", h.n)
	h.line(6, "A>P BYE 2 to=c")
	h.line(6.01, "P>C BYE 2")
	h.line(6.02, "C>P 200 BYE 2")
	h.line(6.03, "P>A 200 BYE 2 to=c")
}

func (h *wholesome) nat() {
	fmt.Fprintf(h.b, "host A 203.0.113.%d:%d\nhost B 198.51.100.%d:5060\n", h.n%250+1, 20000+h.n%30000, h.n%250+1)
	inside := fmt.Sprintf("192.168.%d.20", h.n%200)
	h.line(0, "A>B INVITE 1 sdp=pcmu,at:%s,origin:%s contact=alice@%s:5060", inside, inside, inside)
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(1, "B>A 200 INVITE 1 sdp=pcmu")
	h.line(1.02, "A>B ACK 1")
	fmt.Fprintf(h.b, "%.4f A>B rtp 200 ssrc=%d port=%d\n", h.at+1.05, h.n*2+1000, 40000+h.n%1000*2)
	fmt.Fprintf(h.b, "%.4f B>A rtp 200 ssrc=%d to=%d\n", h.at+1.06, h.n*2+1001, 40000+h.n%1000*2)
	h.bye(5.1, 2)
}

func (h *wholesome) dtx() {
	h.line(0, "A>B INVITE 1 sdp=pcmu,cn")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(1, "B>A 200 INVITE 1 sdp=pcmu,cn")
	h.line(1.02, "A>B ACK 1")
	for i := range 4 {
		start, number := 1.05+2*float64(i), 100+i*52
		for j, way := range []string{"A>B", "B>A"} {
			ssrc := h.n*2 + 1000 + j
			fmt.Fprintf(h.b, "%.4f %s rtp 50 ssrc=%d seq=%d ticks=%d mark=1\n", h.at+start, way, ssrc, number, 100000+i*16000)
			fmt.Fprintf(h.b, "%.4f %s rtp 1 pt=13 size=1 ssrc=%d seq=%d ticks=%d\n", h.at+start+1, way, ssrc, number+50, 100000+i*16000+8000)
			fmt.Fprintf(h.b, "%.4f %s rtp 1 pt=13 size=1 ssrc=%d seq=%d ticks=%d\n", h.at+start+1.5, way, ssrc, number+51, 100000+i*16000+12000)
		}
	}
	h.bye(9.2, 2)
}

func (h *wholesome) timer() {
	h.line(0, "A>B INVITE 1 sdp=pcmu +Supported:timer +Session-Expires:90;refresher=uac")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(1, "B>A 200 INVITE 1 sdp=pcmu +Require:timer +Session-Expires:90;refresher=uac")
	h.line(1.02, "A>B ACK 1")
	h.line(46, "A>B UPDATE 2 to=b +Session-Expires:90;refresher=uac")
	h.line(46.02, "B>A 200 UPDATE 2 +Session-Expires:90;refresher=uac")
	h.line(91, "A>B INVITE 3 to=b sdp=pcmu +Session-Expires:90;refresher=uac")
	h.line(91.02, "B>A 200 INVITE 3 sdp=pcmu +Session-Expires:90;refresher=uac")
	h.line(91.04, "A>B ACK 3")
	h.bye(110+h.r.Float64()*20, 4)
}

func (h *wholesome) redirect() {
	h.line(0, "A>B INVITE 1 sdp=pcmu uri=bob@example.org")
	h.line(0.1, "B>A 302 INVITE 1 contact=carol@example.org")
	h.line(0.12, "A>B ACK 1 nack")
	h.line(0.2, "A>C INVITE 2 sdp=pcmu uri=carol@example.org")
	h.line(0.3, "C>A 180 INVITE 2")
	h.line(1, "C>A 200 INVITE 2 sdp=pcmu")
	h.line(1.02, "A>C ACK 2")
	h.line(5, "A>C BYE 3")
	h.line(5.02, "C>A 200 BYE 3")
}

func (h *wholesome) cancel() {
	h.line(0, "A>B INVITE 1 sdp=pcmu")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 180 INVITE 1")
	h.line(5, "A>B CANCEL 1")
	h.line(5.02, "B>A 200 CANCEL 1")
	h.line(5.03, "B>A 487 INVITE 1")
	h.line(5.05, "A>B ACK 1 nack")
}

func (h *wholesome) busy() {
	h.line(0, "A>B INVITE 1 sdp=pcmu")
	h.line(0.02, "B>A 100 INVITE 1")
	h.line(0.3, "B>A 486 INVITE 1")
	h.line(0.32, "A>B ACK 1 nack")
}

func (h *wholesome) transfer() {
	up := h.setup(1)
	h.line(up+2, "A>B REFER 2 to=b +Refer-To:<sip:carol%d@example.org>", h.n)
	h.line(up+2.02, "B>A 202 REFER 2")
	h.line(up+2.1, "B>A NOTIFY 1 +Event:refer +Subscription-State:active body=message/sipfrag:SIP/2.0_100_Trying|")
	h.line(up+2.12, "A>B 200 NOTIFY 1")
	h.line(up+4, "B>A NOTIFY 2 +Event:refer +Subscription-State:terminated body=message/sipfrag:SIP/2.0_200_OK|")
	h.line(up+4.02, "A>B 200 NOTIFY 2")
	h.bye(up+4.1, 3)
}

func (h *wholesome) proxy() {
	h.line(0, "A>P INVITE 1 sdp=pcmu")
	h.line(0.01, "P>A 100 INVITE 1")
	h.line(0.02, "P>B INVITE 1 sdp=pcmu")
	h.line(0.1, "B>P 180 INVITE 1")
	h.line(0.11, "P>A 180 INVITE 1 to=b")
	h.line(1, "B>P 200 INVITE 1 sdp=pcmu")
	h.line(1.01, "P>A 200 INVITE 1 sdp=pcmu to=b")
	h.line(1.02, "A>B ACK 1 branch=z9hG4bKdirect%d", h.n) // the proxy does not stay in the way
	h.bye(5, 2)
}

func (h *wholesome) lost() {
	h.line(0, "A>B INVITE 1 sdp=pcmu")
	h.line(0.5, "A>B INVITE 1 sdp=pcmu")
	h.line(0.52, "B>A 100 INVITE 1")
	h.line(0.6, "B>A 180 INVITE 1")
	h.line(1, "B>A 200 INVITE 1 sdp=pcmu")
	h.line(1.5, "B>A 200 INVITE 1 sdp=pcmu")
	h.line(1.52, "A>B ACK 1")
	h.line(1.6, "A>B ACK 1")
	h.line(5, "A>B BYE 2")
	h.line(5.5, "A>B BYE 2")
	h.line(5.52, "B>A 200 BYE 2")
}

func (h *wholesome) register() {
	for i := range 3 {
		at, number := 50*float64(i), 2*i+1
		h.line(at, "A>B REGISTER %d +Expires:120 callee=user%d caller=user%d", number, h.n, h.n)
		h.line(at+0.02, `B>A 401 REGISTER %d +WWW-Authenticate:Digest_realm="r",nonce="n%d-%d",qop="auth" callee=user%d`, number, h.n, i, h.n)
		h.line(at+0.05, `A>B REGISTER %d +Expires:120 callee=user%d caller=user%d +Authorization:Digest_username="u",realm="r",nonce="n%d-%d",uri="sip:b",qop=auth,nc=00000001,cnonce="c",response="00"`, number+1, h.n, h.n, h.n, i)
		h.line(at+0.07, "B>A 200 REGISTER %d +Expires:120 callee=user%d", number+1, h.n)
	}
}

func (h *wholesome) other() {
	switch h.n % 3 {
	case 0:
		for i := range 4 {
			h.line(10*float64(i), "A>B OPTIONS %d", i+1)
			h.line(10*float64(i)+0.02, "B>A 200 OPTIONS %d", i+1)
		}
	case 1:
		h.line(0, "A>B MESSAGE 1 body=text/plain:hello")
		h.line(0.02, "B>A 200 MESSAGE 1")
	case 2:
		h.line(0, "A>B SUBSCRIBE 1 +Event:presence +Expires:600")
		h.line(0.02, "B>A 200 SUBSCRIBE 1 +Expires:600")
		h.line(0.05, "B>A NOTIFY 1 +Event:presence +Subscription-State:active;expires=600")
		h.line(0.07, "A>B 200 NOTIFY 1")
	}
}

func (h *wholesome) glare() {
	up := h.setup(1)
	h.line(up+2, "A>B INVITE 2 to=b sdp=pcmu,version:2")
	h.line(up+2.001, "B>A INVITE 1 to=a sdp=pcmu,version:2")
	h.line(up+2.02, "B>A 491 INVITE 2")
	h.line(up+2.021, "A>B 491 INVITE 1")
	h.line(up+2.03, "A>B ACK 2 nack")
	h.line(up+2.031, "B>A ACK 1 nack")
	h.line(up+4.5, "A>B INVITE 3 to=b sdp=pcmu,version:3")
	h.line(up+4.52, "B>A 200 INVITE 3 sdp=pcmu,version:3")
	h.line(up+4.54, "A>B ACK 3")
	h.bye(up+6, 4)
}

func (h *wholesome) video() {
	up := h.setup(1)
	first := strings.Split(h.codec(), ",")[0]
	h.line(up+2, "A>B INVITE 2 to=b sdp=%s,video,version:2", first)
	h.line(up+2.02, "B>A 200 INVITE 2 sdp=%s,novideo,version:2", first)
	h.line(up+2.04, "A>B ACK 2")
	h.bye(up+4, 3)
}

// SIPp's own scenarios are healthy, too.
func TestHealthySIPp(t *testing.T) {
	for name, calls := range map[string]int{"sipp-uac": 20, "sipp-regexp": 5, "sipp-branch": 5} {
		snap := scene.Capture(t, "testdata/"+name+".pcap")
		if len(snap.Calls) != calls {
			t.Errorf("%s: %d calls, want %d", name, len(snap.Calls), calls)
		}
		r := New(Options{}).Run(snap)
		for _, c := range snap.Calls {
			said := r.ByCall[c.Index]
			if name == "sipp-branch" && c.FinalStatus == 403 { // the callee tosses a coin
				if len(said) != 1 || said[0].Code != "SIG-23" || said[0].Severity != correlate.Info {
					t.Errorf("%s: %s: %+v, want the refusal alone", name, c.CallID, said)
				}
				continue
			}
			judgeHealthy(t, c, said, name, map[string]int{})
		}
		for i := range r.Capture {
			if f := &r.Capture[i]; f.Severity != correlate.Info {
				t.Errorf("%s: %s %s: %s", name, f.Severity, f.Code, f.Explanation)
			}
		}
	}
}
