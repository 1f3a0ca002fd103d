//go:build cgo && !nopcap

package libpcap

import (
	"encoding/binary"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipsniff/capture"
)

// ip4 is an IPv4 packet from 192.0.2.1 to 192.0.2.2; place is the field of
// flags and fragment offset.
func ip4(protocol uint8, place uint16, payload []byte) []byte {
	b := []byte{0x45, 0, 0, 0, 0, 7, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)+len(payload)))
	binary.BigEndian.PutUint16(b[6:], place)
	return append(b, payload...)
}

// ip6 is an IPv6 packet from 2001:db8::1 to 2001:db8::2.
func ip6(next uint8, payload []byte) []byte {
	b := []byte{0x60, 0, 0, 0, 0, byte(len(payload)), next, 64}
	for last := range byte(2) {
		b = append(b, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last+1)
	}
	return append(b, payload...)
}

// ip6Fragment puts a fragment header in front of a part of a UDP datagram.
func ip6Fragment(place uint16, payload []byte) []byte {
	header := []byte{17, 0, byte(place >> 8), byte(place), 0, 0, 0, 9}
	return ip6(44, append(header, payload...))
}

func udp(port uint16) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0x0f, 0xa0}, port)
	return append(b, 0, 16, 0, 0, 'O', 'P', 'T', 'I', 'O', 'N', 'S', ' ')
}

// ether puts a packet behind an Ethernet header with VLAN tags of the given
// types.
func ether(kind uint16, packet []byte, tags ...uint16) []byte {
	b := make([]byte, 12)
	for i, tag := range tags {
		b = binary.BigEndian.AppendUint16(b, tag)
		b = binary.BigEndian.AppendUint16(b, uint16(100+i))
	}
	return append(binary.BigEndian.AppendUint16(b, kind), packet...)
}

const (
	kindIPv4, kindIPv6 = 0x0800, 0x86dd
	tagC, tagS         = 0x8100, 0x88a8
	moreFragments      = 0x2000
)

// inTags gives a packet without a tag, with one, and with two.
func inTags(kind uint16, packet []byte) [][]byte {
	return [][]byte{ether(kind, packet), ether(kind, packet, tagC), ether(kind, packet, tagS, tagC), ether(kind, packet, tagC, tagC)}
}

func TestWideFilterOnEthernet(t *testing.T) {
	octets := []byte("the rest of it..")
	for _, tt := range []struct {
		name   string
		kind   uint16
		packet []byte
		want   bool // that "udp port 5060" is after, or a fragment
	}{
		{"v4", kindIPv4, ip4(17, 0, udp(5060)), true},
		{"v4, another port", kindIPv4, ip4(17, 0, udp(5070)), false},
		{"v4, another protocol", kindIPv4, ip4(6, 0, udp(5060)), false},
		{"v4, first fragment", kindIPv4, ip4(17, moreFragments, udp(5060)), true},
		{"v4, first fragment of another port", kindIPv4, ip4(17, moreFragments, udp(5070)), false},
		{"v4, fragment in the middle", kindIPv4, ip4(17, moreFragments|2, octets), true},
		{"v4, last fragment", kindIPv4, ip4(17, 4, octets), true},
		{"v6", kindIPv6, ip6(17, udp(5060)), true},
		{"v6, another port", kindIPv6, ip6(17, udp(5070)), false},
		{"v6, first fragment", kindIPv6, ip6Fragment(1, udp(5060)), true},
		{"v6, last fragment", kindIPv6, ip6Fragment(16, octets), true},
		{"ARP", 0x0806, make([]byte, 46), false},
	} {
		f, err := NewWideFilter("udp port 5060")
		if err != nil {
			t.Fatal(err)
		}
		for i, data := range inTags(tt.kind, tt.packet) {
			if got := f.Match(frame(1, data)); got != tt.want {
				t.Errorf("%s, form %d of the tags: passes %v, want %v", tt.name, i, got, tt.want)
			}
		}
	}
}

// Without widening the same filter misses what the wide one is for.
func TestExactFilter(t *testing.T) {
	f, err := NewFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"tagged":      ether(kindIPv4, ip4(17, 0, udp(5060)), tagC),
		"fragment":    ether(kindIPv4, ip4(17, 4, udp(5060))),
		"v6 fragment": ether(kindIPv6, ip6Fragment(1, udp(5060))),
	} {
		if f.Match(frame(1, data)) {
			t.Errorf("%s passes", name)
		}
	}
	if missed := f.Missed(); missed != nil {
		t.Errorf("an exact filter says %q", missed)
	}
}

// A filter on addresses lets fragments pass anyway, but not tagged packets.
func TestWideHostFilter(t *testing.T) {
	wide, _ := Widen("host 192.0.2.2")
	if strings.Contains(wide, "0x1fff") {
		t.Errorf("fragments of other hosts pass: %s", wide)
	}
	f, err := NewWideFilter("host 192.0.2.2")
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewWideFilter("host 192.0.2.3")
	if err != nil {
		t.Fatal(err)
	}
	for _, packet := range [][]byte{ip4(17, 0, udp(1)), ip4(17, 4, udp(1)), ip4(17, moreFragments, udp(1))} {
		for i, data := range inTags(kindIPv4, packet) {
			if !f.Match(frame(1, data)) {
				t.Errorf("form %d of the tags does not pass", i)
			}
			if other.Match(frame(1, data)) {
				t.Errorf("form %d of the tags passes for another host", i)
			}
		}
	}
}

