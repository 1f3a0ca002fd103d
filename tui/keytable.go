package tui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"sipsniff/internal/settings"
)

// A KeyConflict reports two actions on one key in one place.
type KeyConflict struct {
	Key     string
	Context Context
	First   string
	Second  string
	Line    int // of the user's file, when it is to blame
}

func (e *KeyConflict) Error() string {
	return fmt.Sprintf("key %s in %s: both %s and %s", e.Key, e.Context.Name(), e.First, e.Second)
}

// A KeyError reports a line of the user's file that names no key, no place or
// no action.
type KeyError struct {
	Line int
	Text string
}

func (e *KeyError) Error() string { return e.Text }

type binding struct {
	context Context
	key     string
}

// A spot is an action in one of the places where it works.
type spot struct {
	context Context
	id      string
}

// spotKeys are the keys of a spot.
type spotKeys struct {
	keys    []string
	changed bool // by the user
	line    int  // of the user's file
}

// A keyTable finds the action of a key.
type keyTable struct {
	preset  string
	actions []Action
	bound   map[binding]*Action
	keys    map[spot]spotKeys // where they differ from those of the action
}

// customKeyTable makes the table with the keys of a preset and of the user.
func customKeyTable(actions []Action, preset string, custom []settings.Binding) (*keyTable, error) {
	t := &keyTable{preset: preset, actions: actions, bound: map[binding]*Action{}, keys: map[spot]spotKeys{}}
	for _, b := range presetKeys(preset) {
		if _, err := t.assign(b, false); err != nil {
			return nil, err
		}
	}
	for _, b := range custom {
		if wrong, err := t.assign(b, true); err != nil {
			return nil, &KeyError{b.Line, wrong}
		}
	}
	for i := range actions {
		if err := t.bind(&actions[i]); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// assign gives keys to an action in one place.
func (t *keyTable) assign(b settings.Binding, changed bool) (wrong string, err error) {
	fail := func(format string, args ...any) (string, error) {
		wrong := fmt.Sprintf(format, args...)
		return wrong, fmt.Errorf("preset %s: %s", t.preset, wrong)
	}
	place := contextNamed(b.Place)
	if place == 0 {
		return fail("there is no place %q; there are %s", b.Place, placeNames())
	}
	for _, key := range b.Keys {
		if !isKey(key) {
			return fail(`%q is no key; keys are spelled as in "a", "Space", "F5", "^L", "PgDn", "Alt-x"`, key)
		}
	}
	for i := range t.actions {
		a := &t.actions[i]
		if a.Contexts&place != 0 && a.name() == b.Action {
			t.keys[spot{place, a.ID}] = spotKeys{b.Keys, changed, b.Line}
			return "", nil
		}
	}
	return fail("there is no action %q in %s; sipsniff keys lists them", b.Action, b.Place)
}

func contextNamed(name string) Context {
	for _, known := range contexts {
		if strings.EqualFold(known.name, name) {
			return known.context
		}
	}
	return 0
}

func placeNames() string {
	var names []string
	for _, known := range contexts {
		names = append(names, strings.ToLower(known.name))
	}
	return strings.Join(names, ", ")
}

// name is what the user's file calls the action: its ID without the place,
// "sort-left" for "calls.sort.left".
func (a *Action) name() string {
	place, rest, found := strings.Cut(a.ID, ".")
	if !found || contextNamed(place) == 0 {
		rest = a.ID
	}
	return strings.ReplaceAll(rest, ".", "-")
}

// bind enters the keys of an action for each of its places.
func (t *keyTable) bind(a *Action) error {
	for _, place := range contexts {
		if a.Contexts&place.context == 0 {
			continue
		}
		for _, key := range t.keysOf(a, place.context) {
			b := binding{place.context, key}
			if other := t.bound[b]; other != nil && other != a {
				line := max(t.keys[spot{place.context, a.ID}].line, t.keys[spot{place.context, other.ID}].line)
				return &KeyConflict{Key: key, Context: place.context, First: other.ID, Second: a.ID, Line: line}
			}
			t.bound[b] = a
		}
	}
	return nil
}

// keysOf returns the keys of an action in a place.
func (t *keyTable) keysOf(a *Action, c Context) []string {
	if k, ok := t.keys[spot{c, a.ID}]; ok {
		return k.keys
	}
	return a.Keys
}

// changed reports whether the user chose the keys of an action.
func (t *keyTable) changed(a *Action, c Context) bool { return t.keys[spot{c, a.ID}].changed }

// find returns the action of a key in one place, nil when there is none.
func (t *keyTable) find(c Context, key string) *Action { return t.bound[binding{c, key}] }

// isKey reports whether a text is the name of a key that can be pressed.
func isKey(name string) bool {
	name = strings.TrimPrefix(name, "Alt-")
	switch r, size := utf8.DecodeRuneInString(name); {
	case name == "Space" || name == "Backspace":
		return true
	case size == len(name):
		return unicode.IsPrint(r) && r != ' ' && r != utf8.RuneError
	case len(name) == 2 && name[0] == '^':
		return name[1] >= 'A' && name[1] <= 'Z'
	}
	for key, known := range tcell.KeyNames {
		if known == name {
			return key != tcell.KeyRune && !strings.HasPrefix(name, "Ctrl-")
		}
	}
	return false
}

// presetKeys are the keys in which a preset differs from the table, which is
// that of sngrep.
func presetKeys(preset string) []settings.Binding {
	if preset != "vim" {
		return nil
	}
	var all []settings.Binding
	for _, known := range contexts {
		if (inScreens|InWhy)&known.context == 0 {
			continue
		}
		place := strings.ToLower(known.name)
		all = append(all,
			settings.Binding{Place: place, Action: "move-up", Keys: []string{"Up", "k", "^Y", "^P"}},
			settings.Binding{Place: place, Action: "move-down", Keys: []string{"Down", "j", "^E", "^N"}},
			settings.Binding{Place: place, Action: "move-first", Keys: []string{"Home", "g"}},
			settings.Binding{Place: place, Action: "move-last", Keys: []string{"End", "G"}},
		)
		if known.context != InWhy {
			all = append(all, settings.Binding{Place: place, Action: "palette", Keys: []string{":"}})
		}
	}
	return all
}

// hintKeys returns the keys that belong to hints: in function the first, else
// the first that is no function key.
func hintKeys(keys []string, letters bool) string {
	if len(keys) == 0 {
		return ""
	}
	if letters {
		if i := slices.IndexFunc(keys, func(key string) bool { return !isFunctionKey(key) }); i >= 0 {
			return keys[i]
		}
	}
	return keys[0]
}

func isFunctionKey(key string) bool {
	return len(key) > 1 && key[0] == 'F' && key[1] >= '1' && key[1] <= '9'
}

// list spells the keys of an action for the help screen.
func (t *keyTable) list(a *Action, c Context) string { return strings.Join(t.keysOf(a, c), " ") }
