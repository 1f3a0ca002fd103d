package tui

import (
	"maps"
	"slices"
	"strings"

	"sipsniff/correlate/legs"
	"sipsniff/internal/settings"
)

// The section of the keys: which preset, of which place, and a row for each
// action there.
const (
	keySection = "Keys"
	presetKey  = "preset"
	placeKey   = "keys"
)

// keyOptions are the rows of the section of the keys for one place. They are
// made of the table of actions, as all that is told of keys.
func keyOptions(place Context) []settings.Option {
	var places []string
	for _, known := range contexts {
		places = append(places, strings.ToLower(known.name))
	}
	rows := []settings.Option{
		{Key: presetKey, Title: "Preset", Choices: []string{"sngrep", "vim"}, Help: "keys unless you choose others"},
		{Key: placeKey, Title: "Keys of", Choices: places, Help: "whose keys stand below"},
	}
	for _, a := range actions() {
		if a.Contexts&place != 0 {
			rows = append(rows, settings.Option{Key: keyOption(place, &a), Title: a.name(), Help: a.Help})
		}
	}
	return rows
}

// keyOption is what the user's file calls the keys of an action.
func keyOption(place Context, a *Action) string {
	return placeKey + "." + strings.ToLower(place.Name()) + "." + a.name()
}

// isKeyOption reports whether an option is the keys of an action.
func isKeyOption(key string) bool { return strings.HasPrefix(key, placeKey+".") }

// keyValue is what a row of the section of the keys is set to now.
func (u *UI) keyValue(place Context, o *settings.Option) string {
	switch o.Key {
	case presetKey:
		return u.keys.preset
	case placeKey:
		return strings.ToLower(place.Name())
	}
	return keysOf(u.keys, place, o)
}

// keysOf is the keys of an action in a table.
func keysOf(t *keyTable, place Context, o *settings.Option) string {
	for i := range t.actions {
		if a := &t.actions[i]; a.Contexts&place != 0 && keyOption(place, a) == o.Key {
			return t.list(a, place)
		}
	}
	return ""
}

// presetValue is the keys that an action gets from the preset that was chosen
// here, as far as they go with the others.
func (d *settingsDialog) presetValue(u *UI, o *settings.Option) (keys string, ok bool) {
	if _, chosen := d.changes[presetKey]; !chosen || !isKeyOption(o.Key) {
		return "", false
	}
	t, err := u.keyTable(d.changes)
	if err != nil {
		return "", false
	}
	return keysOf(t, d.place, o), true
}

// keyTable is the table of keys with what was chosen in this session, and with
// further changes.
func (u *UI) keyTable(changes map[string]string) (*keyTable, error) {
	preset, custom := u.config.Settings.Preset, slices.Clone(u.config.Settings.Keys)
	for _, chosen := range []map[string]string{u.chosen, changes} {
		if text, ok := chosen[presetKey]; ok {
			preset = text
		}
		for _, key := range slices.Sorted(maps.Keys(chosen)) {
			if rest, ok := strings.CutPrefix(key, placeKey+"."); ok {
				place, action, _ := strings.Cut(rest, ".")
				custom = append(custom, settings.Binding{Place: place, Action: action, Keys: strings.Fields(chosen[key])})
			}
		}
	}
	return customKeyTable(actions(), preset, custom)
}

// setPlace shows the keys of another place.
func (d *settingsDialog) setPlace(place Context) {
	d.place, d.keys = place, keyOptions(place)
}

// check says what is wrong with a value; "" is nothing.
func (d *settingsDialog) check(u *UI, o *settings.Option, text string) string {
	if !isKeyOption(o.Key) {
		return u.clean(wrongValue(o, text))
	}
	changes := maps.Clone(d.changes)
	changes[o.Key] = text
	if _, err := u.keyTable(changes); err != nil {
		return u.clean(err.Error())
	}
	return ""
}

// fits reports whether the changes go together, and says what does not: a
// preset can take keys that were chosen for something else.
func (d *settingsDialog) fits(u *UI) bool {
	_, err := u.keyTable(d.changes)
	if err == nil {
		err = u.refusesHEP(d.changes)
	}
	if err != nil {
		d.wrong = u.clean(hinted(err))
	}
	return err == nil
}

// wrongValue says what is wrong with a value of an option; "" is nothing.
func wrongValue(o *settings.Option, text string) string {
	if o.Key == "ladder.leg_headers" {
		for _, header := range strings.Fields(text) {
			if _, err := legs.ParseHeader(header); err != nil {
				return err.Error()
			}
		}
	}
	return o.Check(text)
}
