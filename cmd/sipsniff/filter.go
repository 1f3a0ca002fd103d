package main

import (
	"fmt"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// openLive captures on the interfaces of the command line.
func (o *options) openLive(in input) (capture.Source, error) {
	s, err := libpcap.Open(in.ifaces, libpcap.Config{
		BPF: in.filter, Widen: !o.exact, Snaplen: o.snaplen, BufferSize: o.bufferKiB << 10, Promiscuous: !o.noPromisc,
	})
	if err != nil {
		return nil, err
	}
	for i, form := range s.Forms() {
		o.sayFilter(in.ifaces[i], form)
	}
	return s, nil
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
