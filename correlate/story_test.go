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
		"invite@1 redirected@2 redirect_followed@4 ringing@5", "Bob rang"},
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
