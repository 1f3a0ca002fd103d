package rtp

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// addCaptured adds datagrams of one kind out of the captures beside the
// repository, when they are there. Plain UDP over IPv4 over Ethernet in
// little-endian pcap files is enough for seeds.
func addCaptured(f *testing.F, kind Kind, add func(payload []byte, wireLength int)) {
	const most, mostOfOne = 200, 4
	files, _ := filepath.Glob("../../../shared/pcaps/files/*.pcap")
	n := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil || len(data) < 24 || binary.LittleEndian.Uint32(data) != 0xA1B2C3D4 || data[20] != 1 {
			continue
		}
		found := 0
		for data = data[24:]; len(data) >= 16 && found < mostOfOne && n < most; {
			size := int(binary.LittleEndian.Uint32(data[8:]))
			if size > len(data)-16 {
				break
			}
			frame := data[16 : 16+size]
			data = data[16+size:]
			const head = 14 + 20 + 8
			if len(frame) <= head || frame[12] != 8 || frame[13] != 0 || frame[14] != 0x45 || frame[23] != 17 || Classify(frame[head:]) != kind {
				continue
			}
			add(frame[head:], int(binary.BigEndian.Uint16(frame[38:]))-8)
			found++
			n++
		}
	}
	f.Logf("%d datagrams of real captures added", n)
}
