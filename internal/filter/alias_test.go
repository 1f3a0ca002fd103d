package filter

import (
	"net/netip"
	"slices"
	"testing"
)

// Of the sample, calls 1 and 3 went to 203.0.113.24, call 4 from 10.20.1.6 to
// 10.20.1.7; call 2 has no end with a name.
func TestAliases(t *testing.T) {
	o := Options{Aliases: map[netip.Addr]string{
		netip.MustParseAddr("203.0.113.24"): "Carrier London", netip.MustParseAddr("10.20.1.6"): "pbx1", netip.MustParseAddr("10.20.1.7"): "pbx2",
	}}
	for text, want := range map[string][]int{
		"alias:pbx": {4}, "alias:pbx2": {4}, `alias="carrier london"`: {1, 3}, "alias=carrier": nil, "alias!=pbx1": {1, 3}, "alias~^car": {1, 3}, "!alias~/./": {2},
		"carrier": {1, 3}, "PBX2": {4}, "pbx3": nil,
		"peer:pbx": {4}, "src:pbx1": {4}, "src:pbx2": nil, "dst:pbx2": {4}, `dst="Carrier London"`: {1, 3}, "dst:carrier,192.0.2.1": {1, 3}, "peer!=pbx1": {1, 2, 3},
	} {
		if got := matching(t, text, o); !slices.Equal(got, want) {
			t.Errorf("%s: calls %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"peer:pbx3", "peer=pbx", `src:""`, `dst=""`, `peer!=""`, `peer:pbx,""`} {
		if _, err := Parse(text, o); err == nil {
			t.Errorf("%s names no host, and is taken", text)
		}
	}
}

// What a filter said before a host got its name says nothing of what it says
// then.
func TestAliasesChange(t *testing.T) {
	without, err := Parse("pbx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	with, err := Parse("pbx", Options{Aliases: map[netip.Addr]string{netip.MustParseAddr("10.20.1.6"): "pbx1"}})
	if err != nil {
		t.Fatal(err)
	}
	if with.Same(without) || with.Narrows(without) || !with.Same(with) || !with.Narrows(with) {
		t.Error("a name does not tell filters apart")
	}
}
