package decode

import (
	"bytes"

	"sipsniff/decode/sip"
)

// maxSocketMessage is how long a WebSocket message may be, in octets, before
// and after decompression.
const maxSocketMessage = 1 << 20

// maxSocketMisses is how many messages on a connection may be something else
// than SIP before it is passed over.
const maxSocketMisses = 16

// A webSocket is one direction of a WebSocket connection: a message that is
// being put together, and the window of its decompression.
type webSocket struct {
	role    bool // server is known
	server  bool // it is the direction from the server
	probing bool // no message has confirmed yet that this is WebSocket
	lost    bool // frame boundaries are lost until a segment starts with a frame
	guessed bool // the boundaries were found again, and no message has confirmed it

	message    []byte // payload of the frames so far, unmasked
	open       bool   // more frames follow
	compressed bool
	skipping   bool // the message is too long or its beginning is missing
	first      mark // of the first octet of its first frame

	skip   uint64 // octets to come of a frame that is too long
	window []byte // what was decompressed last, at most 32 KiB
	misses int    // messages that were not SIP
}

func (w *webSocket) cost() int { return cap(w.message) + cap(w.window) }

// readSocket takes the next frame from a direction that speaks WebSocket. It
// reports whether there may be more to read.
func (t *streamTable) readSocket(c *connection, from int, f *flow, p *Packet) bool {
	w := f.socket
	if w.skip > 0 {
		n := min(w.skip, uint64(len(f.b)))
		w.skip -= n
		f.drop(int(n))
	}
	if len(f.b) == 0 {
		return false
	}
	if w.lost && !w.resumes(f.b) {
		f.drop(len(f.b))
		return false
	}
	w.lost, w.guessed = false, w.guessed || w.lost
	if w.role && !w.server && !c.upgrade.agreed && bytes.HasPrefix(f.b, []byte("GET ")) {
		f.application = httpHead // asked once more, with credentials
		return true
	}
	return t.readFrame(c, from, f, p)
}

// readFrame takes a frame when it is there as a whole.
func (t *streamTable) readFrame(c *connection, from int, f *flow, p *Packet) bool {
	w := f.socket
	h, v := readSocketFrame(f.b)
	switch {
	case v == socketMore:
		return false
	case v == socketBroken, w.probing && h.length > searchBudget:
		return t.loseFrames(c, from, f)
	case h.length > maxSocketMessage:
		w.skipMessage(h)
		f.drop(h.header)
		return true
	case uint64(len(f.b)-h.header) < h.length:
		return false
	}
	if w.role && h.masked == w.server {
		t.stats.FramesMasked++
	}
	n := h.header + int(h.length)
	again := t.frame(c, from, f, h, f.b[h.header:n], p, n)
	if c.sides[from].flow == f {
		f.drop(n)
	}
	return again
}

// loseFrames handles what cannot be a frame. It reports whether to go on.
func (t *streamTable) loseFrames(c *connection, from int, f *flow) bool {
	w := f.socket
	if w.probing || !c.talks() {
		t.ignore(c, from)
		return false
	}
	w.reset()
	w.lost = true
	f.drop(len(f.b))
	return false
}

// reset forgets the message that is being put together.
func (w *webSocket) reset() {
	w.message, w.open, w.skipping, w.compressed = nil, false, false, false
}

// skipMessage passes over a message that is too long.
func (w *webSocket) skipMessage(h socketFrame) {
	w.reset()
	w.open, w.skipping = !h.fin, true
	w.skip = h.length
	w.window = nil
}

