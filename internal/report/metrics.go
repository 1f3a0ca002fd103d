package report

import (
	"math"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/correlate/metrics"
)

// callMetrics are the intervals of one attempt; docs/METRICS.md defines them.
type callMetrics struct {
	PDD                 *float64 `json:"pdd_ms,omitempty"`
	PDDEvent            string   `json:"pdd_event,omitempty"`
	TryingDelay         *float64 `json:"trying_delay_ms,omitempty"`
	RequestDelay        *float64 `json:"session_request_delay_ms,omitempty"`
	RequestDelayFailed  *float64 `json:"session_request_delay_failed_ms,omitempty"`
	Ring                *float64 `json:"ring_ms,omitempty"`
	Setup               *float64 `json:"setup_ms,omitempty"`
	AnswerToACK         *float64 `json:"answer_to_ack_ms,omitempty"`
	DisconnectDelay     *float64 `json:"session_disconnect_delay_ms,omitempty"`
	DisconnectFailed    *float64 `json:"session_disconnect_delay_failed_ms,omitempty"`
	Session             *float64 `json:"session_duration_ms,omitempty"`
	SessionFailed       *float64 `json:"session_duration_failed_ms,omitempty"`
	Talk                *float64 `json:"talk_ms,omitempty"`
	AnswerToMediaCaller *float64 `json:"answer_to_media_caller_ms,omitempty"`
	AnswerToMediaCallee *float64 `json:"answer_to_media_callee_ms,omitempty"`
	EarlyCaller         bool     `json:"early_media_caller,omitempty"`
	EarlyCallee         bool     `json:"early_media_callee,omitempty"`
	MediaBeforeAnswer   *float64 `json:"media_before_answer_ms,omitempty"`
	MediaTail           *float64 `json:"media_tail_ms,omitempty"` // negative: the media ended before the BYE
	Repeated            *int     `json:"retransmissions_before_response,omitempty"`
}

// attempt is one of several attempts of a call.
type attempt struct {
	Started     string       `json:"started,omitempty"`
	Source      string       `json:"source,omitempty"`
	Destination string       `json:"destination,omitempty"`
	State       string       `json:"state"`
	FinalStatus int          `json:"final_status,omitempty"`
	Metrics     *callMetrics `json:"metrics,omitempty"`
}

// newCallMetrics is nil when there is no attempt. Where the capture shows one
// side only, nobody knows whether a response was missing (spec §9.1).
func newCallMetrics(a *correlate.Attempt, links *correlate.Links) *callMetrics {
	if !a.Known() {
		return nil
	}
	t := a.Timing()
	if (a.FinalStatus == 0 || a.ByeStatus == 0) && links.Blind(a.Source.Addr(), a.Destination.Addr()) {
		t.RequestDelayFailed, t.DisconnectFailed, t.SessionFailed = -1, -1, -1
	}
	m := &callMetrics{
		PDD: millis(t.PostDialDelay), PDDEvent: t.PostDialEvent, TryingDelay: millis(t.TryingDelay),
		RequestDelay: millis(t.RequestDelay), RequestDelayFailed: millis(t.RequestDelayFailed),
		Ring: millis(t.Ring), Setup: millis(t.Setup), AnswerToACK: millis(t.AnswerToACK),
		DisconnectDelay: millis(t.DisconnectDelay), DisconnectFailed: millis(t.DisconnectFailed),
		Session: millis(t.Session), SessionFailed: millis(t.SessionFailed), Talk: millis(t.Talk),
		AnswerToMediaCaller: millis(t.AnswerToMediaCaller), AnswerToMediaCallee: millis(t.AnswerToMediaCallee),
		EarlyCaller: t.EarlyCaller, EarlyCallee: t.EarlyCallee, MediaBeforeAnswer: millis(t.MediaBeforeAnswer),
	}
	if t.HasMediaTail {
		tail := float64(t.MediaTail) / 1e6
		m.MediaTail = &tail
	}
	if a.Invited != 0 {
		m.Repeated = &a.Repeated
	}
	return m
}

// newAttempts lists the attempts of a call that had more than one.
func newAttempts(c *correlate.Call, links *correlate.Links) []attempt {
	if len(c.EarlierAttempts) == 0 {
		return nil
	}
	list := make([]attempt, 0, len(c.EarlierAttempts)+1)
	for i := range c.EarlierAttempts {
		list = append(list, newAttempt(&c.EarlierAttempts[i], links))
	}
	return append(list, newAttempt(&c.Attempt, links))
}

func newAttempt(a *correlate.Attempt, links *correlate.Links) attempt {
	return attempt{Started: stamp(a.Counted), Source: addr(a.Source), Destination: addr(a.Destination), State: a.State.String(),
		FinalStatus: a.FinalStatus, Metrics: newCallMetrics(a, links)}
}

