package correlate

import (
	"sipsniff/correlate/press"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/video"
	"sipsniff/decode/picture"
)

// A Content is what was read of the payload of a stream.
type Content struct {
	DTMF        []Digit // in order of time
	DTMFDropped uint64  // keys that there was no room for

	FaxTones []press.FaxTone // signals of fax machines in the sound, when somebody listens; 16 at most

	Video *video.Report // nil when it is none
	// VideoRead is set when key frames could be told: the codec is one whose
	// key frames are known, and the payload is in clear.
	VideoRead bool

	// Redundancy (RFC 2198).
	Redundant       uint64 // packets that carried older ones
	RedundantOctets uint64
	RedundancyBad   uint64 // packets that cannot be read

	RecoveredRedundancy     uint64 // packets that were lost and came as redundancy
	RecoveredRetransmission uint64 // or were sent again (RFC 4588)

	Retransmissions uint64 // packets of a stream of them
	Parity          uint64 // packets of forward error correction

	Characters uint64 // of real-time text
	HasText    bool

	NoiseLevel int // dBov of the latest comfort noise; meaningful iff HasNoise
	HasNoise   bool
}

// publishContent fills in what was read of payloads; known is the format of
// most packets.
func (f *flow) publishContent(s *Stream, known *format) {
	s.Repair = known.role == quality.Repair
	c := f.carried
	if c == nil {
		return
	}
	out := &Content{DTMF: f.digits(), Retransmissions: c.again, Parity: c.parity}
	if c.events != nil {
		_, out.DTMFDropped = c.events.Presses()
	}
	if c.tones != nil {
		_, dropped := c.tones.Heard()
		out.DTMFDropped += dropped
		out.FaxTones = c.tones.FaxTones()
	}
	if c.video != nil {
		report := c.video.Report()
		if f.orphan == nil || report.HasEnds { // else it may be no video at all
			out.Video = &report
		}
	}
	if b := c.blocks; b != nil {
		out.Redundant, out.RedundantOctets, out.RedundancyBad = b.packets, b.octets, b.problems
		if b.known && known.content == contentBlocks && b.primary.name != "" {
			s.Codec = b.primary.name
		}
	}
	out.RecoveredRedundancy, out.RecoveredRetransmission = c.recovered(&s.Quality)
	if c.text != nil {
		out.HasText, out.Characters = true, c.text.characters
	}
	out.HasNoise, out.NoiseLevel = c.hasNoise, -int(c.noise)
	s.Content = out
}

// picturesRead reports whether the key frames of a stream can be told: its
// codec is known and not guessed, and it is in clear, or all of it was
// decrypted.
func (t *streamTable) picturesRead(s *Stream) bool {
	return picture.CodecOf(s.Codec) != picture.Other && s.CodecFrom != "guess" && (!s.Secure || t.openAll || t.listens())
}

// countContent keeps how much memory what was read takes.
func (t *streamTable) countContent(f *flow) {
	if c := f.carried; c != nil {
		n := c.size()
		t.contents += n - c.octets
		c.octets = n
	}
}

// dropContent takes off what was counted of a stream that leaves.
func (t *streamTable) dropContent(f *flow) {
	if f.carried != nil {
		t.contents -= f.carried.octets
		f.carried.octets = 0
	}
}
