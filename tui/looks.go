package tui

import (
	"strconv"
	"strings"
	"time"

	"sipsniff/internal/clean"
	"sipsniff/tui/glyph"
	"sipsniff/tui/ladder"
)

// option returns what is set now: in this session, in the user's file, or by
// default.
func (u *UI) option(key string) string {
	if text, ok := u.chosen[key]; ok {
		return text
	}
	text, _ := u.config.Settings.Get(key)
	return text
}

// setOptions sets options for this session.
func (u *UI) setOptions(changes map[string]string) {
	for key, text := range changes {
		u.chosen[key] = text
	}
	if t, err := u.keyTable(nil); err == nil { // it was looked at before
		u.keys = t
	}
	u.applyLooks()
	u.calls.told = "" // in other characters
	u.applyHabits(func(key string) bool { _, changed := changes[key]; return changed })
	if mos, changed := changes["quality.mos"]; changed && u.config.Judge != nil {
		u.config.Judge(mos)
		u.diagnose()
	}
	for _, v := range u.stack {
		if f, ok := v.(*flowView); ok {
			f.l = nil // it is drawn with other characters
		}
		v.refresh()
	}
}

// speaksUTF8 reports whether the terminal shows more than ASCII.
func (u *UI) speaksUTF8() bool {
	return strings.ReplaceAll(strings.ToLower(u.screen.CharacterSet()), "-", "") == "utf8"
}

// onlyASCII says why nothing but ASCII can be drawn, "" when more can.
func (u *UI) onlyASCII() string {
	switch {
	case u.config.ASCII:
		return "--ascii was given"
	case !u.speaksUTF8():
		return "the locale is " + u.clean(u.screen.CharacterSet()) + ", not UTF-8"
	case u.wideAmbiguous(): // as lines are
		return "display.ambiguous is 2"
	}
	return ""
}

// unheeded says which of some options the terminal cannot follow, "" when it
// follows all.
func (u *UI) unheeded(changes map[string]string) string {
	var parts []string
	if why := u.onlyASCII(); changes["display.lines"] == "unicode" && why != "" {
		parts = append(parts, "lines stay ASCII: "+why)
	}
	if n, _ := strconv.Atoi(changes["display.colours"]); n > u.screen.Colors() {
		parts = append(parts, "the terminal has "+plural(u.screen.Colors(), "colour"))
	}
	if changes["display.names"] == namedByDNS && (u.config.Live || u.config.Stream) {
		parts = append(parts, "the DNS is not asked while capturing: that would be captured")
	}
	if aboutHEP(changes) && !u.config.Live {
		parts = append(parts, "HEP waits for a capture: this is none")
	}
	return strings.Join(parts, ", ")
}

// sayOptions says what became of options that were just set: in one word and
// what is wrong, or where they hold.
func (u *UI) sayOptions(changes map[string]string, word, all string) {
	if but := u.unheeded(changes); but != "" {
		all = word + ", but " + but
	}
	u.say("%s", all)
}

// applyLooks makes the theme and chooses the characters.
func (u *UI) applyLooks() {
	u.theme = newTheme(u.option("display.theme"), u.colours())
	u.set, u.clean = glyph.Unicode(), clean.Line
	if u.option("display.lines") == "ascii" || u.onlyASCII() != "" {
		u.set, u.clean = glyph.ASCII(), clean.ASCII
	}
	if u.option("display.timezone") == "UTC" {
		u.config.Location = time.UTC
	} else {
		u.config.Location = u.localTime
	}
	u.letters = u.option("display.hints") == "letters"
	u.setLimits()
	u.looks++ // lines that are kept are written anew
	u.setPace()
}

// colours is how many the theme may use: those of the terminal, fewer when the
// user wants fewer.
func (u *UI) colours() int {
	switch limit := u.option("display.colours"); limit {
	case "auto":
		return u.screen.Colors()
	case "none":
		return 0
	default:
		n, _ := strconv.Atoi(limit) // the table of options has nothing else
		return min(n, u.screen.Colors())
	}
}

// wideAmbiguous reports whether characters of ambiguous width take two cells.
func (u *UI) wideAmbiguous() bool { return u.option("display.ambiguous") == "2" }

// setPace makes the refresher as fast as the user wants it.
func (u *UI) setPace() {
	if n, err := strconv.Atoi(u.option("display.refresh")); err == nil && n > 0 && u.pace != nil {
		u.pace.interval.Store(int64(time.Second) / int64(n))
	}
}

// applyHabits sets what keys change, too, from the options that are new.
func (u *UI) applyHabits(fresh func(key string) bool) {
	if mouse := u.option("display.mouse") == "on"; fresh("display.mouse") && mouse != u.mouse {
		u.mouse = mouse
		u.app.EnableMouse(mouse)
	}
	if fresh("display.clock") {
		u.calls.clock = clockMode(indexOf(u.option("display.clock"), clockNames[:]...))
	}
	if fresh("display.names") {
		u.flow.addresses = u.option("display.names") == "off"
	}
	if names := u.option("display.names"); names != "off" {
		u.flow.namedBy = names
	} else if u.flow.namedBy == "" {
		u.flow.namedBy = namedByUser
	}
	u.forgetWidths(fresh)
	if fresh("calls.scope") {
		u.calls.scope = scope(indexOf(u.option("calls.scope"), scopeNames[:]...))
		u.calls.picked = u.calls.scope != scopeDialogs
		u.calls.anew()
	}
	if fresh("calls.parties") {
		u.calls.parties = partyForm(indexOf(u.option("calls.parties"), partyForms[:]...))
		u.calls.anew()
	}
	if fresh("calls.hide") {
		u.calls.anew()
	}
	if fresh("ladder.sdp") {
		u.flow.sdp = ladder.SDPMode(indexOf(u.option("ladder.sdp"), "codecs", "address", "full", "classic"))
	}
	if fresh("ladder.rtp") {
		u.flow.streams = streamMode(indexOf(u.option("ladder.rtp"), "all", "active", "off"))
	}
	if fresh("ladder.time") {
		u.flow.time = timeMode(indexOf(u.option("ladder.time"), "delta", "clock", "both", "none"))
	}
	if fresh("ladder.preview") {
		u.flow.preview = previewMode(indexOf(u.option("ladder.preview"), "auto", "on", "off"))
	}
}

// written reports whether the user's file sets an option; what it leaves out
// stays as the keys have made it.
func (u *UI) written(key string) bool {
	_, set := u.config.Settings.Get(key)
	return set
}

// indexOf returns the place of a text in a list, 0 when it is not there.
func indexOf(text string, list ...string) int {
	for i, known := range list {
		if known == text {
			return i
		}
	}
	return 0
}
