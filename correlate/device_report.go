package correlate

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/sip"
	"sipsniff/decode/vq"
)

// A DeviceReport is what one end of a call says of its media, in signalling
// (spec §5.13). Nobody but the device vouches for it.
type DeviceReport struct {
	Source     string // "vq-rtcpxr", "p-rtp-stat", "x-rtp-stat"; "hep-report" is what an agent measured
	Frame      int
	Nanos      int64
	Src        netip.AddrPort // of the message
	HasCaller  bool           // FromCaller is known
	FromCaller bool           // the caller's side sent it

	// StreamID is the stream that the device received and measured, 0 when
	// none of the call's is.
	StreamID int

	Report *vq.Report  // of vq-rtcpxr
	Stat   *vq.Metrics // of the others

	text uint64 // hash, to know what comes again
}

const (
	maxDeviceReports   = 32   // of one call; the oldest make room
	maxPendingReports  = 256  // of calls that are not known yet
	deviceReportMemory = 3000 // octets, an estimate
)

// deviceReports reads what devices report in a message.
func (t *Tracker) deviceReports(r *callRecord, kept *Message, p *decode.Packet, m *sip.Message) {
	if p.Duplicate {
		return
	}
	if m.IsRequest() && m.Body != "" && strings.EqualFold(m.ContentType, vq.ContentType) {
		if report, ok := vq.Parse(m.Body); ok {
			t.voiceReport(r, &DeviceReport{Source: "vq-rtcpxr", Report: &report, text: t.hashOf(m.Body)}, kept)
		}
	}
	if m.CSeq.Method != "BYE" {
		return
	}
	for _, name := range vq.StatHeaders {
		value, ok := m.Header(name)
		if !ok {
			continue
		}
		if stat, ok := vq.ParseStat(value); ok {
			d := &DeviceReport{Source: strings.ToLower(name), Stat: &stat, HasCaller: true, FromCaller: r.fromCaller(kept), text: t.hashOf(value)}
			t.attachReport(r, d.from(kept))
		}
	}
}

func (d *DeviceReport) from(m *Message) *DeviceReport {
	d.Frame, d.Nanos, d.Src = m.Frame, m.Nanos, m.Src
	return d
}

func (t *Tracker) hashOf(s string) uint64 {
	t.hash.Reset()
	t.hash.text(s)
	return t.hash.Sum64()
}

// Quality takes a quality report that an agent sent in HEP, and reports
// whether it is one.
func (t *Tracker) Quality(p *decode.Packet) bool {
	report, ok := vq.ParseAgent(p.Payload)
	if !ok || p.Duplicate {
		return ok
	}
	t.Advance(p.Nanos)
	t.touched = true
	if report.CallID == "" {
		report.CallID = string(p.Correlation[:min(len(p.Correlation), maxControlText)])
	}
	if r := &report; !r.Remote.Addr.IsValid() || !r.Local.Addr.IsValid() {
		r.Remote.Addr, r.Local.Addr = p.Src, p.Dst
	}
	if report.CallID == "" {
		return true
	}
	d := &DeviceReport{Source: "hep-report", Frame: p.Frame, Nanos: p.Nanos, Src: p.Src, Report: &report}
	d.text = t.hashOf(report.Remote.Addr.String() + report.Local.Addr.String() + strconv.Itoa(int(report.Remote.SSRC)))
	if r := t.calls[report.CallID]; r != nil {
		t.renewReport(r, d)
	} else {
		t.pending.add(pendingReport{report.CallID, nil, d})
	}
	return true
}

// renewReport puts a report in the place of the one before about the same
// stream: an agent sends one every few seconds, over all packets so far.
func (t *Tracker) renewReport(r *callRecord, d *DeviceReport) {
	i := slices.IndexFunc(r.devices, func(o *DeviceReport) bool { return o.Source == d.Source && o.text == d.text })
	if i < 0 {
		t.attachReport(r, d)
		return
	}
	if r.devices[i].Nanos <= d.Nanos {
		r.devices = slices.Clone(r.devices)
		r.devices[i] = d
		t.mark(r)
	}
}

