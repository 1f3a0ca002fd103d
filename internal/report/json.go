package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/column"
)

// timeLayout is RFC 3339 with all nine digits, so that equal columns sort.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

// JSON writes one object with everything in it. Calls and streams are made and
// written one by one: all of them together would take a multiple of the memory
// that the capture was given.
func JSON(w io.Writer, r Result) error {
	r = r.diagnosed()
	doc := newDocument(r)
	out := documentWriter{w: w}
	out.members(&doc.beginning)
	writeList(&out, "calls", len(r.Snapshot.Calls), callOf(r))
	writeList(&out, "streams", len(r.Snapshot.Streams), streamOf(r))
	out.members(&doc.middle)
	doc.rosterJSON.write(&out)
	out.members(&doc.end)
	out.text("\n}\n")
	return out.err
}

// JSONL writes the capture, then the calls, the streams and what is not a call,
// one object a line with its "type".
func JSONL(w io.Writer, r Result) error {
	r = r.diagnosed()
	enc := newEncoder(w)
	doc := newDocument(r)
	head := struct {
		Type string `json:"type"`
		document
		Calls         *struct{} `json:"calls,omitempty"` // these shadow the lists: they have lines of their own
		Streams       *struct{} `json:"streams,omitempty"`
		Registrations *struct{} `json:"registrations,omitempty"`
		Trunks        *struct{} `json:"trunks,omitempty"`
		Subscriptions *struct{} `json:"subscriptions,omitempty"`
		Publications  *struct{} `json:"publications,omitempty"`
		Conversations *struct{} `json:"conversations,omitempty"`
	}{Type: "capture", document: doc}
	if err := enc.Encode(head); err != nil {
		return err
	}
	for c := range callsOf(r) {
		c.Type = "call"
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	for st := range streamsOf(r) {
		st.Type = "stream"
		if err := enc.Encode(st); err != nil {
			return err
		}
	}
	return doc.rosterJSON.lines(enc)
}

func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// newDocument is the document but for its calls and streams.
func newDocument(r Result) document {
	s := r.Snapshot
	doc := document{Calls: []call{}, Streams: []stream{}}
	doc.beginning = beginning{
		Schema:     Schema,
		Program:    program{Name: "sipsniff", Version: r.Version},
		Capture:    newCapture(r),
		Filter:     r.Filter,
		Totals:     totals(s.Totals),
		Methods:    s.Methods,
		Responses:  make(map[string]uint64, len(s.Responses)),
		Transports: map[string]uint64{"udp": 0, "tcp": 0, "tls": 0, "ws": 0, "wss": 0, "sctp": 0},
	}
	doc.middle = middle{MSRP: newMSRPs(s.MSRP), ICMP: newICMP(s.NetworkErrors), Metrics: newMetrics(s, r.PrefixDigits)}
	doc.end = end{Encrypted: make([]encrypted, len(r.Status.Encrypted)), Findings: newFindings(r.Diagnosis.Capture)}
	doc.rosterJSON, doc.Omitted = newRoster(s, r.ShowBodies)
	for i := range r.Status.Encrypted {
		doc.Encrypted[i] = newEncrypted(&r.Status.Encrypted[i])
	}
	for code, n := range s.Responses {
		doc.Responses[statusName(code)] = n
	}
	for transport, n := range s.Transports {
		doc.Transports[transport.String()] = n
	}
	return doc
}

// columnsOf are the values of --column by name; nil when there are none.
func columnsOf(c *correlate.Call, columns column.Set) map[string]string {
	var out map[string]string
	for i, value := range columns.Values(c) {
		if value == "" {
			continue
		}
		if out == nil {
			out = make(map[string]string)
		}
		out[columns[i].Name] = value
	}
	return out
}

// statusName is the key of a response in the totals.
func statusName(code int) string {
	if code == 0 {
		return "invalid"
	}
	return strconv.Itoa(code)
}

func newCapture(r Result) captureJSON {
	st := r.Status
	c := captureJSON{
		Frames: st.Frames, Octets: st.Octets, First: stamp(st.First), Last: stamp(st.Last),
		DuplicateFrames: st.Decode.Duplicates, Undecoded: st.Decode.Undecoded,
		CallsEvicted: r.Snapshot.EvictedCalls, StreamsEvicted: r.Snapshot.EvictedStreams, MSRPEvicted: r.Snapshot.EvictedMSRP,
		MSRPLost: st.Decode.Signalling.MSRPLost, MSRPSkipped: st.Decode.Signalling.MSRPSkipped, LimitReached: r.Snapshot.LimitReached,
		FalsePositives: r.Snapshot.Mistaken,
	}
	if st.Drops != nil {
		c.KernelDropped = &st.Drops.Kernel
	}
	if st.Err != nil {
		c.Error = st.Err.Error()
	}
	for _, to := range r.Sent {
		c.Sent = append(c.Sent, sent(to))
	}
	c.Datagrams = datagrams(&r.Snapshot.Datagrams, &st.Decode.Signalling)
	c.Health = newHealth(r.Health())
	if c.Undecoded == nil {
		c.Undecoded = map[string]uint64{}
	}
	c.Sources = make([]source, 0, len(st.Sources))
	for _, in := range st.Sources {
		c.Truncated = c.Truncated || in.Truncated
		c.Sources = append(c.Sources, newSource(in))
	}
	return c
}

func newSource(in capture.SourceInfo) source {
	names := make([]string, len(in.LinkTypes))
	for i, t := range in.LinkTypes {
		names[i] = linkTypeName(t)
	}
	return source{
		Name: in.Name, Format: in.Format, LinkType: strings.Join(names, ","),
		Frames: in.Frames, Octets: in.Octets, Warnings: in.Warnings,
	}
}

func newCall(c *correlate.Call) call {
	out := call{
		Method: c.Method, From: c.From, To: c.To, FromDisplay: c.FromDisplay, ToDisplay: c.ToDisplay,
		RequestURI: c.RequestURI, Source: addr(c.Source), Destination: addr(c.Destination), Transport: c.Transport.String(),
		UserAgent: c.UserAgent, State: c.State.String(), Flags: c.Flags,
		Started: stamp(c.Started), Answered: stamp(c.Answered), Ended: stamp(c.Ended), EndedBy: c.EndedBy,
		Ring: millis(c.Ring), SessionRequestDelay: millis(c.SessionRequestDelay), PostDialDelay: millis(c.PostDialDelay), Setup: millis(c.Setup), Duration: millis(c.Duration),
		Messages: c.MessageCount, Retransmissions: c.Retransmissions, Duplicates: c.Duplicates,
		FinalStatus: c.FinalStatus, FinalReason: c.FinalReason, Cause: c.Cause,
		Dialogs: make([]dialog, len(c.Dialogs)), StreamIDs: c.StreamIDs, EncryptedMedia: c.EncryptedMedia, MSRP: newMSRP(c.MSRP), ICMP: newICMP(c.NetworkErrors),
		Findings: []finding{}, told: newTold(c),
	}
	if c.HasCallID {
		out.CallID = &c.CallID
	}
	for i, d := range c.Dialogs {
		out.Dialogs[i] = dialog{FromTag: d.FromTag, ToTag: d.ToTag, State: d.State}
	}
	if len(c.DeviceReports) > 0 {
		out.DeviceReports = newDeviceReports(c.DeviceReports)
	}
	if out.StreamIDs == nil {
		out.StreamIDs = []int{}
	}
	if c.Score != nil {
		out.MOSMin, out.MOSScale, out.MOSStream = rounded(c.Score.MOS), c.Score.Scale, c.Score.Stream
	}
	out.Legs, out.LegEvidence = newLegs(c)
	return out
}

func newStream(s *correlate.Stream, r *Result) stream {
	q := &s.Quality
	out := stream{
		ID: s.ID, Source: addr(s.Src), Destination: addr(s.Dst), Kind: "rtp",
		Media: s.Media, Codec: s.Codec, CodecFrom: s.CodecFrom, ClockRate: s.ClockRate, PTime: round(q.PTime),
		First: stamp(s.First), Last: stamp(s.Last), Packets: s.Packets, Octets: s.Octets,
		Expected: q.Expected, Lost: q.Lost, Duplicates: q.Duplicates, Copies: s.CaptureDuplicates, Reordered: q.Reordered, DSCP: make([]int, len(s.DSCP)),
	}
	switch {
	case s.UDPTL:
		out.Kind = "udptl"
	case s.Secure:
		out.Kind = "srtp"
	}
	if !s.UDPTL {
		ssrc := fmt.Sprintf("0x%08X", s.SSRC)
		out.SSRC, out.PayloadType = &ssrc, &s.PayloadType
	}
	if s.Call != nil {
		out.CallID = &s.Call.CallID
	}
	if percent, ok := LossPercent(s); ok {
		percent = round(percent)
		out.LossPercent = &percent
	}
	if q.HasJitter {
		out.Jitter = &jitter{Min: round(q.JitterMin), Mean: round(q.JitterMean), P95: round(q.JitterP95), Max: round(q.JitterMax)}
	}
	if q.HasDelta {
		out.Delta = &delta{Min: round(q.DeltaMin), Mean: round(q.DeltaMean), P95: round(q.DeltaP95), Max: round(q.DeltaMax), MaxFrame: q.DeltaMaxFrame}
	}
	for i, v := range s.DSCP {
		out.DSCP[i] = int(v)
	}
	out.ICMP = newICMP(s.NetworkErrors)
	out.Detected, out.Continues = s.Detected, s.Continues
	out.Restarts, out.Pauses, out.Described = q.Restarts, s.Pauses, addr(s.DescribedSrc)
	for _, t := range s.Turns {
		out.Codecs = append(out.Codecs, turn{Since: stamp(t.Since), PayloadType: t.PayloadType, Codec: t.Codec, ClockRate: t.ClockRate})
	}
	out.Mapped = addr(s.MappedSrc)
	out.SRTP = newSRTP(s.Protection)
	if out.Control = newControl(s); s.Control != nil && s.Control.Only {
		out.Basis = "rtcp"
	}
	out.qualityJSON = newQuality(s, &r.Scorer)
	out.payloadJSON = newPayload(s, r.ShowDTMF)
	out.Levels = newLevels(s.Levels)
	return out
}

func newSRTP(p *correlate.Protection) *srtp {
	if p == nil {
		return nil
	}
	out := &srtp{Key: p.Key, Suite: p.Suite, Decrypted: p.Decrypted, Failed: p.Failed,
		RTCPDecrypted: p.ControlsDecrypted, RTCPFailed: p.ControlsFailed, Problem: p.Problem, ClientRandom: p.ClientRandom}
	if p.Key != "" {
		out.ROC = &p.Counter
	}
	return out
}

// datagrams names the counts that are not 0.
func datagrams(c *correlate.DatagramCounts, s *decode.SignallingStats) map[string]uint64 {
	counts := make(map[string]uint64)
	for name, n := range map[string]uint64{
		"stun_requests": c.STUNRequests, "stun_responses": c.STUNResponses, "stun_errors": c.STUNErrors, "stun_indications": c.STUNIndications,
		"turn_channel_data": c.TURNChannelData, "turn_indications": c.TURNIndications,
		"dtls": c.DTLS, "dtls_handshakes": c.DTLSHandshakes, "zrtp": c.ZRTP, "unknown_on_media_port": c.UnknownOnMediaPort,
		"rtp_over_tcp": s.FramedPackets, "hep_over_tcp": s.HEPPackets,
	} {
		if n > 0 {
			counts[name] = n
		}
	}
	return counts
}

// LossPercent is 100·lost/expected; ok is false when nothing was expected, and for
// streams that repair others.
func LossPercent(s *correlate.Stream) (percent float64, ok bool) {
	if s.Quality.Expected == 0 || s.Repair {
		return 0, false
	}
	return 100 * float64(s.Quality.Lost) / float64(s.Quality.Expected), true
}

// stamp prints Unix nanoseconds; "" when the time is unknown.
func stamp(nanos int64) string {
	if nanos == 0 {
		return ""
	}
	return time.Unix(0, nanos).UTC().Format(timeLayout)
}

// millis makes milliseconds of nanoseconds; nil when negative, which is unknown.
func millis(nanos int64) *float64 {
	if nanos < 0 {
		return nil
	}
	ms := float64(nanos) / 1e6
	return &ms
}

// round keeps microseconds of a value in milliseconds: what capture
// timestamps can support, and no digits that only float arithmetic made.
func round(ms float64) float64 { return math.Round(ms*1e4) / 1e4 }

// addr prints "ip:port", "[v6]:port" or "" when unknown.
func addr(a netip.AddrPort) string {
	if !a.Addr().IsValid() {
		return ""
	}
	return a.String()
}
