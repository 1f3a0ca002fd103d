package pipeline_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"sipsniff/decode"
	"sipsniff/internal/pipeline"
)

// TestESPNullElsewhere reads SIP out of ESP in captures from elsewhere: as
// many messages as tshark finds, with and without looking into ESP.
func TestESPNullElsewhere(t *testing.T) {
	list, err := filepath.Glob("../../../shared/pcaps/oracle/*.espnull.txt")
	if err != nil || len(list) == 0 {
		t.Skip("no captures from elsewhere here")
	}
	for _, text := range list {
		id, _, _ := bytes.Cut([]byte(filepath.Base(text)), []byte("."))
		name := filepath.Join("../../../shared/pcaps/files", string(id)+".pcapng")
		var counts [2]int
		for i, look := range []string{"FALSE", "TRUE"} {
			out := tshark(t, "-r", name, "-o", "esp.enable_null_encryption_decode_heuristic:"+look, "-Y", "sip", "-T", "fields", "-e", "sip.CSeq.seq", "-E", "aggregator=\n")
			if out == nil {
				return
			}
			counts[i] = len(bytes.Fields(out))
			r := run(t, pipeline.Config{Source: open(t, name), Decoder: decode.Config{ESPNull: look == "TRUE"}})
			got := 0
			for _, n := range r.Snapshot.Transports {
				got += int(n)
			}
			if got != counts[i] {
				t.Errorf("%s, looking into ESP %s: %d messages, tshark has %d", id, look, got, counts[i])
			}
		}
		if counts[0] >= counts[1] {
			t.Errorf("%s: %d messages without ESP, %d with it", id, counts[0], counts[1])
		}
	}
}
