package recording

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// rawOf writes the only file of a collector.
func rawOf(t *testing.T, c *Collector) (string, RawFile, int) {
	t.Helper()
	files := c.Calls()[0].RawFiles()
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	var b bytes.Buffer
	n, err := files[0].Write(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), files[0], n
}

// Payloads of G.729 are written in their order, each once.
func TestRawOrder(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, false, "G729", 8000)
	first := k.m
	k.say([]byte("aaaaaaaaaa"))
	second := k.m
	k.skip()
	k.say([]byte("cccccccccc"))
	second.Payload = []byte("bbbbbbbbbbbbbbbbbbbb")
	c.Media(&second)
	first.Payload = []byte("aaaaaaaaaa")
	c.Media(&first)
	got, f, n := rawOf(t, c)
	if got != "aaaaaaaaaabbbbbbbbbbbbbbbbbbbbcccccccccc" || f.Extension != "g729" || f.FromCaller || n != 3 {
		t.Errorf("%q %+v %d", got, f, n)
	}
}

// One frame of AMR at 4.75 kbit/s (95 bits) and one without data, by hand: in
// both forms of payload it is the same frame in storage.
func TestAMR(t *testing.T) {
	speech, _ := hex.DecodeString("0123456789abcdef01234566") // 95 bits and a bit of padding
	aligned := append([]byte{0xF0, 0x80 | 0<<3 | 4, 15<<3 | 4}, speech...)
	bits := "1111" + "1" + "0000" + "1" + "0" + "1111" + "1"
	for _, b := range speech {
		for i := 7; i >= 0; i-- {
			bits += string('0' + b>>i&1)
		}
	}
	bits = bits[:16+95] + "0"
	efficient := make([]byte, len(bits)/8)
	for i := range bits {
		efficient[i/8] |= (bits[i] - '0') << (7 - i%8)
	}
	frames := "\x04" + string(speech) + "\x7c"
	for parameters, payload := range map[string][]byte{"mode-set=0; octet-align=1": aligned, "": efficient} {
		c := NewCollector(nil, 1<<20)
		k := newTalker(c, 1, true, "AMR", 8000)
		k.m.Parameters = parameters
		k.say(payload)
		k.skip() // the second frame of the payload
		k.skip() // lost
		k.say(payload)
		if got, f, n := rawOf(t, c); got != "#!AMR\n"+frames+"\x7c"+frames || f.Extension != "amr" || n != 2 {
			t.Errorf("%q: %x, %d payloads", parameters, got, n)
		}
	}
}

// A frame of AMR-WB at 6.60 kbit/s has 132 bits; one that is cut is no data.
func TestAMRWB(t *testing.T) {
	c := NewCollector(nil, 1<<20)
	k := newTalker(c, 1, true, "AMR-WB", 16000)
	k.m.Parameters = "octet-align=1"
	k.say(append([]byte{0xF0, 4}, bytes.Repeat([]byte{0xFF}, 17)...))
	k.say([]byte{0xF0, 4, 0xFF})
	if got, _, _ := rawOf(t, c); got != "#!AMR-WB\n\x04"+string(bytes.Repeat([]byte{0xFF}, 16))+"\xf0\x7c" {
		t.Errorf("%x", got)
	}
}

func TestILBC(t *testing.T) {
	for size, head := range map[int]string{50: "#!iLBC30\n", 38: "#!iLBC20\n"} {
		c := NewCollector(nil, 1<<20)
		k := newTalker(c, 1, true, "iLBC", 8000)
		k.say(make([]byte, size))
		if got, _, _ := rawOf(t, c); got != head+string(make([]byte, size)) {
			t.Errorf("%q", got)
		}
	}
}
