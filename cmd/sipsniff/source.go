package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"sipsniff/capture"
	"sipsniff/capture/hepnet"
)

// An input is what a command line asks to read.
type input struct {
	files  []string
	ifaces []string
	filter string // BPF; "" is none
	vague  bool   // nothing was named: live on everything

	hep     []hepnet.Endpoint // where HEP is received
	targets []hepnet.Endpoint // where it is sent to
}

func (in input) live() bool { return len(in.files) == 0 }

// stream reports whether one of the files is standard input or a pipe.
func (in input) stream() bool {
	return slices.ContainsFunc(in.files, func(name string) bool {
		if name == "-" {
			return true
		}
		info, err := os.Stat(name)
		return err == nil && !info.Mode().IsRegular()
	})
}

// input finds out what is to be read, and how much memory that may take when
// nobody said.
func (o *options) input(args []string) (input, error) {
	in, err := o.named(args)
	if o.maxMemory == 0 && err == nil {
		o.maxMemory = size(defaultMemory(machineMemory(), containerMemory(), !in.waits()))
	}
	return in, err
}

// named splits the arguments into files and the capture filter that stands
// last: files are what exists, up to the first word that does not.
func (o *options) named(args []string) (input, error) {
	if o.testSource != "" {
		if !slices.Contains(testKinds, o.testSource) {
			return input{}, &usageError{text: fmt.Sprintf("--test-source %q: unknown", o.testSource), hint: "--test-source takes " + strings.Join(testKinds, ", ")}
		}
		return input{ifaces: []string{"test"}}, nil
	}
	in := input{
		files:  append(append([]string{}, o.files...), o.synonyms.files...),
		ifaces: append(append([]string{}, o.ifaces...), o.synonyms.ifaces...),
	}
	var err error
	if in.hep, err = endpoints("hep-listen", o.hep.listen, hepnet.ParseEndpoint); err != nil {
		return in, err
	}
	if in.targets, err = endpoints("hep-send", o.hep.send, hepnet.ParseTarget); err != nil {
		return in, err
	}
	named := len(in.files) > 0 || len(in.ifaces) > 0 || len(in.hep) > 0
	if slices.Contains(in.files, "") || !named && len(args) > 0 && args[0] == "" {
		return in, &usageError{text: "the name of a file is empty", hint: "is a variable of the script not set?"}
	}
	for len(args) > 0 && isFile(args[0]) {
		in.files = append(in.files, args[0])
		args = args[1:]
	}
	if len(args) > 0 && !named && looksLikePath(args[0]) {
		return in, missing(args[0])
	}
	for _, name := range in.files {
		if name != "-" && !isFile(name) {
			return in, missing(name)
		}
	}
	if len(in.files) > 0 && len(in.ifaces) > 0 {
		return in, &usageError{text: "cannot read files and capture on interfaces at once"}
	}
	if len(in.files) > 0 && len(in.hep) > 0 {
		return in, &usageError{text: "cannot read files and receive HEP at once"}
	}
	in.filter = strings.Join(args, " ")
	if in.filter != "" && len(in.hep) > 0 && len(in.ifaces) == 0 {
		return in, &usageError{text: fmt.Sprintf("there is nothing to filter by %q", in.filter), hint: "a capture filter is for -i; agents filter what they send in HEP"}
	}
	if len(args) > 0 {
		if err := checkFilter(args[0], in.filter); err != nil {
			return in, err
		}
	}
	in.vague = in.live() && len(in.ifaces) == 0 && len(in.hep) == 0
	if in.vague && runtime.GOOS == "linux" {
		in.ifaces = []string{"any"}
	}
	return in, nil
}

func isFile(name string) bool {
	if name == "-" {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.IsDir() || errors.Is(err, fs.ErrPermission)
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// looksLikePath tells a mistyped file name from the first word of a filter.
func looksLikePath(word string) bool {
	return strings.ContainsRune(word, filepath.Separator) || strings.HasPrefix(filepath.Ext(word), ".")
}

// A fileError is a file that cannot be read, with the next step.
type fileError struct {
	text, hint string
}

func (e *fileError) Error() string { return e.text }

// Hint returns the next step.
func (e *fileError) Hint() string { return e.hint }

func missing(name string) error {
	if isFolder(name) {
		return &fileError{text: fmt.Sprintf("%s: is a directory", name), hint: fmt.Sprintf("name the files, as in: sipsniff %s", filepath.Join(name, "*.pcap"))}
	}
	return &fileError{text: fmt.Sprintf("%s: no such file", name), hint: "check the name; a capture filter comes after the files"}
}

// open opens what the command line asks for. hepPorts are those that HEP comes
// to.
func (o *options) open(ctx context.Context, in input) (source capture.Source, hepPorts []uint16, err error) {
	switch {
	case o.testSource != "":
		source, err = o.openTestSource(ctx)
	case len(in.hep) > 0:
		return o.openHEP(in)
	case in.live():
		source, err = o.openLive(in)
	default:
		source, err = untilDone(ctx, func() (capture.Source, error) { return o.openFiles(in) })
	}
	return source, nil, err
}

// untilDone opens a source, which waits for the first octets of a stream, but
// not longer than ctx. What is opened after that is closed again.
func untilDone(ctx context.Context, open func() (capture.Source, error)) (capture.Source, error) {
	type opened struct {
		source capture.Source
		err    error
	}
	done := make(chan opened, 1)
	go func() {
		source, err := open()
		done <- opened{source, err}
	}()
	select {
	case o := <-done:
		return o.source, o.err
	case <-ctx.Done():
		go func() {
			if o := <-done; o.source != nil {
				_ = o.source.Close() // nothing was read from it
			}
		}()
		return nil, &fileError{text: "stopped before standard input or a file had sent anything", hint: "tcpdump -U sends each packet at once"}
	}
}
