package pipeline_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/rtp"
)

// baresip's reports in call-lossy, whose road delays by 40 ms and loses 5 % each
// way, recorded at the callee's end. By tshark: frame 491 is a sender report
// at 6.230008 s, which frame 501 answers at 6.331081 s after 1048/65536 s:
// 101.073 - 15.991 = 85.082 ms to the caller and back. It says that 15 of the
// callee's 250 packets were lost on the road behind us. Frame 491 says that 11
// of the caller's were, all of them on the road before us.
func TestControlOfALossyCall(t *testing.T) {
	r := analyse(t, open(t, filepath.Join(corpus, "call-lossy.pcap")), false)
	streams := make(map[uint32]*correlate.Stream)
	for _, s := range r.Snapshot.Streams {
		streams[s.SSRC] = s
	}
	near := func(d time.Duration) bool { return (d - 85082*time.Microsecond).Abs() < time.Microsecond }
	callee, caller := streams[0x7400AD49].Control, streams[0xE1358B3A].Control
	if !near(callee.Trip.Far) || !near(caller.Trip.Near) || callee.Trip.Near != -1 || caller.Trip.Far != -1 {
		t.Errorf("round trips %+v and %+v", callee.Trip, caller.Trip)
	}
	if want := (correlate.LossSplit{Intervals: 1, Packets: 250, Reported: 15}); callee.Compared != want || !callee.Compared.Disagrees() {
		t.Errorf("callee: %+v, want %+v", callee.Compared, want)
	}
	if want := (correlate.LossSplit{Intervals: 1, Packets: 245, Reported: 11, Here: 11}); caller.Compared != want || caller.Compared.Disagrees() {
		t.Errorf("caller: %+v, want %+v", caller.Compared, want)
	}
	if callee.Received.Jitter != 6 || caller.Received.Jitter != 6.25 || callee.Sent.Packets != 250 { // 48 and 50 units of 1/8 ms
		t.Errorf("jitter %g and %g ms, %d packets sent", callee.Received.Jitter, caller.Received.Jitter, callee.Sent.Packets)
	}
}

// controls collects the RTCP of a capture by frame, as tshark's fields.
type controls struct{ byFrame map[int]*controlFields }

// controlFields are what both programs print of the packets of one frame.
type controlFields struct {
	types                                     []string
	sources, fractions, lost, highest, jitter []string
	lastSR, delay, counts                     []string
}

func (*controls) Message(*decode.Packet) {}

func (c *controls) Datagram(p *decode.Packet) {
	if rtp.Classify(p.Payload) != rtp.RTCP {
		return
	}
	list, _ := rtp.ParseControl(nil, p.Payload, p.WireLength)
	f := &controlFields{}
	for i := range list {
		f.add(&list[i])
	}
	c.byFrame[p.Frame] = f
}

func (f *controlFields) add(c *rtp.Control) {
	number := func(v uint32) string { return strconv.FormatUint(uint64(v), 10) }
	f.types = append(f.types, strconv.Itoa(int(c.Type)))
	if c.Type == rtp.SenderReport && c.Complete {
		f.counts = append(f.counts, number(c.Info.Packets))
	}
	for _, b := range c.Blocks {
		f.sources = append(f.sources, fmt.Sprintf("0x%08x", b.SSRC))
		f.fractions = append(f.fractions, strconv.Itoa(int(b.FractionLost)))
		f.lost = append(f.lost, strconv.Itoa(int(b.CumulativeLost)))
		f.highest = append(f.highest, number(b.Highest&0xFFFF))
		f.jitter = append(f.jitter, number(b.Jitter))
		f.lastSR = append(f.lastSR, number(b.LastSR))
		f.delay = append(f.delay, number(b.Delay))
	}
}

// controlDifferences are the frames of which we and tshark make something
// else, by capture, and why.
var controlDifferences = map[string]struct {
	frames int
	why    string
}{
	"c0083": {1, "SRTCP: what follows the sender report is encrypted"},
	"c0128": {1, "likewise"},
	"c0129": {1, "likewise"},
	"c0136": {4, "a protocol of somebody's own that begins like RTCP; its lengths lead nowhere"},
	"c0163": {1, "quoted in an ICMP error"},
	"c0430": {2, "one is quoted in an ICMP error; of the other tshark has a fraction of an extended report in the same field"},
	"c0432": {2, "likewise"},
	"c0603": {2, "quoted in ICMP errors"},
}

