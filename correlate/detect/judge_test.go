package detect

import (
	"math/rand/v2"
	"testing"
)

const msec = int64(1e6)

// A talk is a flow as a sender would make it.
type talk struct {
	payloadType uint8
	ticks       uint32
	every       int64 // ms
	lengths     []int // in turn
	heads       []uint32
	perFrame    int // packets that share a timestamp; the last has the marker
}

// packets makes n packets, each up to 5 ms late.
func (c *talk) packets(n int) []Packet {
	rnd := rand.New(rand.NewPCG(1, 2))
	list := make([]Packet, n)
	frames := max(c.perFrame, 1)
	for i := range list {
		p := &list[i]
		frame := int64(i / frames)
		p.Arrival = frame*c.every*msec + int64(i%frames)*100_000 + rnd.Int64N(5*msec)*int64(1/frames)
		p.Number, p.Timestamp, p.PayloadType = int64(i)+1000, 5000+uint32(frame)*c.ticks, c.payloadType
		p.Marker = c.perFrame > 0 && i%frames == frames-1
		p.Octets = c.lengths[i%len(c.lengths)]
		if len(c.heads) > 0 {
			p.Head = c.heads[i%len(c.heads)]
		}
	}
	return list
}

// TestCodecs tells the codecs of appendix A and B of the specification by the
// shape of their packets.
func TestCodecs(t *testing.T) {
	tests := []struct {
		name   string
		talk   talk
		static bool
		codec  string
		clock  uint32
		media  string
	}{
		{"G.711 u-law", talk{0, 160, 20, []int{160}, nil, 0}, true, "PCMU", 8000, "audio"},
		{"G.711 A-law of 30 ms", talk{8, 240, 30, []int{240}, nil, 0}, true, "PCMA", 8000, "audio"},
		{"G.711 in SRTP", talk{8, 160, 20, []int{170}, nil, 0}, true, "PCMA", 8000, "audio"},
		{"GSM", talk{3, 160, 20, []int{33}, nil, 0}, true, "GSM", 8000, "audio"},
		{"G.723.1", talk{4, 240, 30, []int{24}, nil, 0}, true, "G723", 8000, "audio"},
		{"G.723.1 at 5.3 kbit/s", talk{4, 240, 30, []int{20}, nil, 0}, true, "G723", 8000, "audio"},
		{"DVI4", talk{5, 160, 20, []int{84}, nil, 0}, true, "DVI4", 8000, "audio"},
		{"LPC", talk{7, 160, 20, []int{7}, nil, 0}, true, "LPC", 8000, "audio"},
		{"G.722", talk{9, 160, 20, []int{160}, nil, 0}, true, "G722", 8000, "audio"},
		{"L16 mono", talk{11, 441, 10, []int{882}, nil, 0}, true, "L16", 44100, "audio"},
		{"MPEG audio of 44.1 kHz", talk{14, 2351, 26, []int{418}, nil, 0}, true, "MPA", 90000, "audio"},
		{"G.728", talk{15, 160, 20, []int{40}, nil, 0}, true, "G728", 8000, "audio"},
		{"G.729", talk{18, 160, 20, []int{20}, nil, 0}, true, "G729", 8000, "audio"},
		{"H.263", talk{34, 3003, 33, []int{900, 1000, 300}, nil, 3}, true, "H263", 90000, "video"},
		{"MPEG transport stream", talk{33, 1800, 20, []int{1316}, []uint32{0x47010011}, 0}, true, "MP2T", 90000, "video"},

		{"G.726-32", talk{97, 160, 20, []int{80}, nil, 0}, false, "G726-32", 8000, "audio"},
		{"iLBC of 30 ms", talk{97, 240, 30, []int{50}, nil, 0}, false, "iLBC", 8000, "audio"},
		{"GSM-EFR", talk{97, 160, 20, []int{31}, nil, 0}, false, "GSM-EFR", 8000, "audio"},
		{"AMR 12.2, octet-aligned", talk{97, 160, 20, []int{33}, []uint32{0xF03C0000}, 0}, false, "AMR", 8000, "audio"},
		{"AMR 12.2, bandwidth-efficient", talk{97, 160, 20, []int{32}, []uint32{0xF3C00000}, 0}, false, "AMR", 8000, "audio"},
		{"AMR-WB 12.65, octet-aligned", talk{97, 320, 20, []int{34}, []uint32{0xF0140000}, 0}, false, "AMR-WB", 16000, "audio"},
		{"G.722.1", talk{115, 320, 20, []int{60}, nil, 0}, false, "G7221", 16000, "audio"},
		{"Opus", talk{111, 960, 20, []int{71, 80, 93}, nil, 0}, false, "opus", 48000, "audio"},
		{"Opus of 60 ms", talk{111, 2880, 60, []int{171, 180, 193}, nil, 0}, false, "opus", 48000, "audio"},
		{"AAC", talk{96, 1024, 23, []int{371, 380, 393}, nil, 0}, false, "mpeg4-generic", 44100, "audio"},
		{"L16 of 16 kHz", talk{96, 320, 20, []int{640}, nil, 0}, false, "L16", 16000, "audio"},
		{"L24 of 48 kHz", talk{96, 480, 10, []int{1440}, nil, 0}, false, "L24", 48000, "audio"},
		{"unknown of 16 kHz", talk{104, 320, 20, []int{55, 60, 72}, nil, 0}, false, "", 16000, "audio"},
		{"H.264", talk{99, 3600, 40, []int{1200, 1200, 700}, []uint32{0x7C854000, 0x7C054000, 0x7C454000}, 3}, false, "H264", 90000, "video"},
		{"H.265", talk{99, 3600, 40, []int{1200, 1200, 700}, []uint32{0x62018100, 0x62010100, 0x62014100}, 3}, false, "H265", 90000, "video"},
		{"VP8", talk{99, 3600, 40, []int{1200, 1200, 700}, []uint32{0x90800000, 0x80800000, 0x80800000}, 3}, false, "VP8", 90000, "video"},
		{"encrypted video", talk{99, 3600, 40, []int{1200, 1200, 700}, []uint32{0xDEADBEEF, 0x12345678, 0xCAFEBABE}, 3}, false, "", 90000, "video"},
	}
	for _, tt := range tests {
		g, ok := Judge(tt.talk.packets(24), Support{SSRC: 7})
		if !ok || g.Static != tt.static || g.Codec != tt.codec || g.ClockRate != tt.clock || g.Media != tt.media || g.PayloadType != tt.talk.payloadType {
			t.Errorf("%s: accepted %v as %+v", tt.name, ok, g)
		}
	}
}

