package metrics

import "sipsniff/correlate"

// A Summary is the metrics of a number of calls.
type Summary struct {
	// Attempts are decided, Pending are not yet; Undetermined are those whose
	// end looks like silence where one side only was captured.
	Attempts, Pending, Undetermined int

	Answered   int
	Redirected int // by a 3xx
	Cancelled  int // by the caller, before the answer
	TimedOut   int // no final response
	Completed  int // answered, and ended by an answered BYE
	Up         int // answered, and not ended yet
	EndUnknown int // answered, and ended where one side only was captured

	effective, ineffective, networkEffective int

	// Registration attempts that are decided, and of those the ones that a
	// failure or silence ended, and a challenge.
	Registrations, RegistrationsFailed, RegistrationsChallenged int
	RegistrationsPending                                        int

	// Finals are the attempts by final response; 0 are those without.
	Finals map[int]int

	PostDialDelay, TryingDelay, RequestDelay, RequestDelayFailed, RequestDelayCancelled Distribution
	Ring, Setup, AnswerToACK, Talk                                                      Distribution
	DisconnectDelay, DisconnectDelayFailed                                              Distribution
	AnswerToMediaCaller, AnswerToMediaCallee                                            Distribution
	RegistrationDelay                                                                   Distribution

	Forward, Backward Traffic // messages the way of the calls, and against it
	Responses         []ResponseTime

	Rate Rate
}

// Traffic counts messages, packets that were captured twice once.
type Traffic struct {
	Messages, Retransmissions int
}

// Rate is the part of the messages that were sent again.
func (t Traffic) Rate() Ratio { return Ratio{t.Retransmissions, t.Messages} }

// EstablishmentRatio is SER (RFC 6076 §4.6).
func (s *Summary) EstablishmentRatio() Ratio { return Ratio{s.Answered, s.Attempts - s.Redirected} }

// EffectivenessRatio is SEER (RFC 6076 §4.7).
func (s *Summary) EffectivenessRatio() Ratio { return Ratio{s.effective, s.Attempts - s.Redirected} }

// IneffectiveAttempts is ISA (RFC 6076 §4.8).
func (s *Summary) IneffectiveAttempts() Ratio { return Ratio{s.ineffective, s.Attempts} }

// CompletionRatio is SCR (RFC 6076 §4.9), without the calls that are still up or whose
// end cannot be known.
func (s *Summary) CompletionRatio() Ratio {
	return Ratio{s.Completed, s.Attempts - s.Up - s.EndUnknown}
}

// IneffectiveRegistrations is IRA (RFC 6076 §4.2).
func (s *Summary) IneffectiveRegistrations() Ratio {
	return Ratio{s.RegistrationsFailed, s.Registrations}
}

// AnswerSeizureRatio is ASR: a seizure is an attempt that is decided.
func (s *Summary) AnswerSeizureRatio() Ratio { return Ratio{s.Answered, s.Attempts} }

// NetworkEffectivenessRatio is NER.
func (s *Summary) NetworkEffectivenessRatio() Ratio { return Ratio{s.networkEffective, s.Attempts} }

// AverageDuration is ACD: the mean talk time of the calls of which it is known.
func (s *Summary) AverageDuration() (ns int64, ok bool) { return s.Talk.Mean() }

// delays lists the distributions.
func (s *Summary) delays() [14]*Distribution {
	return [...]*Distribution{
		&s.PostDialDelay, &s.TryingDelay, &s.RequestDelay, &s.RequestDelayFailed, &s.RequestDelayCancelled, &s.Ring, &s.Setup,
		&s.AnswerToACK, &s.Talk, &s.DisconnectDelay, &s.DisconnectDelayFailed, &s.AnswerToMediaCaller, &s.AnswerToMediaCallee,
		&s.RegistrationDelay,
	}
}

