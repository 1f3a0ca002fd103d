package main

import (
	"encoding/binary"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A stampClock is a clock that the kernel stamps frames with: a program at the
// ingress of an interface gives them their time, and has them arrive once more, on
// another interface. It can be set without touching the clock of the machine.
type stampClock struct{ offset int } // a map of one value: ns from the monotonic clock

// newStampClock makes one between two interfaces of this network. It skips the test
// where the kernel has no such programs (Linux 6.6).
func newStampClock(t *testing.T, from, to string) *stampClock {
	t.Helper()
	source, err := net.InterfaceByName(from)
	if err != nil {
		t.Fatal(err)
	}
	target, err := net.InterfaceByName(to)
	if err != nil {
		t.Fatal(err)
	}
	c := &stampClock{}
	c.offset = kernelObject(t, unix.BPF_MAP_CREATE, &struct{ kind, key, value, entries uint32 }{unix.BPF_MAP_TYPE_ARRAY, 4, 8, 1})
	c.set(t, 0)
	code, licence := stampProgram(c.offset, target.Index), []byte("GPL\x00")
	program := kernelObject(t, unix.BPF_PROG_LOAD, &struct {
		kind, instructions uint32
		code, licence      unsafe.Pointer
	}{unix.BPF_PROG_TYPE_SCHED_CLS, uint32(len(code) / 8), unsafe.Pointer(&code[0]), unsafe.Pointer(&licence[0])})
	runtime.KeepAlive(code)
	runtime.KeepAlive(licence)
	kernelObject(t, unix.BPF_LINK_CREATE, &struct{ program, target, kind, flags uint32 }{uint32(program), uint32(source.Index), unix.BPF_TCX_INGRESS, 0})
	return c
}

// set has the clock differ by so much from that of the machine.
func (c *stampClock) set(t *testing.T, by time.Duration) {
	t.Helper()
	var real, monotonic unix.Timespec
	if err := errors.Join(unix.ClockGettime(unix.CLOCK_REALTIME, &real), unix.ClockGettime(unix.CLOCK_MONOTONIC, &monotonic)); err != nil {
		t.Fatal(err)
	}
	key, value := uint32(0), real.Nano()-monotonic.Nano()+int64(by)
	a := struct {
		fd         uint32
		key, value unsafe.Pointer
		flags      uint64
	}{uint32(c.offset), unsafe.Pointer(&key), unsafe.Pointer(&value), 0}
	if _, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_MAP_UPDATE_ELEM, uintptr(unsafe.Pointer(&a)), unsafe.Sizeof(a)); errno != 0 {
		t.Fatal(errno)
	}
}

// kernelObject does a bpf(2) that gives a descriptor, which lives as long as the test.
func kernelObject[A any](t *testing.T, command uintptr, attributes *A) int {
	t.Helper()
	fd, _, errno := unix.Syscall(unix.SYS_BPF, command, uintptr(unsafe.Pointer(attributes)), unsafe.Sizeof(*attributes))
	if errno != 0 {
		t.Skipf("no program can be put on an interface here: bpf command %d: %v", command, errno)
	}
	t.Cleanup(func() { _ = unix.Close(int(fd)) })
	return int(fd)
}

// stampProgram is, in the instructions of RFC 9669:
//
//	tstamp = monotonic clock + value of the map
//	return redirect(target, ingress)
func stampProgram(offsets, target int) (code []byte) {
	const (
		tstamp   = 152 // in struct __sk_buff
		lookUp   = 1   // helpers of the kernel, by their numbers
		clock    = 5
		redirect = 23
		ingress  = 1
		next     = -1 // let it pass
	)
	put := func(op, registers byte, offset int16, immediate int32) {
		code = append(code, op, registers) // destination in the lower half, source in the upper
		code = binary.NativeEndian.AppendUint16(code, uint16(offset))
		code = binary.NativeEndian.AppendUint32(code, uint32(immediate))
	}
	put(0xbf, 0x16, 0, 0)              // r6 = r1, the frame
	put(0x62, 0x0a, -4, 0)             // the key, 0, below r10
	put(0xbf, 0xa2, 0, 0)              // r2 = r10
	put(0x07, 0x02, 0, -4)             // r2 -= 4
	put(0x18, 0x11, 0, int32(offsets)) // r1 = the map
	put(0x00, 0x00, 0, 0)              // its upper half
	put(0x85, 0x00, 0, lookUp)         // r0 = where the value is
	put(0x55, 0x00, 2, 0)              // if r0 != 0, over the next two
	put(0xb7, 0x00, 0, next)
	put(0x95, 0x00, 0, 0)             // return
	put(0x79, 0x07, 0, 0)             // r7 = the value
	put(0x85, 0x00, 0, clock)         // r0 = the time
	put(0x0f, 0x70, 0, 0)             // r0 += r7
	put(0x7b, 0x06, tstamp, 0)        // of the frame r6: r0
	put(0xb7, 0x01, 0, int32(target)) // r1
	put(0xb7, 0x02, 0, ingress)       // r2
	put(0x85, 0x00, 0, redirect)
	put(0x95, 0x00, 0, 0) // return r0
	return code
}

// sendingSocket opens an interface for sending frames as they are.
func sendingSocket(t *testing.T, name string) int {
	t.Helper()
	link, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: link.Index}); err != nil {
		t.Fatal(err)
	}
	return fd
}
