package main

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sipsniff/decode"
	"sipsniff/internal/keylog"
	"sipsniff/internal/pipeline"
	"sipsniff/internal/report"
	"sipsniff/tui"
	"sipsniff/tui/figure"
)

// A screenFeed tells the screens how the input is doing.
type screenFeed struct {
	s *session
	o *options

	mu      sync.Mutex
	log     []tui.Event
	told    map[string]bool // what is in the log
	traffic trafficWatch
	scout   *scout // nil: there is nothing to look past
}

func (o *options) newScreenFeed(s *session) *screenFeed {
	f := &screenFeed{s: s, o: o, told: map[string]bool{}, scout: o.newScout(s.input)}
	f.traffic.begin(s.input)
	return f
}

// status is asked a few times a second, by one goroutine.
func (f *screenFeed) status() tui.Status {
	s := f.s
	st := s.pipeline.Status()
	out := tui.Status{
		Source: sourceTitle(s.input), Filter: s.input.filter, Output: cmp.Or(s.output, s.late.file()), Frames: st.Frames, Octets: st.Octets,
		First: st.First, Last: st.Last, Done: st.Done, Err: st.Err, Undecoded: st.Decode.Undecoded, MediaOff: st.NoMedia,
		Pace: tui.Pace(st.Pace),
	}
	f.addInputs(&out, &st)
	f.addDrops(&out, &st)
	out.Warnings = append(out.Warnings, keylog.Warnings(st.Keys)...)
	if w := s.recordingWarning(); w != "" {
		out.Warnings = append(out.Warnings, w)
	}
	if s.agent != nil {
		for _, to := range s.agent.sender.Sent() {
			if to.Dropped > 0 || to.Error != "" {
				out.Warnings = append(out.Warnings, report.SentLine(to))
			}
		}
	}
	out.TLSHidden, out.TLSPort = hiddenTLS(&st)
	out.Decode = decodeLines(&st.Decode)
	for _, r := range (report.Result{Status: st, Snapshot: s.pipeline.Snapshot()}).Health().Remarks() {
		out.Health = append(out.Health, tui.Remark(r))
	}
	f.addLimits(&out)
	f.addTraffic(&out)
	f.addPorts(&out, &st)
	f.note(&out)
	return out
}

func (f *screenFeed) addInputs(out *tui.Status, st *pipeline.Status) {
	for i := range st.Sources {
		in := &st.Sources[i]
		out.Size += in.Size
		out.Position += in.Position
		for _, w := range in.Warnings {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s: %s", in.Name, w))
		}
		row := tui.Input{Name: in.Name, State: "on", Frames: in.Frames, Octets: in.Octets, Warnings: in.Warnings}
		if st.Done {
			row.State = "done"
		}
		switch {
		case in.Format == "live":
			row.Detail = f.interfaceDetail(in.Name)
		case in.Compression != "":
			row.Detail = in.Format + ", " + in.Compression
		default:
			row.Detail = in.Format
		}
		if in.Drops != nil {
			row.HasDrops = true
			row.Drops = tui.Drops{Kernel: in.Drops.Kernel, Interface: in.Drops.Interface, Queue: in.Drops.Queue}
		} else if st.Drops != nil && len(st.Sources) == 1 {
			row.HasDrops = true
			row.Drops = tui.Drops{Kernel: st.Drops.Kernel, Interface: st.Drops.Interface, Queue: st.Drops.Queue}
		}
		out.Inputs = append(out.Inputs, row)
	}
}

func (f *screenFeed) addDrops(out *tui.Status, st *pipeline.Status) {
	if st.Drops == nil {
		return
	}
	out.Drops = tui.Drops{Kernel: st.Drops.Kernel, Interface: st.Drops.Interface, Queue: st.Drops.Queue}
	out.Dropped = st.Drops.Kernel + st.Drops.Interface + st.Drops.Queue
}

// interfaceDetail is the first address of an interface and how it is read.
func (f *screenFeed) interfaceDetail(name string) string {
	var parts []string
	if in, err := net.InterfaceByName(name); err == nil {
		if addresses, err := in.Addrs(); err == nil && len(addresses) > 0 {
			address, _, _ := strings.Cut(addresses[0].String(), "/")
			parts = append(parts, address)
		}
		if in.Flags&net.FlagUp == 0 {
			parts = append(parts, "down")
		}
	}
	if !f.o.noPromisc && f.o.testSource == "" && name != "any" && name != "lo" {
		parts = append(parts, "promiscuous")
	}
	return strings.Join(parts, "  ")
}

// decodeLines are the counters of decoding that are not zero, but for those that
// the health of the capture is about.
func decodeLines(d *decode.Stats) []string {
	s := &d.Signalling
	var lines []string
	add := func(n uint64, what, more string) {
		if n > 0 {
			lines = append(lines, figure.Counted(n, what)+more)
		}
	}
	add(d.Fragments, "IP fragment", ", "+figure.Counted(d.Reassembled, "datagram")+" put together, "+figure.Grouped(d.FragmentsLost)+" incomplete")
	add(s.Connections, "TCP connection", ", "+figure.Grouped(s.TLS)+" of them TLS, "+figure.Grouped(s.WebSockets)+" WebSocket; "+figure.Counted(s.Gaps, "gap"))
	add(s.KeepAlives, "keep-alive", " of SIP flows")
	add(d.ICMPErrors, "ICMP error", " about SIP or media")
	return lines
}

