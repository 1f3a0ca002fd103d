package dtmf

import (
	"encoding/binary"
	"strconv"
)

// EventSize is the octets of one event in a payload.
const EventSize = 4

// An Event is one report about a tone that is, or was, sounding (RFC 4733 §2.3).
type Event struct {
	Code     uint8
	End      bool
	Volume   uint8  // dBm0 below 0
	Duration uint16 // so far, in units of the timestamp
}

// ParseEvent reads the event at the start of an RTP payload.
//
//	 0                   1                   2                   3
//	|     event     |E|R| volume    |          duration             |
func ParseEvent(b []byte) (e Event, ok bool) {
	if len(b) < EventSize {
		return Event{}, false
	}
	return Event{Code: b[0], End: b[1]&0x80 != 0, Volume: b[1] & 0x3F, Duration: binary.BigEndian.Uint16(b[2:])}, true
}

// Flash is how a press of the hook is written among keys.
const Flash = '!'

// flashCode is the event of the hook, the last that a person makes.
const flashCode = 16

// Key is the key of an event: 0–9, *, #, A–D or Flash. Events that machines
// make have none.
func Key(code uint8) (key byte, ok bool) {
	if code > flashCode {
		return 0, false
	}
	return "0123456789*#ABCD!"[code], true
}

// machineEvents are the tones of data modems and fax machines from event 32
// on (RFC 4734 §3).
var machineEvents = [...]string{"ANS", "/ANS", "ANSam", "/ANSam", "CNG", "V.21 channel 1 0", "V.21 channel 1 1", "V.21 channel 2 0", "V.21 channel 2 1"}

// Name is the key of an event, or what a machine means by it.
func Name(code uint8) string {
	if key, ok := Key(code); ok {
		return string(rune(key))
	}
	if i := int(code) - 32; i >= 0 && i < len(machineEvents) {
		return machineEvents[i]
	}
	return "event " + strconv.Itoa(int(code))
}
