package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	slot       = 1024     // octets of an entry of the table: the length, then the frame
	mostFrame  = slot - 4 // that fits
	leastFrame = 14       // Ethernet
)

// An injector has the kernel make frames.
type injector struct {
	program, state, table int // file descriptors
	memory                []byte
	frames                uint32
	template              []byte
}

// Where things stand in the state that is shared with the program of BPF.
const (
	atNumber   = 0  // 32 bits: the next frame
	atStart    = 8  // 64 bits: when the first was due, ns of the clock of the kernel
	atInterval = 16 // 64 bits: between two frames, ns << intervalShift
	stateSize  = 24

	intervalShift = 16
)

func newInjector(frames [][]byte) (*injector, error) {
	in := &injector{template: make([]byte, mostFrame), frames: uint32(len(frames))}
	var err error
	if in.state, in.memory, err = newMap(stateSize, 1); err != nil {
		return nil, err
	}
	var memory []byte
	if in.table, memory, err = newMap(slot, len(frames)); err != nil {
		return nil, fmt.Errorf("for %d frames: %w", len(frames), err)
	}
	for i, f := range frames {
		binary.NativeEndian.PutUint32(memory[i*slot:], uint32(len(f)))
		copy(memory[i*slot+4:], f)
	}
	if err := unix.Munmap(memory); err != nil {
		return nil, err
	}
	in.program, err = load(code(in.state, in.table))
	return in, err
}

func (in *injector) close() {
	_ = unix.Munmap(in.memory)
	for _, fd := range []int{in.program, in.state, in.table} {
		_ = unix.Close(fd)
	}
}

// passed is how many frames came out so far.
func (in *injector) passed() uint32 {
	return atomic.LoadUint32((*uint32)(unsafe.Pointer(&in.memory[atNumber])))
}

// pass has all frames come out of an interface, so many a second; 0 is as fast
// as can be.
func (in *injector) pass(ifindex int, rate float64) error {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return err
	}
	binary.NativeEndian.PutUint64(in.memory[atStart:], uint64(now.Nano()))
	if rate > 0 {
		binary.NativeEndian.PutUint64(in.memory[atInterval:], uint64(1e9/rate*(1<<intervalShift)))
	}
	ended := make(chan error, 1)
	thread := make(chan int, 1)
	go func() {
		runtime.LockOSThread()
		thread <- unix.Gettid()
		var err error
		for err == nil && in.passed() < in.frames {
			err = in.run(ifindex)
		}
		ended <- err
	}()
	id := <-thread
	for {
		select {
		case err := <-ended:
			return err
		case <-time.After(5 * time.Millisecond):
		}
		if in.passed() == in.frames { // the program goes on in vain until a signal comes
			_ = unix.Tgkill(unix.Getpid(), id, unix.SIGURG)
		}
	}
}

// run has the kernel run the program again and again, until a signal comes.
func (in *injector) run(ifindex int) error {
	const live = 2                                                   // BPF_F_TEST_XDP_LIVE_FRAMES
	md := [6]uint32{1: uint32(len(in.template)), 3: uint32(ifindex)} // struct xdp_md
	attr := struct {
		program, result, sizeIn, sizeOut uint32
		in, out                          uint64
		repeat, duration                 uint32
		contextSizeIn, contextSizeOut    uint32
		contextIn, contextOut            uint64
		flags, cpu, batch, _             uint32
	}{
		program: uint32(in.program), sizeIn: uint32(len(in.template)), in: address(&in.template[0]), repeat: math.MaxInt32,
		contextSizeIn: uint32(unsafe.Sizeof(md)), contextIn: address((*byte)(unsafe.Pointer(&md))), flags: live,
	}
	_, err := bpf(unix.BPF_PROG_TEST_RUN, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if errors.Is(err, unix.EINTR) {
		return nil
	}
	return err
}

// newMap makes an array that is shared with the program.
func newMap(value, entries int) (int, []byte, error) {
	attr := struct{ kind, key, value, entries, flags uint32 }{unix.BPF_MAP_TYPE_ARRAY, 4, uint32(value), uint32(entries), unix.BPF_F_MMAPABLE}
	fd, err := bpf(unix.BPF_MAP_CREATE, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if err != nil {
		return 0, nil, fmt.Errorf("a map of BPF: %w", err)
	}
	const page = 4096
	memory, err := unix.Mmap(fd, 0, (value*entries+page-1)/page*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return fd, memory, err
}

func load(code []instruction) (int, error) {
	license, log := []byte("GPL\x00"), make([]byte, 64<<10)
	attr := struct {
		kind, count           uint32
		code, license         uint64
		logLevel, logSize     uint32
		log                   uint64
		version, programFlags uint32
	}{
		kind: unix.BPF_PROG_TYPE_XDP, count: uint32(len(code)), code: address((*byte)(unsafe.Pointer(&code[0]))), license: address(&license[0]),
		logLevel: 1, logSize: uint32(len(log)), log: address(&log[0]),
	}
	fd, err := bpf(unix.BPF_PROG_LOAD, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	if err != nil {
		return 0, fmt.Errorf("the program of BPF: %w: %s", err, unix.ByteSliceToString(log))
	}
	return fd, nil
}

func address(p *byte) uint64 { return uint64(uintptr(unsafe.Pointer(p))) }

func bpf(command int, attr unsafe.Pointer, size uintptr) (int, error) {
	fd, _, errno := unix.Syscall(unix.SYS_BPF, uintptr(command), uintptr(attr), size)
	if errno != 0 {
		return 0, errno
	}
	return int(fd), nil
}
