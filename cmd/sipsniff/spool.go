package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"sipsniff/internal/spool"
)

// spoolOptions are the flags for keeping what was captured, in bounded room.
type spoolOptions struct {
	size   size
	folder string
}

func (s *spoolOptions) declare(f *pflag.FlagSet) {
	f.Var(&s.size, "spool", "keep the latest packets on disk")
	f.StringVar(&s.folder, "spool-dir", "", "the folder of the spool")
}

// checkSpool refuses what makes no sense. A file needs no spool: it can be
// read again.
func (o *options) checkSpool(in input) error {
	switch {
	case o.spool.size == 0 && o.spool.folder == "":
		return nil
	case o.spool.size == 0:
		return &usageError{text: "--spool-dir: no size", hint: "--spool 1G --spool-dir " + o.spool.folder}
	case o.spool.size < spool.MinSize:
		return &usageError{text: fmt.Sprintf("--spool %s: too small", &o.spool.size), hint: "16M at least"}
	case len(in.files) > 0 && !in.stream():
		return &usageError{text: "--spool is for live captures, standard input and pipes", hint: "sipsniff extract reads the file again"}
	}
	return nil
}

// openSpool opens the spool that is asked for, nil when none is.
func (o *options) openSpool() (*spool.Spool, error) {
	if o.spool.size == 0 {
		return nil, nil
	}
	return spool.Open(spool.Options{Folder: o.spool.folder, Size: int64(o.spool.size), Application: "sipsniff " + programVersion()})
}

// tellSpool says where the spool is and what it is good for.
func (o *options) tellSpool(s *session) {
	if s.spool == nil {
		return
	}
	if err := s.spool.Err(); err != nil {
		fmt.Fprintf(o.err, "sipsniff: warning: spool: %v\n", err)
	}
	if !o.quiet {
		fmt.Fprintf(o.err, "sipsniff: the latest packets are in %s (%d KiB)\n", s.spool.Folder(), s.spool.Size()/1024)
		fmt.Fprintf(o.err, "hint: sipsniff extract %s --call CALL-ID --wav call.wav -w call.pcap\n", s.spool.Files())
	}
}
