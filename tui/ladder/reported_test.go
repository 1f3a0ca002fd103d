package ladder

import (
	"slices"
	"testing"

	"sipsniff/correlate"
)

// A stream of which only RTCP was seen has no packets to count.
func TestReportedStreamLabel(t *testing.T) {
	for _, tt := range []struct {
		received correlate.ReceiverControl
		want     []string
	}{
		{correlate.ReceiverControl{Reports: 3, Lost: 75, Expected: 750}, []string{"PCMU seen by RTCP only, its receiver lost 10.0%", "PCMU seen by RTCP only", "PCMU RTCP", "PCMU"}},
		{correlate.ReceiverControl{}, []string{"PCMU seen by RTCP only", "PCMU RTCP", "PCMU"}},
	} {
		var got []string
		for _, l := range reported("PCMU", &correlate.Control{Only: true, Received: tt.received}) {
			got = append(got, l.Text)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
