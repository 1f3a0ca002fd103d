package main

import (
	"strconv"
	"strings"

	"sipsniff/capture/hepnet"
)

// liveOnly reports whether a flag is about HEP. What the user's file says of it
// is for captures: nobody wants each file that is opened sent to a collector.
func liveOnly(flag string) bool { return strings.HasPrefix(flag, "hep-") }

// choose takes in what the settings of a session say of HEP, by their keys, and
// checks it.
func (h *hepOptions) choose(chosen map[string]string) error {
	for key, text := range chosen {
		switch key {
		case "hep.listen":
			h.listen = strings.Fields(text)
		case "hep.send":
			h.send = strings.Fields(text)
		case "hep.key":
			h.key = text
		case "hep.id":
			id, err := strconv.ParseUint(text, 10, 32)
			if err != nil {
				return &usageError{text: "hep.id: " + text + " is no number of an agent"}
			}
			h.id = uint32(id)
		}
	}
	if _, err := endpoints("hep-listen", h.listen, hepnet.ParseEndpoint); err != nil {
		return err
	}
	_, err := endpoints("hep-send", h.send, hepnet.ParseTarget)
	return err
}
