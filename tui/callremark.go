package tui

import "sipsniff/correlate"

// remarkWords are what the flags of a call say that is worth a dot in the list.
var remarkWords = map[string]string{
	"no_request_seen":   "the request that began it was not captured",
	"cancel_not_seen":   "487 without a CANCEL",
	"cancel_unanswered": "no final response after the CANCEL",
	"glare_cancel_2xx":  "CANCEL and answer crossed",
	"answer_not_seen":   "the answer was not captured",
	"final_not_seen":    "the final response was not captured",
	"ack_not_seen":      "ACK missing: none to the answer was captured",
	"no_ack":            "ACK missing: the answer was sent again and again",
	"multiple_2xx":      "more than one answer",
	"bye_unanswered":    "the BYE was not answered",
	"bye_failed":        "the BYE was refused",
	"session_expired":   "the session timer ran out",
	"transfer_failed":   "a transfer failed",
}

// remarks are what the flags of a call say, in words.
func remarks(c *correlate.Call) []string {
	var out []string
	for _, flag := range c.Flags {
		if words, ok := remarkWords[flag]; ok {
			out = append(out, words)
		}
	}
	return out
}
