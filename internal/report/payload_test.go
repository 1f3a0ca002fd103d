package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/fax"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/video"
)

func pressed() *correlate.Call {
	return &correlate.Call{Index: 1, DTMF: []correlate.Digit{
		{Source: correlate.DigitEvent, Key: "1", At: 1e9, Last: 1_100_000_000, Duration: 120e6, Volume: -10, HasVolume: true, FromCaller: true, Frame: 7, Stream: 2, Ended: true},
		{Source: correlate.DigitEvent, Key: "4", At: 2e9, Last: 2_040_000_000, Duration: 40e6, Volume: -10, HasVolume: true, FromCaller: true, Frame: 9, Stream: 2, Doubled: true},
		{Source: correlate.DigitInband, Key: "4", At: 2_010_000_000, Duration: 51e6, Volume: -14, HasVolume: true, FromCaller: true, Frame: 10, Stream: 2, Ended: true, Again: true},
		{Source: correlate.DigitInfo, Key: "#", At: 3e9, Duration: -1, Ended: true},
	}}
}

// Keys are stars, everywhere, unless they were asked for.
func TestKeysJSON(t *testing.T) {
	for _, show := range []bool{false, true} {
		text, err := json.Marshal(newCallDigits(pressed(), show, 10e9))
		if err != nil {
			t.Fatal(err)
		}
		k := func(key string) string {
			if show {
				return key
			}
			return "*"
		}
		want := `{"dtmf":"` + k("1") + k("4") + k("#") + `","dtmf_events":[` +
			`{"at":"1970-01-01T00:00:01.000000000Z","source":"rfc4733","key":"` + k("1") + `","from":"caller","duration_ms":120,"volume_dbm0":-10,"frame":7,"stream_id":2},` +
			`{"at":"1970-01-01T00:00:02.000000000Z","source":"rfc4733","key":"` + k("4") + `","from":"caller","duration_ms":40,"volume_dbm0":-10,"frame":9,"stream_id":2,"dtmf_no_end":true,"doubled":true},` +
			`{"at":"1970-01-01T00:00:02.010000000Z","source":"inband","key":"` + k("4") + `","from":"caller","duration_ms":51,"level_dbov":-14,"frame":10,"stream_id":2,"same_press":true},` +
			`{"at":"1970-01-01T00:00:03.000000000Z","source":"info","key":"` + k("#") + `","from":"callee","frame":0}]}`
		if string(text) != want {
			t.Errorf("show %v:\n%s, want\n%s", show, text, want)
		}
	}
	if text, _ := json.Marshal(newCallDigits(&correlate.Call{}, true, 0)); string(text) != "{}" {
		t.Errorf("a call without keys: %s", text)
	}
}

func TestPayloadText(t *testing.T) {
	s := &correlate.Snapshot{Last: 10e9, Calls: []*correlate.Call{pressed()}, Streams: []*correlate.Stream{
		{ID: 3, Content: &correlate.Content{VideoRead: true, Video: &video.Report{Frames: 300, FPS: 25, HasEnds: true, Incomplete: 2, Width: 640, Height: 480, Keys: 1, Freezes: 2, Frozen: 1_500_000_000}}},
		{ID: 4, UDPTL: true, Quality: quality.Report{Lost: 3, Recovered: 2}, Fax: &fax.Report{Pages: 2, Confirmed: 1, Seen: true, Modem: "V.17", Rate: 14400, HasECM: true, ECM: true}},
		{ID: 5, Content: &correlate.Content{}},
	}}
	var b bytes.Buffer
	if err := writePayloads(&b, s, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"   1  00:00:01.000  caller  RFC 4733  * *               40  1 without end, 1 doubled",
		"   1  00:00:02.010  caller  in-band   *                 51  1 told before",
		"   1  00:00:03.000  callee  INFO      *                  -",
		"-\n\nStream 3: video, 300 frames, 25.0 a second, 2 incomplete, 640x480, 1 key frame, frozen 2 times, 1.5 s in all\nStream 4: fax, ",
		"Stream 4: fax, 2 pages, 1 confirmed, V.17 at 14400 bit/s, with error correction, 2 of 3 lost packets recovered",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.ContainsAny(b.String(), "#") || strings.Contains(b.String(), "Stream 5") {
		t.Errorf("too much:\n%s", b.String())
	}
}

func TestPayloadJSON(t *testing.T) {
	of := func(s *correlate.Stream) string {
		text, err := json.Marshal(newPayload(s, false))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	// 50 packets of 20 ms in a second: 64, 68.8 and 80 kbit/s.
	audio := &correlate.Stream{First: 0, Last: 980e6, Octets: 8000, OctetsRTP: 8600, OctetsIP: 10000, TTL: []uint8{64}, Quality: quality.Report{PTime: 20}}
	if got, want := of(audio), `{"bit_rate":{"payload":64000,"rtp":68800,"ip":80000},"ttl":[64]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	film := &correlate.Stream{Content: &correlate.Content{Video: &video.Report{Frames: 10, Freezes: 1, Frozen: 400e6, LongestFreeze: 400e6}, Parity: 3, RecoveredRetransmission: 1}}
	if got, want := of(film), `{"ttl":[],"video":{"frames":10,"late_packets":0,"freezes":1,"frozen_ms":400,"longest_freeze_ms":400},"recovered_rtx":1,"fec_packets":3}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	letter := &correlate.Stream{UDPTL: true, Quality: quality.Report{Lost: 2, Recovered: 1}, Fax: &fax.Report{RecoveredRedundancy: 1, Redundancy: 2, Indicators: []fax.Count{{Name: "CNG", Times: 1}}, Pages: 1}}
	if got, want := of(letter), `{"ttl":[],"fax":{"recovered_redundancy":1,"recovered_fec":0,"residual_lost":1,"redundancy":2,"fec":false,"malformed":0,"indicators":{"CNG":1},"pages":1,"bad_frames":0,"disconnected":false}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	text, err := json.Marshal(newStream(letter, &Result{}))
	if err != nil || !strings.Contains(string(text), `"ssrc":null`) || !strings.Contains(string(text), `"kind":"udptl"`) || !strings.Contains(string(text), `"payload_type":null`) {
		t.Errorf("%s %v", text, err)
	}
}
