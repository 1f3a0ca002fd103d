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
	found := false
	for i, wanted := range choice {
		at := slices.IndexFunc(columns, func(c column) bool { return c.id == wanted.id })
		if at < 0 || wanted.id == "problem" {
			continue
		}
		c := columns[at]
		found = true
		if c.prio > 0 {
			c.prio = 1 + i*(lowPrio-2)/len(choice)
		}
		if wanted.width > 0 {
			c.min, c.ideal, c.max, c.elastic = wanted.width, wanted.width, wanted.width, false
		}
		out = append(out, c)
	}
	if !found { // nothing that is there now
		return usual
	}
	return out
}

func (u *UI) columnsCommand(text string) {
	table := u.tableInSight()
	switch text {
	case "save":
		u.saveColumns(table.option, u.option(table.option))
		return
	case "widths":
		u.usualWidths()
		return
	case "":
		u.openColumns()
		return
	}
	known := []string{}
	for _, preset := range table.presets {
		if preset.name == text {
			u.setOptions(map[string]string{table.option: preset.columns})
			u.say("columns: %s", preset.name)
			return
		}
		known = append(known, preset.name)
	}
	u.say("columns takes %s, save or widths", strings.Join(known, ", "))
}

// saveColumns writes a choice to the user's file.
func (u *UI) saveColumns(option, text string) {
	if err := u.config.Settings.Save(map[string]string{option: text}); err != nil {
		u.say("%s", err.Error())
		return
	}
	u.setOptions(map[string]string{option: text})
	u.say("columns are saved in %s", u.config.Settings.Path)
}
