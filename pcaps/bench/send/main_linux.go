// Command send puts the frames of a capture on an interface at a pace, from
// memory, as if the interface had received them, and says how many it sent and how
// fast that was.
//
//	go run ./pcaps/bench/send -i va -rate 500000 calls.pcap
//
// The kernel makes them: a program of BPF, run with live frames of XDP, takes one
// after the other from a table and passes it on to the network. That costs a third
// of what a socket takes. It needs root and Linux 5.18, and is to be run where the
// interface is.
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
)

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
	link, err := net.InterfaceByName(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out, err := newInjector(frames)
	if err != nil {
		return err
	}
	defer out.close()
	began := time.Now()
	if err := out.pass(link.Index, rate); err != nil {
		return fmt.Errorf("after %d frames: %w", out.passed(), err)
	}
	took := time.Since(began)
	fmt.Printf("sent %d frames in %.2f s, %.0f a second\n", len(frames), took.Seconds(), float64(len(frames))/took.Seconds())
	return nil
}

// read gives the frames of a pcap file, which all lie in its one piece of memory.
func read(file string) ([][]byte, error) {
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
	var frames [][]byte
	for at := 24; at+16 < len(data); {
		size := int(binary.NativeEndian.Uint32(data[at+8:]))
		if at += 16; size < leastFrame || size > mostFrame || size > len(data)-at {
			return nil, fmt.Errorf("%s: a frame of %d octets at %d", file, size, at)
		}
		frames = append(frames, data[at:at+size])
		at += size
	}
	return frames, nil
}
