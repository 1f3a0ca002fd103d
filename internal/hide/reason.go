package hide

import (
	"fmt"
	"strings"
)

// A reason is why a frame was left out.
type reason uint8

const (
	fine reason = iota
	encrypted
	tunnelled
	fragmented
	incomplete
	foreign
	reasonCount
)

var reasons = [reasonCount]string{
	encrypted: "encrypted", tunnelled: "tunnelled", fragmented: "IP fragments",
	incomplete: "of streams with octets missing", foreign: "of other protocols",
}

// Left is how many frames were left out because it is not sure what is in them.
func (h *Hider) Left() (n int) {
	for _, count := range h.left {
		n += count
	}
	return n
}

// LeftOut says in words what was left out, "" when nothing was.
func (h *Hider) LeftOut() string {
	var parts []string
	for r, count := range h.left {
		if count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, reasons[r]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "packets left out, since it is not sure what is in them: " + strings.Join(parts, ", ")
}
