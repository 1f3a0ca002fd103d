package tui

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipsniff/correlate"
)

// Calls 5.25 s, 65 s and 3,700 s after the first packet, at 10:00:00; the last
// packet is 4,000 s after it.
func timedCalls() (*correlate.Snapshot, Status) {
	first := time.Date(2025, 10, 14, 10, 0, 0, 0, time.UTC).UnixNano()
	snap := &correlate.Snapshot{Last: first + 4000e9}
	legs := []correlate.Leg{{Ref: correlate.CallRef{Index: 1}}, {Ref: correlate.CallRef{Index: 2}}}
	for i, after := range []int64{5.25e9, 65e9, 3700e9} {
		c := &correlate.Call{Index: i + 1, Method: "INVITE", From: "sip:from@example.com", To: "sip:to@example.com", Started: first + after}
		c.Source = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(1 + i/2*3)}), 5060)
		if i < 2 {
			c.Legs = legs
		}
		snap.Calls = append(snap.Calls, c)
	}
	return snap, Status{Source: "a.pcap", First: first, Last: snap.Last, Done: true, Frames: 3}
}

func TestClocksOfTheList(t *testing.T) {
	snap, status := timedCalls()
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: status})
	r.has(" Time ", "10:00:05.250", "10:01:05.000", "11:01:40.000")
	r.press("w").has(" Since ", " 0:05.250 ", " 1:05.000 ", "time since the first packet")
	r.has(" 1:01:40.000 ").press("w").has(" Ago ", " 1h06m ", " 1h05m ", " 5m00s ").press("w").has("10:00:05.250")
	r.sim.SetSize(80, 24)
	r.press("w").has(" 0:05 ", " 1:01:40 ").hasNot("0:05.250")
	if got := since(-1500e6, 12); got != "-0:01.500" {
		t.Errorf("before the first packet: %q", got)
	}
	r = newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: status, file: liked(t, "[display]\nclock = \"start\"\n")})
	r.has(" 0:05.250 ")
}

// While a capture goes on, "ago" is the clock of the machine; a held screen
// holds it, too.
func TestAgoOfALiveCapture(t *testing.T) {
	snap, status := timedCalls()
	status.Done = false
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: status, live: true})
	r.clock = time.Unix(0, snap.Calls[0].Started).Add(90 * time.Second)
	r.press("w", "w").has(" 1m30s ", " 30 s ", " 0 s ")
	r.press("p")
	r.clock = r.clock.Add(time.Hour)
	r.has(" 1m30s ").press("p").has(" 1h01m ")
}

func TestColoursOfTheList(t *testing.T) {
	snap, status := timedCalls()
	r := newRig(t, rigOptions{w: 120, h: 24, snap: snap, status: status})
	v := r.calls
	roles := func() [3]role {
		return [3]role{v.from(snap.Calls[0], 13).role, v.to(snap.Calls[1], 13).role, v.from(snap.Calls[2], 13).role}
	}
	if got := roles(); got != [3]role{} {
		t.Errorf("by state: %v", got)
	}
	r.press("c").has("colours by source")
	if got := roles(); got[0] == rolePlain || got[0] != got[1] || got[2] == rolePlain {
		t.Errorf("by source: %v", got)
	}
	r.press("c").has("colours by call")
	if got := roles(); got[0] == rolePlain || got[0] != got[1] || got[2] == got[0] {
		t.Errorf("by call: %v", got)
	}
	r.press("c").has("colours by state")
}

// The key map goes to a file of its own; one that is there is spared.
func TestPrintKeyMap(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys.md")
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(3), status: fileStatus()})
	r.press("F1", "K").has("write the key map to: sipsniff-keys.txt").typed(name).has("the key map is in")
	text, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(text), "### Calls") || !strings.Contains(string(text), "`F2` `s` `S`") || !strings.Contains(string(text), "### Ladder") {
		t.Fatalf("%v\n%s", err, text)
	}
	r.press("K").typed(name).has("file exists")
	r.press("K", "^U", "Enter").hasNot("the key map is in")
	if again, _ := os.ReadFile(name); string(again) != string(text) {
		t.Error("the file was written over")
	}
}
