package correlate

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// storyOf writes a story as "kind@frame" or "kind@first-last", one a word.
func storyOf(c *Call) string {
	words := make([]string, len(c.Story))
	for i, s := range c.Story {
		switch first, last := s.Frames[0], s.Frames[1]; {
		case last == 0 && first == 0:
			words[i] = s.Kind.String()
		case first == last || last == 0:
			words[i] = fmt.Sprintf("%v@%d", s.Kind, first)
		default:
			words[i] = fmt.Sprintf("%v@%d-%d", s.Kind, first, last)
		}
	}
	return strings.Join(words, " ")
}

// In these rows "setup" is frames 1 to 3 and "answer" frames 1 to 5.
const (
	setupStory  = "invite@1 trying@2 ringing@3"
	answerStory = setupStory + " answered@4 acknowledged@5"
)

// storyRows have the story that a person reads off the script, and words of
// its last step.
var storyRows = []struct {
	name, script, story, last string
}{
	{"call", answer + "10 A>B BYE 2 +Reason:Q.850;cause=16\n 10.1 B>A 200 BYE 2", answerStory + " bye@6", "Alice hung up: normal clearing (Q.850 16)"},
	{"challenged", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B ACK 1 nack\n 0.3 A>B INVITE 2 +Proxy-Authorization:Digest_x=1\n 1 B>A 180 INVITE 2",
		"invite@1 challenged@2 retried@4 ringing@5", "Bob rang"},
	{"challenge given up", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n advance 40", "invite@1 challenged@2 challenge_given_up", "Alice did not try again"},
	{"interval raised", "0 A>B INVITE 1\n 0.1 B>A 422 INVITE 1 +Min-SE:1800\n 0.2 A>B INVITE 2 +Session-Expires:1800",
		"invite@1 interval_too_small@2 retried@3", "Alice tried again with a session interval of 1800 s"},
	{"queued, forwarded, early dialog ended", "0 A>B INVITE 1\n 0.1 B>A 182 INVITE 1\n 0.2 B>A 181 INVITE 1\n 0.3 B>A 199 INVITE 1",
		"invite@1 queued@2 forwarded@3 early_dialog_ended@4", "One of the phones gave up before the answer (199)"},
	{"redirected and followed", "0 A>B INVITE 1\n 1 B>A 302 INVITE 1 +Contact:<sip:carol@192.0.2.67>\n 1.1 A>B ACK 1 nack\n 1.2 A>C INVITE 2 uri=carol\n 1.3 C>A 180 INVITE 2",
		"invite@1 redirected@2 redirect_followed@4 ringing@5", "Bob at sip:carol@example.org rang"},
	{"redirected in vain", "0 A>B INVITE 1\n 1 B>A 302 INVITE 1 +Contact:<sip:carol@192.0.2.67>\n advance 20", "invite@1 redirected@2 redirect_not_followed", "Nobody was seen to follow the redirection"},
	{"busy", setup + "2 B>A 486 INVITE 1", setupStory + " rejected@4", "Bob was busy (486 Reason 486)"},
	{"declined", setup + "2 B>A 603 INVITE 1", setupStory + " rejected@4", "Bob refused the call (603 Reason 603)"},
	{"failed in the network", setup + "2 B>A 503 INVITE 1", setupStory + " rejected@4", "The call failed (503 Reason 503)"},
	{"failover", setup + "2 B>A 503 INVITE 1\n 2.1 A>B ACK 1 nack\n 2.2 A>C INVITE 2 uri=bob@second.example\n", setupStory + " rejected@4 invite_again@6", "Alice tried again at sip:bob@second.example"},
	{"cancelled", setup + "2 A>B CANCEL 1 +Reason:SIP;cause=200\n 2.1 B>A 200 CANCEL 1\n 2.2 B>A 487 INVITE 1\n 2.3 A>B ACK 1 nack", setupStory + " cancel@4 cancelled@6", "The call was cancelled (487)"},
	{"cancel and answer cross", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 INVITE 1\n 2.2 A>B ACK 1\n 2.3 A>B BYE 2",
		setupStory + " cancel@4 answered@5 cancel_crossed@5 acknowledged@6 bye@7", "Alice hung up"},
	{"cancel unanswered", setup + "2 A>B CANCEL 1\n advance 40", setupStory + " cancel@4 cancel_unanswered", "Nothing final came after the CANCEL"},
	{"no response", "0 A>B INVITE 1\n advance 40", "invite@1 no_response", "Nobody answered the INVITE for 32 s"},
	{"taken up again", setup + "302 B>A 200 INVITE 1", setupStory + " no_final_response answered@4", "Bob answered"},
	{"failure not seen", "0 A>B INVITE 1\n 1 A>B ACK 1 nack", "invite@1 failure_not_seen@2", "The call failed; with what was not captured"},
	{"answer not seen", "0 A>B INVITE 1\n 1 A>B BYE 2 branch=z9hG4bK-bye", "invite@1 answer_not_seen@2 bye@2", "Alice hung up"},
	{"not acknowledged", unacked + "35.0 B>A BYE 1", "invite@1 answered@2 not_acknowledged@13 bye@13", "Bob hung up"},
	{"response only", "0 B>A 486 INVITE 1", "invite_not_seen@1 rejected@1", "Bob was busy (486 Reason 486)"},
	{"mid-call", "0 B>A BYE 7\n 0.1 A>B 200 BYE 7", "began_before@1 bye@1", "Alice hung up"},
	{"BYE not seen", answer + "10 B>A 200 BYE 2", answerStory + " bye_not_seen@6", "Alice hung up; the BYE was not captured"},
	{"BYE refused", answer + "10 A>B BYE 2\n 10.1 B>A 481 BYE 2", answerStory + " bye@6 bye_failed@7", "Bob refused the BYE (481 Reason 481)"},
	{"BYE refused with 408", answer + "10 A>B BYE 2\n 10.1 B>A 408 BYE 2", answerStory + " bye@6 bye_failed@7", "Bob refused the BYE (408 Reason 408)"},
	{"BYE unanswered", answer + "10 A>B BYE 2\n advance 50", answerStory + " bye@6 bye_unanswered", "Nobody answered the BYE"},
	{"early BYE", setup + "2 A>B BYE 2\n 2.1 B>A 200 BYE 2\n 2.2 B>A 487 INVITE 1", setupStory + " early_bye@4 cancelled@6", "The call was cancelled (487)"},

	{"hold and resume", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n 10.2 A>B ACK 2\n 15 A>B INVITE 3 to=b sdp\n 15.1 B>A 200 INVITE 3 sdp",
		answerStory + " hold@6-7 resume@9-10", "Alice took the call off hold after 5.0 s"},
	{"hold by UPDATE", answer + "10 B>A UPDATE 7 sdp=inactive\n 10.1 A>B 200 UPDATE 7 sdp=inactive", answerStory + " hold@6-7", "Bob put the call on hold with inactive"},
	{"hold by address", answer + "10 A>B INVITE 2 to=b sdp=zero\n 10.1 B>A 200 INVITE 2 sdp", answerStory + " hold@6-7", "Alice put the call on hold with 0.0.0.0"},
	{"hold by IPv6 address", answer + "10 A>B INVITE 2 to=b sdp=zero6\n 10.1 B>A 200 INVITE 2 sdp", answerStory + " hold@6-7", "Alice put the call on hold with ::"},
	{"hold by the ACK", answer + "10 B>A INVITE 7 to=a\n 10.1 A>B 200 INVITE 7 sdp\n 10.2 B>A ACK 7 sdp=sendonly", answerStory + " hold@6-8", "Bob put the call on hold with sendonly"},
	{"codec changed", answer + "10 A>B INVITE 2 to=b sdp=pcma\n 10.1 B>A 200 INVITE 2 sdp=pcma", answerStory + " codec_changed@6-7", "The codec changed from PCMU to PCMA"},
	{"media moved", answer + "10 A>B INVITE 2 to=b sdp=moved\n 10.1 B>A 200 INVITE 2 sdp", answerStory + " media_moved@6-7", "The media address of Alice changed from 192.0.2.65:4000 to 192.0.2.65:4800"},
	{"media moved and back", answer + "10 A>B INVITE 2 to=b sdp=moved\n 10.1 B>A 200 INVITE 2 sdp\n 12 A>B INVITE 3 to=b sdp\n 12.1 B>A 200 INVITE 3 sdp",
		answerStory + " media_moved@6-7 media_moved@8-9", "The media address of Alice changed from 192.0.2.65:4800 to 192.0.2.65:4000"},
	{"a refused move moves nothing", answer + "10 A>B INVITE 2 to=b sdp=moved\n 10.1 B>A 488 INVITE 2\n 12 A>B INVITE 3 to=b sdp\n 12.1 B>A 200 INVITE 3 sdp",
		answerStory + " renegotiation_refused@6-7 refreshed@8-9", "Alice refreshed the session (INVITE)"},
	{"video added and removed", answer + "10 A>B INVITE 2 to=b sdp=video\n 10.1 B>A 200 INVITE 2 sdp=video\n 20 A>B INVITE 3 to=b sdp=novideo\n 20.1 B>A 200 INVITE 3 sdp=novideo",
		answerStory + " media_added@6-7 media_removed@8-9", "Alice removed video"},
	{"video refused", answer + "10 A>B INVITE 2 to=b sdp=video\n 10.1 B>A 200 INVITE 2 sdp=novideo", answerStory + " media_refused@6-7", "Alice offered video, which was refused"},
	{"fax and back", answer + "10 B>A INVITE 7 to=a sdp=t38\n 10.1 A>B 200 INVITE 7 sdp=t38\n 10.2 B>A ACK 7\n 60 A>B INVITE 2 to=b sdp\n 60.1 B>A 200 INVITE 2 sdp",
		answerStory + " t38_started@6-7 t38_ended@9-10", "Alice switched the call back from fax (T.38) to PCMU"},
	{"fax refused", answer + "10 B>A INVITE 7 to=a sdp=t38\n 10.1 A>B 488 INVITE 7", answerStory + " t38_refused@6-7", "The switch to fax (T.38) was refused (488 Not Acceptable Here)"},
	{"refreshed by re-INVITE", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 200 INVITE 2 sdp", answerStory + " refreshed@6-7", "Alice refreshed the session (INVITE)"},
	{"refreshed by UPDATE", answer + "10 B>A UPDATE 2\n 10.1 A>B 200 UPDATE 2", answerStory + " refreshed@6-7", "Bob refreshed the session (UPDATE)"},
	{"refused", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 488 INVITE 2", answerStory + " renegotiation_refused@6-7", "Bob refused a change of the session (488 Reason 488)"},
	{"glare and retry", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.01 B>A INVITE 7 to=a sdp\n 10.1 A>B 491 INVITE 7\n 10.11 B>A 491 INVITE 2\n" +
		"10.2 A>B ACK 2 nack\n 10.21 B>A ACK 7 nack\n 13 A>B INVITE 3 to=b sdp=sendonly\n 13.1 B>A 200 INVITE 3 sdp=recvonly",
		answerStory + " glare@7-8 glare@6-9 glare_retried@12 hold@12-13", "Alice put the call on hold with sendonly"},
	{"re-INVITE challenged", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 407 INVITE 2\n 10.2 A>B INVITE 3 to=b sdp\n 10.3 B>A 200 INVITE 3 sdp",
		answerStory + " challenged@6-7 refreshed@8-9", "Alice refreshed the session (INVITE)"},
	{"re-INVITE unanswered", answer + "10 A>B INVITE 2 to=b sdp\n advance 60", answerStory + " renegotiation_refused@6", "Bob did not answer a change of the session (INVITE)"},
	{"PRACK", "0 A>B INVITE 1\n 0.1 B>A 180 INVITE 1 +RSeq:9 +Require:100rel\n 0.2 A>B PRACK 2 +RAck:9_1_INVITE\n 0.3 B>A 200 PRACK 2",
		"invite@1 ringing@2 prack@3-4", "Alice confirmed a provisional response (PRACK)"},
	{"early UPDATE", setup + "2 A>B UPDATE 2 sdp\n 2.1 B>A 200 UPDATE 2 sdp", setupStory + " update@4-5", "Alice changed the session before the answer (UPDATE)"},
	{"session timer", setup + "3.0 B>A 200 INVITE 1 +Session-Expires:1800;refresher=uas\n 3.1 A>B ACK 1\n advance 1900",
		setupStory + " answered@4 session_timer@4 acknowledged@5 session_expired", "The session timer of 1800 s ran out"},
	{"silence", answer + "advance 15000", answerStory + " silent", "Nothing was heard of the call for 4 hours"},
	{"DTMF", answer + "10 A>B INFO 2 info=Signal=5\n 10.1 B>A 200 INFO 2", answerStory + " dtmf@6", "Alice sent the digit * (INFO)"},
	{"INFO refused", answer + "10 A>B INFO 2 +Info-Package:x-color\n 10.1 B>A 469 INFO 2", answerStory + " info@6 request_refused@6-7", "The INFO of Alice was refused (469 Reason 469)"},
	{"dialog lost", answer + "10 A>B INFO 2 info=Signal=5\n 10.1 B>A 481 INFO 2", answerStory + " dtmf@6 dialog_lost@7", "Bob does not know of the call any more (481 to INFO)"},
	{"conference", setup + "3 B>A 200 INVITE 1 sdp +Contact:<sip:room7@192.0.2.66>;isfocus\n 3.1 A>B ACK 1",
		setupStory + " answered@4 conference@4 acknowledged@5", "Alice acknowledged the answer"},
	{"diverted", "0 A>B INVITE 1 +Diversion:<sip:dora@example.org>;reason=user-busy\n 1 B>A 180 INVITE 1", "invite@1 diverted@1 ringing@2", "Bob rang"},

	{"blind transfer", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 202 REFER 2\n 10.2 B>A NOTIFY 1 +Event:refer body=SIP/2.0_100_Trying\n" +
		"12 B>A NOTIFY 2 +Event:refer body=SIP/2.0_200_OK", answerStory + " transfer_asked@6 transfer_progress@8 transfer_done@9", "The transfer to 3005 succeeded after 2.0 s"},
	{"transfer fails", answer + "10 B>A REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 A>B 202 REFER 2\n 12 A>B NOTIFY 5 +Event:refer;id=2 body=SIP/2.0_486_Busy",
		answerStory + " transfer_asked@6 transfer_failed@8", "The transfer to 3005 failed (486 Busy Here)"},
	{"transfer refused", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 603 REFER 2", answerStory + " transfer_asked@6 transfer_refused@6-7", "Bob refused the transfer to 3005 (603 Decline)"},

	{"parallel fork", "0 A>P INVITE 1\n 0.1 P>B INVITE 1 uri=b\n 0.1 P>C INVITE 1 uri=c\n 0.2 B>P 180 INVITE 1\n 0.21 P>A 180 INVITE 1 to=b\n 0.3 C>P 180 INVITE 1\n 0.31 P>A 180 INVITE 1 to=c\n" +
		"2 C>P 200 INVITE 1\n 2.1 P>A 200 INVITE 1 to=c\n 2.2 P>B CANCEL 1 from=a\n 2.3 B>P 487 INVITE 1", "invite@1 forked@3 ringing@5 ringing@7 answered@9 branch_failed@2-11", "The call at sip:b@example.org was taken back (487)"},
	{"serial fork", "0 A>P INVITE 1\n 0.1 P>B INVITE 1 uri=b\n 0.2 B>P 486 INVITE 1\n 0.3 P>C INVITE 1 uri=c\n 1 C>P 200 INVITE 1\n 1.1 P>A 200 INVITE 1 to=c",
		"invite@1 branch_failed@2-3 tried_next@4 answered@6", "Bob at sip:c@example.org answered"},
	{"a border controller with tags of its own", "0 A>P INVITE 1 sdp\n 0.1 P>B INVITE 1 from=x vias=1 sdp\n 1 B>P 200 INVITE 1 from=x to=y vias=1 sdp\n 1.1 P>A 200 INVITE 1 to=b sdp\n" +
		"1.2 A>P ACK 1 to=b\n 1.3 P>B ACK 1 from=x to=y vias=1\n 5 B>P INVITE 7 from=y to=x vias=1 sdp=sendonly\n 5.1 P>A INVITE 7 from=b to=a sdp=sendonly\n" +
		"5.2 A>P 200 INVITE 7 from=b to=a sdp=recvonly\n 5.3 P>B 200 INVITE 7 from=y to=x vias=1 sdp=recvonly\n" +
		"9 B>P BYE 8 from=y to=x vias=1\n 9.1 P>A BYE 8 from=b to=a\n 9.2 A>P 200 BYE 8 from=b to=a",
		"invite@1 answered@4 acknowledged@5 hold@8-9 bye@12", "Bob hung up"},
	{"the BYE of another leg only", "0 A>P INVITE 1 sdp\n 1.1 P>A 200 INVITE 1 to=b sdp\n 1.2 A>P ACK 1 to=b\n 9 B>P BYE 8 from=y to=x vias=1\n advance 20",
		"invite@1 answered@2 acknowledged@3 bye@4", "one side hung up"},
	{"REFER challenged", answer + "10 A>B REFER 2 +Refer-To:<sip:3005@example.org>\n 10.1 B>A 407 REFER 2\n 10.2 A>B REFER 3 +Refer-To:<sip:3005@example.org>\n 10.3 B>A 202 REFER 3\n" +
		"12 B>A NOTIFY 2 +Event:refer;id=3 body=SIP/2.0_200_OK", answerStory + " transfer_asked@6 challenged@6-7 retried@8 transfer_done@10", "The transfer to 3005 succeeded after 2.0 s"},
	{"two answers", setup + "3 B>A 200 INVITE 1\n 3.1 A>B ACK 1\n 3.2 B>A 200 INVITE 1 to=x\n 3.3 A>B ACK 1 to=x branch=z9hG4bK-ackx\n 3.4 A>B BYE 2 to=x\n 3.5 B>A 200 BYE 2 to=x",
		setupStory + " answered@4 acknowledged@5 answered_also@6 branch_ended@8", "The second answer was ended again"},
}

func TestStory(t *testing.T) {
	for _, row := range storyRows {
		t.Run(row.name, func(t *testing.T) {
			c := onlyCall(t, runScript(t, row.script))
			if got := storyOf(c); got != row.story {
				t.Errorf("story %s\nwant  %s", got, row.story)
			}
			if got := BriefWords(c.Story[len(c.Story)-1], c); row.last != "" && got != row.last {
				t.Errorf("words %q, want %q", got, row.last)
			}
		})
	}
}

// The order of the messages does not change the story, nor when Publish is
// called (spec §9.5), nor whether the call was frozen.
func TestStoryInAnyOrder(t *testing.T) {
	for _, row := range storyRows {
		t.Run(row.name, func(t *testing.T) {
			want := onlyCall(t, runScript(t, row.script))
			s := parseScript(t, row.script)
			slices.Reverse(s)
			tr := NewTracker(Config{})
			for i := range s {
				s[i].play(t, tr)
				tr.Publish()
			}
			tr.Flush()
			got := onlyCall(t, tr.Publish())
			if !reflect.DeepEqual(got.Told, want.Told) {
				t.Errorf("backwards %s\nforwards %s", storyOf(got), storyOf(want))
			}
			tr.Advance(at(100_000))
			frozen := onlyCall(t, tr.Publish())
			if tr.order[0].following != nil {
				return // its state stays open, or a timer still runs
			}
			tr.thaw(tr.order[0])
			if again := tr.build(tr.order[0]); !reflect.DeepEqual(again.Told, frozen.Told) {
				t.Errorf("thawed %s\nfrozen %s", storyOf(again), storyOf(frozen))
			}
		})
	}
}

// Messages that are sent twice, or captured twice, tell nothing new.
func TestStoryOfDoubledMessages(t *testing.T) {
	kinds := func(c *Call) string {
		var b strings.Builder
		for _, s := range c.Story {
			b.WriteString(s.Kind.String() + " ")
		}
		return b.String()
	}
	for _, row := range storyRows {
		want := kinds(onlyCall(t, runScript(t, row.script)))
		for name, captured := range map[string]bool{"sent": false, "captured": true} {
			t.Run(row.name+"/"+name, func(t *testing.T) {
				tr := NewTracker(Config{})
				for _, l := range parseScript(t, row.script) {
					l.play(t, tr)
					if l.message != "" {
						l.nanos += millisecond
						l.packet.Nanos, l.packet.Duplicate = l.nanos, captured
						l.play(t, tr)
					}
				}
				tr.Flush()
				if got := kinds(onlyCall(t, tr.Publish())); got != want {
					t.Errorf("story %s\nwant  %s", got, want)
				}
			})
		}
	}
}

// A story that is too long keeps its beginning and its end.
func TestStoryHasALimit(t *testing.T) {
	var b strings.Builder
	b.WriteString(answer)
	const digits = 600
	for i := range digits {
		fmt.Fprintf(&b, "%d A>B INFO %d info=Signal=%d\n %d.1 B>A 200 INFO %d\n", 10+i, 2+i, i%10, 10+i, 2+i)
	}
	fmt.Fprintf(&b, "%d A>B BYE %d", 10+digits, 2+digits)
	steps := onlyCall(t, runScript(t, b.String())).Story
	if len(steps) != maxSteps {
		t.Fatalf("%d steps, want %d", len(steps), maxSteps)
	}
	more := steps[firstPart]
	if more.Kind != StepMore || more.Value != 5+digits+1-(maxSteps-1) {
		t.Errorf("step %d is %v of %d", firstPart, more.Kind, more.Value)
	}
	if steps[0].Kind != StepInvite || steps[maxSteps-1].Kind != StepBye {
		t.Errorf("the story begins with %v and ends with %v", steps[0].Kind, steps[maxSteps-1].Kind)
	}
	for i := 1; i < len(steps); i++ {
		if steps[i].Nanos < steps[i-1].Nanos {
			t.Fatalf("step %d is before step %d", i, i-1)
		}
	}
}

// What was published does not change when more happens.
func TestPublishedStoryStays(t *testing.T) {
	tr := NewTracker(Config{})
	parseScript(t, setup).play(t, tr)
	before := onlyCall(t, tr.Publish())
	story := storyOf(before)
	parseScript(t, "3.0 B>A 200 INVITE 1 sdp\n 3.1 A>B ACK 1\n 9 A>B BYE 2").play(t, tr)
	after := onlyCall(t, tr.Publish())
	if storyOf(before) != story || len(after.Story) != 6 {
		t.Errorf("before %s, after %s", storyOf(before), storyOf(after))
	}
}

const heldScript = answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n 10.2 A>B ACK 2\n"

func TestHolds(t *testing.T) {
	c := onlyCall(t, runScript(t, heldScript+"12 B>A INVITE 7 to=a sdp=inactive\n 12.1 A>B 200 INVITE 7 sdp=inactive\n"+
		"14 B>A INVITE 8 to=a sdp\n 14.1 A>B 200 INVITE 8 sdp=sendonly\n 20 A>B BYE 3\n 20.1 B>A 200 BYE 3"))
	want := []Hold{
		{By: SideCaller, Method: "sendonly", From: at(10.1), Frames: [2]int{6, 0}},
		{By: SideCallee, Method: "inactive", From: at(12.1), To: at(14.1), Frames: [2]int{9, 11}},
	}
	if !slices.Equal(c.Holds, want) {
		t.Errorf("holds %+v\nwant  %+v", c.Holds, want)
	}
	if c.HoldTime != at(20)-at(10.1) { // the two overlap
		t.Errorf("hold time %d", c.HoldTime)
	}
}

func TestHoldTime(t *testing.T) {
	for _, row := range []struct {
		holds []Hold
		end   int64
		want  int64
	}{
		{nil, 9, 0},
		{[]Hold{{From: 2, To: 5}}, 9, 3},
		{[]Hold{{From: 2}}, 9, 7},
		{[]Hold{{From: 2, To: 5}, {From: 3, To: 4}, {From: 6, To: 7}}, 9, 4},
		{[]Hold{{From: 2, To: 5}, {From: 4, To: 8}}, 9, 6},
		{[]Hold{{From: 5, To: 2}}, 9, 0},
	} {
		if got := holdTime(row.holds, row.end); got != row.want {
			t.Errorf("%+v: %d, want %d", row.holds, got, row.want)
		}
	}
}

func TestMusicOnHold(t *testing.T) {
	resume := "20 A>B INVITE 3 to=b sdp\n 20.1 B>A 200 INVITE 3 sdp\n"
	for _, row := range []struct {
		name string
		talk func(tr *Tracker)
		want bool
	}{
		{"the holder sends all the time", func(tr *Tracker) { talk(tr, "A>B", 3.2, 25) }, true},
		{"the holder stops", func(tr *Tracker) { talk(tr, "A>B", 3.2, 10.1) }, false},
		{"the other side sends", func(tr *Tracker) { talk(tr, "B>A", 3.2, 25) }, false},
		{"the holder begins to send", func(tr *Tracker) { talk(tr, "A>B", 11, 19) }, true},
		{"the holder sends again after the hold", func(tr *Tracker) { talk(tr, "A>B", 20.2, 25) }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			tr := NewTracker(Config{})
			parseScript(t, heldScript).play(t, tr)
			row.talk(tr)
			parseScript(t, resume).play(t, tr)
			tr.Flush()
			c := onlyCall(t, tr.Publish())
			if len(c.Holds) != 1 || c.Holds[0].Music != row.want {
				t.Fatalf("holds %+v", c.Holds)
			}
			words := BriefWords(stepOf(t, c, StepHold), c)
			if strings.HasSuffix(words, "went on sending audio") != row.want {
				t.Errorf("words %q", words)
			}
		})
	}
}

func TestBranches(t *testing.T) {
	const serial = "0 A>P INVITE 1\n 0.1 P>B INVITE 1 uri=b\n 0.15 B>P 180 INVITE 1\n 0.2 B>P 486 INVITE 1\n 0.3 P>C INVITE 1 uri=c\n 1 C>P 200 INVITE 1\n 1.1 P>A 200 INVITE 1 to=c"
	c := onlyCall(t, runScript(t, serial))
	want := []Branch{
		{Target: "sip:b@example.org", Sent: at(0.1), Rang: at(0.15), Status: 486, Ended: at(0.2), Frames: [2]int{2, 4}, tag: "b"},
		{Target: "sip:c@example.org", Serial: true, Sent: at(0.3), Status: 200, Ended: at(1), Winner: true, Frames: [2]int{5, 6}, tag: "c"},
	}
	if !slices.Equal(c.Branches, want) {
		t.Errorf("branches %+v\nwant     %+v", c.Branches, want)
	}
	if c := onlyCall(t, runScript(t, "0 A>P INVITE 1\n 0.1 P>B INVITE 1\n 1 B>P 200 INVITE 1\n 1.1 P>A 200 INVITE 1 to=b")); c.Branches != nil {
		t.Errorf("a call through one proxy has branches: %+v", c.Branches)
	}
}

func TestDiversions(t *testing.T) {
	for _, row := range []struct {
		name, headers string
		want          []Diversion
	}{
		{"none", "", nil},
		{"two in one header", "+Diversion:<sip:second@x>;reason=no-answer,_<sip:first@x>;reason=\"user-busy\"",
			[]Diversion{{"sip:first@x", "sip:second@x", "user-busy", 1}, {"sip:second@x", "", "no-answer", 1}}},
		{"two headers", "+Diversion:<sip:second@x> +Diversion:<sip:first@x>",
			[]Diversion{{"sip:first@x", "sip:second@x", "", 1}, {"sip:second@x", "", "", 1}}},
		{"History-Info with a cause in the URI", "+History-Info:<sip:first@x>;index=1,_<sip:second@x;cause=486>;index=1.1;mp=1",
			[]Diversion{{"sip:first@x", "sip:second@x;cause=486", "486", 1}}},
		{"History-Info with a Reason", "+History-Info:<sip:first@x?Reason=SIP%3Bcause%3D302%3Btext%3Dmoved>;index=1,_<sip:second@x>;index=1.1",
			[]Diversion{{"sip:first@x", "sip:second@x", "302", 1}}},
		{"History-Info that only routes", "+History-Info:<sip:first@x>;index=1,_<sip:first@y>;index=1.1,_<sip:other@y>;index=1.2", nil},
		{"Diversion before History-Info", "+History-Info:<sip:a@x>;index=1,_<sip:b@x>;index=1.1;rc=1 +Diversion:<sip:d@x>", []Diversion{{"sip:d@x", "", "", 1}}},
		{"rubbish", "+Diversion:;;,,< +History-Info:<>;index", []Diversion{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := onlyCall(t, runScript(t, "0 A>B INVITE 1 "+row.headers))
			if row.name == "rubbish" {
				return // it must only not break
			}
			if !slices.Equal(c.Diversions, row.want) {
				t.Errorf("%+v\nwant %+v", c.Diversions, row.want)
			}
		})
	}
}

func TestCauseWords(t *testing.T) {
	for _, row := range []struct {
		header string
		status int
		want   string
	}{
		{"", 0, ""},
		{"", 200, ""},
		{"", 486, "Busy Here (SIP 486, Q.850 17 user busy)"},
		{"", 488, "Not Acceptable Here (SIP 488)"},
		{"Q.850;cause=16", 200, "normal clearing (Q.850 16)"},
		{"q.850 ;cause=34;text=\"No circuit\"", 503, "no circuit (Q.850 34)"},
		{"SIP;cause=200;text=\"Call completed elsewhere\"", 487, "Call completed elsewhere (SIP 200)"},
		{"SIP;cause=480, Q.850;cause=18", 0, "no user responding (Q.850 18)"},
		{"Q.850;cause=125;text=\"x\"", 0, "x (Q.850 125)"},
		{"Q.850;cause=9999999", 0, "(Q.850 9999999)"},
		{"RELEASE_CAUSE;cause=5;text=\"y\"", 0, "y (RELEASE_CAUSE 5)"},
		{"nonsense", 0, ""},
	} {
		if got := CauseWords(row.header, row.status); got != row.want {
			t.Errorf("%q, %d: %q, want %q", row.header, row.status, got, row.want)
		}
	}
}

func TestStepNamesAreDistinct(t *testing.T) {
	seen := map[string]StepKind{}
	for k := range stepKinds {
		name := k.String()
		if before, twice := seen[name]; twice || name == "" || strings.ToLower(name) != name {
			t.Errorf("step %d has the name %q of step %d", k, name, before)
		}
		seen[name] = k
		if k == StepNone {
			continue
		}
		if words := Words(Step{Kind: k}, &Call{}); words == "" || words == name {
			t.Errorf("step %v has no words", k)
		}
	}
}

// FuzzFacts checks that what a message says about other calls and about what
// happened can be read, and put into words, whatever it is.
func FuzzFacts(f *testing.F) {
	f.Add("<sip:a@x>;reason=no-answer, <sip:b@x>", "<sip:a@x?Reason=SIP%3Bcause%3D302>;index=1,<sip:b@x>;index=1.1", "<sip:c@x?Replaces=one%3Bto-tag%3Db%3Bfrom-tag%3Da>", "Signal=5\r\nDuration=160")
	f.Add("", "", "tel:+34600", "#")
	f.Add(";;,<", "<sip:;cause=@>;mp", "<>", "Signal=\nSignal=9")
	f.Fuzz(func(t *testing.T, diversion, history, target, info string) {
		list := diversionsOf([]string{diversion}, []string{history}, 1)
		if len(list) > maxDiversions {
			t.Errorf("%d diversions", len(list))
		}
		r := rarities{info: info, infoKind: "application/dtmf-relay", referTo: target}
		steps := []Step{r.infoStep(), {Kind: StepTransferAsked, Detail: target}, {Kind: StepBye, Detail: history}, {Kind: StepForked, Detail: target}}
		for _, d := range list {
			steps = append(steps, Step{Kind: StepDiverted, Detail: d.From, More: d.Reason})
		}
		c := &Call{From: diversion, To: target, FromDisplay: info}
		for _, s := range steps {
			if Words(s, c) == "" || BriefWords(s, c) == "" {
				t.Errorf("no words for %v", s.Kind)
			}
		}
		if digits := MaskDigits(info); strings.Trim(digits, "*") != "" || len(digits) > 32 {
			t.Errorf("digits %q", digits)
		}
		userOf(target)
		callIDOf(target)
		newTransfer(&event{message: &Message{}, facts: facts{rarities: &r}})
	})
}
