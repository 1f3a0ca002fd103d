package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// measured is example with the times of three attempts of its call: sent
// elsewhere, refused there, and answered.
func measured() Result {
	r := example()
	c := r.Snapshot.Calls[0]
	at := func(ms int64) int64 { return start + ms*1_000_000 }
	c.EarlierAttempts = []correlate.Attempt{
		{Source: c.Source, Destination: c.Destination, State: correlate.StateMoved, FinalStatus: 302, Redirected: true,
			Counted: at(0), Credited: at(0), Decided: at(100), Ended: at(100)},
		{Source: c.Source, Destination: c.Source, State: correlate.StateFailed, FinalStatus: 503,
			Invited: at(0), Counted: at(200), Credited: at(200), Decided: at(250), Ended: at(250), Alerted: at(250), Alert: 503},
	}
	c.Attempt = correlate.Attempt{
		Source: c.Source, Destination: c.Destination, State: correlate.StateCompleted, FinalStatus: 200, Answered: true, ByeStatus: 200, Repeated: 1,
		Invited: at(300), Counted: at(300), Credited: at(300), Trying: at(320), Progressed: at(550), Alerted: at(550), Alert: 180,
		Ringing: at(550), RingEnded: at(1300), Decided: at(1300), Connected: at(1300), Acknowledged: at(1340),
		Bye: at(11_300), ByeCredited: at(11_300), ByeDecided: at(11_345), Ended: at(11_300),
		FirstFromCaller: at(1350), FirstFromCallee: at(1000), LastMedia: at(11_280),
	}
	r.Snapshot.First, r.Snapshot.Last = start, at(83_000)
	return r
}

