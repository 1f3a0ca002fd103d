package decode

import (
	"encoding/binary"
	"hash/maphash"
)

// A connectionIndex finds connections by their key, in either direction. It is a map
// of its own because a new connection is what most TCP on a busy wire is: it is found
// by one hash of a few multiplications, takes sixteen octets here, and leaves without
// a search. The zero value is ready.
type connectionIndex struct {
	heads []*connection // a power of two: the latest of those that share a hash
	count int
	seed  uint64 // of this run alone, so that nobody can send connections that all share one
}

// leastHeads is how many there are at first.
const leastHeads = 64

// hash is that of a key.
func (x *connectionIndex) hash(k *flowKey) uint32 {
	h := mix(binary.LittleEndian.Uint64(k.low[:])^x.seed, binary.LittleEndian.Uint64(k.low[8:]))
	h = mix(h^binary.LittleEndian.Uint64(k.high[:]), binary.LittleEndian.Uint64(k.high[8:])^x.seed)
	h = mix(h^uint64(k.lowPort)<<16^uint64(k.highPort), x.seed)
	return uint32(h >> 32)
}

// find returns the connection of a key, nil when there is none, and the hash of the
// key.
func (x *connectionIndex) find(k *flowKey) (c *connection, hash uint32) {
	if len(x.heads) == 0 {
		x.heads, x.seed = make([]*connection, leastHeads), new(maphash.Hash).Sum64()
	}
	hash = x.hash(k)
	for c = x.heads[hash&uint32(len(x.heads)-1)]; c != nil; c = c.chained {
		if c.hash == hash && c.key == *k {
			break
		}
	}
	return c, hash
}

// add puts in a connection that is not there, with the hash that find gave.
func (x *connectionIndex) add(c *connection, hash uint32) {
	if 2*x.count >= len(x.heads) {
		x.grow()
	}
	c.hash = hash
	x.push(c)
	x.count++
}

func (x *connectionIndex) push(c *connection) {
	head := &x.heads[c.hash&uint32(len(x.heads)-1)]
	c.chained, *head = *head, c
}

// grow has twice as many heads.
func (x *connectionIndex) grow() {
	old := x.heads
	x.heads = make([]*connection, 2*len(old))
	for _, c := range old {
		for c != nil {
			next := c.chained
			x.push(c)
			c = next
		}
	}
}

// remove takes out a connection that is there.
func (x *connectionIndex) remove(c *connection) {
	at := &x.heads[c.hash&uint32(len(x.heads)-1)]
	for *at != nil && *at != c {
		at = &(*at).chained
	}
	if *at == c {
		*at, c.chained = c.chained, nil
		x.count--
	}
}
