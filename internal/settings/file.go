package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxFile bounds the file; a table of all keys takes a few kilobytes.
const maxFile = 1 << 20

// A Binding gives keys to an action in one place.
type Binding struct {
	Place, Action string
	Keys          []string
	Line          int // in the file
}

// A Rule is a setting of a rule of the diagnosis, as in [diag.SIG-05] and
// warn = 6. Whoever knows the rules says what it means.
type Rule struct {
	Key, Value string // "diag.SIG-05.warn", "6"
	Line       int    // in the file
}

// A File is what the user's file says. Get, Line and Save may be called from
// any goroutine.
type File struct {
	Path   string // where it is, or would be
	Preset string // "sngrep" or "vim"
	Keys   []Binding
	Rules  []Rule

	// Aliases are the names of hosts: [alias] and "192.0.2.1" = "pbx".
	Aliases map[netip.Addr]string

	mutex  sync.RWMutex     // of what follows
	values map[string]Value // by Option.Key
	text   []byte
}

// A Value is what the file says of one option.
type Value struct {
	Text string // as Option.Check takes it
	Line int
}

// An Error is a file that cannot be used, with the line when it is known.
type Error struct {
	Path string
	Line int
	Text string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Text)
	}
	return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Text)
}

// DefaultPath is where the file is looked for: sipsniff/config.toml in the
// user's folder for configuration; "" when there is no such folder.
func DefaultPath() string {
	folder, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "sipsniff", "config.toml")
}

// None is what a user likes who has no file and no place for one.
func None() *File { return &File{Preset: "sngrep", values: map[string]Value{}} }

// Read reads the file. One that is not there is empty.
func Read(path string) (*File, error) {
	f := None()
	f.Path = path
	if path == "" {
		return f, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil && info.Size() > maxFile {
		return nil, &Error{path, 0, fmt.Sprintf("%d octets are too many for a configuration", info.Size())}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			err = pathError.Err
		}
		return nil, &Error{path, 0, err.Error()}
	}
	return f, f.parse(text)
}

// parse takes in the text of a file.
func (f *File) parse(text []byte) error {
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		var broken *toml.DecodeError
		if errors.As(err, &broken) {
			line, _ := broken.Position()
			return &Error{f.Path, line, broken.Error()}
		}
		return &Error{f.Path, 0, err.Error()}
	}
	f.text = text
	var p unstable.Parser
	p.Reset(text)
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		names, line := keyOf(&p, e)
		switch e.Kind {
		case unstable.Table:
			table = names
		case unstable.KeyValue:
			if err := f.take(append(append([]string{}, table...), names...), tree, line); err != nil {
				return err
			}
		default:
			return &Error{f.Path, line, "lists of tables mean nothing here"}
		}
	}
	return nil
}

// keyOf returns the dotted name of a table or of a value, and its line.
func keyOf(p *unstable.Parser, e *unstable.Node) (names []string, line int) {
	for k := e.Key(); k.Next(); {
		names = append(names, string(k.Node().Data))
		if line == 0 {
			line = p.Shape(k.Node().Raw).Start.Line
		}
	}
	return names, line
}

// take stores one value.
func (f *File) take(names []string, tree map[string]any, line int) error {
	value, ok := lookUp(tree, names)
	if !ok {
		return nil
	}
	switch {
	case len(names) == 1 && names[0] == "preset":
		text, ok := value.(string)
		if !ok || text != "sngrep" && text != "vim" {
			return &Error{f.Path, line, fmt.Sprintf("preset is %v: there are sngrep and vim", value)}
		}
		f.Preset, f.values["preset"] = text, Value{text, line}
		return nil
	case names[0] == "alias":
		return f.takeAlias(names, value, line)
	case names[0] == "diag":
		return f.takeRule(names, value, line)
	case names[0] == "keys":
		return f.takeKeys(names, value, line)
	case names[0] == "preset":
		return &Error{f.Path, line, "preset is sngrep or vim"}
	}
	return f.takeOption(names, value, line)
}

// takeAlias stores the name of a host.
func (f *File) takeAlias(names []string, value any, line int) error {
	name, ok := value.(string)
	if !ok || len(names) != 2 || name == "" {
		return &Error{f.Path, line, `names of hosts stand in [alias], as in "192.0.2.1" = "pbx"`}
	}
	addr, err := netip.ParseAddr(names[1])
	if err != nil {
		return &Error{f.Path, line, fmt.Sprintf("alias: %q is no address", names[1])}
	}
	if f.Aliases == nil {
		f.Aliases = make(map[netip.Addr]string)
	}
	f.Aliases[addr.Unmap()] = name
	f.values[Aliases+"."+names[1]] = Value{name, line}
	return nil
}

// takeRule stores a setting of a rule.
func (f *File) takeRule(names []string, value any, line int) error {
	key := strings.Join(names, ".")
	switch value.(type) {
	case bool, int64, float64:
	default:
		return &Error{f.Path, line, fmt.Sprintf("%s: %v is neither a number nor true or false", key, value)}
	}
	f.Rules = append(f.Rules, Rule{key, fmt.Sprint(value), line})
	return nil
}

// takeKeys stores the keys of an action.
func (f *File) takeKeys(names []string, value any, line int) error {
	if len(names) != 3 {
		return &Error{f.Path, line, `keys stand in a table of their place, as in [keys.calls] and save = ["F2"]`}
	}
	list, ok := value.([]any)
	if !ok {
		return &Error{f.Path, line, fmt.Sprintf(`%s: keys are a list, as in ["F2", "s"]`, names[2])}
	}
	b := Binding{Place: names[1], Action: names[2], Line: line}
	for _, key := range list {
		text, ok := key.(string)
		if !ok {
			return &Error{f.Path, line, fmt.Sprintf("%s: %v is no name of a key", names[2], key)}
		}
		b.Keys = append(b.Keys, text)
	}
	f.Keys = append(f.Keys, b)
	f.values["keys."+strings.ToLower(b.Place)+"."+b.Action] = Value{strings.Join(b.Keys, " "), line}
	return nil
}

// lookUp finds the value of a dotted name.
func lookUp(tree map[string]any, names []string) (any, bool) {
	for i, name := range names {
		value, ok := tree[name]
		if !ok {
			return nil, false
		}
		if i == len(names)-1 {
			return value, true
		}
		if tree, ok = value.(map[string]any); !ok {
			return nil, false
		}
	}
	return nil, false
}
