// Package pipeline joins the rooms: it reads frames from a source, records
// them when asked, decodes them and feeds the tracker. It is the packet
// goroutine of the program; everybody else reads what it publishes.
package pipeline

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/msrp"
	"sipsniff/decode/rtp"
	"sipsniff/decode/sip"
	"sipsniff/decode/tls"
	"sipsniff/internal/health"
	"sipsniff/internal/keylog"
	"sipsniff/internal/spool"
)

const (
	// publishInterval is the wall time between two published snapshots.
	publishInterval = 100 * time.Millisecond
	// publishRest is how many times as long as a publication took there is none
	// then, up to publishLatest: over 100,000 calls each takes a while, and most
	// of the time is for reading.
	publishRest   = 9
	publishLatest = time.Second
	// firstPublish is the same before there is anything to look at.
	firstPublish = 15 * time.Millisecond
	// lookEvery is how many frames pass between two looks at the clock and
	// the context: often enough to stop at once, rare enough to cost nothing.
	lookEvery = 512
	// advanceEvery is the packet time between two moves of the timers.
	advanceEvery = int64(time.Second)
)

// A Config says what to join.
type Config struct {
	Source  capture.Source
	Record  Recording // every frame is also written here; nil: none
	Decoder decode.Config
	Tracker correlate.Config

	// Spool also keeps the latest frames; nil: nobody wants them.
	Spool *spool.Spool

	// Keys are the key logs that Decoder.Secrets come from; nil: none.
	Keys *keylog.Follower

	// Learned has the lines of the key logs that are to be recorded; nil: none.
	Learned *keylog.Lines

	// Tap is also handed everything that the tracker is; nil: none.
	Tap decode.Handler

	// Live publishes snapshots while frames come in. Without it there is one
	// snapshot, at the end.
	Live bool

	// Ports goes on counting what comes on which port when SIP was found.
	Ports bool

	// Pipe says that the source is a pipe: when packets of now come out of it,
	// they come as they happen, and are taken like those of an interface.
	Pipe bool

	// Due tells after each frame whether to publish; nil: by the clock.
	Due func(frames uint64) bool

	// Every is the wall time between two snapshots at least. 0: 100 ms, and a
	// second when nobody asks for one, see Want.
	Every time.Duration
}

// A Recording takes the frames of a run, and the secrets that go with them.
type Recording interface {
	Write(f *capture.Frame) error
	WriteSecret(s capture.Secret) error
	Flush() error
}

// A Status is how far the pipeline is. It never changes after it was
// published.
type Status struct {
	Frames, Octets uint64
	First, Last    int64 // capture time of the first and the latest frame, Unix ns; 0 when none
	Sources        []capture.SourceInfo
	Drops          *capture.Drops // nil for files
	Decode         decode.Stats
	Health         health.Counts
	Pace           Pace
	NoMedia        bool                   // what may be media is let pass
	Traffic        Traffic                // until there is SIP
	Encrypted      []decode.TLSConnection // those met last, see decode.Config.MaxTLS
	Keys           []keylog.Status
	Done           bool
	Err            error // why it ended, nil at a regular end

	connections []decode.TCPConnection
	unwatched   []correlate.Unwatched
}

// A Pipeline turns one source into snapshots.
type Pipeline struct {
	config  Config
	decoder *decode.Decoder
	tracker *correlate.Tracker
	relay   *relay           // nil: the tracker is told at once
	places  capture.Rereader // nil: what was read is gone
	message sip.Message      // refilled for each message
	plain   correlate.Plain  // refilled for each datagram, when there is no relay
	header  rtp.Header       // likewise
	health  health.Watch
	pace    pace
	keys    keys
	ports   portTally

	noMedia   atomic.Bool // datagrams that are no SIP are let pass
	unwatched unwatched   // when they were

	status       Status
	published    atomic.Pointer[Status]
	lastPublish  time.Time
	publishTook  atomic.Int64 // ns
	asked        atomic.Bool  // somebody wants what is newer than was published last
	advanced     int64
	recordFailed error
	data         []byte // of the frame at hand
	carried      bool   // it brought what may be media

	listed    time.Time // when encrypted was made
	encrypted []decode.TLSConnection
	tcp       []decode.TCPConnection
}

