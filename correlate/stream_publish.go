package correlate

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"sipsniff/correlate/quality"
)

// publish returns the streams in order of their first packet. Values that
// did not change since the last publish are shared with it, and nothing that
// was returned changes later. A stream gets its ID when it is first
// published, so the IDs follow the order of the first packets as far as they
// are published together.
func (t *streamTable) publish() []*Stream {
	t.settleAll()
	t.compact()
	t.noteErrors()
	if len(t.changed) > 0 || t.shrunk {
		t.admit()
		t.renew()
	}
	return t.published
}

// idsOf returns the IDs of the published streams of a call in ascending
// order, and whether its media is known at all. The slice never changes; a
// change makes another.
func (t *streamTable) idsOf(callIndex int) (ids []int, known bool) {
	if c := t.calls[callIndex]; c != nil {
		return c.ids[:len(c.ids):len(c.ids)], true
	}
	return nil, false
}

// viewsOf returns the published streams of a call.
func (t *streamTable) viewsOf(callIndex int) []*Stream {
	c := t.calls[callIndex]
	if c == nil {
		return nil
	}
	views := make([]*Stream, 0, len(c.flows))
	for _, f := range c.flows {
		if f.view != nil && !f.gone {
			views = append(views, f.view)
		}
	}
	return views
}

// admit numbers the streams that are new since the last publish and sorts
// them in by their first packet.
func (t *streamTable) admit() {
	if len(t.fresh) == 0 {
		return
	}
	byOrder := func(a, b *flow) int { return cmp.Compare(a.order, b.order) }
	slices.SortFunc(t.fresh, byOrder)
	inOrder := len(t.streams) == 0 || t.streams[len(t.streams)-1].order < t.fresh[0].order
	for _, f := range t.fresh {
		t.lastID++
		f.id = t.lastID
		if f.call != nil {
			f.call.ids = append(f.call.ids, f.id) // behind what was handed out
		}
	}
	t.streams = append(t.streams, t.fresh...)
	if !inOrder {
		slices.SortFunc(t.streams, byOrder)
	}
	clear(t.fresh)
	t.fresh = t.fresh[:0]
}

// renew makes new values of the streams that changed and a new list.
func (t *streamTable) renew() {
	for _, f := range t.changed {
		f.dirty = false
		f.view = f.stream()
		t.countHistory(f, f.view.Quality.HistorySize())
		t.countContent(f)
		if c := f.view.Content; c != nil && c.Video != nil {
			if c.VideoRead = t.picturesRead(f.view); !c.VideoRead {
				c.Video.Width, c.Video.Height = 0, 0
			}
		}
		f.view.MappedSrc = t.mapped[f.key.src]
		f.view.NetworkErrors = t.errors.of(f.key.src, f.key.dst, f.first, f.last)
		if f.orphan != nil {
			f.view.Detected = t.confidence(f)
		}
		t.score(f, f.view)
	}
	clear(t.changed)
	t.changed = t.changed[:0]
	t.shrunk = false
	t.published = make([]*Stream, len(t.streams))
	for i, f := range t.streams {
		t.published[i] = f.view
	}
}

// countHistory keeps how many octets the intervals and seconds of all streams
// take.
func (t *streamTable) countHistory(f *flow, n int64) {
	t.history += n - int64(f.history)
	f.history = int32(n)
}

// stream is the published form of a flow.
func (f *flow) stream() *Stream {
	if f.isFax() {
		return f.faxStream()
	}
	payloadType, known, line := f.mainType()
	s := &Stream{
		ID: f.id, SSRC: f.key.ssrc, Src: f.key.src, Dst: f.key.dst, Secure: f.secure,
		Media: f.media(line), PayloadType: payloadType, Codec: known.name, ClockRate: known.clock,
		FirstFrame: f.firstFrame, LastFrame: f.lastFrame, First: f.first, Last: f.last,
		CaptureDuplicates: f.copies, Octets: f.octets, FromCaller: f.fromCaller,
		RTCPPackets: f.controls, Protection: f.protection(), Quality: f.account.Report(), Levels: f.levels(),
	}
	s.Packets = s.Quality.Received
	f.publishNetwork(s)
	f.publishPulse(s)
	s.CodecFrom = known.from(line)
	if f.call != nil {
		s.Call = f.call.ref
	}
	s.Ending, s.Continues, s.Pauses, s.Turns, s.DescribedSrc = f.ending(), f.continues(), f.segments.pauses, f.turns(), f.describedSrc()
	f.publishContent(s, &known)
	if s.Media == "video" {
		s.Quality.PTime = 0 // the step between frames is no packet time
	}
	return s
}

// mainType is the payload type of most packets that carry media; of most
// packets at all when none does.
func (f *flow) mainType() (payloadType uint8, known format, line *mediaLine) {
	var most uint64
	media := false
	for _, c := range f.types {
		if c.packets == 0 {
			continue
		}
		k, l := f.lookup(c.payloadType)
		carries := k.role == quality.Media
		if carries && !media || carries == media && c.packets > most {
			payloadType, known, line, most, media = c.payloadType, k, l, c.packets, carries
		}
	}
	return payloadType, known, line
}

// media is the kind of media: that of the line which lists the payload type,
// else that of the line which explains the stream.
func (f *flow) media(line *mediaLine) string {
	if f.orphan != nil {
		return f.orphan.media
	}
	for _, l := range [...]*mediaLine{line, f.receiver, f.sender} {
		if l == nil {
			continue
		}
		switch kind := strings.ToLower(l.media.Type); kind {
		case "audio", "video", "text":
			return kind
		case "image":
			return "fax" // T.38 over RTP
		}
	}
	return ""
}

// valuesOf lists the members of a bit set in ascending order.
func valuesOf(set uint64) []uint8 {
	list := make([]uint8, 0, bits.OnesCount64(set))
	for ; set != 0; set &= set - 1 {
		list = append(list, uint8(bits.TrailingZeros64(set)))
	}
	return list
}
