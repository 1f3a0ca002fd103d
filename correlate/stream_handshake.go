package correlate

import (
	"net/netip"

	"sipsniff/decode"
	"sipsniff/decode/dtls"
	"sipsniff/decode/rtp/srtp"
)

const (
	maxHandshakes      = 4096    // pairs of addresses whose DTLS is remembered
	maxHandshakeOctets = 8 << 20 // of messages that are not complete
	maxCallHandshakes  = 8       // of one call
)

// handshakeTable remembers the DTLS handshakes on media addresses. The pair
// that was silent for longest leaves first.
type handshakeTable struct {
	between        map[pair]*handshake
	oldest, newest *handshake
	octets         int
	news           uint64 // counts what may give a key
}

// A handshake is the DTLS between two addresses. Side 0 of the association is
// ends.src.
type handshake struct {
	dtls.Association
	ends         pair
	older, newer *handshake
	cost         int

	exported bool // contexts are those of random
	random   [32]byte
	contexts [2]*srtp.Context // of the client, of the server
	problem  string

	call             *callMedia // that announced the addresses, nil when none did
	clientFromCaller bool

	// What a call shows of it, see MediaHandshake.
	media          *callMedia
	clientIsCaller bool
	asked          int   // hellos since the last answer
	first, last    int64 // of these
	frames         [2]int
	alertFrame     int
}

// handshake takes a DTLS datagram.
func (t *streamTable) handshake(p *decode.Packet, b []byte) {
	if p.Duplicate || !dtls.IsHandshake(b) {
		return
	}
	h, side := t.handshakeOf(p, b)
	if h == nil {
		return
	}
	before := h.Association
	answered, begun := h.Answered, h.Handshakes
	h.Datagram(side, b)
	t.handshakes.account(h)
	t.followHandshake(p, h, before)
	if h.Answered == answered && h.Handshakes == begun {
		return
	}
	t.handshakes.news++
	t.datagrams.DTLSHandshakes += uint64(h.Handshakes - begun)
	if h.Answered {
		t.placeHandshake(p, h)
	}
}

// handshakeOf finds what is known between the ends of a packet. Only what
// begins with a ClientHello is new.
func (t *streamTable) handshakeOf(p *decode.Packet, b []byte) (*handshake, dtls.Side) {
	x := &t.handshakes
	if h := x.between[pair{p.Src, p.Dst}]; h != nil {
		x.move(h)
		return h, 0
	}
	if h := x.between[pair{p.Dst, p.Src}]; h != nil {
		x.move(h)
		return h, 1
	}
	if !dtls.IsClientHello(b) {
		return nil, 0
	}
	if x.between == nil {
		x.between = make(map[pair]*handshake)
	}
	h := &handshake{ends: pair{p.Src, p.Dst}}
	x.between[h.ends] = h
	x.push(h)
	for len(x.between) > maxHandshakes {
		x.drop(x.oldest)
	}
	return h, 0
}

func (x *handshakeTable) push(h *handshake) {
	h.older, h.newer = x.newest, nil
	if x.newest != nil {
		x.newest.newer = h
	} else {
		x.oldest = h
	}
	x.newest = h
}

func (x *handshakeTable) unlink(h *handshake) {
	if h.older != nil {
		h.older.newer = h.newer
	} else {
		x.oldest = h.newer
	}
	if h.newer != nil {
		h.newer.older = h.older
	} else {
		x.newest = h.older
	}
}

func (x *handshakeTable) move(h *handshake) {
	if x.newest != h {
		x.unlink(h)
		x.push(h)
	}
}

func (x *handshakeTable) drop(h *handshake) {
	x.unlink(h)
	x.octets -= h.cost
	delete(x.between, h.ends)
}

// account keeps the octets of incomplete messages within their bound.
func (x *handshakeTable) account(h *handshake) {
	cost := h.Cost()
	x.octets += cost - h.cost
	h.cost = cost
	for x.octets > maxHandshakeOctets && x.oldest != h {
		x.drop(x.oldest)
	}
}

