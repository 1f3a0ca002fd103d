package settings

import (
	"fmt"
	"slices"
	"strings"
)

// The tables whose names are the user's own.
const (
	Filters = "filters" // display filters, for @NAME
	Aliases = "alias"   // names of hosts
)

// isTable reports whether a table takes any name and any text.
func isTable(name string) bool { return name == Filters }

// takeEntry stores an entry of a table.
func (f *File) takeEntry(names []string, value any, line int) error {
	text, ok := value.(string)
	switch {
	case len(names) != 2:
		return &Error{f.Path, line, fmt.Sprintf("%s holds names and texts; a name with dots stands in quotes", names[0])}
	case !ok:
		return &Error{f.Path, line, fmt.Sprintf("%s: %v is no text", names[1], value)}
	}
	f.values[names[0]+"."+names[1]] = Value{text, line}
	return nil
}

// Table returns the entries of a table.
func (f *File) Table(name string) map[string]string {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	entries := map[string]string{}
	for key, value := range f.values {
		if entry, found := strings.CutPrefix(key, name+"."); found {
			entries[entry] = value.Text
		}
	}
	return entries
}

// SaveEntry writes an entry of a table into the file; the rest stays as Save
// leaves it.
func (f *File) SaveEntry(table, name, text string) error {
	return f.rewrite(func(now *File, lines []string) ([]string, error) {
		return now.set(lines, table, name, quoted(text)), nil
	})
}

// quotedName spells a name as a key of TOML.
func quotedName(name string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
	}
	if name != "" && !slices.ContainsFunc([]rune(name), func(r rune) bool { return !plain(r) }) {
		return name
	}
	return quoted(name)
}
