package correlate

import (
	"fmt"
	"strconv"
)

// Words says a step of a call in plain English, with addresses: "Bob
// (192.0.2.5) put the call on hold with sendonly". The text is as on the wire
// and has to be cleaned before it is shown.
func Words(s Step, c *Call) string { return (&teller{c, true}).words(s) }

// BriefWords is Words without addresses.
func BriefWords(s Step, c *Call) string { return (&teller{c, false}).words(s) }

// FrameWords names the frames of a step: "f7", "f7-9" or nothing.
func (s Step) FrameWords() string {
	switch first, last := s.Frames[0], s.Frames[1]; {
	case first == 0:
		return ""
	case last == 0 || last == first:
		return "f" + strconv.Itoa(first)
	default:
		return "f" + strconv.Itoa(first) + "-" + strconv.Itoa(last)
	}
}

// A teller puts the steps of one call into words.
type teller struct {
	c         *Call
	addresses bool
}

// words has the sentences for all kinds.
func (t *teller) words(s Step) string {
	who, whom := t.name(s.By), t.name(s.By.other())
	switch s.Kind {
	case StepBeganBefore:
		return "The call began before the capture"
	case StepInvite:
		return who + " called " + t.name(SideCallee) + with(" at ", bareURI(s.Detail)) + t.origin()
	case StepInviteNotSeen:
		return "The INVITE of " + t.name(SideCaller) + " to " + t.name(SideCallee) + " was not captured"
	case StepInviteAgain:
		return who + " tried again" + with(" at ", bareURI(s.Detail))
	case StepForked:
		return t.server(s.By) + " also tried " + bareURI(s.Detail) + " at the same time"
	case StepTriedNext:
		return t.server(s.By) + " then tried " + bareURI(s.Detail)
	case StepReplaces:
		return "The call is to take the place of " + t.other(t.c.Replaces, s.Detail)
	case StepJoins:
		return who + " asked to join " + t.other(t.c.Joins, s.Detail)
	case StepDiverted:
		return short(s.Detail) + " had forwarded the call" + inBrackets(diversionWords(s.More))
	case StepMore:
		return fmt.Sprintf("… %d more steps …", s.Value)
	}
	if text := t.setupWords(s, who); text != "" {
		return text
	}
	if text := t.changeWords(s, who); text != "" {
		return text
	}
	if text := t.transferWords(s, who, whom); text != "" {
		return text
	}
	return t.endWords(s, who)
}

// setupWords are about the responses to the INVITE.
func (t *teller) setupWords(s Step, who string) string {
	on := with(" at ", bareURI(s.Detail))
	switch s.Kind {
	case StepTrying:
		return "The call was on its way (100)"
	case StepProgress:
		return "The other side reported progress (183)" + on
	case StepRinging:
		return t.target(s) + " rang"
	case StepEarlyMedia:
		return "Early media was set up before the answer" + inBrackets(code(s.Status)) + on
	case StepQueued:
		return "The call waited in a queue" + inBrackets(join(code(s.Status), s.Detail))
	case StepForwarded:
		return "The call was being forwarded (181)"
	case StepEarlyDialogEnded:
		return "One of the phones gave up before the answer (199)" + on
	case StepChallenged:
		return "Credentials were asked for" + inBrackets(code(s.Status))
	case StepRetried:
		switch s.Status {
		case 422:
			if s.Value == 0 {
				return who + " tried again"
			}
			return who + " tried again with a session interval of " + secondsWords(s.Value)
		case 401, 407:
			return who + " tried again with credentials"
		}
		return who + " sent another INVITE; no response that asks for it was captured"
	case StepIntervalTooSmall:
		return "The session interval was too small (422)" + minimum(s.Value)
	case StepRedirected:
		return "The call was redirected" + with(" to ", bareURI(s.Detail)) + inBrackets(code(s.Status))
	case StepRedirectFollowed:
		return who + " followed the redirection" + with(" to ", bareURI(s.Detail)) + with(" with a new call, ", s.More)
	case StepRedirectNotFollowed:
		return "Nobody was seen to follow the redirection"
	case StepBranchFailed:
		if s.Status == 487 {
			return "The call" + on + " was taken back (487)"
		}
		return "The call" + on + " failed" + inBrackets(phrase(s.Status))
	case StepCancel:
		return who + " hung up before the answer (CANCEL)" + reasonWords(s.Detail)
	case StepCancelled:
		return "The call was cancelled" + inBrackets(code(s.Status))
	case StepCancelCrossed:
		return "The CANCEL and the answer crossed: the call was up"
	case StepCancelUnanswered:
		return "Nothing final came after the CANCEL"
	case StepRejected:
		return t.rejected(s, who)
	case StepFailureNotSeen:
		return "The call failed; with what was not captured"
	case StepNoResponse:
		return "Nobody answered the INVITE for 32 s"
	case StepNoFinalResponse:
		return "Nothing final came for 300 s"
	case StepChallengeGivenUp:
		return who + " did not try again"
	case StepAnswered:
		return t.target(s) + " answered" + inBrackets(s.More)
	case StepAnsweredAlso:
		return "A second phone answered too" + on + inBrackets(code(s.Status))
	case StepAnswerNotSeen:
		return "The call was answered; when was not captured"
	case StepAcknowledged:
		return who + " acknowledged the answer"
	case StepNotAcknowledged:
		return who + " never acknowledged the answer"
	}
	return ""
}