// placeHandshake finds the call whose descriptions explain the addresses.
// With ICE media may move to other addresses than those of the handshake, and
// the keys go with it.
func (t *streamTable) placeHandshake(p *decode.Packet, h *handshake) {
	client, server := h.ends.src, h.ends.dst
	if h.Client == 1 {
		client, server = server, client
	}
	m, ok := t.match(sought{src: client, dst: server, nanos: p.Nanos})
	if !ok {
		return
	}
	h.call, h.clientFromCaller = m.party().call, m.fromCaller()
	list := &h.call.handshakes
	for i, o := range *list {
		if o == h {
			*list = append((*list)[:i], (*list)[i+1:]...)
			break
		}
	}
	if len(*list) >= maxCallHandshakes {
		*list = (*list)[1:]
	}
	*list = append(*list, h)
}

// addHandshakeKeys adds the keys of the handshake between the addresses of a
// direction, then those of the others of its call.
func (t *streamTable) addHandshakeKeys(k *streamKeys, d *direction) {
	own := t.handshakes.between[pair{d.src, d.dst}]
	side := 0
	if own == nil {
		own, side = t.handshakes.between[pair{d.dst, d.src}], 1
	}
	if own != nil {
		t.addExported(k, own, side == own.Client)
	}
	for i := len(d.call.handshakes) - 1; i >= 0; i-- {
		if h := d.call.handshakes[i]; h != own {
			t.addExported(k, h, h.clientFromCaller == d.fromCaller)
		}
	}
}

// addExported adds the key of the client or of the server.
func (t *streamTable) addExported(k *streamKeys, h *handshake, client bool) {
	t.export(h)
	side := 1
	if client {
		side = 0
	}
	if c := h.contexts[side]; c != nil {
		k.add(c)
		return
	}
	k.fail(h.problem)
	if h.problem == noSecret && k.random == nil {
		random := h.ClientRandom
		k.random = &random
	}
}

const noSecret = "dtls_no_secret"

// export derives the keys of a handshake, once its secret is known.
func (t *streamTable) export(h *handshake) {
	if h.exported && h.random == h.ClientRandom {
		return
	}
	h.exported, h.contexts = false, [2]*srtp.Context{}
	if h.problem = h.obstacle(); h.problem != "" {
		return
	}
	var master []byte
	if t.secrets != nil {
		master = t.secrets.Master(h.ClientRandom)
	}
	if master == nil {
		h.problem = noSecret
		return
	}
	client, server, err := srtp.KeysOfExport(h.Profile, h.Export(master, srtp.ExportLength(h.Profile)), h.MKI)
	if err != nil {
		h.problem = "dtls_profile_unsupported"
		return
	}
	h.exported, h.random, h.contexts = true, h.ClientRandom, [2]*srtp.Context{client, server}
}

// obstacle says what keeps a handshake from giving keys, "" when nothing
// but a secret is needed.
func (h *handshake) obstacle() string {
	switch {
	case !h.Answered:
		return "dtls_no_answer"
	case h.Version != dtls.Version10 && h.Version != dtls.Version12:
		return "dtls_version_unsupported"
	case h.Profile == 0:
		return "dtls_no_profile"
	case srtp.ExportLength(h.Profile) == 0:
		return "dtls_profile_unsupported"
	}
	return ""
}

// mappedLimit bounds the addresses that STUN servers told of.
const mappedLimit = 16 << 10

// noteMapped remembers what address a STUN server saw a client at.
func (t *streamTable) noteMapped(client, seen netip.AddrPort) {
	if client == seen {
		return
	}
	if _, known := t.mapped[client]; !known && len(t.mapped) >= mappedLimit {
		return
	}
	if t.mapped == nil {
		t.mapped = make(map[netip.AddrPort]netip.AddrPort)
	}
	t.mapped[client] = seen
}
