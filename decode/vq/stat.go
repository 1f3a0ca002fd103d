package vq

import (
	"strconv"
	"strings"
)

// StatHeaders are the headers of BYE, and of responses to it, in which some
// telephones tell how much they sent and received.
var StatHeaders = [...]string{"P-RTP-Stat", "X-RTP-Stat"}

// statFields are the fields of these headers that devices agree on. The unit
// of the jitter is the device's own.
var statFields = map[string]field{
	"ps": {name: "packets_sent", to: 1e12}, "os": {name: "octets_sent", to: 1e15}, "pr": {name: "packets_received", to: 1e12},
	"or": {name: "octets_received", to: 1e15}, "pl": {name: "packets_lost", from: -1e12, to: 1e12}, "ji": {name: "jitter", to: 1e9},
	"la": {name: "latency_ms", to: maxMillis}, "du": {name: "duration_s", to: 1e9}, "cd": {name: "duration_s", to: 1e9},
	"en": {name: "encoder", text: true}, "de": {name: "decoder", text: true},
}

// ParseStat reads "PS=1038,OS=166080,PR=1037,…"; ok is false when nothing in
// it is known. Some devices put semicolons between the fields and lists into
// them, of which the first number counts.
func ParseStat(value string) (m Metrics, ok bool) {
	between := ","
	if strings.Contains(value, ";") {
		between = ";"
	}
	const maxFields = 64
	for range maxFields {
		var part string
		part, value, _ = strings.Cut(value, between)
		key, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		f := statFields[strings.ToLower(strings.TrimSpace(key))]
		v = strings.TrimSpace(v)
		switch {
		case f.name == "" || v == "":
		case f.text:
			if m.Texts == nil {
				m.Texts = make(map[string]string)
			}
			m.Texts[f.name] = keep(v)
		default:
			m.number(f, firstNumber(v))
		}
		if value == "" {
			break
		}
	}
	return m, len(m.Numbers) > 0
}

// firstNumber is the number that a text begins with.
func firstNumber(s string) string {
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || s[end] == '-' && end == 0) {
		end++
	}
	if _, err := strconv.ParseFloat(s[:end], 64); err != nil {
		return ""
	}
	return s[:end]
}
