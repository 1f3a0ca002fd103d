package correlate

import (
	"slices"
	"strings"
	"testing"
)

const (
	setup  = "0.0 A>B INVITE 1 sdp\n 0.1 B>A 100 INVITE 1\n 1.0 B>A 180 INVITE 1\n"
	answer = setup + "3.0 B>A 200 INVITE 1 sdp\n 3.1 A>B ACK 1\n"
)

// stateRows are the rows of the table in spec §3.6, in its order. Flags are
// separated by spaces.
var stateRows = []struct {
	name   string
	script string
	state  State
	flags  string
}{
	{"INVITE", "0 A>B INVITE 1", StateNew, ""},
	{"INVITE in a dialog without history", "0 A>B INVITE 7 to=b", StatePartialInCall, ""},
	{"response without request", "0 B>A 180 INVITE 1", StateRinging, "no_request_seen"},
	{"2xx without request", "0 B>A 200 INVITE 1", StateAnswered, "no_request_seen"},
	{"failure without request", "0 B>A 486 INVITE 1", StateBusy, "no_request_seen"},
	{"BYE without history", "0 A>B BYE 2", StateEnding, ""},
	{"BYE without history and its response", "0 A>B BYE 2\n 0.1 B>A 200 BYE 2", StateCompleted, ""},
	{"BYE after the failure of another branch", "0 C>A 487 INVITE 1\n 1 A>B BYE 2 to=b\n 1.1 B>A 200 BYE 2 to=b", StateCompleted, "no_request_seen answer_not_seen"},
	{"ACK to the failure of another branch", "0 B>A 200 INVITE 1 sdp\n 0.5 C>A 487 INVITE 1\n 0.6 A>C ACK 1 to=c", StateAnswered, "no_request_seen"},
	{"BYE after a failure", "0 C>A 403 INVITE 1\n 1 A>C BYE 2\n 1.1 C>A 200 BYE 2", StateRejected, "no_request_seen"},
	{"ACK without history", "0 A>B ACK 1", StatePartialInCall, ""},
	{"PRACK without history", "0 A>B PRACK 2", StatePartialInCall, ""},
	{"INFO without history", "0 A>B INFO 2", StatePartialInCall, ""},

	{"INVITE again", "0 A>B INVITE 1\n 0.5 A>B INVITE 1", StateNew, ""},
	{"100", "0 A>B INVITE 1\n 0.1 B>A 100 INVITE 1", StateTrying, ""},
	{"180", setup, StateRinging, ""},
	{"183 without SDP", "0 A>B INVITE 1\n 0.1 B>A 183 INVITE 1", StateTrying, ""},
	{"182", "0 A>B INVITE 1\n 0.1 B>A 182 INVITE 1", StateQueued, ""},
	{"181", "0 A>B INVITE 1\n 0.1 B>A 181 INVITE 1", StateTrying, "forwarded"},
	{"199", "0 A>B INVITE 1\n 0.1 B>A 199 INVITE 1", StateTrying, ""},
	{"183 with SDP", "0 A>B INVITE 1\n 0.1 B>A 183 INVITE 1 sdp", StateEarly, "early_media"},
	{"180 with SDP", "0 A>B INVITE 1\n 0.1 B>A 180 INVITE 1 sdp", StateEarly, "early_media"},
	{"183 with SDP after 180", setup + "1.5 B>A 183 INVITE 1 sdp", StateEarly, "early_media"},
	{"180 after 183 with SDP", "0 A>B INVITE 1\n 0.1 B>A 183 INVITE 1 sdp\n 1 B>A 180 INVITE 1", StateRinging, "early_media"},
	{"183 without SDP after 180", setup + "1.5 B>A 183 INVITE 1", StateRinging, ""},

	{"401", "0 A>B INVITE 1\n 0.1 B>A 401 INVITE 1", StateAuth, ""},
	{"407 and its ACK", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B ACK 1 nack", StateAuth, ""},
	{"407 and a retry", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B INVITE 2 +Proxy-Authorization:Digest_x=1", StateNew, ""},
	{"407 and no retry", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n advance 33", StateAuthFailed, ""},
	{"407, capture ends in time", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n advance 31", StateAuth, ""},
	{"407 twice", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B INVITE 2\n 0.3 B>A 407 INVITE 2\n advance 40", StateAuthFailed, ""},
	{"422 and a retry", "0 A>B INVITE 1\n 0.1 B>A 422 INVITE 1\n 0.2 A>B INVITE 2\n 0.3 B>A 180 INVITE 2", StateRinging, ""},
	{"422 and no retry", "0 A>B INVITE 1\n 0.1 B>A 422 INVITE 1\n advance 40", StateFailed, ""},
	{"491", setup + "2 B>A 491 INVITE 1", StateFailed, ""},
	{"500 with Retry-After", setup + "2 B>A 500 INVITE 1 +Retry-After:5", StateFailed, ""},
	{"503", setup + "2 B>A 503 INVITE 1", StateFailed, ""},
	{"503 and another target", setup + "2 B>A 503 INVITE 1\n 2.1 A>C INVITE 2", StateNew, "serial_attempt"},
	{"491 and another target", setup + "2 B>A 491 INVITE 1\n 2.1 A>C INVITE 2", StateNew, "serial_attempt"},
	{"500 with Retry-After and another target", setup + "2 B>A 500 INVITE 1 +Retry-After:5\n 8 A>C INVITE 2\n 8.1 C>A 180 INVITE 2", StateRinging, "serial_attempt"},
	{"503 and another target answers", setup + "2 B>A 503 INVITE 1\n 2.1 A>C INVITE 2\n 3 C>A 200 INVITE 2\n 3.1 A>C ACK 2", StateInCall, "serial_attempt"},
	{"503 and another branch", setup + "2 B>A 503 INVITE 1\n 2.1 A>C INVITE 1", StateNew, "serial_attempt"},
	{"302", setup + "2 B>A 302 INVITE 1", StateRedirected, ""},
	{"302 and a retry", setup + "2 B>A 302 INVITE 1\n 2.2 A>C INVITE 2\n 2.3 C>A 180 INVITE 2", StateRinging, ""},
	{"302 and no retry", setup + "2 B>A 302 INVITE 1\n advance 12.1", StateMoved, ""},
	{"300", setup + "2 B>A 300 INVITE 1", StateRedirected, ""},
	{"305", setup + "2 B>A 305 INVITE 1", StateRedirected, ""},
	{"380 and no retry", setup + "2 B>A 380 INVITE 1\n advance 12.1", StateMoved, ""},
	{"302, capture ends in time", setup + "2 B>A 302 INVITE 1\n advance 11.9", StateRedirected, ""},
	{"302 twice and an answer", setup + "2 B>A 302 INVITE 1\n 2.2 A>C INVITE 2\n 2.3 C>A 301 INVITE 2\n 2.5 A>D INVITE 3\n 3 D>A 200 INVITE 3\n 3.1 A>D ACK 3", StateInCall, ""},
	{"302 and a retry that is too late", setup + "2 B>A 302 INVITE 1\n 13 A>C INVITE 2", StateNew, "serial_attempt"},
	{"CANCEL while it waits for credentials", "0 A>B INVITE 1\n 0.1 B>A 407 INVITE 1\n 0.2 A>B CANCEL 1\n advance 40", StateAuthFailed, ""},
	{"CANCEL before any response", "0 A>B INVITE 1\n 0.2 A>B CANCEL 1\n 0.3 B>A 200 CANCEL 1\n 0.4 B>A 487 INVITE 1", StateCancelled, ""},
	{"CANCEL", setup + "2 A>B CANCEL 1", StateCancelling, ""},
	{"CANCEL and 487", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 CANCEL 1\n 2.2 B>A 487 INVITE 1\n 2.3 A>B ACK 1 nack", StateCancelled, ""},
	{"CANCEL and another failure", setup + "2 A>B CANCEL 1\n 2.2 B>A 408 INVITE 1", StateCancelled, ""},
	{"CANCEL and nothing", setup + "2 A>B CANCEL 1\n advance 35", StateCancelled, "cancel_unanswered"},
	{"CANCEL crosses 2xx", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 INVITE 1", StateAnswered, "glare_cancel_2xx"},
	{"CANCEL crosses 2xx, BYE", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 INVITE 1\n 2.2 A>B ACK 1\n 2.3 A>B BYE 2\n 2.4 B>A 200 BYE 2", StateCompleted, "glare_cancel_2xx"},
	{"CANCEL after 2xx", answer + "3.2 A>B CANCEL 1\n 3.3 B>A 481 CANCEL 1", StateInCall, ""},
	{"CANCEL crosses 2xx, the BYE is answered with 481", setup + "2 A>B CANCEL 1\n 2.1 B>A 200 INVITE 1\n 2.2 A>B ACK 1\n 2.3 A>B BYE 2\n 2.4 B>A 481 BYE 2", StateCompleted, "glare_cancel_2xx bye_failed"},
	{"487 of one branch after the answer", answer + "3.5 B>A 487 INVITE 1", StateInCall, ""},
	{"486", setup + "2 B>A 486 INVITE 1", StateBusy, ""},
	{"600", setup + "2 B>A 600 INVITE 1", StateBusy, ""},
	{"403", setup + "2 B>A 403 INVITE 1", StateRejected, ""},
	{"603", setup + "2 B>A 603 INVITE 1", StateRejected, ""},
	{"607", setup + "2 B>A 607 INVITE 1", StateRejected, ""},
	{"608", setup + "2 B>A 608 INVITE 1", StateRejected, ""},
	{"433", setup + "2 B>A 433 INVITE 1", StateRejected, ""},
	{"436", setup + "2 B>A 436 INVITE 1", StateRejected, ""},
	{"438", setup + "2 B>A 438 INVITE 1", StateRejected, ""},
	{"488", setup + "2 B>A 488 INVITE 1", StateRejected, "media_rejected"},
	{"606", setup + "2 B>A 606 INVITE 1", StateRejected, "media_rejected"},
	{"480 after a second of ringing", setup + "2 B>A 480 INVITE 1", StateNoAnswer, ""},
	{"480 after less", setup + "1.9 B>A 480 INVITE 1", StateFailed, ""},
	{"408 after ringing", setup + "31 B>A 408 INVITE 1", StateNoAnswer, ""},
	{"408 without ringing", "0 A>B INVITE 1\n 0.1 B>A 100 INVITE 1\n 31 B>A 408 INVITE 1", StateFailed, ""},
	{"487 without CANCEL", setup + "2 B>A 487 INVITE 1", StateCancelled, "cancel_not_seen"},
	{"604", setup + "2 B>A 604 INVITE 1", StateFailed, ""},
	{"410", setup + "2 B>A 410 INVITE 1", StateFailed, ""},
	{"404", setup + "2 B>A 404 INVITE 1", StateFailed, ""},
	{"502", setup + "2 B>A 502 INVITE 1", StateFailed, ""},
	{"no response", "0 A>B INVITE 1\n advance 32", StateTimeout, "no_response"},
	{"no response yet", "0 A>B INVITE 1\n advance 31.9", StateNew, ""},
	{"no response since the last copy", "0 A>B INVITE 1\n 31.5 A>B INVITE 1\n advance 63", StateNew, ""},
	{"no final response", setup + "advance 301", StateTimeout, "stuck_early"},
	{"no final response yet", setup + "advance 300.9", StateRinging, ""},
	{"message after the time-out", setup + "302 B>A 183 INVITE 1 sdp", StateEarly, "early_media"},
	{"answer after the time-out", setup + "302 B>A 200 INVITE 1", StateAnswered, ""},
	{"200", setup + "3.0 B>A 200 INVITE 1", StateAnswered, ""},
	{"ACK", answer, StateInCall, ""},
	{"no ACK, 2xx for 32 s, silence", unacked + "advance 40", StateDropped, "no_ack"},
	{"no ACK, 2xx for 32 s, BYE", unacked + "35.0 B>A BYE 1", StateDropped, "no_ack"},
	{"no ACK, no 2xx again", setup + "3.0 B>A 200 INVITE 1\n advance 100", StateAnswered, ""},

	{"two answers", answer + "3.2 B>A 200 INVITE 1 to=x\n 3.3 A>B ACK 1 to=x branch=z9hG4bK-x", StateInCall, "multiple_2xx"},
	{"two answers, BYE to the loser", answer + "3.2 B>A 200 INVITE 1 to=x\n 3.3 A>B ACK 1 to=x branch=z9hG4bK-x\n 3.4 A>B BYE 2 to=x\n 3.5 B>A 200 BYE 2 to=x", StateInCall, "multiple_2xx"},
	{"two answers, BYE to the first", answer + "3.2 B>A 200 INVITE 1 to=x\n 3.3 A>B ACK 1 to=x branch=z9hG4bK-x\n 3.4 A>B BYE 2\n 3.5 B>A 200 BYE 2\n 9 A>B BYE 3 to=x", StateEnding, "multiple_2xx"},
	{"199 of one early dialog, 180 of another", "0 A>B INVITE 1\n 0.1 B>A 180 INVITE 1\n 0.2 B>A 199 INVITE 1\n 0.3 B>A 180 INVITE 1 to=x", StateRinging, ""},
	{"queued and answered", "0 A>B INVITE 1\n 0.1 B>A 182 INVITE 1\n 9 B>A 180 INVITE 1\n 10 B>A 200 INVITE 1\n 10.1 A>B ACK 1", StateInCall, ""},
	{"queued, then 183 without SDP", "0 A>B INVITE 1\n 0.1 B>A 182 INVITE 1\n 1 B>A 183 INVITE 1", StateQueued, ""},
	{"forwarded and answered", "0 A>B INVITE 1\n 0.1 B>A 181 INVITE 1\n 10 B>A 200 INVITE 1\n 10.1 A>B ACK 1", StateInCall, "forwarded"},
	{"re-INVITE", answer + "10 B>A INVITE 5 to=a sdp", StateRenegotiating, ""},
	{"UPDATE with offer", answer + "10 A>B UPDATE 5 sdp", StateRenegotiating, ""},
	{"UPDATE without offer", answer + "10 A>B UPDATE 5", StateInCall, ""},
	{"re-INVITE accepted", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 200 INVITE 2 sdp\n 10.2 A>B ACK 2", StateInCall, ""},
	{"re-INVITE refused", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 488 INVITE 2\n 10.2 A>B ACK 2 nack", StateInCall, ""},
	{"re-INVITE refused as busy", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 486 INVITE 2", StateInCall, ""},
	{"re-INVITE glare", answer + "10 A>B INVITE 2 to=b sdp\n 10.1 B>A 491 INVITE 2", StateInCall, ""},
	{"UPDATE refused", answer + "10 A>B UPDATE 2 sdp\n 10.1 B>A 500 UPDATE 2", StateInCall, ""},
	{"INFO refused", answer + "10 A>B INFO 2\n 10.1 B>A 415 INFO 2", StateInCall, ""},
	{"re-INVITE unanswered", answer + "10 A>B INVITE 2 to=b sdp\n advance 43", StateInCall, ""},
	{"hold by the caller", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly", StateHold, "hold_by_caller"},
	{"hold by the callee", answer + "10 B>A INVITE 5 to=a sdp=sendonly\n 10.1 A>B 200 INVITE 5 sdp=recvonly", StateHold, "hold_by_callee"},
	{"hold by both", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n" +
		"11 B>A INVITE 5 to=a sdp=inactive\n 11.1 A>B 200 INVITE 5 sdp=inactive", StateHold, "hold_by_caller hold_by_callee"},
	{"re-INVITEs cross", answer + "10 A>B INVITE 2 to=b sdp\n 10.01 B>A INVITE 7 to=a sdp\n 10.1 B>A 491 INVITE 2", StateRenegotiating, ""},
	{"re-INVITEs cross, both refused", answer + "10 A>B INVITE 2 to=b sdp\n 10.01 B>A INVITE 7 to=a sdp\n 10.1 B>A 491 INVITE 2\n 10.2 A>B 491 INVITE 7", StateInCall, ""},
	{"hold by both with sendonly", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=sendonly", StateHold, "hold_by_caller hold_by_callee"},
	{"resume by one of both", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n 11 B>A INVITE 5 to=a sdp=inactive\n 11.1 A>B 200 INVITE 5 sdp=inactive\n" +
		"20 A>B INVITE 3 to=b sdp\n 20.1 B>A 200 INVITE 3 sdp=sendonly", StateHold, "hold_by_callee"},
	{"hold by IPv6 address", answer + "10 A>B INVITE 2 to=b sdp=zero6\n 10.1 B>A 200 INVITE 2 sdp", StateHold, "hold_by_caller"},
	{"hold by address", answer + "10 A>B INVITE 2 to=b sdp=zero\n 10.1 B>A 200 INVITE 2 sdp", StateHold, "hold_by_caller"},
	{"hold by UPDATE", answer + "10 A>B UPDATE 2 sdp=sendonly\n 10.1 B>A 200 UPDATE 2 sdp=recvonly", StateHold, "hold_by_caller"},
	{"hold refused", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 488 INVITE 2", StateInCall, ""},
	{"hold offered in the 2xx", answer + "10 A>B INVITE 2 to=b\n 10.1 B>A 200 INVITE 2 sdp=sendonly\n 10.2 A>B ACK 2 sdp=recvonly", StateHold, "hold_by_callee"},
	{"resume", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n" +
		"20 A>B INVITE 3 to=b sdp\n 20.1 B>A 200 INVITE 3 sdp", StateInCall, ""},
	{"BYE on hold", answer + "10 A>B INVITE 2 to=b sdp=sendonly\n 10.1 B>A 200 INVITE 2 sdp=recvonly\n 12 B>A BYE 6", StateEnding, ""},
	{"REFER", answer + "10 A>B REFER 2\n 10.1 B>A 202 REFER 2", StateTransferring, ""},
	{"REFER done", answer + "10 A>B REFER 2\n 10.1 B>A 202 REFER 2\n 11 B>A NOTIFY 1 body=SIP/2.0_200_OK", StateInCall, "transferred"},
	{"REFER under way", answer + "10 A>B REFER 2\n 10.1 B>A 202 REFER 2\n 11 B>A NOTIFY 1 body=SIP/2.0_100_Trying", StateTransferring, ""},
	{"REFER failed", answer + "10 A>B REFER 2\n 10.1 B>A 202 REFER 2\n 11 B>A NOTIFY 1 body=SIP/2.0_486_Busy", StateInCall, "transfer_failed"},
	{"REFER refused", answer + "10 A>B REFER 2\n 10.1 B>A 603 REFER 2", StateInCall, "transfer_failed"},
	{"REFER without subscription", answer + "10 A>B REFER 2 +Refer-Sub:false\n 10.1 B>A 202 REFER 2", StateInCall, ""},

	{"BYE", answer + "10 A>B BYE 2", StateEnding, ""},
	{"BYE and 200", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2", StateCompleted, ""},
	{"BYE and 481", answer + "10 A>B BYE 2\n 10.1 B>A 481 BYE 2", StateCompleted, "bye_failed"},
	{"BYE and nothing", answer + "10 A>B BYE 2\n advance 43", StateCompleted, "bye_unanswered"},
	{"BYE and 408", answer + "10 A>B BYE 2\n 10.1 B>A 408 BYE 2", StateCompleted, "bye_failed"},
	{"BYE from both sides", answer + "10 A>B BYE 2\n 10.01 B>A BYE 7\n 10.1 B>A 200 BYE 2\n 10.2 A>B 200 BYE 7", StateCompleted, ""},
	{"BYE answered before it is seen", answer + "10 B>A 200 BYE 2", StateCompleted, "no_request_seen"},
	{"BYE challenged", answer + "10 A>B BYE 2\n 10.1 B>A 407 BYE 2\n 10.2 A>B BYE 3", StateEnding, ""},
	{"481 in the dialog", answer + "10 A>B INFO 2\n 10.1 B>A 481 INFO 2", StateCompleted, "dialog_lost"},
	{"408 in the dialog", answer + "10 A>B INVITE 2 to=b\n 10.1 B>A 408 INVITE 2", StateCompleted, "dialog_lost"},
	{"481 and the dialog goes on", answer + "10 A>B INFO 2\n 10.1 B>A 481 INFO 2\n 11 B>A INFO 9\n 11.1 A>B 200 INFO 9", StateInCall, ""},
	{"481 and BYE", answer + "10 A>B INFO 2\n 10.1 B>A 481 INFO 2\n 11 B>A BYE 9\n 11.1 A>B 200 BYE 9", StateCompleted, ""},
	{"481 to a NOTIFY", answer + "10 A>B NOTIFY 2\n 10.1 B>A 481 NOTIFY 2", StateInCall, ""},
	{"session timer", setup + "3.0 B>A 200 INVITE 1 +Session-Expires:1800;refresher=uac\n 3.1 A>B ACK 1\n advance 1803.1", StateDropped, "session_expired"},
	{"session timer runs", setup + "3.0 B>A 200 INVITE 1 +Session-Expires:1800;refresher=uac\n 3.1 A>B ACK 1\n advance 1802.9", StateInCall, ""},
	{"session refreshed", setup + "3.0 B>A 200 INVITE 1 +Session-Expires:1800\n 3.1 A>B ACK 1\n" +
		"900 A>B UPDATE 2\n 900.1 B>A 200 UPDATE 2 +x:1800\n advance 2000", StateInCall, ""},
	{"silent for hours", answer + "advance 14500", StateDropped, "silent"},
	{"silent for less", answer + "advance 14000", StateInCall, ""},
	{"BYE after silence", answer + "15000 A>B BYE 2\n 15000.1 B>A 200 BYE 2", StateCompleted, ""},
	{"mid-call BYE", "0 A>B INVITE 7 to=b\n 0.1 B>A 200 INVITE 7\n 0.2 A>B ACK 7\n 5 B>A BYE 3", StateEnding, ""},
	{"mid-call re-INVITE", "0 B>A INVITE 7 to=a sdp=sendonly", StatePartialInCall, ""},
	{"mid-call response", "0 B>A 200 INFO 7", StatePartialInCall, "no_request_seen"},
	{"mid-call BYE and 481", "0 A>B BYE 7\n 0.1 B>A 481 BYE 7", StateCompleted, "bye_failed"},
	{"mid-call BYE unanswered", "0 A>B BYE 7\n advance 40", StateCompleted, "bye_unanswered"},
	{"response only: 183 and 200", "0 B>A 183 INVITE 1 sdp\n 5 B>A 200 INVITE 1 sdp", StateAnswered, "no_request_seen early_media"},
	{"response only: 302", "0 B>A 302 INVITE 1\n advance 12", StateMoved, "no_request_seen"},
	{"response only: 401", "0 B>A 401 INVITE 1\n advance 40", StateAuthFailed, "no_request_seen"},
	{"response only: 401, then 200", "0 B>A 401 INVITE 1\n 1 B>A 200 INVITE 2", StateAnswered, "no_request_seen"},
	{"response only: 404", "0 B>A 404 INVITE 1", StateFailed, "no_request_seen"},
	{"response only: 403", "0 B>A 403 INVITE 1", StateRejected, "no_request_seen"},
	{"response only: 480", "0 B>A 180 INVITE 1\n 9 B>A 480 INVITE 1", StateNoAnswer, "no_request_seen"},
	{"response only: 487", "0 B>A 487 INVITE 1", StateCancelled, "no_request_seen cancel_not_seen"},
	{"response only: 488", "0 B>A 488 INVITE 1", StateRejected, "no_request_seen media_rejected"},
	{"response only: 503", "0 B>A 503 INVITE 1", StateFailed, "no_request_seen"},
	{"response only: 603", "0 B>A 603 INVITE 1", StateRejected, "no_request_seen"},
	{"response only: to a CANCEL", "0 B>A 200 CANCEL 1\n 0.1 B>A 487 INVITE 1", StateCancelled, "no_request_seen"},
	{"requests only", "0 A>B INVITE 1\n 3.1 A>B ACK 1 branch=z9hG4bK-x\n 10 A>B BYE 2", StateEnding, "answer_not_seen"},
	{"copy after the end", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2\n 10.5 A>B BYE 2", StateCompleted, ""},
	{"copy of a failure", setup + "2 B>A 486 INVITE 1\n 2.5 B>A 486 INVITE 1", StateBusy, ""},
	{"new INVITE after a failure", setup + "2 B>A 486 INVITE 1\n 50 A>B INVITE 2\n 50.1 B>A 180 INVITE 2", StateRinging, "serial_attempt"},
	{"new call under the Call-ID", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2\n 100 A>B INVITE 1 from=z branch=z9hG4bK-other", StateNew, "call_id_reuse"},

	{"new call under the Call-ID after 32 s", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2\n 50 A>B INVITE 1 branch=z9hG4bK-other", StateNew, "call_id_reuse"},
	{"straggler under the Call-ID", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2\n 20 A>B INVITE 1 branch=z9hG4bK-other", StateCompleted, ""},
	{"new call under the Call-ID with the next CSeq", answer + "10 A>B BYE 2\n 10.1 B>A 200 BYE 2\n 12 A>B INVITE 3\n 12.1 B>A 486 INVITE 3", StateBusy, "call_id_reuse"},
	{"BYE before the answer", setup + "2 A>B BYE 2\n 2.1 B>A 200 BYE 2\n 2.2 B>A 487 INVITE 1", StateCancelled, "bye_before_answer"},
	{"PRACK", "0 A>B INVITE 1\n 0.1 B>A 183 INVITE 1 +RSeq:9 +Require:100rel\n 0.2 A>B PRACK 2 +RAck:9_1_INVITE\n 0.3 B>A 200 PRACK 2", StateTrying, ""},
	{"PRACK of nothing", "0 A>B INVITE 1\n 0.1 B>A 183 INVITE 1 +RSeq:9 +Require:100rel\n 0.2 A>B PRACK 2 +RAck:8_1_INVITE", StateTrying, "prack_unmatched"},
	{"INVITE again with another body", "0 A>B INVITE 1\n 0.5 A>B INVITE 1 sdp", StateNew, "modified_retransmission"},
}

// unacked is an answered call whose 2xx is sent again at the times of
// RFC 3261 §13.3.1.4, without an ACK.
const unacked = "0 A>B INVITE 1\n 0.1 B>A 200 INVITE 1\n 0.6 B>A 200 INVITE 1\n 1.6 B>A 200 INVITE 1\n 3.6 B>A 200 INVITE 1\n" +
	"7.6 B>A 200 INVITE 1\n 11.6 B>A 200 INVITE 1\n 15.6 B>A 200 INVITE 1\n 19.6 B>A 200 INVITE 1\n 23.6 B>A 200 INVITE 1\n" +
	"27.6 B>A 200 INVITE 1\n 31.6 B>A 200 INVITE 1\n"

func TestStateTable(t *testing.T) {
	for _, row := range stateRows {
		t.Run(row.name, func(t *testing.T) {
			c := onlyCall(t, runScript(t, row.script))
			if c.State != row.state {
				t.Errorf("state %v, want %v", c.State, row.state)
			}
			if got := strings.Join(c.Flags, " "); got != row.flags {
				t.Errorf("flags %q, want %q", got, row.flags)
			}
		})
	}
}

// The order in which messages arrive must not matter, nor how often a
// Snapshot is made (spec §9.5).
func TestStateTableInAnyOrder(t *testing.T) {
	orders := map[string]func(s script){
		"backwards": slices.Reverse[script],
		"swapped": func(s script) {
			for i := 0; i+1 < len(s); i += 2 {
				s[i], s[i+1] = s[i+1], s[i]
			}
		},
	}
	for name, order := range orders {
		for _, row := range stateRows {
			t.Run(name+"/"+row.name, func(t *testing.T) {
				s := parseScript(t, row.script)
				order(s)
				tr := NewTracker(Config{})
				for i := range s {
					s[i].play(t, tr)
					tr.Publish()
				}
				tr.Flush()
				c := onlyCall(t, tr.Publish())
				if c.State != row.state {
					t.Errorf("state %v, want %v", c.State, row.state)
				}
				if got := strings.Join(c.Flags, " "); got != row.flags {
					t.Errorf("flags %q, want %q", got, row.flags)
				}
			})
		}
	}
}
