package report

import (
	"fmt"
	"io"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/internal/clean"
)

// negotiation is what became of one offer of media.
type negotiation struct {
	At      string      `json:"at"`
	Offer   int         `json:"offer_frame"`
	Answer  int         `json:"answer_frame,omitempty"`
	Refusal int         `json:"refused_with,omitempty"` // status
	Preview bool        `json:"provisional,omitempty"`  // the answer is that of a provisional response
	Lines   []mediaLine `json:"lines"`
	Faults  []string    `json:"faults,omitempty"`
}

type mediaLine struct {
	Media      string    `json:"media"`
	Offered    []string  `json:"offered"`
	Answered   []string  `json:"answered,omitempty"`
	Common     []string  `json:"common,omitempty"`
	Refused    bool      `json:"refused,omitempty"`
	PTime      []float64 `json:"ptime_ms,omitempty"`  // of the offer and of the answer; 0 is none
	Directions []string  `json:"directions"`          // likewise
	Protocols  []string  `json:"protocols"`           // likewise
	Keys       []string  `json:"keys,omitempty"`      // likewise: "SDES", "DTLS", "none"
	ICE        []bool    `json:"ice,omitempty"`       // likewise
	Addresses  []string  `json:"addresses,omitempty"` // where each side wants it
	Faults     []string  `json:"faults,omitempty"`
}

// newNegotiations are those of a call; nil when it describes no media.
func newNegotiations(c *correlate.Call) (list []negotiation) {
	for _, n := range diagnosis.Negotiations(c) {
		out := negotiation{At: stamp(n.Offer.Nanos), Offer: n.Offer.Frame, Preview: n.Preview, Faults: n.Faults, Lines: make([]mediaLine, len(n.Lines))}
		sides := 1
		if n.Answer != nil {
			out.Answer, sides = n.Answer.Frame, 2
		}
		if n.Refusal != nil {
			out.Refusal = n.Refusal.StatusCode
		}
		for i := range n.Lines {
			out.Lines[i] = newMediaLine(&n.Lines[i], sides)
		}
		list = append(list, out)
	}
	return list
}

// newMediaLine is a line of an offer, beside that of the answer when there are
// two sides.
func newMediaLine(l *diagnosis.MediaLine, sides int) mediaLine {
	out := mediaLine{Media: l.Type, Offered: l.Offered, Answered: l.Answered, Common: l.Common, Refused: l.Refused, Faults: l.Faults}
	if l.Answered == nil && !l.Refused {
		sides = 1
	}
	for side := range sides {
		out.Directions = append(out.Directions, diagnosis.DirectionName(l.Direction[side]))
		out.Protocols = append(out.Protocols, l.Protocol[side])
	}
	if l.PTime != [2]float64{} {
		out.PTime = l.PTime[:sides]
	}
	if l.Keys[0] != "none" || sides == 2 && l.Keys[1] != "none" {
		out.Keys = l.Keys[:sides]
	}
	if l.ICE[0] || l.ICE[1] {
		out.ICE = l.ICE[:sides]
	}
	out.Addresses = []string{l.Address, l.Target}[:sides]
	return out
}

// writeNegotiations prints what the calls that were asked for agreed on.
func writeNegotiations(w io.Writer, calls []*correlate.Call) {
	for _, c := range calls {
		list := diagnosis.Negotiations(c)
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(w, "\nMedia of call %d\n", c.Index)
		for i := range list {
			n := &list[i]
			frames := fmt.Sprintf("f%d", n.Offer.Frame)
			if n.Answer != nil {
				frames += fmt.Sprintf("-%d", n.Answer.Frame)
			}
			for j := range n.Lines {
				fmt.Fprintf(w, "  %-12s  %-11s  %s\n", clock(n.Offer.Nanos), frames, clean.Line(n.Lines[j].Words()))
			}
			switch {
			case n.Refusal != nil:
				fmt.Fprintf(w, "  %-12s  %-11s  refused with %d %s\n", clock(n.Refusal.Nanos), fmt.Sprintf("f%d", n.Refusal.Frame), n.Refusal.StatusCode, clean.Line(n.Refusal.Reason))
			case n.Preview:
				fmt.Fprintf(w, "  %-12s  %-11s  in a provisional response only\n", "", "")
			}
			for _, f := range n.Faults {
				fmt.Fprintf(w, "  %-12s  %-11s  %s\n", "", "", clean.Line(f))
			}
		}
	}
}
