package tui

import (
	"slices"

	"github.com/gdamore/tcell/v2"
)

// A Context is a set of places in which keys have a meaning.
type Context uint32

// The places. A key has one meaning in each.
const (
	InCalls Context = 1 << iota
	InRegistrations
	InStreams
	InStatistics
	InProblems
	InCapture
	InLadder
	InMessage
	InDiff
	InMedia
	InWhy    // the pane that explains a call
	InEmpty  // the list while no SIP came yet
	InFilter // the filter line
	InForm   // the form of the filter
	InHelp
	InSort // the picker of the sort column
	InSave
	InFolders // the list of directories to save in
	InSettings
	InColumns
	InPalette // the command line
	InQuit    // the question before the program ends
	InConfirm // the question before something is cleared

	inTabs     = InCalls | InRegistrations | InStreams | InStatistics | InProblems | InCapture
	inScreens  = inTabs | InLadder | InMessage | InDiff | InMedia
	inDialogs  = InFilter | InForm | InHelp | InSort | InSave | InFolders | InSettings | InColumns | InPalette | InQuit | InConfirm
	everywhere = inScreens
)

// contexts names each place for the help screen, the configuration and error
// messages.
var contexts = [...]namedContext{
	{InCalls, "Calls"}, {InRegistrations, "Registrations"}, {InStreams, "Streams"}, {InStatistics, "Statistics"},
	{InProblems, "Problems"}, {InCapture, "Capture"}, {InLadder, "Ladder"}, {InMessage, "Message"}, {InDiff, "Diff"},
	{InMedia, "Media"}, {InWhy, "Why"}, {InEmpty, "Empty"}, {InFilter, "Filter"}, {InForm, "Form"}, {InHelp, "Help"}, {InSort, "Sort"},
	{InSave, "Save"}, {InFolders, "Folders"}, {InSettings, "Settings"}, {InColumns, "Columns"}, {InPalette, "Palette"}, {InQuit, "Quit"},
	{InConfirm, "Confirm"},
}

type namedContext struct {
	context Context
	name    string
}

// Name returns the name of a single place.
func (c Context) Name() string {
	for _, known := range contexts {
		if known.context == c {
			return known.name
		}
	}
	return ""
}

// An Action is something a key does. The table of actions feeds the
// dispatcher, the hint line and the help screen; there is no other list.
type Action struct {
	ID       string   // "ladder.fold"; the part before the dot is the screen
	Title    string   // one or two words for the hint line
	Help     string   // one line for the help screen
	Contexts Context  // where it works
	Keys     []string // as keyName spells them; the first stands in the hint line
	Rank     int      // place in the hint line, from 1; 0 is not shown there
	Pair     string   // key of the opposite action, shown beside it in the hint line

	// Now is the title for the hint line as things stand, "" for no hint; nil is
	// Title.
	Now func(u *UI) string

	// Enabled says whether it can do anything now; nil is always.
	Enabled func(u *UI) bool
	Run     func(u *UI)
}

// hints returns the actions for the hint line of a place, in its order.
func (t *keyTable) hints(c Context, u *UI) []*Action {
	var out []*Action
	for i := range t.actions {
		a := &t.actions[i]
		if a.Contexts&c != 0 && a.Rank > 0 && (a.Enabled == nil || a.Enabled(u)) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y *Action) int { return x.Rank - y.Rank })
	return out
}

// keyName spells a key as the table does: "a", "Space", "F1", "^L", "PgDn".
func keyName(ev *tcell.EventKey) string {
	key := ev.Key()
	switch {
	case key == tcell.KeyRune && ev.Modifiers()&(tcell.ModCtrl|tcell.ModMeta) != 0:
		return ""
	case key == tcell.KeyRune && ev.Modifiers()&tcell.ModAlt != 0:
		return "Alt-" + string(ev.Rune())
	case key == tcell.KeyRune && ev.Rune() == ' ':
		return "Space"
	case key == tcell.KeyRune:
		return string(ev.Rune())
	case (key == tcell.KeyLeft || key == tcell.KeyRight) && ev.Modifiers()&tcell.ModAlt != 0:
		return "Alt-" + tcell.KeyNames[key]
	case (key == tcell.KeyLeft || key == tcell.KeyRight) && ev.Modifiers()&tcell.ModShift != 0:
		return "Shift-" + tcell.KeyNames[key]
	case key >= tcell.KeyCtrlA && key <= tcell.KeyCtrlZ:
		return "^" + string(rune('A'+key-tcell.KeyCtrlA))
	case key == tcell.KeyBackspace || key == tcell.KeyBackspace2:
		return "Backspace"
	}
	return tcell.KeyNames[key]
}
