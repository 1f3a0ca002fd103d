package video

// A Report is what is known of the frames of one stream.
type Report struct {
	Frames     uint64 // distinct timestamps
	Incomplete uint64 // frames that have a hole or no end
	HasEnds    bool   // the sender marks the last packet of a frame; else Incomplete means nothing
	Late       uint64 // packets whose frame was over
	FPS        float64

	Freezes       int
	Frozen        int64 // ns, all of them
	LongestFreeze int64 // ns

	Keys       uint64
	KeyMean    int64 // ns from one to the next; 0 with fewer than two
	KeyLongest int64

	Width, Height int // as the stream told last; 0 unknown
}

// Report says what is known so far. The frame that may still get packets
// counts as it is.
func (a *Account) Report() Report {
	end := *a
	for end.count > 0 {
		end.judge()
	}
	r := Report{
		Frames: end.frames, Incomplete: end.incomplete, HasEnds: end.marked > 0, Late: end.late,
		Freezes: end.freezes, Frozen: end.frozen, LongestFreeze: end.stills.longest,
		Keys: end.keys.count, KeyLongest: end.keys.longest, Width: end.width, Height: end.height,
	}
	if end.moving > 0 {
		r.FPS = float64(end.steps) * 1e9 / float64(end.moving)
	}
	if n := end.keys.count; n > 1 {
		r.KeyMean = (end.keys.last - end.keys.first) / int64(n-1)
	}
	return r
}