func TestWiden(t *testing.T) {
	const onlyFragments = "(ip[6:2] & 0x1fff != 0) or (ip6[6] = 44)"
	const fragmented = onlyFragments + " or (icmp[0] = 3) or (icmp[0] = 11) or (icmp[0] = 12) or (icmp6 and ip6[40] < 128)"
	all := []string{"GRE", "IP in IP", "VXLAN", "GENEVE", "GTP-U", "MPLS", "PPPoE", "L2TP", "CAPWAP", "TZSP", "Teredo", "HEP", "AH"}
	for _, tt := range []struct {
		filter  string
		plain   string // what stands in front of the first vlan; "" when nothing is widened
		missing []string
	}{
		{"port 5060", "(port 5060) or " + fragmented, all},
		{"udp portrange 5060-5080 and net 192.0.2.0/24", "(udp portrange 5060-5080 and net 192.0.2.0/24) or " + fragmented, all},
		{"udp[8:4] = 0x4f505449", "(udp[8:4] = 0x4f505449) or " + fragmented, all},
		{"udp", "(udp)", []string{"GRE", "IP in IP", "MPLS", "PPPoE", "AH"}},
		{"UDP", "", nil}, // libpcap knows no word UDP
		{"not port 22", "(not port 22) or " + fragmented, nil},
		{"ip6 or port 5060 or proto 47 or udp port 4789", "(ip6 or port 5060 or proto 47 or udp port 4789) or " + fragmented,
			[]string{"IP in IP", "GENEVE", "GTP-U", "MPLS", "PPPoE", "L2TP", "CAPWAP", "TZSP", "Teredo", "HEP", "AH"}},
		{"port 5060 or ether proto 0x8847", "(port 5060 or ether proto 0x8847) or " + fragmented, append(all[:5:5], all[6:]...)},
		{"port 5060 and not icmp", "(port 5060 and not icmp) or " + onlyFragments, all},
		{"host 192.0.2.1", "(host 192.0.2.1)", all},
		{"ether host 02:00:00:00:00:01", "", nil},
		{"ether proto 0x88cc and not broadcast", "", nil},
		{"less 100", "", nil},
		{"vlan and port 5060", "", all},
		{"port 5060 or (vlan 12 and port 5060)", "", all},
		{"mpls and port 5060", "", all},
		{"port 5060 or ip[6:2] & 0x1fff != 0", "", all},
		{"port 5060) or (port 5061", "", nil},
		{"port port", "", nil},
	} {
		wide, missing := Widen(tt.filter)
		want := tt.filter
		if tt.plain != "" {
			want = tt.plain + " or (vlan and (" + tt.plain + " or (vlan and (" + tt.plain + "))))"
		}
		if wide != want {
			t.Errorf("%q becomes\n%s, want\n%s", tt.filter, wide, want)
		}
		if !slices.Equal(missing, tt.missing) {
			t.Errorf("%q misses %q, want %q", tt.filter, missing, tt.missing)
		}
	}
	if _, err := NewWideFilter("port 5060) or (port 5061"); err == nil {
		t.Error("what is no filter without parentheses passes")
	}
}

// The network's answers to what passes do pass, others of ICMP do not.
func TestWideFilterICMP(t *testing.T) {
	wide, err := NewWideFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	exact, err := NewFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	ip6 := func(kind byte) []byte {
		b := make([]byte, 56)
		b[0], b[5], b[6], b[40] = 0x60, 16, 58, kind
		return b
	}
	for _, tt := range []struct {
		name     string
		kind     uint16
		packet   []byte
		expected bool
	}{
		{"unreachable", kindIPv4, ip4(1, 0, []byte{3, 3, 0, 0, 0, 0, 0, 0}), true},
		{"time exceeded", kindIPv4, ip4(1, 0, []byte{11, 0, 0, 0, 0, 0, 0, 0}), true},
		{"echo", kindIPv4, ip4(1, 0, []byte{8, 0, 0, 0, 0, 0, 0, 0}), false},
		{"v6 too big", kindIPv6, ip6(2), true},
		{"v6 neighbour", kindIPv6, ip6(135), false},
	} {
		for i, data := range inTags(tt.kind, tt.packet) {
			if got := wide.Match(frame(1, data)); got != tt.expected {
				t.Errorf("%s behind %d tags passes: %v", tt.name, i, got)
			}
			if exact.Match(frame(1, data)) {
				t.Errorf("%s behind %d tags passes the exact filter", tt.name, i)
			}
		}
	}
}

