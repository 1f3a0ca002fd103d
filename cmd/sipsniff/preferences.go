package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sipsniff/correlate/legs"
	"sipsniff/internal/settings"
	"sipsniff/tui"
)

// preferences reads the user's file and checks its keys. Mistakes in it are
// those of a command line.
func (o *options) preferences() (*settings.File, error) {
	f, err := o.settings()
	if err != nil {
		return nil, err
	}
	if err := tui.CheckKeys(f); err != nil {
		line := 0
		var conflict *tui.KeyConflict
		var wrong *tui.KeyError
		switch {
		case errors.As(err, &conflict):
			line = conflict.Line
		case errors.As(err, &wrong):
			line = wrong.Line
		}
		return nil, &usageError{text: fmt.Sprintf("%s:%d: %v", f.Path, line, err), hint: "give each key one action in each place; sipsniff keys --config /dev/null lists the keys as they come"}
	}
	return f, nil
}

// settings reads the user's file.
func (o *options) settings() (*settings.File, error) {
	path := o.config
	if path == "" {
		path = settings.DefaultPath()
		if _, err := os.Stat(path); errors.Is(err, fs.ErrPermission) {
			return settings.None(), nil // the home of another user, who began this
		}
	}
	f, err := settings.Read(path)
	if err != nil {
		return nil, &usageError{text: err.Error(), hint: "correct the line, or start with --config /dev/null"}
	}
	return f, nil
}

// prefer sets the flags that the user's file sets and the command line does
// not. Some are for captures only.
func prefer(f *settings.File, flags *pflag.FlagSet, live bool) error {
	for _, option := range settings.Options() {
		text, set := f.Get(option.Key)
		if option.Flag == "" || !set || flags.Changed(option.Flag) || liveOnly(option.Flag) && !live {
			continue
		}
		values := []string{text}
		if option.List {
			values = strings.Fields(text)
		}
		for _, value := range values {
			err := flags.Set(option.Flag, value)
			if option.Flag == "leg-header" && err == nil {
				_, err = legs.ParseHeader(value)
			}
			if err != nil {
				return &usageError{text: fmt.Sprintf("%s:%d: %s: %v", f.Path, f.Line(option.Key), option.Key, err), hint: "correct the line, or start with --config /dev/null"}
			}
		}
		flags.Lookup(option.Flag).Changed = false // the command line did not say it
	}
	return nil
}

// keyCommand prints the active key table.
func (o *options) keyCommand() *cobra.Command {
	format := "text"
	c := &cobra.Command{Use: "keys [-o md]", Short: "list the keys of all screens", Args: noArguments, RunE: func(*cobra.Command, []string) error {
		if format != "text" && format != "md" {
			return &usageError{text: fmt.Sprintf("unknown format %q", format), hint: "-o takes text, md"}
		}
		f, err := o.preferences()
		if err != nil {
			return err
		}
		return tui.WriteKeys(o.out, f, format == "md")
	}}
	c.Flags().StringVarP(&format, "output", "o", format, "text or md")
	return c
}
