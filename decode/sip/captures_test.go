package sip

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// captured returns SIP messages out of the shared captures, as far as they
// are plain: little-endian pcap, Ethernet, IPv4 without options, UDP. It
// returns nil where the captures are not at hand.
func captured(t testing.TB, limit int) []string {
	t.Helper()
	files, err := filepath.Glob("../../../shared/pcaps/files/*.pcap")
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, datagrams(b)...)
		if len(messages) >= limit {
			return messages[:limit]
		}
	}
	return messages
}

// datagrams returns the payloads of a pcap file that look like SIP.
func datagrams(b []byte) (found []string) {
	if len(b) < 24 || binary.LittleEndian.Uint32(b) != 0xa1b2c3d4 || binary.LittleEndian.Uint32(b[20:]) != 1 {
		return nil
	}
	for b = b[24:]; len(b) >= 16; {
		n := int(binary.LittleEndian.Uint32(b[8:]))
		if n > len(b)-16 {
			break
		}
		frame := b[16 : 16+n]
		b = b[16+n:]
		if len(frame) > 42 && string(frame[12:15]) == "\x08\x00\x45" && frame[23] == 17 {
			payload := string(frame[42:])
			if line, _, ok := strings.Cut(payload, "\n"); ok && strings.Contains(line, "SIP/2.0") {
				found = append(found, payload)
			}
		}
	}
	return found
}

// TestCaptures reads real messages: each must keep the invariants.
func TestCaptures(t *testing.T) {
	messages := captured(t, 50000)
	if messages == nil {
		t.Skip("no captures in ../shared/pcaps")
	}
	var m Message
	for _, raw := range messages {
		checkMessage(t, &m, raw)
	}
}
