//go:build cgo && !nopcap

package libpcap

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// likelyLinkTypes are tried for a filter before a frame is there: Ethernet,
// the cooked captures of Linux, raw IP, and 802.11. A filter that none of
// them can carry out is taken for a wrong one.
var likelyLinkTypes = [...]capture.LinkType{1, 113, 276, 101, 127}

// A Filter decides by a capture filter which frames of a file pass. Since a
// filter counts octets from the start of the frame, it is compiled for each
// link type that is met. A Filter belongs to one goroutine.
type Filter struct {
	expression string
	programs   map[capture.LinkType]program
	problems   []error

	last    capture.LinkType // of the frame before
	program *pcap.BPF        // for it

	wide *wideFilter // nil when the filter is taken as it stands
}

// A program is a filter compiled for one link type.
type program struct {
	form string    // what was compiled
	code *pcap.BPF // nil when it has no meaning there
}

// NewFilter compiles an expression of pcap-filter(7); an empty one lets
// everything pass. What is wrong with it is told by a *FilterError.
func NewFilter(expression string) (*Filter, error) {
	f := &Filter{expression: expression, programs: make(map[capture.LinkType]program)}
	if expression == "" {
		return f, nil
	}
	var first error
	for _, link := range likelyLinkTypes {
		code, err := compile(expression, link)
		if err == nil {
			f.programs[link] = program{expression, code}
			f.use(link)
			return f, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, &FilterError{Expression: expression, Err: first}
}

// CompileFilter is NewFilter for those who want the function only; it is nil
// for an empty expression.
func CompileFilter(expression string) (func(*capture.Frame) bool, error) {
	f, err := NewFilter(expression)
	if err != nil || expression == "" {
		return nil, err
	}
	return f.Match, nil
}

// Match reports whether a frame passes. An empty frame, and one of a link
// type for which the filter has no meaning, do not.
func (f *Filter) Match(frame *capture.Frame) bool {
	if f.expression == "" {
		return true
	}
	if frame.LinkType != f.last {
		f.use(frame.LinkType)
	}
	if f.program == nil || len(frame.Data) == 0 {
		return false
	}
	info := gopacket.CaptureInfo{CaptureLength: len(frame.Data), Length: frame.Length}
	passes := f.program.Matches(info, frame.Data)
	if !passes && f.wide != nil {
		f.wide.note(info, frame.Data)
	}
	return passes
}

// use makes the filter ready for frames of a link type.
func (f *Filter) use(link capture.LinkType) {
	f.last, f.program = link, f.forLinkType(link).code
	if f.wide != nil {
		f.wide.switchTo(link)
	}
}

// maxPrograms bounds the link types of one run that a filter is compiled for.
const maxPrograms = 256

func (f *Filter) forLinkType(link capture.LinkType) program {
	p, ok := f.programs[link]
	if ok || len(f.programs) >= maxPrograms {
		return p
	}
	p, err := f.compile(link)
	if err != nil {
		f.problems = append(f.problems, &FilterError{Expression: f.expression, Err: fmt.Errorf("link type %d: %w", link, err)})
	}
	f.programs[link] = p
	return p
}

func (f *Filter) compile(link capture.LinkType) (program, error) {
	if f.wide != nil {
		return compileWidest(f.expression, link)
	}
	code, err := compile(f.expression, link)
	return program{f.expression, code}, err
}

// Form is the filter in the form that frames of a link type are held against;
// "" for a link type that it has no meaning for.
func (f *Filter) Form(link capture.LinkType) string {
	if p, ok := f.programs[link]; ok {
		return p.form
	}
	p, err := f.compile(link)
	if err != nil {
		return ""
	}
	return p.form
}

// Missed tells what a wide filter stopped so far although it may hold what
// was asked for.
func (f *Filter) Missed() []string {
	if f.wide == nil {
		return nil
	}
	return f.wide.missed()
}

// Problems tells for which link types met so far the filter has no meaning.
func (f *Filter) Problems() []error { return f.problems[:len(f.problems):len(f.problems)] }

// compile compiles for a link type as a capture file names it. gopacket takes
// link types of eight bits only, and libpcap numbers some of them otherwise
// inside than in files, so libpcap is given the header of a file to read.
func compile(expression string, link capture.LinkType) (*pcap.BPF, error) {
	name, err := writeHeader(link)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(name) }() // a file left in the temp directory harms nobody
	handle, err := pcap.OpenOffline(name)
	if err != nil {
		return nil, err
	}
	defer handle.Close()
	return handle.NewBPF(expression)
}

// writeHeader makes a capture file without packets.
func writeHeader(link capture.LinkType) (name string, err error) {
	file, err := os.CreateTemp("", "sipsniff-filter-")
	if err != nil {
		return "", err
	}
	header := make([]byte, 24)
	binary.NativeEndian.PutUint32(header, 0xa1b2c3d4)
	binary.NativeEndian.PutUint16(header[4:], 2)
	binary.NativeEndian.PutUint16(header[6:], 4)
	binary.NativeEndian.PutUint32(header[16:], DefaultSnaplen)
	binary.NativeEndian.PutUint32(header[20:], uint32(link))
	_, err = file.Write(header)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
