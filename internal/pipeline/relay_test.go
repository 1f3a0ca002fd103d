package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/internal/allowance"
	"sipsniff/internal/pipeline"
)

// A still source cannot lend its frames, so the tracker is told at once.
type still struct{ capture.SecretSource }

// A cramped source puts its frames into small buffers, and spoils those that it
// was told nobody reads any more.
type cramped struct {
	capture.SecretSource
	fresh func(done []byte) []byte
	whole []byte // as fresh returned it
	room  []byte // what is left of that
	turns int
}

const crampedSize = 700 // octets

func (c *cramped) Lend(fresh func(done []byte) []byte) bool {
	c.fresh = fresh
	return true
}

func (c *cramped) Next(f *capture.Frame) error {
	if err := c.SecretSource.Next(f); err != nil {
		return err
	}
	n := len(f.Data)
	if n > len(c.room) {
		c.whole = c.fresh(c.whole)
		for i := range c.whole {
			c.whole[i] = 0xaa
		}
		c.room = c.whole[:min(crampedSize, len(c.whole))]
		c.turns++
	}
	if n > len(c.room) {
		c.room = make([]byte, n)
	}
	copy(c.room, f.Data)
	f.Data, c.room = c.room[:n:n], c.room[n:]
	return nil
}

// TestRelay: the answer is the same with and without a goroutine of the
// tracker's own, and however often the buffers change.
func TestRelay(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("there is one core, so there is no such goroutine")
	}
	names := captures(t)
	shared, err := filepath.Glob("../../../shared/pcaps/files/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(shared) == 0 {
		t.Log("the shared captures are not here")
	}
	if allowance.RaceDetector { // which makes it twenty times slower; without it all are read
		for i := range shared {
			shared[i/raceShare] = shared[i]
		}
		shared = shared[:len(shared)/raceShare]
	}
	turns := 0
	for _, name := range append(names, shared...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := capture.Open([]string{name}, capture.Options{})
			if err != nil {
				t.Skip(err) // those that are no captures
			}
			want := answer(t, name, &still{src.(capture.SecretSource)})
			if got := answer(t, name, open(t, name)); !bytes.Equal(got, want) {
				t.Errorf("relayed: %s", firstDifference(want, got))
			}
			small := &cramped{SecretSource: open(t, name).(capture.SecretSource)}
			if got := answer(t, name, small); !bytes.Equal(got, want) {
				t.Errorf("in small buffers: %s", firstDifference(want, got))
			}
			turns += small.turns
		})
	}
	if turns < 1000 {
		t.Errorf("the buffer changed %d times", turns)
	}
}

// raceShare is one of how many shared captures the race detector sees.
const raceShare = 6

// answer is the whole report, of a capture that may end in damage.
func answer(t *testing.T, name string, src capture.Source) []byte {
	t.Helper()
	defer src.Close()
	c := pipeline.Config{Source: src}
	c.Decoder.Secrets = keysOf(t, name)
	p := pipeline.New(c)
	err := p.Run(context.Background())
	r := resultOf(p)
	r.Status.Err = nil
	octets := jsonOf(t, r)
	if err != nil {
		octets = append(octets, err.Error()...)
	}
	return octets
}

// TestRelayLargeBlocks: blocks that are longer than a buffer of the relay cost
// it none of them, or the reading would wait for one forever.
func TestRelayLargeBlocks(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.pcapng")
	w, err := capture.Create(name, capture.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const blocks = 30
	large := capture.Secret{Type: capture.SecretTLSKeyLog, Data: bytes.Repeat([]byte("# a line of a key log\n"), 15_000)}
	for i := range blocks {
		f := capture.Frame{Number: i + 1, Nanos: int64(i) * 1e9, Data: make([]byte, 60), Length: 60, LinkType: 1}
		if err := errors.Join(w.WriteSecret(large), w.Write(&f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	src := open(t, name)
	defer src.Close()
	p := pipeline.New(pipeline.Config{Source: src})
	done := make(chan error, 1)
	go func() { done <- p.Run(context.Background()) }()
	select {
	case err := <-done:
		if n := p.Status().Frames; err != nil || n != blocks {
			t.Errorf("%d frames, %v", n, err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits forever")
	}
}

// TestRelayPanics: what goes wrong in the goroutine of the tracker comes out
// where somebody may be prepared for it.
func TestRelayPanics(t *testing.T) {
	c := pipeline.Config{Source: open(t, filepath.Join(corpus, "demo.pcap"))}
	c.Tracker.Media = func(*correlate.MediaPacket) { panic("a listener is broken") }
	defer func() {
		if p := recover(); p != "a listener is broken" {
			t.Errorf("%v", p)
		}
	}()
	t.Errorf("it ended with %v", pipeline.New(c).Run(context.Background()))
}
