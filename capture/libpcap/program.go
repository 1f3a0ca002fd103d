//go:build cgo && !nopcap

package libpcap

import "sipsniff/capture"

// compileBuffer is the size of the kernel's ring of an interface that is opened
// for its filter only.
const compileBuffer = 1 << 20

// A Program is a capture filter in the code of the kernel.
type Program struct {
	Code     []Instruction    // for sockets of the kernel (SO_ATTACH_FILTER)
	LinkType capture.LinkType // of the frames it looks at
	Form     string           // what was compiled, see Config.Widen
	Warnings []string         // about what it misses
}

// Compile compiles the filter of a Config for frames of an interface as its
// kernel shows them; it opens it for the purpose. The errors are those of Open.
func Compile(name string, c Config) (*Program, error) {
	c = c.WithDefaults()
	expression := c.BPF
	c.BufferSize, c.Promiscuous = compileBuffer, false
	handle, err := activate(name, c)
	if err != nil {
		return nil, err
	}
	defer handle.Close()
	p := &Program{LinkType: chooseLinkType(handle, name)}
	if p.Form, p.Warnings, err = setFilter(handle, c); err != nil {
		return nil, &FilterError{Expression: expression, Err: err}
	}
	code, err := handle.CompileBPFFilter(p.Form)
	if err != nil {
		return nil, &FilterError{Expression: expression, Err: err}
	}
	for _, i := range code {
		p.Code = append(p.Code, Instruction{Op: i.Code, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	return p, nil
}
