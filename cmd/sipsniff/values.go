package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"sipsniff/internal/column"
	"sipsniff/internal/hide"
)

// neverEmpty are the flags that mean something else when their value is empty:
// everything is captured, nobody is asked for a key, no call can fail. A script
// gives such a value when a variable of it is not set.
var neverEmpty = []string{"interface", "device", "write", "user", "hep-key", "call", "fail-on", "spool-dir", "config", "wav", "raw", "output"}

// mostBuffer is the largest kernel buffer in KiB: its octets are an int32.
const mostBuffer = 1<<21 - 1

// checkValues refuses values that are read without an error and make no sense.
func (o *options) checkValues(f *pflag.FlagSet) error {
	for _, name := range neverEmpty {
		if flag := f.Lookup(name); flag != nil && flag.Changed && isEmpty(flag.Value) { // not all commands have all of them
			return &usageError{text: spelled(flag) + ": empty", hint: "is a variable of the script not set?"}
		}
	}
	switch {
	case o.snaplen < 0:
		return &usageError{text: fmt.Sprintf("-s %d: a packet has no fewer octets than none", o.snaplen), hint: "-s 262144, or -s 0 for the same"}
	case o.bufferKiB < 0 || o.bufferKiB > mostBuffer:
		return &usageError{text: fmt.Sprintf("-B %d: the kernel buffer has 0 to %d KiB", o.bufferKiB, mostBuffer), hint: "-B 32768 is 32 MiB"}
	case o.duration < 0:
		return &usageError{text: fmt.Sprintf("--for %s: that time is over", o.duration), hint: "--for 30s"}
	}
	return nil
}

// isEmpty reports whether a flag was given no value, or one in a list.
func isEmpty(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")
	}
	return v.String() == ""
}

// spelled is a flag as people write it.
func spelled(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand
	}
	return "--" + f.Name
}

// flagError says what is wrong with a flag, with a hint where its value has a
// syntax of its own.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return &usageError{text: err.Error()}
	}
	out := &usageError{text: fmt.Sprintf("--%s: %s", invalid.GetFlag().Name, whyInvalid(invalid))}
	switch invalid.GetFlag().Name {
	case "column":
		out.hint = column.Hint
	case "hide":
		out.hint = "--hide takes " + hide.Names + ", or all"
	}
	return out
}

// whyInvalid is what is wrong with a value, without the names of functions that
// read it.
func whyInvalid(invalid *pflag.InvalidValueError) string {
	cause := errors.Unwrap(invalid)
	switch value := invalid.GetValue(); {
	case invalid.GetFlag().Value.Type() == "bool":
		return fmt.Sprintf("%q is neither true nor false", value)
	case errors.Is(cause, strconv.ErrRange):
		return fmt.Sprintf("%q is too large", value)
	case errors.Is(cause, strconv.ErrSyntax):
		return fmt.Sprintf("%q is no number", value)
	case strings.HasPrefix(cause.Error(), "time: "):
		return fmt.Sprintf("%q is no time such as 30s or 5m", value)
	}
	return cause.Error()
}
