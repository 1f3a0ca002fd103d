package diagnosis

import (
	"net/netip"

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
	TraitLinks                         // its messages went between more than two addresses
	TraitICMP                          // ICMP says that a message did not arrive
)

// A tally is what one look at a call tells.
type tally struct {
	traits     Trait
	requests   int // without ACK and those that were sent again
	registered int // 2xx to REGISTER
}

func tallyOf(c *correlate.Call) (y tally) {
	var t Trait
	var a, b netip.Addr
	finals := 0
	for _, m := range c.Messages() {
		if m.Duplicate {
			continue
		}
		switch src, dst := m.Src.Addr(), m.Dst.Addr(); {
		case !a.IsValid():
			a, b = src, dst
		case (src != a || dst != b) && (src != b || dst != a):
			t |= TraitLinks
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
			if m.StatusCode/100 == 2 && m.CSeq.Method == "REGISTER" {
				y.registered++
			}
		case m.Method != "ACK":
			y.requests++
		}
	}
	if finals < y.requests {
		t |= TraitUnanswered
	}
	y.traits = t | ofCall(c)
	return y
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