// TestControlsAgainstTshark compares every report in the shared captures that
// tshark takes for RTCP with what it reads there. It runs only when asked for,
// because tshark takes its time: SIPSNIFF_TSHARK=1.
func TestControlsAgainstTshark(t *testing.T) {
	dir := shared(t, "pcaps")
	if os.Getenv("SIPSNIFF_TSHARK") == "" {
		t.Skip("SIPSNIFF_TSHARK is not set")
	}
	frames, blocks, same := 0, 0, 0
	for _, row := range readTable(t, filepath.Join(dir, "catalog.tsv")) {
		if row["rtcp_pkts"] == "" || row["rtcp_pkts"] == "0" {
			continue
		}
		name := filepath.Join(dir, row["file"])
		want, got, different := tsharkControls(t, name), controlsOf(t, name), 0
		for _, frame := range slices.Sorted(maps.Keys(want)) {
			w, g := want[frame], got[frame]
			if len(w.types) == 0 {
				continue // on a port of RTCP, but of no version that there is
			}
			frames++
			if g == nil {
				t.Logf("%s frame %d: tshark %v, ours none", row["id"], frame, w.types)
				different++
				continue
			}
			blocks += len(w.fractions)
			if ours, theirs := g.text(), w.text(); ours != theirs {
				t.Logf("%s frame %d:\ntshark %s\nours   %s", row["id"], frame, theirs, ours)
				different++
				continue
			}
			same++
		}
		if known := controlDifferences[row["id"]]; different != known.frames {
			t.Errorf("%s: %d frames differ, %d are explained: %s", row["id"], different, known.frames, known.why)
		}
	}
	t.Logf("%d of %d frames with RTCP agree, %d report blocks", same, frames, blocks)
	if frames < 500 {
		t.Errorf("%d frames were compared", frames)
	}
}

func (f *controlFields) text() string {
	return fmt.Sprintf("types %v counts %v fractions %v lost %v highest %v jitter %v LSR %v DLSR %v", f.types, f.counts, f.fractions, f.lost,
		f.highest, f.jitter, f.lastSR, f.delay)
}

func controlsOf(t *testing.T, name string) map[int]*controlFields {
	t.Helper()
	src, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return nil
	}
	defer src.Close()
	c := &controls{byFrame: make(map[int]*controlFields)}
	d := decode.New(decode.Config{}, c)
	var f capture.Frame
	for src.Next(&f) == nil {
		d.Frame(&f)
	}
	d.Flush()
	return c.byFrame
}

func tsharkControls(t *testing.T, name string) map[int]*controlFields {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := []string{"-n", "-r", name, "-Y", "rtcp", "-T", "fields", "-E", "separator=/t"}
	for _, f := range []string{"frame.number", "rtcp.pt", "rtcp.sender.packetcount", "rtcp.ssrc.fraction", "rtcp.ssrc.cum_nr", "rtcp.ssrc.high_seq",
		"rtcp.ssrc.jitter", "rtcp.ssrc.lsr", "rtcp.ssrc.dlsr"} {
		args = append(args, "-e", f)
	}
	cmd := exec.CommandContext(ctx, "tshark", args...)
	cmd.Stdout = &out
	_ = cmd.Run() // a cut file is an error after everything was printed
	found := make(map[int]*controlFields)
	for _, line := range strings.Split(out.String(), "\n") {
		c := strings.Split(line, "\t")
		frame, err := strconv.Atoi(c[0])
		if err != nil || len(c) < 9 {
			continue
		}
		list := func(i int) []string {
			if c[i] == "" {
				return nil
			}
			return strings.Split(c[i], ",")
		}
		found[frame] = &controlFields{types: list(1), counts: list(2), fractions: list(3), lost: list(4), highest: list(5), jitter: list(6), lastSR: list(7), delay: list(8)}
	}
	return found
}
