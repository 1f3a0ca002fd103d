package settings

import (
	"maps"
	"slices"
	"strings"
)

// setKeys puts the preset and the keys of actions among changes in their
// places. Whoever knows the actions has checked them.
func (f *File) setKeys(lines []string, changes map[string]string) ([]string, error) {
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		text := changes[key]
		switch at := f.values[key].Line; {
		case key == "preset" && at > 0:
			lines = replaceValue(lines, at-1, quoted(text))
		case key == "preset": // in front of the first table, or it would be of the last
			lines = append([]string{key + " = " + quoted(text)}, lines...)
		case strings.HasPrefix(key, "keys."):
			table := key[:strings.LastIndexByte(key, '.')]
			lines = f.set(lines, table, key[len(table)+1:], listOf(text))
		default:
			continue
		}
		if err := f.parseLines(lines); err != nil { // the lines of the others moved
			return nil, err
		}
	}
	return lines, nil
}

// listOf spells words as a list of TOML.
func listOf(text string) string {
	parts := strings.Fields(text)
	for i, part := range parts {
		parts[i] = quoted(part)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
