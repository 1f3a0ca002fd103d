package detect

import "sipsniff/decode/sdp"

// Judge looks at the newest packets of one flow, in order of arrival, and
// reports whether they are RTP. What it refuses it may accept when more are
// there: the weaker the evidence, the more packets it wants to see.
func Judge(packets []Packet, s Support) (Guess, bool) {
	var f facts
	if !f.gather(packets) || !f.numbered() || f.text {
		return Guess{}, false
	}
	if f.eventsOnly() {
		return f.judgeEvents(&s)
	}
	static, known := sdp.Static(f.main)
	switch {
	case known:
		return f.judgeStatic(&static, &s)
	case f.main < 77: // not assigned, and never dynamic (RFC 3551 §6)
		return Guess{}, false
	}
	return f.judgeDynamic(packets, &s)
}

// judgeStatic holds a flow against the codec that its payload type stands for.
func (f *facts) judgeStatic(c *sdp.Codec, s *Support) (Guess, bool) {
	if c.Name == "CN" || c.PayloadType == 2 { // alone it is no stream; and G721 is not in use
		return Guess{}, false
	}
	fit := f.fits(c)
	if fit == wrong || f.advance <= 0 || f.meanDrift(c.ClockRate) >= maxDrift || f.slow(c.ClockRate) {
		return Guess{}, false
	}
	kind := staticMedia(c)
	timed := f.steady() || kind == "video" && (f.framed() || fit == exact)
	if !timed || fit != exact && !f.inTime(c.ClockRate) {
		return Guess{}, false
	}
	need := leastPackets
	if fit != exact && !s.corroborated() {
		need = 8
	}
	if kind == "video" && fit != exact && f.frames < leastFrames || !f.enough(need, s) {
		return Guess{}, false
	}
	return f.withEvents(Guess{PayloadType: f.main, Static: true, Codec: c.Name, ClockRate: c.ClockRate, Media: kind}), true
}

func staticMedia(c *sdp.Codec) string {
	if c.ClockRate == 90000 && c.Name != "MPA" {
		return "video"
	}
	return "audio"
}

// judgeDynamic finds the clock that a flow of a dynamic payload type runs by.
func (f *facts) judgeDynamic(packets []Packet, s *Support) (Guess, bool) {
	framed, steady := f.framed() && f.frames >= leastFrames, f.steady()
	if f.advance <= 0 {
		return Guess{}, false
	}
	clock, plain := f.clock(framed)
	if clock == 0 || !framed && !steady && !f.paused(clock) {
		return Guess{}, false
	}
	need := 10
	switch {
	case f.main < 96: // rare
		need = 20
	case steady && f.perfect() && plain && (s.corroborated() || s.EvenPorts):
		need = leastPackets
	case s.corroborated():
		need = 8
	}
	if !f.enough(need, s) {
		return Guess{}, false
	}
	g := Guess{PayloadType: f.main, Media: "audio"}
	f.codec(packets, clock, &g)
	if g.ClockRate == 90000 {
		g.Media = "video"
	}
	return f.withEvents(g), true
}

// enough reports whether there are so many packets; of the SSRC 0, which
// other protocols have in its place, twice as many that are perfect.
func (f *facts) enough(need int, s *Support) bool {
	if s.SSRC == 0 {
		return f.packets >= 2*need && f.perfect()
	}
	return f.packets >= need
}

func (f *facts) withEvents(g Guess) Guess {
	g.HasEvents, g.EventsType = f.hasEvents, f.eventsType
	return g
}
