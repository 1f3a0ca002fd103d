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
