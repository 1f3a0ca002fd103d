package correlate

import (
	"slices"
	"strings"

	"sipsniff/decode/sip"
)

// askTransfer takes the first copy of a REFER in the dialog.
func (c *callMachine) askTransfer(e *event) {
	t := newTransfer(e)
	t.By = c.sender(e.message)
	if n := len(c.transfers); n > 0 && c.transfers[n-1].again(&t) {
		c.tell(e, Step{Kind: StepRetried, By: t.By, Status: uint16(c.transfers[n-1].challenged)})
		c.transfers[n-1].challenged = 0
		return
	}
	c.tell(e, Step{Kind: StepTransferAsked, By: t.By, Detail: t.Target, More: t.Kind.String()})
	if len(c.transfers) < maxTransfers {
		c.transfers = append(c.transfers, t)
	}
}

// newTransfer reads a REFER.
func newTransfer(e *event) Transfer {
	a := sip.ParseAddress(e.few().referTo)
	t := Transfer{Target: a.URI, Asked: e.nanos, Frame: e.frame, number: e.number, tag: e.message.FromTag}
	if r, ok := sip.ReferReplaces(a); ok {
		t.Kind, t.Replaces = TransferAttended, r.CallID
	}
	return t
}

// again reports whether a REFER is this one with credentials, and takes its
// place if so.
func (t *Transfer) again(o *Transfer) bool {
	if t.challenged == 0 || t.Target != o.Target || t.By != o.By || o.Asked-t.Asked > timeout64T1 {
		return false
	}
	t.number, t.tag = o.number, o.tag
	return true
}

// transferOf is the transfer of a REFER by its CSeq number and From tag.
func (c *callMachine) transferOf(number uint32, tag string) *Transfer {
	for i := len(c.transfers) - 1; i >= 0; i-- {
		if t := &c.transfers[i]; t.number == number && t.tag == tag {
			return t
		}
	}
	return nil
}

// reportedBy is the transfer that a NOTIFY reports on: the one that its Event
// names by id (RFC 3515 §2.4.6), else the latest that the other side asked for.
func (c *callMachine) reportedBy(e *event) *Transfer {
	by, id := c.sender(e.message).other(), sip.ParseEvent(e.few().event).ID
	var latest *Transfer
	for i := range c.transfers {
		t := &c.transfers[i]
		if t.By != by {
			continue
		}
		if latest = t; id != "" && uint32(max(seconds(id), 0)) == t.number {
			return t
		}
	}
	return latest
}

// referred takes the final response to a REFER.
func (c *callMachine) referred(e *event) {
	status := e.message.StatusCode
	t := c.transferOf(e.number, e.message.FromTag)
	first := t != nil && t.Accepted == 0
	if status == 401 || status == 407 {
		if first && t.challenged == 0 {
			t.challenged = status
			c.tell(e, Step{Kind: StepChallenged, By: SideNetwork, Status: uint16(status), Frames: [2]int{t.Frame, 0}})
		}
		return // it is asked again
	}
	if first {
		t.Accepted = status
	}
	switch {
	case status >= 300:
		c.transferring = false
		c.flags |= flagTransferFailed
		if first {
			t.Outcome = TransferFailed
			c.tell(e, Step{Kind: StepTransferRefused, By: t.By.other(), Status: uint16(status), Detail: t.Target, Frames: [2]int{t.Frame, 0}})
		}
	case c.refer.noSub:
		c.transferring = false
	}
	c.state = c.inCallState()
}

// transferProgress takes a NOTIFY with the state of a REFER (RFC 3515 §2.4).
func (c *callMachine) transferProgress(e *event, first bool) {
	if event := e.few().event; event != "" && !hasPrefixFold(strings.TrimSpace(event), "refer") {
		return
	}
	if t := c.reportedBy(e); t != nil && first {
		c.tellTransfer(e, t)
	}
	switch {
	case e.sipfrag >= 300:
		c.flags |= flagTransferFailed
	case e.sipfrag >= 200:
		c.flags |= flagTransferred
	case e.subscription != subscriptionTerminated:
		return
	}
	c.transferring = false
}

// tellTransfer tells of a NOTIFY that says something new.
func (c *callMachine) tellTransfer(e *event, t *Transfer) {
	status := int(e.sipfrag)
	if status == 0 || status == t.Status {
		return
	}
	t.report(e)
	s := Step{Kind: StepTransferProgress, By: t.By.other(), Status: e.sipfrag, Detail: t.Target}
	switch {
	case status >= 300:
		s.Kind = StepTransferFailed
	case status >= 200:
		s.Kind = StepTransferDone
	}
	if status >= 200 {
		s.Value = e.nanos - t.Asked
	}
	c.tell(e, s)
}

// refers follows REFERs that are sent outside of a call, to make a phone call
// somebody (RFC 3515).
func (x *exchangeMachine) refers(e *event) {
	m := e.message
	if m == nil || m.Retransmission || x.kind != kindOther {
		return
	}
	find := func(number uint32) *Transfer {
		i := slices.IndexFunc(x.transfers, func(t Transfer) bool { return t.number == number })
		if i < 0 {
			return nil
		}
		return &x.transfers[i]
	}
	switch {
	case e.verb() == "REFER":
		if find(e.number) == nil && len(x.transfers) < maxTransfers {
			t := newTransfer(e)
			t.By = SideCaller
			x.transfers = append(x.transfers, t)
		}
	case e.method == "REFER" && m.StatusCode >= 200:
		if t := find(e.number); t != nil && t.Accepted == 0 {
			if t.Accepted = m.StatusCode; t.Accepted >= 300 {
				t.Outcome = TransferFailed
			}
		}
	case e.verb() == "NOTIFY" && e.sipfrag != 0:
		t := find(uint32(max(seconds(sip.ParseEvent(e.few().event).ID), 0)))
		if n := len(x.transfers); t == nil && n > 0 {
			t = &x.transfers[n-1]
		}
		if t != nil {
			t.report(e)
		}
	}
}

// report takes the status of a NOTIFY.
func (t *Transfer) report(e *event) {
	t.Status, t.Reported = int(e.sipfrag), e.nanos
	switch {
	case e.sipfrag >= 300:
		t.Outcome = TransferFailed
	case e.sipfrag >= 200:
		t.Outcome = TransferDone
	}
}

// transfersNow is the transfers as they stand; nothing more will be heard of
// those of a call that is over.
func transfersNow(transfers []Transfer, over bool) []Transfer {
	if len(transfers) == 0 {
		return nil
	}
	list := slices.Clone(transfers)
	for i := range list {
		t := &list[i]
		if t.Outcome == TransferPending && over {
			t.Outcome = TransferUnknown
		}
		t.heard = t.Outcome
	}
	return list
}
