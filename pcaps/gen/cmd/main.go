// Command gen writes a synthetic capture and the truth about it.
//
//	go run ./pcaps/gen/cmd -calls 1000 -loss 0.02 -burst 3 -w big.pcap -truth big.json
//	go run ./pcaps/gen/cmd -preset dialogs -w - | sipsniff report -
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"sipsniff/pcaps/gen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "gen:", err)
		if errors.Is(err, gen.ErrOptions) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	o, err := presetOf(args)
	if err != nil {
		return err
	}
	var out, truth string
	flags := flagSet(&o)
	flags.StringVar(&out, "w", "", "write the capture to `FILE`, - for standard output (pcapng when it ends so)")
	flags.StringVar(&truth, "truth", "", "write the truth to `FILE` as JSON")
	flags.String("preset", "", "begin with the options of `NAME`: "+strings.Join(gen.Presets(), ", "))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if out == "" || flags.NArg() > 0 {
		flags.Usage()
		return fmt.Errorf("%w: a file to write is needed: -w FILE", gen.ErrOptions)
	}
	if strings.HasSuffix(out, ".pcapng") {
		o.PCAPNG = true
	}
	return generate(o, out, truth)
}

// presetOf looks for -preset before the other flags are read, because they
// change what it says.
func presetOf(args []string) (gen.Options, error) {
	for i, a := range args {
		name, isPreset := strings.CutPrefix(strings.TrimLeft(a, "-"), "preset")
		if !isPreset || !strings.HasPrefix(a, "-") {
			continue
		}
		if value, ok := strings.CutPrefix(name, "="); ok {
			return gen.Preset(value)
		}
		if name == "" && i+1 < len(args) {
			return gen.Preset(args[i+1])
		}
	}
	return gen.Options{}, nil
}

func flagSet(o *gen.Options) *flag.FlagSet {
	f := flag.NewFlagSet("gen", flag.ContinueOnError)
	f.Uint64Var(&o.Seed, "seed", o.Seed, "another seed, another capture of the same kind")
	f.IntVar(&o.Calls, "calls", o.Calls, "exchanges: calls and registrations (default 10)")
	f.Float64Var(&o.Rate, "rate", o.Rate, "new ones per second (default 5)")
	f.IntVar(&o.Concurrency, "concurrency", o.Concurrency, "calls up at once on average; sets the rate")
	f.DurationVar(&o.Length, "length", o.Length, "talk time, a fifth more or less (default 10s)")
	f.DurationVar(&o.Ring, "ring", o.Ring, "time to the final answer, a fifth more or less (default 2s)")
	f.Float64Var(&o.RegisterShare, "register", o.RegisterShare, "share of registrations")
	f.Float64Var(&o.RegisterFail, "register-fail", o.RegisterFail, "share of registrations that are refused")
	f.BoolVar(&o.Log, "log", o.Log, "list the messages of each call in the truth")
	f.Func("mix", "outcomes with weights, answered=62,auth=8,busy=7,cancelled=9,no_answer=6,rejected=3,failed=4,timeout=1; \"everyday\" is this one; also moved", func(v string) error { return parseMix(&o.Mix, v) })
	f.IntVar(&o.Legs, "legs", o.Legs, "2 puts a B2BUA in the middle (default 1)")
	f.Float64Var(&o.Retransmit, "retransmit", o.Retransmit, "share of calls whose INVITE is sent twice")
	f.BoolVar(&o.NoMedia, "no-media", o.NoMedia, "signalling only")
	f.StringVar(&o.Codec, "codec", o.Codec, "PCMA or PCMU (default: in turns)")
	f.BoolVar(&o.RTCP, "rtcp", o.RTCP, "RTCP both ways")
	f.StringVar(&o.DTMF, "dtmf", o.DTMF, "digits that callers press")
	f.Float64Var(&o.Loss, "loss", o.Loss, "share of RTP packets lost")
	f.Float64Var(&o.Burst, "burst", o.Burst, "mean packets in a run of losses (default: random loss)")
	f.DurationVar(&o.LossAfter, "loss-after", o.LossAfter, "talk time before the first loss")
	f.Func("loss-from", "whose packets suffer: both, caller, callee (default both)", func(v string) error { return parseSide(&o.LossFrom, v) })
	f.BoolVar(&o.LossRelay, "loss-relay", o.LossRelay, "both legs have the gaps of the first")
	f.DurationVar(&o.Jitter, "jitter", o.Jitter, "RTP packets arrive late by up to this")
	f.Float64Var(&o.Duplicates, "duplicates", o.Duplicates, "share of RTP packets doubled by the network")
	f.Float64Var(&o.Reorder, "reorder", o.Reorder, "share of RTP packets that swap places with the next")
	f.Float64Var(&o.CaptureDuplicates, "capture-duplicates", o.CaptureDuplicates, "share of UDP frames recorded twice")
	f.Float64Var(&o.IPv6, "ipv6", o.IPv6, "share of exchanges over IPv6")
	f.Func("vlan", "802.1Q tag of every frame, 1 to 4094", func(v string) error { return parseVLAN(&o.VLAN, v) })
	f.Float64Var(&o.Large, "large", o.Large, "share of exchanges whose requests need fragments")
	f.IntVar(&o.MTU, "mtu", o.MTU, "of the wire (default 1500)")
	f.Float64Var(&o.TCP, "tcp", o.TCP, "share of exchanges with SIP over TCP")
	f.IntVar(&o.SegmentSize, "segment", o.SegmentSize, "octets in a TCP segment (default 1400)")
	f.Float64Var(&o.Coalesce, "coalesce", o.Coalesce, "share of provisional responses over TCP that travel with the next message")
	f.Float64Var(&o.SwapSegments, "swap-segments", o.SwapSegments, "share of TCP segments that swap places with the next")
	f.Float64Var(&o.Resend, "resend", o.Resend, "share of TCP segments sent twice")
	f.Float64Var(&o.Noise, "noise", o.Noise, "frames per second of other traffic")
	f.IntVar(&o.Flood, "flood", o.Flood, "strangers who send one request and one RTP packet each")
	f.BoolVar(&o.Evil, "evil", o.Evil, "names and headers that upset terminals and parsers")
	f.BoolVar(&o.PCAPNG, "pcapng", o.PCAPNG, "pcapng instead of pcap")
	return f
}

