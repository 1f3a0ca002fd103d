package picture

// A golomb reads the bits of a parameter set without the octets that were put
// in so that no start code appears (H.264 §7.3.1). After its end every bit is 0
// and bad is set.
type golomb struct {
	b    []byte
	at   int // octet
	bit  int // in it
	zero int // octets of 0 right before at
	bad  bool
}

func (g *golomb) next() uint {
	if g.bit == 0 && g.zero >= 2 && g.at < len(g.b) && g.b[g.at] == 3 {
		g.at++
		g.zero = 0
	}
	if g.at >= len(g.b) {
		g.bad = true
		return 0
	}
	v := uint(g.b[g.at]>>(7-g.bit)) & 1
	if g.bit++; g.bit == 8 {
		if g.b[g.at] == 0 {
			g.zero++
		} else {
			g.zero = 0
		}
		g.bit = 0
		g.at++
	}
	return v
}

func (g *golomb) bits(n int) (v uint) {
	for range n {
		v = v<<1 | g.next()
	}
	return v
}

// ue reads ue(v): so many zeros, a one, so many bits (H.264 §9.1).
func (g *golomb) ue() uint {
	n := 0
	for g.next() == 0 {
		if n++; n > 31 || g.bad {
			g.bad = true
			return 0
		}
	}
	return 1<<n - 1 + g.bits(n)
}

// se reads se(v).
func (g *golomb) se() int {
	v := g.ue()
	if v&1 == 1 {
		return int(v/2) + 1
	}
	return -int(v / 2)
}

// maxSide is more pixels than a side of any level has.
const maxSide = 16384

// sizeOfSPS reads the size of the picture from a sequence parameter set of
// H.264 behind its NAL header (§7.3.2.1.1); 0 when it cannot be read.
func sizeOfSPS(b []byte) (width, height int) {
	g := golomb{b: b}
	profile := g.bits(8)
	g.bits(16) // constraints, level
	g.ue()     // number of the set
	chroma := uint(1)
	if hasChroma(profile) {
		chroma = g.chroma()
	}
	g.ue() // log2_max_frame_num_minus4
	g.order()
	g.ue()   // max_num_ref_frames
	g.next() // gaps_in_frame_num_value_allowed_flag
	across, down := g.ue()+1, g.ue()+1
	framesOnly := g.next()
	if framesOnly == 0 {
		g.next() // mb_adaptive_frame_field_flag
	}
	g.next() // direct_8x8_inference_flag
	if g.bad || across > maxSide/16 || down > maxSide/16 {
		return 0, 0
	}
	width, height = int(across)*16, int(down)*16*(2-int(framesOnly))
	if g.next() == 1 {
		left, right, top, bottom := g.ue(), g.ue(), g.ue(), g.ue()
		x, y := cropUnits(chroma, framesOnly)
		if left > maxSide || right > maxSide || top > maxSide || bottom > maxSide {
			return 0, 0
		}
		width -= int(left+right) * x
		height -= int(top+bottom) * y
	}
	if g.bad || width <= 0 || height <= 0 {
		return 0, 0
	}
	return width, height
}

// hasChroma reports whether the set of a profile tells the format of colours.
func hasChroma(profile uint) bool {
	switch profile {
	case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135:
		return true
	}
	return false
}

// chroma reads the format of colours and passes over what follows it.
func (g *golomb) chroma() uint {
	format := g.ue()
	separate := format == 3 && g.next() == 1
	if separate {
		format = 0 // three planes that are coded apart count as one
	}
	g.ue()   // bit_depth_luma_minus8
	g.ue()   // bit_depth_chroma_minus8
	g.next() // qpprime_y_zero_transform_bypass_flag
	if g.next() == 0 {
		return format
	}
	lists := 8
	if format == 3 {
		lists = 12
	}
	for i := range lists {
		if g.next() == 1 {
			g.scaling(i)
		}
	}
	return format
}

// scaling passes over a scaling list.
func (g *golomb) scaling(list int) {
	size := 16
	if list >= 6 {
		size = 64
	}
	last, next := 8, 8
	for range size {
		if next != 0 {
			next = (last + g.se() + 256) & 0xFF
		}
		if next != 0 {
			last = next
		}
		if g.bad {
			return
		}
	}
}

// order passes over how the order of pictures is told.
func (g *golomb) order() {
	switch g.ue() {
	case 0:
		g.ue()
	case 1:
		g.next()
		g.se()
		g.se()
		n := g.ue()
		if n > 255 {
			g.bad = true
			return
		}
		for range n {
			g.se()
		}
	}
}

// cropUnits is how many pixels a unit of cropping has.
func cropUnits(chroma, framesOnly uint) (x, y int) {
	x, y = 1, 2-int(framesOnly)
	if chroma == 1 || chroma == 2 {
		x = 2
	}
	if chroma == 1 {
		y *= 2
	}
	return x, y
}
