package pipeline_test

import (
	"math"

	"sipsniff/decode"
	"sipsniff/decode/rtp"
	"sipsniff/decode/sdp"
)

// A wireRecorder keeps the RTP headers that Wireshark's statistics are made of,
// by source, destination and SSRC, every copy of a packet.
type wireRecorder struct {
	header  rtp.Header
	packets map[string][]wirePacket
}

type wirePacket struct {
	nanos       int64
	timestamp   uint32
	payloadType uint8
	marker      bool
}

func (w *wireRecorder) Message(*decode.Packet) {}

func (w *wireRecorder) Datagram(p *decode.Packet) {
	if rtp.Classify(p.Payload) != rtp.RTP || rtp.Parse(p.Payload, p.WireLength, &w.header) != nil {
		return
	}
	h := &w.header
	key := streamKey(p.Src, p.Dst, h.SSRC)
	w.packets[key] = append(w.packets[key], wirePacket{p.Nanos, h.Timestamp, h.PayloadType, h.Marker})
}

// wireTiming is what Wireshark says of the times of a stream, in ms.
type wireTiming struct{ maxDelta, meanJitter, maxJitter float64 }

// wireshark computes the times of a stream by Wireshark's rules, as the notes
// of spec §5.6 give them, so that a difference to ours that these rules make
// can be told from one that they do not. The rules:
//   - the jitter takes every packet whose clock is known and whose timestamp is
//     not in the past, comfort noise and copies too;
//   - of the two steps that it compares, that of the arrival is from the last
//     packet, that of the timestamp from the last whose clock is known, so a
//     telephone event in between makes jitter;
//   - the clock is divided by 1000 as a whole number;
//   - packets with a marker, comfort noise, the packet after it, and those with
//     a timestamp of the past count for no maximum and no mean;
//   - the mean is divided by the number of all packets so far.
func wireshark(packets []wirePacket, clockOf func(payloadType uint8) uint32) wireTiming {
	var out wireTiming
	var jitter float64
	before := packets[0]
	last, extended := before, int64(before.timestamp)
	first, played := extended, 0.0 // media time of the last packet with a clock, ms from the first
	for i, p := range packets[1:] {
		now := extended + int64(int32(p.timestamp-uint32(extended)))
		forward := now >= extended
		delta := float64(p.nanos-last.nanos) / 1e6
		clock := clockOf(p.payloadType)
		if clock != 0 && forward {
			media := float64(now-first) / float64(clock/1000)
			jitter = (15*jitter + math.Abs(delta-(media-played))) / 16
			played = media
		}
		if forward && !p.marker && !comfortNoise(p.payloadType) && !comfortNoise(before.payloadType) {
			out.maxDelta = max(out.maxDelta, delta)
			if n := float64(i + 1); clock != 0 {
				out.maxJitter = max(out.maxJitter, jitter)
				out.meanJitter = (out.meanJitter*(n-1) + jitter) / n
			}
		}
		if forward {
			last, extended = p, now
		}
		before = p
	}
	return out
}

func comfortNoise(payloadType uint8) bool { return payloadType == 13 || payloadType == 19 }

// clocks are those that tshark may know: of static payload types, of the main
// one when SDP gave it and tshark knows its name, and of the others, where it
// takes them for something that is not a telephone event.
type clocks struct {
	main              uint8
	described, others uint32
}

func (c clocks) of(payloadType uint8) uint32 {
	if static, ok := sdp.Static(payloadType); ok {
		return static.ClockRate
	}
	if payloadType == c.main {
		return c.described
	}
	return c.others
}
