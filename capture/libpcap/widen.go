//go:build cgo && !nopcap

package libpcap

import (
	"fmt"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// Widen gives the form of a capture filter that also lets fragments and
// packets behind one or two VLAN tags pass, as it is used on Ethernet, and
// the tunnels inside of which the filter finds nothing. A filter that cannot
// be compiled, one that speaks of frames only, and one that itself speaks of
// tags, labels or fragments stay as they are.
func Widen(expression string) (wide string, missing []string) {
	widest, err := compileWidest(expression, ethernet)
	if err != nil {
		return expression, nil
	}
	return widest.form, namesOf(hidden(expression))
}

// compileWidest compiles the widest form that a link type knows.
func compileWidest(expression string, link capture.LinkType) (program, error) {
	// The filter itself first: "a) or (b" is none, though it makes one in
	// parentheses.
	code, err := compile(expression, link)
	if err != nil {
		return program{}, err
	}
	plain := program{expression, code}
	for _, form := range widenings(expression) {
		if form == expression {
			break
		}
		if code, err := compile(form, link); err == nil {
			return program{form, code}, nil
		}
	}
	return plain, nil
}

// setFilter installs the filter of an interface and gives the form in which
// it is in use.
func setFilter(handle *pcap.Handle, c Config) (form string, warnings []string, err error) {
	if c.BPF == "" {
		return "", nil, nil
	}
	if err := handle.SetBPFFilter(c.BPF); err != nil || !c.Widen {
		return c.BPF, nil, err
	}
	if list := hidden(c.BPF); len(list) > 0 {
		warnings = []string{missed(list)}
	}
	for _, form := range widenings(c.BPF) {
		// One that is refused does not replace the one before.
		if form == c.BPF || handle.SetBPFFilter(form) == nil {
			return form, warnings, nil
		}
	}
	return c.BPF, warnings, nil
}

// NewWideFilter compiles a filter in its widest form for each link type, see
// Widen. It counts what it stops although it may hold what the filter asks
// for, see Missed.
func NewWideFilter(expression string) (*Filter, error) {
	f, err := NewFilter(expression)
	if err != nil || expression == "" {
		return f, err
	}
	f.wide = &wideFilter{
		hidden:  hidden(expression),
		watches: make(map[capture.LinkType]*tunnelWatch),
		stopped: make([]uint64, len(tunnels)),
	}
	clear(f.programs) // of the filter as it stands
	f.use(f.last)
	return f, nil
}

// A wideFilter is what a Filter that was widened has besides.
type wideFilter struct {
	hidden  []*tunnel
	watches map[capture.LinkType]*tunnelWatch
	watch   *tunnelWatch // for the link type of the frame before
	tags    tagPlace

	stopped []uint64 // frames, by tunnel
	tagged  uint64   // frames behind VLAN tags that no filter can see
}

// A tagPlace is where frames of a link type without VLAN filters have their
// EtherType, which tells that a tag follows; 0 is nowhere.
type tagPlace struct{ known, at int }

func tagPlaceOf(link capture.LinkType) tagPlace {
	switch link {
	case linuxSLL:
		return tagPlace{known: 16, at: 14}
	case linuxSLL2:
		return tagPlace{known: 20, at: 0}
	}
	return tagPlace{}
}

const linuxSLL = 113 // LINKTYPE_LINUX_SLL

// tagged reports whether a VLAN tag follows the header of a cooked frame.
func (p tagPlace) tagged(b []byte) bool {
	if p.known == 0 || len(b) < p.known {
		return false
	}
	switch uint16(b[p.at])<<8 | uint16(b[p.at+1]) {
	case 0x8100, 0x88a8, 0x9100:
		return true
	}
	return false
}

// note counts a frame that was stopped.
func (w *wideFilter) note(info gopacket.CaptureInfo, data []byte) {
	if i := w.watch.find(info, data); i >= 0 {
		w.stopped[i]++
	} else if w.tags.tagged(data) {
		w.tagged++
	}
}

// switchTo prepares the counting for frames of a link type.
func (w *wideFilter) switchTo(link capture.LinkType) {
	watch, ok := w.watches[link]
	if !ok && len(w.watches) < maxPrograms {
		watch = watchTunnels(w.hidden, link)
		w.watches[link] = watch
	}
	w.watch, w.tags = watch, tagPlaceOf(link)
}

// missed tells what was stopped although it may hold what was asked for.
func (w *wideFilter) missed() []string {
	var said []string
	var list []*tunnel
	sum := uint64(0)
	for i, n := range w.stopped {
		if n > 0 {
			list = append(list, &tunnels[i])
			sum += n
		}
	}
	if sum > 0 {
		said = append(said, fmt.Sprintf("the capture filter stopped %d frames of tunnels (%s) and does not look into them; to have them too, add: or %s",
			sum, strings.Join(namesOf(list), ", "), filterOf(list)))
	}
	if w.tagged > 0 {
		said = append(said, fmt.Sprintf("the capture filter stopped %d frames behind VLAN tags, which it cannot look behind in a cooked capture", w.tagged))
	}
	return said
}
