package vq

import (
	"math"
	"strconv"
)

// A field is one value of a metrics line: what we call it, and the numbers it
// can be. One that is text has no bounds.
type field struct {
	name     string
	from, to float64
	text     bool
}

const (
	maxMillis  = 1e7
	maxPercent = 100
)

// lines are the lines of metrics and their fields (RFC 6035 §4.6.2).
var lines = map[string]map[string]field{
	"sessiondesc": {
		"pt": {name: "payload_type", to: 127}, "pd": {name: "codec", text: true}, "sr": {name: "sample_rate", to: 1e6},
		"fd": {name: "frame_duration_ms", to: maxMillis}, "fo": {name: "frame_octets", to: 1e5}, "fpp": {name: "frames_per_packet", to: 1e4},
		"pps": {name: "packets_per_second", to: 1e5}, "fmtp": {name: "fmtp", text: true}, "plc": {name: "plc", to: 3},
		"ssup": {name: "silence_suppression", text: true},
	},
	"jitterbuffer": {
		"jba": {name: "jitter_buffer_kind", to: 3}, "jbr": {name: "jitter_buffer_rate", to: 15}, "jbn": {name: "jitter_buffer_nominal_ms", to: maxMillis},
		"jbm": {name: "jitter_buffer_max_ms", to: maxMillis}, "jbx": {name: "jitter_buffer_abs_max_ms", to: maxMillis},
	},
	"packetloss": {"nlr": {name: "loss_percent", to: maxPercent}, "jdr": {name: "discard_percent", to: maxPercent}},
	"burstgaploss": {
		"bld": {name: "burst_loss_percent", to: maxPercent}, "bd": {name: "burst_duration_ms", to: maxMillis},
		"gld": {name: "gap_loss_percent", to: maxPercent}, "gd": {name: "gap_duration_ms", to: 1e9}, "gmin": {name: "gmin", to: 255},
	},
	"delay": {
		"rtd": {name: "round_trip_ms", to: maxMillis}, "esd": {name: "end_system_delay_ms", to: maxMillis}, "owd": {name: "one_way_ms", to: maxMillis},
		"sowd": {name: "symmetric_one_way_ms", to: maxMillis}, "iaj": {name: "jitter_ms", to: maxMillis}, "maj": {name: "mean_absolute_jitter_ms", to: maxMillis},
	},
	"signal": {"sl": {name: "signal_dbm0", from: -120, to: 20}, "nl": {name: "noise_dbm0", from: -120, to: 20}, "rerl": {name: "rerl_db", to: 126}},
	"qualityest": {
		"rlq": {name: "r_lq", to: 120}, "rcq": {name: "r_cq", to: 120}, "extri": {name: "external_r_in", to: 120}, "extro": {name: "external_r_out", to: 120},
		"moslq": {name: "mos_lq", from: 1, to: 5}, "moscq": {name: "mos_cq", from: 1, to: 5}, "qoeestalg": {name: "algorithm", text: true},
	},
}

// line takes a line of metrics and reports whether it is one.
func (m *Metrics) line(name, value string) bool {
	if name == "timestamps" {
		for key, v := range pairs(value) {
			switch key {
			case "start":
				m.Start = keep(v)
			case "stop":
				m.Stop = keep(v)
			}
		}
		return true
	}
	fields, ok := lines[name]
	if !ok {
		return false
	}
	for key, v := range pairs(value) {
		f := fields[key]
		switch {
		case f.name == "" || v == "":
		case f.text:
			if m.Texts == nil {
				m.Texts = make(map[string]string)
			}
			m.Texts[f.name] = keep(v)
		default:
			m.number(f, v)
		}
	}
	return true
}

// number takes a number that can be. 127 stands for none in many of them,
// beyond what they can be (RFC 3611 §4.7.4).
func (m *Metrics) number(f field, text string) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || v < f.from || v > f.to {
		return
	}
	if m.Numbers == nil {
		m.Numbers = make(map[string]float64)
	}
	m.Numbers[f.name] = v
}
