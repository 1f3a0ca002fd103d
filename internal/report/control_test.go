package report

import (
	"encoding/json"
	"slices"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/decode/rtp"
)

func TestControlRemarks(t *testing.T) {
	const behind = "the receiver reports 3.4 % lost, 0.0 % here: lost behind this point"
	tests := []struct {
		name string
		s    correlate.Stream
		want []string
	}{
		{"no RTCP", correlate.Stream{}, nil},
		{"agreement", correlate.Stream{Control: &correlate.Control{Compared: correlate.LossSplit{Intervals: 1, Packets: 500, Reported: 17, Here: 15}}}, nil},
		{"behind", correlate.Stream{Control: &correlate.Control{Compared: correlate.LossSplit{Intervals: 1, Packets: 500, Reported: 17}}}, []string{behind}},
		{"on both sides", correlate.Stream{Control: &correlate.Control{Compared: correlate.LossSplit{Intervals: 1, Packets: 500, Reported: 17, Here: 5}}},
			[]string{"the receiver reports 3.4 % lost, 1.0 % here: the difference was lost behind this point"}},
		{"the capture lacks packets", correlate.Stream{Control: &correlate.Control{Compared: correlate.LossSplit{Intervals: 1, Packets: 500, Here: 50}}},
			[]string{"the receiver reports 0.0 % lost, 10.0 % here: what is missing here reached the receiver, so the capture lacks it"}},
		{"duplicates", correlate.Stream{Quality: quality.Report{Duplicates: 50},
			Control: &correlate.Control{Compared: correlate.LossSplit{Intervals: 1, Packets: 500, Reported: -50}}}, nil},
		{"numbered anew", correlate.Stream{Control: &correlate.Control{Sent: correlate.SenderControl{Comparable: true, Counted: 1000, Span: 990}}},
			[]string{"the sender counts 1,000 packets, of which 990 have numbers here: the rest went elsewhere, was lost in front of a device that numbers anew, or was not captured"}},
		{"at the edges", correlate.Stream{Control: &correlate.Control{Sent: correlate.SenderControl{Comparable: true, Counted: 1000, Span: 991}}}, nil},
		{"RTCP only, and strange", correlate.Stream{Control: &correlate.Control{Only: true, Received: correlate.ReceiverControl{Implausible: []string{"jitter", "loss"}}}},
			[]string{"no RTP seen; the figures are those of RTCP", "what the receiver reports cannot be right: jitter, loss"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ControlRemarks(&tt.s); !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What nobody said is absent.
func TestControlJSON(t *testing.T) {
	unknown := correlate.RoundTrip{Near: -1, Far: -1, Total: -1, Worst: -1}
	s := correlate.Stream{ClockRate: 8000, Control: &correlate.Control{Trip: unknown, Estimate: mos.Score{Reason: mos.NoReports}}}
	if got, want := marshal(t, newControl(&s)), `{"reports":0}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	s.Control.Trip.Far, s.Control.Extended[7] = 140e6, 2
	s.Control.VoIP = &rtp.VoIP{LossRate: 64, Signal: rtp.Unavailable, Noise: -60, ReturnLoss: rtp.Unavailable, MinGap: 16, R: 88,
		ExternalR: rtp.Unavailable, MOSListening: 42, MOSConversation: rtp.Unavailable, Config: 0xF0, BufferNominal: 40}
	s.Control.Summary = &rtp.Summary{Begin: 1, End: 9, HasJitter: true, MeanJitter: 80, MaxJitter: 160}
	want := `{"xr_mos_lq":4.2,"reports":0,"round_trip_to_receiver_ms":140,"xr_blocks":{"voip":2},"xr_voip":{"loss_percent":25,"discard_percent":0,` +
		`"burst_density_percent":0,"gap_density_percent":0,"burst_duration_ms":0,"gap_duration_ms":0,"noise_dbm0":-60,"gmin":16,"r_factor":88,"mos_lq":4.2,` +
		`"plc":"standard","jitter_buffer":"adaptive","jitter_buffer_nominal_ms":40},` +
		`"xr_summary":{"begin_seq":1,"end_seq":9,"mean_jitter_ms":10,"max_jitter_ms":20}}`
	if got := marshal(t, newControl(&s)); got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
