package pipeline_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/internal/allowance"
	"sipsniff/internal/report"
)

// A partial is a capture of the project of which only a part is read, and what
// the state table of the specification (§3.6, §9.1, §9.8) makes of that part.
// States stand in the order in which the calls of the whole capture began; "-"
// is a call that is not there.
type partial struct {
	name     string
	endedBy  string   // in the whole capture, of each call
	begin    []string // after the first 1, 2, 3 … messages
	end      []string // without the first 1, 2, 3 … messages
	requests string   // requests alone
	answers  string   // responses alone
	side     map[string]string

	// doubt is how a state may come out otherwise when both ends are missing.
	doubt map[string]string
}

var partials = []partial{
	{
		name:    "call-audio", // INVITE 180 200 ACK BYE 200
		endedBy: "caller",
		begin:   []string{"new", "ringing", "answered", "in_call", "ending", "completed"},
		end:     repeat("completed", 5),
		// Nobody is heard to answer the BYE, and 32 s have not passed.
		requests: "ending", answers: "completed",
		side: map[string]string{"192.0.2.10": "ending", "192.0.2.20": "completed"},
	},
	{
		name:    "cancelled", // INVITE 180 CANCEL 200 487 ACK
		endedBy: "caller",
		begin:   []string{"new", "ringing", "cancelling", "cancelling", "cancelled", "cancelled"},
		end:     []string{"cancelled", "cancelled", "cancelled", "cancelled", "partial_in_call"}, // the ACK alone could be of any INVITE
		// The ACK has the branch of the INVITE: a final response that was no 2xx.
		requests: "cancelled", answers: "cancelled",
		side: map[string]string{"192.0.2.10": "cancelled", "192.0.2.20": "cancelled"},
	},
	{
		name:     "busy", // INVITE 180 486 ACK
		begin:    []string{"new", "ringing", "busy", "busy"},
		end:      []string{"busy", "busy", "partial_in_call"},
		requests: "failed", answers: "busy",
		side: map[string]string{"192.0.2.10": "failed", "192.0.2.20": "busy"},
	},
	{
		name: "call-auth", // INVITE 407 ACK INVITE 100 INVITE 180 180 200 200 ACK ACK BYE BYE 200 200, two hops
		// The first copy of a message on its way changes the state, but a final
		// response only where the caller gets it (§9.13).
		endedBy: "callee",
		begin: []string{
			"new", "auth", "auth", "new", "trying", "trying", "ringing", "ringing", "ringing", "answered",
			"in_call", "in_call", "ending", "ending", "completed", "completed",
		},
		end:      repeat("completed", 15),
		requests: "ending", answers: "completed",
		// Which hop is the caller's is not known; an ACK alone could be of any INVITE.
		doubt: map[string]string{"ringing": "answered", "trying": "new", "auth": "partial_in_call"},
	},
	{
		name:     "redirected", // INVITE 302 ACK INVITE 180 200 ACK BYE 200
		endedBy:  "caller",
		begin:    []string{"new", "redirected", "redirected", "new", "ringing", "answered", "in_call", "ending", "completed"},
		end:      repeat("completed", 8),
		requests: "ending", answers: "completed",
		side:  map[string]string{"192.0.2.10": "ending", "192.0.2.20": "redirected", "192.0.2.21": "completed"},
		doubt: map[string]string{"redirected": "partial_in_call"},
	},
	{
		name:    "held", // INVITE 180 200 ACK, INVITE 200 ACK (hold), INVITE 200 ACK (resume), BYE 200
		endedBy: "callee",
		begin: []string{
			"new", "ringing", "answered", "in_call", "renegotiating", "hold", "hold", "renegotiating", "in_call", "in_call",
			"ending", "completed",
		},
		end:      repeat("completed", 11),
		requests: "ending", answers: "completed",
		side: map[string]string{"192.0.2.10": "completed", "192.0.2.20": "ending"},
		// The 200 to a re-INVITE looks like one to the first INVITE.
		doubt: map[string]string{"hold": "answered in_call", "in_call": "answered"},
	},
	{
		name: "transferred",
		// INVITE 180 200 ACK REFER 202 NOTIFY (100) [INVITE] 200 [180 200 ACK] NOTIFY (200) 200 BYE 200 [BYE 200]; [ ] is the new call
		endedBy: "caller callee",
		begin: []string{
			"new -", "ringing -", "answered -", "in_call -", "transferring -", "transferring -", "transferring -",
			"transferring new", "transferring new", "transferring ringing", "transferring answered", "transferring in_call",
			"in_call in_call", "in_call in_call", "ending in_call", "completed in_call", "completed ending", "completed completed",
		},
		end:      append(repeat("completed completed", 15), "- completed", "- completed"),
		requests: "ending ending", answers: "completed completed",
		side: map[string]string{"192.0.2.21": "- ending"}, // its 180, 200 and BYE
		// A NOTIFY between the cuts does not say that its dialog is that of a call.
		doubt: map[string]string{"transferring": "subscribed ok", "in_call": "terminated ok"},
	},
	{
		name: "forked",
		// INVITE 100 INVITE' 180' 180 INVITE" 180" 180 200" 200 CANCEL' 200' 487' ACK' ACK ACK" BYE BYE" 200" 200
		endedBy: "caller",
		begin: slices.Concat([]string{"new", "trying", "trying"}, repeat("ringing", 6), repeat("answered", 5),
			[]string{"in_call", "in_call", "ending", "ending", "completed", "completed"}),
		// What is heard of the branch that lost must not decide.
		end:      repeat("completed", 19),
		requests: "ending", answers: "completed",
		side: map[string]string{"192.0.2.22": "completed", "192.0.2.20": "cancelled"},
		// Of the branch that lost alone nothing is known of the other.
		doubt: map[string]string{"trying": "new", "ringing": "answered new", "answered": "cancelling cancelled partial_in_call", "in_call": "cancelled"},
	},
}

