package pipeline

// paceSlices is into how many slices the time of a capture is cut at most.
const paceSlices = 512

// A Pace is how many frames came in each slice of the capture's time. Slices
// become twice as long whenever there is no room for another.
type Pace struct {
	From, Width int64    // ns: the first slice begins at From, which is Unix time
	Frames      []uint32 // of each slice
}

// pace counts frames by their time.
type pace struct {
	from, width int64
	at          int64 // when the slice begins that the frame before was in
	slice       int
	used        int
	frames      [paceSlices]uint32
}

// add counts a frame. One from before the first counts with the first.
func (p *pace) add(nanos int64) {
	if since := nanos - p.at; since < 0 || since >= p.width {
		p.seek(nanos)
	}
	p.frames[p.slice]++
}

// seek finds the slice of a frame.
func (p *pace) seek(nanos int64) {
	if p.width == 0 {
		p.from, p.width = nanos, int64(paceWidth)
	}
	i := max(0, nanos-p.from) / p.width
	for i >= paceSlices {
		p.double()
		i = (nanos - p.from) / p.width
	}
	p.slice, p.at = int(i), p.from+i*p.width
	p.used = max(p.used, p.slice+1)
}

// paceWidth is the length of a slice at first, ns.
const paceWidth = 100_000_000

// double makes the slices twice as long.
func (p *pace) double() {
	for i := range paceSlices / 2 {
		p.frames[i] = p.frames[2*i] + p.frames[2*i+1]
	}
	clear(p.frames[paceSlices/2:])
	p.width *= 2
	p.used = (p.used + 1) / 2
}

// report is a copy of what was counted.
func (p *pace) report() Pace {
	return Pace{From: p.from, Width: p.width, Frames: append([]uint32(nil), p.frames[:p.used]...)}
}
