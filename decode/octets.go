package decode

import "slices"

// maxMarks bounds what is remembered of where octets came from: a message in
// more segments than this has the times of its first and last octet right,
// and those between may be taken for neighbours.
const maxMarks = 2048

// A mark says which frame brought the octets of a stream from an offset on.
// Octets that were encrypted together came with frame to endFrame.
type mark struct {
	offset   int64 // octets since the flow was first looked at
	frame    int
	nanos    int64
	endFrame int
	endNanos int64
}

// octets are the octets of one direction that are not yet done with, and
// where they came from. While one segment at a time is enough they are
// borrowed from the frame; keep copies what has to outlive it.
type octets struct {
	b     []byte
	own   []byte // backs b, from its first octet, when moved is not set
	moved bool   // b is borrowed or not all of own
	base  int64  // offset of b[0]
	marks []mark
}

// add appends octets that came together.
func (o *octets) add(b []byte, m mark) {
	m.offset = o.base + int64(len(o.b))
	o.marks = append(o.marks, m)
	if len(o.b) == 0 {
		o.b, o.moved = b, true
		return
	}
	if len(o.marks) > maxMarks {
		o.thin()
	}
	o.own = append(o.own, b...)
	o.b = o.own
}

// thin forgets every other mark but the first ones and the last.
func (o *octets) thin() {
	kept := o.marks[:maxMarks/2]
	for i := maxMarks/2 + 1; i < len(o.marks)-1; i += 2 {
		kept = append(kept, o.marks[i])
	}
	o.marks = append(kept, o.marks[len(o.marks)-1])
}

// drop removes n octets from the front.
func (o *octets) drop(n int) {
	o.b = o.b[n:]
	o.moved = o.moved || n > 0
	o.base += int64(n)
	first := 0
	for first+1 < len(o.marks) && o.marks[first+1].offset <= o.base {
		first++
	}
	if first > 0 {
		o.marks = slices.Delete(o.marks, 0, first)
	}
}

// clear removes everything.
func (o *octets) clear() {
	o.base += int64(len(o.b))
	o.b, o.own = nil, nil
	o.marks = o.marks[:0]
}

// keep makes the octets outlive the frame they are borrowed from.
func (o *octets) keep() {
	if len(o.b) == 0 {
		o.clear()
		return
	}
	if o.moved {
		o.own = append(o.own[:0], o.b...)
		o.b, o.moved = o.own, false
	}
}

// whole returns the mark of the first n octets taken together: they end with the
// frame that brought the last of them to be captured, which need not be the one
// with the last octet.
func (o *octets) whole(n int) mark {
	m := o.at(0)
	for _, later := range o.marks {
		if later.offset >= o.base+int64(n) {
			break
		}
		if later.endFrame > m.endFrame {
			m.endFrame, m.endNanos = later.endFrame, later.endNanos
		}
	}
	return m
}

// frames adds those that brought the octets from one mark to another to a list.
func (o *octets) frames(list []int, from, to int64) []int {
	for _, m := range o.marks {
		if m.offset < from || m.offset > to {
			continue
		}
		for _, frame := range [...]int{m.frame, m.endFrame} {
			if n := len(list); n == 0 || list[n-1] != frame {
				list = append(list, frame)
			}
		}
	}
	return list
}

// at returns the mark of the octet b[i].
func (o *octets) at(i int) mark {
	offset := o.base + int64(i)
	n, found := slices.BinarySearchFunc(o.marks, offset, func(m mark, offset int64) int {
		switch {
		case m.offset < offset:
			return -1
		case m.offset > offset:
			return 1
		}
		return 0
	})
	if !found {
		n--
	}
	if n < 0 {
		return mark{}
	}
	return o.marks[n]
}
