package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/filter"
	"sipsniff/tui/ladder"
)

// ladder reads the whole input and prints the ladder diagrams of its calls.
func (o *options) ladder(ctx context.Context, args []string) error {
	if _, err := o.formatIn("text"); err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.UTC)
	if err != nil {
		return err
	}
	o.sayHints(wanted)
	result, readErr := o.complete(ctx, args)
	if result.Snapshot == nil {
		return readErr
	}
	o.warn(result)
	w := bufio.NewWriter(o.out)
	if err := o.writeLadders(w, result.Snapshot, wanted); err != nil {
		return errors.Join(readErr, err)
	}
	return errors.Join(readErr, w.Flush())
}

func (o *options) writeLadders(w io.Writer, s *correlate.Snapshot, wanted *filter.Expr) error {
	calls := o.chosen(s.Calls)
	if len(calls) == 0 && o.call != "" {
		return noCall(o.call)
	}
	if calls = matching(calls, s, wanted); len(calls) == 0 && wanted != nil {
		fmt.Fprintf(o.err, "sipsniff: warning: 0 of %d calls match %s\n", len(s.Calls), wanted)
	}
	streams := make(map[int][]*correlate.Stream)
	for _, st := range s.Streams {
		if st.Call != nil {
			streams[st.Call.Index] = append(streams[st.Call.Index], st)
		}
	}
	byIndex := make(map[int]*correlate.Call, len(s.Calls))
	for _, c := range s.Calls {
		byIndex[c.Index] = c
	}
	find := func(index int) *correlate.Call { return byIndex[index] }
	streamsOf := func(c *correlate.Call) []*correlate.Stream { return streams[c.Index] }
	printed := make(map[int]bool) // calls, as legs of one before them
	for _, c := range calls {
		if printed[c.Index] {
			continue
		}
		if len(printed) > 0 {
			fmt.Fprintln(w)
		}
		legs := ladder.LegsOf(c, find, streamsOf)
		for i := range legs {
			printed[legs[i].Call.Index] = true
		}
		if err := ladder.TextOfLegs(w, legs, ladder.Options{ASCII: o.ascii}); err != nil {
			return err
		}
	}
	return nil
}

// matching returns the calls that a filter lets through; nil lets all.
func matching(calls []*correlate.Call, s *correlate.Snapshot, wanted *filter.Expr) []*correlate.Call {
	if wanted == nil {
		return calls
	}
	var found []*correlate.Call
	in := filter.NewScope(s, nil)
	for _, c := range calls {
		if wanted.Match(in, c) {
			found = append(found, c)
		}
	}
	return found
}

func noCall(name string) error {
	return &fileError{text: fmt.Sprintf("no call %q here", name), hint: "sipsniff report lists the calls with their Call-IDs"}
}

// chosen returns the calls that --call names, by Call-ID or by number.
func (o *options) chosen(calls []*correlate.Call) []*correlate.Call {
	if o.call == "" {
		return calls
	}
	var found []*correlate.Call
	for _, c := range calls {
		if c.CallID == o.call || strconv.Itoa(c.Index) == o.call {
			found = append(found, c)
		}
	}
	return found
}
