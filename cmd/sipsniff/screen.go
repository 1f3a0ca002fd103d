package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sipsniff/correlate/diagnosis"
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
	if err := prefer(liked, cmd.Flags()); err != nil {
		return err
	}
	rules, err := o.diagnosisOptions(liked)
	if err != nil {
		return err
	}
	wanted, err := o.displayFilter(time.Local)
	if err != nil {
		return err
	}
	o.lasting = true
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
	show := tui.Run
	if o.show != nil {
		show = o.show
	}
	err = show(ctx, tui.Config{
		Snapshot: s.pipeline.Snapshot,
		Status:   o.newScreenFeed(s).status,
		Diagnose: diagnosis.New(rules).Run,
		Live:     s.input.live(),
		Filter:   wanted,
		ASCII:    o.ascii,
		Columns:  o.columns,
		ShowKeys: o.digits, Tones: o.inband,
		Packets:  o.rereader(ctx, args, s),
		Scorer:   s.scorer,
		Version:  programVersion(),
		Settings: liked,
		Filters:  liked.Table(settings.Filters),
		SaveFilter: func(name, text string) error {
			return liked.SaveEntry(settings.Filters, name, text)
		},
		Stop:    stopReading,
		Save:    o.saver(args, s, rules),
		Spooled: s.spool != nil,
		Aliases: hostNames(liked.Aliases, s.input),
	})
	stopReading()
	var unusable *tui.TerminalError
	if errors.As(err, &unusable) {
		err = &usageError{text: err.Error(), hint: "sipsniff report and sipsniff ladder need no terminal"}
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
	if len(in.files) > 1 {
		return fmt.Sprintf("%s +%d", in.files[0], len(in.files)-1)
	}
	return in.files[0]
}
