package hide

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode/sip"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
)

// captures are those of the project, and the real ones beside it where they are.
func captures(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"../../pcaps/*.pcap", "../../pcaps/*.pcapng", "../../../shared/pcaps/files/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) == 0 {
		t.Fatal("no captures")
	}
	return names
}

func opened(t *testing.T, name string) capture.Source {
	t.Helper()
	source, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// learned is a Hider that has seen a capture.
func learned(t *testing.T, name string, what What) *Hider {
	t.Helper()
	h := newHider(what, secret{1, 2, 3})
	source := opened(t, name)
	defer source.Close()
	if err := h.Learn(context.Background(), source, nil); err != nil && !damaged(err) {
		t.Fatal(err)
	}
	return h
}

func damaged(err error) bool {
	var format *capture.FormatError
	return errors.As(err, &format)
}

// frames are all of a source, copied.
func frames(t *testing.T, source capture.Source) (list []capture.Frame) {
	t.Helper()
	defer source.Close()
	for {
		var f capture.Frame
		if err := source.Next(&f); errors.Is(err, io.EOF) || damaged(err) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		f.Data = bytes.Clone(f.Data)
		list = append(list, f)
	}
}

// A listed source yields frames of a list.
type listed struct{ list []capture.Frame }

func (s *listed) Next(f *capture.Frame) error {
	if len(s.list) == 0 {
		return io.EOF
	}
	*f, s.list = s.list[0], s.list[1:]
	return nil
}
func (s *listed) Info() []capture.SourceInfo { return []capture.SourceInfo{{}} }
func (s *listed) Close() error               { return nil }

func analysed(t *testing.T, list []capture.Frame) *correlate.Snapshot {
	t.Helper()
	p := pipeline.New(pipeline.Config{Source: &listed{list}})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p.Snapshot()
}

// outcome is what has to be the same when all is hidden.
func outcome(s *correlate.Snapshot, what What) (out []string) {
	for _, c := range s.Calls {
		out = append(out, fmt.Sprint("call ", c.Index, c.Method, c.State, c.EndedBy, c.Flags, c.Started, c.Answered, c.Ended, c.MessageCount, c.Retransmissions, c.Duplicates, c.FinalStatus, c.Cause, len(c.Dialogs), c.EncryptedMedia, c.StreamIDs))
		for _, m := range c.Messages() {
			out = append(out, fmt.Sprint("message ", m.Nanos, m.Transport, m.Size(), m.Cut, m.Retransmission, m.Duplicate, m.Src.Port(), m.Dst.Port()))
		}
	}
	for _, st := range s.Streams {
		if st.Call == nil && what&Audio != 0 {
			continue // a guess that needs to hear something
		}
		q := st.Quality
		out = append(out, fmt.Sprintf("stream %d %08x %v %d %d %d %d %s %d %d %d %d %d %v", st.ID, st.SSRC, st.Call != nil, st.First, st.Last, st.Packets, st.Octets, st.Codec, q.Expected, q.Lost, q.Duplicates, q.Reordered, st.RTCPPackets, q.JitterMean))
	}
	return out
}

// TestHiddenCapturesTellTheSame hides all in every capture and wants the calls, their outcomes and the quality of their
// streams to be those of the same frames before.
func TestHiddenCapturesTellTheSame(t *testing.T) {
	for _, what := range []What{Numbers | Addresses | Auth, Numbers | Addresses | Auth | Audio} {
		for _, name := range allowance.Some(captures(t), 8) {
			t.Run(filepath.Base(name)+" "+what.String(), func(t *testing.T) { tellsTheSame(t, name, what) })
		}
	}
}

func tellsTheSame(t *testing.T, name string, what What) {
	h := learned(t, name, what)
	hidden, all := frames(t, h.NewSource(opened(t, name), nil)), frames(t, opened(t, name))
	if len(hidden)+h.Left() != len(all) {
		t.Fatalf("%d frames and %d left out, of %d", len(hidden), h.Left(), len(all))
	}
	same := map[int]bool{}
	for _, f := range hidden {
		same[f.Number] = true
	}
	before := slices.DeleteFunc(slices.Clone(all), func(f capture.Frame) bool { return !same[f.Number] })
	for i, f := range before {
		if f.Nanos != hidden[i].Nanos || f.Length != hidden[i].Length || len(f.Data) != len(hidden[i].Data) {
			t.Fatalf("frame %d is another", f.Number)
		}
	}
	was := analysed(t, before)
	if diff := cmp.Diff(outcome(was, what), outcome(analysed(t, hidden), what)); diff != "" {
		t.Errorf("before and after: %s", diff)
	}
	revealed(t, was, hidden)
}

// revealed looks for what was to be hidden in the octets of hidden frames.
func revealed(t *testing.T, was *correlate.Snapshot, hidden []capture.Frame) {
	t.Helper()
	var octets bytes.Buffer
	for _, f := range hidden {
		octets.Write(f.Data)
		octets.WriteString("\n\n")
	}
	for what := range private(t, was) {
		if at := bytes.Index(octets.Bytes(), []byte(what)); at >= 0 {
			from, to := max(0, at-60), min(octets.Len(), at+len(what)+20)
			t.Errorf("%q is still there: %q", what, octets.Bytes()[from:to])
		}
	}
}

// private are texts and octets of a capture that are to be hidden: users long enough not to be there by chance,
// addresses in both forms, what answers challenges.
func private(t *testing.T, s *correlate.Snapshot) map[string]bool {
	out := map[string]bool{}
	address := func(a netip.Addr) {
		if kindOf(a) == kindNobody || kindOf(a) == kindMulticast || a.Is4In6() {
			return
		}
		out[string(a.AsSlice())] = true
		if s := fmt.Sprintf("%x", a.AsSlice()); a.Is4() && !allDigits([]byte(s)) {
			out[s] = true
		}
		if len(a.String()) > 8 { // 1.1.1.1 may be part of another
			out[a.String()] = true
		}
	}
	for _, st := range s.Streams {
		address(st.Src.Addr())
		address(st.Dst.Addr())
	}
	for _, c := range s.Calls {
		for _, m := range c.Messages() {
			address(m.Src.Addr())
			address(m.Dst.Addr())
			raw, err := m.Read()
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := sip.Parse(raw)
			if err != nil {
				continue
			}
			uris := []string{parsed.RequestURI}
			for _, id := range []sip.HeaderID{sip.HeaderFrom, sip.HeaderTo, sip.HeaderContact, sip.HeaderPAssertedIdentity, sip.HeaderRemotePartyID, sip.HeaderDiversion, sip.HeaderHistoryInfo, sip.HeaderReferTo, sip.HeaderReferredBy} {
				for a := range parsed.Addresses(id) {
					uris = append(uris, a.URI)
					if len(a.Display) >= 6 && !spoken(a.Display) {
						out[a.Display+" <"], out[a.Display+"\" <"] = true, true
					}
				}
			}
			for _, uri := range uris {
				if u := sip.ParseURI(uri).User; len(u) >= 6 && !spoken(u) && strings.ContainsFunc(u, func(r rune) bool { return isWord(byte(r)) }) {
					out[u] = true
				}
			}
			for _, id := range []sip.HeaderID{sip.HeaderAuthorization, sip.HeaderProxyAuthorization} {
				for v := range parsed.Values(id) {
					a := sip.ParseAuth(v)
					for _, secret := range []string{a.Response, a.Nonce} {
						if len(secret) >= 8 {
							out[secret] = true
						}
					}
				}
			}
		}
	}
	return out
}

// spoken reports whether a user is made of words that are not hidden.
func spoken(user string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(user), func(r rune) bool { return r < 0x80 && !isWord(byte(r)) }) {
		if !nobody[word] && !protocolWords[word] {
			return false
		}
	}
	return true
}
