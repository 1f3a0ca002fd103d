package picture

import "strings"

// A Codec is how a payload is read.
type Codec uint8

// The codecs whose key frames can be told. Other is any other video.
const (
	Other Codec = iota
	H264
	H265
	VP8
	VP9
	AV1
)

// CodecOf knows codecs by their encoding name.
func CodecOf(name string) Codec {
	switch strings.ToUpper(name) {
	case "H264", "H264-SVC":
		return H264
	case "H265":
		return H265
	case "VP8":
		return VP8
	case "VP9":
		return VP9
	case "AV1":
		return AV1
	}
	return Other
}

// Facts are what one payload tells.
type Facts struct {
	Key           bool // it belongs to a frame that needs no other
	Width, Height int  // 0 when it does not tell
}

// Read looks into a payload, as far as it was captured.
func (c Codec) Read(b []byte) Facts {
	if len(b) == 0 {
		return Facts{}
	}
	switch c {
	case H264:
		return h264(b)
	case H265:
		return Facts{Key: h265(b)}
	case VP8:
		return vp8(b)
	case VP9:
		return Facts{Key: b[0]&0x40 == 0 && b[0]&0x08 != 0} // not predicted, beginning of a frame (RFC 9628 §4.2)
	case AV1:
		return Facts{Key: b[0]&0x08 != 0} // N: a coded video sequence begins
	}
	return Facts{}
}
