package correlate

import (
	"slices"

	"sipsniff/decode/sip"
)

// transferWait is how long after a REFER its INVITE may come (spec §3.7).
const transferWait = timeout64T1

// maxMembers bounds the members of a conference that are listed.
const maxMembers = 64

// A Conference is the calls whose far end is one focus (RFC 4579).
type Conference struct {
	Focus   string     // its URI, as on the wire
	Members []*CallRef // the other calls with it, in order of time
	Roster  []*CallRef // subscriptions to its state
}

// attachRelations puts into a Call what other calls have to do with it, and
// lets those know whose Call has to change with it.
func (t *Tracker) attachRelations(r *callRecord, c *Call) {
	if r.relations == nil {
		return
	}
	var chosen []*callRecord
	c.Transfers = slices.Clone(c.Transfers)
	for i := range c.Transfers {
		if other := t.attachTransfer(r, &c.Transfers[i]); other != nil {
			chosen = append(chosen, other)
		}
	}
	c.Redirects = slices.Clone(c.Redirects)
	for i := range c.Redirects {
		if other := t.attachRedirect(r, c, i); other != nil {
			chosen = append(chosen, other)
		}
	}
	t.choose(r, chosen)
	t.attachOrigin(r, c)
	t.attachNames(r, c)
	t.attachConference(r, c)
	t.tellWatchers(r, c)
}

// choose notes the calls that one made. Those that are new, and those that it
// turned out not to have made, have to be published anew.
func (t *Tracker) choose(r *callRecord, chosen []*callRecord) {
	before := r.relations.chosen
	for _, other := range chosen {
		if !slices.Contains(before, other) {
			r.watch(other)
			t.mark(other)
		}
	}
	for _, other := range before {
		if !other.evicted && !slices.Contains(chosen, other) {
			t.mark(other)
		}
	}
	r.relations.chosen = chosen
}

func (t *Tracker) tellWatchers(r *callRecord, c *Call) {
	now := gist{c.State, c.Answered}
	if now == r.relations.gist {
		return
	}
	r.relations.gist = now
	for _, w := range r.relations.watchers {
		if !w.evicted {
			t.mark(w)
		}
	}
}

// attachTransfer finds the call that a REFER made, and from it the outcome
// when no NOTIFY told.
func (t *Tracker) attachTransfer(r *callRecord, x *Transfer) *callRecord {
	x.Call, x.Replaced, x.Answered, x.Outcome = nil, nil, 0, x.heard
	if replaced := t.calls[x.Replaces]; replaced != nil && x.Replaces != "" {
		x.Replaced = replaced.ref
	}
	f := t.transferred(r, x)
	if f == nil {
		return nil
	}
	x.Call, x.Answered = f.of.ref, 0
	if now := f.of.relations.gist; x.Outcome == TransferPending || x.Outcome == TransferUnknown {
		x.Outcome = outcomeOf(now, x.Outcome)
	}
	x.Answered = f.of.relations.gist.answered
	return f.of
}

// outcomeOf is what the state of the call that a transfer made says of it.
func outcomeOf(s gist, otherwise TransferOutcome) TransferOutcome {
	switch {
	case s.answered != 0, s.state == StateInCall, s.state == StateHold, s.state == StateCompleted:
		return TransferDone
	case s.state.Terminal():
		return TransferFailed
	}
	return otherwise
}

// transferred is the INVITE that a REFER caused, nil when none was seen.
func (t *Tracker) transferred(r *callRecord, x *Transfer) *fact {
	refer := r.relations.referOf(x)
	if refer == nil {
		return nil
	}
	var best *fact
	most := 1 // evidence that is needed
	consider := func(list []*fact) {
		for _, f := range list {
			if f.of == r || f.joins {
				continue
			}
			if score := refer.fits(f, x.Replaces); score > most || best != nil && score == most && f.before(best) {
				best, most = f, score
			}
		}
	}
	from, to := x.Asked, x.Asked+transferWait
	consider(t.relations.within(t.hash.factKey(factInvite, userOf(x.Target)), from, to))
	if x.Replaces != "" {
		consider(t.relations.within(t.hash.factKey(factNames, x.Replaces), from, to))
	}
	return best
}

func (r *relations) referOf(x *Transfer) *fact {
	for _, f := range r.facts {
		if f.kind == factRefer && f.number == x.number && f.tag == x.tag && f.uri == x.Target {
			return f
		}
	}
	return nil
}

// fits weighs what an INVITE has in common with the REFER (spec §3.7 a, b).
func (f *fact) fits(invite *fact, replaces string) (score int) {
	if replaces != "" && invite.names == replaces {
		score += 10
	}
	if invite.referredBy != "" {
		if sameUser(sip.ParseAddress(invite.referredBy).URI, f.from) {
			score += 4
		} else {
			score -= 4
		}
	}
	if !sameUser(invite.uri, f.uri) { // only the last digits are the same
		score -= 2
	}
	if sameHost(invite.uri, f.uri) {
		score += 2
	}
	if slices.Contains(f.targets[:], invite.source) || sameUser(invite.from, f.to) {
		score += 2
	}
	return score
}

