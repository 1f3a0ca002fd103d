package legs

import "unsafe"

// Estimates in octets, as measured with the calls of TestFactsAreCounted.
const (
	joinSize = 500 // of an edge with its reasons, and of the place in what is shown
	keySize  = 100 // of a list with one leg in the index
	mapSize  = 40  // of a leg among all
)

// Size estimates the memory behind the facts of a call in a Linker, in octets,
// without the texts that they share with its messages.
func (f *Facts) Size() int64 {
	const text = int(unsafe.Sizeof(""))
	n := int(unsafe.Sizeof(*f)+unsafe.Sizeof(leg{})) + joinSize + mapSize
	n += cap(f.Receivers)*int(unsafe.Sizeof(f.Sender)) + cap(f.Endpoints)*int(unsafe.Sizeof(Endpoint{})) + cap(f.Origins)*text
	n += (cap(f.Callers) + cap(f.Callees)) * int(unsafe.Sizeof(Number{}))
	keys := 2 + len(f.Receivers) + len(f.Callers) + len(f.Callees) + len(f.Endpoints)
	if r := f.Rare; r != nil {
		n += int(unsafe.Sizeof(*r)) + cap(r.Targets)*text + cap(r.Names)*int(unsafe.Sizeof(Name{})) + cap(r.Keys)*int(unsafe.Sizeof(Key{}))
		n += cap(r.Sessions)*int(unsafe.Sizeof(Session{})) + cap(r.Streams)*int(unsafe.Sizeof(Stream{}))
		keys += len(r.Names) + len(r.Keys) + len(r.Sessions) + len(r.Streams)
	}
	return int64(n + keys*keySize)
}
