package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// mostMSRP is how many message sessions the text report lists.
const mostMSRP = 200

// msrpJSON is what went over message sessions; only counts, no text.
type msrpJSON struct {
	SessionIDs   []string          `json:"session_ids,omitempty"` // only without a call
	Transport    string            `json:"transport"`
	Source       string            `json:"source"` // the caller's side; without a call, the one heard first
	Destination  string            `json:"destination"`
	First        string            `json:"first"`
	Last         string            `json:"last"`
	FirstFrame   int               `json:"first_frame"`
	LastFrame    int               `json:"last_frame"`
	Sent         msrpCount         `json:"sent"`     // by the source
	Received     msrpCount         `json:"received"` // by it
	Responses    map[string]uint64 `json:"responses"`
	Reports      map[string]uint64 `json:"report_statuses"`
	ContentTypes map[string]uint64 `json:"content_types"`
	Incomplete   uint64            `json:"incomplete"`
}

type msrpCount struct {
	Sends    uint64 `json:"sends"`
	Empty    uint64 `json:"empty_sends"`
	Reports  uint64 `json:"reports"`
	Others   uint64 `json:"other_requests"`
	Octets   uint64 `json:"octets"`
	Messages uint64 `json:"messages"`
	Aborted  uint64 `json:"aborted"`
	Copies   uint64 `json:"copies"`
}

func newMSRP(m *correlate.MSRP) *msrpJSON {
	if m == nil {
		return nil
	}
	out := &msrpJSON{
		SessionIDs: m.Sessions, Transport: m.Transport.String(), Source: addr(m.Source), Destination: addr(m.Destination),
		First: stamp(m.First), Last: stamp(m.Last), FirstFrame: m.FirstFrame, LastFrame: m.LastFrame,
		Sent: msrpCount(m.FromSource), Received: msrpCount(m.FromDestination),
		Responses: codes(m.Responses), Reports: codes(m.Reports), ContentTypes: m.ContentTypes, Incomplete: m.Incomplete,
	}
	return out
}

func newMSRPs(list []*correlate.MSRP) []msrpJSON {
	out := make([]msrpJSON, len(list))
	for i, m := range list {
		out[i] = *newMSRP(m)
	}
	return out
}

// codes makes the keys of counts by status text; 7 is "007".
func codes(counts map[int]uint64) map[string]uint64 {
	out := make(map[string]uint64, len(counts))
	for status, n := range counts {
		out[fmt.Sprintf("%03d", status)] = n
	}
	return out
}

// writeMSRP lists the message sessions: those of calls, then the others.
func writeMSRP(w io.Writer, s *correlate.Snapshot) error {
	t := newTable("MSRP", ">Call", "Source", "Destination", "", ">Messages", ">Octets", ">Aborted", ">Reports", "Responses")
	left := 0
	row := func(number string, m *correlate.MSRP) {
		if len(t.rows) == mostMSRP {
			left++
			return
		}
		a, b := &m.FromSource, &m.FromDestination
		t.add(clock(m.First), number, addr(m.Source), addr(m.Destination), m.Transport.String(),
			bothWays(a.Messages, b.Messages), bothWays(a.Octets, b.Octets), bothWays(a.Aborted, b.Aborted), bothWays(a.Reports, b.Reports), counts(codes(m.Responses)))
	}
	for _, c := range s.Calls {
		if c.MSRP != nil {
			row(strconv.Itoa(c.Index), c.MSRP)
		}
	}
	for _, m := range s.MSRP {
		row(none, m)
	}
	if len(t.rows) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	if err := t.write(w); err != nil {
		return err
	}
	if left > 0 {
		fmt.Fprintf(w, "%s more MSRP sessions\n", amount.Grouped(left))
	}
	if s.EvictedMSRP > 0 {
		fmt.Fprintf(w, "%s MSRP sessions without a call left to make room\n", amount.Grouped(s.EvictedMSRP))
	}
	return nil
}

// bothWays prints what the source sent and what it received: "3/1".
func bothWays(sent, received uint64) string {
	return strings.Join([]string{amount.Grouped(sent), amount.Grouped(received)}, "/")
}