func (f *screenFeed) addLimits(out *tui.Status) {
	snap := f.s.pipeline.Snapshot()
	out.Limits = limitsText(len(snap.Calls), f.o.maxCalls, int64(f.o.maxMemory))
	if f.s.input.live() && f.o.testSource == "" {
		out.Ring = fmt.Sprintf("%s in the kernel, snaplen %s", sizeText(int64(f.o.bufferKiB)<<10), figure.Grouped(uint64(f.o.snaplen)))
		out.Rights = f.rights()
	}
	if forms, ok := f.s.source.(interface{ Forms() []string }); ok {
		if list := forms.Forms(); len(list) > 0 {
			out.Kernel = list[0]
		}
	}
	if f.s.spool != nil {
		out.Spool = spoolText(f.s.spool.Size(), int64(f.o.spool.size), f.s.spool.MediaSince(), out.Last, f.s.spool.Folder())
	}
}

// limitsText says how much is kept, and what happens then.
func limitsText(calls, most int, memory int64) string {
	return fmt.Sprintf("calls %s of %s, memory for calls and streams up to %s; the oldest leave first", figure.Grouped(uint64(calls)), figure.Grouped(uint64(most)), sizeText(memory))
}

// spoolText says how full a spool is, and of which time sound can still be saved.
func spoolText(size, most, mediaSince, last int64, folder string) string {
	media := "all media"
	if mediaSince != 0 {
		media = "media of the last " + figure.Uptime(time.Duration(max(0, last-mediaSince)))
	}
	return fmt.Sprintf("%s of %s, %s, in %s", sizeText(size), sizeText(most), media, folder)
}

// rights says by what right packets are captured.
func (f *screenFeed) rights() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	if os.Geteuid() == 0 {
		return "root (uid 0)"
	}
	return fmt.Sprintf("cap_net_raw on %s (uid %d)", program, os.Geteuid())
}

// sizeText is octets in the largest unit that leaves a number above one.
func sizeText(n int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	v := float64(n)
	for len(units) > 1 && v >= 1024 {
		v, units = v/1024, units[1:]
	}
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0") + " " + units[0]
}

// hiddenTLS counts the connections that look like SIP and cannot be read, with
// the port of the last.
func hiddenTLS(st *pipeline.Status) (n int, port uint16) {
	for i := range st.Encrypted {
		if c := &st.Encrypted[i]; c.Messages == 0 && c.LooksLikeSIP() {
			n, port = n+1, c.Destination.Port()
		}
	}
	return n, port
}

// addPorts says what comes while there is no SIP: past the capture filter where
// there is one.
func (f *screenFeed) addPorts(out *tui.Status, st *pipeline.Status) {
	snap := f.s.pipeline.Snapshot()
	out.Traffic = trafficOf(st.Traffic, snap, false)
	out.Traffic.TCP = st.Decode.TCP
	if st.Done {
		f.scout.close()
		return
	}
	if !f.scout.look(len(snap.Calls), time.Now()) {
		return
	}
	out.Traffic = trafficOf(f.scout.seen.Traffic, f.scout.streams, true)
	if n, port := hiddenTLS(&f.scout.seen); n > out.TLSHidden {
		out.TLSHidden, out.TLSPort = n, port
	}
}

// close ends what the feed has begun, once nobody asks any more.
func (f *screenFeed) close() { f.scout.close() }

// note writes down what is new among the warnings, and the first drops.
func (f *screenFeed) note(out *tui.Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	lines := slices.Clone(out.Warnings)
	if out.Dropped > 0 {
		lines = append(lines, "packets were dropped for the first time")
	}
	if out.Done {
		lines = append(lines, "the input ended")
	}
	for _, line := range lines {
		if !f.told[line] && len(f.log) < 200 {
			f.told[line] = true
			f.log = append(f.log, tui.Event{At: time.Now().UnixNano(), Text: line})
		}
	}
	out.Log = slices.Clone(f.log)
}

// A trafficWatch counts what comes on the interfaces of this host, read or not.
type trafficWatch struct {
	read  []string
	first map[string]uint64 // packets at the start
	last  map[string]uint64
	at    time.Time
	rates map[string]float64
}

// interfaceCounters is where Linux counts the packets of interfaces.
const interfaceCounters = "/sys/class/net"

func (w *trafficWatch) begin(in input) {
	if !in.live() {
		return
	}
	w.read = in.ifaces
	w.first, w.at = countPackets(), time.Now()
	w.last = w.first
}

func countPackets() map[string]uint64 {
	out := map[string]uint64{}
	entries, err := os.ReadDir(interfaceCounters)
	if err != nil {
		return out // not Linux: nobody counts them
	}
	for _, e := range entries {
		for _, counter := range []string{"rx_packets", "tx_packets"} {
			text, err := os.ReadFile(filepath.Join(interfaceCounters, e.Name(), "statistics", counter))
			if n, bad := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil && bad == nil {
				out[e.Name()] += n
			}
		}
	}
	return out
}

func (f *screenFeed) addTraffic(out *tui.Status) {
	w := &f.traffic
	if w.first == nil {
		return
	}
	now := time.Now()
	if elapsed := now.Sub(w.at); elapsed >= time.Second {
		latest := countPackets()
		w.rates = map[string]float64{}
		for name, n := range latest {
			w.rates[name] = float64(n-min(n, w.last[name])) / elapsed.Seconds()
		}
		w.last, w.at = latest, now
	}
	everywhere := slices.Contains(w.read, "any")
	for name, n := range w.last {
		if everywhere || slices.Contains(w.read, name) {
			out.Any += n - min(n, w.first[name])
		} else if w.rates[name] >= 1 {
			out.Elsewhere = append(out.Elsewhere, tui.Neighbour{Name: name, Packets: w.rates[name]})
		}
	}
	slices.SortFunc(out.Elsewhere, func(a, b tui.Neighbour) int {
		if a.Packets != b.Packets {
			return int(b.Packets - a.Packets)
		}
		return strings.Compare(a.Name, b.Name)
	})
}
