package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/fax"
	"sipsniff/correlate/video"
	"sipsniff/internal/amount"
)

// callDigits is what was pressed in a call.
type callDigits struct {
	DTMF   string  `json:"dtmf,omitempty"` // a star for each key unless --show-dtmf
	Digits []digit `json:"dtmf_events,omitempty"`
}

type digit struct {
	At       string   `json:"at"`
	Source   string   `json:"source"` // "rfc4733", "info", "inband"
	Key      string   `json:"key"`
	From     string   `json:"from"` // "caller", "callee"
	Duration *float64 `json:"duration_ms,omitempty"`
	Volume   *int     `json:"volume_dbm0,omitempty"`
	Level    *int     `json:"level_dbov,omitempty"` // of a tone in the sound
	Frame    int      `json:"frame"`
	StreamID int      `json:"stream_id,omitempty"`
	NoEnd    bool     `json:"dtmf_no_end,omitempty"`
	Doubled  bool     `json:"doubled,omitempty"`    // the same key less than 40 ms before
	Again    bool     `json:"same_press,omitempty"` // by another way or another stream, told before
}

// newCallDigits lists what was pressed; last is the time at which the capture
// ends.
func newCallDigits(c *correlate.Call, show bool, last int64) callDigits {
	out := callDigits{DTMF: correlate.Keys(c.DTMF, show)}
	for i := range c.DTMF {
		d := &c.DTMF[i]
		item := digit{At: stamp(d.At), Source: d.Source, Key: d.Shown(show), From: sideName(d.FromCaller), Duration: millis(d.Duration),
			Frame: d.Frame, StreamID: d.Stream, NoEnd: d.NoEnd(last), Doubled: d.Doubled, Again: d.Again}
		switch {
		case !d.HasVolume:
		case d.Source == correlate.DigitInband:
			item.Level = &d.Volume
		default:
			item.Volume = &d.Volume
		}
		out.Digits = append(out.Digits, item)
	}
	return out
}

func sideName(caller bool) string {
	if caller {
		return "caller"
	}
	return "callee"
}

// payloadJSON is what the packets of a stream say besides their times.
type payloadJSON struct {
	DTMF    string     `json:"dtmf,omitempty"`
	Tones   []faxTone  `json:"fax_tones,omitempty"` // in the sound of G.711, with --inband-dtmf
	BitRate *bitRate   `json:"bit_rate,omitempty"`  // bit/s, on average
	TTL     []int      `json:"ttl"`
	DSCPs   uint32     `json:"dscp_changes,omitempty"` // packets with another value than the one before
	TTLs    uint32     `json:"ttl_changes,omitempty"`
	Repair  bool       `json:"repair,omitempty"` // retransmissions or error correction alone
	Video   *videoJSON `json:"video,omitempty"`
	Fax     *faxJSON   `json:"fax,omitempty"`

	RecoveredRED uint64 `json:"recovered_red,omitempty"` // of the lost, those that came as redundancy
	RecoveredRTX uint64 `json:"recovered_rtx,omitempty"` // or were sent again
	Redundant    uint64 `json:"red_packets,omitempty"`
	RedundantBad uint64 `json:"red_malformed,omitempty"`
	Again        uint64 `json:"rtx_packets,omitempty"`
	Parity       uint64 `json:"fec_packets,omitempty"`

	Characters *uint64 `json:"text_characters,omitempty"`
	NoiseLevel *int    `json:"comfort_noise_dbov,omitempty"`
}

type bitRate struct {
	Payload float64 `json:"payload"`
	RTP     float64 `json:"rtp"`
	IP      float64 `json:"ip"`
}

type videoJSON struct {
	Frames     uint64   `json:"frames"`
	Incomplete *uint64  `json:"incomplete,omitempty"` // null when nothing marks the end of a frame
	FPS        *float64 `json:"fps,omitempty"`
	Late       uint64   `json:"late_packets"`
	Freezes    int      `json:"freezes"`
	Frozen     float64  `json:"frozen_ms"`
	Longest    float64  `json:"longest_freeze_ms"`
	Keys       *uint64  `json:"key_frames,omitempty"` // only where they can be told
	KeyMean    *float64 `json:"key_interval_ms,omitempty"`
	KeyLongest *float64 `json:"longest_key_interval_ms,omitempty"`
	Width      int      `json:"width,omitempty"`
	Height     int      `json:"height,omitempty"`
}

