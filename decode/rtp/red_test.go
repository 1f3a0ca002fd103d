package rtp

import (
	"bytes"
	"testing"
)

// The packet of RFC 2198 §6: a primary DVI of payload type 5 and one redundant
// LPC of type 7, here with three octets of it at an offset of 160.
func TestParseRED(t *testing.T) {
	payload := []byte{0x87, 0x02, 0x80, 0x03, 0x05, 1, 2, 3, 4, 5, 6, 7} // 1 0000111 | 00000010100000 | 0000000011
	blocks, ok := ParseRED(nil, payload, len(payload))
	if !ok || len(blocks) != 2 || blocks[0].PayloadType != 7 || blocks[0].Offset != 160 || !bytes.Equal(blocks[0].Data, []byte{1, 2, 3}) || blocks[0].Primary ||
		blocks[1].PayloadType != 5 || !bytes.Equal(blocks[1].Data, []byte{4, 5, 6, 7}) || !blocks[1].Primary {
		t.Errorf("%+v %v", blocks, ok)
	}
	if cut, ok := ParseRED(nil, payload[:7], len(payload)); !ok || len(cut[0].Data) != 2 || len(cut[1].Data) != 0 {
		t.Errorf("cut by the capture: %+v %v", cut, ok)
	}
	if one, ok := ParseRED(nil, []byte{0x60, 9}, 2); !ok || len(one) != 1 || one[0].PayloadType != 0x60 || len(one[0].Data) != 1 {
		t.Errorf("no redundancy: %+v %v", one, ok)
	}
	for _, bad := range [][]byte{nil, {0x87}, {0x87, 2, 0x80, 3}, {0x87, 2, 0x80, 3, 5, 1}, bytes.Repeat([]byte{0x80, 0, 0, 0}, 40)} {
		if got, ok := ParseRED(nil, bad, len(bad)); ok || len(got) != 0 {
			t.Errorf("% x: %+v", bad, got)
		}
	}
}

func FuzzParseRED(f *testing.F) {
	f.Add([]byte{0x87, 0x02, 0x80, 0x03, 0x05, 1, 2, 3, 4, 5, 6, 7}, uint16(0))
	f.Fuzz(func(t *testing.T, b []byte, more uint16) {
		blocks, ok := ParseRED(nil, b, len(b)+int(more))
		if ok != (len(blocks) > 0) || ok && !blocks[len(blocks)-1].Primary {
			t.Fatalf("%+v %v", blocks, ok)
		}
		total := 0
		for _, block := range blocks {
			total += len(block.Data)
		}
		if total > len(b) {
			t.Fatalf("%d octets of blocks in %d", total, len(b))
		}
	})
}
