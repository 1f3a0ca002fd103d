package main

import (
	"fmt"
	"slices"
	"strings"

	"sipsniff/capture"
	"sipsniff/capture/libpcap"
	"sipsniff/tui"
)

// reopened are the options and arguments of the input that the screens want in
// place of this one. What can be known beforehand is checked.
func (o *options) reopened(args []string, r *tui.Reopening) (*options, []string, error) {
	next := *o
	next.quiet = true
	if r.File != "" {
		return next.instead(r.File)
	}
	in, err := o.input(args)
	wrong := next.hep.choose(r.Chosen)
	if len(in.files) > 0 { // HEP is for captures
		next.hep = o.hep
	}
	switch {
	case wrong != nil:
		return nil, nil, wrong
	case err != nil:
		return nil, nil, err
	case o.record != "" && in.live():
		return nil, nil, &fileError{text: o.record + ": the recording would begin anew", hint: "stop, and start again with another -w"}
	case o.user != "" && in.live():
		return nil, nil, &fileError{text: "the right to capture was given away for --user", hint: "stop, and start again"}
	case slices.Contains(in.files, "-"):
		return nil, nil, &fileError{text: "standard input cannot be read once more", hint: "start again"}
	case in.stream():
		return nil, nil, &fileError{text: "a pipe cannot be read once more", hint: "start again"}
	}
	if r.Buffer > 0 {
		next.bufferKiB = r.Buffer
	}
	if r.Interfaces != nil {
		if err := areInterfaces(r.Interfaces); err != nil {
			return nil, nil, err
		}
		in.files, in.ifaces, next.testSource = nil, r.Interfaces, ""
		if wrong := next.hep.choose(r.Chosen); wrong != nil {
			return nil, nil, wrong
		}
	}
	expression := in.filter
	if r.Filter != nil {
		expression = strings.TrimSpace(*r.Filter)
	}
	if expression != "" {
		if _, err := libpcap.NewFilter(expression); err != nil {
			return nil, nil, err
		}
	}
	next.files, next.ifaces = in.files, in.ifaces
	next.synonyms.files, next.synonyms.ifaces = nil, nil
	if expression == "" {
		_, err = next.input(nil)
		return &next, nil, err
	}
	_, err = next.input([]string{expression})
	return &next, []string{expression}, err
}

// instead reads a file in place of everything else. Nothing is recorded or sent
// of it.
func (o *options) instead(name string) (*options, []string, error) {
	if !isFile(name) || name == "-" {
		return nil, nil, missing(name)
	}
	source, err := capture.Open([]string{name}, capture.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := source.Close(); err != nil {
		return nil, nil, err
	}
	o.files, o.ifaces, o.testSource = []string{name}, nil, ""
	o.synonyms.files, o.synonyms.ifaces = nil, nil
	o.record, o.keys.record, o.duration, o.spool, o.user = "", false, 0, spoolOptions{}, ""
	o.hep.listen, o.hep.send = nil, nil
	return o, nil, nil
}

// areInterfaces says which of some names is no interface of this host.
func areInterfaces(names []string) error {
	list, err := libpcap.Interfaces()
	if err != nil {
		return err
	}
	for _, name := range names {
		known := slices.ContainsFunc(list, func(i libpcap.Interface) bool { return i.Name == name })
		if !known && name != "any" {
			return &fileError{text: fmt.Sprintf("%s: no such interface", name), hint: "sipsniff interfaces lists them"}
		}
	}
	return nil
}