type faxJSON struct {
	RecoveredRedundancy uint64         `json:"recovered_redundancy"`
	RecoveredFEC        uint64         `json:"recovered_fec"`
	Residual            uint64         `json:"residual_lost"`
	Redundancy          int            `json:"redundancy"`
	FEC                 bool           `json:"fec"`
	Malformed           uint64         `json:"malformed"`
	Indicators          map[string]int `json:"indicators"`
	Modem               string         `json:"modem,omitempty"`
	Rate                int            `json:"rate,omitempty"` // bit/s
	ECM                 *bool          `json:"ecm,omitempty"`
	Pages               int            `json:"pages"`
	Confirmed           *int           `json:"pages_confirmed,omitempty"` // null when the other side was not seen
	Refused             *int           `json:"pages_refused,omitempty"`
	BadFrames           int            `json:"bad_frames"`
	Disconnected        bool           `json:"disconnected"`
}

func newPayload(s *correlate.Stream, show bool) payloadJSON {
	out := payloadJSON{BitRate: newBitRate(s), TTL: make([]int, len(s.TTL)), DSCPs: s.DSCPChanges, TTLs: s.TTLChanges, Repair: s.Repair}
	for i, v := range s.TTL {
		out.TTL[i] = int(v)
	}
	if s.Fax != nil {
		out.Fax = newFax(s.Fax, s.Quality.Residual())
	}
	c := s.Content
	if c == nil {
		return out
	}
	out.DTMF, out.Tones = correlate.Keys(c.DTMF, show), newFaxTones(c.FaxTones)
	if c.Video != nil {
		out.Video = newVideo(c)
	}
	out.RecoveredRED, out.RecoveredRTX = c.RecoveredRedundancy, c.RecoveredRetransmission
	out.Redundant, out.RedundantBad, out.Again, out.Parity = c.Redundant, c.RedundancyBad, c.Retransmissions, c.Parity
	if c.HasText {
		out.Characters = &c.Characters
	}
	if c.HasNoise {
		out.NoiseLevel = &c.NoiseLevel
	}
	return out
}

// newBitRate spreads the octets over the time of the stream, to which the
// length of its last packet belongs.
func newBitRate(s *correlate.Stream) *bitRate {
	nanos := float64(s.Last-s.First) + s.Quality.PTime*1e6
	if s.Last <= s.First {
		return nil
	}
	per := func(octets uint64) float64 { return round(float64(octets) * 8e9 / nanos) }
	return &bitRate{Payload: per(s.Octets), RTP: per(s.OctetsRTP), IP: per(s.OctetsIP)}
}

func newVideo(c *correlate.Content) *videoJSON {
	v := c.Video
	out := &videoJSON{Frames: v.Frames, Late: v.Late, Freezes: v.Freezes, Frozen: float64(v.Frozen) / 1e6, Longest: float64(v.LongestFreeze) / 1e6,
		Width: v.Width, Height: v.Height}
	if v.HasEnds {
		out.Incomplete = &v.Incomplete
	}
	if v.FPS > 0 {
		out.FPS = rounded(v.FPS)
	}
	if c.VideoRead {
		out.Keys = &v.Keys
		if v.Keys > 1 {
			out.KeyMean, out.KeyLongest = rounded(float64(v.KeyMean)/1e6), rounded(float64(v.KeyLongest)/1e6)
		}
	}
	return out
}

func newFax(f *fax.Report, residual uint64) *faxJSON {
	out := &faxJSON{RecoveredRedundancy: f.RecoveredRedundancy, RecoveredFEC: f.RecoveredParity, Residual: residual, Redundancy: f.Redundancy,
		FEC: f.Parity, Malformed: f.Bad, Indicators: make(map[string]int, len(f.Indicators)), Modem: f.Modem, Rate: f.Rate,
		Pages: f.Pages, BadFrames: f.BadFrames, Disconnected: f.Disconnected}
	for _, i := range f.Indicators {
		out.Indicators[i.Name] = i.Times
	}
	if f.HasECM {
		out.ECM = &f.ECM
	}
	if f.Seen {
		out.Confirmed, out.Refused = &f.Confirmed, &f.Refused
	}
	return out
}

// mostPayloads is how many lines of keys, video and fax the text report has.
const mostPayloads = 200

