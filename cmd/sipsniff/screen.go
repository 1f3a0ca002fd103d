package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sipsniff/internal/filter"
	"sipsniff/internal/settings"
	"sipsniff/tui"
)

// watchScreen runs the terminal UI over the input. Without a terminal it
// prints the text report instead.
func (o *options) watchScreen(cmd *cobra.Command, args []string) error {
	ctx := cmd.Context()
	if !o.outIsTerminal {
		return o.report(ctx, args)
	}
	liked, err := o.preferences()
	if err != nil {
		return err
	}
	in, err := o.named(args)
	if err != nil {
		return err
	}
	if err := prefer(liked, cmd.Flags(), in.live()); err != nil {
		return err
	}
	rules, err := o.newJudge(liked)
	if err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.Local)
	if err != nil {
		return err
	}
	o.lasting = true
	view := &viewing{liked: liked, rules: rules, wanted: wanted}
	for {
		err := o.view(ctx, args, view)
		var other *tui.Reopening
		if !errors.As(err, &other) {
			return err
		}
		view.chosen = other.Chosen
		if o, args, err = o.reopened(args, other); err != nil {
			return err
		}
	}
}

// A viewing is what stays the same of the screens when another input is opened.
type viewing struct {
	liked  *settings.File
	rules  *judge
	wanted *filter.Expr      // by the calls of the list
	chosen map[string]string // options of the session
}

// view shows one input until the user leaves it; the error is a *tui.Reopening
// when another is wanted.
func (o *options) view(ctx context.Context, args []string, view *viewing) error {
	s, err := o.start(ctx, args, true)
	if err != nil {
		return err
	}
	reading, stopReading := context.WithCancel(ctx)
	if o.duration > 0 {
		reading, stopReading = context.WithTimeout(ctx, o.duration)
	}
	finished := make(chan error, 1)
	go func() { finished <- s.run(reading) }()

	defer func() {
		if p := recover(); p != nil { // the terminal is restored; the recording has to be whole, too
			stopReading()
			_ = errors.Join(<-finished, s.close()) // the panic is what matters
			panic(p)
		}
	}()
	history := view.liked.History()
	show := tui.Run
	if o.show != nil {
		show = o.show
	}
	own := ownAddresses(s.input)
	feed := o.newScreenFeed(s)
	defer feed.close()
	err = show(ctx, tui.Config{
		Snapshot: s.pipeline.Snapshot,
		Want:     s.pipeline.Want,
		Status:   feed.status,
		Diagnose: view.rules.run,
		Judge:    func(mos string) { _ = view.rules.take(mos) }, // the file and the command line were looked at
		Live:     s.input.live(),
		Stream:   s.input.stream(),
		Filter:   view.wanted,
		ASCII:    o.ascii,
		Columns:  o.columns,
		ShowKeys: o.digits, Tones: o.inband,
		Packets:  o.rereader(ctx, args, s),
		Scorer:   s.scorer,
		Version:  programVersion(),
		Settings: view.liked,
		Filters:  view.liked.Table(settings.Filters),
		SaveFilter: func(name, text string) error {
			return view.liked.SaveEntry(settings.Filters, name, text)
		},
		Past: tui.Past{Filters: history.Read(settings.PastFilter), Commands: history.Read(settings.PastCommand)},
		Remember: func(command bool, text string) error {
			if command {
				return history.Add(settings.PastCommand, text)
			}
			return history.Add(settings.PastFilter, text)
		},
		Record: s.recordTo(o),
		Media:  s.media(),
		Reopen: func(r *tui.Reopening) error {
			if file := s.late.file(); file != "" && r.File == "" {
				return &fileError{text: file + ": the recording would end", hint: "S in the view of the capture ends it"}
			}
			_, _, err := o.reopened(args, r)
			return err
		},
		Chosen:  view.chosen,
		Stop:    stopReading,
		Save:    o.saver(args, s, view.rules),
		Spooled: s.spool != nil,
		Aliases: hostNames(view.liked.Aliases, own),
		Own:     own,
		LookUp:  func(a netip.Addr) []string { return lookUp(ctx, a) },
	})
	stopReading()
	var unusable *tui.TerminalError
	if errors.As(err, &unusable) {
		err = &usageError{text: err.Error(), hint: "sipsniff report and sipsniff ladder need no terminal"}
	}
	var other *tui.Reopening
	if errors.As(err, &other) { // what was wrong with this input was shown on the screen
		_ = errors.Join(<-finished, s.close())
		o.tellSpool(s)
		return other
	}
	// A damaged file was shown on the screen; it is said again for the log.
	err = errors.Join(err, <-finished, s.close())
	o.tellSpool(s)
	return err
}

// sourceTitle names the input in the title bar.
func sourceTitle(in input) string {
	if in.live() {
		names := append([]string{}, in.ifaces...)
		for _, e := range in.hep {
			names = append(names, "HEP "+e.String())
		}
		return strings.Join(names, ",")
	}
	name := in.files[0]
	if name == "-" {
		name = "standard input"
	}
	if len(in.files) > 1 {
		return fmt.Sprintf("%s +%d", name, len(in.files)-1)
	}
	return name
}
