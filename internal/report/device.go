package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/decode/vq"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// deviceReport is what an end of a call says of its media in signalling. The
// measurements have the names of decode/vq.
type deviceReport struct {
	Source   string         `json:"source"` // "vq-rtcpxr", "p-rtp-stat", "x-rtp-stat" or "hep-report"
	Basis    string         `json:"basis"`  // "device": nobody but the device vouches for it; "agent": of HEP, likewise
	Kind     string         `json:"kind,omitempty"`
	Detail   string         `json:"detail,omitempty"`
	At       string         `json:"at"`
	Frame    int            `json:"frame"`
	Sender   string         `json:"sender"`         // of the message
	Side     string         `json:"side,omitempty"` // "caller" or "callee", where known
	StreamID int            `json:"stream_id,omitempty"`
	CallID   string         `json:"call_id,omitempty"` // that the report names
	LocalID  string         `json:"local_id,omitempty"`
	RemoteID string         `json:"remote_id,omitempty"`
	OrigID   string         `json:"orig_id,omitempty"`
	DialogID string         `json:"dialog_id,omitempty"`
	Local    string         `json:"local,omitempty"`
	Remote   string         `json:"remote,omitempty"`
	SSRC     string         `json:"ssrc,omitempty"` // of the stream that the device received
	Metrics  map[string]any `json:"metrics,omitempty"`
	Others   map[string]any `json:"remote_metrics,omitempty"` // what the other end measured
}

func newDeviceReports(list []*correlate.DeviceReport) []deviceReport {
	out := make([]deviceReport, len(list))
	for i, d := range list {
		out[i] = newDeviceReport(d)
	}
	return out
}

func newDeviceReport(d *correlate.DeviceReport) deviceReport {
	basis := "device"
	if d.Source == "hep-report" {
		basis = "agent"
	}
	out := deviceReport{Source: d.Source, Basis: basis, At: stamp(d.Nanos), Frame: d.Frame, Sender: addr(d.Src), StreamID: d.StreamID, Metrics: measurements(d.Stat)}
	if d.HasCaller {
		out.Side = "callee"
		if d.FromCaller {
			out.Side = "caller"
		}
	}
	if r := d.Report; r != nil {
		out.Kind, out.Detail, out.CallID = r.Kind, r.Detail, r.CallID
		out.LocalID, out.RemoteID, out.OrigID, out.DialogID = r.LocalID, r.RemoteID, r.OrigID, r.DialogID
		out.Local, out.Remote = addr(r.Local.Addr), addr(r.Remote.Addr)
		if r.Remote.HasSSRC {
			out.SSRC = fmt.Sprintf("0x%08X", r.Remote.SSRC)
		}
		out.Metrics, out.Others = measurements(r.LocalMetrics), measurements(r.RemoteMetrics)
	}
	return out
}

func measurements(m *vq.Metrics) map[string]any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m.Numbers)+len(m.Texts)+2)
	for name, v := range m.Numbers {
		out[name] = v
	}
	for name, v := range m.Texts {
		out[name] = v
	}
	for name, v := range map[string]string{"start": m.Start, "stop": m.Stop} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// mostDeviceReports is how many reports of devices the text report lists.
const mostDeviceReports = 200

// writeDeviceReports lists what devices report, in their order of the calls.
func writeDeviceReports(w io.Writer, s *correlate.Snapshot) {
	written, left := 0, 0
	for _, c := range s.Calls {
		for _, d := range c.DeviceReports {
			if written == mostDeviceReports {
				left++
				continue
			}
			if written++; written == 1 {
				fmt.Fprintln(w, "\nReported by devices and agents:")
			}
			fmt.Fprintf(w, "call %d, %s: %s\n", c.Index, deviceName(d), clean.Line(deviceText(d)))
		}
	}
	if left > 0 {
		fmt.Fprintf(w, "and %s more, see --format json\n", amount.Grouped(left))
	}
}

func deviceName(d *correlate.DeviceReport) string {
	name := d.Source + " of " + addr(d.Src)
	if d.Report != nil {
		name = d.Source + " " + d.Report.Kind + " of " + addr(d.Src)
	}
	if d.StreamID > 0 {
		name += " on stream " + strconv.Itoa(d.StreamID)
	}
	return name
}

// deviceFigures are the measurements that a line has room for.
var deviceFigures = [...]struct{ name, before, after string }{
	{"packets_sent", "packets sent ", ""}, {"packets_received", "received ", ""}, {"packets_lost", "lost ", ""},
	{"loss_percent", "lost ", " %"}, {"discard_percent", "discarded ", " %"}, {"jitter_ms", "jitter ", " ms"}, {"jitter", "jitter ", ""},
	{"round_trip_ms", "round trip ", " ms"}, {"latency_ms", "latency ", " ms"}, {"mos_lq", "MOS-LQ ", ""}, {"mos_cq", "MOS-CQ ", ""},
}

func deviceText(d *correlate.DeviceReport) string {
	m := d.Stat
	if d.Report != nil {
		m = d.Report.LocalMetrics
	}
	if m == nil {
		return d.Report.Detail
	}
	var parts []string
	for _, f := range deviceFigures {
		if v, ok := m.Numbers[f.name]; ok {
			parts = append(parts, f.before+strconv.FormatFloat(v, 'f', -1, 64)+f.after)
		}
	}
	if len(parts) == 0 {
		return "nothing measured"
	}
	return strings.Join(parts, ", ")
}
