package pipeline_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/report"
)

// TestFacts compares what is found in the captures of the project with what
// tshark, tcpdump and the recorded programs themselves said about them.
func TestFacts(t *testing.T) {
	facts := make(map[string]map[string]string)
	for _, row := range readTable(t, filepath.Join(corpus, "facts.tsv")) {
		if facts[row["capture"]] == nil {
			facts[row["capture"]] = make(map[string]string)
		}
		facts[row["capture"]][row["key"]] = row["value"]
	}
	for _, name := range captures(t) {
		base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		t.Run(base, func(t *testing.T) {
			if len(facts[base]) == 0 {
				t.Fatalf("nothing is known of %s in facts.tsv", base)
			}
			got := factsOf(t, analyseOf(t, name, open(t, name), false))
			checked := 0
			for _, key := range slices.Sorted(maps.Keys(facts[base])) {
				family, _, _ := strings.Cut(key, ".")
				switch family {
				case "peer", "netem", "digits", "bodies", "keylog", "pem", "resumed": // what the peers said, for the reader and for later measures
					continue
				}
				checked++
				want := facts[base][key]
				if family == "stream" {
					want = withoutCodec(want)
				}
				if strings.HasSuffix(key, "_ms") {
					compareTime(t, key, got[key], want)
					continue
				}
				if got[key] != want && !all(got[key], want) {
					t.Errorf("%s is %q, must be %q", key, got[key], want)
				}
			}
			if checked < 5 {
				t.Errorf("only %d facts were compared", checked)
			}
		})
	}
}

// all reports whether a list says the same of every call.
func all(list, want string) bool {
	return strings.Count(list, ",") > 0 && strings.Trim(strings.ReplaceAll(list+",", want+",", ""), ",") == ""
}

// withoutCodec drops tshark's name of the codec from "src port dst port codec packets lost".
func withoutCodec(stream string) string {
	words := strings.Fields(stream)
	return strings.Join(append(words[:4:4], words[len(words)-2:]...), " ")
}

// factsOf spells a result the way facts.tsv does.
func factsOf(t testing.TB, r report.Result) map[string]string {
	s := r.Snapshot
	f := map[string]string{
		"frames":        strconv.FormatUint(r.Status.Frames, 10),
		"sip_messages":  strconv.FormatUint(s.Totals.SIPMessages, 10),
		"calls":         strconv.FormatUint(s.Totals.Calls, 10),
		"registrations": strconv.FormatUint(s.Totals.Registrations, 10),
		"rtp_streams":   strconv.FormatUint(s.Totals.Streams, 10),
		"rtp_packets":   strconv.FormatUint(s.Totals.RTPPackets+s.Totals.SRTPPackets, 10),
		"rtcp_packets":  strconv.FormatUint(s.Totals.RTCPPackets, 10),
		"call_ids":      strconv.Itoa(len(s.Calls)),
	}
	for method, n := range s.Methods {
		f["method."+method] = strconv.FormatUint(n, 10)
	}
	for status, n := range s.Responses {
		f[fmt.Sprintf("response.%d", status)] = strconv.FormatUint(n, 10)
	}
	for transport, n := range s.Transports {
		f["transport."+transport.String()] = strconv.FormatUint(n, 10)
	}
	for _, st := range s.Streams {
		f[fmt.Sprintf("stream.0x%08X", st.SSRC)] = fmt.Sprintf("%s %d %s %d %d %d", st.Src.Addr(), st.Src.Port(), st.Dst.Addr(), st.Dst.Port(), st.Packets, st.Quality.Lost)
	}
	addCallFacts(f, r)
	addMSRPFacts(f, s)
	addStoryFacts(t, f, jsonOf(t, r))
	return f
}

// addMSRPFacts lists what the sides of the first call with a message session
// sent: alice calls bob.
func addMSRPFacts(f map[string]string, s *correlate.Snapshot) {
	f["msrp_messages"] = strconv.FormatUint(s.Totals.MSRPMessages, 10)
	for _, c := range s.Calls {
		if c.MSRP == nil {
			continue
		}
		for who, n := range map[string]correlate.MSRPCount{"alice": c.MSRP.FromSource, "bob": c.MSRP.FromDestination} {
			for key, v := range map[string]uint64{"sends": n.Sends, "octets": n.Octets, "messages": n.Messages, "aborted": n.Aborted, "reports": n.Reports} {
				f["msrp."+who+"."+key] = strconv.FormatUint(v, 10)
			}
		}
		for status, n := range c.MSRP.Responses {
			f[fmt.Sprintf("msrp.response.%d", status)] = strconv.FormatUint(n, 10)
		}
		return
	}
}

// addCallFacts lists how the calls went, in the order in which they began.
func addCallFacts(f map[string]string, r report.Result) {
	var states, finals, enders []string
	retransmissions := 0
	for _, c := range r.Snapshot.Calls {
		retransmissions += c.Retransmissions
		if c.Method != "INVITE" && r.Snapshot.Totals.Calls > 0 {
			continue // without calls, of the other exchanges
		}
		states = append(states, c.State.String())
		enders = append(enders, c.EndedBy)
		if c.FinalStatus != 0 {
			finals = append(finals, strconv.Itoa(c.FinalStatus))
		}
	}
	f["state"], f["final_status"], f["ended_by"] = strings.Join(states, ","), strings.Join(finals, ","), strings.Join(enders, ",")
	f["retransmissions"] = strconv.Itoa(retransmissions)
}
