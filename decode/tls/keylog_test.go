package tls

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const (
	randomHex = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"
	short     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	long      = short + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

func TestKeyLog(t *testing.T) {
	log := strings.Join([]string{
		"# a comment", "",
		"CLIENT_RANDOM " + randomHex + " " + long + "\r",
		"CLIENT_TRAFFIC_SECRET_0 " + strings.ToLower(randomHex) + " " + strings.ToUpper(short),
		"  SERVER_TRAFFIC_SECRET_0\t" + randomHex + "  " + long + " ",
		"EXPORTER_SECRET " + randomHex + " " + short,
		"ECH_CONFIG " + randomHex + " fe0d",
		"SOMETHING_NEW_7 00 11",
		"RSA 0001020304050607 " + long,
		"CLIENT_RANDOM " + randomHex + " " + short,         // a master secret has 48 octets
		"CLIENT_RANDOM " + randomHex[2:] + " " + long,      // the random is too short
		"CLIENT_RANDOM " + randomHex + " " + long[:95],     // half an octet
		"CLIENT_RANDOM " + randomHex + " x" + long[1:],     // no digit
		"CLIENT_RANDOM " + randomHex,                       // nothing
		"client_random " + randomHex + " " + long,          // no label
		"\xff\xfe\x00 \x80\x80 \x00",                       // garbage
		strings.Repeat("CLIENT_RANDOM ", 5000),             // endless
		"CLIENT_RANDOM " + randomHex + " " + long + " and", // more than there should be
		"CLIENT_HANDSHAKE_TRAFFIC_SECRET " + randomHex + " " + short,
	}, "\n")
	for _, size := range []int{1, 7, len(log)} {
		s := NewSecrets()
		k := NewKeyLog(s)
		for b := []byte(log); len(b) > 0; b = b[min(size, len(b)):] {
			if n, err := k.Write(b[:min(size, len(b))]); err != nil || n != min(size, len(b)) {
				t.Fatal(n, err)
			}
		}
		k.Flush()
		k.Close()
		if k.Lines != 17 || k.Secrets != 5 || k.Ignored != 3 || k.Bad != 9 {
			t.Errorf("in pieces of %d: %d lines, %d secrets, %d ignored, %d bad", size, k.Lines, k.Secrets, k.Ignored, k.Bad)
		}
		r := Random(unhex(t, randomHex))
		for l, want := range map[label]string{
			masterSecret: long, clientTraffic: short, serverTraffic: long, clientHandshake: short, serverHandshake: "", clientEarly: "",
		} {
			same(t, labelNames[l], s.lookup(r, l), want)
		}
		same(t, "premaster", s.premaster.get([8]byte(count(0, 8))), long)
		if s.Len() != 1 || !bytes.Equal(s.Master(r), unhex(t, long)) {
			t.Errorf("%d connections", s.Len())
		}
	}
}

// What is new is told, once, in the form of a line.
func TestKeyLogAdded(t *testing.T) {
	s := NewSecrets()
	var added []string
	s.Added = func(line []byte) { added = append(added, string(line)) }
	k := NewKeyLog(s)
	first, second := "CLIENT_RANDOM "+randomHex+" "+long, "RSA 0001020304050607 "+long
	for _, line := range []string{first, "  CLIENT_RANDOM\t" + randomHex + "  " + long + "\r", "rubbish", second, second, "ECH_CONFIG " + randomHex + " fe0d"} {
		if _, err := k.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(added, []string{first, second}) {
		t.Errorf("%q", added)
	}
}

// A line that is still being written is used and becomes whole later.
func TestKeyLogHalfLine(t *testing.T) {
	s := NewSecrets()
	k := NewKeyLog(s)
	line := []byte("CLIENT_TRAFFIC_SECRET_0 " + randomHex + " " + long)
	if _, err := k.Write(line[:len(line)-32]); err != nil { // as long as one of SHA-256
		t.Fatal(err)
	}
	k.Flush()
	r := Random(unhex(t, randomHex))
	same(t, "secret so far", s.lookup(r, clientTraffic), short)
	before := s.Generation()
	if _, err := k.Write(append(line[len(line)-32:], '\n')); err != nil {
		t.Fatal(err)
	}
	same(t, "secret", s.lookup(r, clientTraffic), long)
	if s.Generation() == before || k.Lines != 1 || k.Bad != 0 {
		t.Errorf("generation %d, %d lines, %d bad", s.Generation(), k.Lines, k.Bad)
	}
}

// A log that never ends stays within the bounds, and the newest secrets stay.
func TestSecretsBounded(t *testing.T) {
	s := NewSecrets()
	s.limit = 20_000
	k := NewKeyLog(s)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 100_000
	for i := range n {
		fmt.Fprintf(k, "CLIENT_RANDOM %064x %s\nSERVER_TRAFFIC_SECRET_0 %064x %s\n", i, long, i, short)
		fmt.Fprintf(k, "RSA %016x %s\n", i, long)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	last, gone := Random(unhex(t, fmt.Sprintf("%064x", n-1))), Random(unhex(t, fmt.Sprintf("%064x", n-20_001)))
	if s.Len() != 20_000 || s.Evicted() != n-20_000 || s.Master(last) == nil || s.Master(gone) != nil || len(s.premaster.m) != maxPremaster {
		t.Errorf("%d connections, %d evicted, %d premaster secrets", s.Len(), s.Evicted(), len(s.premaster.m))
	}
	t.Logf("%d connections: %d KiB counted, %d KiB of memory", s.Len(), s.octets>>10, (after.HeapAlloc-before.HeapAlloc)>>10)
	s.octetLimit = s.octets / 2
	s.add(last, clientEarly, unhex(t, short))
	if s.octets > s.octetLimit || s.Master(last) == nil {
		t.Errorf("%d octets of %d", s.octets, s.octetLimit)
	}
	runtime.KeepAlive(s)
}

func FuzzKeyLog(f *testing.F) {
	f.Add([]byte("CLIENT_RANDOM "+randomHex+" "+long+"\r\n"), uint8(3))
	f.Add([]byte("RSA 0001020304050607 "+long+"\n#\n\n\x00"), uint8(1))
	f.Add([]byte("CLIENT_TRAFFIC_SECRET_0 "+randomHex+" "+short), uint8(200))
	f.Fuzz(func(t *testing.T, b []byte, size uint8) {
		whole, parts := NewKeyLog(NewSecrets()), NewKeyLog(NewSecrets())
		whole.Write(b)
		for rest := b; len(rest) > 0; {
			n := min(int(size)+1, len(rest))
			parts.Write(rest[:n])
			parts.Flush()
			rest = rest[n:]
		}
		whole.Close()
		parts.Close()
		if whole.Lines != parts.Lines || whole.Secrets != parts.Secrets || whole.Bad != parts.Bad || whole.Lines != whole.Secrets+whole.Bad+whole.Ignored {
			t.Fatalf("%d %d %d whole, %d %d %d in parts", whole.Lines, whole.Secrets, whole.Bad, parts.Lines, parts.Secrets, parts.Bad)
		}
	})
}
