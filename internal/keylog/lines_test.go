package keylog

import (
	"bytes"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	var none *Lines
	if none.Take() != nil {
		t.Error("there are lines without any")
	}
	l := &Lines{}
	line := []byte("one")
	l.Add(line)
	copy(line, "###")
	l.Add([]byte("two"))
	if got := string(l.Take()); got != "one\ntwo\n" {
		t.Errorf("%q", got)
	}
	if l.Take() != nil {
		t.Error("they are taken twice")
	}
	long := []byte(strings.Repeat("x", 1<<20-1))
	for range 10 {
		l.Add(long)
	}
	if got := l.Take(); len(got) != 8<<20 || bytes.Count(got, []byte("\n")) != 8 || l.Lost != 2 {
		t.Errorf("%d octets, %d lines lost", len(got), l.Lost)
	}
}