func repeat(state string, n int) []string { return slices.Repeat([]string{state}, n) }

// TestPartial reads the parts of each capture: cut at both ends, between each
// two messages, and one-sided.
func TestPartial(t *testing.T) {
	for _, p := range partials {
		t.Run(p.name, func(t *testing.T) {
			c := signallingOf(t, p.name)
			if len(p.begin) != len(c.frames) || len(p.end) != len(c.frames)-1 {
				t.Fatalf("%d messages, %d and %d states", len(c.frames), len(p.begin), len(p.end))
			}
			for k := 1; k < len(c.frames); k++ {
				c.check(t, fmt.Sprintf("the first %d messages", k), c.frames[:k], p.begin[k-1])
				c.check(t, fmt.Sprintf("without the first %d messages", k), c.frames[k:], p.end[k-1])
				for j := k + 1; j < len(c.frames); j++ {
					c.window(t, k, j, p.begin[j-1], p.doubt)
				}
			}
			whole := c.check(t, "all messages", c.frames, p.begin[len(p.begin)-1])
			c.enders(t, "all messages", whole, p.endedBy)
			c.enders(t, "without the first message", c.read(t, c.frames[1:]), p.endedBy)
			for k := 2; k < len(c.frames); k++ {
				c.noWrongEnder(t, k, c.read(t, c.frames[k:]), p.endedBy)
			}
			c.check(t, "requests alone", c.only(func(m *correlate.Message) bool { return m.Method != "" }), p.requests)
			c.check(t, "responses alone", c.only(func(m *correlate.Message) bool { return m.Method == "" }), p.answers)
			for from, want := range p.side {
				c.check(t, "what "+from+" sent", c.only(func(m *correlate.Message) bool { return m.Src.Addr().String() == from }), want)
			}
		})
	}
}

// TestDoubled reads each capture with every message twice: as an interface that
// sees a packet twice delivers it, and as a second place behind a router does.
func TestDoubled(t *testing.T) {
	more := []string{"transfers", "forks", "races", "reliable", "holds", "changes", "timers", "conference", "forwarded", "proxies", "bridged", "b2bua-plain"}
	all := slices.Clone(partials)
	for _, name := range more {
		all = append(all, partial{name: name})
	}
	for _, p := range all {
		for way, double := range map[string]func(capture.Frame) capture.Frame{"same packet": again, "behind a router, tagged": beyond} {
			t.Run(p.name+" "+way, func(t *testing.T) {
				c := signallingOf(t, p.name)
				var twice []capture.Frame
				for _, f := range c.frames {
					twice = append(twice, f, double(f))
				}
				slices.SortStableFunc(twice, func(a, b capture.Frame) int { return int(a.Nanos - b.Nanos) })
				once := c.read(t, c.frames)
				got := c.read(t, twice)
				if len(p.begin) > 0 {
					c.check(t, way, twice, p.begin[len(p.begin)-1])
				}
				c.enders(t, way, got, p.endedBy)
				for i, d := range got {
					o := once[i]
					if d.State != o.State || d.EndedBy != o.EndedBy || d.FinalStatus != o.FinalStatus {
						t.Errorf("%s: %v %s %d, once it is %v %s %d", d.CallID, d.State, d.EndedBy, d.FinalStatus, o.State, o.EndedBy, o.FinalStatus)
					}
					if d.MessageCount != o.MessageCount || d.Retransmissions != o.Retransmissions || d.Duplicates != o.MessageCount {
						t.Errorf("%s: %d messages, %d retransmissions, %d duplicates; once it is %d and %d", d.CallID,
							d.MessageCount, d.Retransmissions, d.Duplicates, o.MessageCount, o.Retransmissions)
					}
				}
			})
		}
	}
}

