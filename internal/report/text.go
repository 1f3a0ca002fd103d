package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
	"sipsniff/internal/column"
)

// none stands for a value that does not exist or is not known.
const none = "-"

// Text writes the report for people: the calls, the streams, what is not a
// call, then what the capture held and what could not be read.
func Text(w io.Writer, r Result) error {
	r = r.diagnosed()
	b := bufio.NewWriter(w)
	writeFilter(b, r.Filter)
	if r.Filter == nil || r.Filter.Of == 0 || r.Filter.Matched > 0 {
		if err := writeCalls(b, r.Snapshot.Calls, streamsByID(r.Snapshot.Streams), r.Columns); err != nil {
			return err
		}
	}
	writeLegs(b, r.Snapshot.Calls)
	if err := writeStreams(b, r.Snapshot); err != nil {
		return err
	}
	if err := writePayloads(b, r.Snapshot, r.ShowDTMF); err != nil {
		return err
	}
	if err := writeControls(b, r.Snapshot); err != nil {
		return err
	}
	writeDeviceReports(b, r.Snapshot)
	if err := writeMSRP(b, r.Snapshot); err != nil {
		return err
	}
	writeICMP(b, r.Snapshot)
	if r.single {
		writeDetails(b, r.Snapshot.Calls)
	}
	writeStories(b, r)
	if r.single {
		writeNegotiations(b, r.Snapshot.Calls)
	}
	writeFindings(b, r)
	if r.single {
		return b.Flush()
	}
	if err := writeRoster(b, roster.Of(r.Snapshot), r.ShowBodies); err != nil {
		return err
	}
	if err := writeEncrypted(b, r.Status.Encrypted); err != nil {
		return err
	}
	writeSummary(b, r)
	if err := writeStatistics(b, r.Snapshot); err != nil {
		return err
	}
	return b.Flush()
}

// writeFilter says that this is not everything.
func writeFilter(w io.Writer, f *Filter) {
	if f == nil {
		return
	}
	fmt.Fprintf(w, "%s of %s calls match %s\n", amount.Grouped(f.Matched), amount.Grouped(f.Of), clean.Line(f.Expression))
	if f.Matched < f.Of {
		fmt.Fprintln(w, "The totals below are of the whole capture.")
	}
	if f.Matched > 0 {
		fmt.Fprintln(w)
	}
}

func streamsByID(streams []*correlate.Stream) map[int]*correlate.Stream {
	byID := make(map[int]*correlate.Stream, len(streams))
	for _, s := range streams {
		byID[s.ID] = s
	}
	return byID
}

func writeCalls(w io.Writer, calls []*correlate.Call, streams map[int]*correlate.Stream, columns column.Set) error {
	if len(calls) == 0 {
		_, err := fmt.Fprintln(w, "No SIP found.")
		return err
	}
	head := []string{">#", "Time", "Method", "From", "To", "State", ">Code", ">SRD", ">Dur", ">MOS", ">Loss%", ">Msgs", "Call-ID"}
	for _, c := range columns {
		head = append(head, clean.Line(c.Name))
	}
	t := newTable(head...)
	for _, c := range calls {
		row := []string{strconv.Itoa(c.Index), clock(c.Started), c.Method, Party(c.From), Party(c.To), c.Word(),
			code(c.FinalStatus), seconds(c.SessionRequestDelay), Duration(c.Duration), worstMOS(c), worstLoss(c, streams),
			withCopies(uint64(c.MessageCount), uint64(c.Duplicates)), c.CallID}
		t.add(append(row, columns.Values(c)...)...)
	}
	return t.write(w)
}

func writeStreams(w io.Writer, s *correlate.Snapshot) error {
	if len(s.Streams) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	t := newTable(">Stream", ">Call", "Source", "Destination", "Codec", ">MOS", ">Packets", ">Lost", ">Loss%", ">Dup", ">Reord", ">Jitter ms", ">Max", ">Delta max", "SSRC")
	for _, st := range s.Streams {
		q := &st.Quality
		callNumber := none
		if st.Call != nil {
			callNumber = strconv.Itoa(st.Call.Index)
		}
		t.add(strconv.Itoa(st.ID), callNumber, addr(st.Src), addr(st.Dst), codecName(st), streamMOS(st), withCopies(st.Packets, st.CaptureDuplicates),
			amount.Grouped(q.Lost), loss(st), amount.Grouped(q.Duplicates), amount.Grouped(q.Reordered),
			known(q.JitterMean, q.HasJitter), known(q.JitterMax, q.HasJitter), known(q.DeltaMax, q.HasDelta), sourceOf(st))
	}
	if err := t.write(w); err != nil {
		return err
	}
	return writeLevels(w, s.Streams)
}

// sourceOf is the SSRC of a stream, none for T.38.
func sourceOf(s *correlate.Stream) string {
	if s.UDPTL {
		return none
	}
	return fmt.Sprintf("0x%08X", s.SSRC)
}

