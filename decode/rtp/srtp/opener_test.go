package srtp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/pion/srtp/v3"
)

// A sender protects packets with pion.
type sender struct {
	t        testing.TB
	context  *srtp.Context
	ssrc     uint32
	sequence uint16
	made     int
}

func newSender(t testing.TB, k Key, options ...srtp.ContextOption) *sender {
	t.Helper()
	if len(k.MKI) > 0 {
		options = append(options, srtp.MasterKeyIndicator(k.MKI))
	}
	c, err := srtp.CreateContext(k.Key, k.Salt, k.Suite.properties().profile, options...)
	if err != nil {
		t.Fatal(err)
	}
	return &sender{t: t, context: c, ssrc: 0xCAFEBABE, sequence: 1000}
}

// next makes the next packet and what it protects.
func (s *sender) next() (sealed, plain []byte) {
	s.t.Helper()
	plain = make([]byte, 12, 172)
	plain[0] = 0x80
	binary.BigEndian.PutUint16(plain[2:], s.sequence)
	binary.BigEndian.PutUint32(plain[4:], uint32(s.made)*160)
	binary.BigEndian.PutUint32(plain[8:], s.ssrc)
	plain = append(plain, counting(s.made, 160)...)
	sealed, err := s.context.EncryptRTP(nil, plain, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.sequence++
	s.made++
	return sealed, plain
}

func keyOf(s Suite, seed int) Key {
	return Key{Suite: s, Origin: SDES, MasterKey: MasterKey{Key: counting(seed, s.KeyLength()), Salt: counting(seed+100, s.SaltLength())}}
}

func context(t testing.TB, k Key) *Context {
	t.Helper()
	c, err := NewContext(k)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open gives the packet to the opener as a receiver would.
func open(o *Opener, sealed []byte) []byte {
	return o.Open(make([]byte, 0, len(sealed)), sealed, o.Follow(binary.BigEndian.Uint16(sealed[2:])))
}

var allSuites = []Suite{AES128CM80, AES128CM32, AES256CM80, AES256CM32, AES128GCM, AES256GCM, Null80, Null32}

func TestOpenerSuites(t *testing.T) {
	for _, suite := range allSuites {
		for _, mki := range [][]byte{nil, {7}, {0, 0, 0, 1}} {
			for _, told := range []bool{true, false} { // whether SDP tells of the MKI
				t.Run(fmt.Sprintf("%v/%d/%v", suite, len(mki), told), func(t *testing.T) {
					k := keyOf(suite, 1)
					k.MKI = mki
					s := newSender(t, k)
					if !told {
						k.MKI = nil
					}
					var o Opener
					o.SetKeys([]*Context{context(t, k)})
					for n := range 50 {
						sealed, plain := s.next()
						before := bytes.Clone(sealed)
						for range 2 { // a repeated packet opens as well
							if got := open(&o, sealed); !bytes.Equal(got, plain) {
								t.Fatalf("packet %d: got %x, want %x", n, got, plain)
							}
						}
						if !bytes.Equal(sealed, before) {
							t.Fatal("the packet was changed")
						}
					}
					if o.Opened != 100 || o.Failed != 0 || o.Found() == nil {
						t.Errorf("opened %d, failed %d", o.Opened, o.Failed)
					}
				})
			}
		}
	}
}

func TestOpenerOtherTag(t *testing.T) {
	for suite, twin := range map[Suite]Suite{AES128CM80: AES128CM32, AES256CM32: AES256CM80} {
		s := newSender(t, keyOf(twin, 1))
		var o Opener
		o.SetKeys([]*Context{context(t, keyOf(suite, 1))})
		for range 20 {
			if sealed, plain := s.next(); !bytes.Equal(open(&o, sealed), plain) {
				t.Fatalf("%v does not open what %v made", suite, twin)
			}
		}
	}
}

func TestOpenerParameters(t *testing.T) {
	k := keyOf(AES128CM80, 1)
	k.Unencrypted = true
	s := newSender(t, k, srtp.SRTPNoEncryption())
	var o Opener
	o.SetKeys([]*Context{context(t, k)})
	if sealed, plain := s.next(); !bytes.Equal(open(&o, sealed), plain) {
		t.Error("UNENCRYPTED_SRTP does not open")
	}
	k.Unencrypted, k.Unauthenticated = false, true
	s = newSender(t, k, srtp.SRTPAuthenticationTagLength(0))
	o = Opener{}
	o.SetKeys([]*Context{context(t, k)})
	if sealed, plain := s.next(); !bytes.Equal(open(&o, sealed), plain) {
		t.Error("UNAUTHENTICATED_SRTP does not open")
	}
}

// TestOpenerWrap has the sequence numbers begin anew three times, with packets that
// were lost and packets that came late at that place.
func TestOpenerWrap(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	s.sequence = 65000
	var o Opener
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
	var late, latePlain []byte
	for n := range 2*65536 + 1000 {
		sealed, plain := s.next()
		switch n % 65536 {
		case 535: // sequence number 65535 comes three packets late
			late, latePlain = sealed, plain
			continue
		case 536: // 0 is lost
			continue
		case 539:
			if got := open(&o, late); !bytes.Equal(got, latePlain) {
				t.Fatalf("packet %d came late: got %x", n, got)
			}
		}
		if got := open(&o, sealed); !bytes.Equal(got, plain) {
			t.Fatalf("packet %d: got %x", n, got)
		}
	}
	if roc, ok := o.Counter(); roc != 3 || !ok || o.Failed != 0 {
		t.Errorf("counter %d %v, failed %d; want 3 true 0", roc, ok, o.Failed)
	}
}

// TestOpenerMidCall begins where the counter is not 0 any more. A search that
// takes long must be spread over many packets.
func TestOpenerMidCall(t *testing.T) {
	for _, tt := range []struct {
		roc        uint32
		mostFailed uint64
	}{{1, 0}, {3, 1}, {5, 2}, {300, 60}, {1023, 140}} {
		s := newSender(t, keyOf(AES128CM80, 1))
		s.context.SetROC(s.ssrc, tt.roc)
		var o Opener
		o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
		for range 300 {
			sealed, plain := s.next()
			if got := open(&o, sealed); got != nil && !bytes.Equal(got, plain) {
				t.Fatalf("counter %d: got %x", tt.roc, got)
			}
		}
		if roc, ok := o.Counter(); roc != tt.roc || !ok || o.Failed > tt.mostFailed || o.Opened+o.Failed != 300 {
			t.Errorf("counter %d: found %d %v, failed %d", tt.roc, roc, ok, o.Failed)
		}
	}
}

// TestOpenerSearchAcrossWrap searches while the sequence numbers begin anew.
func TestOpenerSearchAcrossWrap(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	s.sequence = 65530
	s.context.SetROC(s.ssrc, 200)
	var o Opener
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
	for range 100 {
		sealed, _ := s.next()
		open(&o, sealed)
	}
	if roc, ok := o.Counter(); roc != 201 || !ok {
		t.Errorf("counter %d %v, want 201", roc, ok)
	}
}

func TestOpenerWrongKey(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	var o Opener
	wrong := context(t, keyOf(AES128CM80, 2))
	o.SetKeys([]*Context{wrong})
	for n := range 40 {
		sealed, _ := s.next()
		if open(&o, sealed) != nil {
			t.Fatal("a wrong key opens a packet")
		}
		if o.Refused() != (n+1 >= 32) {
			t.Fatalf("refused is %v after %d packets", o.Refused(), n+1)
		}
	}
	o.SetKeys([]*Context{wrong, context(t, keyOf(AES128CM80, 1))}) // a description brings the right one
	sealed, plain := s.next()
	if got := open(&o, sealed); !bytes.Equal(got, plain) || o.Refused() || o.Failed != 40 || o.Opened != 1 {
		t.Errorf("got %x, refused %v, failed %d, opened %d", got, o.Refused(), o.Failed, o.Opened)
	}
}

// TestOpenerStopsTrying counts how often authentication is tried once
// everything was: now and then.
func TestOpenerStopsTrying(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	var o Opener
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 2))})
	sealed, _ := s.next()
	for !o.swept {
		open(&o, sealed)
	}
	if o.tried > 2*maxCounters/triesPerPacket {
		t.Errorf("the search took %d packets", o.tried)
	}
	before, moved := o.cursor, 0
	for range 10 * seldom {
		open(&o, sealed)
		if o.cursor != before {
			before = o.cursor
			moved++
		}
	}
	if moved != 10 {
		t.Errorf("%d of %d packets were tried, want 10", moved, 10*seldom)
	}
}

