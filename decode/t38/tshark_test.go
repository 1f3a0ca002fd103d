package t38

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/internal/wire"
)

// A perWriter writes what T.38 needs of aligned PER.
type perWriter struct {
	b    []byte
	free int // bits of the last octet
}

func (w *perWriter) bits(n int, v uint) {
	for i := n - 1; i >= 0; i-- {
		if w.free == 0 {
			w.b, w.free = append(w.b, 0), 8
		}
		w.free--
		w.b[len(w.b)-1] |= byte(v >> i & 1 << w.free)
	}
}

func (w *perWriter) octets(b ...byte) { w.free, w.b = 0, append(w.b, b...) }

// enumerated writes a value of an extensible enumeration with so many root
// values in so many bits.
func (w *perWriter) enumerated(bits int, root, v uint) {
	if v < root {
		w.bits(1, 0)
		w.bits(bits, v)
		return
	}
	w.bits(2, 0b10)
	w.bits(6, v-root)
}

func indicator(v uint) []byte {
	var w perWriter
	w.bits(2, 0b00)
	w.enumerated(4, 16, v)
	return w.b
}

// data is T.30 data with fields of some types. Those that are data have octets;
// tshark ends where others do.
func data(version int, modem uint, types ...uint) []byte {
	var w perWriter
	w.bits(2, 0b11)
	w.enumerated(4, 9, modem)
	w.octets(byte(len(types)))
	for _, v := range types {
		has := FieldType(v) == HDLCData || FieldType(v) == T4NonECM
		w.bits(1, map[bool]uint{true: 1}[has])
		if version == 0 {
			w.bits(3, v)
		} else {
			w.enumerated(3, 8, v)
		}
		if has {
			w.octets(0, 1, byte(modem), byte(v))
		}
	}
	return w.b
}

// packets are UDPTL packets of every indicator, modem and type of field.
func packets(version int) (list [][]byte) {
	add := func(ifp []byte) {
		n := len(list)
		b := append([]byte{byte(n >> 8), byte(n), byte(len(ifp))}, ifp...)
		list = append(list, append(b, 0, 1, 1, 2))
	}
	for v := range uint(23) {
		add(indicator(v))
	}
	for modem := range uint(15) {
		for _, types := range [][]uint{{0}, {6}, {6, 7}, {1}, {0, 2}, {0, 2, 1}, {0, 4}, {0, 3}, {0, 5}} {
			add(data(version, modem, types...))
		}
	}
	return list
}

// TestAgainstTshark reads packets of every kind and compares what they say
// with what tshark reads.
func TestAgainstTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	for version, old := range []string{"TRUE", "FALSE"} {
		list := packets(version)
		name := filepath.Join(t.TempDir(), "fax.pcap")
		if err := os.WriteFile(name, capture(list), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("tshark", "-r", name, "-d", "udp.port==4000,t38", "-o", "t38.use_pre_corrigendum_asn1_specification:"+old, "-o", "t38.reassembly:FALSE",
			"-T", "fields", "-e", "t38.seq_number", "-e", "t38.t30_indicator", "-e", "t38.t30_data", "-e", "t38.field_type", "-e", "t38.field_data").Output() // of two octets it makes no frame of T.30, so malformed says nothing
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
		if len(lines) != len(list) {
			t.Fatalf("version %d: %d lines, want %d", version, len(lines), len(list))
		}
		for i, line := range lines {
			if own := told(list[i], version); own != line {
				t.Errorf("version %d, packet %d % x:\nours   %q\ntshark %q", version, i, list[i], own, line)
			}
		}
	}
}

// told is what a packet says as tshark prints it; the indicator of the
// redundant packet is CNG.
func told(b []byte, version int) string {
	var d Datagram
	var p, older Packet
	if !d.Parse(b, len(b)) || len(d.Redundancy) != 1 || !p.Parse(d.Primary, version) || !older.Parse(d.Redundancy[0], version) {
		return "cannot be read"
	}
	var indicators, modem, types, octets []string
	for _, x := range []*Packet{&p, &older} {
		if !x.Data {
			indicators = append(indicators, fmt.Sprint(uint8(x.Indicator)))
			continue
		}
		modem = append(modem, fmt.Sprint(uint8(x.Modem)))
		for _, f := range x.Fields {
			types = append(types, fmt.Sprint(uint8(f.Type)))
			if len(f.Data) > 0 {
				octets = append(octets, fmt.Sprintf("%x", f.Data))
			}
		}
	}
	return fmt.Sprintf("%d\t%s\t%s\t%s\t%s", d.SequenceNumber, strings.Join(indicators, ","), strings.Join(modem, ","), strings.Join(types, ","), strings.Join(octets, ","))
}

// capture is a pcap file of UDP packets at port 4000.
func capture(list [][]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0xA1B2C3D4)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0)
	for i, payload := range list {
		ip := wire.IP{Src: netip.MustParseAddr("192.0.2.1"), Dst: netip.MustParseAddr("192.0.2.2"), Protocol: 17}.Packet(wire.UDP(4000, 4000, payload))
		for _, v := range []uint32{uint32(i), 0, uint32(len(ip)), uint32(len(ip))} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		b = append(b, ip...)
	}
	return b
}