// What the advice says to add really lets the tunnels pass.
func TestMissedAdvice(t *testing.T) {
	list := hidden("port 5060")
	if len(list) != len(tunnels) {
		t.Fatalf("%d tunnels are hidden, want %d", len(list), len(tunnels))
	}
	_, advice, found := strings.Cut(missed(list), "add: ")
	if !found {
		t.Fatalf("no advice in %q", missed(list))
	}
	if left := hidden("port 5060 " + advice); len(left) != 0 {
		t.Errorf("with %q still hidden: %q", advice, namesOf(left))
	}
}

// For a file it is known what was stopped.
func TestMissedInFiles(t *testing.T) {
	f, err := NewWideFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	f.Match(frame(1, ether(kindIPv4, ip4(17, 0, udp(5070)))))
	if said := f.Missed(); len(said) != 0 {
		t.Fatalf("nothing was missed, but: %q", said)
	}
	gre := ip4(47, 0, append([]byte{0, 0, 8, 0}, ip4(17, 0, udp(5060))...))
	vxlan := ip4(17, 0, append([]byte{0x12, 0x34, 0x12, 0xb5, 0, 16, 0, 0}, make([]byte, 8)...))
	label := append([]byte{0, 1, 1, 64}, ip4(17, 0, udp(5060))...)
	for _, data := range [][]byte{
		ether(kindIPv4, gre), ether(kindIPv4, gre, tagC), ether(kindIPv4, vxlan), ether(0x8847, label),
	} {
		if f.Match(frame(1, data)) {
			t.Errorf("% x passes", data[:20])
		}
	}
	want := "the capture filter stopped 4 frames of tunnels (GRE, VXLAN, MPLS) and does not look into them; " +
		"to have them too, add: or proto 47 or udp port 4789 or ether proto 0x8847"
	if said := f.Missed(); len(said) != 1 || said[0] != want {
		t.Errorf("said %q, want %q", said, want)
	}
}

// Cooked captures have no filter on tags; what stands behind one is counted.
// Fragments pass on every link type.
func TestWideFilterOnOtherLinks(t *testing.T) {
	f, err := NewWideFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	for link, data := range framesOf(ip4(17, 4, udp(1))) {
		if !f.Match(frame(link, data)) {
			t.Errorf("a fragment does not pass on link type %d", link)
		}
	}
	for link, data := range framesOf(ip4(17, 0, udp(5070))) {
		if f.Match(frame(link, data)) {
			t.Errorf("another port passes on link type %d", link)
		}
	}
	if len(f.Missed()) != 0 || len(f.Problems()) != 0 {
		t.Errorf("missed %q, problems %v", f.Missed(), f.Problems())
	}
	tagged := append([]byte{0, 100, 8, 0}, ip4(17, 0, udp(5060))...)
	for link, data := range map[capture.LinkType][]byte{
		linuxSLL:  append([]byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x81, 0}, tagged...),
		linuxSLL2: append([]byte{0x81, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, tagged...),
	} {
		if f.Match(frame(link, data)) {
			t.Errorf("a tagged frame passes on link type %d, which libpcap could not do", link)
		}
	}
	want := "the capture filter stopped 2 frames behind VLAN tags, which it cannot look behind in a cooked capture"
	if said := f.Missed(); len(said) != 1 || said[0] != want {
		t.Errorf("said %q, want %q", said, want)
	}
	if form := f.Form(linuxSLL); strings.Contains(form, "vlan") || !strings.Contains(form, "0x1fff") {
		t.Errorf("the form for cooked captures is %q", form)
	}
}

// tcpdump, with the wide expression, finds the same frames.
func TestWidenAgainstTcpdump(t *testing.T) {
	tcpdump, err := exec.LookPath("tcpdump")
	if err != nil {
		t.Skip("tcpdump is not here")
	}
	name := filepath.Join(t.TempDir(), "a.pcap")
	w, err := capture.Create(name, capture.WriterOptions{LinkTypes: []capture.LinkType{1}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := NewWideFilter("udp port 5060")
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, packet := range [][]byte{ip4(17, 0, udp(5060)), ip4(17, 0, udp(5070)), ip4(17, 4, udp(9)), ip4(17, moreFragments, udp(5060)), ip4(1, 0, udp(0))} {
		for _, data := range inTags(kindIPv4, packet) {
			if err := w.Write(frame(1, data)); err != nil {
				t.Fatal(err)
			}
			if f.Match(frame(1, data)) {
				passed++
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wide, _ := Widen("udp port 5060")
	out, err := exec.Command(tcpdump, "-n", "-t", "-r", name, wide).Output()
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(out), "\n"); lines != 12 || passed != 12 {
		t.Errorf("tcpdump lets %d frames pass, the filter %d, want 12:\n%s", lines, passed, out)
	}
}

// FuzzRead gives the words of filters of any kind to the reader: whatever
// they are, the filter itself is the last of its forms.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"udp port 5060", "not (host 192.0.2.1 and ether[0] & 1 != 0)", "vlan 5 && tcp[2:2]=5060", "ip6 proto 44", "((", "\x00é\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		forms := widenings(expression)
		if len(forms) == 0 || forms[len(forms)-1] != expression {
			t.Errorf("%q has the forms %q", expression, forms)
		}
	})
}