// resumes reports whether a segment may start with a frame. It is asked when
// frame boundaries were lost.
func (w *webSocket) resumes(b []byte) bool {
	h, v := readSocketFrame(b)
	if v != socketFrameRead || h.opcode == opContinuation || h.length > searchBudget || w.role && h.masked == w.server {
		return false
	}
	if h.opcode >= opClose || h.rsv != 0 {
		return true
	}
	head := h.unmask(nil, b[h.header:min(len(b), h.header+16)])
	for _, c := range head {
		if c >= 0x7f || c < ' ' && c != '\r' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// frame handles a whole frame, which ends n octets into the flow. It reports
// whether there may be more to read.
func (t *streamTable) frame(c *connection, from int, f *flow, h socketFrame, payload []byte, p *Packet, n int) bool {
	w := f.socket
	switch {
	case h.opcode == opClose:
		t.ignore(c, from)
		return false
	case h.opcode > opClose:
		t.stats.KeepAlives++
		return true
	case h.opcode != opContinuation:
		w.reset()
		w.open, w.compressed = true, h.rsv != 0
		w.first = f.at(0)
	case !w.open:
		return true // the beginning of the message is missing
	}
	w.open = !h.fin
	if w.skipping || len(w.message)+len(payload) > maxSocketMessage {
		w.message, w.skipping, w.window = nil, true, nil
		return true
	}
	if h.opcode != opContinuation && h.fin && !h.masked {
		return t.socketMessage(c, from, f, payload, p, n)
	}
	w.message = h.unmask(w.message, payload)
	if !h.fin {
		return true
	}
	more := t.socketMessage(c, from, f, w.message, p, n)
	w.message = nil
	return more
}

// socketMessage handles a whole message: exactly one SIP message
// (RFC 7118 §5), or a keep-alive.
func (t *streamTable) socketMessage(c *connection, from int, f *flow, b []byte, p *Packet, n int) bool {
	w := f.socket
	if w.compressed {
		var ok bool
		if b, ok = t.inflater.inflate(b, w.window); !ok {
			t.stats.Undecompressed++
			w.window = nil
			return t.socketMiss(c, from, f)
		}
		w.slide(b, c.upgrade)
	}
	if t.socketMSRP(c, f, b, p, f.at(n-1)) {
		return true
	}
	known := c.sip || c.upgrade != nil && c.upgrade.sip
	class, start := sip.Detect(b, sip.Hint{Known: known})
	switch class {
	case sip.KeepAlive:
		t.stats.KeepAlives++
	case sip.NotSIP:
		return t.socketMiss(c, from, f)
	case sip.IsMessage:
		w.misses, w.probing, w.guessed, c.sip = 0, false, false, true
		b = b[start:]
		t.emit(c, f, p, w.first, f.at(n-1), Packet{Payload: b, WireLength: len(b), Transport: c.over(WS)})
	}
	return true
}

// socketMiss handles a message that is not SIP.
func (t *streamTable) socketMiss(c *connection, from int, f *flow) bool {
	w := f.socket
	if w.guessed {
		w.lost, w.guessed = true, false
		return true
	}
	if w.misses++; w.probing || !c.talks() && w.misses >= maxSocketMisses {
		t.ignore(c, from)
		return false
	}
	return true
}

// slide keeps the last 32 KiB of what was decompressed, unless each message
// starts with an empty window (RFC 7692 §7.1.1).
func (w *webSocket) slide(b []byte, u *upgrade) {
	const windowOctets = 32 << 10
	if u != nil && (w.server && u.freshServer || !w.server && u.freshClient) {
		return
	}
	if len(b) >= windowOctets {
		w.window = append(w.window[:0], b[len(b)-windowOctets:]...)
		return
	}
	if over := len(w.window) + len(b) - windowOctets; over > 0 {
		w.window = append(w.window[:0], w.window[over:]...)
	}
	w.window = append(w.window, b...)
}

// cutSocket surfaces the part of a SIP message in front of missing octets,
// when its headers are complete. The window is unknown from there on.
func (t *streamTable) cutSocket(c *connection, f *flow, why string) {
	w := f.socket
	if h, v := readSocketFrame(f.b); v == socketFrameRead && h.length <= maxSocketMessage && h.opcode <= opBinary && w.skip == 0 && !w.lost {
		if h.opcode != opContinuation {
			w.reset()
			w.compressed, w.first = h.rsv != 0, f.at(0)
		}
		w.message = h.unmask(w.message, f.b[h.header:])
	}
	if class, start := sip.Detect(w.message, sip.Hint{Known: c.sip}); class == sip.IsMessage && !w.compressed && !w.skipping && headEnd(w.message) > 0 {
		b := w.message[start:]
		last := w.first
		if len(f.b) > 0 {
			last = f.at(len(f.b) - 1)
		}
		t.emit(c, f, nil, w.first, last, Packet{Payload: b, WireLength: len(b), Transport: c.over(WS), Cut: why})
	}
	w.reset()
	w.window, w.lost, w.skip = nil, true, 0
}