// New returns a pipeline that has read nothing yet.
func New(c Config) *Pipeline {
	if c.Decoder.Secrets == nil {
		c.Decoder.Secrets = tls.NewSecrets() // a capture may hold some
	}
	if c.Tracker.Secrets == nil && c.Decoder.Secrets != nil {
		c.Tracker.Secrets = c.Decoder.Secrets // what opens TLS opens DTLS too
	}
	p := &Pipeline{config: c, ports: portTally{always: c.Ports}}
	if c.Tracker.InterfaceName == nil {
		c.Tracker.InterfaceName = p.interfaceName
	}
	if s, ok := c.Source.(capture.Rereader); ok {
		p.places, c.Tracker.Again = s, s.Again()
	}
	p.tracker = correlate.NewTracker(c.Tracker)
	p.decoder = decode.New(c.Decoder, p)
	p.keys = newKeys(c)
	p.published.Store(&Status{Sources: c.Source.Info()})
	return p
}

// Snapshot returns what was published last; any goroutine may call it.
func (p *Pipeline) Snapshot() *correlate.Snapshot { return p.tracker.Snapshot() }

// Want asks for a snapshot that is newer than the last; any goroutine may call
// it.
func (p *Pipeline) Want() { p.asked.Store(true) }

// Status returns how far the pipeline was when it published last; any
// goroutine may call it.
func (p *Pipeline) Status() Status { return *p.published.Load() }

// Run reads the source to its end, or until ctx is done, which is a regular
// end. Everything understood before an error is in the last snapshot.
func (p *Pipeline) Run(ctx context.Context) error {
	if p.config.Due == nil {
		p.relay = newRelay(p.config.Source, p.tracker, p.announce)
	}
	err := p.read(ctx)
	if s, ok := p.config.Source.(capture.Leaver); ok {
		s.Leave()
	}
	p.relay.settle()
	p.takeKeys()
	p.keys.logs.Finish()
	p.recordKeys()
	p.decoder.Flush()
	p.relay.close()
	p.relay = nil
	p.tracker.Flush()
	p.health.Flush()
	if err == nil {
		err = p.recordFailed
	}
	p.status.Done, p.status.Err = true, err
	p.publish()
	return err
}