// voice is 20 ms of Opus, talk of which everything is right.
func voice() talk { return talk{111, 960, 20, []int{71, 80, 93}, nil, 0} }

// TestHowManyPackets: the weaker the evidence, the more of it.
func TestHowManyPackets(t *testing.T) {
	opus := voice()
	pcmu := talk{0, 160, 20, []int{160}, nil, 0}
	qcelp := talk{12, 160, 20, []int{35}, nil, 0}
	rare := talk{85, 960, 20, []int{71, 80, 93}, nil, 0}
	tests := []struct {
		name string
		talk talk
		s    Support
		want int
	}{
		{"exact", pcmu, Support{SSRC: 7}, 5},
		{"exact, SSRC 0", pcmu, Support{}, 10},
		{"lengths say little", qcelp, Support{SSRC: 7}, 8},
		{"lengths say little, with RTCP", qcelp, Support{SSRC: 7, Report: true}, 5},
		{"dynamic", opus, Support{SSRC: 7}, 10},
		{"dynamic, even ports", opus, Support{SSRC: 7, EvenPorts: true}, 5},
		{"dynamic, the way back", opus, Support{SSRC: 7, Reverse: true}, 5},
		{"dynamic, SSRC 0", opus, Support{EvenPorts: true}, 10},
		{"rare payload type", rare, Support{SSRC: 7, Reverse: true}, 20},
	}
	for _, tt := range tests {
		got := 0
		for n := 1; n <= 32; n++ {
			if _, ok := Judge(tt.talk.packets(n), tt.s); ok {
				got = n
				break
			}
		}
		if got != tt.want {
			t.Errorf("%s: accepted at packet %d, want %d", tt.name, got, tt.want)
		}
	}
}