// The values were worked out by hand from measured.
func TestMetricsInJSON(t *testing.T) {
	var b bytes.Buffer
	r := measured()
	r.PrefixDigits = 3
	r.Snapshot.Calls[0].To = "tel:+49-30-1"
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"calls.0.metrics.pdd_ms":                                     250.0,
		"calls.0.metrics.pdd_event":                                  "ringing",
		"calls.0.metrics.trying_delay_ms":                            20.0,
		"calls.0.metrics.session_request_delay_ms":                   250.0,
		"calls.0.metrics.session_request_delay_failed_ms":            nil,
		"calls.0.metrics.ring_ms":                                    750.0,
		"calls.0.metrics.setup_ms":                                   1000.0,
		"calls.0.metrics.answer_to_ack_ms":                           40.0,
		"calls.0.metrics.session_disconnect_delay_ms":                45.0,
		"calls.0.metrics.session_duration_ms":                        10_000.0,
		"calls.0.metrics.session_duration_failed_ms":                 nil,
		"calls.0.metrics.talk_ms":                                    10_000.0,
		"calls.0.metrics.answer_to_media_caller_ms":                  50.0,
		"calls.0.metrics.answer_to_media_callee_ms":                  0.0,
		"calls.0.metrics.early_media_callee":                         true,
		"calls.0.metrics.early_media_caller":                         nil,
		"calls.0.metrics.media_before_answer_ms":                     300.0,
		"calls.0.metrics.media_tail_ms":                              -20.0,
		"calls.0.metrics.retransmissions_before_response":            1.0,
		"calls.0.attempts.0.final_status":                            302.0,
		"calls.0.attempts.0.started":                                 "2026-01-02T03:04:05.000000006Z",
		"calls.0.attempts.0.metrics.pdd_ms":                          nil,
		"calls.0.attempts.1.metrics.pdd_ms":                          250.0,
		"calls.0.attempts.1.metrics.pdd_event":                       "failure",
		"calls.0.attempts.1.metrics.session_request_delay_failed_ms": 50.0,
		"calls.0.attempts.2.state":                                   "completed",
		"calls.1.metrics":                                            nil,
		"calls.1.attempts":                                           nil,

		"metrics.total.attempts":                                3.0,
		"metrics.total.answered":                                1.0,
		"metrics.total.redirected":                              1.0,
		"metrics.total.ser_percent":                             50.0,
		"metrics.total.seer_percent":                            50.0,
		"metrics.total.isa_percent":                             33.3333,
		"metrics.total.scr_percent":                             33.3333,
		"metrics.total.acd_ms":                                  10_000.0,
		"metrics.total.registrations":                           nil,
		"metrics.total.final_responses.503":                     1.0,
		"metrics.total.final_responses.none":                    nil,
		"metrics.total.delays_ms.pdd.count":                     2.0,
		"metrics.total.delays_ms.pdd.p50":                       250.0,
		"metrics.total.delays_ms.session_disconnect_delay.max":  45.0,
		"metrics.total.delays_ms.registration_request_delay":    nil,
		"metrics.total.calls_per_second.peak":                   3.0,
		"metrics.total.calls_per_second.mean":                   0.0361, // 3 in 83 s
		"metrics.total.concurrent_calls.peak":                   1.0,
		"metrics.total.messages.forward.retransmission_percent": nil,
		"metrics.pairs.0.source":                                "192.0.2.1",
		"metrics.pairs.0.destination":                           "2001:db8::2",
		"metrics.pairs.0.attempts":                              2.0,
		"metrics.pairs.1.ser_percent":                           0.0,
		"metrics.sources.0.destination":                         nil,
		"metrics.sources.0.attempts":                            3.0,
		"metrics.destinations.0.source":                         nil,
		"metrics.windows.1m.total.attempts":                     0.0,
		"metrics.windows.1m.total.ser_percent":                  nil,
		"metrics.prefixes.0.prefix":                             "493",
		"metrics.prefixes.0.answered":                           1.0,
		"metrics.windows.5m":                                    nil,
	} {
		if got, _ := lookup(doc, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
}

func TestStatisticsInText(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, measured()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"call attempts 3: 1 answered, 1 redirected\n",
		"ASR 33.3 %  NER 33.3 %  SER 50.0 %  SEER 50.0 %  ISA 33.3 %  SCR 33.3 %  ACD 0:10\n",
		"calls per second: 3 at most, 0.04 on average; at once: 1 at most, 0 at the end\n",
		"\nPDD                          2     250     250     250     250     250     250\n",
		"\ntalk                         1  10,000  10,000  10,000  10,000  10,000  10,000\n",
		"\n192.0.2.1  2001:db8::2         2  50.0  50.0         250  250  0:10      -  302:1\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// Where nobody called and nobody registered there is nothing to say.
func TestNoStatistics(t *testing.T) {
	r := example()
	r.Snapshot.Calls = r.Snapshot.Calls[1:]
	var b bytes.Buffer
	if err := Text(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "Statistics") {
		t.Error(b.String())
	}
	r.Snapshot.Calls = nil
	b.Reset()
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), `"metrics"`) {
		t.Error(b.String())
	}
}

// Where one side only was captured, a BYE without a response is not one that
// nobody answered.
func TestMetricsOfOneSide(t *testing.T) {
	for _, certain := range []bool{false, true} {
		r := measured()
		c := r.Snapshot.Calls[0]
		c.Attempt.ByeStatus, c.Attempt.ByeDecided = 0, 0
		r.Snapshot.Links.List = []correlate.Link{{A: c.Destination.Addr(), B: c.Source.Addr(), Seen: correlate.SeenRequests, Certain: certain}}
		m := newCallMetrics(&c.Attempt, &r.Snapshot.Links)
		if known := m.DisconnectFailed != nil; known == certain {
			t.Errorf("certain %v: disconnect delay known: %v", certain, known)
		}
		if known := m.SessionFailed != nil; known == certain {
			t.Errorf("certain %v: session known: %v", certain, known)
		}
		if *m.Setup != 1000 {
			t.Errorf("setup %v", *m.Setup)
		}
	}
}