// voiceReport gives a report to the call that it names. Until that is known
// it stays with the message that brought it.
func (t *Tracker) voiceReport(r *callRecord, d *DeviceReport, m *Message) {
	d.from(m)
	callID := d.Report.CallID
	if about := t.calls[callID]; callID != "" && about != nil {
		t.attachReport(about, d)
		return
	}
	if t.attachReport(r, d) && callID != "" {
		t.pending.add(pendingReport{callID, r, d})
	}
}

// attachReport adds a report to a record, unless it came before on another
// hop or again. The list that was published stays as it is.
func (t *Tracker) attachReport(r *callRecord, d *DeviceReport) bool {
	same := func(o *DeviceReport) bool { return o.Source == d.Source && o.text == d.text }
	if slices.ContainsFunc(r.devices, same) {
		return false
	}
	list := append(slices.Clone(r.devices), d)
	slices.SortStableFunc(list, func(a, b *DeviceReport) int {
		return cmp.Or(cmp.Compare(a.Nanos, b.Nanos), cmp.Compare(a.Frame, b.Frame))
	})
	if len(list) > maxDeviceReports {
		list = list[1:]
	} else {
		t.account(r, deviceReportMemory)
	}
	r.devices = list
	t.mark(r)
	return true
}

// detachReport takes back what another call turned out to be meant by.
func (t *Tracker) detachReport(r *callRecord, d *DeviceReport) {
	if i := slices.Index(r.devices, d); i >= 0 {
		r.devices = slices.Delete(slices.Clone(r.devices), i, i+1)
		t.account(r, -deviceReportMemory)
		t.mark(r)
	}
}

// pendingReports are the latest reports whose call is not known yet.
type pendingReports struct {
	ring []pendingReport
	next int
}

type pendingReport struct {
	callID string
	with   *callRecord // for the time being; nil: with none
	report *DeviceReport
}

func (p *pendingReports) add(r pendingReport) {
	if len(p.ring) < maxPendingReports {
		p.ring = append(p.ring, r)
		return
	}
	p.ring[p.next] = r
	p.next = (p.next + 1) % maxPendingReports
}

// claimReports gives a call that begins the reports that came before it.
func (t *Tracker) claimReports(r *callRecord) {
	for i := range t.pending.ring {
		p := &t.pending.ring[i]
		if p.report == nil || p.callID != r.ref.CallID {
			continue
		}
		if p.with == nil {
			t.renewReport(r, p.report)
		} else {
			if !p.with.evicted {
				t.detachReport(p.with, p.report)
			}
			t.attachReport(r, p.report)
		}
		*p = pendingReport{}
	}
}

// deviceReportsOf is the published form of a record's reports, with the
// streams that they are about.
func (t *Tracker) deviceReportsOf(r *callRecord) []*DeviceReport {
	if len(r.devices) == 0 {
		return nil
	}
	c := t.streams.calls[r.index]
	if c == nil {
		return r.devices
	}
	out := make([]*DeviceReport, len(r.devices))
	for i, d := range r.devices {
		out[i] = d
		if f := c.measured(d); f != nil && f.id != 0 {
			found := *d
			found.StreamID = f.id
			out[i] = &found
		}
	}
	return out
}

// measured is the stream that a report is about: that of the remote SSRC, else
// the newest between its addresses. Statistics in headers are about the only
// stream to their sender.
func (c *callMedia) measured(d *DeviceReport) *flow {
	var found *flow
	for _, f := range c.flows[max(0, len(c.flows)-maxNamesakes):] {
		switch {
		case f.gone:
		case d.Report == nil:
			if f.fromCaller == d.FromCaller {
				continue
			}
			if found != nil {
				return nil
			}
			found = f
		case d.Report.Remote.HasSSRC && f.key.ssrc == d.Report.Remote.SSRC:
			return f
		case f.key.src == d.Report.Remote.Addr && f.key.dst == d.Report.Local.Addr:
			found = f
		}
	}
	return found
}
