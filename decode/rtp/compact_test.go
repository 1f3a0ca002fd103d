package rtp

import (
	"testing"

	"pgregory.net/rapid"
)

// What a Compact reads is what Parse reads, whatever the octets are.
func TestCompactRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "octets")
		if len(b) > 1 && rapid.IntRange(0, 3).Draw(t, "likely") > 0 {
			b[0] = rapid.SampledFrom([]byte{0x80, 0x80, 0x80, 0x90, 0xA0, 0x81, 0x00, 0xC0}).Draw(t, "first")
			b[1] = rapid.SampledFrom([]byte{0, 0x80, 8, 101, 191, 192, 200, 223, 224, 255}).Draw(t, "second")
		}
		length := rapid.SampledFrom([]int{0, len(b), len(b) + 160, 65535, 65536, 65600}).Draw(t, "length")
		var room, want, got Header
		var c Compact
		ok := Classify(b) == RTP && Parse(b, length, &want) == nil && new(Compact).Pack(&want)
		if c.Read(b, length, &room) != ok {
			t.Fatalf("read: %v", !ok)
		}
		if !ok {
			return
		}
		c.Unpack(&got)
		got.fixed = want.fixed
		if got != want {
			t.Errorf("%+v, Parse says %+v", got, want)
		}
	})
}
