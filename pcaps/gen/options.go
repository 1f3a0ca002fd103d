package gen

import (
	"errors"
	"fmt"
	"time"
)

// Options say what a capture shall contain. The zero value of a field means
// the default named beside it; the zero Options are 10 plain calls with audio.
type Options struct {
	Seed  uint64    // another seed, another capture of the same kind
	Start time.Time // of the first call; 2026-01-05 09:00:00 UTC

	Calls         int           // exchanges: calls and registrations together; 10
	Rate          float64       // new ones per second, at random distances; 5
	Concurrency   int           // calls up at once on average; when set, it decides the rate
	Length        time.Duration // talk time, varied by a fifth up and down; 10 s
	Ring          time.Duration // from INVITE to the final answer, varied likewise; 2 s
	RegisterShare float64       // part of the exchanges that are registrations, 0–1
	RegisterFail  float64       // part of the registrations that are refused with 403
	Mix           Mix           // how calls end; every one answered
	Legs          int           // 2 puts a B2BUA in the middle, each call then is two; 1
	Retransmit    float64       // part of the calls over UDP whose INVITE is sent twice

	NoMedia    bool          // signalling only
	Codec      string        // "PCMA", "PCMU", "" takes them in turns
	RTCP       bool          // sender reports both ways, every 5 s
	DTMF       string        // digits the caller presses two seconds into the call (RFC 4733)
	Loss       float64       // part of the RTP packets lost before the capture, 0–1
	Burst      float64       // mean length of a run of losses in packets; up to 1 is random loss
	LossAfter  time.Duration // of talking, before the first loss
	LossFrom   Side          // whose packets get lost, duplicated, reordered; both
	LossRelay  bool          // a B2BUA hands on what it gets: the leg behind it has the gaps of the one in front
	OneWay     bool          // the callee is behind NAT: its description names a private address, its audio never arrives
	Jitter     time.Duration // RTP packets arrive late by up to this, never overtaking
	Duplicates float64       // part of the RTP packets that the network doubles
	Reorder    float64       // part of the RTP packets that swap places with the next one

	CaptureDuplicates float64 // part of the unfragmented UDP frames recorded twice
	IPv6              float64 // part of the exchanges over IPv6
	VLAN              uint16  // 802.1Q tag on every frame, 1–4094
	Large             float64 // part of the exchanges with requests too large for one packet: fragments
	MTU               int     // of the wire, decides what is fragmented; 1500

	TCP          float64 // part of the exchanges with SIP over TCP
	SegmentSize  int     // octets of payload in a TCP segment at most; 1400
	Coalesce     float64 // part of the provisional responses over TCP that wait and travel with the next message
	SwapSegments float64 // part of the TCP segments that swap places with the next one
	Resend       float64 // part of the TCP segments sent twice; over IPv4, where they can be told from copies made by the capture

	Noise float64 // frames per second that are neither SIP nor RTP
	Flood int     // strangers who send a request and an RTP packet each, 10,000 of them per second
	Evil  bool    // names and headers made to upset a terminal or a parser

	PCAPNG bool // pcapng with nanoseconds instead of pcap with microseconds

	Log bool // the truth of a call lists its messages

	// OnCall, when set, is given the truth of each exchange when it is over;
	// Truth.Calls then stays empty, and memory does not grow with the file.
	OnCall func(*Call) error
}

// A Side is one end of a call.
type Side uint8

// The sides of a call.
const (
	Both Side = iota
	Caller
	Callee
)

// Mix weighs the ways in which calls end against each other.
type Mix struct {
	Answered  int // talk, then BYE by either side
	Auth      int // INVITE challenged with 407, then as Answered
	Busy      int // 486
	Cancelled int // the caller gives up while it rings
	NoAnswer  int // 480 after ringing
	Rejected  int // 603
	Failed    int // 404 or 503
	Timeout   int // nobody responds: seven INVITEs over UDP, one over TCP; a frame of noise at the end lets the capture last 33 s longer
	Moved     int // 302 that nobody follows; the same frame of noise
}

