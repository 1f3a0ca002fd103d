package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A columnChoice is a column that the user wants, and how wide.
type columnChoice struct {
	id    string
	width int // 0: as the layout finds best
}

type columnPreset struct{ name, columns string }

// columnPresets are ready choices; the first is what the list shows by itself.
var columnPresets = []columnPreset{
	{"default", ""},
	{"why", "number time from to state code mos why"},
	{"quality", "number time from to state mos loss jitter spark codec duration"},
	{"carrier", "number time from to source destination state code pdd duration"},
	{"sngrep", "number method from to messages source destination state"},
}

// parseColumns reads "number time:12 from".
func parseColumns(text string) []columnChoice {
	var out []columnChoice
	for _, part := range strings.Fields(text) {
		id, width, _ := strings.Cut(part, ":")
		n, err := strconv.Atoi(width)
		if err != nil || n < 1 || n > 200 {
			n = 0
		}
		out = append(out, columnChoice{id, n})
	}
	return out
}

// writeColumns is the opposite of parseColumns.
func writeColumns(choice []columnChoice) string {
	var parts []string
	for _, c := range choice {
		if c.width > 0 {
			parts = append(parts, fmt.Sprintf("%s:%d", c.id, c.width))
		} else {
			parts = append(parts, c.id)
		}
	}
	return strings.Join(parts, " ")
}

// chosenColumns are the columns the user wants out of those there are.
func (u *UI) chosenColumns(columns []column) []column {
	return columnsIn(u.option("calls.columns"), columns)
}

// columnsIn are the columns of a choice out of those there are, in the user's
// order; the mark of problems stays in front. A wanted column comes
// before all others when room is scarce.
func columnsIn(text string, columns []column) []column {
	choice := parseColumns(text)
	usual := slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return c.optional })
	if len(choice) == 0 {
		return usual
	}
	out := columns[:0:0]
	for _, c := range columns {
		if c.id == "problem" {
			out = append(out, c)
		}
	}
	for i, wanted := range choice {
		at := slices.IndexFunc(columns, func(c column) bool { return c.id == wanted.id })
		if at < 0 || wanted.id == "problem" {
			continue
		}
		c := columns[at]
		if c.prio > 0 {
			c.prio = 1 + i*(lowPrio-2)/len(choice)
		}
		if wanted.width > 0 {
			c.min, c.ideal, c.max, c.elastic = wanted.width, wanted.width, wanted.width, false
		}
		out = append(out, c)
	}
	if len(out) <= 1 { // nothing that is there now
		return usual
	}
	return out
}

func (u *UI) columnsCommand(text string) {
	switch text {
	case "save":
		u.saveColumns(u.option("calls.columns"))
		return
	case "widths":
		u.usualWidths()
		return
	}
	for _, preset := range columnPresets {
		if preset.name == text {
			u.setOptions(map[string]string{"calls.columns": preset.columns})
			u.say("columns: %s", preset.name)
			return
		}
	}
	if text == "" {
		u.openColumns()
		return
	}
	u.say("columns takes default, why, quality, carrier, sngrep, save or widths")
}

// saveColumns writes a choice to the user's file.
func (u *UI) saveColumns(text string) {
	if err := u.config.Settings.Save(map[string]string{"calls.columns": text}); err != nil {
		u.say("%s", u.clean(err.Error()))
		return
	}
	u.setOptions(map[string]string{"calls.columns": text})
	u.say("columns are saved in %s", u.clean(u.config.Settings.Path))
}