// writePayloads lists what was pressed, the video, the faxes and what sounds
// like one.
func writePayloads(w io.Writer, s *correlate.Snapshot, show bool) error {
	lines := 0
	t := newTable(">Call", "Keys at", "From", "By", "Pressed", ">Shortest ms", "Remarks")
	for _, c := range s.Calls {
		for _, g := range c.DigitGroups() {
			if lines++; lines > mostPayloads {
				break
			}
			t.add(strconv.Itoa(c.Index), clock(g[0].At), sideName(g[0].FromCaller), sourceName(g[0].Source), strings.Join(shown(g, show), " "), shortest(g), remarks(g, s.Last))
		}
	}
	if lines > 0 {
		fmt.Fprintln(w)
		if err := t.write(w); err != nil {
			return err
		}
	}
	space := "\n"
	for _, st := range s.Streams {
		var line string
		switch {
		case st.Fax != nil:
			line = faxLine(st)
		case st.Content != nil && st.Content.Video != nil:
			line = videoLine(st.Content)
		case st.Content != nil && len(st.Content.FaxTones) > 0:
			line = faxToneLine(st.Content.FaxTones)
		default:
			continue
		}
		if lines++; lines > mostPayloads {
			fmt.Fprintf(w, "more than %d lines of keys, video and fax: JSON has them all\n", mostPayloads)
			return nil
		}
		fmt.Fprintf(w, "%sStream %d: %s", space, st.ID, line)
		space = ""
	}
	return nil
}

func shown(g []correlate.Digit, show bool) []string {
	keys := make([]string, len(g))
	for i := range g {
		keys[i] = g[i].Shown(show)
	}
	return keys
}

// sourceName is how keys came, in words.
func sourceName(source string) string {
	switch source {
	case correlate.DigitEvent:
		return "RFC 4733"
	case correlate.DigitInfo:
		return "INFO"
	}
	return "in-band"
}

func shortest(g []correlate.Digit) string {
	least := int64(-1)
	for i := range g {
		if d := g[i].Duration; d >= 0 && (least < 0 || d < least) {
			least = d
		}
	}
	if least < 0 {
		return none
	}
	return strconv.FormatInt(least/1e6, 10)
}

// remarks counts what is wrong with some keys.
func remarks(g []correlate.Digit, last int64) string {
	var noEnd, doubled, again int
	for i := range g {
		if g[i].NoEnd(last) {
			noEnd++
		}
		if g[i].Doubled {
			doubled++
		}
		if g[i].Again {
			again++
		}
	}
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{noEnd, "without end"}, {doubled, "doubled"}, {again, "told before"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.text))
		}
	}
	return strings.Join(parts, ", ")
}

func videoLine(c *correlate.Content) string {
	v := c.Video
	parts := []string{amount.Of(v.Frames, "frame")}
	if v.FPS > 0 {
		parts = append(parts, fmt.Sprintf("%.1f a second", v.FPS))
	}
	if v.HasEnds {
		parts = append(parts, fmt.Sprintf("%s incomplete", amount.Grouped(v.Incomplete)))
	}
	if v.Width > 0 {
		parts = append(parts, fmt.Sprintf("%dx%d", v.Width, v.Height))
	}
	if c.VideoRead {
		parts = append(parts, amount.Of(v.Keys, "key frame"))
	}
	return "video, " + strings.Join(append(parts, freezes(v)), ", ") + "\n"
}

func freezes(v *video.Report) string {
	if v.Freezes == 0 {
		return "no freeze"
	}
	return fmt.Sprintf("frozen %s, %.1f s in all", howOften(v.Freezes), float64(v.Frozen)/1e9)
}

func howOften(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%s times", amount.Grouped(n))
}

func faxLine(s *correlate.Stream) string {
	f := s.Fax
	parts := []string{amount.Of(uint64(f.Pages), "page")}
	if f.Seen && f.Pages > 0 {
		parts = append(parts, fmt.Sprintf("%d confirmed", f.Confirmed))
	}
	if f.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%s at %d bit/s", f.Modem, f.Rate))
	}
	if f.HasECM && f.ECM {
		parts = append(parts, "with error correction")
	}
	if s.Quality.Lost > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s lost packets recovered", amount.Grouped(s.Quality.Recovered), amount.Grouped(s.Quality.Lost)))
	}
	return "fax, " + strings.Join(parts, ", ") + "\n"
}
