package pipeline

import (
	"context"
	"testing"
	"time"

	"sipsniff/capture"
)

// Once there is something to look at, snapshots are as far apart as was asked
// for, and not closer than without being asked.
func TestEvery(t *testing.T) {
	for every, want := range map[time.Duration]time.Duration{0: publishInterval, time.Millisecond: publishInterval, time.Minute: time.Minute} {
		source, err := capture.Open([]string{"../../pcaps/demo.pcap"}, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := New(Config{Source: source, Live: true, Every: every})
		if got := p.wait(); got != firstPublish {
			t.Errorf("every %v: the first one comes after %v", every, got)
		}
		if err := p.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		p.publishTook.Store(0)
		if got := p.wait(); every == 0 && got != publishLatest {
			t.Errorf("every %v: the next one that nobody asks for comes after %v, want %v", every, got, publishLatest)
		}
		p.Want()
		if got := p.wait(); got != want {
			t.Errorf("every %v: the next one comes after %v, want %v", every, got, want)
		}
		_ = source.Close()
	}
}

// Streams that nothing explains are something to look at, too.
func TestEveryOfMediaAlone(t *testing.T) {
	source, err := capture.Open([]string{"../../pcaps/tls13.pcap"}, capture.Options{}) // without its keys
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	p := New(Config{Source: source, Live: true})
	if err := p.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if s := p.Snapshot(); len(s.Calls) != 0 || len(s.Streams) == 0 {
		t.Fatalf("%d calls, %d streams", len(s.Calls), len(s.Streams))
	}
	p.Want()
	p.publishTook.Store(int64(publishInterval / 2))
	if got, want := p.wait(), publishRest*publishInterval/2; got != want {
		t.Errorf("after a snapshot that took long the next one comes after %v, want %v", got, want)
	}
}
