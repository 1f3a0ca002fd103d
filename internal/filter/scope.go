package filter

import (
	"slices"

	"sipsniff/correlate"
	"sipsniff/correlate/diagnosis"
)

// A Scope is what calls are looked at with: the snapshot that they are of.
type Scope struct {
	snap     *correlate.Snapshot
	marked   func(index int) bool
	findings func(index int) []correlate.Finding // nil when nobody looked
}

// NewScope makes a Scope of a snapshot. marked tells which calls the user
// marked, by their index; nil when there is no such thing.
func NewScope(snap *correlate.Snapshot, marked func(index int) bool) *Scope {
	return &Scope{snap: snap, marked: marked}
}

// A subject is one call in its scope.
type subject struct {
	call *correlate.Call
	in   *Scope
}

// stream finds a stream by its ID, nil when it left. IDs are ascending, and
// without gaps until streams leave.
func (in *Scope) stream(id int) *correlate.Stream {
	list := in.snap.Streams
	if len(list) == 0 {
		return nil
	}
	if i := id - list[0].ID; i >= 0 && i < len(list) && list[i].ID == id {
		return list[i]
	}
	i, found := slices.BinarySearchFunc(list, id, func(s *correlate.Stream, id int) int { return s.ID - id })
	if !found {
		return nil
	}
	return list[i]
}

// Problems tells the scope what was found out about calls: one without findings is
// not one-way, and oneway:no matches it. Of nil, and before, nobody looked: it is not
// known then, and no comparison matches.
func (in *Scope) Problems(found *diagnosis.Result) {
	if in.findings = nil; found != nil {
		in.findings = found.Of
	}
}
