package rtp

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	// ssrc; 5, 1, 20 and 2 of 256; 300 and 9000 ms; 140 and 60 ms; -18 and -60
	// dBm0, 55 dB, Gmin 16; R 88, none; MOS 4.2 and 4.1; standard concealment,
	// adaptive buffer of rate 4; 40, 80 and 200 ms.
	voip = "07 00 0008 55667788 05 01 14 02 012C 2328 008C 003C EE C4 37 10 58 7F 2A 29 F4 00 0028 0050 00C8 "
	// loss, duplicates, jitter and TTL of the numbers 100 to 199.
	summary = "06 E8 0009 55667788 0064 00C8 00000003 00000001 00000002 00000050 00000010 00000008 3A 40 3F 01 "
)

func TestReadExtended(t *testing.T) {
	voipValue := VoIP{SSRC: 0x55667788, LossRate: 5, DiscardRate: 1, BurstDensity: 20, GapDensity: 2, BurstDuration: 300, GapDuration: 9000,
		RoundTrip: 140, EndSystem: 60, Signal: -18, Noise: -60, ReturnLoss: 55, MinGap: 16, R: 88, ExternalR: Unavailable,
		MOSListening: 42, MOSConversation: 41, Config: 0xF4, BufferNominal: 40, BufferMax: 80, BufferMost: 200}
	summaryValue := Summary{SSRC: 0x55667788, Begin: 100, End: 200, HasLost: true, HasDuplicates: true, HasJitter: true, HasTTL: true,
		Lost: 3, Duplicates: 1, MinJitter: 2, MaxJitter: 80, MeanJitter: 16, JitterDeviation: 8, MinTTL: 58, MaxTTL: 64, MeanTTL: 63, TTLDeviation: 1}
	const (
		loss    = "01 00 0003 55667788 0064 00C8 BFFF 0000 "
		double  = "02 00 0003 55667788 0064 00C8 BFFF 0000 "
		times   = "03 00 0003 55667788 0064 0065 00010203 "
		clock   = "04 00 0002 E5A1B2C3 80000000 "
		delays  = "05 00 0006 55667788 B2C38000 00018000 99AABBCC 00000000 00000000 "
		strange = "2A 00 0001 DEADBEEF "
		short   = "07 00 0001 55667788 "
	)
	counts := func(kinds ...int) (n [KnownBlocks + 1]uint16) {
		for _, k := range kinds {
			n[k]++
		}
		return n
	}
	tests := []struct {
		name, b string
		cut     int
		want    *Extended
		err     error
	}{
		{"every block", "80 CF 002A 11223344 " + loss + double + times + clock + delays + summary + voip, 0,
			&Extended{Blocks: counts(1, 2, 3, 4, 5, 6, 7), Reference: 0xE5A1B2C380000000,
				Delays:    []ReferenceDelay{{0x55667788, 0xB2C38000, 98304}, {0x99AABBCC, 0, 0}},
				Summaries: []Summary{summaryValue}, VoIP: []VoIP{voipValue}}, nil},
		{"strange and short blocks are stepped over", "80 CF 000E 11223344 " + strange + short + voip, 0,
			&Extended{Blocks: counts(0, 7, 7), VoIP: []VoIP{voipValue}}, nil},
		{"a block that reaches too far", "80 CF 000D 11223344 " + voip + "07 00 0003 55667788 00000000", 0,
			&Extended{Blocks: counts(7), VoIP: []VoIP{voipValue}}, ErrTruncated},
		{"cut by the capture", "80 CF 0013 11223344 " + voip + "07 00 0008 5566", 30,
			&Extended{Blocks: counts(7), VoIP: []VoIP{voipValue}}, ErrTruncated},
		{"no block", "80 CF 0001 11223344", 0, &Extended{}, nil},
		{"no sender", "80 CF 0000", 0, nil, ErrTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := octets(t, tt.b)
			got, err := ParseControl(nil, b, len(b)+tt.cut)
			if len(got) != 1 || !errors.Is(err, tt.err) {
				t.Fatalf("%d packets, error %v, want %v", len(got), err, tt.err)
			}
			if d := cmp.Diff(tt.want, got[0].Extended); d != "" {
				t.Errorf("blocks (-want +got):\n%s", d)
			}
		})
	}
}

// Spec §5.12.
func TestNTP(t *testing.T) {
	const ntp = 0xE5A1B2C380000000
	if got := Middle(ntp); got != 0xB2C38000 {
		t.Errorf("middle %08X", got)
	}
	if got := UnixNanos(ntp); got != 1643590723_500000000 {
		t.Errorf("Unix time %d ns", got)
	}
}
