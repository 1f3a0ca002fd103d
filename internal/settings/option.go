package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// An Option is one thing that can be set. The table of options feeds the
// reader of the file and the settings screen.
type Option struct {
	Key     string // "display.theme": the table and the name in the file
	Title   string
	Help    string
	Default string
	Choices []string // nil: any text, or a number

	Number   bool // a number from Least to Most
	Least    int
	Most     int
	Limits   *Range // two numbers, "3.1 / 3.6"; nil: it has none
	Flag     string // the flag of the command line that means the same; it is read at the start
	List     bool   // a list of texts, which Value holds separated by spaces
	Secret   bool   // not for other eyes
	Unlisted bool   // has a screen of its own
}

// Options returns the table, in the order of the screen.
func Options() []Option {
	return []Option{
		{Key: "display.theme", Title: "Theme", Default: "auto", Choices: []string{"auto", "dark", "light", "high-contrast", "mono"},
			Help: "auto takes the first 16 colours of the terminal; NO_COLOR forces mono"},
		{Key: "display.colours", Title: "Colours", Default: "auto", Choices: []string{"auto", "16", "8", "none"},
			Help: "auto: as many as the terminal says it has; no more than that in any case; NO_COLOR forces none"},
		{Key: "display.lines", Title: "Line drawing", Default: "auto", Choices: []string{"auto", "unicode", "ascii"},
			Help: "auto looks at the locale"},
		{Key: "display.timezone", Title: "Time zone", Default: "local", Choices: []string{"local", "UTC"},
			Help: "of every clock on the screen"},
		{Key: "display.clock", Title: "Clock in list", Default: "absolute", Choices: []string{"absolute", "start", "ago"},
			Help: "absolute: the time of day; start: since the first packet; ago: before now, of a file before its last packet (w)"},
		{Key: "display.names", Title: "Names of addresses", Default: "aliases", Choices: []string{"aliases", "dns", "off"},
			Help: "aliases: what :alias and [alias] call them; dns: of files the DNS is asked about the others; off: addresses (a)"},
		{Key: "display.refresh", Title: "Refresh", Default: "4", Number: true, Least: 1, Most: 10,
			Help: "how often a second the screen is drawn while packets come in; falls to 1 on a slow line, and for many calls that nobody touches"},
		{Key: "display.hints", Title: "Hints", Default: "function", Choices: []string{"function", "letters"},
			Help: "which keys the last line shows: function keys or letters (K)"},
		{Key: "display.mouse", Title: "Mouse", Default: "on", Choices: []string{"on", "off"},
			Help: "off lets the terminal select text (F12)"},
		{Key: "display.exit_prompt", Title: "Ask before q quits", Default: "live", Choices: []string{"always", "live", "never"},
			Help: "live: only while capturing; Esc always asks"},
		{Key: "display.ambiguous", Title: "Ambiguous width", Default: "1", Number: true, Least: 1, Most: 2,
			Help: "cells of characters that East Asian terminals draw wide, from the next start on; 2 draws lines in ASCII"},
		{Key: "calls.scope", Title: "List holds", Default: "dialogs", Choices: []string{"dialogs", "calls", "all"},
			Help: "dialogs: everything but the methods that are hidden (D)"},
		{Key: "calls.hide", Title: "Hide methods", Default: "OPTIONS", List: true,
			Help: "of the list of dialogs, as in OPTIONS NOTIFY; ladders show every message"},
		{Key: "calls.parties", Title: "From and To", Default: "user", Choices: []string{"user", "uri", "name", "host"},
			Help: "in the list: user part, whole URI, display name, or host"},
		{Key: "calls.columns", Title: "Columns", List: true, Unlisted: true, Help: "columns of the call list in their order, as in time:12 (F10)"},
		{Key: "registrations.columns", Title: "Columns", List: true, Unlisted: true, Help: "the same of the registrations"},
		{Key: "streams.columns", Title: "Columns", List: true, Unlisted: true, Help: "the same of the streams"},
		{Key: "problems.columns", Title: "Columns", List: true, Unlisted: true, Help: "the same of the problems"},
		{Key: "media.columns", Title: "Columns", List: true, Unlisted: true, Help: "the same of the streams of a call"},
		{Key: "ladder.sdp", Title: "SDP", Default: "codecs", Choices: []string{"codecs", "address", "full", "classic"}, Help: "what arrows tell of session descriptions (d)"},
		{Key: "ladder.rtp", Title: "RTP rows", Default: "all", Choices: []string{"all", "active", "off"}, Help: "which streams have a row (m)"},
		{Key: "ladder.time", Title: "Time", Default: "delta", Choices: []string{"delta", "clock", "both", "none"}, Help: "what stands at the left of an arrow (w)"},
		{Key: "ladder.preview", Title: "Preview", Default: "auto", Choices: []string{"auto", "on", "off"}, Help: "the message beside the ladder; auto where the screen is wide (t)"},
		{Key: "ladder.leg_headers", Title: "Leg headers", List: true, Flag: "leg-header",
			Help: "whose value joins legs besides X-Call-ID, Session-ID and others: NAME, or NAME=REGEXP with a group. Holds from the next start on"},
		{Key: "capture.max_calls", Title: "Most calls", Default: "100000", Number: true, Least: 1, Most: 1 << 30, Flag: "max-calls",
			Help: "calls kept; the oldest finished leave first. Holds from the next start on"},
		{Key: "capture.max_memory", Title: "Most memory", Flag: "max-memory", Help: "for calls and streams, such as 512M; unless said a quarter of the machine, live at most 1G. Holds from the next start on"},
		{Key: "capture.spool", Title: "Spool", Flag: "spool", Help: "room on disk for the latest packets of a live capture, such as 20G; calls of them can be saved afterwards. Holds from the next start on"},
		{Key: "quality.jitter_buffer", Title: "De-jitter buffer", Default: "a1", Flag: "jitter-buffer", Help: "a1 (adaptive), f60, f200 or another fixed one in ms. Holds from the next start on"},
		{Key: "quality.mos", Title: "MOS bad / poor", Default: "3.1 / 3.6", Limits: &Range{Least: 1, Most: 5, Falling: true},
			Help: "below the first: red, an error (MED-31); below the second: yellow, a warning"},
		{Key: "quality.loss", Title: "Loss bad / poor", Default: "2 / 0.5", Limits: &Range{Least: 0, Most: 100},
			Help: "percent of a stream: above the first: red, a problem of the stream; from the second on: yellow; MED-11 has its own"},
		{Key: "hep.listen", Title: "Receive HEP at", List: true, Flag: "hep-listen", Help: "of captures: udp:HOST:PORT or tcp:HOST:PORT, several with spaces; beside the interfaces, or alone"},
		{Key: "hep.send", Title: "Send HEP to", List: true, Flag: "hep-send", Help: "of captures: SIP, RTCP and quality reports go to udp:HOST:PORT or tcp:HOST:PORT, several with spaces"},
		{Key: "hep.key", Title: "Key", Flag: "hep-key", Secret: true, Help: "what comes without it is refused, and it is sent"},
		{Key: "hep.id", Title: "Agent number", Default: "2001", Number: true, Least: 1, Most: 1<<31 - 1, Flag: "hep-id", Help: "ours in HEP that is sent"},
	}
}

