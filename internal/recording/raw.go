package recording

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// extension names the files of a codec that is not decoded, "" for what is no
// sound.
func extension(codec string) string {
	switch name := strings.ToLower(codec); name {
	case "g729", "g729a", "g729ab":
		return "g729"
	case "amr":
		return "amr"
	case "amr-wb":
		return "awb"
	case "g723", "g723.1":
		return "g723"
	case "ilbc":
		return "lbc"
	case "g7221":
		return "g7221"
	case "g728", "g729d", "g729e", "g719", "g7291", "gsm-efr", "gsm-hr-08", "evs", "evrc", "evrc0", "evrcb", "evrcwb", "speex", "silk", "bv16", "bv32",
		"dvi4", "lpc", "qcelp", "l8", "l20", "l24", "vdvi", "isac", "mpa", "mp4a-latm", "codec2", "aptx",
		"g726-16", "g726-24", "g726-32", "g726-40", "aal2-g726-16", "aal2-g726-24", "aal2-g726-32", "aal2-g726-40", "pcmu-wb", "pcma-wb":
		return name
	}
	return ""
}

// A RawFile is a stream whose codec is not decoded.
type RawFile struct {
	Source
	FromCaller bool
	Extension  string
	stream     *stream
	format     int
}

// RawFiles are the streams of a call that are kept as they came: for each
// codec that is not decoded one file.
func (c *Call) RawFiles() []RawFile {
	var files []RawFile
	for _, s := range c.streams {
		for i := range s.formats {
			f := &s.formats[i]
			if f.kind != other {
				continue
			}
			source := s.facts()
			source.Codec, source.Left = f.Codec, LeftCodec
			files = append(files, RawFile{Source: source, FromCaller: s.fromCaller, Extension: extension(f.Codec), stream: s, format: i})
		}
	}
	return files
}

// Write writes the payloads in the order in which they were sent, each once:
// AMR and AMR-WB in their storage format (RFC 4867 §5) with a frame without
// data where one is missing, iLBC in its own, all else as it is. It
// returns how many payloads that were.
func (f *RawFile) Write(w io.Writer) (packets int, err error) {
	b := bufio.NewWriter(w)
	put := f.stream.formats[f.format].store(b)
	for _, seg := range f.stream.segments() {
		var before *step
		for i := range seg {
			p := &seg[i]
			if int(p.format) != f.format || p.payload == nil {
				continue
			}
			missing := int64(0) // ticks behind what was written
			if before != nil {
				missing = p.ticks - before.ticks
			}
			if err := put(p.payload, missing); err != nil {
				return packets, err
			}
			before = p
			packets++
		}
	}
	return packets, b.Flush()
}

// store returns what appends a payload to a file, after its head. It is told
// by how much the timestamp differs from the payload before.
func (f *format) store(w *bufio.Writer) func(payload []byte, ticks int64) error {
	switch strings.ToLower(f.Codec) {
	case "amr":
		return newAMR(w, f.Parameters, false).put
	case "amr-wb":
		return newAMR(w, f.Parameters, true).put
	case "ilbc":
		return storeILBC(w)
	}
	return func(payload []byte, _ int64) error {
		_, err := w.Write(payload)
		return err
	}
}

// storeILBC names the length of its frames in the head (RFC 3952 §5): 50
// octets are 30 ms, 38 are 20 ms.
func storeILBC(w *bufio.Writer) func([]byte, int64) error {
	started := false
	return func(payload []byte, _ int64) error {
		if !started {
			started = true
			ms := 20
			if len(payload)%50 == 0 {
				ms = 30
			}
			fmt.Fprintf(w, "#!iLBC%d\n", ms)
		}
		_, err := w.Write(payload)
		return err
	}
}
