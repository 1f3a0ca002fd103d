package health

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// A Remark is something about a capture that its reader should know.
type Remark struct {
	Fact string // what is so
	Hint string // what it means or what to do about it
}

// Remarks lists what matters, the worst first. A capture in good health has
// none.
func (a *Account) Remarks() []Remark {
	var list []Remark
	for _, part := range []func() []Remark{
		a.dropped, a.cut, a.fragments, a.streams, a.unread, a.clock, a.oneSided, a.twice,
	} {
		list = append(list, part()...)
	}
	return list
}

// when gives a remark if there is something to count.
func when(n uint64, hint, format string, args ...any) []Remark {
	if n == 0 {
		return nil
	}
	return []Remark{{Fact: fmt.Sprintf(format, args...), Hint: hint}}
}

func (a *Account) dropped() []Remark {
	d := a.Drops
	if d == nil {
		return nil
	}
	received := ""
	if d.Uncounted&capture.DropsReceived == 0 {
		received = fmt.Sprintf(" (%s were received)", amount.Grouped(d.Received))
	}
	const meaning = "what calls and streams miss may have been lost here and not on the network; "
	return slices.Concat(
		when(d.Kernel, meaning+"a larger buffer (-B) or a narrower filter helps",
			"%s dropped because the capture buffer was full%s", was(d.Kernel, "packet"), received),
		when(d.Interface, meaning+"the network card did not keep up", "%s dropped by the network interface%s", was(d.Interface, "packet"), received),
		when(d.Queue, meaning+"the machine is too slow for them", "%s dropped because the program did not keep up%s", was(d.Queue, "packet"), received),
	)
}

// cutNames are the reasons of decode.Packet.Cut but for the snapshot length,
// in the order in which they are told.
var cutNames = [...]struct{ reason, words string }{
	{"ip_fragment_lost", "an IP fragment is missing"},
	{"tcp_gap", "a piece of the TCP stream is missing"},
	{"stream_end", "the connection or the capture ended"},
}

func (a *Account) cut() []Remark {
	c := &a.Counts
	bySnaplen := c.CutMessages["snaplen"]
	list := when(c.Cut, "their payload is not whole; media is counted right, but SDP may be missing: capture with a larger snapshot length (-s)",
		"%s cut by the snapshot length, %s among them", is(c.Cut, "frame"), amount.Of(bySnaplen, "SIP message"))
	var why []string
	var sum uint64
	for _, name := range cutNames {
		if n := c.CutMessages[name.reason]; n > 0 {
			sum += n
			why = append(why, fmt.Sprintf("%s because %s", amount.Grouped(n), name.words))
		}
	}
	return append(list, when(sum, "what stood behind the cut, perhaps the SDP, is unknown", "%s incomplete: %s", is(sum, "SIP message"), strings.Join(why, ", "))...)
}

func (a *Account) fragments() []Remark {
	s := &a.Decode
	headless := ""
	switch s.FragmentsHeadless {
	case 0:
	case s.FragmentsLost:
		headless = ", the first fragment is missing"
	default:
		headless = fmt.Sprintf(", of %s the first fragment is missing", amount.Grouped(s.FragmentsHeadless))
	}
	return slices.Concat(
		when(s.FragmentsLost, "fragments were lost, or the capture filter stopped the others", "%s incomplete%s", is(s.FragmentsLost, "fragmented packet"), headless),
		when(s.FragmentOverlaps, "a faulty sender, or somebody who wants to hide something; the first one counts", "%s at odds with one before", is(s.FragmentOverlaps, "fragment")),
	)
}

func (a *Account) streams() []Remark {
	s := &a.Decode.Signalling
	return slices.Concat(
		when(s.Gaps, "segments were lost by the capture, or it began in the middle; messages there are missing",
			"%s in TCP streams, %s octets missing, %s octets skipped up to the next message", amount.Of(s.Gaps, "gap"), amount.Grouped(s.GapOctets), amount.Grouped(s.Skipped)),
		when(s.Evicted, "too many at once; messages that were on their way are incomplete", "%s given up to bound the memory", was(s.Evicted, "connection")),
	)
}

// unreadable are the reasons of decode.Stats.Undecoded that hide something
// which may have been a call. The others are no telephony.
var unreadable = map[string]string{
	"link_type_unsupported": "unknown link type",
	"truncated_link":        "cut in the link header",
	"truncated_ip":          "cut in the IP header",
	"truncated_transport":   "cut in the UDP, TCP or SCTP header",
	"malformed_ip":          "wrong IP header",
	"malformed_transport":   "wrong UDP, TCP or SCTP header",
	"malformed_tunnel":      "wrong tunnel header",
	"malformed_fragment":    "wrong fragment",
	"esp":                   "encrypted by IPsec",
	"macsec_encrypted":      "encrypted by MACsec",
	"wifi_encrypted":        "encrypted by WLAN",
	"wifi_fragment":         "WLAN fragment",
	"gre_unknown":           "unknown protocol in GRE",
	"too_deep":              "too many tunnels in each other",
	"hep_compressed":        "HEP that cannot be decompressed",
}

