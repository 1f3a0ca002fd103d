package tui

import (
	"errors"
	"strings"
	"testing"
)

// S in the view of the capture asks for a file, and ends the recording when there
// is one.
func TestCaptureWritesToAFile(t *testing.T) {
	var asked []string
	refuse := errors.New("rec.pcapng: is there already")
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(3), status: liveStatus(), live: true})
	r.press("6").hasNot("Write to file").press("S").hasNot("write every packet")
	r.config.Record = func(name string) error {
		asked = append(asked, name)
		if name == "rec.pcapng" {
			return refuse
		}
		r.status.Output = name
		return nil
	}
	r.press("1", "6").has("S Write to file").press("S").has("write every packet to: ", ".pcapng").press("Esc")
	if len(asked) > 0 {
		t.Errorf("Esc: %q", asked)
	}
	r.press("S").typed("rec.pcapng").has("is there already")
	r.press("S").typed("/tmp/other.pcap").has("every packet from now on is written to /tmp/other.pcap; S ends that")
	r.show(r.snap, r.status)
	r.has("Record   /tmp/other.pcap").press("S").has("Stop writing to /tmp/other.pcap?").press("Esc").has("/tmp/other.pcap")
	if len(asked) != 2 {
		t.Errorf("%q", asked)
	}
	r.press("S", "Enter").has("/tmp/other.pcap is whole")
	if len(asked) != 3 || asked[2] != "" {
		t.Errorf("%q", asked)
	}
	r.status.Done = true
	r.show(r.snap, r.status)
	r.hasNot("S Write to file")
}

// R in the view of the capture lets RTP pass; what is said of streams of that
// time is doubtful.
func TestCaptureLetsRTPPass(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(8), status: liveStatus(), live: true})
	r.status.Last = r.snap.Streams[0].First
	r.show(r.snap, r.status)
	r.press("6", "R").hasNot("let pass")
	r.config.Media = func(on bool) { r.status.MediaOff = !on }
	r.press("R").has("RTP is let pass from now on")
	r.status.Last = r.snap.Streams[0].Last
	r.show(r.snap, r.status)
	r.has("RTP      let pass (R looks at it again)").press("3")
	if row := r.rowWith("PCM"); !strings.Contains(row, "?") {
		t.Errorf("no doubt about %q", row)
	}
	r.press("6", "R").has("RTP is looked at again")
	r.show(r.snap, r.status)
	r.hasNot("RTP      let pass")
}
