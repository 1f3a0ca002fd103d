package tui

import (
	"net/netip"
	"time"

	"sipsniff/tui/ladder"
)

// activeWithin is how recent the last packet of a stream has to be for the
// stream to count as active.
const activeWithin = int64(5 * time.Second)

// streamMode chooses which RTP rows the ladder shows.
type streamMode uint8

const (
	streamsAll streamMode = iota
	streamsOff
	streamsActive
)

// streamSteps is what the key steps through: from all of them it leads to
// none, to all and to the active ones.
//
//nolint:gochecknoglobals // constants
var streamSteps = [...]streamMode{streamsAll, streamsOff, streamsAll, streamsActive}

// timeMode chooses what stands at the left of a row.
type timeMode uint8

const (
	timeDelta timeMode = iota
	timeAbsolute
	timeBoth
	timeNone
	timeModes
)

// flowSettings are kept from one ladder to the next.
type flowSettings struct {
	streams   streamMode
	step      int // of streamSteps
	colours   colourMode
	addresses bool           // instead of names
	namedBy   string         // what names come from when they are shown
	orders    [][]netip.Addr // of columns that were moved, from the left; the latest last
	only      onlyMode
	time      timeMode
	sdp       ladder.SDPMode
	split     bool
	unfold    bool
	preview   previewMode
	size      int  // of the preview, more or less than its usual size
	wire      bool // preview and messages as on the wire instead of key headers first
	noSyntax  bool
	noWrap    bool // long lines of messages are whole
}

// colourMode chooses what the colours of the arrows tell apart.
type colourMode uint8

const (
	byDirection colourMode = iota // requests and replies
	byLeg
	byCSeq
	colourModes
)

type onlyMode uint8

const (
	onlyNothing onlyMode = iota
	onlyStreams
	onlySDP
)

type previewMode uint8

const (
	previewAuto previewMode = iota // where the screen is wide
	previewOn
	previewOff
)
