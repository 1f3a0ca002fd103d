package correlate

// Every branch of a fork is followed here, on all hops: which targets an
// INVITE went to, and what came of each (spec §3.4).

// fork tells of an INVITE that one element sent to a further target: at the
// same time as the others, or after they failed.
func (c *callMachine) fork(e *event, b *branch) {
	beside, pending := 0, false
	for i := range c.branches {
		if o := &c.branches[i]; o.key != b.key && o.beside(b) {
			beside++
			pending = pending || o.told.Status == 0
		}
	}
	if beside == 0 {
		return
	}
	for i := range c.branches {
		if o := &c.branches[i]; o.key != b.key && o.beside(b) {
			c.tellBranchFailed(o)
		}
	}
	s := Step{Kind: StepForked, By: SideNetwork, Detail: e.uri}
	if !pending {
		s.Kind, b.told.Serial = StepTriedNext, true
	}
	if b.source.Addr() == c.caller.Addr() {
		s.By = SideCaller
	}
	c.tell(e, s)
}

// branchResponse notes what a response tells of its branch. A failure of one
// branch among several is a step of its own.
func (c *callMachine) branchResponse(e *event) {
	b := c.branchOf(e)
	if b == nil || b.told.Status != 0 {
		return
	}
	status := e.message.StatusCode
	if e.message.ToTag != "" {
		b.told.tag = e.message.ToTag
	}
	switch {
	case status == 180 && b.told.Rang == 0:
		b.told.Rang = e.nanos
	case status >= 200:
		b.told.Status, b.told.Ended, b.told.Frames[1] = status, e.nanos, e.frame
		if c.siblings(b) {
			c.tellBranchFailed(b)
		}
	}
}

// tellBranchFailed tells, once, that one branch among several failed.
func (c *callMachine) tellBranchFailed(b *branch) {
	if b.told.Status < 300 || b.said {
		return
	}
	b.said = true
	c.story.add(Step{
		Kind: StepBranchFailed, By: SideCallee, Status: uint16(b.told.Status), Detail: b.told.Target,
		Frames: b.told.Frames, Nanos: b.told.Ended,
	})
}

func (c *callMachine) siblings(b *branch) bool {
	for i := range c.branches {
		if o := &c.branches[i]; o.key != b.key && o.beside(b) {
			return true
		}
	}
	return false
}

// target is where the side is that a response came from: the branch of a
// fork, or where a redirection led; "" when it is where the INVITE went.
func (c *callMachine) target(e *event) string {
	for i := range c.branches {
		if b := &c.branches[i]; b.told.tag != "" && b.told.tag == e.message.ToTag && c.siblings(b) {
			return b.told.Target
		}
	}
	return c.led
}

// forks lists the branches of a fork, nil when there is none.
func (c *callMachine) forks() []Branch {
	var list []Branch
	for i := range c.branches {
		b := &c.branches[i]
		if !c.siblings(b) {
			continue
		}
		told := b.told
		told.Winner = told.Status/100 == 2 && c.answered != 0 && told.tag == c.calleeTag
		list = append(list, told)
	}
	return list
}
