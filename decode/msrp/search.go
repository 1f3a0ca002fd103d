package msrp

import "bytes"

// lose says that the framing is lost from the octet that comes next. With
// fresh, that one may start a line.
func (f *Framer) lose(fresh bool) {
	f.mode, f.fresh, f.scanned, f.pending, f.behind = lost, fresh, 0, false, 0
}

// Gap says that octets are missing behind b, which is all that is there in
// front of them. A frame whose body was being read goes on, if its end-line
// turns up.
func (f *Framer) Gap(b []byte) {
	switch f.mode {
	case inBody:
		f.count(len(b))
		f.Frame.Gap = true
		f.lose(true)
		f.pending = true
		return
	case lost:
		f.pass(len(b))
		f.fresh, f.scanned = true, 0
		f.Frame.Gap = f.Frame.Gap || f.pending
		return
	case inHeaders:
		f.Lost++
	}
	f.Skipped += uint64(len(b))
	f.lose(true)
}

// End says that the stream is over behind b. It is to be called until it
// returns Wait; a frame without its end-line has no Flag.
func (f *Framer) End(b []byte) Piece {
	dropped := 0
	for {
		p, again := f.step(b[dropped:], true)
		p.Start = dropped
		dropped += p.Drop
		if p.Kind != Wait {
			p.Drop = dropped
			return p
		}
		if !again {
			break
		}
	}
	rest := b[dropped:]
	switch {
	case f.mode == inBody:
		f.count(len(rest))
		return f.finish(NoFlag, len(b))
	case f.mode == lost && f.pending:
		f.pass(len(rest))
		return f.missed(len(b))
	case f.mode == inHeaders:
		f.Lost++
	}
	f.Skipped += uint64(len(rest))
	f.mode, f.scanned = between, 0
	return Piece{Drop: len(b)}
}

// pass passes over n octets while the framing is lost. When a frame is
// pending they belong to its body if its end-line turns up.
func (f *Framer) pass(n int) {
	if f.pending {
		f.behind += uint64(n)
	} else {
		f.Skipped += uint64(n)
	}
	f.scanned = max(f.scanned-n, 0)
}

// missed ends the pending frame without its end-line, and drops n octets.
func (f *Framer) missed(n int) Piece {
	f.Skipped += f.behind
	f.behind = 0
	return f.finish(NoFlag, n)
}

// search looks for an end-line, or for a start line with a To-Path behind it.
func (f *Framer) search(b []byte, over bool) (Piece, bool) {
	if f.fresh {
		p, again, v := f.resume(b, 0, over)
		if v != No {
			return p, again
		}
		f.fresh = false
	}
	for {
		i := bytes.IndexByte(b[f.scanned:], '\n')
		if i < 0 {
			n := len(b)
			if n > 0 && b[n-1] == '\r' {
				n-- // it may stand in front of an end-line
			}
			f.scanned = n
			f.pass(n)
			return Piece{Drop: n}, false
		}
		i += f.scanned
		p, again, v := f.resume(b, i+1, over)
		switch v {
		case Yes:
			return p, again
		case Undecided:
			f.scanned = i
			return p, false
		}
		f.scanned = i + 1
	}
}

// resume looks whether a frame ends or begins at b[at], which starts a line.
func (f *Framer) resume(b []byte, at int, over bool) (p Piece, again bool, v Verdict) {
	transaction, flag, n, v := endLine(b[at:], over)
	own := f.pending && transaction == f.Frame.Transaction
	switch {
	case v == Undecided:
		return Piece{}, false, v
	case v == Yes && own:
		f.Frame.Octets += f.behind + uint64(lineEnd(b, at))
		f.behind = 0
		return f.finish(flag, at+n), false, v
	case v == Yes && f.pending:
		f.pass(at)
		p := f.missed(at)
		f.lose(true)
		return p, false, v
	case v == Yes:
		if transaction != f.Frame.Transaction { // else it was given up before
			f.Lost++
		}
		f.Skipped += uint64(at + n)
		f.mode = between
		return Piece{Drop: at + n}, true, v
	}
	if v = begins(b[at:], over); v != Yes {
		return Piece{}, false, v
	}
	f.pass(at)
	if f.pending {
		return f.missed(at), false, v
	}
	f.mode = between
	return Piece{Drop: at}, true, v
}

// lineEnd is where the line end in front of b[at] starts.
func lineEnd(b []byte, at int) int {
	if at > 0 && b[at-1] == '\n' {
		at--
	}
	if at > 0 && b[at-1] == '\r' {
		at--
	}
	return at
}

// begins reports whether b starts with a start line and a To-Path header,
// which the text of a message does hardly ever.
func begins(b []byte, over bool) Verdict {
	_, n, v := startLine(b)
	if v == Yes {
		const name = "to-path:"
		rest := b[n:]
		k := min(len(rest), len(name))
		switch {
		case !bytes.EqualFold(rest[:k], []byte(name[:k])):
			return No
		case k < len(name):
			v = Undecided
		}
	}
	if v == Undecided && over {
		return No
	}
	return v
}