// TestShuffled reads every capture without TCP with its frames out of order, by
// up to a second: the calls come out as they do in order.
func TestShuffled(t *testing.T) {
	for _, name := range captures(t) {
		whole := analyseOf(t, name, open(t, name), false).Snapshot
		if whole.Transports[decode.UDP] < whole.Totals.SIPMessages || whole.Totals.SIPMessages == 0 {
			continue
		}
		if strings.HasSuffix(name, "tunnel-vxlan.pcap") {
			continue // fragments: the time of a datagram is that of the piece that came last
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			all, stories := frames(t, name), storiesOf(t, analyse(t, open(t, name), false))
			for seed := range uint64(allowance.Share(5, 1)) {
				r := rand.New(rand.NewPCG(seed, 4))
				mixed := slices.Clone(all)
				place := make(map[int]int64, len(mixed))
				for i := range mixed {
					place[mixed[i].Number] = mixed[i].Nanos + r.Int64N(1e9)
				}
				slices.SortStableFunc(mixed, func(a, b capture.Frame) int { return int(place[a.Number] - place[b.Number]) })
				result := analyseOf(t, name, &replayed{frames: mixed}, false)
				got := result.Snapshot
				if d := cmp.Diff(stories, storiesOf(t, result)); d != "" {
					t.Errorf("seed %d: %s", seed, d)
				}
				if len(got.Calls) != len(whole.Calls) {
					t.Fatalf("seed %d: %d calls, in order %d", seed, len(got.Calls), len(whole.Calls))
				}
				for i, c := range whole.Calls {
					at := slices.IndexFunc(got.Calls, func(d *correlate.Call) bool { return d.CallID == c.CallID })
					if at < 0 {
						t.Errorf("seed %d: %s is not there", seed, c.CallID)
					} else if a, b := outline(c), outline(got.Calls[at]); a != b {
						t.Errorf("seed %d, call %d: in order\n%s\nshuffled\n%s", seed, i+1, a, b)
					}
				}
			}
		})
	}
}

// storiesOf spells what the JSON report tells of each call but for frames,
// which have other numbers in another order.
func storiesOf(t *testing.T, r report.Result) map[string]string {
	facts := make(map[string]string)
	addStoryFacts(t, facts, jsonOf(t, r))
	return facts
}

// outline is what must not depend on the order of frames.
func outline(c *correlate.Call) string {
	return fmt.Sprint(c.Method, " ", c.State, " by ", c.EndedBy, " ", c.FinalStatus, " ", c.Started, " ", c.Answered, " ", c.Ended, " ", c.MessageCount,
		" messages ", c.Retransmissions, " again ", c.Duplicates, " ", c.Flags, " ", c.Dialogs)
}

// A signalling is the frames of a capture that carry SIP over UDP, one message
// each, with what was read in them.
type signalling struct {
	frames   []capture.Frame
	messages []*correlate.Message
	callIDs  []string // in the order in which the calls began
}

func signallingOf(t *testing.T, name string) *signalling {
	t.Helper()
	path := filepath.Join(corpus, name+".pcap")
	byFrame := make(map[int]*correlate.Message)
	c := new(signalling)
	for _, call := range analyse(t, open(t, path), false).Snapshot.Calls {
		c.callIDs = append(c.callIDs, call.CallID)
		for _, m := range call.Messages() {
			byFrame[m.Frame] = m
		}
	}
	for _, f := range frames(t, path) {
		if m := byFrame[f.Number]; m != nil {
			c.frames, c.messages = append(c.frames, f), append(c.messages, m)
		}
	}
	return c
}

