package tui

import (
	"slices"
)

// maxHistory is how many filters are remembered.
const maxHistory = 100

// A filterStore has the filters that were used, and those that were saved
// under a name.
type filterStore struct {
	history []string // the oldest first
	saved   map[string]string
	keep    func(text string)             // keeps one for later runs; nil: nobody does
	write   func(name, text string) error // keeps a saved one; nil: until the end of the program
}

// find returns a saved filter, as filter.Options wants it.
func (s *filterStore) find(name string) (text string, ok bool) {
	text, ok = s.saved[name]
	return text, ok
}

// names are the names of the saved filters in alphabetical order.
func (s *filterStore) names() []string {
	names := make([]string, 0, len(s.saved))
	for name := range s.saved {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *filterStore) save(name, text string) error {
	if s.saved == nil {
		s.saved = map[string]string{}
	}
	s.saved[name] = text
	if s.write != nil {
		return s.write(name, text)
	}
	return nil
}

// remember puts a filter at the end of the history, once.
func (s *filterStore) remember(text string) {
	if text == "" {
		return
	}
	s.history = slices.DeleteFunc(s.history, func(old string) bool { return old == text })
	s.history = append(s.history, text)
	if len(s.history) > maxHistory {
		s.history = s.history[len(s.history)-maxHistory:]
	}
}
