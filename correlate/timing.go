package correlate

// A Timing is the intervals of one attempt (spec §4.2, §4.3) in ns; negative
// is unknown. docs/METRICS.md defines each.
type Timing struct {
	PostDialDelay      int64
	PostDialEvent      string // what ended it, one of the constants below; "" when it is unknown
	TryingDelay        int64
	RequestDelay       int64 // until the call was indicated, whatever came of it
	RequestDelayFailed int64 // until it failed
	Ring, Setup        int64
	AnswerToACK        int64
	DisconnectDelay    int64
	DisconnectFailed   int64
	Session            int64 // from the 2xx to the BYE
	SessionFailed      int64 // to giving up on the BYE
	Talk               int64 // from the 2xx to the end, without hold

	// From the answer to the first RTP of each side; 0 and early when it
	// flowed before.
	AnswerToMediaCaller, AnswerToMediaCallee int64
	EarlyCaller, EarlyCallee                 bool
	MediaBeforeAnswer                        int64

	// From the BYE to the last RTP: negative when that came before, so it
	// needs a word whether it is known.
	MediaTail    int64
	HasMediaTail bool
}

// What ends the post-dial delay.
const (
	DialRinging    = "ringing"     // 180
	DialProgress   = "progress"    // 181, 182, 183
	DialEarlyMedia = "early_media" // RTP of the callee
	DialAnswer     = "answer"      // 2xx
	DialFailure    = "failure"     // 300 and above
)

// Timing is the intervals between the times of the attempt.
func (a *Attempt) Timing() Timing {
	t := Timing{
		TryingDelay:  between(a.Invited, a.Trying),
		RequestDelay: between(a.Credited, a.Progressed),
		Ring:         -1,
		Setup:        between(a.Invited, a.Connected),
		AnswerToACK:  between(a.Connected, a.Acknowledged),
		Session:      -1, SessionFailed: -1, Talk: -1, DisconnectDelay: -1, DisconnectFailed: -1,
		RequestDelayFailed: a.failedDelay(),
	}
	if a.Ringing != 0 {
		t.Ring = between(a.Ringing, a.RingEnded)
	}
	t.PostDialDelay, t.PostDialEvent = a.postDial()
	t.disconnect(a)
	t.media(a)
	return t
}

// failedDelay is the session request delay of a failure (RFC 6076 §4.3.2):
// where nobody answers, the client gives up after 64*T1.
func (a *Attempt) failedDelay() int64 {
	switch {
	case a.Failed():
		return between(a.Credited, a.Decided)
	case a.State == StateTimeout && a.Progressed == 0 && a.Trying == 0 && a.Credited != 0:
		return timeout64T1
	}
	return -1
}

// postDial is the time until the caller learns anything, and what it was. A
// challenge or a redirection that is followed tells nothing yet.
func (a *Attempt) postDial() (int64, string) {
	at, event := a.Alerted, DialFailure
	switch {
	case a.Alert == 180:
		event = DialRinging
	case a.Alert < 200:
		event = DialProgress
	case a.Alert < 300:
		event = DialAnswer
	}
	if m := a.FirstFromCallee; m != 0 && m >= a.Invited && (at == 0 || m < at) {
		at, event = m, DialEarlyMedia
	}
	d := between(a.Invited, at)
	if d < 0 {
		event = ""
	}
	return d, event
}

// disconnect takes the end of the session (RFC 6076 §4.4, §4.5).
func (t *Timing) disconnect(a *Attempt) {
	if a.Connected != 0 && a.Ended != 0 {
		t.Talk = max(between(a.Connected, a.Ended)-a.Held, 0)
	}
	if a.Bye == 0 {
		return
	}
	switch {
	case a.ByeStatus/100 == 2:
		t.DisconnectDelay = between(a.ByeCredited, a.ByeDecided)
		t.Session = between(a.Connected, a.Bye)
	case a.ByeStatus != 0:
		t.DisconnectFailed = between(a.ByeCredited, a.ByeDecided)
		t.Session = between(a.Connected, a.Bye)
	case a.State == StateCompleted:
		t.DisconnectFailed = timeout64T1
		if a.Connected != 0 {
			t.SessionFailed = between(a.Connected, a.Bye+timeout64T1)
		}
	}
}

// media takes what the RTP tells (spec §4.3).
func (t *Timing) media(a *Attempt) {
	t.AnswerToMediaCaller, t.EarlyCaller = a.cutThrough(a.FirstFromCaller)
	t.AnswerToMediaCallee, t.EarlyCallee = a.cutThrough(a.FirstFromCallee)
	t.MediaBeforeAnswer = -1
	for _, first := range [...]int64{a.FirstFromCaller, a.FirstFromCallee} {
		if a.Connected != 0 && first != 0 && first >= a.Invited && first < a.Connected {
			t.MediaBeforeAnswer = max(t.MediaBeforeAnswer, a.Connected-first)
		}
	}
	if a.Bye != 0 && a.LastMedia != 0 {
		t.MediaTail, t.HasMediaTail = a.LastMedia-a.Bye, true
	}
}

// cutThrough is the time from the answer to the first packet of one side.
func (a *Attempt) cutThrough(first int64) (nanos int64, early bool) {
	if a.Connected == 0 || first == 0 {
		return -1, false
	}
	return max(first-a.Connected, 0), first < a.Connected
}
