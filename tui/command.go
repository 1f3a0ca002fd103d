package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/settings"
)

// A command is a word of the palette that takes arguments.
type command struct {
	word, arguments, help string
	run                   func(u *UI, argument string)
}

func commands() []command {
	return []command{
		{"goto", "N", "the call with this number", (*UI).goTo},
		{"time", "HH:MM:SS", "the first call from this time on", (*UI).goToTime},
		{"filter", "EXPR", "filter the list of calls", func(u *UI, text string) { u.openTab(tabCalls); u.calls.filterWith(text) }},
		{"show", "dialogs|calls|all", "what the list holds", (*UI).showScope},
		{"sort", "COLUMN", "sort the list", (*UI).sortCommand},
		{"columns", "default|why|quality|carrier|sngrep|save|widths", "columns of the list", (*UI).columnsCommand},
		{"save", "sip|rtp|txt|wav|csv|json", "save calls to a file", (*UI).saveCommand},
		{"theme", strings.Join(choicesOf("display.theme"), "|"), "colours", func(u *UI, text string) { u.setCommand("display.theme", text) }},
		{"lines", "auto|unicode|ascii", "characters of lines", func(u *UI, text string) { u.setCommand("display.lines", text) }},
		{"mouse", "on|off", "mouse", func(u *UI, text string) { u.setCommand("display.mouse", text) }},
		{"open", "FILE", "read another capture file", (*UI).openCommand},
		{"bpf", "EXPR", "another capture filter, none without EXPR", (*UI).filterCommand},
		{"listen", "IF[,IF]", "capture on other interfaces", (*UI).listenCommand},
		{"ring", "KIB", "another buffer in the kernel", (*UI).ringCommand},
		{"alias", "ADDRESS NAME", "call an address by a name, in the user's file", (*UI).aliasCommand},
		{"set", "OPTION VALUE", "an option of the settings, for this session", (*UI).setAny},
	}
}

// choiceHelp says what the choices of some commands do.
//
//nolint:gochecknoglobals // constants
var choiceHelp = map[string]string{
	"save sip": "SIP only, as pcapng", "save rtp": "RTP only, as pcapng", "save txt": "messages and findings as text",
	"save wav": "what was said, in stereo", "save csv": "a line for each call", "save json": "the report of these calls",
	"columns default": "what fits the screen", "columns why": "the verdict of each call", "columns quality": "MOS, loss, jitter",
	"columns carrier": "addresses, codes, delays", "columns sngrep": "those of sngrep", "columns save": "write them to the user's file",
	"columns widths": "of the list in sight: as they come, not as they were dragged",
	"show dialogs":   "all but hidden methods", "show calls": "INVITE only", "show all": "everything",
}

func choicesOf(key string) []string {
	for _, o := range settings.Options() {
		if o.Key == key {
			return o.Choices
		}
	}
	return nil
}

// commandOffers are the commands, and each choice of those that have some.
func (u *UI) commandOffers() []paletteLine {
	var all []paletteLine
	for _, c := range commands() {
		all = append(all, paletteLine{text: c.word, help: c.help + " (" + c.arguments + ")"})
		if !strings.Contains(c.arguments, "|") {
			continue
		}
		for _, choice := range strings.Split(c.arguments, "|") {
			text := c.word + " " + choice
			help, own := choiceHelp[text]
			if !own {
				help = c.help
			}
			all = append(all, paletteLine{text: text, help: help})
		}
	}
	return all
}

// command runs a line of the palette.
func (u *UI) command(line string) {
	word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	argument = strings.TrimSpace(argument)
	switch {
	case isPlace(word) && strings.Contains(word, ":"):
		u.goToTime(word)
		return
	case isPlace(word):
		u.goTo(word)
		return
	}
	for _, c := range commands() {
		if c.word == word {
			c.run(u, argument)
			return
		}
	}
	for _, o := range u.actionOffers(false) {
		if o.text == word {
			o.run(u)
			return
		}
	}
	u.say("there is no command %s; F1 lists the keys", word)
}