// attempt adds an attempt. Where it is blind, silence proves nothing.
func (s *Summary) attempt(a *correlate.Attempt, blind bool) {
	switch {
	case a.Pending():
		s.Pending++
		return
	case a.State == correlate.StateTimeout && blind:
		s.Undetermined++
		return
	}
	s.Attempts++
	s.count(a)
	add(&s.EndUnknown, blind && a.Answered && !a.Completed() && !a.Up())
	t := a.Timing()
	s.PostDialDelay.add(t.PostDialDelay)
	s.TryingDelay.add(t.TryingDelay)
	s.Ring.add(t.Ring)
	s.Setup.add(t.Setup)
	s.AnswerToACK.add(t.AnswerToACK)
	s.Talk.add(t.Talk)
	s.DisconnectDelay.add(t.DisconnectDelay)
	if !blind {
		s.DisconnectDelayFailed.add(t.DisconnectFailed)
	}
	s.AnswerToMediaCaller.add(t.AnswerToMediaCaller)
	s.AnswerToMediaCallee.add(t.AnswerToMediaCallee)
	switch {
	case a.Answered:
		s.RequestDelay.add(t.RequestDelay)
	case a.State == correlate.StateCancelled:
		s.RequestDelayCancelled.add(t.RequestDelayFailed)
	default:
		s.RequestDelayFailed.add(t.RequestDelayFailed)
	}
}

// count adds a decided attempt to what the ratios are made of.
func (s *Summary) count(a *correlate.Attempt) {
	if s.Finals == nil {
		s.Finals = make(map[int]int)
	}
	s.Finals[a.FinalStatus]++
	timedOut := a.State == correlate.StateTimeout
	add(&s.TimedOut, timedOut)
	add(&s.Answered, a.Answered)
	add(&s.Redirected, a.Redirected)
	add(&s.Cancelled, a.State == correlate.StateCancelled)
	add(&s.Completed, a.Completed())
	add(&s.Up, a.Up())
	add(&s.effective, a.Answered || effective(a.FinalStatus))
	unreachable := a.State == correlate.StateFailed && a.FinalStatus == 0 // the client makes a 503 of it (RFC 3261 §8.1.3.1)
	add(&s.ineffective, timedOut || unreachable || ineffective(a.FinalStatus))
	add(&s.networkEffective, a.Answered || networkEffective(a))
}

func add(n *int, yes bool) {
	if yes {
		*n++
	}
}

// effective are the failures that a person brings about (RFC 6076 §4.7).
func effective(status int) bool {
	return status == 480 || status == 486 || status == 600 || status == 603
}

// ineffective are the failures of servers (RFC 6076 §4.8).
func ineffective(status int) bool {
	return status == 408 || status == 500 || status == 503 || status == 504
}

// networkEffective reports whether the network did its part: the call got to
// the callee, or the caller gave up (spec §4.3).
func networkEffective(a *correlate.Attempt) bool {
	switch a.State {
	case correlate.StateCancelled, correlate.StateNoAnswer:
		return true
	case correlate.StateTimeout:
		return a.Ringing != 0
	}
	return effective(a.FinalStatus) || a.FinalStatus == 487
}

// merge adds all that o has.
func (s *Summary) merge(o *Summary) {
	for _, n := range [...][2]*int{
		{&s.Attempts, &o.Attempts}, {&s.Pending, &o.Pending}, {&s.Undetermined, &o.Undetermined},
		{&s.Answered, &o.Answered}, {&s.Redirected, &o.Redirected}, {&s.Cancelled, &o.Cancelled}, {&s.TimedOut, &o.TimedOut},
		{&s.Completed, &o.Completed}, {&s.Up, &o.Up}, {&s.EndUnknown, &o.EndUnknown},
		{&s.effective, &o.effective}, {&s.ineffective, &o.ineffective}, {&s.networkEffective, &o.networkEffective},
		{&s.Registrations, &o.Registrations}, {&s.RegistrationsFailed, &o.RegistrationsFailed},
		{&s.RegistrationsChallenged, &o.RegistrationsChallenged}, {&s.RegistrationsPending, &o.RegistrationsPending},
		{&s.Forward.Messages, &o.Forward.Messages}, {&s.Forward.Retransmissions, &o.Forward.Retransmissions},
		{&s.Backward.Messages, &o.Backward.Messages}, {&s.Backward.Retransmissions, &o.Backward.Retransmissions},
	} {
		*n[0] += *n[1]
	}
	if s.Finals == nil && o.Finals != nil {
		s.Finals = make(map[int]int)
	}
	for status, n := range o.Finals {
		s.Finals[status] += n
	}
	theirs := o.delays()
	for i, d := range s.delays() {
		d.merge(theirs[i])
	}
	for i := range o.Responses {
		r := &o.Responses[i]
		s.response(r.Method, r.Back).merge(r)
	}
	s.Rate.merge(&o.Rate)
}

// finish makes everything ready to be read, over a span of time.
func (s *Summary) finish(first, last int64) {
	for _, d := range s.delays() {
		d.finish()
	}
	sortResponses(s.Responses)
	s.Rate.finish(first, last)
}
