package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestStreamWithoutCall: it is there like any other, with what is guessed of
// it marked as a guess.
func TestStreamWithoutCall(t *testing.T) {
	r := heard("PCMA")
	s := *r.Snapshot.Streams[0]
	s.Call, s.CodecFrom, s.Detected, s.Continues, s.Ending = nil, "guess", "suspect", 7, "bye"
	r.Snapshot.Streams[0] = &s
	r.Snapshot.Orphans, r.Snapshot.Mistaken = 1, 3
	doc := documentOf(t, r)
	stream := doc["streams"].([]any)[0].(map[string]any)
	for name, want := range map[string]any{"call_id": nil, "codec": "PCMA", "codec_from": "guess", "detected": "suspect", "continues": 7.0, "ended_by": "bye",
		"mos_basis": "G.107 PCMA Ie=0 Bpl=25.1, codec is a guess"} {
		if got, there := stream[name]; !there || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if got := doc["capture"].(map[string]any)["rtp_false_positives"]; got != 3.0 {
		t.Errorf("%v false positives", got)
	}
	var b bytes.Buffer
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"PCMA?", "~4.23", "without a call: 1 stream (suspect 1); a codec with ? is a guess\n", "taken for RTP by mistake: 3 streams\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "PCMA?") && strings.Fields(line)[1] != "-" {
			t.Errorf("the column of the call is not - in %q", line)
		}
	}
}

// What is not known of a stream of a call is absent.
func TestStreamOfCall(t *testing.T) {
	stream := documentOf(t, heard("PCMA"))["streams"].([]any)[0].(map[string]any)
	for _, name := range []string{"detected", "continues", "codec_from"} {
		if got, there := stream[name]; there {
			t.Errorf("%s is %v", name, got)
		}
	}
	if got := stream["ended_by"]; got != "call_end" {
		t.Errorf("ended by %v", got)
	}
}
