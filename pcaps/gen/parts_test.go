package gen

import (
	"bytes"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"
)

// The example of RFC 2617 §3.5.
func TestDigestExample(t *testing.T) {
	got := digestResponse("Mufasa", "testrealm@host.com", "Circle Of Life", "GET", "/dir/index.html",
		"dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b")
	if want := "6629fae49393a05397450978507c4ef1"; got != want {
		t.Errorf("response %s, want %s", got, want)
	}
}

// Ends of the scales and segment borders of ITU-T G.711 tables 1 and 2: the
// loudest, the quietest, and sample values with their codes.
func TestG711(t *testing.T) {
	cases := []struct {
		sample  int16
		a, mu   byte
		comment string
	}{
		{0, 0xd5, 0xff, "positive zero"},
		{-1, 0x55, 0x7f, "smallest negative"},
		{32767, 0xaa, 0x80, "loudest"},
		{-32768, 0x2a, 0x00, "loudest negative"},
		{256, 0xc5, 0xe7, "A-law segment 1 begins"},
		{1024, 0xe5, 0xcd, "A-law segment 3 begins"},
		{-5000, 0x06, 0x2b, "speech"},
		{12345, 0xbd, 0x97, "loud speech"},
	}
	for _, c := range cases {
		if got := aLaw(c.sample); got != c.a {
			t.Errorf("A-law of %d (%s): %#02x, want %#02x", c.sample, c.comment, got, c.a)
		}
		if got := muLaw(c.sample); got != c.mu {
			t.Errorf("mu-law of %d (%s): %#02x, want %#02x", c.sample, c.comment, got, c.mu)
		}
	}
}

// RFC 1071 §3 adds up these eight octets to ddf2.
func TestChecksum(t *testing.T) {
	b, _ := hex.DecodeString("0001f203f4f5f6f7")
	if got := fold(sum(b, 0)); got != 0xddf2 {
		t.Errorf("sum %#04x, want 0xddf2", got)
	}
	if got := fold(sum(b[:7], 0)); got != 0xdcfb { // the last word is f600
		t.Errorf("sum of an odd number of octets %#04x, want 0xdcfb", got)
	}
}

func TestLossModel(t *testing.T) {
	for _, c := range []struct{ rate, burst float64 }{{0.05, 0}, {0.05, 4}, {0.2, 2}} {
		m, r := newLossModel(c.rate, c.burst), rand.New(rand.NewPCG(1, 2))
		const n = 1_000_000
		lost, runs, was := 0, 0, false
		for range n {
			is := m.next(r)
			if is {
				lost++
				if !was {
					runs++
				}
			}
			was = is
		}
		wantRun := c.burst
		if wantRun == 0 {
			wantRun = 1 / (1 - c.rate) // of independent losses
		}
		if rate := float64(lost) / n; math.Abs(rate-c.rate) > 0.003 {
			t.Errorf("loss %v burst %v: lost %v", c.rate, c.burst, rate)
		}
		if run := float64(lost) / float64(runs); math.Abs(run-wantRun) > 0.05*wantRun {
			t.Errorf("loss %v burst %v: runs of %v, want %v", c.rate, c.burst, run, wantRun)
		}
	}
}

func TestQueueOrder(t *testing.T) {
	var q queue
	times := []int64{5, 3, 9, 3, 1, 7, 3}
	for _, at := range times {
		q.push(at, nil)
	}
	var got []entry
	for len(q.entries) > 0 {
		got = append(got, q.entries[0])
		q.pop()
	}
	for i := 1; i < len(got); i++ {
		if !got[i-1].before(&got[i]) {
			t.Errorf("entry %d (%+v) comes before %+v", i-1, got[i-1], got[i])
		}
	}
}

// The header of a pcap file and of its first record, as the format
// description draws them.
func TestPcapLayout(t *testing.T) {
	var b bytes.Buffer
	f, err := newFile(&b, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.frame(1_000_000_002_000, []byte{0xaa, 0xbb, 0xcc}); err != nil {
		t.Fatal(err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	want := "d4c3b2a1" + "0200" + "0400" + "00000000" + "00000000" + "00000400" + "01000000" +
		"e8030000" + "02000000" + "03000000" + "03000000" + "aabbcc"
	if got := hex.EncodeToString(b.Bytes()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPcapngRecord(t *testing.T) {
	var b bytes.Buffer
	f, err := newFile(&b, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.frame(0x0000_0001_0000_0002, []byte{0xaa, 0xbb, 0xcc}); err != nil {
		t.Fatal(err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	want := "06000000" + "24000000" + "00000000" + "01000000" + "02000000" + "03000000" + "03000000" + "aabbcc00" + "24000000"
	if got := hex.EncodeToString(b.Bytes()[28+32:]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
