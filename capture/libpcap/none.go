//go:build !cgo || nopcap

package libpcap

import (
	"net"

	"sipsniff/capture"
)

// Available says whether this program can capture live.
const Available = false

// Version is that of libpcap, "" when it is not built in.
func Version() string { return "" }

// A Source captures live. Without libpcap there is none.
type Source struct{}

var _ capture.Source = (*Source)(nil)

// Open returns a *NotBuiltError.
func Open([]string, Config) (*Source, error) { return nil, &NotBuiltError{What: "live capture"} }

// Next returns a *NotBuiltError.
func (*Source) Next(*capture.Frame) error { return &NotBuiltError{What: "live capture"} }

// Forms is empty.
func (*Source) Forms() []string { return nil }

// Info describes nothing.
func (*Source) Info() []capture.SourceInfo { return nil }

// Drops counts nothing.
func (*Source) Drops() capture.Drops { return capture.Drops{} }

// Close does nothing.
func (*Source) Close() error { return nil }

// Interfaces lists the interfaces of this host.
func Interfaces() ([]Interface, error) {
	system, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	all := make([]Interface, len(system))
	for i := range system {
		all[i] = fromSystem(&system[i])
	}
	return all, nil
}

// A Filter decides which frames of a file pass. Without libpcap there is none.
type Filter struct{}

// NewFilter returns a *NotBuiltError, or for an empty expression a filter
// that lets everything pass.
func NewFilter(expression string) (*Filter, error) {
	if expression == "" {
		return &Filter{}, nil
	}
	return nil, &NotBuiltError{What: "capture filters"}
}

// Match lets everything pass.
func (*Filter) Match(*capture.Frame) bool { return true }

// NewWideFilter is NewFilter.
func NewWideFilter(expression string) (*Filter, error) { return NewFilter(expression) }

// Widen cannot judge a filter and gives it back as it is.
func Widen(expression string) (wide string, missing []string) { return expression, nil }

// Form is "".
func (*Filter) Form(capture.LinkType) string { return "" }

// Missed is empty.
func (*Filter) Missed() []string { return nil }

// Problems is empty.
func (*Filter) Problems() []error { return nil }

// CompileFilter returns a *NotBuiltError, or nil for an empty expression.
func CompileFilter(expression string) (func(*capture.Frame) bool, error) {
	if _, err := NewFilter(expression); err != nil {
		return nil, err
	}
	return nil, nil
}

// A Program is a capture filter in the code of the kernel.
type Program struct {
	Code     []Instruction
	LinkType capture.LinkType
	Form     string
	Warnings []string
}

// Compile returns a *NotBuiltError.
func Compile(string, Config) (*Program, error) { return nil, &NotBuiltError{What: "capture filters"} }
