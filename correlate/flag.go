package correlate

import "slices"

// A flagSet is the remarks on one call.
type flagSet uint64

// The remarks of spec §3.6 and those of our own, in the order of flagNames.
const (
	flagNoRequestSeen flagSet = 1 << iota
	flagForwarded
	flagSerialAttempt
	flagCallIDReuse
	flagCancelNotSeen
	flagCancelUnanswered
	flagGlareCancel
	flagByeBeforeAnswer
	flagMediaRejected
	flagNoResponse
	flagStuckEarly
	flagAnswerNotSeen
	flagFinalNotSeen
	flagAckNotSeen
	flagNoAck
	flagMultiple2xx
	flagEarlyMedia
	flagDialogLost
	flagSessionExpired
	flagSilent
	flagMediaGone
	flagReplaced
	flagByeUnanswered
	flagByeFailed
	flagHoldByCaller
	flagHoldByCallee
	flagTransferred
	flagTransferFailed
	flagPrackUnmatched
	flagExpired
	flagModified
	flagBranchReuse
	flagMessagesDropped
	flagUnreachable
	flagEnd
)

var flagNames = [...]string{
	"no_request_seen",         // the request that began it was not captured
	"forwarded",               // 181 came
	"serial_attempt",          // a new INVITE followed a failure
	"call_id_reuse",           // a new call came under the Call-ID of a finished one (spec §9.12)
	"cancel_not_seen",         // 487 without a visible CANCEL
	"cancel_unanswered",       // no final response in 32 s after the CANCEL
	"glare_cancel_2xx",        // CANCEL and 2xx crossed
	"bye_before_answer",       // the caller sent BYE in an early dialog
	"media_rejected",          // 488 or 606
	"no_response",             // not even a provisional response in 32 s
	"stuck_early",             // no final response, silent for 300 s
	"answer_not_seen",         // ACK or BYE proves a 2xx that was not captured
	"final_not_seen",          // ACK proves a failure that was not captured
	"ack_not_seen",            // the ACK to the 2xx was not captured
	"no_ack",                  // the 2xx was sent again for 32 s
	"multiple_2xx",            // two branches answered
	"early_media",             // a provisional response had SDP
	"dialog_lost",             // 481 or 408 inside the dialog (RFC 5057)
	"session_expired",         // the session timer ran out (RFC 4028)
	"silent",                  // no SIP for hours and no media
	"media_gone",              // no media for 300 s, the call goes on
	"replaced",                // another call took its place (RFC 3891)
	"bye_unanswered",          // no response to the BYE in 32 s
	"bye_failed",              // the BYE was refused
	"hold_by_caller",          // on hold at the end of what was seen
	"hold_by_callee",          //
	"transferred",             // a REFER succeeded
	"transfer_failed",         //
	"prack_unmatched",         // a PRACK names no reliable response
	"expired",                 // the registration ran out
	"modified_retransmission", // a request came again with other contents
	"branch_reuse",            // a branch was used in two calls
	"messages_dropped",        // too many messages: the first and the last are kept
	"unreachable",             // ICMP says that nobody is there, and nobody answered
}

// setOf is the reverse of names.
func setOf(names []string) (f flagSet) {
	for i, name := range flagNames {
		if slices.Contains(names, name) {
			f |= 1 << i
		}
	}
	return f
}

// names lists the remarks in the order of the constants, nil when there are none.
func (f flagSet) names() []string {
	var names []string
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}
