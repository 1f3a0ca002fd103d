package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// leg is why one call is, or may be, a leg of the end-to-end call that another
// belongs to.
type leg struct {
	CallID   string   `json:"call_id"`
	With     string   `json:"with"`
	Score    int      `json:"score"`
	Reasons  []string `json:"reasons"`
	Possible bool     `json:"possible"` // not joined
}

// newLegs is the Call-IDs of the other legs of a call, and what they were
// joined by.
func newLegs(c *correlate.Call) (callIDs []string, evidence []leg) {
	callIDs = []string{}
	for i := range c.Legs {
		l := &c.Legs[i]
		if !l.Possible && l.Ref.Index != c.Index {
			callIDs = append(callIDs, l.Ref.CallID)
		}
		if l.With.Index != 0 {
			evidence = append(evidence, leg{CallID: l.Ref.CallID, With: l.With.CallID, Score: l.Score, Reasons: l.Reasons, Possible: l.Possible})
		}
	}
	return callIDs, evidence
}

// maxDoubtful is how many possible legs the text report lists.
const maxDoubtful = 20

// writeLegs says which calls are one call, and why.
func writeLegs(w io.Writer, calls []*correlate.Call) {
	t := legText{w: w, done: make(map[int]bool)}
	for _, c := range calls {
		t.call(c)
	}
	if t.doubtful > maxDoubtful {
		fmt.Fprintf(w, "… and %s more that may be\n", amount.Grouped(t.doubtful-maxDoubtful))
	}
}

// A legText writes each end-to-end call and each doubt once.
type legText struct {
	w        io.Writer
	done     map[int]bool // calls that are written, and later legs in doubt
	begun    bool
	doubtful int
}

func (t *legText) call(c *correlate.Call) {
	joined := c.Joined()
	if len(joined) > 1 && !t.done[c.Index] {
		t.begin()
		numbers := make([]string, len(joined))
		for i, index := range joined {
			numbers[i], t.done[index] = strconv.Itoa(index), true
		}
		fmt.Fprintf(t.w, "Calls %s are one call\n", strings.Join(numbers, ", "))
		for i := range c.Legs {
			if l := &c.Legs[i]; !l.Possible && l.With.Index != 0 {
				t.line(l, "  %d with %d (%d): %s\n")
			}
		}
	}
	for i := range c.Legs {
		// A doubt is in the list of both calls: told with the later one.
		if l := &c.Legs[i]; l.Possible && l.Ref.Index == c.Index {
			if t.doubtful++; t.doubtful <= maxDoubtful {
				t.begin()
				t.line(l, "Call %d may be a leg of call %d (%d): %s\n")
			}
		}
	}
}

func (t *legText) begin() {
	if !t.begun {
		fmt.Fprintln(t.w)
		t.begun = true
	}
}

func (t *legText) line(l *correlate.Leg, format string) {
	fmt.Fprintf(t.w, format, l.Ref.Index, l.With.Index, l.Score, clean.Line(strings.Join(l.Reasons, ", ")))
}