// TestOpenerNewKey changes the master key in the middle, as a re-INVITE does.
func TestOpenerNewKey(t *testing.T) {
	first, second := newSender(t, keyOf(AES128CM80, 1)), newSender(t, keyOf(AES128CM80, 2))
	a, b := context(t, keyOf(AES128CM80, 1)), context(t, keyOf(AES128CM80, 2))
	var o Opener
	o.SetKeys([]*Context{a})
	sealed, plain := first.next()
	if !bytes.Equal(open(&o, sealed), plain) {
		t.Fatal("the first key does not open")
	}
	o.SetKeys([]*Context{b}) // said, but not yet used
	if sealed, plain = first.next(); !bytes.Equal(open(&o, sealed), plain) {
		t.Error("the first key is forgotten too early")
	}
	second.sequence = first.sequence
	if sealed, plain = second.next(); !bytes.Equal(open(&o, sealed), plain) || o.Found() != b {
		t.Error("the second key does not open")
	}
}

// TestOpenerLongSilence misses more numbers than can be told apart.
func TestOpenerLongSilence(t *testing.T) {
	s := newSender(t, keyOf(AES128GCM, 1))
	var o Opener
	o.SetKeys([]*Context{context(t, keyOf(AES128GCM, 1))})
	sealed, _ := s.next()
	open(&o, sealed)
	for range 50000 {
		s.next()
	}
	for range 10 {
		sealed, _ = s.next()
		open(&o, sealed)
	}
	if roc, _ := o.Counter(); o.Found() == nil || roc != 0 || o.Failed >= 10 {
		t.Errorf("found %v, counter %d, failed %d", o.Found() != nil, roc, o.Failed)
	}
}

