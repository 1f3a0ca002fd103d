package dtmf

import (
	"strconv"
	"strings"
	"time"
)

// A Press is what one SIP INFO says: a key, or several with some vendors.
type Press struct {
	Keys     string
	Duration time.Duration // 0 when it does not say
}

// maxKeys is how many keys one body may hold.
const maxKeys = 32

// ParseInfo reads the body of an INFO of a content type that carries keys:
// application/dtmf-relay and application/vnd.nortelnetworks.digits name them
// in lines, application/dtmf is the key alone. ok is false for other types,
// and for bodies that hold no key.
func ParseInfo(contentType, body string) (p Press, ok bool) {
	kind, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "application/dtmf-relay", "application/vnd.nortelnetworks.digits":
		p = parseLines(body)
	case "application/dtmf", "audio/telephone-event":
		p = parsePlain(body)
	default:
		return Press{}, false
	}
	return p, p.Keys != ""
}

// parseLines reads "Signal=5" and "Duration=160", or "p=Digit-Collection",
// "y=Digits" and "d=5" as Nortel has it.
func parseLines(body string) (p Press) {
	for line := range strings.Lines(body) {
		name, value, found := strings.Cut(line, "=")
		if !found {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "signal", "d":
			if p.Keys == "" {
				p.Keys = keysOf(value)
			}
		case "duration":
			p.Duration = milliseconds(value)
		}
	}
	return p
}

// parsePlain reads "5", and the lines of dtmf-relay, which some send under
// this type.
func parsePlain(body string) Press {
	if strings.Contains(body, "=") {
		return parseLines(body)
	}
	return Press{Keys: keysOf(strings.TrimSpace(body))}
}

func milliseconds(text string) time.Duration {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Millisecond
}

// keysOf reads keys, the number of an event, or the word for the hook. It is
// empty when there is anything else among them.
func keysOf(text string) string {
	text = strings.ToUpper(strings.Trim(text, `"`))
	switch text {
	case "10":
		return "*"
	case "11":
		return "#"
	case "12", "13", "14", "15":
		return string("ABCD"[text[1]-'2'])
	case "16", "FLASH", "HF", "HOOKFLASH":
		return string(Flash)
	}
	if len(text) > maxKeys {
		return ""
	}
	for i := range len(text) {
		if strings.IndexByte("0123456789*#ABCD!", text[i]) < 0 {
			return ""
		}
	}
	return text
}
