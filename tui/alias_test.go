package tui

import (
	"os"
	"strings"
	"testing"
)

func TestNamesOfAddresses(t *testing.T) {
	file := liked(t, "[alias]\n\"192.0.2.1\" = \"office\"\n")
	r := newRig(t, rigOptions{w: 200, h: 60, snap: rows(10), status: fileStatus(), file: file})
	r.config.Aliases = file.Aliases
	r.has("office:5060", "192.0.2.9:5060").press("a").has("192.0.2.1:5060").hasNot("office:5060").press("a")
	r.press("Enter").has("office")
	r.press(":").typeText("alias 192.0.2.9 sbc").press("Enter").has("192.0.2.9 is sbc, in ", " sbc ")
	if text, _ := os.ReadFile(file.Path); !strings.Contains(string(text), "\"192.0.2.9\" = \"sbc\"\n") {
		t.Errorf("the file holds %s", text)
	}
	// Eight of the ten rows are calls from 192.0.2.1 to 192.0.2.9.
	r.press("Esc", "/").typeText("peer:office").press("Enter").has("8 of 10").press("/", "^U").typeText("edge").press("Enter").has("0 of 10")
	r.press(":").typeText("alias 192.0.2.9 edge").press("Enter").has("8 of 10").press("Enter")
	r.press(":").typeText("alias pbx 192.0.2.9").press("Enter").has("alias takes an address and a name")
	plain := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	plain.press("a").has("no address has a name")
}

// A name reaches the filters of all lists, and those of streams know what was found:
// of the demo, call 6 has MED-11 and two of the four streams.
func TestFiltersOfOtherTabs(t *testing.T) {
	r := newRig(t, rigOptions{w: 80, h: 24, snap: rows(10), status: fileStatus()})
	r.press("3", "/").typeText("edge").press("Enter").has("0 of 4").press("1", ":").typeText("alias 203.0.113.20 edge").press("Enter").press("3").has("2 of 4")
	d := readCapture(t, "../pcaps/demo.pcap", 80, 24)
	d.press("3", "/").typeText("finding:MED-11").press("Enter").has("2 of 4")
}