func TestOpenerRest(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	s.context.SetROC(s.ssrc, 700)
	var o Opener
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
	for range 200 {
		sealed, _ := s.next()
		open(&o, sealed)
		if o.Found() != nil {
			break
		}
	}
	o.Rest()
	if o.HasKeys() || o.Found() != nil {
		t.Fatal("keys are held")
	}
	before := o.Failed
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
	sealed, plain := s.next()
	if roc, _ := o.Counter(); !bytes.Equal(open(&o, sealed), plain) || o.Failed != before {
		t.Errorf("does not go on: failed %d, counter %d", o.Failed-before, roc)
	}
}

func TestOpenerWants(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	var o Opener
	if o.Wants(0) {
		t.Error("wants a packet without a key")
	}
	o.SetKeys([]*Context{context(t, keyOf(AES128CM80, 1))})
	wanted := 0
	for n := range 1000 {
		sealed, _ := s.next()
		cycles := o.Follow(binary.BigEndian.Uint16(sealed[2:]))
		if o.Wants(uint64(n)) {
			wanted++
			o.Open(nil, sealed, cycles)
		}
	}
	if wanted != 29 { // ten, then 50, 100 … 950
		t.Errorf("%d of 1000 packets wanted, want 29", wanted)
	}
}

// TestContextForgetsSources has strangers make up sources by the thousand.
func TestContextForgetsSources(t *testing.T) {
	s := newSender(t, keyOf(AES128CM80, 1))
	c := context(t, keyOf(AES128CM80, 1))
	for n := range 10 * maxSources {
		s.ssrc = uint32(n)
		sealed, plain := s.next()
		if got, err := c.DecryptRTP(nil, sealed, 0); err != nil || !bytes.Equal(got, plain) {
			t.Fatal(err)
		}
		if c.ciphers[0].sources > maxSources {
			t.Fatalf("%d sources are remembered", c.ciphers[0].sources)
		}
	}
}

func TestContextControl(t *testing.T) {
	report := unhex(t, "80C80006CAFEBABE"+"E5A1B2C380000000"+"00010203"+"00000064"+"00003E80")
	for _, suite := range allSuites {
		for _, mki := range [][]byte{nil, {9}, {0, 0, 0, 1}} {
			for _, told := range []bool{true, false} {
				k := keyOf(suite, 1)
				k.MKI = mki
				s := newSender(t, k)
				if !told {
					k.MKI = nil
				}
				c := context(t, k)
				for range 3 {
					sealed, err := s.context.EncryptRTCP(nil, report, nil)
					if err != nil {
						t.Fatal(err)
					}
					got, err := c.DecryptRTCP(nil, sealed)
					if err != nil || !bytes.Equal(got, report) {
						t.Fatalf("%v, MKI %x, told %v: got %x, %v", suite, mki, told, got, err)
					}
				}
				sealed, _ := s.context.EncryptRTCP(nil, report, nil)
				if _, err := context(t, keyOf(suite, 2)).DecryptRTCP(nil, sealed); err == nil {
					t.Errorf("%v: a wrong key opens RTCP", suite)
				}
			}
		}
	}
}

