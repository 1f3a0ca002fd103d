package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"sipsniff/correlate"
)

// A largestWrite remembers the longest text that was written at once.
type largestWrite struct {
	bytes.Buffer
	most int
}

func (l *largestWrite) Write(b []byte) (int, error) {
	l.most = max(l.most, len(b))
	return l.Buffer.Write(b)
}

// The document is what an encoder of all of it would write, with no call, with
// one and with many, but it is never in memory as a whole.
func TestJSONInPieces(t *testing.T) {
	for _, copies := range [...]int{0, 1, 500} {
		r := example()
		snapshot := *r.Snapshot
		calls, streams := snapshot.Calls, snapshot.Streams
		snapshot.Calls, snapshot.Streams = []*correlate.Call{}, []*correlate.Stream{}
		for range copies {
			snapshot.Calls, snapshot.Streams = append(snapshot.Calls, calls...), append(snapshot.Streams, streams...)
		}
		r.Snapshot = &snapshot
		r = r.diagnosed()
		doc := newDocument(r)
		for c := range callsOf(r) {
			doc.Calls = append(doc.Calls, *c)
		}
		for s := range streamsOf(r) {
			doc.Streams = append(doc.Streams, *s)
		}
		var want bytes.Buffer
		enc := newEncoder(&want)
		enc.SetIndent("", "  ")
		if err := enc.Encode(doc); err != nil {
			t.Fatal(err)
		}
		var got largestWrite
		if err := JSON(&got, r); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%d copies: %d octets, want %d", copies, got.Len(), want.Len())
		}
		if copies == 500 && (len(calls) == 0 || len(streams) == 0 || got.most > got.Len()/20) {
			t.Errorf("%d of %d octets were written at once", got.most, got.Len())
		}
	}
}

// failingWriter takes so many octets.
type failingWriter struct{ left int }

var errFull = errors.New("no space left")

func (f *failingWriter) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// A disk may be full at any place.
func TestJSONOnFullDisk(t *testing.T) {
	var whole bytes.Buffer
	if err := JSON(&whole, example()); err != nil {
		t.Fatal(err)
	}
	for n := range whole.Len() {
		if err := JSON(&failingWriter{left: n}, example()); !errors.Is(err, errFull) {
			t.Fatalf("after %d of %d octets: %v", n, whole.Len(), err)
		}
	}
}

// Entries of any length come in their order, and long ones are not held together.
func TestListOfLongEntries(t *testing.T) {
	const n = 300
	entry := func(i int) string { return strings.Repeat(strconv.Itoa(i)+" ", 1+i%7*i%5*20_000) }
	var got largestWrite
	writeList(&documentWriter{w: &got}, "texts", n, entry)
	var texts []string
	if err := json.Unmarshal([]byte(got.String()+"}"), &struct{ Texts *[]string }{&texts}); err != nil {
		t.Fatal(err)
	}
	if len(texts) != n {
		t.Fatalf("%d entries, want %d", len(texts), n)
	}
	for i, text := range texts {
		if text != entry(i) {
			t.Fatalf("entry %d begins with %.20q", i, text)
		}
	}
	var p encodedPart
	long := func(int) string { return strings.Repeat("x", portionText) }
	if encodePart(&p, 3, 60, long); p.next != 4 || len(p.ends) != 1 || p.to != 60 {
		t.Errorf("entries up to %d of %d in one part", p.next, p.to)
	}
}

func TestListThatCannotBeEncoded(t *testing.T) {
	o := &documentWriter{w: io.Discard}
	writeList(o, "channels", 200, func(i int) any {
		if i == 150 {
			return make(chan int)
		}
		return i
	})
	if o.err == nil {
		t.Error("no error")
	}
}
