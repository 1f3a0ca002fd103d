package vq

import (
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"
)

// agentNumbers are the figures of a quality report of HEP agents, as they
// name them, for the stream from SRC to DST.
var agentNumbers = map[string]field{
	"TOTAL_PK": {name: "packets_received", to: 1e12}, "EXPECTED_PK": {name: "packets_expected", to: 1e12}, "PACKET_LOSS": {name: "packets_lost", to: 1e12},
	"OUT_ORDER": {name: "packets_reordered", to: 1e12}, "TL_BYTE": {name: "octets_received", to: 1e15},
	"JITTER": {name: "jitter_ms", to: maxMillis}, "MEAN_JITTER": {name: "mean_jitter_ms", to: maxMillis}, "MAX_JITTER": {name: "max_jitter_ms", to: maxMillis},
	"DELTA": {name: "delta_ms", to: maxMillis}, "MAX_DELTA": {name: "max_delta_ms", to: 1e9},
	"MOS": {name: "mos_lq", from: 1, to: 5}, "MEAN_MOS": {name: "mean_mos_lq", from: 1, to: 5}, "MIN_MOS": {name: "min_mos_lq", from: 1, to: 5},
	"R_FACTOR": {name: "r_lq", to: 120}, "RFACTOR": {name: "r_lq", to: 120}, "MEAN_RFACTOR": {name: "mean_r_lq", to: 120},
	"CODEC_PT": {name: "payload_type", to: 127}, "CLOCK": {name: "sample_rate", to: 1e6}, "CODEC_NAME": {name: "codec", text: true},
}

// maxAgent is how long a report can be, in octets; agents write about a
// thousand. Decompression makes much of little, and values of JSON take more
// yet.
const maxAgent = 1 << 16

// ParseAgent reads the JSON of a quality report that an agent sends over HEP;
// ok is false when there is nothing of use in it.
func ParseAgent(b []byte) (r Report, ok bool) {
	var values map[string]json.RawMessage
	if len(b) > maxAgent || json.Unmarshal(b, &values) != nil {
		return Report{}, false
	}
	if plain(values["R_FACTOR"]) != "" {
		delete(values, "RFACTOR")
	}
	m := new(Metrics)
	for key, f := range agentNumbers {
		v := plain(values[key])
		switch {
		case v == "":
		case f.text:
			m.Texts = map[string]string{f.name: keep(v)}
		default:
			m.number(f, v)
		}
	}
	r = Report{Kind: "quality", Detail: keep(plain(values["TYPE"])), LocalMetrics: m}
	if r.CallID = keep(plain(values["RTP_SIP_CALL_ID"])); r.CallID == "" {
		r.CallID = keep(plain(values["CORRELATION_ID"]))
	}
	r.Remote.Addr = addrOf(plain(values["SRC_IP"]), plain(values["SRC_PORT"]))
	r.Local.Addr = addrOf(plain(values["DST_IP"]), plain(values["DST_PORT"]))
	ssrc, err := strconv.ParseUint(plain(values["SSRC"]), 0, 32)
	r.Remote.SSRC, r.Remote.HasSSRC = uint32(ssrc), err == nil
	return r, len(m.Numbers) > 0
}

// plain is a number, or the text of a string; "" for anything else.
func plain(v json.RawMessage) string {
	var s string
	switch {
	case len(v) == 0 || v[0] == '{' || v[0] == '[':
		return ""
	case v[0] == '"' && json.Unmarshal(v, &s) == nil:
		return s
	}
	return strings.TrimSpace(string(v))
}

func addrOf(host, port string) netip.AddrPort {
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	n, _ := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addr.Unmap().WithZone(""), uint16(n))
}
