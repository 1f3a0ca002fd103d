package ladder

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
)

// A Participant is one column: a host with the ports it used, or one port of
// a host that also talks to itself.
type Participant struct {
	Addr  netip.Addr
	Ports []uint16 // of signalling, ascending; empty for a host that only sent or got media
	Agent string   // its User-Agent or Server header, "" when none was seen
	Alias string   // what the user calls the host, "" for nothing
}

// agentTries bounds how many messages of a participant are searched for the
// name of its program.
const agentTries = 32

// Names returns the column's header from long to short: with all ports, with
// none.
func (p *Participant) Names() []string {
	host := p.Addr.String()
	if p.Addr.Is6() {
		host = "[" + host + "]"
	}
	if len(p.Ports) == 0 {
		return []string{p.Addr.String()}
	}
	ports := make([]string, len(p.Ports))
	for i, port := range p.Ports {
		ports[i] = strconv.Itoa(int(port))
	}
	full := host + ":" + strings.Join(ports, ",")
	if len(ports) == 1 {
		return []string{full, p.Addr.String()}
	}
	return []string{full, host + ":" + ports[0] + "+" + strconv.Itoa(len(ports)-1), p.Addr.String()}
}

// A cast is the participants while they are being found.
type cast struct {
	list  []Participant
	index map[netip.AddrPort]int
	split map[netip.Addr]bool // hosts whose ports are columns of their own
	tries []int
	alias map[netip.Addr]string
	named map[string]netip.Addr // the first address of each alias: the others stand in its column
}

func newCast(legs []Leg, splitPorts bool, alias map[netip.Addr]string) *cast {
	c := &cast{alias: alias, named: map[string]netip.Addr{}, index: map[netip.AddrPort]int{}, split: map[netip.Addr]bool{}}
	for _, leg := range legs {
		for _, m := range leg.Call.Messages() {
			if splitPorts || m.Src.Addr() == m.Dst.Addr() && m.Src.Port() != m.Dst.Port() {
				c.split[m.Src.Addr()] = true
			}
			if splitPorts {
				c.split[m.Dst.Addr()] = true
			}
		}
	}
	return c
}

func (c *cast) key(a netip.AddrPort) netip.AddrPort {
	a = netip.AddrPortFrom(c.host(a.Addr()), a.Port())
	if c.split[a.Addr()] {
		return a
	}
	return netip.AddrPortFrom(a.Addr(), 0)
}

// host is the address whose column an address stands in.
func (c *cast) host(a netip.Addr) netip.Addr {
	name := c.alias[a]
	if name == "" {
		return a
	}
	if first, ok := c.named[name]; ok {
		return first
	}
	c.named[name] = a
	return a
}

// signalling returns the column of an address that sent or got a message.
func (c *cast) signalling(a netip.AddrPort) int {
	i := c.column(c.key(a))
	p := &c.list[i]
	if at, found := slices.BinarySearch(p.Ports, a.Port()); !found {
		p.Ports = slices.Insert(p.Ports, at, a.Port())
	}
	return i
}

func (c *cast) column(key netip.AddrPort) int {
	i, ok := c.index[key]
	if !ok {
		i = len(c.list)
		c.index[key] = i
		c.list = append(c.list, Participant{Addr: key.Addr(), Alias: c.alias[key.Addr()]})
		c.tries = append(c.tries, 0)
	}
	return i
}

// media returns the column of one end of a stream. A host whose ports are
// separate columns sends media from other ports than signalling, so the side
// of the call decides.
func (c *cast) media(a, side netip.AddrPort) int {
	a = netip.AddrPortFrom(c.host(a.Addr()), a.Port())
	if !c.split[a.Addr()] {
		return c.column(netip.AddrPortFrom(a.Addr(), 0))
	}
	if a.Addr() == side.Addr() {
		if i, ok := c.index[side]; ok {
			return i
		}
	}
	for i := range c.list {
		if c.list[i].Addr == a.Addr() {
			return i
		}
	}
	return c.column(a)
}

// credit notes the program of the sender of m in column i.
func (c *cast) credit(i int, m *correlate.Message) {
	if c.list[i].Agent != "" || c.tries[i] >= agentTries {
		return
	}
	c.tries[i]++
	c.list[i].Agent = brand(headerValue(m.Text(), "User-Agent", "Server"))
}

// brand shortens what a program says of itself to its name and version:
// "Some Router (0.8.12 (i386/linux))" is Some Router 0.8.12.
func brand(agent string) string {
	agent = strings.ReplaceAll(agent, " Version ", " ")
	name, comment, ok := strings.Cut(agent, "(")
	name = strings.TrimRight(name, " ")
	if !ok || name == "" {
		return agent
	}
	if end := strings.IndexAny(comment, " ();,"); end > 0 && comment[0] >= '0' && comment[0] <= '9' {
		return name + " " + comment[:end]
	}
	return name
}

// headerValue returns the value of the first header of a message that has one
// of the names, or "".
func headerValue(raw string, names ...string) string {
	_, rest, _ := strings.Cut(raw, "\n")
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		for _, want := range names {
			if strings.EqualFold(strings.TrimRight(name, " \t"), want) {
				return strings.TrimSpace(value)
			}
		}
	}
	return ""
}
