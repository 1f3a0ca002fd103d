package libpcap

// The defaults of a Config.
const (
	// DefaultSnaplen is the captured part of each frame in octets, the same
	// as tcpdump's: every frame whole. The ring of the kernel stores frames
	// at their length, so that a large snapshot length costs nothing, while a
	// cut SIP message costs a call; and receive offload makes frames of
	// 64 KiB on interfaces whose own are of 1514.
	DefaultSnaplen = 262144

	// DefaultBufferSize is the size of the kernel's ring in octets for each
	// interface. It holds about a second of a gigabit of RTP, which is how
	// long the program may be kept from the processor.
	DefaultBufferSize = 32 << 20
)

// A Config says how interfaces are captured from. The zero value is a good
// one, but for Promiscuous.
type Config struct {
	// BPF is a capture filter in the language of pcap-filter(7), compiled
	// into the kernel; "" lets everything pass.
	BPF string

	// Widen lets fragments and packets behind VLAN tags pass as well where
	// BPF looks at addresses or ports, see Widen; what it still misses is a
	// warning in the SourceInfo.
	Widen bool

	// Snaplen is how much of each frame is captured, in octets;
	// 0 means DefaultSnaplen.
	Snaplen int

	// BufferSize is the size of the kernel's ring for each interface, in
	// octets; 0 means DefaultBufferSize.
	BufferSize int

	// Promiscuous asks the interface for frames that are not for this host.
	// It has no meaning for "any".
	Promiscuous bool

	// Reopen waits for an interface that goes down or away, and captures on
	// it again when it is back. Without it the capture on it ends.
	Reopen bool

	// Immediate hands out each frame as soon as it arrives, at the price of a
	// wake-up a frame. Without it frames come in blocks, 100 ms late at most.
	Immediate bool
}

// WithDefaults fills in what is not said.
func (c Config) WithDefaults() Config {
	if c.Snaplen <= 0 || c.Snaplen > DefaultSnaplen {
		c.Snaplen = DefaultSnaplen
	}
	if c.BufferSize <= 0 {
		c.BufferSize = DefaultBufferSize
	}
	return c
}

// An Instruction is one of a capture filter in the code of the kernel
// (struct sock_filter).
type Instruction struct {
	Op     uint16
	Jt, Jf uint8
	K      uint32
}
