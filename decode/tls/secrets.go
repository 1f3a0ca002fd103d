package tls

import "slices"

// A Random is the random value of a ClientHello, by which key logs name
// connections.
type Random = [32]byte

// A label names the purpose of a secret.
type label uint8

// The secrets of a key log that open records.
const (
	masterSecret label = iota // TLS 1.2 and before
	clientEarly
	clientHandshake
	serverHandshake
	clientTraffic
	serverTraffic
	labelCount
)

var labelNames = [labelCount]string{
	masterSecret:    "CLIENT_RANDOM",
	clientEarly:     "CLIENT_EARLY_TRAFFIC_SECRET",
	clientHandshake: "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
	serverHandshake: "SERVER_HANDSHAKE_TRAFFIC_SECRET",
	clientTraffic:   "CLIENT_TRAFFIC_SECRET_0",
	serverTraffic:   "SERVER_TRAFFIC_SECRET_0",
}

// Bounds of what is remembered. The oldest leaves first.
const (
	maxEntries      = 1_000_000
	maxSecretOctets = 256 << 20
	maxPremaster    = 10_000
	maxSessions     = 50_000 // of each kind: by session identifier and by ticket
	maxPrivateKeys  = 64
)

// Secrets are all that can open connections: what key logs say, private
// keys, and the master secrets of sessions that may be resumed. One goroutine
// uses it.
type Secrets struct {
	// Awaited says that secrets may still come: records are worth keeping.
	Awaited bool

	// Added, when it is not nil, is called with the line of a key log that
	// gave a new secret. The line is borrowed.
	Added func(line []byte)

	entries        map[Random]*entry
	oldest, newest *entry
	octets         int // of the entries, roughly
	evicted        uint64
	limit          int // entries
	octetLimit     int

	premaster  boundedMap[[8]byte] // by the start of the encrypted premaster secret
	byID       boundedMap[string]  // master secrets
	byTicket   boundedMap[[32]byte]
	private    []PrivateKey
	generation uint64

	scratch []byte // what was decrypted last
}

// An entry has the secrets of one connection.
type entry struct {
	random  Random
	secrets []secret
	newer   *entry
}

type secret struct {
	label label
	size  uint8
	value [48]byte
}

// What an entry and a secret in it cost, in octets, the map included.
const (
	entryCost  = 192
	secretCost = 50
)

// NewSecrets returns an empty store.
func NewSecrets() *Secrets {
	return &Secrets{
		entries: map[Random]*entry{}, limit: maxEntries, octetLimit: maxSecretOctets,
		premaster: newBoundedMap[[8]byte](maxPremaster),
		byID:      newBoundedMap[string](maxSessions),
		byTicket:  newBoundedMap[[32]byte](maxSessions),
	}
}

// Generation changes whenever a secret or a private key was added.
func (s *Secrets) Generation() uint64 { return s.generation }

// Len is the number of connections of which secrets are known.
func (s *Secrets) Len() int { return len(s.entries) }

// Evicted is how many connections' secrets were forgotten to stay within the
// bounds.
func (s *Secrets) Evicted() uint64 { return s.evicted }

// Master returns the master secret that a key log gives for a client random,
// nil when there is none. It serves DTLS 1.2 too.
func (s *Secrets) Master(r Random) []byte { return s.lookup(r, masterSecret) }

// lookup returns a secret, nil when it is not known.
func (s *Secrets) lookup(r Random, l label) []byte {
	e := s.entries[r]
	if e == nil {
		return nil
	}
	for i := range e.secrets {
		if e.secrets[i].label == l {
			return e.secrets[i].value[:e.secrets[i].size]
		}
	}
	return nil
}

// knows reports whether anything is known of a connection.
func (s *Secrets) knows(r Random) bool { return s.entries[r] != nil }

// add remembers a secret of at most 48 octets. One that was known is
// replaced.
func (s *Secrets) add(r Random, l label, value []byte) {
	e := s.entries[r]
	if e == nil {
		e = &entry{random: r}
		s.entries[r] = e
		s.octets += entryCost
		if s.newest == nil {
			s.oldest = e
		} else {
			s.newest.newer = e
		}
		s.newest = e
	}
	n := secret{label: l, size: uint8(len(value))}
	copy(n.value[:], value)
	i := slices.IndexFunc(e.secrets, func(x secret) bool { return x.label == l })
	switch {
	case i < 0:
		before := cap(e.secrets)
		e.secrets = append(e.secrets, n)
		s.octets += (cap(e.secrets) - before) * secretCost
	case e.secrets[i] == n:
		return
	default:
		e.secrets[i] = n
	}
	s.generation++
	for s.oldest != e && (len(s.entries) > s.limit || s.octets > s.octetLimit) {
		s.evict()
	}
}

func (s *Secrets) evict() {
	e := s.oldest
	s.oldest = e.newer
	delete(s.entries, e.random)
	s.octets -= entryCost + cap(e.secrets)*secretCost
	s.evicted++
}

// A boundedMap holds secrets by a key; the oldest leaves when it is full.
type boundedMap[K comparable] struct {
	limit int
	m     map[K][]byte
	order []K // ring: the oldest at next when full
	next  int
}

func newBoundedMap[K comparable](limit int) boundedMap[K] {
	return boundedMap[K]{limit: limit, m: map[K][]byte{}}
}

func (b *boundedMap[K]) get(k K) []byte { return b.m[k] }

func (b *boundedMap[K]) put(k K, v []byte) {
	if _, ok := b.m[k]; !ok {
		if len(b.order) < b.limit {
			b.order = append(b.order, k)
		} else {
			delete(b.m, b.order[b.next])
			b.order[b.next] = k
			b.next = (b.next + 1) % b.limit
		}
	}
	b.m[k] = slices.Clone(v)
}