func (p *Pipeline) read(ctx context.Context) error {
	var frame capture.Frame
	var stop stopping
	var quiet lull
	unlooked, looked := lookEvery, int64(0)
	for {
		// A slow wire passes the interval before it passes the frames; a clock
		// that was set back does not pass it for long.
		if passed := frame.Nanos - looked; unlooked >= lookEvery || passed >= int64(publishInterval) || passed < -int64(publishInterval) {
			if p.look(ctx) && stop.now(p.config.Source) {
				return nil
			}
			unlooked, looked = 0, frame.Nanos
		}
		unlooked++
		err := p.config.Source.Next(&frame)
		switch {
		case err == nil:
			p.frame(&frame)
			if p.config.Due != nil && p.config.Due(p.status.Frames) {
				p.publish()
			}
		case errors.Is(err, capture.ErrIdle):
			// A quiet wire still has timers to run and a screen to refresh.
			unlooked = lookEvery
			if p.status.Frames > 0 {
				p.advance(quiet.now(frame.Nanos, time.Now()))
			}
			p.flushRecord()
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
}

// look publishes when it is time to, and reports whether to stop.
func (p *Pipeline) look(ctx context.Context) (stop bool) {
	now := time.Now()
	if p.keys.due(now) {
		p.relay.settle() // the tracker reads secrets too
		p.keys.poll(now)
	}
	p.recordKeys()
	p.decoder.UseSecrets()
	if p.config.Live && now.Sub(p.lastPublish) >= p.wait() {
		p.publish()
	}
	return ctx.Err() != nil
}

// wait is the time until the following publication.
func (p *Pipeline) wait() time.Duration {
	if s := p.tracker.Snapshot(); len(s.Calls) == 0 && len(s.Streams) == 0 {
		return firstPublish
	}
	if p.config.Every == 0 && !p.asked.Load() {
		return publishLatest
	}
	return max(publishInterval, p.config.Every, min(publishRest*time.Duration(p.publishTook.Load()), publishLatest))
}

func (p *Pipeline) frame(f *capture.Frame) {
	p.status.Frames++
	p.status.Octets += uint64(f.Length)
	if p.config.Pipe && p.status.Frames == 1 && isNear(f.Nanos, time.Now()) {
		p.here().GoLive()
	}
	if p.status.First == 0 || f.Nanos < p.status.First {
		p.status.First = f.Nanos
	}
	p.status.Last = max(p.status.Last, f.Nanos)
	p.pace.add(f.Nanos)
	p.takeKeys() // they are recorded in front of the frame
	if p.config.Record != nil && p.recordFailed == nil {
		p.recordFailed = p.config.Record.Write(f)
	}
	p.advance(f.Nanos)
	p.health.Frame(f)
	if !p.direct(f) {
		p.data, p.carried = f.Data, false
		p.decoder.Frame(f)
	}
	if p.config.Spool != nil {
		p.config.Spool.Write(f, p.carried)
	}
	if p.relay != nil && p.relay.filling.full() {
		p.relay.hand()
	}
}

// takeKeys takes in the secrets of the capture.
func (p *Pipeline) takeKeys() {
	if !p.keys.came() {
		return
	}
	p.relay.settle() // the tracker reads secrets too
	if err := p.keys.take(); p.recordFailed == nil {
		p.recordFailed = err
	}
}

// recordKeys records what the key logs brought since the last time.
func (p *Pipeline) recordKeys() {
	if err := p.keys.recordLearned(); p.recordFailed == nil {
		p.recordFailed = err
	}
}

// flushRecord writes out what was recorded, so that the file can be looked at
// while the wire is quiet.
func (p *Pipeline) flushRecord() {
	if p.config.Record != nil && p.recordFailed == nil {
		p.recordFailed = p.config.Record.Flush()
	}
	if p.config.Spool != nil {
		p.config.Spool.Flush()
	}
}

func (p *Pipeline) advance(nanos int64) {
	if passed := nanos - p.advanced; passed >= advanceEvery || passed <= -advanceEvery {
		p.advanced = nanos
		if p.relay != nil {
			p.relay.filling.advance(nanos)
			return
		}
		p.tracker.Advance(nanos)
	}
}

// Message implements decode.Handler. The text is copied here, once: every
// header is a substring of the copy.
func (p *Pipeline) Message(packet *decode.Packet) {
	p.health.Message(packet)
	if !p.ports.over {
		p.ports.add(packet, true)
	}
	if p.config.Tap != nil {
		p.config.Tap.Message(packet)
	}
	packet.Offset = 0
	if p.places != nil {
		packet.Offset, _ = p.places.Place(int(packet.Source), packet.Payload)
	}
	o := sip.Options{Stream: packet.Transport.IsStream(), Cut: packet.Cut != ""}
	if p.relay != nil {
		p.relay.filling.parsed(packet, o)
		return
	}
	if sip.ParseWith(&p.message, string(packet.Payload), o) == nil {
		p.tracker.Message(packet, &p.message)
	}
}

// Datagram implements decode.Handler.
func (p *Pipeline) Datagram(packet *decode.Packet) {
	p.carried = true
	if p.noMedia.Load() {
		return
	}
	p.health.Datagram(packet)
	if !p.ports.over {
		p.ports.add(packet, false)
	}
	if p.config.Tap != nil {
		p.config.Tap.Datagram(packet)
	}
	if p.relay != nil {
		p.relay.filling.datagram(packet, p.data)
		return
	}
	if p.plain.Pack(packet) && p.plain.ReadMedia(&p.header) {
		p.tracker.Media(&p.plain)
		return
	}
	p.tracker.Datagram(packet)
}

// direct takes a frame that is nothing but media to the tracker, or to the batch,
// at once, and reports whether it is one. The outcome is that of
// decode.Decoder.Frame and Datagram.
func (p *Pipeline) direct(f *capture.Frame) bool {
	if p.config.Tap != nil || !p.ports.over || p.noMedia.Load() {
		return false
	}
	q := &p.plain
	if p.relay != nil {
		q = &p.relay.filling.next().Plain
	}
	if !p.decoder.Media(f, &q.Plain) {
		return false
	}
	p.carried = true
	h := &q.Header
	h.ReadFixed(q.Payload)
	p.health.Media(h.PayloadType(), h.SSRC, h.Timestamp, h.SequenceNumber, q.Frame, q.Nanos)
	if p.relay != nil {
		p.relay.filling.take(media)
	} else {
		p.tracker.Media(q)
	}
	return true
}

// here waits until the tracker may be told something by this goroutine.
func (p *Pipeline) here() *correlate.Tracker {
	p.relay.settle()
	return p.tracker
}

// MSRP implements decode.SessionHandler.
func (p *Pipeline) MSRP(packet *decode.Packet, f *msrp.Frame) { p.here().MSRP(packet, f) }

// ICMP implements decode.ErrorHandler.
func (p *Pipeline) ICMP(packet *decode.Packet, e *decode.ICMPError) { p.here().ICMP(packet, e) }

// KeepAlive implements decode.KeepAliveHandler.
func (p *Pipeline) KeepAlive(packet *decode.Packet) {
	if p.relay != nil {
		p.relay.filling.keep(keepAlive, packet, nil)
		return
	}
	p.tracker.KeepAlive(packet)
}

// Quality implements decode.QualityHandler.
func (p *Pipeline) Quality(packet *decode.Packet) bool { return p.here().Quality(packet) }

// A dropper is a source that can lose packets.
type dropper interface{ Drops() capture.Drops }

// connections lists the encrypted connections. While frames come in it does so
// once a second: there may be many.
func (p *Pipeline) connections() []decode.TLSConnection {
	if p.status.Done || p.lastPublish.Sub(p.listed) >= time.Second {
		p.listed = p.lastPublish
		p.encrypted, p.tcp = p.decoder.Encrypted(), p.decoder.Connections()
	}
	return p.encrypted
}

// publish has everybody see what is known by now.
func (p *Pipeline) publish() {
	p.lastPublish = time.Now()
	p.asked.Store(false)
	s := p.status
	s.Sources = p.config.Source.Info()
	s.Decode = p.decoder.Stats()
	s.Health = p.health.Counts()
	s.Pace, s.NoMedia = p.pace.report(), p.noMedia.Load()
	s.unwatched = p.unwatched.note(s.NoMedia, s.Last)
	s.Traffic = p.ports.busiest()
	s.Keys = p.keys.status()
	s.Encrypted = p.connections()
	s.connections = p.tcp
	if d, ok := p.config.Source.(dropper); ok {
		drops := d.Drops()
		s.Drops = &drops
	}
	if p.relay != nil {
		p.relay.filling.publish(&s)
		p.relay.hand()
		return
	}
	p.announce(&s)
}

// announce publishes a status with what the tracker knows. Where there is a
// relay it is called by the goroutine of the tracker.
func (p *Pipeline) announce(s *Status) {
	start := time.Now()
	p.tracker.Input(inputOf(s))
	p.tracker.Publish()
	p.published.Store(s)
	p.publishTook.Store(int64(time.Since(start)))
}
