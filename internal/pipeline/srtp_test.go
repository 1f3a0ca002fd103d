package pipeline_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/pipeline"
)

// TestSecureAudio compares what two phones said, from the files that they
// played, with what comes out of their SRTP, sample by sample.
func TestSecureAudio(t *testing.T) {
	for name, key := range map[string]string{"srtp-sdes": "sdes", "srtp-dtls": "dtls"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(corpus, name+".pcap")
			heard := make(map[string][]int16) // by the sender's address
			r := run(t, pipeline.Config{Source: open(t, file), Decoder: decode.Config{Secrets: keysOf(t, file)},
				Tracker: correlate.Config{Media: func(m *correlate.MediaPacket) {
					if m.Payload == nil || !m.Secure || m.Codec != "PCMA" {
						t.Fatalf("frame %d: payload %v, secure %v, codec %s", m.Frame, m.Payload != nil, m.Secure, m.Codec)
					}
					from := m.Src.Addr().String()
					for _, c := range m.Payload {
						heard[from] = append(heard[from], fromALaw(c))
					}
				}}})
			for from, phone := range map[string]string{"192.0.2.10": "alice", "192.0.2.20": "bob"} {
				said := waveSamples(t, filepath.Join(corpus, name+"."+phone+".wav"))
				got := heard[from]
				if len(got) < 8000 {
					t.Fatalf("%s: %d samples", phone, len(got))
				}
				if got = got[:min(len(got), len(said))]; !slices.Equal(got, said[:len(got)]) {
					t.Errorf("%s said something else than what was decrypted, from sample %d of %d on", phone, difference(got, said), len(got))
				}
			}
			for _, s := range r.Snapshot.Streams {
				p := s.Protection
				if p == nil || p.Key != key || p.Suite != "AES_CM_128_HMAC_SHA1_80" || p.Decrypted != s.Packets || p.Failed != 0 || p.Problem != "" || p.ControlsFailed != 0 {
					t.Errorf("stream %d of %d packets: %+v", s.ID, s.Packets, p)
				}
			}
			if len(r.Snapshot.Streams) != 2 {
				t.Errorf("%d streams", len(r.Snapshot.Streams))
			}
		})
	}
}

func difference(a, b []int16) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// fromALaw decodes one octet of G.711 A-law: sign, exponent 3, mantissa 4,
// every other bit inverted (ITU-T G.711 table 1).
func fromALaw(c byte) int16 {
	c ^= 0x55
	v := int16(c&15)<<4 + 8
	if exponent := c >> 4 & 7; exponent > 0 {
		v = (v + 0x100) << (exponent - 1)
	}
	if c&0x80 == 0 {
		return -v
	}
	return v
}

// waveSamples reads a wave file of 16 bits, one channel.
func waveSamples(t *testing.T, name string) []int16 {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.Index(b, []byte("data"))
	if i < 0 || len(b) < i+8 {
		t.Fatalf("%s has no data", name)
	}
	data := b[i+8:]
	samples := make([]int16, len(data)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	return samples
}

// TestKeyLogs gives DTLS-SRTP key logs that are wrong in some way: the
// streams are found all the same, and the report says what is missing.
func TestKeyLogs(t *testing.T) {
	file := filepath.Join(corpus, "srtp-dtls.pcap")
	right, err := os.ReadFile(filepath.Join(corpus, "srtp-dtls.keys"))
	if err != nil {
		t.Fatal(err)
	}
	wrong, spaces := bytes.Clone(right), 0
	for i, c := range right {
		if c == ' ' {
			if spaces++; spaces%2 == 0 { // the secret follows
				wrong[i+1] ^= 1
			}
		}
	}
	garbage := append([]byte("\xff\xfe\x00 garbage\nCLIENT_RANDOM 12 34\n# remark\r\n\r\n"), right...)
	for _, tt := range []struct {
		name, log, key, problem string
	}{
		{"right", string(right), "dtls", ""},
		{"garbage around it", string(garbage), "dtls", ""},
		{"none", "", "", "dtls_no_secret"},
		{"cut in the first line", string(right[:150]), "", "dtls_no_secret"},
		{"wrong secrets", string(wrong), "", "key_refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secrets := tls.NewSecrets()
			log := tls.NewKeyLog(secrets)
			if _, err := log.Write([]byte(tt.log)); err != nil {
				t.Fatal(err)
			}
			log.Close()
			r := run(t, pipeline.Config{Source: open(t, file), Decoder: decode.Config{Secrets: secrets}})
			if len(r.Snapshot.Streams) != 2 {
				t.Fatalf("%d streams", len(r.Snapshot.Streams))
			}
			for _, s := range r.Snapshot.Streams {
				p := s.Protection
				if p.Key != tt.key || p.Problem != tt.problem || (p.ClientRandom != "") != (tt.problem == "dtls_no_secret") || s.Quality.Lost != 0 || s.Packets < 90 {
					t.Errorf("stream of %d packets: %+v", s.Packets, p)
				}
			}
		})
	}
}
