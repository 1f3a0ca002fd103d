package tui

import (
	"net/netip"
	"slices"
	"time"

	"github.com/gdamore/tcell/v2"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	custom "sipsniff/internal/column"
	"sipsniff/internal/filter"
	"sipsniff/internal/settings"
)

// Config is what Run shows and how.
type Config struct {
	// Snapshot returns what was published last, never nil; any goroutine may
	// call it. Status does the same for the input.
	Snapshot func() *correlate.Snapshot
	Status   func() Status

	// Want says that a newer snapshot will be asked for soon; nil: there is one
	// often enough in any case.
	Want func()

	// Diagnose says what the rules make of a snapshot; nil: nobody asks them.
	// It takes its time, and remembers: one goroutine calls it, never the
	// one that draws.
	Diagnose func(*correlate.Snapshot) *diagnosis.Result

	// Judge makes the rules judge by other limits of MOS, as the option
	// quality.mos spells them; nil: they cannot.
	Judge func(mos string)

	Live     bool              // the input is an interface and goes on
	Stream   bool              // the input is no interface, but comes in as it is made: a pipe
	Version  string            // of the program, for the help screen
	Location *time.Location    // of clocks on the screen; nil for the local one
	Filter   *filter.Expr      // which calls the list shows; nil for all
	Filters  map[string]string // saved filters by name, for @NAME
	ASCII    bool              // draw with ASCII only, whatever the locale says
	Columns  custom.Set        // columns of the call list besides its own
	Tones    bool              // the sound was listened to for keys
	ShowKeys bool              // which keys were pressed; stars stand for them otherwise

	// SaveFilter keeps a filter under a name beyond the run; nil: nobody does.
	SaveFilter func(name, text string) error

	// Past is what was typed in earlier runs; Remember keeps a filter, or a
	// command, for later ones, off the event loop. nil: nobody does.
	Past     Past
	Remember func(command bool, text string) error

	// Reopen says whether another input can be opened; Run then ends with the
	// Reopening. nil: none can be. Chosen are options of a session before.
	Reopen func(r *Reopening) error
	Chosen map[string]string

	// Stop ends the capture and leaves the screens; nil: it cannot be stopped.
	Stop func()

	// Record begins to write every packet to a file, and ends that with "";
	// nil: it cannot be done. Media looks at RTP, or lets it pass.
	Record func(name string) error
	Media  func(on bool)

	Save    Saver // writes calls to files; without Run nothing can be saved
	Spooled bool  // the packets of a live capture are kept on disk for a while

	// Packets reads the RTP packets of streams once more, by Stream.ID, off the
	// event loop; nil: they cannot be read again. Scorer is what scored them.
	Packets func(streams []*correlate.Stream) (map[int]Rereading, error)
	Scorer  mos.Scorer

	Aliases map[netip.Addr]string // names of hosts, for the columns of ladders
	Own     map[netip.Addr]bool   // addresses of the host that captures; nil where that is not known

	// LookUp asks the DNS for the names of an address, and takes its time; any
	// goroutine may call it. nil: nobody does.
	LookUp func(a netip.Addr) []string

	Settings *settings.File // what the user likes; nil for nothing in particular

	// Screen and Now stand in for the terminal and the wall clock in tests.
	Screen tcell.Screen
	Now    func() time.Time
}

// A Rereading is what was read once more of one stream.
type Rereading struct {
	Packets []quality.Packet // in order of arrival
	// Levels is how loud each second of the stream's Quality was, in dBov; not a
	// number where nothing could be decoded. nil when nothing was at all.
	Levels []float64
}

// Status is how far the input was read.
type Status struct {
	Source string // interface or file name
	Filter string // capture filter, "" when none
	Output string // file that packets are recorded in, "" when none

	Frames, Octets uint64
	First, Last    int64 // capture time of the first and latest frame, Unix ns; 0 when none
	Size, Position int64 // octets of the files and read of them; Size is 0 when unknown
	Dropped        uint64
	Drops          Drops // the same, by who lost them

	Pace      Pace
	Inputs    []Input     // what is read, one by one
	Decode    []string    // lines about what was decoded
	Health    []Remark    // what its reader should know of the capture, the worst first
	Ring      string      // the buffer of the kernel, "" when there is none
	Spool     string      // "1.2 of 20 GB in /var/tmp/…", "" when there is none
	Limits    string      // how much of the memory and of the calls allowed is used
	Log       []Event     // what happened to the capture, the latest last
	Rights    string      // by what right it captures, "" when that does not matter
	Any       uint64      // packets of any kind on the interfaces since the start, read or not; 0 when nobody counts them
	Elsewhere []Neighbour // interfaces that are not read and have traffic
	Kernel    string      // the capture filter as the kernel has it, "" when none
	MediaOff  bool        // RTP is let pass
	Traffic   Traffic     // what comes while there is no SIP
	TLSPort   uint16      // where one of them goes to
	TLSHidden int         // TLS connections that cannot be read

	Done      bool              // nothing more will come
	Err       error             // why it ended, nil at a regular end
	Undecoded map[string]uint64 // packets that could not be decoded, by reason
	Warnings  []string
}

// A Remark is something about a capture that its reader should know.
type Remark struct {
	Fact string // "2 frames are older than the one before"
	Hint string // what it means or what to do about it
}

// An Input is one source of packets.
type Input struct {
	Name, Detail   string // "eth0"; "192.0.2.10  promiscuous"
	State          string // "on", "done", "off"
	Frames, Octets uint64
	Drops          Drops
	HasDrops       bool
	Packets, Bits  float64 // per second; 0 when not known
	Warnings       []string
}

// A Neighbour is an interface that is not read, and how much comes on it.
type Neighbour struct {
	Name    string
	Packets float64 // per second
}

// Traffic is what comes while there is no SIP.
type Traffic struct {
	Ports  []Port // of UDP, the busiest first; those of streams are left out
	TCP    uint64 // packets of it
	Tagged uint64 // packets behind a VLAN tag
	Tunnel string // that some packets come through, "" for none
	// Beside says that the capture filter was left aside for a look at it.
	Beside bool
}

// A Port is one of UDP, and how many packets came on it.
type Port struct {
	Number  uint16
	Packets uint64
	SIP     bool // some of them are SIP
}

// An Event is a line of the log of a capture.
type Event struct {
	At   int64 // Unix ns, of the wall clock
	Text string
}

// A Pace is how many packets came in each slice of the capture's time.
type Pace struct {
	From, Width int64 // ns; From is Unix time
	Frames      []uint32
}

// knowsDrops reports whether somebody counts the packets that are dropped.
func (s *Status) knowsDrops() bool {
	return s.Dropped > 0 || slices.ContainsFunc(s.Inputs, func(in Input) bool { return in.HasDrops })
}

// percent returns how much of the input was read, or -1 when that is unknown.
func (s *Status) percent() int {
	if s.Size <= 0 || s.Done {
		return -1
	}
	return int(min(99, s.Position*100/s.Size))
}
