package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
	"sipsniff/capture/ring"
)

// openLive captures on the interfaces of the command line.
func (o *options) openLive(in input) (capture.Source, error) {
	s, err := openInterfaces(in.ifaces, libpcap.Config{
		BPF: in.filter, Widen: !o.exact, Snaplen: o.snaplen, BufferSize: o.bufferKiB << 10, Promiscuous: !o.noPromisc,
		Reopen: o.lasting,
	})
	if err != nil {
		return nil, err
	}
	for i, form := range s.Forms() {
		o.sayFilter(in.ifaces[i], form)
	}
	return s, nil
}

// A liveSource is what captures on interfaces.
type liveSource interface {
	capture.Source
	Forms() []string // the filter in use on each interface
}

// openInterfaces captures from a ring of our own where there is one, else by
// libpcap.
func openInterfaces(names []string, c libpcap.Config) (liveSource, error) {
	s, err := ring.Open(names, c)
	if errors.Is(err, ring.ErrUnsuited) {
		return libpcap.Open(names, c)
	}
	return s, err
}

// checkFilter refuses a capture filter that makes no sense on any link. When it
// begins with a word that no filter begins with, that is a file name with a
// mistake.
func checkFilter(first, expression string) error {
	_, err := libpcap.NewFilter(expression) // without libpcap none can be made
	switch {
	case err == nil || beginsFilter(first):
		return err
	case looksLikePath(first) || isFolder(first):
		return missing(first)
	}
	return &fileError{
		text: fmt.Sprintf("%s: no such file, nor a capture filter", first),
		hint: "check the name; interfaces are named with -i, and a capture filter is like: udp port 5060",
	}
}

// beginsFilter reports whether capture filters begin with a word, which may
// stand in quotes together with others (pcap-filter(7)).
func beginsFilter(word string) bool {
	word, _, _ = strings.Cut(strings.TrimLeft(word, "(! "), " ")
	return slices.Contains(filterWords, word) || strings.ContainsAny(word, "[()=<>&|!")
}

// filterWords are the words that a capture filter may begin with.
var filterWords = []string{
	"not", "src", "dst", "host", "net", "port", "portrange", "gateway", "ether", "wlan", "link", "fddi", "tr", "ip", "ip6", "arp", "rarp", "decnet",
	"tcp", "udp", "sctp", "icmp", "icmp6", "igmp", "igrp", "pim", "vrrp", "carp", "ah", "esp", "proto", "protochain", "less", "greater", "len",
	"broadcast", "multicast", "inbound", "outbound", "ifname", "on", "vlan", "mpls", "pppoed", "pppoes", "geneve", "vxlan", "iso", "clnp",
	"esis", "isis", "stp", "lat", "moprc", "mopdl", "atalk", "aarp", "netbeui", "ipx", "sio", "hsio", "opc", "dpc", "sls", "type", "subtype", "dir", "rnr",
	"lane", "llc", "metac", "bcc", "sc", "ilmic", "connectmsg", "metaconnect", "vpi", "vci", "ppp", "slip", "rset", "ruleset", "reason", "action", "srnr", "subrulenum",
}

// openFiles opens the files of the command line.
func (o *options) openFiles(in input) (capture.Source, error) {
	read := capture.Options{Stdin: o.in, Idle: true}
	var filter *libpcap.Filter
	if in.filter != "" {
		var err error
		if filter, err = o.compile(in.filter); err != nil {
			return nil, err
		}
		read.Filter, read.Notes = filter.Match, func() []string { return notesOf(filter) }
	}
	s, err := capture.Open(in.files, read)
	if err != nil {
		return nil, err
	}
	if filter != nil && o.verbose {
		o.sayForms(s, filter)
	}
	if o.over != nil {
		s = o.over(s)
	}
	return s, nil
}

// compile makes the filter of files as wide as --exact-filter lets it be.
func (o *options) compile(expression string) (*libpcap.Filter, error) {
	if o.exact {
		return libpcap.NewFilter(expression)
	}
	return libpcap.NewWideFilter(expression)
}

// notesOf is what a reader of the report should know of a filter.
func notesOf(f *libpcap.Filter) []string {
	var notes []string
	for _, problem := range f.Problems() {
		notes = append(notes, problem.Error())
	}
	return append(notes, f.Missed()...)
}

// sayForms tells the form of the filter for each file. What the link types of
// a pcapng file are is not known before its first packet.
func (o *options) sayForms(s capture.Source, f *libpcap.Filter) {
	const ethernet = 1
	for _, in := range s.Info() {
		if len(in.LinkTypes) == 0 {
			o.sayFilter(in.Name+" (Ethernet)", f.Form(ethernet))
		}
		for _, link := range in.LinkTypes {
			o.sayFilter(in.Name, f.Form(link))
		}
	}
}

// sayFilter tells, when words are wanted, which filter is in use.
func (o *options) sayFilter(where, form string) {
	if o.verbose && form != "" {
		fmt.Fprintf(o.err, "sipsniff: filter on %s: %s\n", where, form)
	}
}
