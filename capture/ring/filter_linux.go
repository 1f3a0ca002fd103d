package ring

import (
	"runtime"

	"golang.org/x/sys/unix"

	"sipsniff/capture/libpcap"
)

// attach gives the kernel the filter, which also cuts frames to the snapshot
// length.
func (r *ring) attach(fd int) error {
	program := []libpcap.Instruction{{Op: unix.BPF_RET | unix.BPF_K, K: uint32(r.config.Snaplen)}}
	if r.config.BPF != "" {
		compiled, err := libpcap.Compile(r.name, r.config)
		if err != nil {
			return err
		}
		program, r.form, r.warnings = compiled.Code, compiled.Form, compiled.Warnings
		if compiled.LinkType != r.linkType {
			return ErrUnsuited
		}
		if r.cooked && !uncook(program) {
			return ErrUnsuited
		}
	}
	code := make([]unix.SockFilter, len(program))
	for i, p := range program {
		code[i] = unix.SockFilter{Code: p.Op, Jt: p.Jt, Jf: p.Jf, K: p.K}
	}
	if len(code) == 0 || len(code) > 4096 { // BPF_MAXINSNS
		return ErrUnsuited
	}
	err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]})
	runtime.KeepAlive(code)
	if err != nil {
		return ErrUnsuited
	}
	return nil
}

// What the kernel has for a filter beside the octets of a packet
// (linux/filter.h).
const (
	ancillary         = 0xfffff000 // SKF_AD_OFF
	ancillaryProtocol = ancillary + 0
	ancillaryPacket   = ancillary + 4
	ancillaryIndex    = ancillary + 8
	ancillaryHardware = ancillary + 28
)

// uncook makes a program for frames behind a LINUX_SLL2 header one for packets
// as the kernel shows them to a cooked socket, which have none: what the header
// would say the kernel is asked for. It reports false for a program that looks
// at what the kernel does not tell.
func uncook(program []libpcap.Instruction) bool {
	for i := range program {
		p := &program[i]
		if class := p.Op & 7; class != unix.BPF_LD && class != unix.BPF_LDX {
			continue
		}
		switch p.Op & 0xe0 {
		case unix.BPF_ABS, unix.BPF_IND, unix.BPF_MSH:
		default:
			continue
		}
		switch {
		case p.K >= ancillary:
		case p.K >= sll2Header:
			p.K -= sll2Header
		case p.K == 0:
			p.K = ancillaryProtocol
		case p.K == 4:
			p.K = ancillaryIndex
		case p.K == 8:
			p.K = ancillaryHardware
		case p.K == 10:
			p.K = ancillaryPacket
		default:
			return false
		}
	}
	return true
}