func parseMix(m *gen.Mix, v string) error {
	if v == "everyday" {
		*m = gen.EverydayMix()
		return nil
	}
	fields := map[string]*int{"answered": &m.Answered, "auth": &m.Auth, "busy": &m.Busy, "cancelled": &m.Cancelled,
		"no_answer": &m.NoAnswer, "rejected": &m.Rejected, "failed": &m.Failed, "timeout": &m.Timeout, "moved": &m.Moved}
	*m = gen.Mix{}
	for _, part := range strings.Split(v, ",") {
		name, weight, _ := strings.Cut(part, "=")
		field, known := fields[name]
		n, err := strconv.Atoi(weight)
		if !known || err != nil {
			return fmt.Errorf("%q is not an outcome and its weight", part)
		}
		*field = n
	}
	return nil
}

func parseSide(s *gen.Side, v string) error {
	sides := map[string]gen.Side{"both": gen.Both, "caller": gen.Caller, "callee": gen.Callee}
	side, ok := sides[v]
	if !ok {
		return errors.New("neither both nor caller nor callee")
	}
	*s = side
	return nil
}

func parseVLAN(vlan *uint16, v string) error {
	n, err := strconv.ParseUint(v, 10, 16)
	*vlan = uint16(n)
	return err
}

// generate writes both files; calls go to the truth as they end, so that
// memory does not grow with them.
func generate(o gen.Options, out, truthName string) error {
	w, err := create(out)
	if err != nil {
		return err
	}
	defer w.Close() //nolint:errcheck // closed below; this is for the way out on errors
	list := &truthFile{}
	if truthName != "" {
		if list, err = newTruthFile(truthName); err != nil {
			return err
		}
		o.OnCall = list.add
	} else {
		o.OnCall = func(*gen.Call) error { return nil }
	}
	began := time.Now()
	truth, err := gen.Write(w, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%d frames, %d octets, %d SIP messages, %d RTP packets in %.1f s\n", truth.Totals.Frames, truth.Totals.Octets,
		truth.Totals.SIPMessages, truth.Totals.RTPPackets, time.Since(began).Seconds())
	return errors.Join(list.close(truth.Totals), w.Close())
}

func create(name string) (io.WriteCloser, error) {
	if name == "-" {
		return os.Stdout, nil
	}
	return os.Create(name)
}

// A truthFile is JSON as of gen.Truth, written call by call.
type truthFile struct {
	file *os.File
	w    *bufio.Writer
	some bool
}

func newTruthFile(name string) (*truthFile, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	t := &truthFile{file: f, w: bufio.NewWriter(f)}
	_, err = t.w.WriteString("{\"calls\":[")
	return t, err
}

func (t *truthFile) add(c *gen.Call) error {
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	separator := "\n"
	if t.some {
		separator = ",\n"
	}
	t.some = true
	if _, err := t.w.WriteString(separator); err != nil {
		return err
	}
	_, err = t.w.Write(b)
	return err
}

func (t *truthFile) close(totals gen.Totals) error {
	if t.file == nil {
		return nil
	}
	b, err := json.Marshal(totals)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(t.w, "\n],\"totals\":%s}\n", b); err != nil {
		return err
	}
	return errors.Join(t.w.Flush(), t.file.Close())
}