// EverydayMix is roughly what a switchboard sees.
func EverydayMix() Mix {
	return Mix{Answered: 62, Auth: 8, Busy: 7, Cancelled: 9, NoAnswer: 6, Rejected: 3, Failed: 4, Timeout: 1}
}

// ErrOptions is what every complaint about options wraps.
var ErrOptions = errors.New("options make no sense")

// withDefaults fills in what was left zero and refuses what cannot be made.
func (o Options) withDefaults() (Options, error) {
	if o.Start.IsZero() {
		o.Start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	}
	setInt(&o.Calls, 10)
	setInt(&o.Legs, 1)
	setInt(&o.MTU, 1500)
	setInt(&o.SegmentSize, 1400)
	if o.Length == 0 {
		o.Length = 10 * time.Second
	}
	if o.Ring == 0 {
		o.Ring = 2 * time.Second
	}
	if o.Rate == 0 {
		o.Rate = 5
	}
	if o.Concurrency > 0 {
		o.Rate = float64(o.Concurrency) / (o.Length + o.Ring).Seconds()
	}
	if o.Mix == (Mix{}) {
		o.Mix.Answered = 1
	}
	return o, o.check()
}

func setInt(p *int, v int) {
	if *p == 0 {
		*p = v
	}
}

func (o *Options) check() error {
	shares := []struct {
		name  string
		value float64
	}{
		{"register share", o.RegisterShare}, {"register fail", o.RegisterFail}, {"retransmit", o.Retransmit}, {"loss", o.Loss}, {"duplicates", o.Duplicates},
		{"reorder", o.Reorder}, {"capture duplicates", o.CaptureDuplicates}, {"ipv6", o.IPv6}, {"large", o.Large},
		{"tcp", o.TCP}, {"coalesce", o.Coalesce}, {"swap segments", o.SwapSegments}, {"resend", o.Resend},
	}
	for _, s := range shares {
		if !(s.value >= 0 && s.value <= 1) {
			return fmt.Errorf("%w: %s is %v, not a share from 0 to 1", ErrOptions, s.name, s.value)
		}
	}
	switch {
	case o.Calls < 0 || o.Flood < 0 || o.Concurrency < 0 || !(o.Rate > 0) || !(o.Noise >= 0):
		return fmt.Errorf("%w: calls, flood, concurrency, rate and noise count from 0 up", ErrOptions)
	case o.Calls > maxCalls:
		return fmt.Errorf("%w: more than %d calls", ErrOptions, maxCalls)
	case o.Length < time.Second || o.Ring < 500*time.Millisecond:
		return fmt.Errorf("%w: calls talk for a second at least, and ring for half a second", ErrOptions)
	case o.Legs < 1 || o.Legs > 2:
		return fmt.Errorf("%w: %d legs", ErrOptions, o.Legs)
	case o.MTU < 576 || o.MTU > 9000 || o.SegmentSize < 1 || o.SegmentSize > 8900:
		return fmt.Errorf("%w: mtu is 576 to 9000, segment size 1 to 8900", ErrOptions)
	case o.VLAN > 4094:
		return fmt.Errorf("%w: vlan %d", ErrOptions, o.VLAN)
	case o.Codec != "" && o.Codec != "PCMA" && o.Codec != "PCMU":
		return fmt.Errorf("%w: codec %q", ErrOptions, o.Codec)
	case o.Jitter < 0 || o.LossAfter < 0 || o.LossFrom > Callee || o.Mix.total() <= 0:
		return fmt.Errorf("%w: jitter, loss start, side or mix", ErrOptions)
	}
	for _, digit := range []byte(o.DTMF) {
		if _, ok := eventOf(digit); !ok {
			return fmt.Errorf("%w: %q is no digit of a telephone", ErrOptions, digit)
		}
	}
	return nil
}

func (m Mix) weights() [outcomes]int {
	return [outcomes]int{m.Answered, m.Auth, m.Busy, m.Cancelled, m.NoAnswer, m.Rejected, m.Failed, m.Timeout, m.Moved}
}

// total is the sum of the weights, or -1 when one of them is negative.
func (m Mix) total() int {
	sum := 0
	for _, w := range m.weights() {
		if w < 0 {
			return -1
		}
		sum += w
	}
	return sum
}