// metricsJSON is the aggregates of the capture.
type metricsJSON struct {
	span
	Sources      []row           `json:"sources"`
	Destinations []row           `json:"destinations"`
	Windows      map[string]span `json:"windows"`            // "1m", "5m", "15m", "60m": those shorter than the capture
	Prefixes     []prefixRow     `json:"prefixes,omitempty"` // with --prefix-digits
	AttemptsLost int             `json:"attempts_not_kept,omitempty"`
}

type span struct {
	Total  summary  `json:"total"`
	Pairs  []row    `json:"pairs"`
	Others *summary `json:"others,omitempty"`
}

type row struct {
	Source      string `json:"source,omitempty"`
	Destination string `json:"destination,omitempty"`
	OneSided    string `json:"one_sided,omitempty"`
	summary
}

// prefixRow is the calls to numbers that begin alike; those to what is no
// number have none.
type prefixRow struct {
	Prefix string `json:"prefix"`
	summary
}

type summary struct {
	Attempts     int `json:"attempts"`
	Pending      int `json:"pending"`
	Undetermined int `json:"undetermined,omitempty"`
	Answered     int `json:"answered"`
	Redirected   int `json:"redirected"`
	Cancelled    int `json:"cancelled"`
	TimedOut     int `json:"timed_out"`
	Completed    int `json:"completed"`
	Up           int `json:"up"`
	EndUnknown   int `json:"end_unknown,omitempty"`

	SER  *float64 `json:"ser_percent,omitempty"`
	SEER *float64 `json:"seer_percent,omitempty"`
	ISA  *float64 `json:"isa_percent,omitempty"`
	SCR  *float64 `json:"scr_percent,omitempty"`
	ASR  *float64 `json:"asr_percent,omitempty"`
	NER  *float64 `json:"ner_percent,omitempty"`
	ACD  *float64 `json:"acd_ms,omitempty"`

	Registrations *registrations `json:"registrations,omitempty"`

	Finals        map[string]int          `json:"final_responses"`
	Delays        map[string]distribution `json:"delays_ms"`
	Messages      traffics                `json:"messages"`
	ResponseTimes []responseTime          `json:"response_times_ms"`
	CallsPerSec   rate                    `json:"calls_per_second"`
	Concurrent    concurrent              `json:"concurrent_calls"`
}

type registrations struct {
	Attempts   int      `json:"attempts"`
	Failed     int      `json:"failed"`
	Challenged int      `json:"challenged"`
	Pending    int      `json:"pending"`
	IRA        *float64 `json:"ira_percent,omitempty"`
}

