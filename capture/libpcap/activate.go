//go:build cgo && !nopcap

package libpcap

import (
	"errors"
	"strings"

	"github.com/google/gopacket/pcap"
)

// activate opens an interface for capturing.
func activate(name string, c Config) (*pcap.Handle, error) {
	if err := missing(name); err != nil {
		return nil, err
	}
	inactive, err := pcap.NewInactiveHandle(name)
	if err != nil {
		return nil, &InterfaceError{Interface: name, Err: err}
	}
	defer inactive.CleanUp()
	if err := configure(inactive, name, c); err != nil {
		return nil, &InterfaceError{Interface: name, Err: err}
	}
	handle, err := inactive.Activate()
	if err != nil {
		return nil, activationError(name, err)
	}
	return handle, nil
}

func configure(h *pcap.InactiveHandle, name string, c Config) error {
	return errors.Join(
		h.SetSnapLen(c.Snaplen),
		h.SetBufferSize(c.BufferSize),
		// libpcap warns of promiscuous mode on "any", which gopacket takes
		// for an error.
		h.SetPromisc(c.Promiscuous && name != anyInterface),
		h.SetTimeout(readTimeout),
		h.SetImmediateMode(c.Immediate),
	)
}

// activationError reads the status of pcap_activate(3), of which gopacket
// gives only the text.
func activationError(name string, err error) error {
	text := err.Error()
	switch {
	case text == "Permission Denied",
		text == "unknown activated error: -11", // PCAP_ERROR_PROMISC_PERM_DENIED
		strings.Contains(text, "Operation not permitted"):
		return NewPermissionError(name)
	case text == "No Such Device":
		return &InterfaceError{Interface: name, Err: ErrNoSuchInterface}
	case text == "Interface Not Up":
		return &InterfaceError{Interface: name, Err: ErrInterfaceDown}
	}
	return &InterfaceError{Interface: name, Err: err}
}