// attachRedirect finds the call under another Call-ID that followed a 3xx.
func (t *Tracker) attachRedirect(r *callRecord, c *Call, i int) *callRecord {
	x := &c.Redirects[i]
	x.Call = nil
	if x.followed {
		return nil
	}
	f := t.redirected(r, c, x)
	if i == len(c.Redirects)-1 {
		c.endRedirect(f)
	}
	if f == nil {
		return nil
	}
	x.Call = f.of.ref
	return f.of
}

func (t *Tracker) redirected(r *callRecord, c *Call, x *Redirect) *fact {
	for _, f := range t.relations.within(t.hash.factKey(factInvite, userOf(x.Target)), x.At, x.At+redirectWait) {
		direct := f.source == c.Source.Addr() && sameUser(f.uri, x.Target) && (sameHost(f.uri, x.Target) || sameUser(f.from, c.From))
		diverted := f.by != "" && sameUser(f.by, c.To) && sameUser(f.from, c.From)
		if f.of != r && (direct || diverted) {
			return f
		}
	}
	return nil
}

// endRedirect says how a redirection ended, in place of what was said before.
func (c *Call) endRedirect(f *fact) {
	if c.State != StateMoved && c.State != StateRedirected {
		return
	}
	steps := c.Story
	for len(steps) > 0 && steps[len(steps)-1].Kind == StepRedirectNotFollowed {
		steps = steps[:len(steps)-1]
	}
	if n := len(steps); n > 0 && steps[n-1].Kind == StepRedirectFollowed && steps[n-1].More != "" {
		steps = steps[:n-1]
	}
	switch {
	case f != nil:
		c.State = StateRedirected
		steps = append(slices.Clip(steps), Step{
			Kind: StepRedirectFollowed, By: SideCaller, Nanos: f.nanos, Frames: [2]int{f.frame, f.frame},
			Detail: f.uri, More: f.of.ref.CallID,
		})
	case c.State == StateMoved:
		steps = append(slices.Clip(steps), Step{Kind: StepRedirectNotFollowed, By: SideCaller, Nanos: c.Ended + redirectWait})
	}
	c.Story = steps
}

// attachOrigin finds the call whose REFER or 3xx made this one.
func (t *Tracker) attachOrigin(r *callRecord, c *Call) {
	c.TransferredBy, c.RedirectedBy = nil, nil
	for _, f := range r.relations.facts {
		if f.kind != factInvite && f.kind != factNames {
			continue
		}
		user := userOf(f.uri)
		for _, o := range t.relations.within(t.hash.factKey(factRefer, user), f.nanos-transferWait, f.nanos) {
			if o.of != r && slices.Contains(o.of.relations.chosen, r) {
				c.TransferredBy = o.of.ref
			}
		}
		for _, o := range t.relations.within(t.hash.factKey(factReplace, f.names), f.nanos-transferWait, f.nanos) {
			if o.of != r && slices.Contains(o.of.relations.chosen, r) {
				c.TransferredBy = o.of.ref
			}
		}
		for _, o := range t.relations.within(t.hash.factKey(factRedirect, user), f.nanos-redirectWait, f.nanos) {
			if o.of != r && slices.Contains(o.of.relations.chosen, r) {
				c.RedirectedBy = o.of.ref
			}
		}
	}
}

// attachNames finds the calls that Replaces and Join name, and those that name
// this one.
func (t *Tracker) attachNames(r *callRecord, c *Call) {
	c.Replaces, c.Joins, c.ReplacedBy = nil, nil, nil
	for _, f := range r.relations.facts {
		other := t.calls[f.names]
		if f.kind != factNames || other == nil || other == r {
			continue
		}
		if f.joins {
			c.Joins = other.ref
		} else {
			c.Replaces = other.ref
		}
	}
	if !r.relations.named {
		return
	}
	list := t.relations.facts[t.hash.factKey(factNames, r.ref.CallID)]
	for _, f := range list[:min(len(list), maxMembers)] {
		if !f.joins && f.of != r && f.of.replacing.of == r {
			c.ReplacedBy = f.of.ref
		}
	}
}

// attachConference lists the calls with the same focus.
func (t *Tracker) attachConference(r *callRecord, c *Call) {
	c.Conference = nil
	for _, own := range r.relations.facts {
		if own.kind != factFocus {
			continue
		}
		conference := &Conference{Focus: own.uri}
		seen := map[*callRecord]bool{r: true}
		for _, f := range t.relations.facts[own.key] {
			switch {
			case seen[f.of]:
			case f.roster && len(conference.Roster) < maxMembers:
				conference.Roster = append(conference.Roster, f.of.ref)
			case !f.roster && len(conference.Members) < maxMembers:
				conference.Members = append(conference.Members, f.of.ref)
			}
			seen[f.of] = true
			if len(seen) > 2*maxMembers {
				break
			}
		}
		c.Conference = conference
		return
	}
}