// goTo moves the cursor of the list to a call by its number.
func (u *UI) goTo(text string) {
	n, err := strconv.Atoi(text)
	if err != nil {
		u.say("%s is no number of a call", text)
		return
	}
	row := u.calls.Find(n)
	if row < 0 {
		why := "it is not in the capture"
		if u.callAt(n) != nil {
			why = "the list does not show it now"
		}
		u.say("no #%d: %s", n, why)
		return
	}
	u.openTab(tabCalls)
	u.calls.goToRow(row)
}

func (v *callsView) goToRow(row int) {
	v.follow = false
	v.list.set(row)
}

// goToTime moves the cursor to the first call that began at a time of day or
// later, on the day of the first call or the next ones.
func (u *UI) goToTime(text string) {
	var clock time.Time
	var err error
	for _, layout := range []string{"15:04:05.999999", "15:04"} {
		if clock, err = time.Parse(layout, text); err == nil {
			break
		}
	}
	if err != nil {
		u.say("%s is no time such as 12:09:38", text)
		return
	}
	if len(u.snap.Calls) == 0 {
		return
	}
	first := u.at(u.snap.Calls[0].Started)
	wanted := time.Date(first.Year(), first.Month(), first.Day(), clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), first.Location())
	if wanted.Before(first.Truncate(time.Second)) {
		wanted = wanted.AddDate(0, 0, 1)
	}
	best := -1
	var found *correlate.Call
	for row := range u.calls.Len() {
		if c := u.calls.call(row); c != nil && c.Started >= wanted.UnixNano() && (found == nil || c.Started < found.Started) {
			best, found = row, c
		}
	}
	if best < 0 {
		u.say("no call of the list began at %s or later", text)
		return
	}
	u.openTab(tabCalls)
	u.calls.goToRow(best)
}

func (u *UI) showScope(text string) {
	at := slices.Index(scopeNames[:], text)
	if at < 0 {
		u.say("show takes %s", strings.Join(scopeNames[:], ", "))
		return
	}
	u.openTab(tabCalls)
	u.calls.picked = true
	u.calls.setScope(scope(at))
}

func (u *UI) sortCommand(text string) {
	for _, key := range u.calls.visibleKeys() {
		if key.column == text {
			u.openTab(tabCalls)
			u.calls.setSort(key)
			return
		}
	}
	var known []string
	for _, key := range u.calls.visibleKeys() {
		known = append(known, key.column)
	}
	u.say("sort takes %s", strings.Join(known, ", "))
}

// setCommand sets an option for the session.
func (u *UI) setCommand(key, text string) {
	for _, o := range settings.Options() {
		if o.Key != key {
			continue
		}
		if wrong := wrongValue(&o, text); wrong != "" {
			u.say("%s: %s", key, wrong)
			return
		}
		changes := map[string]string{key: text}
		if err := u.refusesHEP(changes); err != nil {
			u.say("%s", hinted(err))
			return
		}
		u.setOptions(changes)
		if o.Secret {
			text = "***"
		}
		u.sayOptions(changes, "set", u.clean(fmt.Sprintf("%s = %s for this session; F8 saves", key, text)))
		u.switchHEP(changes)
		return
	}
	u.say("%s is no option; F8 lists them", key)
}

func (u *UI) setAny(text string) {
	key, value := optionIn(text)
	u.setCommand(key, value)
}

// optionIn takes the argument of set apart: "KEY VALUE" or "KEY = VALUE".
func optionIn(text string) (key, value string) {
	at := strings.IndexAny(text, " =")
	if at < 0 {
		return text, ""
	}
	value = strings.TrimSpace(text[at:])
	if strings.HasPrefix(value, "=") {
		value = strings.TrimSpace(value[1:])
	}
	return text[:at], value
}

// tellsSecret reports whether a command sets what is not for other eyes.
func tellsSecret(line string) bool {
	word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	key, _ := optionIn(strings.TrimSpace(argument))
	return word == "set" && slices.ContainsFunc(settings.Options(), func(o settings.Option) bool { return o.Secret && o.Key == key })
}
