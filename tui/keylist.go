package tui

import (
	"fmt"
	"io"
	"strings"

	"sipsniff/internal/cells"
	"sipsniff/internal/settings"
)

// CheckKeys reports what is wrong with the keys of a user's file: a
// *KeyConflict or a *KeyError.
func CheckKeys(f *settings.File) error {
	_, err := customKeyTable(actions(), f.Preset, f.Keys)
	return err
}

// WriteKeys prints the active key table, as text or in Markdown.
func WriteKeys(w io.Writer, f *settings.File, markdown bool) error {
	t, err := customKeyTable(actions(), f.Preset, f.Keys)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, place := range contexts {
		t.writePlace(&b, place, markdown)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// writePlace prints the keys of one place. Those of the user are starred.
func (t *keyTable) writePlace(b *strings.Builder, place namedContext, markdown bool) {
	row, head := "%s  %s  %s%s\n", place.name+"  [keys."+strings.ToLower(place.name)+"]\n"
	if markdown {
		row, head = "| %s | `%s` | %s%s |\n", "\n### "+place.name+"\n\n| Keys | Action | |\n|---|---|---|\n"
	}
	first := true
	for i := range t.actions {
		a := &t.actions[i]
		if a.Contexts&place.context == 0 {
			continue
		}
		if first {
			b.WriteString(head)
			first = false
		}
		mark := ""
		if t.changed(a, place.context) {
			mark = " *"
		}
		keys, name := t.list(a, place.context), a.name()
		if markdown {
			keys = strings.ReplaceAll("`"+strings.Join(t.keysOf(a, place.context), "` `")+"`", "|", `\|`)
		} else {
			keys, name = cells.PadRight(keys, max(14, len(keys)), ""), fmt.Sprintf("%-16s", name)
		}
		fmt.Fprintf(b, row, keys, name, a.Help, mark)
	}
	if !first {
		b.WriteString("\n")
	}
}
