package correlate

// A StepKind is what happened in one Step of a story. docs/STORY.md lists
// what the fields of a Step mean for each.
type StepKind uint8

// The kinds of steps, in about the order in which a call has them.
const (
	StepNone StepKind = iota

	// From the INVITE to its final response.
	StepBeganBefore // the capture begins inside the call
	StepInvite
	StepInviteNotSeen
	StepInviteAgain // another attempt under the same Call-ID
	StepForked      // to a further target at the same time
	StepTriedNext   // to a further target after the others failed
	StepReplaces    // the INVITE takes the place of another call (RFC 3891)
	StepJoins       // the INVITE joins another call (RFC 3911)
	StepDiverted    // it was forwarded before it came here (RFC 5806, RFC 7044)
	StepTrying
	StepProgress // 183 without a description
	StepRinging
	StepEarlyMedia
	StepQueued
	StepForwarded
	StepEarlyDialogEnded // 199 (RFC 6228)
	StepChallenged
	StepRetried // with credentials, or with the interval that was asked for
	StepIntervalTooSmall
	StepRedirected
	StepRedirectFollowed
	StepRedirectNotFollowed
	StepBranchFailed
	StepCancel
	StepCancelled
	StepCancelCrossed // with the 2xx
	StepCancelUnanswered
	StepRejected
	StepFailureNotSeen
	StepNoResponse
	StepNoFinalResponse
	StepChallengeGivenUp
	StepAnswered
	StepAnsweredAlso // by a further branch
	StepAnswerNotSeen
	StepAcknowledged
	StepNotAcknowledged

	// While the call is up.
	StepSessionTimer
	StepHold
	StepResume
	StepCodecChanged
	StepFaxStarted // the switch to T.38
	StepFaxRefused
	StepFaxEnded
	StepMediaAdded
	StepMediaRemoved
	StepMediaRefused
	StepMediaMoved
	StepRefreshed    // a re-INVITE or UPDATE that changed nothing
	StepRenegotiated // nothing of the above changed, but the formats did, or those before are not known
	StepRenegotiationRefused
	StepGlare
	StepGlareRetried
	StepPrack
	StepUpdate // before the answer
	StepTransferAsked
	StepTransferRefused
	StepTransferProgress
	StepTransferDone
	StepTransferFailed
	StepReplaced
	StepConference
	StepDTMF
	StepPictureUpdate
	StepInfo
	StepRequestRefused
	StepDialogLost
	StepDialogGoesOn

	// The end.
	StepBranchEnded // BYE to one of several branches that answered
	StepEarlyBye
	StepBye
	StepByeNotSeen
	StepByeFailed
	StepByeUnanswered
	StepSessionExpired
	StepSilent
	StepMediaGone

	StepMore // Value steps were left out here

	stepKinds
)

var stepNames = [stepKinds]string{
	"none",
	"began_before", "invite", "invite_not_seen", "invite_again", "forked", "tried_next", "replaces", "joins", "diverted", "trying", "progress", "ringing",
	"early_media", "queued", "forwarded", "early_dialog_ended", "challenged", "retried", "interval_too_small",
	"redirected", "redirect_followed", "redirect_not_followed", "branch_failed", "cancel", "cancelled",
	"cancel_crossed", "cancel_unanswered", "rejected", "failure_not_seen", "no_response", "no_final_response",
	"challenge_given_up", "answered", "answered_also", "answer_not_seen", "acknowledged", "not_acknowledged",
	"session_timer", "hold", "resume", "codec_changed", "t38_started", "t38_refused", "t38_ended", "media_added",
	"media_removed", "media_refused", "media_moved", "refreshed", "renegotiated", "renegotiation_refused", "glare",
	"glare_retried", "prack", "update", "transfer_asked", "transfer_refused", "transfer_progress", "transfer_done",
	"transfer_failed", "replaced", "conference", "dtmf", "picture_update", "info", "request_refused", "dialog_lost",
	"dialog_goes_on",
	"branch_ended", "early_bye", "bye", "bye_not_seen", "bye_failed", "bye_unanswered", "session_expired", "silent",
	"media_gone", "more",
}

// String returns the name used in JSON: "early_media".
func (k StepKind) String() string {
	if k < stepKinds {
		return stepNames[k]
	}
	return stepNames[StepNone]
}

// A Side is one of the two ends of a call.
type Side uint8

// The sides. Of a call that began before the capture, SideCaller is the
// sender of the first message: see Call.RolesUnknown.
const (
	SideUnknown Side = iota
	SideCaller
	SideCallee
	SideNetwork // a server between them
)

// String returns the side as Call.EndedBy has it; "" when it is unknown.
func (s Side) String() string {
	return [...]string{"", byCaller, byCallee, byNetwork}[s&3]
}

func (s Side) other() Side {
	switch s {
	case SideCaller:
		return SideCallee
	case SideCallee:
		return SideCaller
	}
	return s
}

func sideNamed(name string) Side {
	switch name {
	case byCaller:
		return SideCaller
	case byCallee:
		return SideCallee
	case byNetwork:
		return SideNetwork
	}
	return SideUnknown
}

// A Step is one thing that happened in a call. Strings are substrings of
// messages.
type Step struct {
	Kind   StepKind
	By     Side
	Status uint16 // of the response that it is about, 0 when there is none
	Frames [2]int // of the first message and of the one that completed it; 0 when there is none
	Nanos  int64  // when it was complete, Unix ns
	Value  int64  // seconds of a timer, or a count
	Detail string
	More   string
}

// maxSteps bounds the story of one call. Of longer ones the beginning and the
// end are kept, for the end says how the call went.
const (
	maxSteps  = 256
	firstPart = 192
)

// A story is the steps of one call. Those in front are only ever appended to,
// so what was published of them stays as it is.
type story struct {
	steps []Step
	tail  []Step // ring of the latest, once steps is full
	next  int    // oldest of a full ring
	left  int64  // steps that were left out
	since int64  // Unix ns, the latest of these

	shared bool // steps was published
}

// emptied is an empty story in the memory of this one, if nobody else has it.
func (s *story) emptied() story {
	if s.shared {
		return story{}
	}
	clear(s.steps)
	return story{steps: s.steps[:0]}
}

func (s *story) add(step Step) {
	if len(s.steps) < firstPart {
		if s.steps == nil {
			s.steps = make([]Step, 0, 8)
		}
		s.steps = append(s.steps, step)
		return
	}
	if len(s.tail) < maxSteps-firstPart-1 {
		s.tail = append(s.tail, step)
		return
	}
	s.left, s.since = s.left+1, s.tail[s.next].Nanos
	s.tail[s.next] = step
	s.next = (s.next + 1) % len(s.tail)
}

// publish returns the story; nothing that is added later changes it.
func (s *story) publish() []Step {
	s.shared = true
	if len(s.tail) == 0 {
		return s.steps[:len(s.steps):len(s.steps)]
	}
	all := append(make([]Step, 0, maxSteps), s.steps...)
	if s.left > 0 {
		all = append(all, Step{Kind: StepMore, Nanos: s.since, Value: s.left})
	}
	all = append(all, s.tail[s.next:]...)
	return append(all, s.tail[:s.next]...)
}
