package correlate

// Told is what happened in a call, as its machine and the relations between
// calls tell it. docs/STORY.md explains the fields.
type Told struct {
	Story        []Step
	RolesUnknown bool // the call began before the capture: who called whom is not known

	Branches   []Branch // of a forked INVITE, in the order of their INVITEs
	Holds      []Hold
	HoldTime   int64 // ns, either side holding the other
	Transfers  []Transfer
	Redirects  []Redirect
	Diversions []Diversion // before the call came here, the earliest first
	Conference *Conference // that the call is part of

	TransferredBy *CallRef // the call whose REFER made this one
	RedirectedBy  *CallRef // the call, of another Call-ID, whose 3xx made this one
	Replaces      *CallRef // the call that this one took the place of (RFC 3891)
	ReplacedBy    *CallRef
	Joins         *CallRef // the call that this one asked to join (RFC 3911)
}

// tellStory puts into a Call what its machine has to tell.
func (r *callRecord) tellStory(c *Call, o *outcome) {
	if x, ok := r.run.machine.(*exchangeMachine); ok {
		c.Transfers = transfersNow(x.transfers, false)
	}
	m, ok := r.run.machine.(*callMachine)
	if !ok {
		return
	}
	c.Story = m.closing(o)
	c.RolesUnknown = m.attempts > 0 && !m.known
	c.Branches = m.forks()
	if len(m.holds) > 0 {
		c.Holds = append([]Hold(nil), m.holds...)
		end := o.ended
		if end == 0 {
			end = m.last
		}
		c.HoldTime = holdTime(c.Holds, end)
	}
	c.Transfers = transfersNow(m.transfers, !m.up())
	if len(m.redirects) > 0 {
		c.Redirects = append([]Redirect(nil), m.redirects...)
	}
	c.Diversions = m.diversions[:len(m.diversions):len(m.diversions)]
}

// closing is the story with the end that only silence tells.
func (c *callMachine) closing(o *outcome) []Step {
	steps := c.story.publish()
	end := Step{Nanos: c.idleSince()}
	switch {
	case o.state == StateMoved:
		end.Kind, end.By, end.Nanos = StepRedirectNotFollowed, SideCaller, o.ended+redirectWait
	case o.flags&flagSessionExpired != 0:
		end.Kind, end.Value = StepSessionExpired, c.interval/second
	case o.flags&flagSilent != 0:
		end.Kind = StepSilent
	case o.flags&flagMediaGone != 0:
		end.Kind, end.Nanos = StepMediaGone, 0
	default:
		return steps
	}
	return append(steps, end) // steps has no room left: this makes a copy
}

// noteMusic marks the holds during which the holder went on sending: its
// stream has no gap as long as the hold, or began within it.
func (t *Tracker) noteMusic(r *callRecord, c *Call) {
	if len(c.Holds) == 0 {
		return
	}
	streams := t.streams.viewsOf(r.index)
	for i := range c.Holds {
		h := &c.Holds[i]
		to := h.To
		if to == 0 {
			to = c.Ended
		}
		h.Music = false
		for _, s := range streams {
			h.Music = h.Music || plays(s, h, to)
		}
	}
}

// musicTime is how long a hold must last, and the music in it, to be told
// from the last packets before it.
const musicTime = 2 * second

func plays(s *Stream, h *Hold, to int64) bool {
	if s.FromCaller != (h.By == SideCaller) || s.Last < h.From+musicTime || to != 0 && to-h.From < musicTime {
		return false
	}
	if s.First > h.From {
		return to == 0 || s.First+musicTime < to
	}
	length := s.Last - h.From
	if to != 0 {
		length = min(length, to-h.From)
	}
	return s.Quality.HasDelta && int64(s.Quality.DeltaMax*float64(millisecond)) < length
}
