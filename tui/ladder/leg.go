package ladder

import (
	"fmt"
	"strconv"
	"strings"

	"sipsniff/correlate"
)

// Letter names a leg of a merged ladder: A to Z, then AA and so on.
func Letter(leg int) string {
	const letters = 26
	if leg < letters {
		return string(rune('A' + leg))
	}
	return Letter(leg/letters-1) + Letter(leg%letters)
}

// maxLetters is how many legs are named one by one.
const maxLetters = 5

// Letters names some legs: "A+B+C", or "A to M".
func Letters(count int) string {
	if count > maxLetters {
		return "A to " + Letter(count-1)
	}
	names := make([]string, count)
	for i := range names {
		names[i] = Letter(i)
	}
	return strings.Join(names, "+")
}

// Numbers is the numbers of the calls of some legs: "3+4+7".
func Numbers(legs []Leg) string {
	names := make([]string, len(legs))
	for i := range legs {
		names[i] = strconv.Itoa(legs[i].Call.Index)
	}
	return strings.Join(names, "+")
}

// Evidence says with which of the legs one was joined and why; "" for the
// first one, and for legs that nothing joined. The text is as on the wire.
func Evidence(legs []Leg, leg int) string {
	c := legs[leg].Call
	for i := range c.Legs {
		l := &c.Legs[i]
		if l.Ref.Index != c.Index || l.Possible || l.With.Index == 0 {
			continue
		}
		with := fmt.Sprintf("call %d", l.With.Index)
		for j := range legs {
			if legs[j].Call.Index == l.With.Index {
				with = Letter(j)
			}
		}
		return fmt.Sprintf("joined with %s, score %d: %s", with, l.Score, strings.Join(l.Reasons, ", "))
	}
	return ""
}

// Joining says in few words how the legs were found: "joined by X-CID, then by
// number+time 0.025 s, score 85", that of the last one. The text is as on the wire.
func Joining(legs []Leg) string {
	var ways []string
	score := 0
	for i := range legs {
		c := legs[i].Call
		for j := range c.Legs {
			if l := &c.Legs[j]; l.Ref.Index == c.Index && !l.Possible && l.With.Index != 0 && len(l.Reasons) > 0 {
				if way := Way(l.Reasons); len(ways) == 0 || ways[len(ways)-1] != way {
					ways = append(ways, way)
				}
				score = l.Score
			}
		}
	}
	if len(ways) == 0 {
		return ""
	}
	return fmt.Sprintf("joined by %s, score %d", strings.Join(ways, ", then by "), score)
}

// Way is the strongest reason of a join; numbers that are alike and times that are
// near count as one.
func Way(reasons []string) string {
	first := reasons[0]
	later, number := "", false
	for _, r := range reasons {
		if seconds, ok := strings.CutSuffix(r, " s later"); ok {
			later = seconds + " s"
		}
		number = number || strings.Contains(r, "number")
	}
	if strings.HasSuffix(first, " s later") || strings.Contains(first, "number") || strings.Contains(first, " received one ") {
		way := "time"
		if number {
			way = "number+time"
		}
		return strings.TrimSpace(way + " " + later)
	}
	return first
}

// LegsOf returns the legs of the end-to-end call of a call, in the order of
// their INVITEs. Those that have left the memory are left out.
func LegsOf(c *correlate.Call, find func(index int) *correlate.Call, streams func(*correlate.Call) []*correlate.Stream) []Leg {
	var legs []Leg
	for _, index := range c.Joined() {
		if call := find(index); call != nil {
			legs = append(legs, Leg{Call: call, Streams: streams(call)})
		}
	}
	return legs
}