// changeWords are about what changes while the call is up.
func (t *teller) changeWords(s Step, who string) string {
	switch s.Kind {
	case StepSessionTimer:
		return "A session timer of " + secondsWords(s.Value) + " was agreed on" + refresherWords(s.Detail)
	case StepHold:
		return who + " put the call on hold" + with(" with ", s.Detail) + t.music(s)
	case StepResume:
		return who + " took the call off hold" + after(s.Value)
	case StepCodecChanged:
		return "The codec changed from " + s.More + " to " + s.Detail
	case StepFaxStarted:
		return who + " switched the call to fax (T.38)"
	case StepFaxRefused:
		return "The switch to fax (T.38) was refused" + inBrackets(phrase(s.Status))
	case StepFaxEnded:
		return who + " switched the call back from fax (T.38)" + with(" to ", s.More)
	case StepMediaAdded:
		return who + " added " + s.Detail
	case StepMediaRemoved:
		return who + " removed " + s.Detail
	case StepMediaRefused:
		return who + " offered " + s.Detail + ", which was refused"
	case StepMediaMoved:
		return "The media address of " + who + " changed from " + s.More + " to " + s.Detail
	case StepRefreshed:
		return who + " refreshed the session" + inBrackets(s.More)
	case StepRenegotiated:
		return who + " negotiated the media again" + inBrackets(s.More)
	case StepRenegotiationRefused:
		if s.Status == 0 {
			return who + " did not answer a change of the session" + inBrackets(s.More)
		}
		return who + " refused a change of the session" + inBrackets(join(code(s.Status), s.Detail))
	case StepGlare:
		return who + " wanted to change the session while another request was pending; it has to try again (491)"
	case StepGlareRetried:
		return who + " tried the change again" + after(s.Value)
	case StepPrack:
		return who + " confirmed a provisional response (PRACK)"
	case StepUpdate:
		return who + " changed the session before the answer (UPDATE)"
	case StepConference:
		return who + " is a conference" + with(": ", bareURI(s.Detail))
	case StepDTMF:
		return who + " sent the digit " + MaskDigits(s.Detail) + " (INFO)"
	case StepPictureUpdate:
		return who + " asked for a whole video picture (INFO)"
	case StepInfo:
		return who + " sent information" + inBrackets(join("INFO", s.Detail))
	case StepRequestRefused:
		return "The " + s.More + " of " + who + " was refused" + inBrackets(join(code(s.Status), s.Detail))
	}
	return ""
}

// transferWords are about REFER and Replaces.
func (t *teller) transferWords(s Step, who, whom string) string {
	target := short(s.Detail)
	if target == "" {
		target = "someone"
	}
	switch s.Kind {
	case StepTransferAsked:
		return who + " transferred " + whom + " to " + target + inBrackets(s.More) + t.outcome(s)
	case StepTransferRefused:
		return who + " refused the transfer to " + target + inBrackets(phrase(s.Status))
	case StepTransferProgress:
		return "The transfer to " + target + " is on its way" + inBrackets(phrase(s.Status))
	case StepTransferDone:
		return "The transfer to " + target + " succeeded" + after(s.Value)
	case StepTransferFailed:
		return "The transfer to " + target + " failed" + inBrackets(phrase(s.Status))
	case StepReplaced:
		return "Another call took the place of this one: " + t.other(t.c.ReplacedBy, s.Detail)
	}
	return ""
}

// endWords are about the end.
func (t *teller) endWords(s Step, who string) string {
	switch s.Kind {
	case StepDialogLost:
		if s.Status == 408 {
			return who + " could not be reached any more" + inBrackets(join(code(s.Status), "to "+s.More))
		}
		return who + " does not know of the call any more" + inBrackets(join(code(s.Status), "to "+s.More))
	case StepDialogGoesOn:
		return "The call went on all the same"
	case StepBranchEnded:
		return "The second answer was ended again"
	case StepEarlyBye:
		return who + " hung up before the answer (BYE)" + reasonWords(s.Detail)
	case StepBye:
		return who + " hung up" + reasonWords(s.Detail)
	case StepByeNotSeen:
		return who + " hung up; the BYE was not captured"
	case StepByeFailed:
		return who + " refused the BYE" + inBrackets(join(code(s.Status), s.Detail))
	case StepByeUnanswered:
		return "Nobody answered the BYE"
	case StepSessionExpired:
		return "The session timer of " + secondsWords(s.Value) + " ran out"
	case StepSilent:
		return "Nothing was heard of the call for 4 hours"
	case StepMediaGone:
		return "There has been no audio for 5 minutes, the call goes on"
	}
	return s.Kind.String()
}