func (a *Account) unread() []Remark {
	var sum uint64
	var why []string
	for _, reason := range slices.Sorted(maps.Keys(a.Decode.Undecoded)) {
		if words := unreadable[reason]; words != "" && a.Decode.Undecoded[reason] > 0 {
			sum += a.Decode.Undecoded[reason]
			why = append(why, fmt.Sprintf("%s %s", amount.Grouped(a.Decode.Undecoded[reason]), words))
		}
	}
	return when(sum, "there may be calls in them", "%s not opened: %s", was(sum, "frame"), strings.Join(why, ", "))
}

// farApart is the time between sources from which they hardly belong together.
const farApart = 24 * time.Hour

func (a *Account) clock() []Remark {
	c := &a.Counts
	list := slices.Concat(
		when(c.Steps.Count, "times and durations across a step are wrong", "the clock was set %s, the most by %s, the first time at frame %d",
			amount.Of(c.Steps.Count, "time"), amount.Shift(c.Steps.Largest), c.Steps.FirstFrame),
		when(c.Untimed, "they are taken as of the year 1970", "%s without a time", is(c.Untimed, "frame")),
		when(c.OutOfOrder, "the file is not in the order of time; small delays are not exact", "%s older than the one before", is(c.OutOfOrder, "frame")),
	)
	if apart, known := a.Apart(); known && apart > int64(farApart) {
		list = append(list, Remark{
			Fact: fmt.Sprintf("the captures are %.1f days apart", time.Duration(apart).Hours()/24),
			Hint: "they do not belong together, or the clock of one was wrong",
		})
	}
	return list
}

// listedLinks is how many links are told of; the JSON has more.
const listedLinks = 5

var seenWords = map[string]string{
	correlate.SeenRequests:  "answered requests, but no response",
	correlate.SeenResponses: "responses, but no request",
	correlate.SeenDirection: "one direction",
}

// oneSided tells of the links of which one side is certainly missing.
func (a *Account) oneSided() []Remark {
	var pairs []string
	more := uint64(0)
	for _, l := range a.Links.List {
		switch {
		case !l.Certain:
		case len(pairs) == listedLinks:
			more++
		default:
			pairs = append(pairs, fmt.Sprintf("%s and %s (%s)", l.A, l.B, seenWords[l.Seen]))
		}
	}
	if more > 0 {
		pairs = append(pairs, amount.Of(more, "further pair"))
	}
	return when(uint64(len(pairs)), "the rest took another way or comes from other addresses; the states of these calls are judged by half of what happened",
		"there is SIP of one side only between %s", strings.Join(pairs, ", "))
}

// manyTwice is the part of the frames, in percent, from which duplicates are
// a fault of the capture (INF-05).
const manyTwice = 5

func (a *Account) twice() []Remark {
	s := &a.Decode
	if s.Duplicates == 0 || a.Frames == 0 {
		return nil
	}
	where := ""
	if len(s.DuplicatePairs) > 0 {
		p := s.DuplicatePairs[0]
		first, again := a.place(p.FirstSource, p.FirstInterface), a.place(p.AgainSource, p.AgainInterface)
		if first != again {
			where = ", most on " + first + " and again on " + again
		}
	}
	percent := 100 * float64(s.Duplicates) / float64(a.Frames)
	hint := "calls and streams count them once"
	if percent > manyTwice {
		hint += "; the capture sees several interfaces of one host or both ports of a switch: one is enough"
	}
	return []Remark{{Fact: fmt.Sprintf("%s captured more than once (%.1f %% of all)%s", was(s.Duplicates, "frame"), percent, where), Hint: hint}}
}

// place names where frames were captured.
func (a *Account) place(source int, iface uint32) string {
	name := "source " + fmt.Sprint(source+1)
	if source < len(a.Sources) {
		name = a.Sources[source].Name
	}
	if len(a.Sources) > source && a.Sources[source].Format == "live" && name != "any" {
		return name
	}
	return fmt.Sprintf("%s interface %d", name, iface)
}

func is(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return amount.Of(n, noun) + " are"
}

func was(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun + " was"
	}
	return amount.Of(n, noun) + " were"
}
