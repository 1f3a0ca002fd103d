package picture

// vp8 reads the payload descriptor of VP8 and, at the start of a frame, its
// header (RFC 7741 §4.2, RFC 6386 §9.1).
func vp8(b []byte) Facts {
	const start = 0x10 // S; the partition is in the lowest bits
	if b[0]&(start|0x07) != start {
		return Facts{}
	}
	b = afterDescriptor(b)
	if len(b) == 0 || b[0]&1 != 0 {
		return Facts{}
	}
	f := Facts{Key: true}
	if len(b) >= 10 && b[3] == 0x9D && b[4] == 0x01 && b[5] == 0x2A {
		f.Width = int(b[6]) | int(b[7]&0x3F)<<8
		f.Height = int(b[8]) | int(b[9]&0x3F)<<8
	}
	return f
}

// afterDescriptor is what follows the descriptor, nothing when it is cut.
func afterDescriptor(b []byte) []byte {
	n := 1
	if b[0]&0x80 != 0 { // X
		if len(b) < 2 {
			return nil
		}
		extension := b[1]
		n = 2
		if extension&0x80 != 0 { // I: a picture number of one or two octets
			if len(b) <= n {
				return nil
			}
			if b[n]&0x80 != 0 {
				n++
			}
			n++
		}
		if extension&0x40 != 0 { // L
			n++
		}
		if extension&0x30 != 0 { // T, K
			n++
		}
	}
	return b[min(n, len(b)):]
}