func writeSummary(w io.Writer, r Result) {
	s, st := r.Snapshot, r.Status
	fmt.Fprintln(w)
	for _, in := range st.Sources {
		fmt.Fprintf(w, "%s: %s, %s\n", clean.Line(in.Name), in.Format, amount.Of(in.Frames, "frame"))
		for _, warning := range in.Warnings {
			fmt.Fprintf(w, "  warning: %s\n", clean.Line(warning))
		}
	}
	if st.First != 0 {
		fmt.Fprintf(w, "%s to %s UTC\n", day(st.First), day(st.Last))
	}
	fmt.Fprintf(w, "%s, %s, %s (%s malformed), %s, %s RTP, %s SRTP, %s RTCP and %s T.38 packets\n",
		amount.Of(s.Totals.Calls, "call"), amount.Of(s.Totals.Registrations, "registration"), amount.Of(s.Totals.SIPMessages, "SIP message"),
		amount.Grouped(s.Totals.SIPMalformed), amount.Of(s.Totals.Streams, "stream"),
		amount.Grouped(s.Totals.RTPPackets), amount.Grouped(s.Totals.SRTPPackets), amount.Grouped(s.Totals.RTCPPackets), amount.Grouped(s.Totals.T38Packets))
	writeOrphans(w, s)
	writeClosed(w, s.Streams)
	if line := counts(datagrams(&s.Datagrams, &st.Decode.Signalling)); line != "" {
		fmt.Fprintf(w, "also seen: %s\n", line)
	}
	if d := st.Drops; d != nil {
		fmt.Fprintf(w, "dropped: kernel %s, interface %s, of %s received\n", amount.Grouped(d.Kernel), amount.Grouped(d.Interface), amount.Grouped(d.Received))
	}
	if s.LimitReached != "" {
		fmt.Fprintf(w, "limit reached (%s): %s and %s left to make room, the oldest finished first\n",
			s.LimitReached, amount.Of(s.EvictedCalls, "call"), amount.Of(s.EvictedStreams, "stream"))
	}
	for _, to := range r.Sent {
		fmt.Fprintln(w, SentLine(to))
	}
	if line := counts(st.Decode.Undecoded); line != "" {
		fmt.Fprintf(w, "not decoded: %s\n", line)
	}
	writeHealth(w, r)
}

// writeOrphans says how many streams no signalling explains, and how sure they
// are streams at all.
func writeOrphans(w io.Writer, s *correlate.Snapshot) {
	var orphans, guesses uint64
	sure := make(map[string]uint64)
	for _, st := range s.Streams {
		if st.Call == nil {
			orphans++
			sure[st.Detected]++
			if st.CodecFrom == "guess" {
				guesses++
			}
		}
	}
	if orphans > 0 {
		fmt.Fprintf(w, "without a call: %s (%s)", amount.Of(orphans, "stream"), counts(sure))
		if guesses > 0 {
			fmt.Fprint(w, "; a codec with ? is a guess")
		}
		fmt.Fprintln(w)
	}
	if s.Mistaken > 0 {
		fmt.Fprintf(w, "taken for RTP by mistake: %s\n", amount.Of(s.Mistaken, "stream"))
	}
}

// withCopies prints a count and, behind the mark of the ladder, how many
// packets were captured once more: "46⧉23".
func withCopies(n, copies uint64) string {
	text := amount.Grouped(n)
	if copies > 0 {
		text += "⧉" + amount.Grouped(copies)
	}
	return text
}

// counts prints "arp 3, esp 1", most first.
func counts(m map[string]uint64) string {
	names := make([]string, 0, len(m))
	for name, n := range m {
		if n > 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if m[a] != m[b] {
			return int(int64(m[b]) - int64(m[a]))
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = name + " " + amount.Grouped(m[name])
	}
	return strings.Join(names, ", ")
}

// Party is the user part of a SIP or tel URI, its host when there is no
// user, or the URI as it stands.
func Party(uri string) string {
	rest := uri
	if i := strings.IndexByte(rest, ':'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, '@'); i > 0 {
		return rest[:i]
	}
	if i := strings.IndexAny(rest, ";?"); i >= 0 {
		rest = rest[:i]
	}
	if rest == "" {
		return uri
	}
	return rest
}

// Duration prints "1:22" or "1:02:03"; none when nanos is negative.
func Duration(nanos int64) string {
	if nanos < 0 {
		return none
	}
	s := nanos / int64(time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

func seconds(nanos int64) string {
	if nanos < 0 {
		return none
	}
	return strconv.FormatFloat(float64(nanos)/1e9, 'f', 2, 64)
}

func code(status int) string {
	if status == 0 {
		return none
	}
	return strconv.Itoa(status)
}

func clock(nanos int64) string {
	if nanos == 0 {
		return none
	}
	return time.Unix(0, nanos).UTC().Format("15:04:05.000")
}

func day(nanos int64) string { return time.Unix(0, nanos).UTC().Format("2006-01-02 15:04:05.000") }

// worstLoss is the loss of the call's worst stream.
func worstLoss(c *correlate.Call, streams map[int]*correlate.Stream) string {
	worst, found := 0.0, false
	for _, id := range c.StreamIDs {
		if st := streams[id]; st != nil {
			if percent, ok := LossPercent(st); ok {
				worst, found = max(worst, percent), true
			}
		}
	}
	return known(worst, found)
}

func loss(s *correlate.Stream) string {
	percent, ok := LossPercent(s)
	return known(percent, ok)
}

func known(v float64, ok bool) string {
	if !ok {
		return none
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

func codecName(s *correlate.Stream) string {
	name := s.Codec
	if name == "" {
		name = fmt.Sprintf("PT %d", s.PayloadType)
	}
	if s.CodecFrom == "guess" {
		name += "?"
	}
	if s.Secure {
		name += " (SRTP)"
	}
	return name
}
