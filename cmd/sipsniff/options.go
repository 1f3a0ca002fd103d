package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"sipsniff/capture"
	"sipsniff/correlate"
	"sipsniff/correlate/legs"
	"sipsniff/internal/column"
	"sipsniff/internal/hide"
	"sipsniff/internal/watch"
	"sipsniff/tui"
)

// options are the flags of all commands.
type options struct {
	terminal

	files     []string // -r
	ifaces    []string // -i
	record    string   // -w
	rotate    recordOptions
	user      string // that the program becomes
	snaplen   int    // -s, octets
	bufferKiB int    // -B
	noPromisc bool   // -p
	exact     bool   // the capture filter as it stands
	espNull   bool   // look into ESP
	duration  time.Duration
	format    string
	output    string // -o of report and ladder: a file
	ascii     bool
	show      func(context.Context, tui.Config) error // stands in for tui.Run in tests; nil: it runs
	config    string                                  // --config: the user's file
	call      string
	filter    string // display filter

	prefixDigits int // of called numbers, see report.Result

	notes bool                                // findings as comments of packets
	hide  hide.What                           // --hide
	over  func(capture.Source) capture.Source // what files are read through; nil: nothing

	bodies     bool // show what people wrote
	digits     bool // show which keys they pressed
	inband     bool // listen for keys and fax tones in the sound
	quiet      bool
	verbose    bool
	maxCalls   int
	maxMemory  size
	hep        hepOptions
	keys       keyOptions
	quality    qualityOptions
	sound      soundOptions
	spool      spoolOptions
	lasting    bool                         // interfaces that go away are waited for
	events     watch.Set                    // of watch
	listener   correlate.Listener           // hears how calls end; nil: nobody
	linger     time.Duration                // after which it does
	levels     bool                         // measure how loud streams are
	media      func(*correlate.MediaPacket) // gets what streams carry; nil: nobody wants it
	columns    column.Set
	rules      []string                         // --diag
	failOn     string                           // a display filter
	testSource string                           // what to make up instead of capturing
	legs       []string                         // --leg-header
	synonyms   struct{ files, ifaces []string } // -I, -d: sngrep's letters
}

func (o *options) declare(f *pflag.FlagSet) {
	f.StringArrayVarP(&o.files, "read", "r", nil, "read a capture file")
	f.StringArrayVarP(&o.synonyms.files, "input", "I", nil, "as -r")
	f.StringSliceVarP(&o.ifaces, "interface", "i", nil, "capture on interfaces")
	f.StringSliceVarP(&o.synonyms.ifaces, "device", "d", nil, "as -i")
	f.StringVarP(&o.record, "write", "w", "", "record to a file")
	f.IntVarP(&o.snaplen, "snaplen", "s", 262144, "octets kept of each packet")
	f.IntVarP(&o.bufferKiB, "buffer-size", "B", 32768, "kernel buffer, KiB")
	f.BoolVarP(&o.noPromisc, "no-promiscuous-mode", "p", false, "no promiscuous mode")
	f.BoolVar(&o.exact, "exact-filter", false, "take the capture filter as it stands")
	f.BoolVar(&o.espNull, "esp-null", false, "look for packets in ESP that are not encrypted")
	f.DurationVar(&o.duration, "for", 0, "stop capturing after this time")
	f.StringVarP(&o.format, "format", "F", "text", "output format")
	f.BoolVar(&o.ascii, "ascii", false, "only ASCII characters in the ladder")
	f.StringVar(&o.failOn, "fail-on", "", "report: exit status 3 when a call matches")
	f.StringArrayVar(&o.rules, "diag", nil, "a setting of a rule: SIG-05.warn=6, SIG-05.off=true")
	f.StringVar(&o.config, "config", "", "file of keys and settings")
	f.StringVar(&o.call, "call", "", "only this call")
	f.StringVarP(&o.filter, "filter", "f", "", "only calls that match")
	f.IntVar(&o.prefixDigits, "prefix-digits", 0, "metrics by so many digits of the called number")
	f.BoolVar(&o.bodies, "show-bodies", false, "show the text of messages")
	f.BoolVar(&o.digits, "show-dtmf", false, "show the keys that were pressed")
	f.BoolVar(&o.inband, "inband-dtmf", false, "listen for keys and fax tones in the sound of G.711")
	f.BoolVar(&o.notes, "comments", false, "extract: findings as comments of packets")
	f.Var(&o.hide, "hide", "what is hidden")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "more words")
	f.IntVar(&o.maxCalls, "max-calls", 100000, "calls kept")
	f.Var(&o.maxMemory, "max-memory", "memory for calls")
	f.Var(&o.columns, "column", "a column of the call list: NAME=header:X-Account")
	f.StringArrayVar(&o.legs, "leg-header", nil, "a header that links the legs of a call")
	o.events = watch.Set{watch.CallEnd}
	f.Var(&o.events, "events", "what watch prints")
	f.StringVar(&o.testSource, "test-source", "", "made-up packets: calls or drops")
	f.Lookup("test-source").Hidden = true
	f.StringVar(&o.user, "user", "", "become this user once everything is open")
	o.rotate.declare(f)
	o.hep.declare(f)
	o.keys.declare(f)
	o.sound.declare(f)
	o.spool.declare(f)
	o.quality.declare(f)
	f.BoolVar(&o.levels, "levels", false, "measure how loud streams are")
}

func (o *options) trackerConfig() (correlate.Config, error) {
	c := correlate.Config{MaxCalls: o.maxCalls, MaxMemory: int64(o.maxMemory), Media: o.media, Levels: o.levels, Tones: o.inband, Listener: o.listener, Linger: o.linger}
	for _, text := range o.legs {
		header, err := legs.ParseHeader(text)
		if err != nil {
			return c, &usageError{text: "--leg-header: " + err.Error(), hint: "NAME, or NAME=REGEXP with the value in the first group, such as X-Trace='leg=([^;]+)'"}
		}
		c.LegHeaders = append(c.LegHeaders, header)
	}
	err := o.quality.configure(&c)
	return c, err
}

// formatIn returns the output format, or an error naming those there are.
func (o *options) formatIn(known ...string) (string, error) {
	for _, f := range known {
		if o.format == f {
			return f, nil
		}
	}
	return "", &usageError{
		text: fmt.Sprintf("unknown format %q", o.format),
		hint: "-F takes " + strings.Join(known, ", "),
	}
}

// size is a number of octets with an optional suffix K, M or G (powers of 1024).
type size int64

// Set implements pflag.Value.
func (s *size) Set(text string) error {
	shift := 0
	digits := strings.TrimRight(strings.ToUpper(strings.TrimSpace(text)), "IB")
	for suffix, by := range map[string]int{"K": 10, "M": 20, "G": 30} {
		if rest, found := strings.CutSuffix(digits, suffix); found {
			digits, shift = rest, by
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 || n > (1<<62)>>shift {
		return fmt.Errorf("%q is no size such as 512M or 2G", text)
	}
	*s = size(n << shift)
	return nil
}

func (s *size) String() string {
	if *s != 0 && *s%(1<<20) == 0 {
		return strconv.FormatInt(int64(*s>>20), 10) + "M"
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Type implements pflag.Value.
func (s *size) Type() string { return "size" }
