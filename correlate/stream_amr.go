package correlate

import (
	"strconv"
	"strings"
)

// amrMode says how the payload of AMR and AMR-WB shows the mode of a frame
// (RFC 4867 §4.3, §4.4).
type amrMode uint8

const (
	amrNot     amrMode = iota // another codec
	amrCompact                // bandwidth-efficient
	amrAligned                // octet-aligned
)

func amrModeOf(fmtp string) amrMode {
	if parameterOf(fmtp, "octet-align") == 1 {
		return amrAligned
	}
	return amrCompact
}

// modes counts the frame types of a stream of AMR or AMR-WB.
type modes [16]uint32

// of is the frame type of the first frame of a payload, -1 when it is cut.
func (m amrMode) of(payload []byte) int {
	if len(payload) < 2 {
		return -1
	}
	if m == amrAligned { // CMR and four bits of padding, then F, FT, Q and padding
		return int(payload[1] >> 3 & 15)
	}
	return int(payload[0]&7)<<1 | int(payload[1]>>7) // CMR, F, FT, Q
}

// most is the mode of most frames, silence left out; -1 when there is none.
func (m *modes) most() int {
	if m == nil {
		return -1
	}
	best := -1
	for i, n := range m[:9] { // the speech modes of both codecs
		if n > 0 && (best < 0 || n > m[best]) {
			best = i
		}
	}
	return best
}

// parameterOf reads a number among the parameters of a=fmtp, 0 when it is not
// there.
func parameterOf(fmtp, name string) uint32 {
	for p := range strings.SplitSeq(fmtp, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
			if err != nil {
				return 0
			}
			return uint32(n)
		}
	}
	return 0
}