// TestRefused breaks one thing at a time of a flow that would be accepted.
func TestRefused(t *testing.T) {
	each := func(change func(i int, p *Packet)) func([]Packet) {
		return func(list []Packet) {
			for i := range list {
				change(i, &list[i])
			}
		}
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	tests := map[string]func([]Packet){
		"constant number":         each(func(i int, p *Packet) { p.Number, p.Repeated = 7, i > 0 }),
		"number goes by 6":        each(func(i int, p *Packet) { p.Number = int64(i) * 6 }),
		"number goes down":        each(func(i int, p *Packet) { p.Number = -int64(i) }),
		"numbers jump":            each(func(i int, p *Packet) { p.Jumped = i%2 == 1 }),
		"every second jumps":      each(func(i int, p *Packet) { p.Number = int64(i/2*20 + i%2) }),
		"constant timestamp":      each(func(_ int, p *Packet) { p.Timestamp = 7 }),
		"random timestamp":        each(func(_ int, p *Packet) { p.Timestamp = rnd.Uint32() }),
		"timestamp of 1 kHz":      each(func(i int, p *Packet) { p.Timestamp = uint32(i) * 20 }),
		"timestamp of 1 MHz":      each(func(i int, p *Packet) { p.Timestamp = uint32(i) * 20000 }),
		"timestamp of 60 Hz":      each(func(i int, p *Packet) { p.Timestamp = uint32(i) }),
		"timestamp goes down":     each(func(i int, p *Packet) { p.Timestamp = uint32(-i) * 960 }),
		"too slow":                each(func(i int, p *Packet) { p.Arrival = int64(i) * 1000 * msec }),
		"all at once":             each(func(_ int, p *Packet) { p.Arrival = 0 }),
		"SIP inside":              each(func(_ int, p *Packet) { p.Head = 0x5349502F }),
		"HTTP inside":             each(func(_ int, p *Packet) { p.Head = 0x48545450 }),
		"unassigned payload type": each(func(_ int, p *Packet) { p.PayloadType = 20 }),
		"comfort noise only":      each(func(_ int, p *Packet) { p.PayloadType = 13 }),
		"not the length of G.711": each(func(i int, p *Packet) { p.PayloadType, p.Timestamp, p.Octets = 0, uint32(i)*160, 100 }),
		"not the length of G.729": each(func(i int, p *Packet) { p.PayloadType, p.Timestamp, p.Octets = 18, uint32(i)*160, 23 }),
		"G.711 of 1 kHz":          each(func(i int, p *Packet) { p.PayloadType, p.Timestamp, p.Octets = 0, uint32(i)*20, 20 }),
	}
	for name, spoil := range tests {
		opus := voice()
		for n := 5; n <= 32; n++ {
			list := opus.packets(n)
			if _, ok := Judge(list, Support{SSRC: 7, EvenPorts: true}); !ok {
				t.Fatalf("%d packets of voice are refused", n)
			}
			spoil(list)
			if g, ok := Judge(list, Support{SSRC: 7, EvenPorts: true}); ok {
				t.Errorf("%s: %d packets are taken for %+v", name, n, g)
				break
			}
		}
	}
}

// TestSpoiltVoice accepts what happens to real streams.
func TestSpoiltVoice(t *testing.T) {
	tests := map[string]func([]Packet) []Packet{
		"a tenth is lost": func(list []Packet) []Packet {
			var left []Packet
			for i, p := range list {
				if i%10 != 3 {
					left = append(left, p)
				}
			}
			return left
		},
		"each is sent twice": func(list []Packet) []Packet {
			var twice []Packet
			for _, p := range list {
				twice = append(twice, p)
				p.Repeated = true
				twice = append(twice, p)
			}
			return twice
		},
		"pauses after every second": func(list []Packet) []Packet {
			for i := range list {
				pauses := int64(i / 2)
				list[i].Arrival += pauses * 380 * msec
				list[i].Timestamp += uint32(pauses) * 380 * 48
			}
			return list
		},
		"digits in between": func(list []Packet) []Packet {
			for i := 10; i < 16; i++ {
				list[i].PayloadType, list[i].Octets, list[i].Timestamp = 101, 4, list[10].Timestamp
				list[i].Head, list[i].Marker = 0x050A0000|uint32(i-9)*160, i == 10
			}
			return list
		},
	}
	for name, spoil := range tests {
		opus := voice()
		g, ok := Judge(spoil(opus.packets(32)), Support{SSRC: 7})
		if !ok || g.ClockRate != 48000 || g.PayloadType != 111 {
			t.Errorf("%s: accepted %v as %+v", name, ok, g)
		}
		if name == "digits in between" && (!g.HasEvents || g.EventsType != 101) {
			t.Errorf("the digits are not seen: %+v", g)
		}
	}
}

// TestEventsOnly is a keypad without a voice (RFC 4733).
func TestEventsOnly(t *testing.T) {
	digit := func(n int) []Packet {
		list := make([]Packet, n)
		for i := range list {
			list[i] = Packet{Arrival: int64(i) * 20 * msec, Number: int64(i), Timestamp: 800, Octets: 4, PayloadType: 101,
				Head: 5<<24 | 10<<16 | uint32(i)*160, Marker: i == 0}
		}
		return list
	}
	if g, ok := Judge(digit(7), Support{SSRC: 7}); !ok || g.Codec != "telephone-event" || g.ClockRate != 8000 {
		t.Errorf("accepted %v as %+v", ok, g)
	}
	for name, change := range map[string]func(p *Packet, i int){
		"another event":      func(p *Packet, i int) { p.Head ^= uint32(i&1) << 24 },
		"no such event":      func(p *Packet, _ int) { p.Head |= 200 << 24 },
		"duration goes down": func(p *Packet, i int) { p.Head = 5<<24 | uint32(5000-i) },
		"five octets":        func(p *Packet, _ int) { p.Octets = 5 },
		"static":             func(p *Packet, _ int) { p.PayloadType = 20 },
	} {
		list := digit(32)
		for i := range list {
			change(&list[i], i)
		}
		if g, ok := Judge(list, Support{SSRC: 7}); ok {
			t.Errorf("%s: taken for %+v", name, g)
		}
	}
}

func TestJudgeAllocatesNothing(t *testing.T) {
	opus := voice()
	list := opus.packets(32)
	if n := testing.AllocsPerRun(100, func() { Judge(list, Support{SSRC: 7}) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

// FuzzJudge looks for packets that no judgement survives.
func FuzzJudge(f *testing.F) {
	f.Add([]byte("\x00\x00\x6f\x00\x01\x00\x00\x00\x00\x47"), uint64(1), uint8(20))
	f.Add(make([]byte, 200), uint64(0), uint8(32))
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, n uint8) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		list := make([]Packet, n)
		at := func(i int) int64 {
			if len(b) == 0 {
				return 0
			}
			return int64(b[i%len(b)])
		}
		for i := range list {
			list[i] = Packet{Arrival: int64(i) * at(i) << (at(i+1) % 40), Number: int64(i) * at(2), Timestamp: uint32(i) * uint32(at(3)<<(at(4)%24)),
				Head: uint32(at(i+5))<<24 | uint32(at(i+6))<<16, Octets: int(at(i+7)) << (at(8) % 9), PayloadType: uint8(at(9)), Marker: at(i+9)%2 == 1,
				Repeated: at(i+10)%7 == 6, Jumped: at(i+11)%7 == 6}
			if at(12)%2 == 1 {
				list[i].Timestamp, list[i].Arrival = rnd.Uint32(), rnd.Int64()
			}
		}
		g, ok := Judge(list, Support{SSRC: uint32(at(13)), EvenPorts: at(14)%2 == 1, Reverse: at(15)%2 == 1})
		if ok && (g.ClockRate == 0 || g.Media == "" || len(list) < leastPackets) {
			t.Fatalf("%d packets accepted as %+v", len(list), g)
		}
	})
}
