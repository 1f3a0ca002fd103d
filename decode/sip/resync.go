package sip

import "bytes"

// anchor is what every start line worth resuming at holds.
const anchor = "SIP/2.0"

// maxTrailingSpace is how much white space may follow the version of a
// request line that is searched for.
const maxTrailingSpace = 64

// resync searches for the next message when the framing is lost: a start
// line with a known method or a valid status and version 2.0, followed by
// headers of SIP. It must start a line, or follow the missing octets. On a
// connection that has carried SIP it may also stand behind a body that does
// not end with a line end.
func (f *Framer) resync(b []byte) (Piece, bool) {
	pos, line := f.scanned, f.line
	for !f.hopeless(line) {
		i := bytes.Index(b[pos:], []byte(anchor))
		if i < 0 {
			return f.keepTail(b, pos, line)
		}
		i += pos
		line = lineBefore(b, pos, i, line)
		start, v := f.candidate(b, line, i)
		switch {
		case v == more:
			return f.hold(b, max(line, i-(maxOpening-len(anchor))), i, line)
		case v == yes && !f.hopeless(start):
			f.Skipped += uint64(start)
			f.enter(syncing)
			return Piece{Drop: start}, true
		}
		pos = i + len(anchor)
	}
	f.Skipped += uint64(len(b))
	f.enter(abandoned)
	return Piece{Kind: Abandoned, Drop: len(b)}, false
}

// hopeless reports whether a first message n octets ahead would be too far
// into the stream to be looked for.
func (f *Framer) hopeless(n int) bool {
	return !f.Known && (f.Budget == 0 || f.Skipped+uint64(n) > uint64(f.Budget))
}

// keepTail drops what cannot be part of a start line any more. The line at
// the octet examined last starts at b[line:]: what was searched for line ends
// is not searched again.
func (f *Framer) keepTail(b []byte, examined, line int) (Piece, bool) {
	next := max(examined, len(b)-(len(anchor)-1))
	line = lineBefore(b, examined, next, line)
	keep := max(lineBefore(b, next, len(b), line), len(b)-(maxOpening-1), 0)
	return f.hold(b, keep, next, line)
}

// lineBefore is where the line that holds b[to:] starts, when the one that
// holds b[from:] starts at b[line:].
func lineBefore(b []byte, from, to, line int) int {
	if lf := bytes.LastIndexByte(b[from:to], '\n'); lf >= 0 {
		return from + lf + 1
	}
	return line
}

// hold drops what stands in front of keep and goes on at examined, in the line
// at b[line:], when more octets have come.
func (f *Framer) hold(b []byte, keep, examined, line int) (Piece, bool) {
	if keep > 0 {
		f.midline = b[keep-1] != '\n'
		f.Skipped += uint64(keep)
	}
	f.scanned, f.line = max(examined-keep, 0), max(line-keep, 0)
	if f.hopeless(0) {
		f.Skipped += uint64(len(b) - keep)
		f.enter(abandoned)
		return Piece{Kind: Abandoned, Drop: len(b)}, false
	}
	return Piece{Drop: keep}, false
}

// candidate decides whether the anchor at b[i:], in the line that starts at
// b[line:], belongs to a start line, and where that starts.
func (f *Framer) candidate(b []byte, line, i int) (start int, v verdict) {
	behind := i + len(anchor)
	next := skipSpace(b[:min(len(b), behind+maxTrailingSpace)], behind)
	if next == len(b) {
		return 0, more
	}
	var end int
	switch {
	case b[next] == '\r' || b[next] == '\n':
		start, end, v = f.requestCandidate(b, line, i)
	case next > behind && isDigit(b[next]):
		start, end, v = f.statusCandidate(b, line, i)
	}
	if v == yes {
		v = headersFollow(b[end:])
	}
	return start, v
}

func (f *Framer) statusCandidate(b []byte, line, i int) (start, end int, v verdict) {
	if !f.Known && (i != line || f.startsMidline(line)) {
		return 0, 0, no
	}
	s, v := scanOpening(b[i:], false)
	if v == yes && s.score < acceptScore {
		v = no
	}
	return i, i + s.end, v
}

func (f *Framer) requestCandidate(b []byte, line, i int) (start, end int, v verdict) {
	if !f.startsMidline(line) {
		s, v := scanOpening(b[line:], false)
		if v == more || v == yes && s.score >= acceptScore {
			return line, line + s.end, v
		}
	}
	if !f.Known {
		return 0, 0, no
	}
	from := max(line, i-(maxOpening-len(anchor)))
	start, ok := lastMethod(b[from:i])
	if !ok {
		return 0, 0, no
	}
	start += from
	s, v := scanOpening(b[start:], false)
	if v == yes && s.score < acceptScore {
		v = no
	}
	return start, start + s.end, v
}

// startsMidline reports whether the line at the given offset is the tail of
// one whose beginning was dropped.
func (f *Framer) startsMidline(line int) bool { return line == 0 && f.midline }

// lastMethod finds the last known method in b that is followed by a space
// and a URI; other octets may stand directly in front of it.
func lastMethod(b []byte) (start int, ok bool) {
	for end := len(b); ; {
		end = bytes.LastIndexByte(b[:end], ' ')
		if end < 0 {
			return 0, false
		}
		if !startsURI(b[end+1:]) {
			continue
		}
		for n := min(9, end); n >= 3; n-- {
			if KnownMethod(string(b[end-n : end])) {
				return end - n, true
			}
		}
	}
}

// runsIntoMethod reports whether the token at the start of a line is
// something else that ends with a known method.
func runsIntoMethod(line []byte) bool {
	start, ok := lastMethod(line)
	return ok && start > 0 && start < tokenLength(line, maxMethod)
}

// startsURI reports whether b starts with a scheme and a colon.
func startsURI(b []byte) bool {
	n := 0
	for n < len(b) && n < 16 && classes[b[n]]&classScheme != 0 {
		n++
	}
	return n > 0 && n < len(b) && b[n] == ':'
}

// headersFollow reports whether b starts with a header line and has one that
// SIP requires near by.
func headersFollow(b []byte) verdict {
	n := tokenLength(b, maxMethod+1)
	colon := skipSpace(b, n)
	switch {
	case colon == len(b) && len(b) < headerWindow:
		return more
	case n == 0 || n > maxMethod || colon == len(b) || b[colon] != ':':
		return no
	}
	return confirm(b, resyncScore-acceptScore, false)
}