type distribution struct {
	Count int     `json:"count"`
	Mean  float64 `json:"mean"`
	Min   float64 `json:"min"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

type traffics struct {
	Forward  traffic `json:"forward"`
	Backward traffic `json:"backward"`
}

type traffic struct {
	Messages        int      `json:"messages"`
	Retransmissions int      `json:"retransmissions"`
	Percent         *float64 `json:"retransmission_percent,omitempty"`
}

type responseTime struct {
	Method    string        `json:"method"`
	Direction string        `json:"direction"`
	Requests  int           `json:"requests"`
	Time      *distribution `json:"time,omitempty"`
}

type rate struct {
	Peak int      `json:"peak"`
	Mean *float64 `json:"mean,omitempty"`
}

type concurrent struct {
	Peak int `json:"peak"`
	End  int `json:"end"`
}

// newMetrics is nil when there is no SIP.
func newMetrics(s *correlate.Snapshot, prefixDigits int) *metricsJSON {
	if len(s.Calls) == 0 {
		return nil
	}
	r := metrics.Of(s)
	m := &metricsJSON{span: newSpan(&r.Span), Sources: newRows(r.BySource()), Destinations: newRows(r.ByDestination()),
		Windows: make(map[string]span), AttemptsLost: r.AttemptsLost}
	for i := range r.Windows {
		w := &r.Windows[i]
		m.Windows[strconv.Itoa(int(w.Length.Minutes()))+"m"] = newSpan(&w.Span)
	}
	if prefixDigits > 0 {
		rows := metrics.ByPrefix(s, prefixDigits)
		m.Prefixes = make([]prefixRow, len(rows))
		for i := range rows {
			m.Prefixes[i] = prefixRow{rows[i].Prefix, newSummary(&rows[i].Summary)}
		}
	}
	return m
}

func newSpan(s *metrics.Span) span {
	out := span{Total: newSummary(&s.Total), Pairs: newRows(s.Pairs)}
	if s.Others != nil {
		others := newSummary(s.Others)
		out.Others = &others
	}
	return out
}

func newRows(rows []metrics.Row) []row {
	list := make([]row, len(rows))
	for i := range rows {
		r := &rows[i]
		list[i] = row{OneSided: r.OneSided, summary: newSummary(&r.Summary)}
		if r.Source.IsValid() {
			list[i].Source = r.Source.String()
		}
		if r.Destination.IsValid() {
			list[i].Destination = r.Destination.String()
		}
	}
	return list
}

func newSummary(s *metrics.Summary) summary {
	out := summary{
		Attempts: s.Attempts, Pending: s.Pending, Undetermined: s.Undetermined, Answered: s.Answered, Redirected: s.Redirected,
		Cancelled: s.Cancelled, TimedOut: s.TimedOut, Completed: s.Completed, Up: s.Up, EndUnknown: s.EndUnknown,
		SER: percent(s.EstablishmentRatio()), SEER: percent(s.EffectivenessRatio()), ISA: percent(s.IneffectiveAttempts()),
		SCR: percent(s.CompletionRatio()), ASR: percent(s.AnswerSeizureRatio()), NER: percent(s.NetworkEffectivenessRatio()),
		Finals: make(map[string]int, len(s.Finals)), Delays: make(map[string]distribution),
		Messages:      traffics{newTraffic(s.Forward), newTraffic(s.Backward)},
		ResponseTimes: make([]responseTime, len(s.Responses)),
		CallsPerSec:   rate{Peak: s.Rate.Peak}, Concurrent: concurrent{s.Rate.ConcurrentPeak, s.Rate.ConcurrentEnd},
	}
	if acd, ok := s.AverageDuration(); ok {
		ms := round(float64(acd) / 1e6)
		out.ACD = &ms
	}
	if s.Rate.HasMean {
		mean := round(s.Rate.Mean)
		out.CallsPerSec.Mean = &mean
	}
	if s.Registrations+s.RegistrationsPending > 0 {
		out.Registrations = &registrations{s.Registrations, s.RegistrationsFailed, s.RegistrationsChallenged, s.RegistrationsPending,
			percent(s.IneffectiveRegistrations())}
	}
	for status, n := range s.Finals {
		out.Finals[finalName(status)] = n
	}
	for _, d := range delaysOf(s) {
		if d.of.Count() > 0 {
			out.Delays[d.key] = newDistribution(d.of)
		}
	}
	for i := range s.Responses {
		out.ResponseTimes[i] = newResponseTime(&s.Responses[i])
	}
	return out
}

// finalName is the key of a final response, of which 0 is none.
func finalName(status int) string {
	if status == 0 {
		return "none"
	}
	return strconv.Itoa(status)
}

// delay is a distribution and what it is called in JSON and in text.
type delay struct {
	key, name string
	of        *metrics.Distribution
}

func delaysOf(s *metrics.Summary) []delay {
	return []delay{
		{"pdd", "PDD", &s.PostDialDelay},
		{"session_request_delay", "SRD", &s.RequestDelay},
		{"session_request_delay_failed", "SRD, failed", &s.RequestDelayFailed},
		{"session_request_delay_cancelled", "SRD, cancelled", &s.RequestDelayCancelled},
		{"trying_delay", "100 Trying", &s.TryingDelay},
		{"ring", "ringing", &s.Ring},
		{"setup", "setup", &s.Setup},
		{"answer_to_ack", "answer to ACK", &s.AnswerToACK},
		{"answer_to_media_caller", "answer to media, caller", &s.AnswerToMediaCaller},
		{"answer_to_media_callee", "answer to media, callee", &s.AnswerToMediaCallee},
		{"talk", "talk", &s.Talk},
		{"session_disconnect_delay", "SDD", &s.DisconnectDelay},
		{"session_disconnect_delay_failed", "SDD, failed", &s.DisconnectDelayFailed},
		{"registration_request_delay", "RRD", &s.RegistrationDelay},
	}
}

func newDistribution(d *metrics.Distribution) distribution {
	mean, _ := d.Mean()
	at := func(p float64) float64 {
		v, _ := d.Percentile(p)
		return round(float64(v) / 1e6)
	}
	return distribution{Count: d.Count(), Mean: round(float64(mean) / 1e6), Min: round(float64(d.Min()) / 1e6),
		P50: at(50), P90: at(90), P95: at(95), P99: at(99), Max: round(float64(d.Max()) / 1e6)}
}

func newTraffic(t metrics.Traffic) traffic {
	return traffic{t.Messages, t.Retransmissions, percent(t.Rate())}
}

func newResponseTime(r *metrics.ResponseTime) responseTime {
	out := responseTime{Method: r.Method, Direction: "forward", Requests: r.Requests}
	if r.Back {
		out.Direction = "backward"
	}
	if r.Count() > 0 {
		d := newDistribution(&r.Distribution)
		out.Time = &d
	}
	return out
}

// percent is nil when the ratio is undefined.
func percent(r metrics.Ratio) *float64 {
	p, ok := r.Percent()
	if !ok {
		return nil
	}
	p = math.Round(p*1e4) / 1e4
	return &p
}
