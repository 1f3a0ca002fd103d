// Command send puts the frames of a capture on an interface at a pace, from
// memory, and says how many it sent and how fast that was.
//
//	go run ./pcaps/bench/send -i va -rate 500000 calls.pcap
//
// The capture is a pcap file of Ethernet in this machine's order of octets, as
// pcaps/gen writes it. A sender that cannot keep the pace sends as fast as it can.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"net"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batch is how many frames the kernel is given at once.
const batch = 64

func main() {
	name := flag.String("i", "", "the `INTERFACE` to send on")
	rate := flag.Float64("rate", 0, "frames a second; 0 is as fast as can be")
	flag.Parse()
	if err := run(*name, flag.Arg(0), *rate); err != nil {
		fmt.Fprintln(os.Stderr, "send:", err)
		os.Exit(1)
	}
}

func run(name, file string, rate float64) error {
	frames, err := read(file)
	if err != nil {
		return err
	}
	fd, err := open(name)
	if err != nil {
		return err
	}
	began := time.Now()
	for sent := 0; sent < len(frames); {
		if rate > 0 {
			if early := time.Duration(float64(sent)/rate*1e9) - time.Since(began); early > 0 {
				time.Sleep(early)
			}
		}
		n, err := send(fd, frames[sent:min(sent+batch, len(frames))])
		if err != nil {
			return fmt.Errorf("after %d frames: %w", sent, err)
		}
		sent += n
	}
	took := time.Since(began)
	fmt.Printf("sent %d frames in %.2f s, %.0f a second\n", len(frames), took.Seconds(), float64(len(frames))/took.Seconds())
	return unix.Close(fd)
}

// read gives the frames of a pcap file, which all lie in its one piece of memory.
func read(file string) ([]unix.Iovec, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(data) < 24 {
		return nil, fmt.Errorf("%s: no pcap file", file)
	}
	switch magic := binary.NativeEndian.Uint32(data); magic {
	case 0xa1b2c3d4, 0xa1b23c4d:
	default:
		return nil, fmt.Errorf("%s: begins with %#x, not as a pcap file of this machine", file, magic)
	}
	var frames []unix.Iovec
	for at := 24; at+16 < len(data); {
		size := int(binary.NativeEndian.Uint32(data[at+8:]))
		if at += 16; size == 0 || size > len(data)-at {
			return nil, fmt.Errorf("%s: damaged at octet %d", file, at)
		}
		v := unix.Iovec{Base: &data[at]}
		v.SetLen(size)
		frames = append(frames, v)
		at += size
	}
	return frames, nil
}

func open(name string) (int, error) {
	link, err := net.InterfaceByName(name)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_QDISC_BYPASS, 1); err != nil {
		return 0, err
	}
	return fd, unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: link.Index})
}

// message is struct mmsghdr.
type message struct {
	header unix.Msghdr
	_      uint32 // how much of it was sent
}

// send gives the kernel up to batch frames and says how many it took.
func send(fd int, frames []unix.Iovec) (int, error) {
	var list [batch]message
	for i := range frames {
		list[i].header.Iov = &frames[i]
		list[i].header.SetIovlen(1)
	}
	for {
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&list)), uintptr(len(frames)), 0, 0, 0)
		switch errno {
		case 0:
			return int(n), nil
		case unix.EINTR, unix.ENOBUFS, unix.EAGAIN: // the frames are sent once more
		default:
			return 0, errno
		}
	}
}
