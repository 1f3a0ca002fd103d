package sip

import "testing"

func TestHeaderSet(t *testing.T) {
	m, err := Parse("INVITE sip:a@h SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nfRoM: <sip:b@h>;tag=1\r\ny: token\r\nX-Mine: 1\r\nX-RTP-Stat: CS=1\r\n" +
		"DATE: Thu, 26 Nov 2026 12:00:00 GMT\r\nContent-Length: 16\r\n\r\nSubject: no one\n")
	if err != nil {
		t.Fatal(err)
	}
	there := map[HeaderID]bool{HeaderVia: true, HeaderFrom: true, HeaderIdentity: true, HeaderDate: true, HeaderContentLength: true, HeaderXRTPStat: true}
	set := m.HeaderSet()
	for id := range HeaderID(255) {
		if set.Has(id) != there[id] {
			t.Errorf("%d (%s): %v, want %v", id, id, set.Has(id), there[id])
		}
	}
	var all HeaderSet
	for id := range headerCount {
		all.Add(id)
	}
	if all.Has(Other) || all.Has(headerCount) || !all.Has(headerCount-1) {
		t.Error("the edges are wrong")
	}
}
