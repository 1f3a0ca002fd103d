package ring

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

const (
	// blockTime bounds how long the kernel gathers a block of frames.
	blockTime = 50 * time.Millisecond

	// blockSize is large enough for the largest frame, and small enough for a
	// cache.
	blockSize = 512 << 10

	anyInterface = "any"
	ethernet     = capture.LinkType(1)   // LINKTYPE_ETHERNET
	linuxSLL2    = capture.LinkType(276) // LINKTYPE_LINUX_SLL2
	sll2Header   = 20                    // octets
	vlanTag      = 4                     // octets
)

// open begins to capture. No frame from before the filter can be in the ring:
// the socket has no protocol until it is bound.
func (r *ring) open() (err error) {
	if err := r.identify(); err != nil {
		return err
	}
	kind := unix.SOCK_RAW
	if r.cooked {
		kind = unix.SOCK_DGRAM
	}
	fd, err := unix.Socket(unix.AF_PACKET, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	switch {
	case errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES):
		return libpcap.NewPermissionError(r.name)
	case err != nil:
		return ErrUnsuited
	}
	if err := r.prepare(fd); err != nil {
		_ = unix.Close(fd)
		r.unmap()
		return err
	}
	r.lock.Lock()
	r.fd, r.lowerBefore, r.placed = fd, lowerDrops(r.name), 0
	r.lock.Unlock()
	r.at, r.left, r.looked, r.holding, r.ready, r.down = 0, 0, 0, false, false, false
	return nil
}

// identify finds out what is to be captured from.
func (r *ring) identify() error {
	if r.cooked = r.name == anyInterface; r.cooked {
		r.ifindex, r.linkType = 0, linuxSLL2
		return nil
	}
	link, err := net.InterfaceByName(r.name)
	if err != nil {
		return unknownInterface(r.name)
	}
	if link.Flags&net.FlagUp == 0 {
		return &libpcap.InterfaceError{Interface: r.name, Err: libpcap.ErrInterfaceDown}
	}
	r.ifindex, r.linkType = link.Index, ethernet
	kind, err := hardware(r.name)
	if err != nil || kind != unix.ARPHRD_ETHER && kind != unix.ARPHRD_LOOPBACK || isSwitch(r.name) {
		return ErrUnsuited
	}
	return nil
}

func unknownInterface(name string) error {
	e := &libpcap.InterfaceError{Interface: name, Err: libpcap.ErrNoSuchInterface}
	list, _ := libpcap.Interfaces() // without them there is no hint
	for _, i := range list {
		e.Known = append(e.Known, i.Name)
	}
	return e
}

// isSwitch reports whether the frames of an interface carry the tags of a
// switch, which libpcap knows.
func isSwitch(name string) bool {
	_, err := os.Stat(filepath.Join("/sys/class/net", name, "dsa/tagging"))
	return err == nil
}

// hardware is the ARPHRD_ number of an interface.
func hardware(name string) (uint16, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer func() { _ = unix.Close(fd) }()
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, err
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFHWADDR, request); err != nil {
		return 0, err
	}
	return request.Uint16(), nil // the family of the address
}

// prepare makes the ring and binds the socket.
func (r *ring) prepare(fd int) error {
	room := vlanTag
	if r.cooked {
		room = sll2Header
	}
	if unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3) != nil ||
		unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_RESERVE, room) != nil {
		return ErrUnsuited
	}
	if err := r.attach(fd); err != nil {
		return err
	}
	if err := r.allocate(fd); err != nil {
		return &libpcap.InterfaceError{Interface: r.name, Err: err}
	}
	if r.config.Promiscuous && !r.cooked {
		wish := unix.PacketMreq{Ifindex: int32(r.ifindex), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &wish); err != nil {
			return &libpcap.InterfaceError{Interface: r.name, Err: err}
		}
	}
	if err := unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ALL), Ifindex: r.ifindex}); err != nil {
		return &libpcap.InterfaceError{Interface: r.name, Err: err}
	}
	return nil
}

func networkOrder(n uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], n)
	return binary.NativeEndian.Uint16(b[:])
}

// allocate has the kernel make a ring of the size that was asked for, or of what
// it has memory for.
func (r *ring) allocate(fd int) error {
	const frame = 2048 // means nothing in version 3 but has to be consistent
	wait := blockTime
	if r.config.Immediate {
		wait = time.Millisecond
	}
	for blocks := max(2, (r.config.BufferSize+blockSize-1)/blockSize); ; blocks /= 2 {
		request := unix.TpacketReq3{
			Block_size: blockSize, Block_nr: uint32(blocks), Frame_size: frame, Frame_nr: uint32(blocks * (blockSize / frame)),
			Retire_blk_tov: uint32(wait.Milliseconds()),
		}
		err := unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &request)
		if errors.Is(err, unix.ENOMEM) && blocks >= 4 {
			continue
		}
		if err != nil {
			return err
		}
		r.memory, err = unix.Mmap(fd, 0, blocks*blockSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		r.blocks = blocks
		return err
	}
}