// find returns the option of a key, nil when there is none. It is shared: nobody
// changes it.
func find(key string) *Option { return byKey()[key] }

// byKey is the table by key, made once: screens ask for options with each frame.
var byKey = sync.OnceValue(func() map[string]*Option {
	all := Options()
	table := make(map[string]*Option, len(all))
	for i := range all {
		table[all[i].Key] = &all[i]
	}
	return table
})

// Check says what is wrong with a value; "" is nothing.
func (o *Option) Check(text string) string {
	switch {
	case o.Limits != nil:
		return o.Limits.check(text)
	case o.Number:
		if n, err := strconv.Atoi(text); err != nil || n < o.Least || n > o.Most {
			return fmt.Sprintf("%q is no number from %d to %d", text, o.Least, o.Most)
		}
	case o.Choices != nil && !slices.Contains(o.Choices, text):
		return fmt.Sprintf("%q is none of %s", text, strings.Join(o.Choices, ", "))
	}
	return ""
}

// takeOption stores the value of an option.
func (f *File) takeOption(names []string, value any, line int) error {
	if isTable(names[0]) {
		return f.takeEntry(names, value, line)
	}
	key := strings.Join(names, ".")
	o := find(key)
	if o == nil {
		return &Error{f.Path, line, fmt.Sprintf("%s is no option; sipsniff keys and the settings (F8) list what there is", key)}
	}
	text, ok := o.textOf(value)
	if !ok {
		return &Error{f.Path, line, fmt.Sprintf("%s: %v has the wrong type", key, value)}
	}
	if wrong := o.Check(text); wrong != "" {
		return &Error{f.Path, line, key + ": " + wrong}
	}
	f.values[key] = Value{text, line}
	return nil
}

// textOf writes a value of the file as Check takes it.
func (o *Option) textOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, !o.List
	case int64:
		text := strconv.FormatInt(v, 10)
		return text, o.Number || slices.Contains(o.Choices, text)
	case bool:
		onOff := len(o.Choices) == 2 && o.Choices[0] == "on"
		return map[bool]string{true: "on", false: "off"}[v], onOff
	case []any:
		if o.Limits != nil {
			return limitsOf(v)
		}
		parts := make([]string, 0, len(v))
		for _, item := range v {
			text, ok := item.(string)
			if !ok || strings.ContainsAny(text, " \t\n") {
				return "", false
			}
			parts = append(parts, text)
		}
		return strings.Join(parts, " "), o.List
	}
	return "", false
}

// Get returns what the file says of an option; set is false when it is silent,
// and the text is the default then.
func (f *File) Get(key string) (text string, set bool) {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	if v, ok := f.values[key]; ok {
		return v.Text, true
	}
	if o := find(key); o != nil {
		return o.Default, false
	}
	return "", false
}

// Line returns the line of an option in the file, 0 when it is not there.
func (f *File) Line(key string) int {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	return f.values[key].Line
}
