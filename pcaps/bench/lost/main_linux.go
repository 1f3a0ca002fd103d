// Command lost says what the kernel gave a capturing program and what it dropped,
// for programs that do not say so themselves:
//
//	go run ./pcaps/bench/lost PID
//
// It takes a copy of each packet socket of the program (pidfd_getfd) and asks it for
// its counters, which begin anew each time that anybody asks. It needs root and Linux
// 5.6.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lost:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: lost PID")
	}
	pid, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	sockets, err := packetSockets(pid)
	if err != nil {
		return err
	}
	if len(sockets) == 0 {
		return fmt.Errorf("process %d captures nothing", pid)
	}
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return err
	}
	received, dropped := uint64(0), uint64(0)
	for _, number := range sockets {
		fd, err := unix.PidfdGetfd(process, number, 0)
		if err != nil {
			return err
		}
		s, err := unix.GetsockoptTpacketStatsV3(fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
		if err != nil {
			return err
		}
		received, dropped = received+uint64(s.Packets), dropped+uint64(s.Drops)
	}
	fmt.Printf("given %d, dropped %d\n", received-dropped, dropped)
	return nil
}

// packetSockets are the descriptors of a process that capture.
func packetSockets(pid int) (numbers []int, err error) {
	folder := filepath.Join("/proc", strconv.Itoa(pid))
	text, err := os.ReadFile(filepath.Join(folder, "net/packet"))
	if err != nil {
		return nil, err
	}
	captures := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 0 {
			captures["socket:["+f[len(f)-1]+"]"] = true // the last field is the inode
		}
	}
	entries, err := os.ReadDir(filepath.Join(folder, "fd"))
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(folder, "fd", e.Name()))
		if number, wrong := strconv.Atoi(e.Name()); err == nil && wrong == nil && captures[target] {
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}
