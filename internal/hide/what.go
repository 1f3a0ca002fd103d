package hide

import (
	"fmt"
	"strings"
)

// What says what is to be hidden.
type What uint8

// What can be hidden.
const (
	Numbers   What = 1 << iota // telephone numbers, names of users, and what people are called
	Addresses                  // IP and link-layer addresses
	Auth                       // what proves who somebody is, and keys
	Audio                      // what streams carry
)

// kinds are the names of what can be hidden, as the command line spells them.
var kinds = [...]struct {
	name string
	what What
}{{"numbers", Numbers}, {"addresses", Addresses}, {"auth", Auth}, {"audio", Audio}}

// Names are all names, in the order of the dialog.
const Names = "numbers, addresses, auth, audio"

// String returns the names, separated by commas.
func (w What) String() string {
	var names []string
	for _, k := range kinds {
		if w&k.what != 0 {
			names = append(names, k.name)
		}
	}
	return strings.Join(names, ",")
}

// Set adds names separated by commas; it implements pflag.Value.
func (w *What) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		found := name == "all"
		for _, k := range kinds {
			if name == k.name || name == "all" {
				*w |= k.what
				found = true
			}
		}
		if !found {
			return fmt.Errorf("%q cannot be hidden", name)
		}
	}
	return nil
}

// Type implements pflag.Value.
func (w *What) Type() string { return "list" }
