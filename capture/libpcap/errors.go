package libpcap

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoInterface is returned by Open when no interface is named.
var ErrNoInterface = errors.New("no interface named")

// ErrNotBuilt is wrapped by what is returned where libpcap is missing from
// the program.
var ErrNotBuilt = errors.New("this sipsniff was built without libpcap")

// A NotBuiltError reports something asked for that needs libpcap.
type NotBuiltError struct {
	What string // "live capture" or "capture filters"
}

func (e *NotBuiltError) Error() string { return e.What + ": " + ErrNotBuilt.Error() }

func (e *NotBuiltError) Unwrap() error { return ErrNotBuilt }

// Hint is the next step for the user.
func (e *NotBuiltError) Hint() string {
	return "build it with CGO_ENABLED=1 and the libpcap headers (apt install libpcap-dev), or pipe: tcpdump -U -w - | sipsniff -"
}

// A FilterError reports a capture filter that cannot be used.
type FilterError struct {
	Expression string
	Err        error // in libpcap's words
}

func (e *FilterError) Error() string {
	return fmt.Sprintf("capture filter %q: %v", e.Expression, e.Err)
}

func (e *FilterError) Unwrap() error { return e.Err }

// Hint is the next step for the user.
func (e *FilterError) Hint() string {
	return "the language of capture filters is described in pcap-filter(7); an example: udp port 5060"
}

// An InterfaceError reports an interface that cannot be captured from, for
// another reason than permission.
type InterfaceError struct {
	Interface string
	Err       error
	Known     []string // the interfaces there are, when this one is not
}

func (e *InterfaceError) Error() string {
	return fmt.Sprintf("cannot capture on %s: %v", e.Interface, e.Err)
}

func (e *InterfaceError) Unwrap() error { return e.Err }

// Hint is the next step for the user, "" when there is none.
func (e *InterfaceError) Hint() string {
	switch {
	case len(e.Known) > 0:
		return "the interfaces here are " + strings.Join(e.Known, ", ")
	case errors.Is(e.Err, ErrInterfaceDown):
		return "sudo ip link set " + e.Interface + " up"
	}
	return ""
}

// What an InterfaceError may wrap.
var (
	ErrNoSuchInterface = errors.New("no such interface")
	ErrInterfaceDown   = errors.New("the interface is down")
)
