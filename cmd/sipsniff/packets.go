package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"sipsniff/correlate"
	"sipsniff/correlate/quality"
	"sipsniff/tui"
)

// maxPackets bounds how many packets of one call the screens read again: about
// a hundred hours of speech, 48 octets each.
const maxPackets = 2_000_000

// rereader reads the packets of streams once more, from the files of the input
// or from the spool.
func (o *options) rereader(ctx context.Context, args []string, s *session) func([]*correlate.Stream) (map[int]tui.Rereading, error) {
	return func(streams []*correlate.Stream) (map[int]tui.Rereading, error) {
		reading, args, err := o.again(args, s)
		if err != nil {
			return nil, err
		}
		c := newPacketCollector(streams)
		reading.media = c.media
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		c.stop = cancel
		if err := o.readOnce(ctx, reading, args); err != nil && len(c.streams) == 0 {
			return nil, err
		}
		if c.over {
			return nil, fmt.Errorf("more than %d packets: sipsniff extract makes a smaller file", maxPackets)
		}
		return c.found(), nil
	}
}

// rereadMemory bounds the calls that are kept while the input is read once
// more: those that are over leave first, and nobody asks for them.
const rereadMemory = 256 << 20

// readOnce reads the input, beside the run that is on the screen.
func (o *options) readOnce(ctx context.Context, reading *options, args []string) error {
	s, err := reading.start(ctx, args, false)
	o.limitMemory() // for both
	if err != nil {
		return err
	}
	return errors.Join(s.run(ctx), s.close())
}

// again is the options for reading the input once more, silently.
func (o *options) again(args []string, s *session) (*options, []string, error) {
	reading := *o
	reading.record, reading.keys.record, reading.quiet = "", false, true
	reading.out, reading.err, reading.errIsTerminal = io.Discard, io.Discard, false
	reading.duration, reading.spool = 0, spoolOptions{}
	reading.maxMemory = min(reading.maxMemory, rereadMemory)
	switch {
	case s.spool != nil:
		files, err := filepath.Glob(filepath.Join(s.spool.Folder(), "*.pcapng"))
		if err != nil || len(files) == 0 {
			return nil, nil, errors.New("the spool holds nothing yet")
		}
		slices.Sort(files)
		reading.files, reading.ifaces = files, nil
		reading.synonyms.files, reading.synonyms.ifaces = nil, nil
		reading.hep.listen, reading.testSource = nil, ""
		return &reading, nil, nil
	case s.input.live() || s.input.stream():
		return nil, nil, tui.ErrNoPackets
	}
	reading.hep.send = nil
	return &reading, args, unchanged(s.files)
}

// lateFrames is how far the frames of a capture may be out of order, in ns.
const lateFrames = 10e9

// A packetCollector keeps the packets of some streams.
type packetCollector struct {
	wanted  map[streamKey][]*correlate.Stream
	streams map[int]*rereadStream // by Stream.ID
	last    int64                 // of the streams: the rest of the input need not be read
	count   int
	over    bool
	stop    func() // ends the reading
}

type streamKey struct {
	src, dst netip.AddrPort
	ssrc     uint32
}

func newPacketCollector(streams []*correlate.Stream) *packetCollector {
	c := &packetCollector{wanted: map[streamKey][]*correlate.Stream{}, streams: map[int]*rereadStream{}}
	for _, s := range streams {
		key := streamKey{s.Src, s.Dst, s.SSRC}
		c.wanted[key] = append(c.wanted[key], s)
		c.last = max(c.last, s.Last)
	}
	return c
}

// media takes a packet.
func (c *packetCollector) media(m *correlate.MediaPacket) {
	if m.Nanos-c.last > lateFrames && c.stop != nil {
		c.stop()
		return
	}
	for _, s := range c.wanted[streamKey{m.Src, m.Dst, m.SSRC}] {
		if m.Nanos < s.First || m.Nanos > s.Last {
			continue
		}
		if c.count++; c.count > maxPackets {
			c.over = true
			c.stop()
			return
		}
		r := c.streams[s.ID]
		if r == nil {
			r = &rereadStream{of: s}
			c.streams[s.ID] = r
		}
		r.hear(m)
		r.packets = append(r.packets, quality.Packet{
			Arrival: m.Nanos, Frame: m.Frame, Timestamp: m.Timestamp, ClockRate: m.ClockRate, SequenceNumber: m.SequenceNumber,
			PayloadType: m.PayloadType, Marker: m.Marker, Octets: uint16(min(len(m.Payload), 0xFFFF)), Role: roleOf(m.Codec),
		})
		return
	}
}

// roleOf is what a codec carries, as the arithmetic has to know it.
func roleOf(codec string) quality.Role {
	switch strings.ToLower(codec) {
	case "telephone-event":
		return quality.Event
	case "cn":
		return quality.Comfort
	case "rtx", "ulpfec", "flexfec", "parityfec":
		return quality.Repair
	}
	return quality.Media
}
