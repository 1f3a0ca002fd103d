package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"sipsniff/correlate"
	"sipsniff/tui/ladder"
)

// ladder reads the whole input and prints the ladder diagrams of its calls.
func (o *options) ladder(ctx context.Context, args []string) error {
	if _, err := o.formatIn("text"); err != nil {
		return err
	}
	result, readErr := o.complete(ctx, args)
	if result.Snapshot == nil {
		return readErr
	}
	o.warn(result)
	w := bufio.NewWriter(o.out)
	if err := o.writeLadders(w, result.Snapshot); err != nil {
		return errors.Join(readErr, err)
	}
	return errors.Join(readErr, w.Flush())
}

func (o *options) writeLadders(w io.Writer, s *correlate.Snapshot) error {
	calls := o.chosen(s.Calls)
	if len(calls) == 0 && o.call != "" {
		return &fileError{text: fmt.Sprintf("no call %q here", o.call), hint: "sipsniff report lists the calls with their Call-IDs"}
	}
	streams := make(map[int][]*correlate.Stream)
	for _, st := range s.Streams {
		if st.Call != nil {
			streams[st.Call.Index] = append(streams[st.Call.Index], st)
		}
	}
	for i, c := range calls {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := ladder.Text(w, c, streams[c.Index], ladder.Options{ASCII: o.ascii}); err != nil {
			return err
		}
	}
	return nil
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