func (c *signalling) only(wanted func(*correlate.Message) bool) []capture.Frame {
	var found []capture.Frame
	for i, f := range c.frames {
		if wanted(c.messages[i]) {
			found = append(found, f)
		}
	}
	return found
}

// read returns the calls of some frames, nil where one is not there.
func (c *signalling) read(t *testing.T, frames []capture.Frame) []*correlate.Call {
	t.Helper()
	s := analyse(t, &replayed{frames: frames}, false).Snapshot
	calls := make([]*correlate.Call, len(c.callIDs))
	for _, call := range s.Calls {
		if i := slices.Index(c.callIDs, call.CallID); i >= 0 {
			calls[i] = call
		}
	}
	return calls
}

func (c *signalling) check(t *testing.T, what string, frames []capture.Frame, want string) []*correlate.Call {
	t.Helper()
	calls := c.read(t, frames)
	states := make([]string, len(calls))
	for i, call := range calls {
		if states[i] = "-"; call != nil {
			states[i] = call.State.String()
		}
	}
	if got := strings.Join(states, " "); got != want {
		t.Errorf("%s: %s, must be %s", what, got, want)
	}
	return calls
}

// window reads what is between two cuts: it stands where it stood at the second
// cut, or is a call of which only that is known.
func (c *signalling) window(t *testing.T, from, to int, whole string, doubt map[string]string) {
	t.Helper()
	wants := strings.Fields(whole)
	for i, call := range c.read(t, c.frames[from:to]) {
		if call == nil {
			continue // nothing of it is between the cuts
		}
		got := call.State.String()
		if got != wants[i] && !(got == "partial_in_call" && slices.Contains(established, wants[i])) && !slices.Contains(strings.Fields(doubt[wants[i]]), got) {
			t.Errorf("messages %d to %d: %s is %s, must be %s", from+1, to, call.CallID, got, wants[i])
		}
	}
}

// established are the states that a call without its beginning cannot show.
var established = []string{"in_call", "hold", "renegotiating", "transferring"}

func (c *signalling) enders(t *testing.T, what string, calls []*correlate.Call, want string) {
	t.Helper()
	for i, by := range strings.Fields(want) {
		if calls[i] == nil || calls[i].EndedBy != by {
			t.Errorf("%s: %s was not ended by the %s", what, c.callIDs[i], by)
		}
	}
}

// noWrongEnder: who ended a call that began before may be unknown, but must not
// be the other one.
func (c *signalling) noWrongEnder(t *testing.T, dropped int, calls []*correlate.Call, truth string) {
	t.Helper()
	for i, by := range strings.Fields(truth) {
		if call := calls[i]; call != nil && call.EndedBy != "" && call.EndedBy != by {
			t.Errorf("without the first %d messages: %s was ended by the %s, must be the %s or unknown", dropped, call.CallID, call.EndedBy, by)
		}
	}
}

// replayed is a source of frames that are in memory.
type replayed struct {
	frames []capture.Frame
	next   int
}

func (s *replayed) Next(f *capture.Frame) error {
	if s.next == len(s.frames) {
		return io.EOF
	}
	*f = s.frames[s.next]
	s.next++
	f.Number = s.next
	return nil
}

func (s *replayed) Info() []capture.SourceInfo { return nil }
func (s *replayed) Close() error               { return nil }

// again is the same packet 20 µs later.
func again(f capture.Frame) capture.Frame {
	f.Nanos += 20_000
	return f
}

// beyond is the packet behind a router: a hop less to live, other link
// addresses, a VLAN tag, 0.2 ms later.
func beyond(f capture.Frame) capture.Frame {
	b := slices.Clone(f.Data)
	ip := b[ethernetHeader:]
	ip[8]--
	sum := uint32(binary.BigEndian.Uint16(ip[10:])) + 0x100 // RFC 1624: the word with the TTL is less by 0x100
	binary.BigEndian.PutUint16(ip[10:], uint16(sum+sum>>16))
	b[5], b[11] = b[5]+0x40, b[11]+0x40
	f.Data = slices.Concat(b[:12], []byte{0x81, 0, 0, 42}, b[12:])
	f.Length += 4
	f.Nanos += 200_000
	return f
}
