package tui

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
)

// asked answers like a DNS and remembers what it was asked.
type asked struct {
	mutex sync.Mutex
	names map[string][]string
	list  []string
}

func (d *asked) lookUp(a netip.Addr) []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.list = append(d.list, a.String())
	return d.names[a.String()]
}

func withDNS(t *testing.T, d *asked, option string) *rig {
	t.Helper()
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.config.Settings = liked(t, "")
	r.config.LookUp = d.lookUp
	if option != "" {
		r.press(":").typeText("set display.names " + option).press("Enter")
	}
	return r
}

// The DNS is asked when the user wants it, once for each address, and what it
// says stands in place of the address.
func TestNamesOfTheDNS(t *testing.T) {
	d := &asked{names: map[string][]string{"192.0.2.5": {"Proxy.Example.ORG."}, "192.0.2.40": {"dave.example.org."}}}
	r := withDNS(t, d, "")
	if r.press("Enter").text(); len(d.list) > 0 {
		t.Fatalf("%q are asked without being told to", d.list)
	}
	r = withDNS(t, d, "dns")
	r.press("End", "Up", "Up", "Enter").text()
	r.has("proxy.example.org", "dave.example.org", "192.0.2.20:5060")
	r.press("a").hasNot("proxy.example").press("a").has("proxy.example.org")
	r.press("Esc", ":").typeText("columns carrier").press("Enter").has("dave.exa….org:5060", "192.0.2.10:5060")
	slices.Sort(d.list)
	if once := slices.Compact(slices.Clone(d.list)); len(once) != len(d.list) || len(once) < 3 {
		t.Errorf("%q were asked", d.list)
	}
}

// What the user calls a host needs no DNS, nor do addresses that no other host has.
func TestNamesThatNeedNoDNS(t *testing.T) {
	d := &asked{}
	r := withDNS(t, d, "dns")
	r.config.Aliases = map[netip.Addr]string{netip.MustParseAddr("198.51.100.1"): "pbx"}
	for text, want := range map[string]string{"198.51.100.1": "pbx", "::ffff:198.51.100.1": "pbx", "127.0.0.1": "", "::1": "", "0.0.0.0": "", "224.0.0.1": ""} {
		if got := r.hostName(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is %q", text, got)
		}
	}
	if len(d.list) > 0 {
		t.Errorf("%q were asked", d.list)
	}
}

// While something is captured the DNS is not asked: that would be captured.
func TestNoDNSWhileCapturing(t *testing.T) {
	d := &asked{}
	r := newRig(t, rigOptions{w: 120, h: 24, snap: rows(5), status: liveStatus(), live: true})
	r.config.LookUp = d.lookUp
	r.press(":").typeText("set display.names dns").press("Enter").has("not asked while capturing")
	r.press("Enter").text()
	r.config.Live, r.config.Stream = false, true
	r.press("Esc", "Enter").text()
	if len(d.list) > 0 {
		t.Errorf("%q were asked", d.list)
	}
}

// Whoever owns an address writes anything there.
func TestNamesOfStrangers(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{nil, ""}, {[]string{""}, ""}, {[]string{"."}, ""}, {[]string{"a.example."}, "a.example"}, {[]string{"\x1b]0;x\a.", "b_1.example"}, "b_1.example"},
		{[]string{"a b"}, ""}, {[]string{"\u202eexample"}, ""}, {[]string{"[red]x"}, ""}, {[]string{strings.Repeat("a", 254)}, ""},
	} {
		if got := hostNameIn(tt.names); got != tt.want {
			t.Errorf("%q: %q", tt.names, got)
		}
	}
}

// However many addresses there are, few are remembered, and a few asked at once;
// nothing waits for the answers.
func TestNamesAreBounded(t *testing.T) {
	d := &asked{}
	r := withDNS(t, d, "dns")
	ended, answer := make(chan struct{}), make(chan struct{})
	defer close(ended)
	r.workshop.open(ended)
	var at sync.WaitGroup
	at.Add(namesAtOnce)
	r.config.LookUp = func(a netip.Addr) []string {
		at.Done()
		<-answer
		return []string{"x.example"}
	}
	a := netip.MustParseAddr("2001:db8::1")
	r.names.asking = true // as if some were asked already
	for range 3 * mostNames {
		if r.hostName(a) != "" {
			t.Fatal("somebody waited for the answer")
		}
		a = a.Next()
	}
	if len(r.names.known) > mostNames || len(r.names.wanted) > mostNames {
		t.Errorf("%d addresses are remembered, %d wanted", len(r.names.known), len(r.names.wanted))
	}
	r.names.wanted = r.names.wanted[:namesAtOnce]
	first := r.names.wanted[0]
	r.names.asking = false
	r.names.ask(r.UI)
	at.Wait()
	if r.workshop.busy() {
		t.Error("asking is taken for work")
	}
	close(answer)
	(<-r.workshop.results)()
	if got := r.hostName(first); got != "x.example" {
		t.Errorf("%s is %q", first, got)
	}
}

// Of a capture of its own the host that captures stands out in the ladder; of a
// file no host does.
func TestOwnHostStandsOut(t *testing.T) {
	r := callScreens(t, "../pcaps/demo.pcap", 120, 40)
	r.press("End", "Enter").text()
	f := r.top().(*flowView)
	for i := range f.l.Participants {
		if f.headRole(i) != roleTitle {
			t.Error("a host of a file stands back")
		}
	}
	r.config.Own = map[netip.Addr]bool{netip.MustParseAddr("192.0.2.5"): true}
	for i, p := range f.l.Participants {
		if own := p.Addr.String() == "192.0.2.5"; own != (f.headRole(i) == roleTitle) {
			t.Errorf("%s: own %v", p.Addr, own)
		}
	}
}
