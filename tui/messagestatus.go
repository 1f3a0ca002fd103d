package tui

import "strings"

// status says how the message is shown and what is wrong with it, and names keys
// that the line of hints has no room for.
func (v *messageView) status(width int) string {
	u, wrong := v.u, v.warnings()
	head := `key order (\ = as on the wire)`
	if u.flow.wire {
		head = `as on the wire (\ = key headers first)`
	}
	if v.hex {
		head = "hex (x = text)"
	}
	if width+1 < wideDiff {
		if wrong != "" {
			return head + "   " + wrong
		}
		if u.flow.noWrap {
			head += "   wrap off (z)"
		}
		return fittingParts(width, "   ", []string{head, "/ search n N", "y copy message", "Y copy Call-ID"})
	}
	switch {
	case v.all: // nobody looked at each of them
	case wrong == "":
		head += "    warnings: none"
	default:
		head += "    warnings: " + wrong
	}
	keys := []string{head + "    y copy message", "Y copy Call-ID", "c colour", "C syntax", "a aliases"}
	switch {
	case v.hex:
	case u.flow.noWrap:
		keys = append(keys, u.arrows("Left Right")+" scroll "+u.set.Dot+" wrap off (z)")
	default:
		keys = append(keys, "wrap on (z)")
	}
	return fittingParts(width, " "+u.set.Dot+" ", keys)
}

// warnings are what is wrong with the message that is shown, "" for nothing.
func (v *messageView) warnings() string {
	var parts []string
	if !v.all {
		for _, f := range v.message().Findings {
			parts = append(parts, strings.ReplaceAll(f.Code, "_", " "))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return v.u.set.Bad + " " + v.u.clean(strings.Join(parts, ", "))
}
