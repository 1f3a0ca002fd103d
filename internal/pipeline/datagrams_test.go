package pipeline_test

import (
	"context"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"sipsniff/capture"
	"sipsniff/internal/pipeline"
)

// TestDatagrams compares the STUN and DTLS counts of the captures from
// elsewhere with the frames that tshark takes for them. It counts a message in
// TURN once with its envelope, and STUN in ICMP errors as well.
func TestDatagrams(t *testing.T) {
	folder := shared(t, "pcaps")
	differs := map[string]string{
		"c0140": "32 messages have a length that is not a multiple of four (RFC 8489 §5)",
		"c0360": "one message is quoted in an ICMP error",
		"c0387": "one message is quoted in an ICMP error",
	}
	compared := 0
	for _, row := range readTable(t, filepath.Join(folder, "catalog.tsv")) {
		stun, dtls := feature(row["features"], "stun"), feature(row["features"], "dtls")
		if stun+dtls == 0 {
			continue
		}
		src, err := capture.Open([]string{filepath.Join(folder, row["file"])}, capture.Options{})
		if err != nil {
			continue // a format that is not read, see the first issue's oracle test
		}
		p := pipeline.New(pipeline.Config{Source: src})
		if err := p.Run(context.Background()); err != nil {
			t.Errorf("%s: %v", row["id"], err)
		}
		d := p.Snapshot().Datagrams
		turn := d.TURNChannelData + d.TURNIndications
		got := d.STUNRequests + d.STUNResponses + d.STUNErrors + d.STUNIndications
		switch {
		case differs[row["id"]] != "":
			t.Logf("%s: %d of %d: %s", row["id"], got, stun, differs[row["id"]])
		case turn > 0:
			if got+turn < stun || d.DTLS < dtls {
				t.Errorf("%s: STUN %d and TURN %d, tshark %d; DTLS %d, tshark %d", row["id"], got, turn, stun, d.DTLS, dtls)
			}
		case got != stun || d.DTLS != dtls:
			t.Errorf("%s: STUN %d, tshark %d; DTLS %d, tshark %d", row["id"], got, stun, d.DTLS, dtls)
		}
		compared++
	}
	if compared < 20 {
		t.Errorf("%d captures were compared", compared)
	}
}

// feature reads "name:3" out of a list of features.
func feature(list, name string) uint64 {
	m := regexp.MustCompile(`(?:^| )` + name + `:(\d+)`).FindStringSubmatch(list)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseUint(m[1], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
