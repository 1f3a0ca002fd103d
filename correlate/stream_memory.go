package correlate

import (
	"unsafe"

	"sipsniff/correlate/quality"
)

// indexMemory is one entry in a map, with its key, in octets.
const indexMemory = 100

// memory estimates the octets in use.
func (t *streamTable) memory() int64 {
	n := t.flowMemory() + t.callMemory()
	n += int64(len(t.tunnels)+len(t.mapped))*indexMemory + int64(len(t.checks))*checkMemory
	n += int64(len(t.handshakes.between))*(int64(unsafe.Sizeof(handshake{}))+indexMemory) + int64(t.handshakes.octets)
	return n
}

// flowMemory is the part of the streams and candidates.
func (t *streamTable) flowMemory() int64 {
	const key = 3000 // of SRTP, ready for use
	streams := len(t.streams) + len(t.fresh) - t.gone
	n := int64(streams+t.waiting.count) * int64(unsafe.Sizeof(flow{})+unsafe.Sizeof(Stream{})+3*indexMemory)
	n += int64(streams)*quality.TimingSize + t.history
	n += int64(t.waiting.held)*int64(unsafe.Sizeof(heldPacket{})) + int64(t.waiting.octets)
	n += int64(len(t.pairs)+len(t.newest))*indexMemory + int64(t.listening)*listeningMemory + t.contents
	n += int64(t.reporting)*controlSize + t.voices.memory() + int64(t.oddities)*oddityMemory
	n += t.batches.Memory() + int64(len(t.lanes.all))*laneMemory
	return n + int64(t.guarded)*(int64(unsafe.Sizeof(guard{}))+key)
}

// callMemory is the part of the descriptions, which leave with their calls.
func (t *streamTable) callMemory() int64 {
	const party = 500 // a description, but for its lines
	n := int64(t.expectations) * int64(unsafe.Sizeof(expectation{})+indexMemory)
	n += int64(len(t.calls)) * (int64(unsafe.Sizeof(callMedia{})) + indexMemory)
	n += int64(t.parties) * party
	n += int64(t.lines)*int64(unsafe.Sizeof(mediaLine{})) + int64(t.formats)*int64(unsafe.Sizeof(format{}))
	return n + int64(len(t.sources))*indexMemory
}
