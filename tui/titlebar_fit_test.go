package tui

import (
	"strings"
	"testing"

	"sipsniff/internal/cells"
)

// Where the title has not enough room what matters least goes, and drops stay.
func TestTitleDropsWhatMattersLeast(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: liveStatus(), live: true})
	r.rate = rate{since: r.clock.UnixNano(), packets: 1284, bits: 9.1e6, valid: true}
	for width := 44; width < 130; width++ {
		r.sim.SetSize(width, 24)
		title := strings.Split(r.text(), "\n")[0]
		if !strings.Contains(title, "drop 0") || !strings.Contains(title, "eth0") {
			t.Errorf("%d columns: %q", width, title)
		}
		if strings.Contains(title, "Mb/s") && !strings.Contains(title, "1,284 pps") {
			t.Errorf("%d columns: %q drops the packets first", width, title)
		}
	}
	r.sim.SetSize(80, 24)
	r.has("1,284 pps  9.1 Mb/s  drop 0").press("p").has("FROZEN at 12:12:20 · ", "+0 calls +0 pk", "p: go on")
	r.sim.SetSize(60, 24)
	r.has("+0 calls", "p: go on")
	r.press("p")
	r.status.Source = strings.Repeat("long", 30)
	r.publish(r.snap).has("drop 0")
}

// A message says where it went at 80 columns, too; what is less than that goes.
func TestMessageTitleFits(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0032"), 80, 24)
	r.press("Down", "Enter").has("INVITE sdp PCMU,PCMA,iLBC,", " · 09:40:49.188 · frame 223 · ↻2\n")
	r.press("Enter").has("Message 1/18 · INVITE · 09:40:49.188 · frame 223 · 192.168.1.2 → 200.68.120.81\n", "Y copy Call-ID")
	v := r.top().(*messageView)
	for width := 20; width < 140; width++ {
		if title := v.title(width); cells.Width(title) > max(width, len("Message 1/18 · INVITE")) {
			t.Errorf("%q takes more than %d cells", title, width)
		}
	}
	r.press("Esc", "Space", "Down", "Down", "Down", "Down", "Space").has("Compare  A INVITE 09:40:49.188 f223   ⇄   B 408 09:41:25.961 f252  (+36.773)\n", `"=" same`)
}

// Long addresses are cut in their middle before they are left out.
func TestMessageTitleOfLongAddresses(t *testing.T) {
	r := readCapture(t, capturePath(t, "c0076"), 80, 24)
	r.press("Enter", "Down").has("100 Trying · 05:20:26.048 · frame 3 · fd17:625…feb9:3519 → fd17:625…feb9:1521\n")
}

// The command line tells its choices apart.
func TestChoicesOfCommands(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus(), save: emptySaver()})
	r.press(":").typeText("save ").has("save sip          SIP only, as pcapng", "save csv          a line for each call", "open FILE", "alias 10.20.0.31 pbx1")
	known := map[string]bool{}
	for _, c := range commands() {
		for _, choice := range strings.Split(c.arguments, "|") {
			known[c.word+" "+choice] = true
		}
	}
	for text := range choiceHelp {
		if !known[text] {
			t.Errorf("%q is no command", text)
		}
	}
}
