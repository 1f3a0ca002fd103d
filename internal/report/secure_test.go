package report

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// secured is example with encrypted streams.
func secured() Result {
	r := example()
	first := r.Snapshot.Streams[0]
	first.Secure, first.MappedSrc = true, netip.MustParseAddrPort("198.51.100.7:1234")
	first.Protection = &correlate.Protection{Key: "sdes", Suite: "AES_CM_128_HMAC_SHA1_80", Decrypted: 12, ControlsFailed: 1}
	for id, p := range []correlate.Protection{
		{Problem: "dtls_no_secret", ClientRandom: "4041"}, {Problem: "key_refused", Failed: 40},
		{Problem: "dtls_no_secret", ClientRandom: "4041"}, {Problem: "dtls_no_secret", ClientRandom: "4242"}, {Problem: "x\x1b[31m"},
	} {
		s := *first
		s.ID, s.Protection = id+2, &p
		r.Snapshot.Streams = append(r.Snapshot.Streams, &s)
	}
	r.Snapshot.Datagrams = correlate.DatagramCounts{STUNRequests: 3, DTLS: 14}
	r.Status.Decode.Signalling.FramedPackets, r.Status.Decode.Signalling.HEPPackets = 5, 6
	return r
}

func TestSecureText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, secured()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"SRTP stays encrypted in streams 2, 4: the key comes of DTLS; a key log with a line CLIENT_RANDOM 4041 would open it\n",
		"SRTP stays encrypted in stream 3: the keys that signalling or DTLS gave fit no packet\n",
		"SRTP stays encrypted in stream 5: the key comes of DTLS; a key log with a line CLIENT_RANDOM 4242 would open it\n",
		"also seen: dtls 14, hep_over_tcp 6, rtp_over_tcp 5, stun_requests 3\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("an escape sequence gets through")
	}
}

func TestSecureJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, secured()); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Capture struct {
			Datagrams map[string]int `json:"datagrams"`
		} `json:"capture"`
		Streams []struct {
			Kind   string         `json:"kind"`
			Mapped string         `json:"mapped_source"`
			SRTP   map[string]any `json:"srtp"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if d := doc.Capture.Datagrams; len(d) != 4 || d["hep_over_tcp"] != 6 || d["stun_requests"] != 3 || d["dtls"] != 14 || d["rtp_over_tcp"] != 5 {
		t.Errorf("datagrams %v", d)
	}
	s := doc.Streams[0]
	if s.Kind != "srtp" || s.Mapped != "198.51.100.7:1234" || s.SRTP["key"] != "sdes" || s.SRTP["suite"] != "AES_CM_128_HMAC_SHA1_80" ||
		s.SRTP["roc"] != 0.0 || s.SRTP["decrypted"] != 12.0 || s.SRTP["failed"] != 0.0 || s.SRTP["rtcp_failed"] != 1.0 {
		t.Errorf("stream %+v", s)
	}
	if s := doc.Streams[1].SRTP; s["key"] != "" || s["problem"] != "dtls_no_secret" || s["client_random"] != "4041" || s["roc"] != nil || s["suite"] != nil {
		t.Errorf("stream without a key %v", s)
	}
}

func TestStreamList(t *testing.T) {
	ids := make([]int, 12)
	for i := range ids {
		ids[i] = i + 1
	}
	if got, want := streamList(ids), "streams 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
