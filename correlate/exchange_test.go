package correlate

import (
	"strings"
	"testing"
)

const contact = " +Contact:<sip:alice@192.0.2.65>;expires=60"

// exchangeRows are the states of spec §3.7.
var exchangeRows = []struct {
	name   string
	script string
	state  State
	flags  string
}{
	{"REGISTER", "0 A>B REGISTER 1" + contact, StateRegistering, ""},
	{"REGISTER challenged", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 401 REGISTER 1", StateChallenged, ""},
	{"REGISTER answered twice, the copies of it differently", "0 A>B REGISTER 2" + contact + "\n 0.5 A>B REGISTER 2" + contact + "\n 0.6 B>A 200 REGISTER 2" + contact + "\n 0.8 B>A 401 REGISTER 2", StateRegistered, ""},
	{"REGISTER retried", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 401 REGISTER 1\n 0.2 A>B REGISTER 2" + contact, StateRegistering, ""},
	{"REGISTER accepted", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact, StateRegistered, ""},
	{"REGISTER accepted, no list", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1", StateRegistered, ""},
	{"REGISTER of nothing, bindings listed", "0 A>B REGISTER 1\n 0.1 B>A 200 REGISTER 1" + contact, StateRegistered, ""},
	{"REGISTER of nothing, none", "0 A>B REGISTER 1\n 0.1 B>A 200 REGISTER 1", StateUnregistered, ""},
	{"unregister", "0 A>B REGISTER 1 +Contact:* +Expires:0\n 0.1 B>A 200 REGISTER 1", StateUnregistered, ""},
	{"unregister with a default in the answer", "0 A>B REGISTER 1 +Contact:* +Expires:0\n 0.1 B>A 200 REGISTER 1 +Expires:3600", StateUnregistered, ""},
	{"unregister one of two", "0 A>B REGISTER 1 +Contact:<sip:x@192.0.2.1>;expires=0\n 0.1 B>A 200 REGISTER 1" + contact, StateRegistered, ""},
	{"REGISTER refused", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 403 REGISTER 1", StateFailed, ""},
	{"REGISTER too brief, retried", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 423 REGISTER 1 +Min-Expires:120\n 0.2 A>B REGISTER 2" + contact + "\n 0.3 B>A 200 REGISTER 2" + contact, StateRegistered, ""},
	{"REGISTER unanswered", "0 A>B REGISTER 1" + contact + "\n advance 33", StateNoReply, "no_response"},
	{"REGISTER answered late", "0 A>B REGISTER 1" + contact + "\n 40 B>A 200 REGISTER 1" + contact, StateRegistered, ""},
	{"registration expires", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact + "\n advance 65.2", StateRegistered, "expired"},
	{"registration lasts", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact + "\n advance 65", StateRegistered, ""},
	{"registration refreshed", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact + "\n 50 A>B REGISTER 2" + contact + "\n 50.1 B>A 200 REGISTER 2" + contact + "\n advance 100", StateRegistered, ""},
	{"REGISTER response only", "0.1 B>A 200 REGISTER 1" + contact, StateRegistered, "no_request_seen"},
	{"REGISTER through a proxy", "0 A>P REGISTER 1" + contact + "\n 0.1 P>B REGISTER 1 to=" + contact + "\n 0.2 B>P 200 REGISTER 1" + contact + "\n 0.3 P>A 200 REGISTER 1" + contact, StateRegistered, ""},

	{"SUBSCRIBE", "0 A>B SUBSCRIBE 1", StatePending, ""},
	{"SUBSCRIBE challenged", "0 A>B SUBSCRIBE 1\n 0.1 B>A 407 SUBSCRIBE 1", StateChallenged, ""},
	{"SUBSCRIBE accepted", "0 A>B SUBSCRIBE 1 +Expires:600\n 0.1 B>A 200 SUBSCRIBE 1", StateSubscribed, ""},
	{"NOTIFY before the 2xx", "0 A>B SUBSCRIBE 1\n 0.1 B>A NOTIFY 1 +Subscription-State:active;expires=60\n 0.2 B>A 200 SUBSCRIBE 1", StateSubscribed, ""},
	{"SUBSCRIBE refused", "0 A>B SUBSCRIBE 1\n 0.1 B>A 489 SUBSCRIBE 1", StateFailed, ""},
	{"SUBSCRIBE unanswered", "0 A>B SUBSCRIBE 1\n advance 33", StateNoReply, "no_response"},
	{"unsubscribe", "0 A>B SUBSCRIBE 1 +Expires:0\n 0.1 B>A 200 SUBSCRIBE 1", StateTerminated, ""},
	{"terminated", "0 A>B SUBSCRIBE 1\n 0.1 B>A 202 SUBSCRIBE 1\n 5 B>A NOTIFY 1 +Subscription-State:terminated;reason=timeout\n 5.1 A>B 200 NOTIFY 1", StateTerminated, ""},
	{"terminated before the 2xx", "0 A>B SUBSCRIBE 1\n 0.1 B>A NOTIFY 1 +Subscription-State:terminated;reason=noresource\n 0.2 B>A 200 SUBSCRIBE 1", StateTerminated, ""},
	{"NOTIFY unknown to the peer", "0 A>B SUBSCRIBE 1\n 0.1 B>A 202 SUBSCRIBE 1\n 5 B>A NOTIFY 1 +Subscription-State:active\n 5.1 A>B 481 NOTIFY 1", StateTerminated, ""},
	{"NOTIFY alone", "0 B>A NOTIFY 1 +Event:check-sync", StatePending, ""},
	{"NOTIFY alone, accepted", "0 B>A NOTIFY 1 +Event:check-sync\n 0.1 A>B 200 NOTIFY 1", StateOK, ""},
	{"NOTIFY of an unseen subscription", "0 B>A NOTIFY 1 +Subscription-State:active\n 0.1 A>B 200 NOTIFY 1", StateSubscribed, ""},

	{"OPTIONS", "0 A>B OPTIONS 1", StatePending, ""},
	{"OPTIONS answered", "0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1", StateOK, ""},
	{"OPTIONS refused", "0 A>B OPTIONS 1\n 0.1 B>A 404 OPTIONS 1", StateFailed, ""},
	{"OPTIONS unanswered", "0 A>B OPTIONS 1\n advance 33", StateNoReply, "no_response"},
	{"OPTIONS again and again", "0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1\n 60 A>B OPTIONS 2\n advance 93", StateNoReply, "no_response"},
	{"MESSAGE relayed", "0 A>B MESSAGE 1\n 0.1 B>A 202 MESSAGE 1", StateOK, ""},
	{"MESSAGE under way", "0 A>B MESSAGE 1\n 0.1 B>A 100 MESSAGE 1\n advance 40", StatePending, ""},
	{"PUBLISH failed", "0 A>B PUBLISH 1\n 0.1 B>A 412 PUBLISH 1", StateFailed, ""},
	{"unknown method", "0 A>B KDMQ 1 to=\n 0.1 B>A 200 KDMQ 1", StateOK, ""},
	{"REFER outside a dialog", "0 A>B REFER 1 to=\n 0.1 B>A 202 REFER 1", StateOK, ""},
	{"method in lower case", "0 A>B register 1 to=" + contact + "\n 0.1 B>A 200 register 1" + contact, StateRegistered, ""},
	{"provisional response to nobody knows what", "0 B>A 100 KDMQ 1", StatePending, "no_request_seen"},
	{"response to a CANCEL only", "0 B>A 200 CANCEL 1", StateCancelling, "no_request_seen"},
	{"call after REGISTER", "0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact + "\n 1 A>B INVITE 2\n 2 B>A 200 INVITE 2\n 2.1 A>B ACK 2\n 5 A>B BYE 3\n 5.1 B>A 200 BYE 3", StateCompleted, ""},
	{"INVITE after OPTIONS", "0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1\n 1 A>B INVITE 2\n 2 B>A 180 INVITE 2", StateRinging, ""},
}

func TestExchangeStates(t *testing.T) {
	for _, row := range exchangeRows {
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

// What makes a dialog outside a call: SUBSCRIBE, REFER and NOTIFY (spec §3.4).
func TestDialogsOfExchanges(t *testing.T) {
	for script, want := range map[string]int{
		"0 A>B SUBSCRIBE 1\n 0.1 B>A 200 SUBSCRIBE 1\n 0.2 B>A NOTIFY 1 +Subscription-State:active": 1,
		"0 A>B SUBSCRIBE 1\n 0.1 B>A 489 SUBSCRIBE 1":                                               0,
		"0 A>B REFER 1 to=\n 0.1 B>A 202 REFER 1":                                                   1,
		"0 A>B REFER 1 to= +Refer-Sub:false\n 0.1 B>A 202 REFER 1":                                  0,
		"0 A>B REGISTER 1" + contact + "\n 0.1 B>A 200 REGISTER 1" + contact:                        0,
		"0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1":                                                   0,
		"0 B>A NOTIFY 1 +Subscription-State:active":                                                 1,
	} {
		s := runScript(t, script)
		if got := len(onlyCall(t, s).Dialogs); got != want || s.Totals.Dialogs != uint64(want) {
			t.Errorf("%q: %d dialogs, in the totals %d, want %d", script, got, s.Totals.Dialogs, want)
		}
	}
}

func TestExchangeTimes(t *testing.T) {
	c := onlyCall(t, runScript(t, "0 A>B OPTIONS 1\n 0.1 B>A 200 OPTIONS 1"))
	if c.Method != "OPTIONS" || c.Ended != at(0.1) || c.Answered != 0 || c.Duration != -1 || c.Setup != -1 || c.FinalStatus != 200 {
		t.Errorf("%+v", c)
	}
}
