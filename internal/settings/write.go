package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Save writes options into the file and leaves everything else in it as it
// was, comments too. The file is replaced as a whole or not at all.
func (f *File) Save(changes map[string]string) error {
	return f.rewrite(func(now *File, lines []string) ([]string, error) {
		lines, err := now.setKeys(lines, changes)
		if err != nil {
			return nil, err
		}
		for _, o := range Options() {
			text, changed := changes[o.Key]
			if !changed {
				continue
			}
			if wrong := o.Check(text); wrong != "" {
				return nil, &Error{f.Path, 0, o.Key + ": " + wrong}
			}
			table, name, _ := strings.Cut(o.Key, ".")
			lines = now.set(lines, table, name, o.write(text))
			if err := now.parseLines(lines); err != nil { // the lines of the others moved
				return nil, err
			}
		}
		return lines, nil
	})
}

// rewrite changes the lines of the file, as it is now.
func (f *File) rewrite(change func(now *File, lines []string) ([]string, error)) error {
	if f.Path == "" {
		return &Error{"config.toml", 0, "there is no folder for configuration: HOME is not set"}
	}
	now, err := Read(f.Path) // another program may have written it
	if err != nil {
		return err
	}
	lines, err := change(now, strings.Split(string(now.text), "\n"))
	if err != nil {
		return err
	}
	if err := now.parseLines(lines); err != nil {
		return err
	}
	if err := replace(f.Path, now.text); err != nil {
		return err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.values, f.text = now.values, now.text
	return nil
}

func (f *File) parseLines(lines []string) error {
	f.values, f.Keys = map[string]Value{}, nil
	return f.parse([]byte(strings.Join(lines, "\n")))
}

// set puts the line of a value in its place.
func (f *File) set(lines []string, table, name, value string) []string {
	if at := f.values[table+"."+name].Line; at > 0 {
		return replaceValue(lines, at-1, value)
	}
	line := quotedName(name) + " = " + value
	for i, present := range lines {
		if strings.TrimSpace(strings.SplitN(present, "#", 2)[0]) == "["+table+"]" {
			return append(lines[:i+1], append([]string{line}, lines[i+1:]...)...)
		}
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	return append(lines, "["+table+"]", line, "")
}

// replaceValue replaces a value, which may run over several lines, and keeps
// the comment behind it.
func replaceValue(lines []string, at int, value string) []string {
	name, _, _ := strings.Cut(lines[at], "=")
	line := strings.TrimRight(name, " \t") + " = " + value
	end := at
	for depth := brackets(lines[at]); depth > 0 && end+1 < len(lines); {
		end++
		depth += brackets(lines[end])
	}
	old := lines[end]
	if i := comment(old); i >= 0 {
		line += " " + old[i:]
	}
	return append(lines[:at], append([]string{line}, lines[end+1:]...)...)
}

// brackets is how many lists a line opens more than it closes.
func brackets(line string) int {
	if i := comment(line); i >= 0 {
		line = line[:i]
	}
	return strings.Count(line, "[") - strings.Count(line, "]")
}

// comment finds the comment of a line, outside of quotes; -1 when there is none.
func comment(line string) int {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#':
			return i
		}
	}
	return -1
}

// write spells a value in TOML.
func (o *Option) write(text string) string {
	switch {
	case o.Number:
		return text
	case o.Limits != nil:
		return listOfLimits(text)
	case o.List:
		return listOf(text)
	}
	return quoted(text)
}

// quoted spells a text as a basic string of TOML.
func quoted(text string) string {
	out := []byte{'"'}
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r < ' ' || r == 0x7F:
			out = fmt.Appendf(out, `\u%04X`, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return string(append(out, '"'))
}

// replace writes the file beside its place and moves it there. A link stays
// one, and who may read the file stays as it was.
func replace(path string, text []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".config-*.toml")
	if err != nil {
		return err
	}
	name := temporary.Name()
	_, err = temporary.Write(text)
	if info, missing := os.Stat(path); err == nil && missing == nil {
		err = temporary.Chmod(info.Mode().Perm())
	}
	if closing := temporary.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(name, path)
	}
	if err != nil {
		_ = os.Remove(name) // it was written for nothing
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
