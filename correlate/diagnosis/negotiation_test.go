package diagnosis

import (
	"strings"
	"testing"

	"sipsniff/internal/scene"
)

func TestNegotiations(t *testing.T) {
	call := scene.Only(t, scene.Play(t, `
		0.000 A>B INVITE 1 sdp=pcmu,pcma,dtmf,ptime:20
		0.030 B>A 183 INVITE 1 sdp=pcma,ptime:30
		0.050 B>A 200 INVITE 1 sdp=pcma,opus,ptime:30
		0.060 A>B ACK 1
		5.000 B>A INVITE 1 sdp=t38
		5.050 A>B 488 INVITE 1
		5.060 B>A ACK 1 nack
		6.000 A>B INVITE 2 to=b sdp=pcmu,sendonly,proto:RTP/SAVP,crypto
		6.050 B>A 200 INVITE 2 sdp=pcmu,recvonly
		6.060 A>B ACK 2`))
	list := Negotiations(call)
	if len(list) != 3 {
		t.Fatalf("%d negotiations", len(list))
	}
	var got []string
	for _, n := range list {
		for i := range n.Lines {
			got = append(got, n.Lines[i].Words())
		}
	}
	want := []string{
		"audio: offered PCMU, PCMA, telephone-event, answered PCMA, opus; both have PCMA; ptime 20 and 30 ms; 192.0.2.65:4000, 192.0.2.66:4000",
		"image: offered t38, no answer",
		"audio: offered PCMU, answered PCMU; both have PCMU; sendonly, recvonly; RTP/SAVP, RTP/AVP; keys SDES, none; 192.0.2.65:4000, 192.0.2.66:4000",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if list[1].Refusal == nil || list[1].Refusal.StatusCode != 488 || list[0].Preview || list[0].Answer.StatusCode != 200 {
		t.Errorf("%+v", list[1])
	}
}
