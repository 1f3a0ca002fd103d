package pipeline_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/extract"
	"sipsniff/internal/pipeline"
)

// extracted writes the frames of some calls of a capture to a file and
// returns its name.
func extracted(t *testing.T, name string, s *correlate.Snapshot, calls []*correlate.Call) (string, *extract.Frames) {
	t.Helper()
	source := open(t, name)
	frames, err := extract.Select(s, calls).Find(context.Background(), source, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	source.Close()
	source = open(t, name)
	defer source.Close()
	out := filepath.Join(t.TempDir(), "out.pcapng")
	w, err := capture.Create(out, capture.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := frames.Write(context.Background(), source, w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out, frames
}

// told is what a test compares of a call: all but the places of its frames.
func told(s *correlate.Snapshot, c *correlate.Call) []string {
	flags := slices.DeleteFunc(slices.Clone(c.Flags), func(flag string) bool { return flag == "replaced" || flag == "transferred" }) // another call may say so
	out := []string{fmt.Sprint(c.CallID, c.Method, c.State, c.EndedBy, flags, c.Started, c.Answered, c.Ended, c.MessageCount, c.Retransmissions,
		c.Duplicates, c.FinalStatus, c.Cause, c.Dialogs, c.EncryptedMedia)}
	for _, m := range c.Messages() {
		out = append(out, fmt.Sprint(m.Nanos, m.LastNanos, m.Src, m.Dst, m.Transport, m.Size(), m.Cut, m.Retransmission, m.Duplicate))
	}
	for _, st := range s.Streams {
		if slices.Contains(c.StreamIDs, st.ID) {
			line := fmt.Sprintf("%08x %v %v %d %d %d %d %s", st.SSRC, st.Src, st.Dst, st.First, st.Last, st.Packets, st.RTCPPackets, st.Codec)
			if p := st.Protection; p != nil {
				line += fmt.Sprint(" ", p.Key, p.Decrypted, p.Failed, p.ControlsDecrypted)
			}
			out = append(out, line)
		}
	}
	if m := c.MSRP; m != nil {
		out = append(out, fmt.Sprint(m.FromSource, m.FromDestination, m.Responses, m.First, m.Last))
	}
	return out
}

// TestExtract takes every call out of every capture of the project, and wants
// that what is read from its frames alone is the same.
func TestExtract(t *testing.T) {
	for _, name := range captures(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			secrets := keysOf(t, name)
			whole := run(t, pipeline.Config{Source: open(t, name), Decoder: decode.Config{Secrets: secrets}}).Snapshot
			for i, c := range whole.Calls {
				if i >= 6 {
					break // the others of the larger captures are of the same kind
				}
				if strings.HasSuffix(name, ".pcapng") {
					secrets = tls.NewSecrets() // those that are copied have to do
				}
				out, frames := extracted(t, name, whole, []*correlate.Call{c})
				part := run(t, pipeline.Config{Source: open(t, out), Decoder: decode.Config{Secrets: secrets}}).Snapshot
				at := slices.IndexFunc(part.Calls, func(d *correlate.Call) bool { return d.CallID == c.CallID })
				if at < 0 {
					t.Errorf("%s is not in its %d frames", c.CallID, frames.Len())
					continue
				}
				want, got := told(whole, c), told(part, part.Calls[at])
				switch filepath.Base(name) {
				case "timeout.pcap", "forwarded.pcap":
					want, got = want[1:], got[1:] // a later packet, which is not of the call, tells that time has passed
				case "topology-hidden.pcap":
					want, got = want[:1+len(c.Messages())], got[:1+len(c.Messages())] // both legs describe the same streams
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("%s: %s", c.CallID, d)
				}
			}
		})
	}
}

// TestExtractAll knows of some captures that every frame belongs to their
// call, and of one by tshark which do not: 2 of ARP, 2 of MLD. The ICMP errors are about its media.
func TestExtractAll(t *testing.T) {
	for name, others := range map[string]int{"msrp": 0, "msrps": 0, "call-audio": 0, "call-lossy": 0, "srtp-dtls": 0, "tunnel-vxlan": 4} {
		path := filepath.Join(corpus, name+".pcap")
		r := analyseOf(t, path, open(t, path), false)
		_, frames := extracted(t, path, r.Snapshot, r.Snapshot.Calls)
		if want := int(r.Status.Frames) - others; frames.Len() != want {
			t.Errorf("%s: %d frames, want %d", name, frames.Len(), want)
		}
	}
}

// TestExtractLeavesOthers takes one of twenty calls on one connection: its six
// messages are in a segment each.
func TestExtractLeavesOthers(t *testing.T) {
	path := filepath.Join(corpus, "calls-tcp.pcap")
	s := analyse(t, open(t, path), false).Snapshot
	out, frames := extracted(t, path, s, s.Calls[7:8])
	if frames.Len() != 6 {
		t.Errorf("%d frames, want 6", frames.Len())
	}
	got := analyse(t, open(t, out), false).Snapshot
	if len(got.Calls) != 1 || !strings.EqualFold(got.Calls[0].CallID, s.Calls[7].CallID) {
		t.Errorf("%d calls", len(got.Calls))
	}
}
