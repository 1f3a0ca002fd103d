package pipeline_test

import (
	"bytes"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/recording"
)

// soundOf makes the recording of the only call of a capture and returns what
// each side said, from its first packet on.
func soundOf(t *testing.T, name string) (r *recording.Recording, sides [2][]int16) {
	t.Helper()
	c := recording.NewCollector(nil, 1<<24)
	run(t, pipeline.Config{Source: open(t, name), Tracker: correlate.Config{Media: c.Media}})
	file := filepath.Join(t.TempDir(), "a.wav")
	var f *os.File
	r, err := c.Calls()[0].WriteWAV(func() (io.WriteSeeker, error) {
		var err error
		f, err = os.Create(file)
		return f, err
	}, recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	both := waveSamples(t, file)
	for i := range both {
		sides[i%2] = append(sides[i%2], both[i])
	}
	return r, sides
}

// A phone and what it said, in a file beside the capture.
var phones = [2]string{"alice", "bob"} //nolint:gochecknoglobals // constant

// TestExactSound compares the recordings of calls whose codecs lose nothing
// with what the phones played into them: every sample is the same.
func TestExactSound(t *testing.T) {
	for name, rate := range map[string]int{"codec-pcmu": 8000, "codec-pcma": 8000, "codec-l16": 16000} {
		t.Run(name, func(t *testing.T) {
			r, sides := soundOf(t, filepath.Join(corpus, name+".pcap"))
			if r.Rate != rate {
				t.Fatalf("rate %d", r.Rate)
			}
			for i, phone := range phones {
				said := waveSamples(t, filepath.Join(corpus, name+"."+phone+".wav"))
				heard := sides[i]
				start := offset(heard, said)
				if start < 0 || start > rate/10 {
					t.Fatalf("%s: what was said is not heard in the first tenth of a second", phone)
				}
				heard = heard[start:]
				n := min(len(heard), len(said))
				if at := difference(heard[:n], said[:n]); at < n || n < 5*rate/2 {
					t.Errorf("%s: sample %d of %d differs", phone, at, n)
				}
				t.Logf("%s: %d samples the same", phone, n)
			}
		})
	}
}

// offset is where the beginning of b, up to its first loud samples, is in a.
func offset(a, b []int16) int {
	loud := slices.IndexFunc(b, func(v int16) bool { return v > 1000 })
	if loud < 0 {
		return -1
	}
	for i := 0; i+loud+200 < len(a); i++ {
		if slices.Equal(a[i+loud:i+loud+200], b[loud:loud+200]) {
			return i
		}
	}
	return -1
}

// TestLossySound compares the recordings of other codecs with what the phone
// at the other end decoded by libraries of its own, libspandsp, libgsm and
// libopus, and with what was said.
func TestLossySound(t *testing.T) {
	tests := []struct {
		name         string
		exact        bool
		heard, spoke float64 // least correlations
	}{
		{"codec-g722", true, 1, 0.99},
		{"codec-gsm", true, 1, 0.9},
		{"codec-opus", false, 0.9999, 0.99},
	}
	for _, tt := range allowance.Some(tests, 3) {
		t.Run(tt.name, func(t *testing.T) {
			r, sides := soundOf(t, filepath.Join(corpus, tt.name+".pcap"))
			decoded := waveSamples(t, filepath.Join(corpus, tt.name+".heard.wav"))
			at, c := aligned(sides[0], decoded, r.Rate)
			t.Logf("alice, as bob's phone decoded her: correlation %.6f, %d samples off", c, at)
			if c < tt.heard-1e-9 {
				t.Errorf("correlation %.6f with what the other end decoded", c)
			}
			if tt.exact {
				same := 0
				for i := range decoded {
					if j := i + at; j >= 0 && j < len(sides[0]) && sides[0][j] == decoded[i] {
						same++
					}
				}
				t.Logf("%d of %d samples the same", same, len(decoded))
				if same < len(decoded)*99/100 {
					t.Errorf("%d of %d samples are the same", same, len(decoded))
				}
			}
			for i, phone := range phones {
				at, c := aligned(sides[i], waveSamples(t, filepath.Join(corpus, tt.name+"."+phone+".wav")), r.Rate)
				t.Logf("%s, as she or he spoke: correlation %.6f, %d samples off", phone, c, at)
				if c < tt.spoke {
					t.Errorf("%s: correlation %.6f with what was said", phone, c)
				}
			}
		})
	}
}

// aligned finds how many samples a is behind b, up to a tenth of a second
// either way, and how alike they are then.
func aligned(a, b []int16, rate int) (at int, best float64) {
	try := func(lag, step int) {
		x, y := a, b
		if lag > 0 {
			x = x[lag:]
		} else {
			y = y[-lag:]
		}
		var xy, xx, yy float64
		for i := 0; i < min(len(x), len(y)); i += step {
			p, q := float64(x[i]), float64(y[i])
			xy, xx, yy = xy+p*q, xx+p*p, yy+q*q
		}
		if c := xy / math.Sqrt(xx*yy); c > best {
			at, best = lag, c
		}
	}
	for lag := -rate / 10; lag <= rate/10; lag++ {
		try(lag, 7)
	}
	around := at
	best = 0
	for lag := around - 3; lag <= around+3; lag++ {
		try(lag, 1)
	}
	return at, best
}

// TestRawAMR gives what is stored of a call in AMR to sox, whose libopencore
// makes the samples of it that the phone at the other end made.
func TestRawAMR(t *testing.T) {
	if _, err := exec.LookPath("sox"); err != nil {
		t.Skip("sox is not installed")
	}
	c := recording.NewCollector(nil, 1<<24)
	run(t, pipeline.Config{Source: open(t, filepath.Join(corpus, "codec-amr.pcap")), Tracker: correlate.Config{Media: c.Media}})
	for _, raw := range c.Calls()[0].RawFiles() {
		if !raw.FromCaller {
			continue
		}
		name := filepath.Join(t.TempDir(), "a."+raw.Extension)
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = raw.Write(f); err != nil {
			t.Fatal(err)
		}
		if err = f.Close(); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command("sox", name, name+".wav").CombinedOutput(); err != nil {
			if bytes.Contains(text, []byte("no handler")) {
				t.Skipf("sox without AMR: %s", text)
			}
			t.Fatalf("%v: %s", err, text)
		}
		got, want := waveSamples(t, name+".wav"), waveSamples(t, filepath.Join(corpus, "codec-amr.heard.wav"))
		if at := difference(got, want); at < 23840 {
			t.Errorf("sample %d of %d differs", at, len(want))
		}
		return
	}
	t.Error("no file of the caller")
}
