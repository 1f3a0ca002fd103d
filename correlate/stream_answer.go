package correlate

import (
	"time"

	"sipsniff/decode/rtp"
)

// trip is the time from the probe to the sender of an answer and back: from
// when the time passed until the answer came, without what the sender waited.
// A little less than nothing is the inexactness of the clocks.
func trip(passed, answered int64, delay uint32) (time.Duration, bool) {
	d := time.Duration(answered - passed - int64(delay)*1e9/65536)
	if delay >= maxReceiverDelay || d < -tripTolerance || d > maxTrip {
		return 0, false
	}
	return max(d, 0), true
}

// answer looks whether a report block answers a sender report that passed.
func (h *hearing) answer(by uint32, b *rtp.ReportBlock, about *flow) {
	if b.LastSR == 0 {
		return
	}
	if b.Delay >= maxReceiverDelay {
		h.t.controlOf(about).odd.delay++
		return
	}
	v := h.t.voices.answered(h.p, b.SSRC)
	if v == nil {
		return
	}
	passed, ok := v.reports.find(b.LastSR)
	if !ok {
		if v.reports.reversed(b.LastSR) {
			h.t.controlOf(about).odd.order++
		}
		return
	}
	if d, ok := trip(passed, h.p.Nanos, b.Delay); ok {
		h.measured(about, by, d)
	}
}

// answerReference does the same for the reference time of a receiver, which
// sends no sender reports (RFC 3611 §4.5).
func (h *hearing) answerReference(by uint32, a *rtp.ReferenceDelay) {
	v := h.t.voices.answered(h.p, a.SSRC)
	if a.Last == 0 || v == nil || v.references == nil {
		return
	}
	if passed, ok := v.references.find(a.Last); ok {
		if d, ok := trip(passed, h.p.Nanos, a.Delay); ok {
			h.measured(h.find(a.SSRC, theirs), by, d)
		}
	}
}

// measured notes how far the sender of a packet is from the probe: at the
// stream that it receives and at the stream that it sends.
func (h *hearing) measured(received *flow, by uint32, d time.Duration) {
	if received != nil {
		h.t.controlOf(received).roundTrip(true, d)
		h.touch(received)
	}
	if own := h.find(by, ours); own != nil {
		h.t.controlOf(own).roundTrip(false, d)
		h.touch(own)
	}
}
