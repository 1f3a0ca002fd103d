package glyph

import (
	"reflect"
	"testing"

	"sipsniff/internal/cells"
)

func TestGlyphsAreOneCellWide(t *testing.T) {
	wider := map[string]int{"Frozen": 2, "Both": 2, "PlusMinus": 2} // the last two stand in texts and may be narrower
	for name, set := range map[string]Set{"unicode": Unicode(), "ascii": ASCII()} {
		v := reflect.ValueOf(set)
		for i := range v.NumField() {
			field, s := v.Type().Field(i).Name, v.Field(i).String()
			switch v.Field(i).Kind() {
			case reflect.Array:
				for _, bar := range set.Bars {
					if w := cells.Width(bar); w != 1 {
						t.Errorf("%s %s: %q is %d cells wide", name, field, bar, w)
					}
				}
				continue
			case reflect.Bool:
				continue
			}
			want := max(1, wider[field])
			if w := cells.Width(s); w != want && (field != "Both" && field != "PlusMinus" || w != 1) {
				t.Errorf("%s %s: %q is %d cells wide, want %d", name, field, s, w, want)
			}
			for _, r := range s {
				if set.ASCII && (r < ' ' || r > '~') {
					t.Errorf("ascii %s: %q", field, s)
				}
			}
		}
	}
}
