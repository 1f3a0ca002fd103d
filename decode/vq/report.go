package vq

import (
	"net/netip"
	"strconv"
	"strings"
)

// ContentType is the media type of a report.
const ContentType = "application/vq-rtcpxr"

const (
	maxLines = 256
	maxText  = 256 // octets that are kept of one value
)

// A Report is one body of the type application/vq-rtcpxr. Its texts are copies.
type Report struct {
	Kind   string // "session", "interval" or "alert"
	Detail string // "CallTerm", or what the alert is about

	CallID, LocalID, RemoteID, OrigID string
	LocalGroup, RemoteGroup           string
	LocalMAC, RemoteMAC               string
	DialogID                          string

	Local, Remote               End // Local received the stream that LocalMetrics is about
	LocalMetrics, RemoteMetrics *Metrics
}

// An End is where one side has its media.
type End struct {
	Addr    netip.AddrPort // invalid when not said
	SSRC    uint32         // of what it sends
	HasSSRC bool
}

// Metrics are the measurements of one direction.
type Metrics struct {
	Start, Stop string // as the device writes them
	Texts       map[string]string
	Numbers     map[string]float64
}

// kinds are the first lines of reports.
var kinds = map[string]string{"vqsessionreport": "session", "vqintervalreport": "interval", "vqalertreport": "alert"}

// Parse reads a report; ok is false when text is none. Lines that are not
// understood are left alone.
func Parse(text string) (r Report, ok bool) {
	var metrics *Metrics
	for range maxLines {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		name, value, found := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !found && (ok || name == ""):
		case !ok: // the colon of the first line may be missing
			if r.Kind, ok = kinds[name]; !ok {
				return Report{}, false
			}
			r.Detail = keep(value)
		case name == "localmetrics":
			metrics = new(Metrics)
			r.LocalMetrics = metrics
		case name == "remotemetrics":
			metrics = new(Metrics)
			r.RemoteMetrics = metrics
		case metrics == nil || !metrics.line(name, value):
			r.line(name, value)
		}
		if text == "" {
			break
		}
	}
	return r, ok
}

// line takes a line that is about the whole report.
func (r *Report) line(name, value string) {
	switch name {
	case "localaddr":
		r.Local = endOf(value)
	case "remoteaddr":
		r.Remote = endOf(value)
	}
	if to := r.text(name); to != nil && *to == "" {
		*to = keep(value)
	}
}

func (r *Report) text(name string) *string {
	switch name {
	case "callid":
		return &r.CallID
	case "localid":
		return &r.LocalID
	case "remoteid":
		return &r.RemoteID
	case "origid":
		return &r.OrigID
	case "localgroup":
		return &r.LocalGroup
	case "remotegroup":
		return &r.RemoteGroup
	case "localmac":
		return &r.LocalMAC
	case "remotemac":
		return &r.RemoteMAC
	case "dialogid":
		return &r.DialogID
	}
	return nil
}

// endOf reads "IP=192.0.2.1 PORT=4000 SSRC=0x1a3b5c7d"; some write colons for
// the equals signs. An SSRC is hexadecimal with or without its mark.
func endOf(value string) End {
	var e End
	var host, port string
	for _, part := range strings.Fields(value) {
		at := strings.IndexAny(part, "=:")
		if at < 0 {
			continue
		}
		switch v := part[at+1:]; strings.ToLower(part[:at]) {
		case "ip":
			host = v
		case "port":
			port = v
		case "ssrc":
			n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(v), "0x"), 16, 32)
			e.SSRC, e.HasSSRC = uint32(n), err == nil
		}
	}
	e.Addr = addrOf(host, port)
	return e
}

// pairs yields the KEY=value of a line, keys in lower case. A value in quotes
// may have spaces.
func pairs(s string) func(yield func(key, value string) bool) {
	return func(yield func(key, value string) bool) {
		for {
			s = strings.TrimLeft(s, " \t;,")
			key, rest, found := strings.Cut(s, "=")
			if !found {
				return
			}
			if i := strings.LastIndexAny(key, " \t"); i >= 0 {
				key = key[i+1:] // words without a value
			}
			var value string
			value, s = valueOf(rest)
			if !yield(strings.ToLower(key), value) {
				return
			}
		}
	}
}

func valueOf(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s[1:], `"`)
		return value, rest
	}
	if i := strings.IndexAny(s, " \t\r"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// keep copies a text, so that it does not hold the whole message.
func keep(s string) string { return strings.Clone(s[:min(len(s), maxText)]) }