func TestContextRefuses(t *testing.T) {
	if _, err := NewContext(Key{Suite: F8}); err == nil {
		t.Error("F8 is accepted")
	}
	k := keyOf(AES128CM80, 1)
	k.Key = k.Key[:10]
	if _, err := NewContext(k); err == nil {
		t.Error("a key of ten octets is accepted")
	}
	for _, suite := range allSuites {
		sealed, _ := newSender(t, keyOf(suite, 1)).next()
		c := context(t, keyOf(suite, 1))
		for n := range sealed { // cut anywhere
			if _, err := c.DecryptRTP(nil, sealed[:n], 0); err == nil {
				t.Errorf("%v: opens %d of %d octets", suite, n, len(sealed))
			}
			if _, err := c.DecryptRTCP(nil, sealed[:n]); err == nil {
				t.Errorf("%v: opens %d octets as RTCP", suite, n)
			}
		}
	}
}

// FuzzPacket gives an opener any octets: no packet but the genuine opens.
func FuzzPacket(f *testing.F) {
	for _, suite := range allSuites {
		sealed, _ := newSender(f, keyOf(suite, 1)).next()
		f.Add(uint8(suite), sealed)
		withExtension := bytes.Clone(sealed)
		withExtension[0] |= 0x10
		copy(withExtension[12:], []byte{0xBE, 0xDE, 0, 1})
		f.Add(uint8(suite), withExtension)
	}
	f.Fuzz(func(t *testing.T, suite uint8, packet []byte) {
		k := keyOf(Suite(suite%uint8(suiteCount)), 1)
		k.Key = bytes.Clone(k.Key)
		if !k.Suite.Supported() || len(packet) < 12 {
			return
		}
		var o Opener
		o.SetKeys([]*Context{context(t, k)})
		before := bytes.Clone(packet)
		for range 3 {
			if plain := open(&o, packet); plain != nil && len(plain) > len(packet) {
				t.Fatalf("%d octets of %d", len(plain), len(packet))
			}
		}
		if plain, err := context(t, k).DecryptRTCP(nil, packet); err == nil && len(plain) > len(packet) {
			t.Fatalf("%d octets of %d", len(plain), len(packet))
		}
		if !bytes.Equal(packet, before) {
			t.Fatal("the packet was changed")
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	for _, suite := range []Suite{AES128CM80, AES256CM80, AES128GCM} {
		for _, extension := range []bool{false, true} {
			b.Run(fmt.Sprintf("%v/extension=%v", suite, extension), func(b *testing.B) {
				s := newSender(b, keyOf(suite, 1))
				packet := make([]byte, 12, 200)
				packet[0] = 0x80
				if extension {
					packet[0] |= 0x10
					packet = append(packet, 0xBE, 0xDE, 0, 1, 0x10, 0x80, 0, 0)
				}
				sealed, err := s.context.EncryptRTP(nil, append(packet, counting(0, 160)...), nil)
				if err != nil {
					b.Fatal(err)
				}
				var o Opener
				o.SetKeys([]*Context{context(b, keyOf(suite, 1))})
				dst := make([]byte, 0, len(sealed))
				b.ReportAllocs()
				for b.Loop() {
					if o.Open(dst, sealed, o.Follow(0)) == nil {
						b.Fatal("does not open")
					}
				}
			})
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	sealed, _ := newSender(b, keyOf(AES128CM80, 1)).next()
	var o Opener
	o.SetKeys([]*Context{context(b, keyOf(AES128CM80, 2))})
	dst := make([]byte, 0, len(sealed))
	b.ReportAllocs()
	for b.Loop() {
		if o.swept {
			o.restart()
		}
		o.Open(dst, sealed, o.Follow(1000))
	}
}
