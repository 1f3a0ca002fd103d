package diagnosis

import (
	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

// A Trait is something about a call that one look at its messages tells. Rules
// name those without which they have nothing to say.
type Trait uint64

// The traits.
const (
	TraitInvite      Trait = 1 << iota // it has an INVITE or a response to one
	TraitRegister                      // likewise
	TraitSubscribe                     // SUBSCRIBE or NOTIFY
	TraitRefer                         // REFER
	TraitCancel                        // CANCEL
	TraitBye                           // BYE
	TraitPrack                         // PRACK
	TraitChallenge                     // 401 or 407
	TraitRedirect                      // 3xx
	TraitFailure                       // 400 and above but 401 and 407
	TraitAnswered                      // 2xx to an INVITE
	TraitProvisional                   // 101 to 199
	TraitRepeated                      // a message was sent again
	TraitReinvite                      // INVITE or UPDATE within a dialog
	TraitDescribed                     // a message has SDP
	TraitMalformed                     // a message has a remark of the parser that is no info
	TraitUnanswered                    // a request other than ACK had no final response
	TraitMedia                         // it has streams
	TraitEncrypted                     // its media are encrypted
	TraitDevice                        // its ends report what they measured
	TraitSeveral                       // it has several branches, attempts or dialogs
	TraitLegs                          // other calls are legs of it
	TraitHeld                          // it was on hold
	TraitTransfer                      // a transfer was asked for
	TraitCause                         // a Reason header says why it ended
	TraitICMP                          // ICMP says that a message did not arrive
)

// traitsOf looks at a call once, and counts its requests without ACK and
// without those that were sent again.
func traitsOf(c *correlate.Call) (t Trait, requests int) {
	finals := 0
	for _, m := range c.Messages {
		if m.Duplicate {
			continue
		}
		if m.Retransmission {
			t |= TraitRepeated
			continue
		}
		if m.SDP != nil {
			t |= TraitDescribed
		}
		for i := range m.Findings {
			if m.Findings[i].Severity != sip.Info {
				t |= TraitMalformed
			}
		}
		t |= ofMethod(m)
		switch {
		case m.Method == "":
			t |= ofStatus(m)
			if m.StatusCode >= 200 {
				finals++
			}
		case m.Method != "ACK":
			requests++
		}
	}
	if finals < requests {
		t |= TraitUnanswered
	}
	return t | ofCall(c), requests
}

func ofMethod(m *correlate.Message) (t Trait) {
	method := m.Method
	if method == "" {
		method = m.CSeq.Method
	}
	switch method {
	case "INVITE":
		t = TraitInvite
		if m.Method != "" && m.ToTag != "" {
			t |= TraitReinvite
		}
	case "REGISTER":
		return TraitRegister
	case "BYE":
		return TraitBye
	case "CANCEL":
		return TraitCancel
	case "PRACK":
		return TraitPrack
	case "UPDATE":
		return TraitReinvite
	case "REFER":
		return TraitRefer
	case "SUBSCRIBE", "NOTIFY":
		return TraitSubscribe
	}
	return t
}

func ofStatus(m *correlate.Message) Trait {
	switch code := m.StatusCode; {
	case code == 401 || code == 407:
		return TraitChallenge
	case code >= 400:
		return TraitFailure
	case code >= 300:
		return TraitRedirect
	case code >= 200 && m.CSeq.Method == "INVITE":
		return TraitAnswered
	case code > 100 && code < 200:
		return TraitProvisional
	}
	return 0
}

func ofCall(c *correlate.Call) (t Trait) {
	for _, has := range [...]struct {
		yes   bool
		trait Trait
	}{
		{len(c.StreamIDs) > 0, TraitMedia}, {c.EncryptedMedia, TraitEncrypted}, {len(c.DeviceReports) > 0, TraitDevice},
		{len(c.Dialogs) > 1 || len(c.EarlierAttempts) > 0 || len(c.Branches) > 0, TraitSeveral}, {len(c.Legs) > 0, TraitLegs},
		{len(c.Holds) > 0, TraitHeld}, {len(c.Transfers) > 0, TraitTransfer}, {c.Cause != "", TraitCause}, {len(c.NetworkErrors) > 0, TraitICMP},
	} {
		if has.yes {
			t |= has.trait
		}
	}
	return t
}
