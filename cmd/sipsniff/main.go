// Command sipsniff shows every SIP call of a capture or of a live interface,
// its ladder diagram and its media.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"sipsniff/capture/libpcap"
)

// Exit statuses of the contract.
const (
	exitDone    = 0
	exitFailed  = 1
	exitMisused = 2
	exitMatched = 3 // calls match --fail-on
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], terminal{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, hangups: hangups,
		outIsTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		errIsTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	})
	stop()
	os.Exit(code)
}

// A terminal is where the program reads and writes.
type terminal struct {
	in                           io.Reader
	out, err                     io.Writer
	outIsTerminal, errIsTerminal bool
	hangups                      <-chan os.Signal // SIGHUP; nil: none come
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, t terminal) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	root := newRoot(t, cancel)
	root.SetArgs(args)
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(t.err, "sipsniff: %v\n", err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		fmt.Fprintf(t.err, "hint: %s\n", hinted.Hint())
	}
	var matched *failOnError
	if errors.As(err, &matched) {
		return exitMatched
	}
	if isMisuse(err) {
		return exitMisused
	}
	return exitFailed
}

// isMisuse reports whether the command line is to blame.
func isMisuse(err error) bool {
	var misuse *usageError
	var filter *libpcap.FilterError
	return errors.As(err, &misuse) || errors.As(err, &filter)
}

// A usageError is a command line that cannot be carried out as written.
type usageError struct {
	text, hint string
}

func (e *usageError) Error() string { return e.text }

// Hint returns the next step.
func (e *usageError) Hint() string {
	if e.hint != "" {
		return e.hint
	}
	return "sipsniff --help shows how it is used"
}
