package tui

// A mediaOrder sorts the table of streams.
type mediaOrder struct {
	name string
	less func(a, b *mediaStream) int
}

//nolint:gochecknoglobals // constants
var mediaOrders = []mediaOrder{
	{"leg", nil},
	{"MOS, worst first", func(a, b *mediaStream) int {
		return compareKnown(a.Score.Known, b.Score.Known, a.Score.MOS, b.Score.MOS)
	}},
	{"loss, worst first", func(a, b *mediaStream) int {
		return compareKnown(true, true, lossPercent(b.Stream), lossPercent(a.Stream))
	}},
	{"packets", func(a, b *mediaStream) int { return compareKnown(true, true, float64(b.Packets), float64(a.Packets)) }},
}

// compareKnown orders what is known before what is not.
func compareKnown(knownA, knownB bool, a, b float64) int {
	switch {
	case knownA != knownB && knownA:
		return -1
	case knownA != knownB:
		return 1
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (v *mediaView) sort(step int) {
	v.order = (v.order + step + len(mediaOrders)) % len(mediaOrders)
	v.arrange()
	v.u.say("streams by %s (z reverses)", mediaOrders[v.order].name)
}
