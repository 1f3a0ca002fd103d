package hep

import (
	"bytes"
	"testing"

	"sipsniff/decode/rtp"
)

// FuzzHEP: whatever comes, what is parsed can be written, and comes back.
func FuzzHEP(f *testing.F) {
	for _, s := range []string{vector3, head1 + options, head2 + time2le + options, head2 + time2be + options} {
		f.Add(unhex(f, s), int64(vectorTime))
	}
	f.Add(packetOf(fullChunks()...), int64(0))
	f.Add(packetOf(append(fullChunks()[:13], chunkOf(0, 16, deflated(f, true, []byte("INVITE sip:bob"))))...), int64(0))
	f.Add(packetOf(append(fullChunks(), chunkOf(0, 15, []byte("again")))...), int64(0))
	f.Add(packetOf(append(fullChunks()[:13], chunkOf(0, 15, []byte(`{"ssrc":1,"report_blocks":[{"lsr":"x"}]}`)))...), int64(0))
	var x Inflater
	f.Fuzz(func(t *testing.T, b []byte, arrival int64) {
		var p Packet
		err := Parse(&p, b, arrival)
		if len(p.Payload) > max(len(b), 0) || len(p.Key)+len(p.Correlation)+len(p.AgentName) > len(b) {
			t.Fatal("more than came")
		}
		if err != nil {
			return
		}
		if p.Compressed {
			if p.Payload, err = x.Inflate(p.Payload); err != nil {
				return
			}
		}
		checkReport(t, p.Payload)
		again, truncated := Append(nil, &p, 0)
		var q Packet
		if truncated || len(p.Key)+len(p.Correlation)+len(p.AgentName) > maxText || p.Nanos < 0 || len(p.Payload) == 0 {
			return
		}
		if err := Parse(&q, again, arrival); err != nil {
			t.Fatalf("%v of % x", err, again)
		}
		if q.Src != p.Src || q.Dst != p.Dst || q.Kind != p.Kind || q.Protocol != p.Protocol || !bytes.Equal(q.Payload, p.Payload) || q.Trailing != 0 || q.Damaged {
			t.Fatalf("wrote %+v, read %+v", p, q)
		}
	})
}

// checkReport asserts that RTCP made of JSON is RTCP.
func checkReport(t *testing.T, b []byte) {
	report, ok := AppendRTCP(nil, b)
	if !ok {
		return
	}
	list, err := rtp.ParseControl(nil, report, len(report))
	if err != nil || len(list) != 1 || !list[0].Complete {
		t.Fatalf("%v in % x", err, report)
	}
}

// FuzzHEPStream: a stream cut in two places gives the packets of the whole.
func FuzzHEPStream(f *testing.F) {
	two := append(packetOf(fullChunks()...), unhex(f, vector3)...)
	f.Add(two, uint16(1), uint16(7))
	f.Add(append([]byte("HEHEP"), two...), uint16(3), uint16(100))
	f.Fuzz(func(t *testing.T, b []byte, first, second uint16) {
		i := min(int(first), len(b))
		j := min(i+int(second), len(b))
		if whole, parts := cutStream(t, b), cutStream(t, b[:i], b[i:j], b[j:]); !bytes.Equal(whole, parts) {
			t.Fatalf("% x\nin parts\n% x", whole, parts)
		}
	})
}

func cutStream(t *testing.T, parts ...[]byte) (all []byte) {
	var s Stream
	for _, b := range parts {
		s.Write(b)
		for p, ok := s.Next(); ok; p, ok = s.Next() {
			if len(p) < head3 || !IsVersion3(p) {
				t.Fatalf("% x", p)
			}
			all = append(all, p...)
		}
		if kept := len(s.buf) - s.start; kept >= MaxPacket {
			t.Fatalf("%d octets are kept", kept)
		}
	}
	return all
}
