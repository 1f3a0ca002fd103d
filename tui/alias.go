package tui

import (
	"maps"
	"net/netip"
	"strconv"
	"strings"

	"sipsniff/internal/settings"
)

// endpoint is an address and a port as they are shown now.
func (u *UI) endpoint(a netip.AddrPort) string {
	if name := u.hostName(a.Addr()); name != "" {
		return name + ":" + strconv.Itoa(int(a.Port()))
	}
	return a.String()
}

// toggleAliases shows names instead of addresses, and back.
func (u *UI) toggleAliases() {
	if !u.hasNames() {
		u.say("no address has a name; :alias 192.0.2.10 pbx gives one")
		return
	}
	u.showNames(u.flow.addresses)
	if u.flow.addresses {
		u.say("addresses")
		return
	}
	u.say("names of addresses")
}

// showNames has names stand for addresses, or not, in this session.
func (u *UI) showNames(names bool) {
	u.flow.addresses = !names
	u.chosen["display.names"] = map[bool]string{true: u.flow.namedBy, false: "off"}[names]
}

// hasNames reports whether addresses may have names.
func (u *UI) hasNames() bool { return len(u.config.Aliases) > 0 || u.flow.namedBy == namedByDNS }

// ThisHost is the name of the host itself where the user gave it none.
const ThisHost = "this host"

// aliases are the names that the user gave, which filters know: any word would find
// this host by its name otherwise.
func (u *UI) aliases() map[netip.Addr]string {
	given := maps.Clone(u.config.Aliases)
	maps.DeleteFunc(given, func(_ netip.Addr, name string) bool { return name == ThisHost })
	return given
}

// What names come from, as display.names spells it.
const (
	namedByUser = "aliases"
	namedByDNS  = "dns"
)

// renameInFilters reads all filters anew: they may ask for a name.
func (u *UI) renameInFilters() {
	for i := range u.tabs {
		if v, ok := u.tabs[i].view.(filterable); ok {
			v.filterLine().changed()
		}
	}
}

// aliasCommand gives an address a name and keeps it.
func (u *UI) aliasCommand(text string) {
	address, name, _ := strings.Cut(text, " ")
	name = strings.TrimSpace(name)
	a, err := netip.ParseAddr(address)
	if err != nil || name == "" {
		u.say("alias takes an address and a name, as in alias 192.0.2.10 pbx")
		return
	}
	names := maps.Clone(u.config.Aliases) // a ladder may be built of the others meanwhile
	if names == nil {
		names = map[netip.Addr]string{}
	}
	names[a.Unmap()] = name
	u.config.Aliases = names
	u.showNames(true)
	for _, v := range u.stack {
		if f, ok := v.(*flowView); ok {
			f.build()
		}
	}
	u.renameInFilters()
	if err := u.config.Settings.SaveEntry(settings.Aliases, a.Unmap().String(), name); err != nil {
		u.say("%s is %s for this session: %s", a, name, err.Error())
		return
	}
	u.say("%s is %s, in %s", a, name, u.config.Settings.Path)
}
