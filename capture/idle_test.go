package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// A quiet stream gives ErrIdle, at every place in a record, and then goes on
// as if nothing had been.
func TestIdleStream(t *testing.T) {
	packets := samplePackets()[:8]
	for name, content := range map[string][]byte{
		"pcap": asPcap(little, magicMicros, packets), "pcapng": asPcapng(big, 9, packets),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, w := io.Pipe()
				go func() {
					w.Write(content[:100])
					for rest := content[100:]; len(rest) > 0; {
						n := min(len(rest), 701)
						time.Sleep(150 * time.Millisecond) // of the bubble's clock
						w.Write(rest[:n])
						rest = rest[n:]
					}
					w.Close()
				}()
				s, err := Open([]string{"-"}, Options{Stdin: r, Idle: true})
				if err != nil {
					t.Fatal(err)
				}
				frames, idle := drainIdle(t, s)
				checkPackets(t, frames, packets)
				if want := (len(content) - 100) / 701; idle < want {
					t.Errorf("idle %d times, want at least %d", idle, want)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What the filter stops does not tell the time either.
func TestIdleBehindTheFilter(t *testing.T) {
	packets := samplePackets()[:2]
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		defer func() { _ = w.Close() }()
		go func() { _, _ = w.Write(asPcap(little, magicMicros, packets)) }()
		n := 0
		s, err := Open([]string{"-"}, Options{Stdin: r, Idle: true, Filter: func(*Frame) bool { n++; return n == 1 }})
		if err != nil {
			t.Fatal(err)
		}
		var f Frame
		if err := s.Next(&f); err != nil {
			t.Fatal(err)
		}
		nanos := f.Nanos
		if err := s.Next(&f); !errors.Is(err, ErrIdle) || n != 2 || f.Nanos != nanos {
			t.Errorf("%v after %d frames, the time went on by %d ns", err, n, f.Nanos-nanos)
		}
		_ = w.Close()
		if err := s.Next(&f); err != io.EOF {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func drainIdle(t *testing.T, s Source) (frames []copied, idle int) {
	t.Helper()
	for {
		start := time.Now()
		more, err := drain(t, s)
		frames = append(frames, more...)
		if err == nil {
			return frames, idle
		}
		if !errors.Is(err, ErrIdle) {
			t.Fatal(err)
		}
		if time.Since(start) > 150*time.Millisecond+idleAfter {
			t.Errorf("idle only after %v", time.Since(start))
		}
		idle++
	}
}

// A packed stream, and one among other files, gives ErrIdle as well, before its
// first packet and between two, with the time of the frame handed out last.
func TestIdlePackedAndMerged(t *testing.T) {
	packets := samplePackets()[:8]
	plain := asPcap(little, magicMicros, packets)
	empty := writeFile(t, "none", pcapHeader(little, magicMicros, 0, 1))
	for name, c := range map[string]struct {
		halves [2][]byte
		names  []string
	}{
		"gzip":          {packedHalves(t, plain, asGzip), []string{"-"}},
		"zstd":          {packedHalves(t, plain, asZstd), []string{"-"}},
		"lz4":           {packedHalves(t, plain, asLZ4), []string{"-"}},
		"merged":        {[2][]byte{plain[:60], plain[60:]}, []string{"-", empty}},
		"merged second": {[2][]byte{plain[:60], plain[60:]}, []string{empty, "-"}},
		"merged gzip":   {packedHalves(t, plain, asGzip), []string{empty, "-"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			go func() {
				w.Write(c.halves[0])
				time.Sleep(time.Second)
				w.Write(c.halves[1])
				time.Sleep(time.Second)
				w.Close()
			}()
			s, err := Open(c.names, Options{Stdin: r, Idle: true})
			if err != nil {
				t.Fatal(err)
			}
			frames, idle := drainIdle(t, s)
			checkPackets(t, frames, packets)
			if idle < 10 {
				t.Errorf("%s: idle %d times in two seconds", name, idle)
			}
			last := int64(0)
			for _, i := range s.Info() {
				last += i.Position
			}
			if sent := int64(len(c.halves[0]) + len(c.halves[1])); last < sent {
				t.Errorf("%s: %d octets read of %d", name, last, sent)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			w.Close()
		})
	}
}

// packedHalves packs the file header and the packets apart, as a packer that
// is told to flush does.
func packedHalves(t testing.TB, plain []byte, pack func(testing.TB, []byte) []byte) [2][]byte {
	return [2][]byte{pack(t, plain[:60]), pack(t, plain[60:])}
}

// A source is closed while its decompressor waits for more.
func TestCloseQuietPacked(t *testing.T) {
	plain := asPcap(little, magicMicros, samplePackets()[:2])
	for name, packed := range map[string][]byte{"gzip": asGzip(t, plain), "zstd": asZstd(t, plain)} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			go w.Write(packed)
			s, err := Open([]string{"-"}, Options{Stdin: r, Idle: true})
			if err != nil {
				t.Fatal(err)
			}
			frames, err := drain(t, s)
			if len(frames) != 2 || !errors.Is(err, ErrIdle) {
				t.Errorf("%s: %d frames, %v", name, len(frames), err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			w.Close()
		})
	}
}

func TestIdleStreamErrors(t *testing.T) {
	disk := errors.New("input/output error")
	plain := asPcap(little, magicMicros, samplePackets()[:2])
	s, err := Open([]string{"-"}, Options{Stdin: io.MultiReader(bytes.NewReader(plain), failing{disk}), Idle: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if frames, err := drain(t, s); len(frames) != 2 || !errors.Is(err, disk) {
		t.Errorf("%d frames, %v", len(frames), err)
	}
	if _, err := Open([]string{"-"}, Options{Stdin: bytes.NewReader(nil), Idle: true}); !errors.Is(err, ErrNotCapture) {
		t.Errorf("an empty stream: %v", err)
	}
}

// A drip brings one octet every so often, from when it was made.
type drip struct {
	begun time.Time
	every time.Duration
	taken int
	most  int // octets after which it ends
	reads int
	late  time.Duration // the longest that an octet waited
}

func (d *drip) Read(p []byte) (int, error) {
	d.reads++
	if d.taken == d.most {
		return 0, io.EOF
	}
	due := d.begun.Add(time.Duration(d.taken+1) * d.every)
	if wait := time.Until(due); wait > 0 {
		time.Sleep(wait) // of the bubble's clock
	}
	d.late = max(d.late, time.Since(due))
	there := d.most
	if d.every > 0 {
		there = min(int(time.Since(d.begun)/d.every), d.most)
	}
	n := min(there-d.taken, len(p))
	d.taken += n
	return n, nil
}

// A stream that trickles is read in sips, one that flows as it comes.
func TestTrickleIsReadInSips(t *testing.T) {
	for name, c := range map[string]struct {
		every        time.Duration
		octets       int
		reads, least int // at most and at least so many
		late         time.Duration
	}{
		// 1 s octet by octet, then 9 s with a read each 90 ms at most.
		"200 a second":      {5 * time.Millisecond, 2000, 200 + 100 + 2, 200 + 90, 90 * time.Millisecond},
		"5 a second":        {200 * time.Millisecond, 50, 51, 51, 0},
		"a million at once": {0, 1_000_000, 1_000_000/4096 + 2, 1_000_000 / 4096, 0},
		// 90 ms bring 18,000 octets: after that it is not waited again for a second.
		"200,000 a second": {5 * time.Microsecond, 300_000, 1 << 30, 250_000, 90 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &drip{begun: time.Now(), every: c.every, most: c.octets}
				size := 4096
				if c.every == 5*time.Microsecond {
					size = 1 << 16
				}
				i := newIdleReader(newSipper(d), size, nil)
				i.enabled = true
				got, buf := 0, make([]byte, size)
				for {
					n, err := i.Read(buf)
					got += n
					if err == io.EOF {
						break
					} else if err != nil && !errors.Is(err, ErrIdle) {
						t.Fatal(err)
					}
				}
				if err := i.close(); err != nil {
					t.Error(err)
				}
				if got != c.octets || d.reads > c.reads || d.reads < c.least || d.late > c.late {
					t.Errorf("%d octets in %d reads, %v late; want %d in %d to %d, %v late at most", got, d.reads, d.late, c.octets, c.least, c.reads, c.late)
				}
				if last := c.every * time.Duration(c.octets); time.Since(d.begun) > last+2*sip {
					t.Errorf("the end came after %v, want %v", time.Since(d.begun), last)
				}
			})
		})
	}
}
