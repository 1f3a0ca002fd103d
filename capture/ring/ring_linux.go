package ring

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// A ring is one interface. All but its counts belong to the goroutine that reads
// the source.
type ring struct {
	name     string
	index    int // in Source.rings
	config   libpcap.Config
	ifindex  int
	linkType capture.LinkType
	cooked   bool     // "any": a header in front says where frames come from
	form     string   // of the filter
	warnings []string // about the filter

	memory  []byte // blocks, one after the other
	blocks  int
	at      int    // the block that is read
	holding bool   // it is ours
	left    int    // frames in it that were not looked at
	header  int    // of the first of them, in memory
	looked  uint64 // frames of this socket that were looked at

	ready    bool // next is the next frame
	next     frame
	arrived  time.Time // when the block was found
	released bool      // it waited long enough for other interfaces

	drained bool // everything from before the stop is read, or it failed
	absence capture.Absence
	down    bool      // the interface is, or went away
	look    time.Time // when to see whether it is back

	lock        sync.Mutex // of what follows
	fd          int        // -1 when closed
	asked       time.Time  // the counters
	counted     capture.Drops
	placed      uint64 // frames of this socket that the kernel put into the ring
	lowerBefore uint64
}

// A frame is the next frame of a ring.
type frame struct {
	nanos      int64
	start, end int // in ring.memory
	length     int // on the wire
	from       int // capture.Frame.Interface
}

// load makes the next frame ready. It gives a block back to the kernel when
// nothing in it is wanted any more, so no frame may be lent. It reports false
// when there is none yet.
func (r *ring) load() bool {
	for !r.ready {
		for r.left == 0 {
			if !r.turn() {
				return false
			}
		}
		r.read()
	}
	return true
}

// turn goes on to the next block.
func (r *ring) turn() bool {
	if r.memory == nil {
		return false
	}
	if r.holding {
		atomic.StoreUint32(&r.block().Block_status, unix.TP_STATUS_KERNEL)
		r.holding = false
		r.at = (r.at + 1) % r.blocks
	}
	b := r.block()
	if atomic.LoadUint32(&b.Block_status)&unix.TP_STATUS_USER == 0 {
		return false
	}
	r.holding, r.released, r.arrived = true, false, time.Now()
	r.left, r.header = int(b.Num_pkts), r.at*blockSize+int(b.Offset_to_first_pkt)
	return true
}

// blockHeader is the part of a block's description in front of its frames
// (struct tpacket_block_desc and tpacket_hdr_v1).
type blockHeader struct {
	version, offsetToPrivate uint32
	unix.TpacketHdrV1
}

func (r *ring) block() *blockHeader { return r.blockAt(r.at) }

func (r *ring) blockAt(i int) *blockHeader {
	return (*blockHeader)(unsafe.Pointer(&r.memory[i*blockSize]))
}

// pressed reports whether half of the ring waits to be read.
func (r *ring) pressed() bool {
	return atomic.LoadUint32(&r.blockAt((r.at+r.blocks/2)%r.blocks).Block_status)&unix.TP_STATUS_USER != 0
}

// read makes the frame at r.header ready, unless it is not to be seen.
func (r *ring) read() {
	at := r.header
	h := (*unix.Tpacket3Hdr)(unsafe.Pointer(&r.memory[at]))
	from := (*unix.RawSockaddrLinklayer)(unsafe.Pointer(&r.memory[at+unix.SizeofTpacket3Hdr]))
	r.left--
	r.looked++
	r.header += int(h.Next_offset)
	// What is sent over the loopback interface also arrives there.
	if from.Pkttype == unix.PACKET_OUTGOING && from.Hatype == unix.ARPHRD_LOOPBACK {
		return
	}
	r.next = frame{
		nanos: int64(h.Sec)*1e9 + int64(h.Nsec), start: at + int(h.Mac), end: at + int(h.Mac) + int(h.Snaplen), length: int(h.Len), from: r.index,
	}
	switch {
	case r.cooked:
		r.cook(from)
	case h.Status&unix.TP_STATUS_VLAN_VALID != 0:
		r.tag(h)
	}
	r.next.end = min(r.next.end, r.next.start+r.config.Snaplen)
	r.ready = true
}

// cook writes the header of LINUX_SLL2 in front of the packet.
func (r *ring) cook(from *unix.RawSockaddrLinklayer) {
	n := &r.next
	n.start -= sll2Header
	n.length += sll2Header
	n.from = int(from.Ifindex)
	b := r.memory[n.start : n.start+sll2Header]
	binary.NativeEndian.PutUint16(b, from.Protocol) // as on the wire
	binary.BigEndian.PutUint16(b[2:], 0)
	binary.BigEndian.PutUint32(b[4:], uint32(from.Ifindex))
	binary.BigEndian.PutUint16(b[8:], from.Hatype)
	b[10], b[11] = from.Pkttype, from.Halen
	copy(b[12:], from.Addr[:])
}

// tag puts the VLAN tag back that the kernel took out.
func (r *ring) tag(h *unix.Tpacket3Hdr) {
	const addresses = 12
	n := &r.next
	if n.end-n.start < addresses {
		return
	}
	kind := uint16(unix.ETH_P_8021Q)
	if h.Status&unix.TP_STATUS_VLAN_TPID_VALID != 0 {
		kind = h.Hv1.Vlan_tpid
	}
	n.start -= vlanTag
	n.length += vlanTag
	b := r.memory[n.start : n.start+addresses+vlanTag]
	copy(b, b[vlanTag:])
	binary.BigEndian.PutUint16(b[addresses:], kind)
	binary.BigEndian.PutUint16(b[addresses+2:], uint16(h.Hv1.Vlan_tci))
}

// close ends the capture and keeps the counts. The frames in the ring stay.
func (r *ring) close() {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.fd < 0 {
		return
	}
	r.count()
	_ = unix.Close(r.fd)
	r.fd = -1
}

// unmap gives the memory back. No frame may be lent.
func (r *ring) unmap() {
	if r.memory != nil {
		_ = unix.Munmap(r.memory)
	}
	r.memory, r.holding, r.ready, r.left = nil, false, false, 0
}
